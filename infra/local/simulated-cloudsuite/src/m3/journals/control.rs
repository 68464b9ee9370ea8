//! `CtrlBatch` (GLS840 option 6): every line must be sound, and the batch must balance.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::amounts::{self, Amounts};
use super::batch::{company, find, find_open};
use super::{JournalBatch, Stage};
use crate::m3::state::M3;
use crate::m3::{Call, Input, Nok, Outcome, accounts};
use crate::master::{Record, field};

/// `CtrlBatch`. It may be repeated until the batch is updated.
pub(super) fn control(m3: &mut M3, call: &Call<'_>) -> Outcome {
    find_open(m3, call)?;
    let faults = faults(m3, find(m3, call)?);
    let batch = find_open(m3, call)?;
    batch.stage = if faults.is_empty() { Stage::Controlled } else { Stage::Faulty };
    batch.faults = faults.iter().map(|(line, nok)| format!("line {line}: {}", nok.text)).collect();
    match faults.into_iter().next() {
        Some((_, nok)) if !m3.settings.journals.silent_control => Err(nok),
        _ => Ok(company(m3)),
    }
}

/// What is wrong with a batch, by line; line 0 is the whole.
fn faults(m3: &M3, batch: &JournalBatch) -> Vec<(u32, Nok)> {
    if batch.lines.is_empty() {
        return vec![(0, Nok::generic("KEY1", format!("Key value {} has no lines", batch.key)))];
    }
    let mut faults = Vec::new();
    let mut amounts = Vec::new();
    for (number, line) in &batch.lines {
        match check_line(m3, batch, line) {
            Ok(found) => amounts.push(found),
            Err(nok) => faults.push((*number, nok)),
        }
    }
    if faults.is_empty() {
        faults.extend(check_whole(batch, &amounts).err().map(|nok| (0, nok)));
    }
    faults
}

fn check_line(m3: &M3, batch: &JournalBatch, line: &Record) -> Result<Amounts, Nok> {
    let input = Input(line);
    let identity = input.get("INRI");
    if !m3.interface(&batch.interface)?.records.iter().any(|known| known == identity) {
        let text = format!("Input record identity {identity} is not one of interface {}", batch.interface);
        return Err(Nok::generic("INRI", text));
    }
    let day = input.get("ACDT");
    if day.is_empty() {
        return Err(Nok::generic("ACDT", "Accounting date must be entered"));
    }
    input.dates(&["ACDT", "SHDT"])?;
    check_period(m3, &batch.division, day)?;
    accounts::check_string(m3, &batch.division, line, day)?;
    amounts::read(m3, &batch.division, line)
}

fn check_period(m3: &M3, division: &str, day: &str) -> Result<(), Nok> {
    let is_open = |row: &Record| {
        field(row, "DIVI") == division && (field(row, "FRDT")..=field(row, "TODT")).contains(&day)
    };
    if m3.master.ledger.open_periods.iter().any(is_open) {
        return Ok(());
    }
    Err(Nok::generic("ACDT", format!("The period of {day} is not open in division {division}")))
}

/// One voucher has one accounting date. It balances in each of its currencies, or, if it has several, as recorded.
fn check_whole(batch: &JournalBatch, amounts: &[Amounts]) -> Result<(), Nok> {
    let mut days: Vec<&str> = batch.lines.values().map(|line| field(line, "ACDT").trim()).collect();
    days.dedup();
    if days.len() > 1 {
        return Err(Nok::generic("ACDT", "The lines of a voucher must have one accounting date"));
    }
    let mut sums: BTreeMap<&str, Decimal> = BTreeMap::new();
    for line in amounts {
        *sums.entry(&line.currency).or_default() += line.foreign;
    }
    let recorded: Decimal = amounts.iter().map(|line| line.recorded).sum();
    let balances_in_each = sums.values().all(Decimal::is_zero);
    let told = amounts.iter().all(|line| line.told);
    let balances = if told || !balances_in_each { recorded.is_zero() } else { true };
    let balances = balances && (balances_in_each || sums.len() > 1);
    if balances { Ok(()) } else { Err(Nok::generic("CUAM", "Debit and credit do not balance")) }
}
