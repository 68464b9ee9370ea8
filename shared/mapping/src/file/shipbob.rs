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
