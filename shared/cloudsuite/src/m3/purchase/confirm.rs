//! Confirming purchase orders: status 90 of the batch purchase order, and then the order itself in PPS200.

use domain::{Finding, FindingCode};

use super::{ORDERS, PROGRAM, find::is_missing, is_ours, requests};
use crate::{
    CallError, Company, Confirmation, Submitted,
    m3::{bulk::Bulk, find::LONGEST_LIST, outcome::Reply, temporary, wire::Row},
};

/// Asks for all orders at once: heads and lines of the batch purchase orders by one bulk, then, by another, the
/// orders that should be there.
pub(in crate::m3) async fn confirm(
    bulk: &Bulk,
    company: &Company,
    batch: &[&Submitted],
) -> Result<Vec<Confirmation>, CallError> {
    let numbers: Vec<_> = batch.iter().filter_map(|one| number(one)).collect();
    let heads = numbers.iter().map(|number| requests::batch_head(number));
    let lines = numbers.iter().map(|number| requests::batch_lines(number));
    let asked = heads.chain(lines).collect();
    let mut heads = bulk.list(company, PROGRAM, asked, LONGEST_LIST).await?;
    let mut lines = heads.split_off(numbers.len()).into_iter();
    let asked = numbers.iter().zip(&heads).filter(|(_, head)| may_be_there(head));
    let asked = asked.map(|(number, _)| requests::order_head(number)).collect();
    let mut orders = bulk.read(company, ORDERS, asked).await?.into_iter();
    let mut heads = heads.into_iter();
    let none = || Reply::Done(Vec::new());
    let confirmations = batch.iter().map(|one| {
        let Some(number) = number(one) else {
            return Confirmation::Pending("the purchase order's number is not known".into());
        };
        let (head, lines) = (heads.next().unwrap_or_else(none), lines.next().unwrap_or_else(none));
        if may_be_there(&head) {
            return there(number, one, is_missing(&head), &orders.next().unwrap_or_else(none));
        }
        on_its_way(&head, &lines)
    });
    Ok(confirmations.collect())
}

fn number(one: &Submitted) -> Option<&str> {
    let kept = one.references.temporary.as_deref().and_then(temporary::beside);
    kept.or(one.references.number.as_deref())
}

/// Whether PPS200 is to be asked: the batch purchase order was transferred, or was deleted since.
fn may_be_there(head: &Reply) -> bool {
    let is_transferred = |row: &Row| row.get("STAT") == "90";
    is_missing(head) || matches!(head, Reply::Done(rows) if rows.first().is_some_and(is_transferred))
}

/// What PPS200 says of an order. Its number alone is no proof: it must have our reference.
fn there(number: &str, one: &Submitted, is_batch_gone: bool, order: &Reply) -> Confirmation {
    let row = match order {
        Reply::Done(rows) => rows.first(),
        Reply::Nok(nok) if nok.says_missing() && is_batch_gone => {
            return Confirmation::Open(format!("M3 does not know purchase order {number}: {}", nok.name()));
        }
        Reply::Nok(nok) => return Confirmation::Pending(format!("PPS200MI GetHead: {}", nok.name())),
        Reply::Failed(error) => return Confirmation::Pending(error.to_string()),
    };
    match row {
        Some(row) if is_ours(row, &domain::Reference::of(&one.key)) => whole(number, one.lines, row),
        Some(_) => Confirmation::Pending(format!("purchase order {number} does not have our reference")),
        None => Confirmation::Pending("PPS200MI GetHead: no record and no message".into()),
    }
}

/// An order that is there: confirmed if it has every line. A number of lines that M3 does not give tells nothing.
fn whole(number: &str, lines: Option<u32>, row: &Row) -> Confirmation {
    match (lines, row.get("NOLN").parse::<u32>()) {
        (Some(lines), Ok(there)) if lines != there => {
            let finding = Finding::new(
                FindingCode::Incomplete,
                "order",
                format!(
                    "M3 made purchase order {number} with {there} of {lines} lines, though it had accepted them all"
                ),
                "compare the order with the source in PPS200 and add what is missing",
            );
            Confirmation::Incomplete(number.to_owned(), vec![finding])
        }
        _ => Confirmation::Confirmed(number.to_owned()),
    }
}

/// A batch purchase order that is no order yet: 10 is in entry, from 20 on M3 works on it. Its documents hold no
/// personal data, so M3's own words can be kept.
fn on_its_way(head: &Reply, lines: &Reply) -> Confirmation {
    let row = match head {
        Reply::Done(rows) => rows.first(),
        Reply::Nok(nok) => return Confirmation::Pending(format!("GetBatchHead: {}", nok.name())),
        Reply::Failed(error) => return Confirmation::Pending(error.to_string()),
    };
    let Some(row) = row else {
        return Confirmation::Pending("GetBatchHead: no record and no message".into());
    };
    let status = row.get("STAT");
    if status == "10" {
        return Confirmation::Open("batch status 10: the entry is not finished".into());
    }
    let listed = match lines {
        Reply::Done(rows) => rows.as_slice(),
        Reply::Nok(_) | Reply::Failed(_) => &[],
    };
    let findings: Vec<_> =
        std::iter::once(row).chain(listed).filter_map(|row| message(status, row)).collect();
    if findings.is_empty() {
        return Confirmation::Pending(format!("batch status {status:?}"));
    }
    Confirmation::Failed(findings)
}

/// What M3 says against a head or a line, if it says anything.
fn message(status: &str, row: &Row) -> Option<Finding> {
    let id = row.required("MSID")?;
    let line = row.required(requests::LINE_NUMBER).map(|number| format!(" of line {number}"));
    Some(Finding::new(
        FindingCode::Refused,
        "order",
        format!(
            "batch purchase order status {status}: message {id}{} {}",
            line.unwrap_or_default(),
            row.get("MSGD")
        ),
        "correct the batch purchase order in PPS370 and release it: it is looked for until M3 has made an order of it",
    ))
}
