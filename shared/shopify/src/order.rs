//! The order: the body of the webhook topics about orders.
//!
//! Only what is needed is read, every field may be missing or null, and fields that are not named here may hold
//! anything: Shopify adds, moves and removes fields with each quarterly version.

use domain::Private;
use jiff::civil::Date;
use serde::Deserialize;

use crate::{Address, Amount, Customer, LineItem, MoneySet, ShippingLine, ShopTime, TaxLine, wire};

/// An order. Plain amounts are in the shop's currency. In a personal field, nothing means a missing key.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Order {
    /// The order's id, unique over all shops.
    #[serde(deserialize_with = "wire::whole")]
    pub id: u64,
    /// The name that people use, such as `#1001`. Prefix and suffix are the merchant's; not unique over shops.
    #[serde(default, deserialize_with = "wire::text")]
    pub name: Option<String>,
    /// E-mail address for this order.
    #[serde(default, deserialize_with = "wire::personal")]
    pub email: Option<Private<String>>,
    /// E-mail address that Shopify writes to about this order.
    #[serde(default, deserialize_with = "wire::personal")]
    pub contact_email: Option<Private<String>>,
    /// Telephone number for this order.
    #[serde(default, deserialize_with = "wire::personal")]
    pub phone: Option<Private<String>>,
    /// The buyer's note or the merchant's.
    #[serde(default, deserialize_with = "wire::personal")]
    pub note: Option<Private<String>>,
    /// When the order came into the shop's system.
    #[serde(default)]
    pub created_at: Option<ShopTime>,
    /// When it last changed, to the second.
    #[serde(default)]
    pub updated_at: Option<ShopTime>,
    /// When it was placed; an import dates it back.
    #[serde(default)]
    pub processed_at: Option<ShopTime>,
    /// When it was cancelled.
    #[serde(default)]
    pub cancelled_at: Option<ShopTime>,
    /// Whether it is a test.
    #[serde(default, deserialize_with = "wire::or_default")]
    pub test: bool,
    /// How far it is paid, such as `paid` or `pending`.
    #[serde(default, deserialize_with = "wire::text")]
    pub financial_status: Option<String>,
    /// The shop's currency.
    #[serde(default, deserialize_with = "wire::text")]
    pub currency: Option<String>,
    /// The currency that the buyer saw and paid.
    #[serde(default, deserialize_with = "wire::text")]
    pub presentment_currency: Option<String>,
    /// Whether the prices contain the taxes.
    #[serde(default, deserialize_with = "wire::or_default")]
    pub taxes_included: bool,
    /// The taxes of the whole order.
    #[serde(default, deserialize_with = "wire::or_default")]
    pub tax_lines: Vec<TaxLine>,
    /// Sum of the lines before discounts, as ordered.
    #[serde(default)]
    pub total_line_items_price: Option<Amount>,
    /// Sum of all discounts, as ordered.
    #[serde(default)]
    pub total_discounts: Option<Amount>,
    /// Sum of the taxes, as ordered.
    #[serde(default)]
    pub total_tax: Option<Amount>,
    /// Sum of the shipping before discounts, as ordered.
    #[serde(default)]
    pub total_shipping_price_set: Option<MoneySet>,
    /// What the buyer owes, as ordered.
    #[serde(default)]
    pub total_price: Option<Amount>,
    /// What the buyer owes after edits and refunds.
    #[serde(default)]
    pub current_total_price: Option<Amount>,
    /// Where it was sold: `web`, `pos`, `shopify_draft_order`, or the number of an app.
    #[serde(default, deserialize_with = "wire::text")]
    pub source_name: Option<String>,
    /// The shop's location that sold it; nothing for most orders from the web.
    #[serde(default, deserialize_with = "wire::optional_whole")]
    pub location_id: Option<u64>,
    /// The merchant's tags, joined by commas.
    #[serde(default, deserialize_with = "wire::text")]
    pub tags: Option<String>,
    /// The buyer's own order number (business to business).
    #[serde(default, deserialize_with = "wire::text")]
    pub po_number: Option<String>,
    /// The buying firm (business to business).
    #[serde(default)]
    pub company: Option<Company>,
    /// The customer; nothing for guests, sales at the till and removed customers.
    #[serde(default)]
    pub customer: Option<Customer>,
    /// Where the bill goes.
    #[serde(default)]
    pub billing_address: Option<Address>,
    /// Where the goods go; nothing where nothing is shipped.
    #[serde(default)]
    pub shipping_address: Option<Address>,
    /// What was sold.
    #[serde(default, deserialize_with = "wire::or_default")]
    pub line_items: Vec<LineItem>,
    /// How it is shipped. Removed ones are among them: see [`Order::shipping`].
    #[serde(default, deserialize_with = "wire::or_default")]
    pub shipping_lines: Vec<ShippingLine>,
}

/// The buying firm of an order between businesses.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Company {
    /// The firm's id.
    #[serde(deserialize_with = "wire::optional_whole")]
    pub id: Option<u64>,
    /// The id of the firm's location that ordered.
    #[serde(deserialize_with = "wire::optional_whole")]
    pub location_id: Option<u64>,
}

impl Order {
    /// Whether it is a test: no goods are to move for it.
    pub fn is_test(&self) -> bool {
        self.test
    }

    /// Whether it was cancelled. Shopify has no status for it, only the time.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled_at.is_some()
    }

    /// The day of the order in the shop's own offset: the day it was placed, else the day it came in.
    pub fn business_date(&self) -> Option<Date> {
        self.processed_at.or(self.created_at).map(|time| time.date)
    }

    /// The shipping lines that were not removed, each with its place in the payload.
    pub fn shipping(&self) -> impl Iterator<Item = (usize, &ShippingLine)> {
        self.shipping_lines.iter().enumerate().filter(|(_, line)| !line.is_removed)
    }
}
