//! Stock: what is on hand by warehouse, item, location and lot, the transactions that made it so, and the messages by
//! which others report them (MMS850MI, MHS850MI). A balance is the sum of its transactions: nothing else changes one.

mod balances;
mod distribution;
mod entry;
mod internal;
mod ledger;
mod lots;
mod messages;
mod movements;
mod orders;
mod picks;
mod process;
mod received;
mod transactions;
mod units;
mod warehouse_lines;

use std::collections::BTreeSet;

use rust_decimal::Decimal;

pub(crate) use ledger::{Balances, Movement, Place, StockTransaction};
pub(crate) use messages::{Book, Messages, StockMessage};

use super::Outcome;
use super::state::M3;
use super::{Call, not_simulated};
use crate::master::{Item, field};

/// What stock management holds.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stock {
    pub(crate) balances: Balances,
    pub(crate) transactions: Vec<StockTransaction>,
    /// Item and lot.
    pub(crate) lots: BTreeSet<(String, String)>,
    /// Customer returns that have been reported: receiving number and line.
    pub(crate) returned: BTreeSet<(String, String)>,
    /// MMS850MI: internal stock messages.
    pub(crate) internal: Messages,
    /// MHS850MI: order-initiated stock messages.
    pub(crate) received: Messages,
}

pub(super) fn run(m3: &mut M3, call: &Call<'_>) -> Outcome {
    match (call.program, call.transaction) {
        ("MWS070MI", _) => transactions::run(m3, call),
        ("MMS310MI", "Update") => movements::update(m3, call),
        ("MMS310MI", _) => balances::run(m3, call),
        (_, "GetMvxMsg" | "LstMvxMsg" | "DeleteStkTran" | "DeleteWhsTran") => messages::run(m3, call),
        (_, "PrcStkTran" | "PrcWhsTran") => process::run(m3, call),
        ("MMS850MI", _) => internal::run(m3, call),
        ("MHS850MI", "AddWhsHead" | "AddWhsPack" | "AddWhsLine") => warehouse_lines::run(m3, call),
        ("MHS850MI", "AddCOPick" | "AddDO" | "AddPOReceipt" | "AddCOReturn") => orders::run(m3, call),
        ("MHS850MI", _) => received::run(m3, call),
        _ => Err(not_simulated(call)),
    }
}

pub(super) use balances::item_balance;
pub(super) use entry::{alias, check_responsible};
pub(super) use lots::{Direction, check_lot, location};
pub(super) use movements::in_stock;
pub(super) use units::to_basic;

impl M3 {
    /// Takes over what is on hand at the start, as counts.
    pub(crate) fn open_stock(&mut self) {
        let data = std::mem::take(&mut self.master.stock);
        self.stock.lots = data
            .lots
            .iter()
            .map(|row| (field(row, "ITNO").to_owned(), field(row, "BANO").to_owned()))
            .collect();
        let rows = data.balances.clone();
        self.master.stock = data;
        for row in rows {
            let quantity = field(&row, "STQT").parse::<Decimal>().unwrap_or_default();
            let place = Place::of(
                field(&row, "WHLO"),
                field(&row, "ITNO"),
                location(self, field(&row, "WHLO"), field(&row, "WHSL")).as_deref().unwrap_or_default(),
                field(&row, "BANO"),
            );
            self.count(place, quantity, crate::master::Record::new());
        }
    }
}

/// Whether lots of an item are kept apart (INDI).
fn is_lot_controlled(item: &Item) -> bool {
    !["", "0"].contains(&field(&item.fields, "INDI").trim())
}
