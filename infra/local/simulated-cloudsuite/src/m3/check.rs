//! What the REST layer checks before a program sees a record: known fields, mandatory fields, lengths,
//! numbers. It knows the catalogue, no master data.

use std::str::FromStr;

use rust_decimal::Decimal;

use super::bulk::{Bulk, Transaction};
use super::catalogue::{self, Field, FieldType, Shape};
use crate::master::field;

/// A refusal of the whole request, answered with HTTP 400 before anything runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// `TransactionNotFound`, or "" where no public material names the type.
    pub(crate) error_type: &'static str,
    pub(crate) reason: String,
}

/// A refusal of one transaction by the REST layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct InputError {
    pub(crate) error_type: &'static str,
    /// A message code, "" where no public material gives one.
    pub(crate) code: &'static str,
    pub(crate) field: String,
    pub(crate) text: String,
}

/// Reads the body and checks what concerns the request as a whole; `newer` as in [`Shape::answers`].
pub(crate) fn read(body: &[u8], max_transactions: usize, newer: bool) -> Result<Bulk, Refusal> {
    let bulk: Bulk = serde_json::from_slice(body).map_err(|error| malformed(error.to_string()))?;
    if !catalogue::has_program(&bulk.program) {
        return Err(not_found(format!("program {} is unknown", bulk.program)));
    }
    if bulk.transactions.is_empty() {
        return Err(malformed("transactions is empty".to_owned()));
    }
    let count = bulk.transactions.len();
    if count > max_transactions {
        return Err(malformed(format!("{count} transactions, at most {max_transactions} are allowed")));
    }
    bulk.transactions.iter().try_for_each(|transaction| check_names(&bulk.program, transaction, newer))?;
    Ok(bulk)
}

fn check_names(program: &str, transaction: &Transaction, newer: bool) -> Result<(), Refusal> {
    let name = &transaction.name;
    let shape = catalogue::shape(program, name)
        .ok_or_else(|| not_found(format!("transaction {program}/{name} is unknown")))?;
    let is_input = |key: &String| shape.inputs.iter().any(|known| &known.name == key);
    let is_output = |key: &String| shape.answers(newer).any(|known| &known.name == key);
    if let Some(key) = transaction.record.0.keys().find(|key| !is_input(key)) {
        return Err(malformed(format!("{program}/{name} has no input field {key}")));
    }
    if let Some(key) = transaction.selected_columns.iter().find(|key| !is_output(key)) {
        return Err(malformed(format!("{program}/{name} has no output field {key}")));
    }
    Ok(())
}

/// Checks the values of one transaction.
pub(crate) fn values(shape: &Shape, transaction: &Transaction) -> Result<(), InputError> {
    shape.inputs.iter().try_for_each(|known| check_value(known, field(&transaction.record.0, &known.name)))
}

fn check_value(known: &Field, value: &str) -> Result<(), InputError> {
    let name = &known.name;
    let refuse = |error_type, code, text| Err(InputError { error_type, code, field: name.clone(), text });
    if value.trim().is_empty() {
        if known.mandatory {
            let text = format!("mandatory input field {name} is missing");
            return refuse("MandatoryInputFieldNotFound", "", text);
        }
        return Ok(());
    }
    if value.chars().count() > known.length {
        let text = format!("input field {name} is longer than {} characters", known.length);
        return refuse("InputFieldTooLong", "", text);
    }
    if known.kind == FieldType::Number && !is_number(value) {
        // Which type M3 reports here is not public.
        return refuse("ServerReturnedNOK", "CPF9898", format!("input field {name} must be a number"));
    }
    Ok(())
}

/// Whether a value is a plain decimal number with a point.
pub(crate) fn is_number(value: &str) -> bool {
    let plain = value.trim().chars().all(|sign| sign.is_ascii_digit() || sign == '.' || sign == '-');
    plain && Decimal::from_str(value.trim()).is_ok()
}

fn malformed(reason: String) -> Refusal {
    Refusal { error_type: "", reason }
}

fn not_found(reason: String) -> Refusal {
    Refusal { error_type: "TransactionNotFound", reason }
}
