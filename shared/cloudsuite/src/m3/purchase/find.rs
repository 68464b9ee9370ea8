//! Looking for purchase orders whose fate is in doubt, by the numbers that were kept: one request for the batch
//! purchase orders, one for those that only PPS200 may have.

use std::collections::BTreeSet;

use domain::References;

use super::{ORDERS, PROGRAM, is_ours, requests};
use crate::{
    Begun, CallError, Company, Found, Sought,
    m3::{bulk::Bulk, find::LONGEST_LIST, outcome::Reply, temporary, wire::Row},
};

/// What is known of one before M3 was asked.
enum Kept<'a> {
    Nothing,
    /// The entry was started; its head may be there, under a number that nobody knows.
    Started(&'a str),
    /// The order's number.
    Headed(&'a str),
}

fn kept(sought: &Sought) -> Kept<'_> {
    match sought.references.temporary.as_deref() {
        None => Kept::Nothing,
        Some(text) => match temporary::beside(text) {
            Some(number) => Kept::Headed(number),
            None => Kept::Started(text),
        },
    }
}

/// Looks for purchase orders; one answer for each, in order.
pub(in crate::m3) async fn find(
    bulk: &Bulk,
    company: &Company,
    sought: &[&Sought],
) -> Result<Vec<Found>, CallError> {
    let numbers: Vec<_> = sought.iter().filter_map(|one| number(one)).collect();
    let heads = numbers.iter().map(|number| requests::batch_head(number));
    let lines = numbers.iter().map(|number| requests::batch_lines(number));
    let asked = heads.chain(lines).collect();
    let mut heads = bulk.list(company, PROGRAM, asked, LONGEST_LIST).await?;
    let mut lines = heads.split_off(numbers.len()).into_iter();
    let asked = numbers.iter().zip(&heads).filter(|(_, head)| is_missing(head));
    let asked = asked.map(|(number, _)| requests::order_head(number)).collect();
    let mut orders = bulk.read(company, ORDERS, asked).await?.into_iter();
    let mut heads = heads.into_iter();
    let none = || Reply::Done(Vec::new());
    let found = sought.iter().map(|one| match kept(one) {
        Kept::Nothing => Found::Absent,
        Kept::Started(message) => begun(message.to_owned(), BTreeSet::new(), true),
        Kept::Headed(number) => {
            let head = heads.next().unwrap_or_else(none);
            let lines = lines.next().unwrap_or_else(none);
            let found = if is_missing(&head) {
                judge_order(one, number, &orders.next().unwrap_or_else(none))
            } else {
                judge_batch(one, number, &head, &lines)
            };
            found.unwrap_or_else(Found::Unclear)
        }
    });
    Ok(found.collect())
}

fn number(sought: &Sought) -> Option<&str> {
    match kept(sought) {
        Kept::Headed(number) => Some(number),
        Kept::Nothing | Kept::Started(_) => None,
    }
}

pub(super) fn is_missing(reply: &Reply) -> bool {
    matches!(reply, Reply::Nok(nok) if nok.says_missing())
}

fn begun(temporary: String, lines: BTreeSet<u32>, outdated: bool) -> Found {
    Found::Begun(Begun { temporary, lines, outdated })
}

/// What a batch purchase order says. The error says why it does not tell.
fn judge_batch(sought: &Sought, number: &str, head: &Reply, lines: &Reply) -> Result<Found, String> {
    let row = first(head, "GetBatchHead")?;
    if !is_ours(row, &sought.reference) {
        return Err(format!("batch purchase order {number} does not have our reference"));
    }
    let temporary = sought.references.temporary.clone();
    match row.get("STAT") {
        "10" => Ok(begun(temporary.unwrap_or_default(), line_numbers(lines)?, false)),
        "20" | "23" | "25" => Ok(Found::Taken(References { temporary, number: None })),
        "90" => Ok(Found::Taken(References { temporary, number: Some(number.to_owned()) })),
        status => Err(format!("batch purchase order {number} has status {status:?}")),
    }
}

/// The numbers of the lines that are there. One without a number, or there twice, is not what was written: the
/// entry is then begun anew, because 0 is no line of any document.
fn line_numbers(lines: &Reply) -> Result<BTreeSet<u32>, String> {
    let rows = match lines {
        Reply::Done(rows) => rows,
        Reply::Nok(nok) if nok.says_missing() => return Ok(BTreeSet::new()),
        Reply::Nok(nok) => return Err(format!("LstBatchLine: {}", nok.name())),
        Reply::Failed(error) => return Err(error.to_string()),
    };
    let numbers: BTreeSet<u32> =
        rows.iter().map(|row| row.get(requests::LINE_NUMBER).parse().unwrap_or(0)).collect();
    Ok(if numbers.len() == rows.len() { numbers } else { [0].into() })
}

/// What PPS200 says of a number that no batch purchase order has any more. M3 gave the number, and nothing was
/// finished under it: if the order is not there either, what was begun was lost.
fn judge_order(sought: &Sought, number: &str, order: &Reply) -> Result<Found, String> {
    if is_missing(order) {
        return Ok(Found::Absent);
    }
    if !is_ours(first(order, "PPS200MI GetHead")?, &sought.reference) {
        return Err(format!("purchase order {number} does not have our reference"));
    }
    let temporary = sought.references.temporary.clone();
    Ok(Found::Taken(References { temporary, number: Some(number.to_owned()) }))
}

fn first<'a>(reply: &'a Reply, asked: &str) -> Result<&'a Row, String> {
    match reply {
        Reply::Done(rows) => rows.first().ok_or_else(|| format!("{asked}: no record and no message")),
        Reply::Nok(nok) => Err(format!("{asked}: {}", nok.name())),
        Reply::Failed(error) => Err(error.to_string()),
    }
}
