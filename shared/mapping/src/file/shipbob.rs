//! What ShipBob's warehouses do, and what becomes of it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What ShipBob's warehouses do, and what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Shipbob {
    /// Fulfilment centres by their ids.
    pub fulfillment_centers: BTreeMap<u64, FulfillmentCenter>,
    /// SKUs by the ids of ShipBob's inventory items, before what ShipBob itself says of them.
    pub items: BTreeMap<u64, String>,
    /// How ShipBob's lists are read.
    pub ingest: Ingest,
    /// What ShipBob's orders become.
    pub orders: ShipbobOrders,
    /// What shipments become.
    pub shipments: Shipments,
    /// What receiving orders become.
    pub receipts: Receipts,
    /// What returns become.
    pub returns: Returns,
    /// What ShipBob's fees become.
    pub fees: WarehouseFees,
}

impl Shipbob {
    /// Whether orders become anything, or the shipments that come with them.
    pub fn wants_orders(&self) -> bool {
        let becomes = |becomes: Becomes| becomes != Becomes::Nothing;
        self.shipments.issue
            || becomes(self.orders.becomes)
            || self.orders.channels.values().any(|channel| becomes(channel.becomes))
    }
}

/// A fulfilment centre, as CloudSuite knows it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FulfillmentCenter {
    /// Warehouse (M3: WHLO). Needed.
    pub warehouse: String,
    /// Facility (M3: FACI); empty to take the warehouse's.
    pub facility: String,
    /// Time zone by its IANA name, such as `America/Chicago`: by it a moment becomes a day. Empty for UTC.
    pub time_zone: String,
}

/// How ShipBob's lists are read, for what has no webhook and what a lost one would have told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Ingest {
    /// Whether they are read at all.
    pub enabled: bool,
    /// How many minutes before the end of the last window the next begins (5 to 2880).
    pub overlap_minutes: u16,
    /// How many days back fees are listed: they come up days after the day on which they were charged (1 to 31).
    pub fee_days: u8,
    /// After how many listed objects a run asks for no further page (1 to 100000).
    pub most_objects: u32,
}

impl Default for Ingest {
    fn default() -> Self {
        Self { enabled: true, overlap_minutes: 60, fee_days: 3, most_objects: 10_000 }
    }
}

/// What ShipBob's orders become.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ShipbobOrders {
    /// What an order becomes, unless its channel says otherwise.
    pub becomes: Becomes,
    /// The customer (M3: CUNO) of sales orders. Needed where orders become sales orders.
    pub customer: String,
    /// Units (M3: ALUN) by ShipBob's codes of them: `EA`, `INP`, `CS`, `PL`.
    pub units: BTreeMap<String, String>,
    /// The same by the id of the order's channel.
    pub channels: BTreeMap<u64, Channel>,
}

/// What the orders of one channel become.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Channel {
    /// What an order becomes.
    pub becomes: Becomes,
    /// The customer (M3: CUNO); empty for the general one.
    pub customer: String,
}

/// What an order of ShipBob's becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Becomes {
    /// A sales order.
    #[default]
    SalesOrder,
    /// A purchase order that replenishes.
    PurchaseOrder,
    /// Nothing.
    Nothing,
}

/// What shipments become.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Shipments {
    /// Whether goods that were shipped are issued from stock.
    pub issue: bool,
    /// Whether they are issued for the sales order, if CloudSuite has it.
    pub for_order: bool,
    /// Why stock changes (M3: RSCD); empty for none.
    pub reason: String,
}

impl Default for Shipments {
    fn default() -> Self {
        Self { issue: true, for_order: true, reason: String::new() }
    }
}

/// What receiving orders become.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Receipts {
    /// Whether goods that were stowed are received for their purchase order.
    pub receive: bool,
    /// What becomes of goods beyond what was ordered.
    pub over: Over,
}

impl Default for Receipts {
    fn default() -> Self {
        Self { receive: true, over: Over::default() }
    }
}

/// What becomes of goods beyond what was ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Over {
    /// Nothing is received until a person has seen to it.
    #[default]
    Reject,
    /// They are received; CloudSuite has the last word.
    Receive,
}

/// What returns become.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Returns {
    /// Whether goods that were restocked come back to stock.
    pub restock: bool,
    /// Why stock changes (M3: RSCD); empty for none.
    pub reason: String,
}

impl Default for Returns {
    fn default() -> Self {
        Self { restock: true, reason: String::new() }
    }
}

/// What ShipBob's fees become.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WarehouseFees {
    /// Whether each fee becomes a journal entry.
    pub journal: bool,
    /// Whether amounts contain their taxes.
    pub taxes_included: bool,
    /// The account (M3: AIT1) of what is owed to ShipBob. Needed for journal entries.
    pub account: String,
    /// The dimensions beside it.
    pub dimensions: super::Dimensions,
}
