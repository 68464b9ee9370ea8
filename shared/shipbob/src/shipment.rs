//! A shipment: what leaves a fulfilment centre for an order (schema `Orders.ShipmentViewModel`).

use jiff::{Timestamp, civil::Date};
use rust_decimal::Decimal;
use serde::Deserialize;

use crate::{Place, Recipient, wire, word::words};

words! {
    /// The status of a shipment.
    ShipmentStatus {
        /// None yet.
        NoneYet = "None",
        /// Being picked and packed.
        Processing = "Processing",
        /// Left ShipBob; not yet delivered.
        Completed = "Completed",
        /// Cannot be packed.
        Exception = "Exception",
        /// Waits for somebody.
        OnHold = "OnHold",
        /// Cancelled.
        Cancelled = "Cancelled",
        /// Cleared away by ShipBob; whether goods left it does not say.
        CleanSweeped = "CleanSweeped",
        /// It has its label.
        LabeledCreated = "LabeledCreated" | "LabelCreated",
        /// Imported, and somebody has to look at it.
        ImportReview = "ImportReview",
    }
}

/// A shipment as it is now. A split order has several.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Shipment {
    /// Its id.
    #[serde(deserialize_with = "wire::whole")]
    pub id: u64,
    /// The id of its order; may be missing within the order.
    #[serde(default, deserialize_with = "wire::optional_whole")]
    pub order_id: Option<u64>,
    /// The merchant's own id of the order.
    #[serde(default, deserialize_with = "wire::loose_text")]
    pub reference_id: Option<String>,
    /// Its status.
    #[serde(default, deserialize_with = "ShipmentStatus::read")]
    pub status: Option<ShipmentStatus>,
    /// Why it has that status.
    #[serde(default)]
    pub status_details: Option<Vec<StatusDetail>>,
    /// When it was made.
    #[serde(default, deserialize_with = "wire::time")]
    pub created_date: Option<Timestamp>,
    /// When it last changed, tracking apart.
    #[serde(default, deserialize_with = "wire::time")]
    pub last_update_at: Option<Timestamp>,
    /// When its tracking last changed.
    #[serde(default, deserialize_with = "wire::time")]
    pub last_tracking_update_at: Option<Timestamp>,
    /// When it was picked, packed and labelled.
    #[serde(default, deserialize_with = "wire::time")]
    pub actual_fulfillment_date: Option<Timestamp>,
    /// When the carrier delivered it.
    #[serde(default, deserialize_with = "wire::time")]
    pub delivery_date: Option<Timestamp>,
    /// The fulfilment centre.
    #[serde(default)]
    pub location: Option<Place>,
    /// How it is shipped.
    #[serde(default, deserialize_with = "wire::text")]
    pub ship_option: Option<String>,
    /// What its carrier says.
    #[serde(default)]
    pub tracking: Option<Tracking>,
    /// What ShipBob charges for it; null or 0 until billed.
    #[serde(default, deserialize_with = "wire::decimal")]
    pub invoice_amount: Option<Decimal>,
    /// The currency of that.
    #[serde(default, deserialize_with = "wire::text")]
    pub invoice_currency_code: Option<String>,
    /// Who it goes to.
    #[serde(default)]
    pub recipient: Option<Recipient>,
    /// What is in it; nothing where the body does not say.
    #[serde(default)]
    pub products: Option<Vec<ShippedProduct>>,
}

/// Why a shipment has its status.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct StatusDetail {
    /// Its number: 1xx to 2xx is progress, 3xx an exception, 4xx a hold (not documented by ShipBob).
    #[serde(deserialize_with = "wire::optional_whole")]
    pub id: Option<u64>,
    /// Its name, such as `OutOfStock`.
    #[serde(deserialize_with = "wire::text")]
    pub name: Option<String>,
    /// The inventory item that it is about.
    #[serde(deserialize_with = "wire::optional_whole")]
    pub inventory_id: Option<u64>,
}

/// What the carrier says about a shipment.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Tracking {
    /// The carrier.
    #[serde(deserialize_with = "wire::text")]
    pub carrier: Option<String>,
    /// The carrier's service.
    #[serde(deserialize_with = "wire::text")]
    pub carrier_service: Option<String>,
    /// The parcel's number.
    #[serde(deserialize_with = "wire::loose_text")]
    pub tracking_number: Option<String>,
    /// Where the parcel can be followed.
    #[serde(deserialize_with = "wire::text")]
    pub tracking_url: Option<String>,
    /// When the carrier took it.
    #[serde(deserialize_with = "wire::time")]
    pub shipping_date: Option<Timestamp>,
}

/// A product in a shipment. It has no quantity of its own: that stands with its inventory items.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct ShippedProduct {
    /// The product's id in its channel.
    #[serde(deserialize_with = "wire::optional_whole")]
    pub id: Option<u64>,
    /// The merchant's own id of the product, normally the SKU.
    #[serde(deserialize_with = "wire::loose_text")]
    pub reference_id: Option<String>,
    /// The SKU; that of a kit if the product is one.
    #[serde(deserialize_with = "wire::loose_text")]
    pub sku: Option<String>,
    /// The product's name.
    #[serde(deserialize_with = "wire::text")]
    pub name: Option<String>,
    /// What was picked, kits exploded: one for each item and lot.
    pub inventory_items: Option<Vec<ShippedItem>>,
}

/// What was picked of an inventory item.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ShippedItem {
    /// The inventory item's id.
    #[serde(deserialize_with = "wire::whole")]
    pub id: u64,
    /// The item's name.
    #[serde(default, deserialize_with = "wire::text")]
    pub name: Option<String>,
    /// How many, in stock units.
    #[serde(default, deserialize_with = "wire::decimal")]
    pub quantity: Option<Decimal>,
    /// How many are set aside for it.
    #[serde(default, deserialize_with = "wire::decimal")]
    pub quantity_committed: Option<Decimal>,
    /// The lot.
    #[serde(default, deserialize_with = "wire::loose_text")]
    pub lot: Option<String>,
    /// Until when the lot may be used.
    #[serde(default, deserialize_with = "wire::date")]
    pub expiration_date: Option<Date>,
}
