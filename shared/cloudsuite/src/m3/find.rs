//! Looking for customers and customer orders whose fate is in doubt, by our reference: one request for the orders of
//! a batch, one for its customers.
//!
//! Only lists that M3 reads from its tables are asked for. Its search transactions read an index that lags, so what
//! they do not find may be there.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Reference, References};

use super::{
    bulk::Bulk,
    options::Options,
    outcome::Reply,
    requests::{self, LINE_NUMBER},
    temporary,
    wire::{Row, Transaction},
};
use crate::{Begun, CallError, Company, Found, Sought};

/// The longest list that is read of a customer's orders, of an order's lines, or of a day's vouchers.
pub(super) const LONGEST_LIST: u32 = 10_000;
/// How many customers are read from a search key on. The key is a digest, so one customer has it or none; the rest
/// of the list are later keys.
const LONGEST_KEY_LIST: u32 = 20;

/// The rows of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
struct List {
    rows: Vec<Row>,
    /// It came back as long as was asked for: it may go on, so what it lacks may be there.
    is_cut_off: bool,
}

/// What a list says, or why it says nothing.
type Answer = Result<List, String>;

/// Looks for customers; one answer for each, in order.
pub(super) async fn customers(
    bulk: &Bulk,
    company: &Company,
    options: &Options,
    sought: &[&Sought],
) -> Result<Vec<Found>, CallError> {
    let keys: Vec<_> = sought.iter().map(|one| Reference::search_key_of(&one.key)).collect();
    let asked = keys.iter().map(|key| requests::customers_from(company.number, key)).collect();
    let answers = list(bulk, company, options, "CRS610MI", asked, LONGEST_KEY_LIST).await?;
    let found = sought.iter().zip(&keys).zip(answers);
    Ok(found.map(|((one, key), answer)| judge_customer(&one.reference, key, answer)).collect())
}

/// Looks for customer orders: batch orders and orders by customer, and the lines of each batch order whose number
/// was kept, all in one bulk.
pub(super) async fn orders(
    bulk: &Bulk,
    company: &Company,
    options: &Options,
    sought: &[&Sought],
) -> Result<Vec<Found>, CallError> {
    let customers: BTreeSet<&str> = sought.iter().map(|one| one.customer.as_str()).collect();
    let customers: Vec<_> = customers.into_iter().filter(|customer| !customer.is_empty()).collect();
    let kept: Vec<_> = sought.iter().filter_map(|one| kept_number(one)).collect();
    let heads = customers.iter().map(|customer| requests::batch_heads_of(company.number, customer));
    let orders = customers.iter().map(|customer| requests::orders_of(company.number, customer));
    let lines = kept.iter().map(|temporary| requests::batch_lines(company.number, temporary));
    let asked = heads.chain(orders).chain(lines).collect();
    let mut answers = list(bulk, company, options, "OIS100MI", asked, LONGEST_LIST).await?.into_iter();
    let mut next = |keys: &[&str]| -> BTreeMap<String, Answer> {
        keys.iter().map(|key| (*key).to_owned()).zip(answers.by_ref()).collect()
    };
    let (heads, orders, lines) = (next(&customers), next(&customers), next(&kept));
    let unknown = Err("the customer that it was written for is not known".to_owned());
    Ok(sought
        .iter()
        .map(|one| {
            let lines = kept_number(one).and_then(|temporary| lines.get(temporary));
            let heads = heads.get(&one.customer).unwrap_or(&unknown);
            let orders = orders.get(&one.customer).unwrap_or(&unknown);
            judge_order(one, options, heads, orders, lines).unwrap_or_else(Found::Unclear)
        })
        .collect())
}

/// The temporary number that was kept, as M3 gave it.
fn kept_number(sought: &Sought) -> Option<&str> {
    sought.references.temporary.as_deref().map(temporary::number)
}

async fn list(
    bulk: &Bulk,
    company: &Company,
    options: &Options,
    program: &'static str,
    asked: Vec<Transaction>,
    longest: u32,
) -> Result<Vec<Answer>, CallError> {
    let full = usize::try_from(longest).unwrap_or(usize::MAX);
    let names: Vec<_> = asked.iter().map(|transaction| transaction.name).collect();
    let replies = bulk.list(company, program, asked, longest).await?;
    names
        .into_iter()
        .zip(replies)
        .map(|(name, reply)| match reply {
            Reply::Done(rows) => Ok(Ok(List { is_cut_off: rows.len() >= full, rows })),
            Reply::Nok(nok) if nok.is_one_of(&options.missing.list) => {
                Ok(Ok(List { rows: Vec::new(), is_cut_off: false }))
            }
            Reply::Nok(nok) => Ok(Err(format!("{name}: {}", nok.name()))),
            Reply::Failed(error) => Err(error.of_a_read()),
        })
        .collect()
}

/// What the customers from our search key on say of one customer. The list goes on after the key, so where it was
/// cut off matters only if it still has our key there.
fn judge_customer(reference: &Reference, key: &str, answer: Answer) -> Found {
    let List { rows, is_cut_off } = match answer {
        Ok(list) => list,
        Err(why) => return Found::Unclear(why),
    };
    let is_ours = |row: &&Row| row.get("ALCU") == key && row.get("YREF") == reference.as_str();
    let numbers: BTreeSet<_> = rows.iter().filter(is_ours).filter_map(|row| row.required("CUNO")).collect();
    let may_go_on = is_cut_off && rows.last().is_some_and(|row| row.get("ALCU") == key);
    match numbers.into_iter().collect::<Vec<_>>()[..] {
        [] if may_go_on => Found::Unclear(format!("more than {} customers have our search key", rows.len())),
        [] => Found::Absent,
        [number] => Found::Taken(References { temporary: None, number: Some(number.to_owned()) }),
        ref several => Found::Unclear(format!("customers {} have our reference", several.join(", "))),
    }
}

/// What the lists of a customer say of one order. The error says why they do not tell.
fn judge_order(
    sought: &Sought,
    options: &Options,
    heads: &Answer,
    orders: &Answer,
    lines: Option<&Answer>,
) -> Result<Found, String> {
    let (heads, orders) = (heads.as_ref()?, orders.as_ref()?);
    let kept = kept_number(sought);
    if let Some(number) = final_order(sought, orders)? {
        let made_it = heads.rows.iter().find(|head| head.get("ORNR") == number);
        return Ok(taken(made_it.and_then(|head| head.required("ORNO")).or(kept), Some(number)));
    }
    let Some(head) = batch_order(sought, heads)? else {
        complete(heads, "batch orders").and(complete(orders, "orders"))?;
        return absent(kept, lines);
    };
    let temporary = head.get("ORNO");
    match head.get("STAT") {
        "90" => Ok(taken(Some(temporary), head.required("ORNR"))),
        // It was confirmed, and M3 could not make an order of it: the confirmation job tells why.
        "15" | "25" | "30" | "55" => Ok(taken(Some(temporary), None)),
        status if options.is_unconfirmed(status) => {
            complete(orders, "orders").and_then(|()| begun(temporary, kept.is_some(), lines))
        }
        status => Err(format!("batch order {temporary} has status {status:?}")),
    }
}

/// Nothing of it is among the customer's orders. If its number was kept and M3 lists lines of that, somebody gave
/// the order to another customer.
fn absent(kept: Option<&str>, lines: Option<&Answer>) -> Result<Found, String> {
    match lines {
        Some(Err(why)) => Err(why.clone()),
        Some(Ok(list)) if !list.rows.is_empty() => {
            Err(format!("batch order {} is not among the customer's", kept.unwrap_or_default()))
        }
        _ => Ok(Found::Absent),
    }
}

fn taken(temporary: Option<&str>, number: Option<&str>) -> Found {
    Found::Taken(References { temporary: temporary.map(str::to_owned), number: number.map(str::to_owned) })
}

/// An error if what a list lacks may be there all the same.
fn complete(list: &List, what: &str) -> Result<(), String> {
    if list.is_cut_off {
        return Err(format!("the list of {what} was cut off after {} rows", list.rows.len()));
    }
    Ok(())
}

/// The number of the order with our reference.
fn final_order<'a>(sought: &Sought, orders: &'a List) -> Result<Option<&'a str>, String> {
    let numbers: BTreeSet<_> = ours(sought, orders).map(|row| row.get("ORNO")).collect();
    match numbers.into_iter().collect::<Vec<_>>()[..] {
        [] => Ok(None),
        [""] => Err("an order with our reference has no number".to_owned()),
        [number] => Ok(Some(number)),
        ref several => Err(format!("orders {} have our reference", several.join(", "))),
    }
}

/// The batch order with our reference. If its number was kept, it must be the one of that number: M3 may give the
/// number of what it lost to another order, and what is of others must be neither continued nor taken out.
fn batch_order<'a>(sought: &Sought, heads: &'a List) -> Result<Option<&'a Row>, String> {
    let ours: Vec<_> = ours(sought, heads).collect();
    match (&ours[..], kept_number(sought)) {
        ([], Some(kept)) if heads.rows.iter().any(|row| row.get("ORNO") == kept) => {
            Err(format!("batch order {kept} was ours and does not have our reference"))
        }
        ([], _) => Ok(None),
        ([head], _) if head.required("ORNO").is_none() => {
            Err("a batch order with our reference has no number".to_owned())
        }
        ([head], Some(kept)) if head.get("ORNO") != kept => {
            Err(format!("batch order {} has our reference, and {kept} was ours", head.get("ORNO")))
        }
        ([head], _) => Ok(Some(head)),
        (several, _) => {
            let numbers: Vec<_> = several.iter().map(|row| row.get("ORNO")).collect();
            Err(format!("batch orders {} have our reference", numbers.join(", ")))
        }
    }
}

fn ours<'a>(sought: &Sought, list: &'a List) -> impl Iterator<Item = &'a Row> {
    let reference = sought.reference.as_str().to_owned();
    list.rows.iter().filter(move |row| row.get("CUOR") == reference || row.get("YREF") == reference)
}

/// A batch order that is not confirmed. If its number was kept, writing below it may have begun, and what stands
/// there beside the lines cannot be listed: only a line proves that all of it is there, because lines are written
/// last. A line without a number of ours (M3 may give 0 for none), or one that is there twice, is not what we wrote.
fn begun(temporary: &str, was_kept: bool, lines: Option<&Answer>) -> Result<Found, String> {
    let none = Ok(List { rows: Vec::new(), is_cut_off: false });
    let list = lines.unwrap_or(&none).as_ref()?;
    complete(list, "lines")?;
    let number = |row: &Row| row.get(LINE_NUMBER).parse().ok().filter(|number| *number > 0);
    let lines: BTreeSet<u32> = list.rows.iter().filter_map(number).collect();
    let is_strange = lines.len() != list.rows.len();
    let outdated = was_kept && (lines.is_empty() || is_strange);
    Ok(Found::Begun(Begun { temporary: temporary.to_owned(), lines, outdated }))
}

#[cfg(test)]
#[path = "find_tests.rs"]
mod tests;
