//! What is added to the orders of an open entry: lines, accounting strings, texts, addresses, charges. An order is found
//! by PUNO, else by HREF; a line by PNLI, else by LREF. Where neither is given the entry must leave no choice.

use super::Progress;
use super::{PurchaseBatch, PurchaseLine, stored};
use crate::m3::accounts::DIMENSIONS;
use crate::m3::state::M3;
use crate::m3::{Input, Nok, Outcome};
use crate::master::{Record, field, record};

const KEYS: [&str; 5] = ["MSGN", "PUNO", "HREF", "PNLI", "LREF"];

/// `AddLine`. The caller may supply the line's number; it must be free.
pub(super) fn add_line(m3: &mut M3, input: &Input<'_>) -> Outcome {
    let batch = order(m3, input)?;
    let lines = &mut batch.content.lines;
    let number = match input.given("PNLI") {
        Some(text) => text.parse().map_err(|_| Nok::known("WPN0103", "PNLI", text))?,
        None => lines.iter().map(|line| line.number).max().unwrap_or(0) + 1,
    };
    if number == 0 || lines.iter().any(|line| line.number == number) {
        return Err(Nok::generic("PNLI", format!("Order line {number} exists already")));
    }
    let fields = stored(input, &["MSGN", "PUNO", "HREF", "PNLI"]);
    lines.push(PurchaseLine {
        number,
        reason: None,
        fields,
        accounts: Record::new(),
        progress: Progress::default(),
    });
    Ok(vec![record(&[("PUNO", &batch.number), ("PNLI", &number.to_string())])])
}

/// `AddAccString`: the accounting string of a line. A second one replaces the first, or is refused where repeats count.
pub(super) fn add_accounts(m3: &mut M3, input: &Input<'_>) -> Outcome {
    let repeats_count = m3.settings.repeats_count;
    let batch = order(m3, input)?;
    let Some(number) = line_number(batch, input)? else {
        return Err(Nok::generic("PNLI", "Order line or its reference must be entered"));
    };
    let given =
        DIMENSIONS.iter().filter_map(|name| Some(((*name).to_owned(), input.given(name)?.to_owned())));
    let accounts: Record = given.collect();
    if accounts.is_empty() {
        return Err(Nok::generic("AIT1", "Accounting string is empty"));
    }
    for line in batch.content.lines.iter_mut().filter(|line| line.number == number) {
        if repeats_count && !line.accounts.is_empty() {
            return Err(Nok::generic(
                "PNLI",
                format!("Order line {number} has an accounting string already"),
            ));
        }
        line.accounts.clone_from(&accounts);
    }
    Ok(Vec::new())
}

/// `AddText`: of the head, or of a line where one is named.
pub(super) fn add_text(m3: &mut M3, input: &Input<'_>) -> Outcome {
    if !["TXT1", "TXT2", "TXT3", "TXT4", "TXT5"].iter().any(|name| input.given(name).is_some()) {
        return Err(Nok::generic("TXT1", "Text must be entered"));
    }
    let batch = order(m3, input)?;
    let row = connected(batch, input)?;
    batch.content.texts.push(row);
    Ok(Vec::new())
}

/// `AddAddress`: of the head, or of a line where one is named.
pub(super) fn add_address(m3: &mut M3, input: &Input<'_>) -> Outcome {
    let batch = order(m3, input)?;
    let row = connected(batch, input)?;
    batch.content.addresses.push(row);
    Ok(Vec::new())
}

/// `AddCharge`: of the head, or of a line where one is named.
pub(super) fn add_charge(m3: &mut M3, input: &Input<'_>) -> Outcome {
    let batch = order(m3, input)?;
    let row = connected(batch, input)?;
    batch.content.charges.push(row);
    Ok(Vec::new())
}

/// The record with the number of the line that it belongs to.
fn connected(batch: &PurchaseBatch, input: &Input<'_>) -> Result<Record, Nok> {
    let mut row = stored(input, &KEYS);
    if let Some(number) = line_number(batch, input)? {
        row.insert("PNLI".to_owned(), number.to_string());
    }
    Ok(row)
}

/// The order of the entry that the record names.
fn order<'a>(m3: &'a mut M3, input: &Input<'_>) -> Result<&'a mut PurchaseBatch, Nok> {
    let numbers = m3.open_entry(input.get("MSGN"))?.orders.clone();
    let batches = &mut m3.purchasing.batches;
    let is_named = |batch: &PurchaseBatch| {
        input.given("PUNO").is_none_or(|number| number == batch.number)
            && input.given("HREF").is_none_or(|name| name == field(&batch.content.head, "HREF"))
    };
    let named: Vec<&String> =
        numbers.iter().filter(|number| batches.get(*number).is_some_and(is_named)).collect();
    match named.as_slice() {
        [only] => batches.get_mut(*only).ok_or_else(|| Nok::known("WPU0803", "PUNO", only)),
        [] => Err(Nok::known("WPU0803", "PUNO", input.or("PUNO", &[input.get("HREF")]))),
        _ => Err(Nok::generic("PUNO", "The entry has several orders that this could belong to")),
    }
}

/// The number of the line that the record names, if it names one.
fn line_number(batch: &PurchaseBatch, input: &Input<'_>) -> Result<Option<u32>, Nok> {
    let (number, reference) = (input.given("PNLI"), input.given("LREF"));
    if number.is_none() && reference.is_none() {
        return Ok(None);
    }
    let is_named = |line: &&PurchaseLine| {
        number.is_none_or(|number| line.has(number))
            && reference.is_none_or(|name| name == field(&line.fields, "LREF"))
    };
    let mut named = batch.content.lines.iter().filter(is_named);
    match (named.next(), named.next()) {
        (Some(only), None) => Ok(Some(only.number)),
        (None, _) => Err(Nok::known("WPN0103", "PNLI", number.or(reference).unwrap_or_default())),
        _ => Err(Nok::generic("LREF", "The order has several lines with this reference")),
    }
}

impl PurchaseLine {
    /// Whether it has this number.
    pub(super) fn has(&self, number: &str) -> bool {
        self.number.to_string() == number.trim_start_matches('0')
    }
}
