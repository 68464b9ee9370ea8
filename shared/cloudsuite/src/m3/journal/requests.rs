//! Journal entries as M3 transactions. Pure.
//!
//! Field names and lengths as in M3's interface description (GLS840MI, GLS200MI).

use domain::{JournalEntry, JournalLine};
use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::m3::{
    options::{AmountAs, JournalOptions},
    text::{account_fields, cut, day, decimal},
    wire::Transaction,
};

/// The field of a line that holds its number: 1 for the document's first.
pub(super) const LINE_NUMBER: &str = "LINE";

/// Begins a batch under our key. M3 refuses a key that it has.
pub(super) fn batch_head(entry: &JournalEntry) -> Transaction {
    let description = format!("{} {}", entry.reference, entry.source_name);
    let own = [("INTN", entry.interface.clone()), ("DESC", cut(&description, 40))];
    Transaction::new("AddBatchHead", of_batch(entry).into_iter().chain(own), &["CONO"])
}

/// All lines. This transaction has no company field: the envelope's holds.
pub(super) fn lines(entry: &JournalEntry, options: &JournalOptions) -> Vec<Transaction> {
    (1..).zip(&entry.lines).map(|(number, line)| self::line(entry, number, line, options)).collect()
}

fn line(entry: &JournalEntry, number: u32, line: &JournalLine, options: &JournalOptions) -> Transaction {
    let is_debit = line.amount.amount >= Decimal::ZERO;
    let amount = match options.amounts {
        AmountAs::Absolute => line.amount.amount.abs(),
        AmountAs::Signed => line.amount.amount,
    };
    let own = [
        ("KEY1", entry.batch_key.clone()),
        (LINE_NUMBER, number.to_string()),
        ("INRI", options.record.clone()),
        ("DIVI", entry.division.clone()),
        ("CUCD", line.amount.currency.to_string()),
        ("CUAM", decimal(amount)),
        ("DBCR", options.codes[usize::from(!is_debit)].clone()),
        ("ACDT", day(entry.date)),
        // By our reference in front, the voucher is found in the ledger.
        ("VTXT", cut(&format!("{} {}", entry.reference, line.text), 40)),
        ("VTCD", line.tax_code.clone()),
    ];
    Transaction::new("AddBatchLineFld", own.into_iter().chain(account_fields(&line.accounts)), &[])
}

/// Checks a batch (option 6 of GLS840).
pub(super) fn control(entry: &JournalEntry) -> Transaction {
    Transaction::new("CtrlBatch", of_batch(entry), &["CONO"])
}

/// Posts a batch (option 9 of GLS840).
pub(super) fn update(entry: &JournalEntry) -> Transaction {
    Transaction::new("UpdBatch", of_batch(entry), &["CONO"])
}

fn of_batch(entry: &JournalEntry) -> [(&'static str, String); 3] {
    [("CONO", entry.company.to_string()), ("DIVI", entry.division.clone()), ("KEY1", entry.batch_key.clone())]
}

/// Asks for the voucher lines of one day (GLS200MI). This transaction has no company field: the envelope's holds.
pub(super) fn vouchers_of(date: Date, division: &str) -> Transaction {
    let fields = [("FRDT", day(date)), ("TODT", day(date)), ("DIVI", division.to_owned())];
    Transaction::new("LstVouchersByDt", fields, &["YEA4", "VSER", "VONO", "VTXT"])
}
