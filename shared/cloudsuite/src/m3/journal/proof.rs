//! Finding and confirming journal entries: by a voucher of the accounting date whose text begins with our reference.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Reference, References};
use jiff::civil::Date;

use super::{LEDGER, requests};
use crate::{
    Begun, CallError, Company, Confirmation, Found, Sought, Submitted,
    m3::{
        bulk::Bulk, find::LONGEST_LIST, options::JournalProof, outcome::Reply, temporary, text::read_day,
        wire::Row,
    },
};

/// Looks for journal entries; one answer for each, in order. As long as no update was sent, an entry counts as begun
/// even if nothing of it is there: M3 shows no batch, and beginning it again tells.
pub(in crate::m3) async fn find(
    bulk: &Bulk,
    company: &Company,
    proof: JournalProof,
    sought: &[&Sought],
) -> Result<Vec<Found>, CallError> {
    let dates = sought.iter().filter_map(|one| sent_for(&one.references));
    let vouchers = read(bulk, company, proof, dates).await?;
    let found = sought.iter().map(|one| {
        let key = Reference::batch_key_of(&one.key);
        let Some(date) = sent_for(&one.references) else { return begun(key) };
        let kept = one.references.temporary.clone();
        match (proof, vouchers.voucher(date, &one.reference)) {
            (JournalProof::Voucher, Ok(Some(number))) => {
                Found::Taken(References { temporary: kept, number: Some(number) })
            }
            (JournalProof::Key, _) | (_, Ok(None)) => begun(kept.unwrap_or(key)),
            (_, Err(why)) => Found::Unclear(why),
        }
    });
    Ok(found.collect())
}

fn begun(temporary: String) -> Found {
    Found::Begun(Begun { temporary, lines: BTreeSet::new(), outdated: false })
}

/// Asks for journal entries that M3 took to post them; one answer for each, in order.
pub(in crate::m3) async fn confirm(
    bulk: &Bulk,
    company: &Company,
    proof: JournalProof,
    batch: &[&Submitted],
) -> Result<Vec<Confirmation>, CallError> {
    let dates = batch.iter().filter_map(|one| sent_for(&one.references));
    let vouchers = read(bulk, company, proof, dates).await?;
    let confirmations = batch.iter().map(|one| {
        let key = Reference::batch_key_of(&one.key);
        let Some(date) = sent_for(&one.references) else {
            return Confirmation::Open(format!("journal batch {key} was not updated"));
        };
        match (proof, vouchers.voucher(date, &Reference::of(&one.key))) {
            (JournalProof::Key, _) => {
                Confirmation::Confirmed(format!("{key} (M3 took the update; its key is unique)"))
            }
            (_, Ok(Some(number))) => Confirmation::Confirmed(number),
            (_, Ok(None)) => Confirmation::Pending(format!("no voucher of {date} has our reference yet")),
            (_, Err(why)) => Confirmation::Pending(why),
        }
    });
    Ok(confirmations.collect())
}

/// The accounting date of an entry whose update was sent, or was about to be.
fn sent_for(references: &References) -> Option<Date> {
    read_day(temporary::beside(references.temporary.as_deref()?)?).ok().flatten()
}

/// The voucher lines of some days, or why a day's are not known.
struct Vouchers(BTreeMap<Date, Result<(Vec<Row>, bool), String>>);

/// Reads the vouchers of the days that are asked for, each once, all in one bulk.
async fn read(
    bulk: &Bulk,
    company: &Company,
    proof: JournalProof,
    dates: impl Iterator<Item = Date>,
) -> Result<Vouchers, CallError> {
    let dates: BTreeSet<Date> = dates.filter(|_| proof == JournalProof::Voucher).collect();
    let asked = dates.iter().map(|date| requests::vouchers_of(*date, &company.division)).collect();
    let replies = bulk.list(company, LEDGER, asked, LONGEST_LIST).await?;
    let full = usize::try_from(LONGEST_LIST).unwrap_or(usize::MAX);
    let lists = dates.into_iter().zip(replies).map(|(date, reply)| {
        let list = match reply {
            Reply::Done(rows) => Ok((rows.len() >= full, rows)),
            Reply::Nok(nok) if nok.says_missing() => Ok((false, Vec::new())),
            Reply::Nok(nok) => Err(format!("LstVouchersByDt: {}", nok.name())),
            Reply::Failed(error) => Err(error.to_string()),
        };
        (date, list.map(|(is_cut_off, rows)| (rows, is_cut_off)))
    });
    Ok(Vouchers(lists.collect()))
}

impl Vouchers {
    /// The number of the day's voucher whose text begins with a reference; nothing if the day has none. The error
    /// says why that cannot be told.
    fn voucher(&self, date: Date, reference: &Reference) -> Result<Option<String>, String> {
        let (rows, is_cut_off) = match self.0.get(&date) {
            Some(Ok(list)) => list,
            Some(Err(why)) => return Err(why.clone()),
            None => return Err(format!("the vouchers of {date} were not read")),
        };
        let is_ours = |row: &&Row| row.get("VTXT").split_whitespace().next() == Some(reference.as_str());
        let numbers: BTreeSet<_> = rows.iter().filter(is_ours).filter_map(number).collect();
        match numbers.into_iter().collect::<Vec<_>>() {
            numbers if numbers.is_empty() && *is_cut_off => {
                Err(format!("the list of the vouchers of {date} was cut off after {} rows", rows.len()))
            }
            // Of several (a reversal has the same text) the first is the entry's.
            numbers => Ok(numbers.into_iter().next()),
        }
    }
}

/// A voucher's number as people write it: year, series, number. Nothing if M3 gave none.
fn number(row: &Row) -> Option<String> {
    let parts = [row.get("YEA4"), row.get("VSER"), row.required("VONO")?];
    Some(parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/"))
}
