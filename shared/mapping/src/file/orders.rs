//! How orders are entered: as customer orders, import documents or purchase orders.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How orders are entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Orders {
    /// What an order becomes.
    pub strategy: Strategy,
    /// In which of an order's two currencies it is entered.
    pub currency: DocumentCurrency,
    /// Customer order type (M3: ORTP). Needed, unless orders become purchase orders.
    pub order_type: String,
    /// Warehouse (M3: WHLO) that delivers, or receives what is purchased. Needed.
    pub warehouse: String,
    /// Facility (M3: FACI); empty to take the warehouse's. Needed for purchase orders.
    pub facility: String,
    /// Warehouse and facility by the id of the shop's location that sold.
    pub locations: BTreeMap<u64, Location>,
    /// Terms of payment (M3: TEPY) by Shopify's name of them; empty to take the customer's.
    pub payment_terms: BTreeMap<String, String>,
    /// When an order is posted.
    pub post_when: PostWhen,
    /// What to do with test orders.
    pub test_orders: TestOrders,
    /// What to do with lines of which nothing is left.
    pub zero_lines: ZeroLines,
    /// What to do with lines that cost nothing.
    pub free_lines: FreeLines,
    /// Whether the buyer's note goes with the order.
    #[serde(default = "super::yes")]
    pub note: bool,
}

impl Default for Orders {
    fn default() -> Self {
        Self {
            strategy: Strategy::default(),
            currency: DocumentCurrency::default(),
            order_type: String::new(),
            warehouse: String::new(),
            facility: String::new(),
            locations: BTreeMap::new(),
            payment_terms: BTreeMap::new(),
            post_when: PostWhen::default(),
            test_orders: TestOrders::default(),
            zero_lines: ZeroLines::default(),
            free_lines: FreeLines::default(),
            note: true,
        }
    }
}

/// What an order becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Strategy {
    /// A customer order.
    #[default]
    CustomerOrder,
    /// A purchase order to one supplier.
    PurchaseOrder,
    /// An import document, of which a clerk makes a customer order.
    ImportDocument,
}

/// In which of an order's two currencies it is entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DocumentCurrency {
    /// The shop's.
    #[default]
    Shop,
    /// The one that the buyer saw and paid.
    Presentment,
}

/// Where a location of the shop delivers from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Location {
    /// Warehouse (M3: WHLO). Needed.
    pub warehouse: String,
    /// Facility (M3: FACI); empty to take the warehouse's.
    pub facility: String,
}

/// When an order is posted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PostWhen {
    /// As soon as it is placed.
    #[default]
    Placed,
    /// Once it is paid. An order on terms of payment is posted when it is placed all the same.
    Paid,
}

/// What to do with Shopify's test orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TestOrders {
    /// They end as skipped.
    #[default]
    Skip,
    /// They are posted like any other.
    Post,
}

/// What to do with lines of which nothing is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ZeroLines {
    /// They are left out.
    #[default]
    Skip,
    /// They reject the order.
    Reject,
}

/// What to do with lines that cost nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FreeLines {
    /// They are posted like any other.
    #[default]
    Post,
    /// They are left out.
    Skip,
}

/// How orders become purchase orders.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PurchaseOrders {
    /// Supplier (M3: SUNO). Needed where orders become purchase orders.
    pub supplier: String,
    /// Purchase order type (M3: ORTY); empty to take the supplier's.
    pub order_type: String,
    /// Where the orders come from, as CloudSuite knows it (M3: BAOR). Needed where orders become purchase orders.
    pub batch_origin: String,
    /// How many days after the order the goods are wanted (0 to 365).
    pub lead_days: u16,
    /// Cost centre (M3: COCE) of every line; empty for none.
    pub cost_centre: String,
    /// What to do with shipping, tips, duties, fees and taxes, which a purchase order cannot hold.
    pub charges: OrderCharges,
}

/// What to do with charges where orders become purchase orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OrderCharges {
    /// They are left out.
    #[default]
    LeaveOut,
    /// They reject the order.
    Reject,
}
