//! The types of the mapping file. `default.toml` is their manual.
//!
//! Every key has a default, so that files of earlier releases stay valid; what is needed and missing is found by the
//! checks. Each type knows what stands in the file and nothing of Shopify's payloads.

mod booking;
mod buyers;
mod charges;
mod cloudsuite;
mod exact;
mod items;
mod m3;
mod m3_goods;
mod orders;
mod shipbob;
mod source;

use domain::Finding;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use booking::{Dimensions, GlKind, GlRule, GlWhen, Journal, Refunds, Split};
pub use buyers::{B2b, Customers, PhoneOnly};
pub use charges::{Charged, Discount, Discounts, GiftCards, IncludedTaxes, MarketplaceTaxes, Taxes};
pub use cloudsuite::{Cloudsuite, CompanyRule, CompanyWhen, ProductLineName};
pub use exact::Exact;
pub use items::{Component, Items, Unit};
pub use m3::{Amounts, JournalBatches, M3Ways, MissingMessages, OrderText, Proof, RowsCountedBy, TextKey};
pub use m3_goods::{IssueAs, M3Goods};
pub use orders::{
    DocumentCurrency, FreeLines, Location, OrderCharges, Orders, PostWhen, PurchaseOrders, Strategy,
    TestOrders, ZeroLines,
};
pub use shipbob::{
    Becomes, Channel, FulfillmentCenter, Ingest, Over, Receipts, Returns, Shipbob, ShipbobOrders, Shipments,
    WarehouseFees,
};
pub use source::{Reconcile, Shopify};

/// The mapping file of one tenant: how its orders become documents in Infor CloudSuite.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Mapping {
    /// Which CloudSuite, and how it is reached.
    pub cloudsuite: Cloudsuite,
    /// Which company an order belongs to; the first rule that matches wins.
    pub company: Vec<CompanyRule>,
    /// How orders are entered.
    pub orders: Orders,
    /// How orders become purchase orders.
    pub purchase_orders: PurchaseOrders,
    /// How buyers become customers.
    pub customers: Customers,
    /// How SKUs become item numbers.
    pub items: Items,
    /// How shipping is entered.
    pub shipping: Charged,
    /// How discounts are entered.
    pub discounts: Discounts,
    /// How taxes are entered.
    pub taxes: Taxes,
    /// How tips are entered.
    pub tips: Charged,
    /// How duties are entered.
    pub duties: Charged,
    /// How fees that are neither duty nor tax are entered.
    pub fees: Charged,
    /// How gift cards that are sold are entered.
    pub gift_cards: GiftCards,
    /// Where amounts are booked; the first rule of a kind that matches wins.
    pub gl: Vec<GlRule>,
    /// What goes to the general ledger as a journal entry.
    pub journal: Journal,
    /// What is asked of Shopify.
    pub shopify: Shopify,
    /// What ShipBob's warehouses do, and what becomes of it.
    pub shipbob: Shipbob,
}

impl Mapping {
    /// Reads a mapping file. If anything is wrong with it, there is a finding for each problem, with line, column
    /// and key, in the order of the file.
    pub fn parse(text: &str) -> Result<Self, Vec<Finding>> {
        crate::read::read(text)
    }

    /// The item number of a SKU.
    pub fn item(&self, sku: &str) -> String {
        match self.items.aliases.get(sku) {
            Some(item) => item.clone(),
            None => format!("{}{sku}", self.items.prefix),
        }
    }
}

fn yes() -> bool {
    true
}
