//! PPS370MI and PPS200MI: purchase order batch entry (POBE), and the purchase orders it makes. An entry (MSGN) groups
//! batch orders that arrive together; nothing is validated until the entry is finished.

mod batches;
mod entry;
mod lines;
mod orders;
mod process;
mod receipts;
mod validate;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::Serialize;

pub(crate) use receipts::{GoodsIn, GoodsReceipt, Progress, receive_goods};

use super::state::{M3, Pending};
use super::{Call, Input, Nok, Outcome, not_simulated};
use crate::master::Record;

/// What purchasing holds.
#[derive(Debug, Clone, Default)]
pub(crate) struct Purchasing {
    /// By message number.
    pub(crate) entries: BTreeMap<String, Entry>,
    /// By purchase order number.
    pub(crate) batches: BTreeMap<String, PurchaseBatch>,
    /// By number, which is that of the batch order.
    pub(crate) orders: BTreeMap<String, PurchaseOrder>,
    /// The numbers of the batch orders that are yet to be processed.
    pub(crate) pending: BTreeSet<String>,
    /// What was received, in that order.
    pub(crate) receipts: Vec<GoodsReceipt>,
}

/// An entry: what arrives under one message number.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Entry {
    pub(crate) origin: String,
    pub(crate) finished: bool,
    /// The numbers of its orders, in the order of their arrival.
    pub(crate) orders: Vec<String>,
}

/// A batch purchase order (PPS370).
#[derive(Debug, Clone, Serialize)]
pub(crate) struct PurchaseBatch {
    pub(crate) number: String,
    /// The message number of its entry (MSGN).
    pub(crate) message: String,
    /// 10 in entry, 20 entered, 23 in error, 25 validated, 90 transferred.
    pub(crate) status: String,
    /// Why it is in error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<Reason>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pending: Option<Pending>,
    pub(crate) content: PurchaseContent,
}

/// What a purchase order consists of.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct PurchaseContent {
    pub(crate) head: Record,
    pub(crate) lines: Vec<PurchaseLine>,
    pub(crate) texts: Vec<Record>,
    pub(crate) addresses: Vec<Record>,
    pub(crate) charges: Vec<Record>,
}

/// A purchase order line.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct PurchaseLine {
    pub(crate) number: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<Reason>,
    pub(crate) fields: Record,
    /// AIT1 to AIT7, as far as they were given.
    pub(crate) accounts: Record,
    /// What has been received of it.
    pub(crate) progress: Progress,
}

/// The message id and the message of an error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Reason {
    pub(crate) id: String,
    pub(crate) text: String,
}

/// A purchase order.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct PurchaseOrder {
    pub(crate) number: String,
    /// The status of lines of which nothing has been received.
    pub(crate) status: String,
    /// When it was made: the search index follows.
    #[serde(skip)]
    pub(crate) changed: Timestamp,
    pub(crate) content: PurchaseContent,
}

impl From<&Nok> for Reason {
    fn from(nok: &Nok) -> Self {
        Self { id: nok.code.clone(), text: nok.text.clone() }
    }
}

pub(super) fn run(m3: &mut M3, call: &Call<'_>) -> Outcome {
    let input = &call.input;
    if ["PPS200MI", "PPS001MI"].contains(&call.program) {
        return match call.transaction {
            "Receipt" => receipts::receipt(m3, call),
            "FinishMark" => receipts::finish(m3, call),
            "LstReceiptsByPO" => receipts::list(m3, call),
            _ => orders::run(m3, call),
        };
    }
    match call.transaction {
        "StartEntry" => entry::start(m3, input),
        "AddHead" => entry::add_head(m3, input),
        "AddLine" => lines::add_line(m3, input),
        "AddAccString" => lines::add_accounts(m3, input),
        "AddText" => lines::add_text(m3, input),
        "AddAddress" => lines::add_address(m3, input),
        "AddCharge" => lines::add_charge(m3, input),
        "FinishEntry" => entry::finish(m3, call),
        "DeleteEntry" => entry::delete(m3, input),
        "GetBatchHead" => batches::head(m3, input),
        "GetBatchLine" => batches::line(m3, input),
        "LstBatchLine" => batches::lines(m3, input),
        _ => Err(not_simulated(call)),
    }
}

/// What is stored of a record: everything given, where `?` stands for blank whatever the default.
fn stored(input: &Input<'_>, keys: &[&str]) -> Record {
    let mut record = input.stored();
    record.retain(|name, _| !keys.contains(&name.as_str()));
    for value in record.values_mut().filter(|value| value.trim() == "?") {
        value.clear();
    }
    record
}
