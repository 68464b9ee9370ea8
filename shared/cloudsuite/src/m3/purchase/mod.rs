//! Purchase orders by batch entry (PPS370MI): start, head, lines with their accounting strings, finish; then M3 checks
//! the entry and makes an order of it, which is waited for.
//!
//! The ledger keeps `<MSGN>` once an entry is started and `<MSGN>/<PUNO>` once its head is there: M3 lists no entry by
//! our reference, so what has neither number cannot be found and, as nothing was written below a number that was not
//! kept, need not be.
//!
//! UNCONFIRMED, and what is done about it:
//! - that M3 takes our line numbers (PNLI): where it gives others, the order is refused before it is finished;
//! - what statuses 23 and 25 mean (published: validated): a message beside one of them is a failure, none is waited on;
//! - that an entry which is not finished never becomes an order, so that an empty one may stay.

mod confirm;
mod entry;
mod find;
mod requests;

pub(super) use self::{confirm::confirm, entry::Posting, find::find};

/// Batch entry of purchase orders.
const PROGRAM: &str = "PPS370MI";
/// Purchase orders that are there.
const ORDERS: &str = "PPS200MI";

/// Whether an order is ours: YRE1 begins with our reference.
fn is_ours(row: &super::wire::Row, reference: &domain::Reference) -> bool {
    row.get("YRE1").split_whitespace().next() == Some(reference.as_str())
}

#[cfg(test)]
mod tests;
