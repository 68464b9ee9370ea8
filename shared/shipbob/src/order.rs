//! An order: what was asked of ShipBob, and its shipments (schema `Orders.OrderViewModel`).

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::Deserialize;

use crate::{Place, Recipient, Shipment, wire, word::words};

words! {
    /// The status of an order.
    OrderStatus {
        /// Being worked on.
        Processing = "Processing",
        /// Some shipment cannot be packed.
        Exception = "Exception",
        /// Some shipments left.
        PartiallyFulfilled = "PartiallyFulfilled",
        /// All shipments left.
        Fulfilled = "Fulfilled",
        /// Cancelled.
        Cancelled = "Cancelled",
        /// Imported, and somebody has to look at it.
        ImportReview = "ImportReview",
    }
}

words! {
    /// The type of an order: who receives it.
    OrderType {
        /// A consumer.
        Dtc = "DTC",
        /// A consumer, on behalf of a retailer.
        DropShip = "DropShip",
        /// A firm.
        B2b = "B2B",
    }
}

/// An order as it is now. It has no time of its last change.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Order {
    /// Its id.
    #[serde(deserialize_with = "wire::whole")]
    pub id: u64,
    /// The number that people use.
    #[serde(default, deserialize_with = "wire::loose_text")]
    pub order_number: Option<String>,
    /// The merchant's own id of it, unique within a channel.
    #[serde(default, deserialize_with = "wire::loose_text")]
    pub reference_id: Option<String>,
    /// Its status.
    #[serde(default, deserialize_with = "OrderStatus::read")]
    pub status: Option<OrderStatus>,
    /// Who receives it.
    #[serde(default, rename = "type", deserialize_with = "OrderType::read")]
    pub kind: Option<OrderType>,
    /// When ShipBob took it in.
    #[serde(default, deserialize_with = "wire::time")]
    pub created_date: Option<Timestamp>,
    /// When the buyer bought.
    #[serde(default, deserialize_with = "wire::time")]
    pub purchase_date: Option<Timestamp>,
    /// The sales channel that it came by.
    #[serde(default)]
    pub channel: Option<Place>,
    /// The shipping method that was asked for.
    #[serde(default, deserialize_with = "wire::text")]
    pub shipping_method: Option<String>,
    /// The total that the channel told, in US dollars.
    #[serde(default)]
    pub financials: Option<Financials>,
    /// Who it goes to.
    #[serde(default)]
    pub recipient: Option<Recipient>,
    /// What was ordered; nothing where the body does not say.
    #[serde(default)]
    pub products: Option<Vec<OrderedProduct>>,
    /// What a retailer wants to be told.
    #[serde(default)]
    pub retailer_program_data: Option<RetailerProgram>,
    /// Its shipments, each whole; nothing where the body does not say.
    #[serde(default)]
    pub shipments: Option<Vec<Shipment>>,
}

/// The amounts of an order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Financials {
    /// The total in US dollars.
    #[serde(deserialize_with = "wire::decimal")]
    pub total_price: Option<Decimal>,
}

/// A line of an order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct OrderedProduct {
    /// The product's id in its channel; not the inventory item's.
    #[serde(deserialize_with = "wire::optional_whole")]
    pub id: Option<u64>,
    /// The merchant's own id of the product, normally the SKU.
    #[serde(deserialize_with = "wire::loose_text")]
    pub reference_id: Option<String>,
    /// The SKU.
    #[serde(deserialize_with = "wire::loose_text")]
    pub sku: Option<String>,
    /// How many, in [`OrderedProduct::quantity_unit_of_measure_code`].
    #[serde(deserialize_with = "wire::decimal")]
    pub quantity: Option<Decimal>,
    /// The unit: `EA` each, `INP` inner pack, `CS` case, `PL` pallet; nothing for each.
    #[serde(deserialize_with = "wire::text")]
    pub quantity_unit_of_measure_code: Option<String>,
    /// The price of one.
    #[serde(deserialize_with = "wire::decimal")]
    pub unit_price: Option<Decimal>,
    /// The global trade item number.
    #[serde(deserialize_with = "wire::loose_text")]
    pub gtin: Option<String>,
    /// The universal product code.
    #[serde(deserialize_with = "wire::loose_text")]
    pub upc: Option<String>,
    /// The number of the line where the order came from.
    #[serde(deserialize_with = "wire::optional_whole")]
    pub external_line_id: Option<u64>,
}

/// What a retailer wants to be told with its goods.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct RetailerProgram {
    /// The retailer's purchase order.
    #[serde(deserialize_with = "wire::loose_text")]
    pub purchase_order_number: Option<String>,
    /// The retailer's department.
    #[serde(deserialize_with = "wire::loose_text")]
    pub department: Option<String>,
    /// When it is to be there.
    #[serde(deserialize_with = "wire::time")]
    pub delivery_date: Option<Timestamp>,
    /// When it is to leave at the latest.
    #[serde(rename = "shipByDate", deserialize_with = "wire::time")]
    pub ship_by_date: Option<Timestamp>,
}
