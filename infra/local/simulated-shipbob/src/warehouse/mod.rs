//! What the account holds, and what happens in its warehouses. Each happening sets its times and gives the messages
//! that tell of it. It knows nothing of requests or deliveries.

mod billing;
mod catalogue;
mod fulfilment;
mod intake;
mod late_bills;
mod order;
mod receiving;
mod returns;
mod shipment;
mod splitting;
mod totals;
mod unidentified;
mod values;

use std::collections::BTreeMap;

use serde::Serialize;

pub(crate) use billing::{Charge, Transaction, TransactionType};
pub(crate) use catalogue::{Catalogue, Centre, Item};
pub(crate) use fulfilment::{Correction, Parcel};
pub(crate) use intake::Stowing;
pub(crate) use late_bills::Unbilled;
pub(crate) use order::{Members, Order};
pub(crate) use receiving::ReceivingOrder;
pub(crate) use returns::{Action, Return, ReturnStatus};
pub(crate) use shipment::{Shipment, ShipmentStatus};
pub(crate) use splitting::Split;
pub(crate) use totals::totals;
pub(crate) use unidentified::Unidentified;
pub(crate) use values::{Moment, Number};

/// The account. Numbers are one sequence, so an order's is never a shipment's too.
#[derive(Debug, Default)]
pub(crate) struct Warehouse {
    pub(crate) catalogue: Catalogue,
    pub(crate) orders: BTreeMap<u64, Order>,
    pub(crate) shipments: BTreeMap<u64, Shipment>,
    pub(crate) receiving: BTreeMap<u64, ReceivingOrder>,
    pub(crate) unidentified: BTreeMap<u64, Unidentified>,
    pub(crate) returns: BTreeMap<u64, Return>,
    pub(crate) transactions: Vec<Transaction>,
    /// Amounts that are not shown yet, by when they are.
    pub(crate) unbilled: Unbilled,
    issued: u64,
}

/// Numbers start here, as those of a busy account do; they stay below 2^31.
const FIRST_ID: u64 = 300_000_000;

/// An order with its shipments, as the API and the webhooks show it.
#[derive(Debug, Serialize)]
pub(crate) struct OrderView<'a> {
    id: u64,
    created_date: Moment,
    status: order::OrderStatus,
    #[serde(flatten)]
    members: &'a Members,
    shipments: Vec<&'a Shipment>,
}

impl Warehouse {
    fn next_id(&mut self) -> u64 {
        self.issued += 1;
        FIRST_ID + self.issued
    }

    pub(crate) fn view<'a>(&'a self, order: &'a Order) -> OrderView<'a> {
        let shipments = self.shipments_of(order).collect();
        let Order { id, created, status, members, .. } = order;
        OrderView { id: *id, created_date: *created, status: *status, members, shipments }
    }

    /// The shipments of an order, in the order of their making.
    pub(crate) fn shipments_of(&self, order: &Order) -> impl Iterator<Item = &Shipment> {
        order.shipments.iter().filter_map(|id| self.shipments.get(id))
    }

    fn order(&self, id: u64) -> Result<&Order, String> {
        self.orders.get(&id).ok_or_else(|| missing("order", id))
    }

    fn order_mut(&mut self, id: u64) -> Result<&mut Order, String> {
        self.orders.get_mut(&id).ok_or_else(|| missing("order", id))
    }
}

fn missing(what: &str, id: u64) -> String {
    format!("there is no {what} {id}")
}
