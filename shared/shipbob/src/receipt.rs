//! A receiving order (WRO) and its boxes: goods announced to a fulfilment centre (schemas
//! `Receiving.V2.WarehouseReceivingOrderViewModel` and `Receiving.BoxViewModel`).

use jiff::{Timestamp, civil::Date};
use rust_decimal::Decimal;
use serde::Deserialize;

use crate::{Place, wire, word::words};

words! {
    /// The status of a receiving order.
    ReceiptStatus {
        /// Not there yet.
        Awaiting = "Awaiting",
        /// Being counted and stowed.
        Processing = "Processing",
        /// All is stowed.
        Completed = "Completed",
        /// Cancelled.
        Cancelled = "Cancelled",
        /// Closed with less than was announced.
        Incomplete = "Incomplete",
        /// All is there.
        Arrived = "Arrived",
        /// Some is there.
        PartiallyArrived = "PartiallyArrived",
        /// Some is at the hub that passes it on.
        PartiallyArrivedAtHub = "PartiallyArrivedAtHub",
        /// All is at the hub that passes it on.
        ArrivedAtHub = "ArrivedAtHub",
        /// Being worked on at the hub.
        ProcessingAtHub = "ProcessingAtHub",
        /// On its way between fulfilment centres.
        InternalTransfer = "InternalTransfer",
    }
}

words! {
    /// The status of a box.
    BoxStatus {
        /// Not there yet.
        Awaiting = "Awaiting",
        /// There.
        Arrived = "Arrived",
        /// All of it is stowed.
        Completed = "Completed",
        /// Being counted.
        Counting = "Counting",
        /// Being stowed.
        Stowing = "Stowing",
        /// Cancelled.
        Cancelled = "Cancelled",
        /// On its way between fulfilment centres.
        InternalTransfer = "InternalTransfer",
    }
}

/// A receiving order as it is now. Lots are on its boxes only.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Receipt {
    /// Its id.
    #[serde(deserialize_with = "wire::whole")]
    pub id: u64,
    /// Its status.
    #[serde(default, deserialize_with = "ReceiptStatus::read")]
    pub status: Option<ReceiptStatus>,
    /// The purchase order that it belongs to: the only link, there are no line numbers.
    #[serde(default, deserialize_with = "wire::loose_text")]
    pub purchase_order_number: Option<String>,
    /// When it is expected.
    #[serde(default, deserialize_with = "wire::time")]
    pub expected_arrival_date: Option<Timestamp>,
    /// When it was made.
    #[serde(default, deserialize_with = "wire::time")]
    pub insert_date: Option<Timestamp>,
    /// When it last changed.
    #[serde(default, deserialize_with = "wire::time")]
    pub last_updated_date: Option<Timestamp>,
    /// When somebody told ShipBob that it was taken over elsewhere.
    #[serde(default, deserialize_with = "wire::time")]
    pub external_sync_timestamp: Option<Timestamp>,
    /// The fulfilment centre.
    #[serde(default)]
    pub fulfillment_center: Option<Place>,
    /// How much of each item; nothing where the body does not say.
    #[serde(default)]
    pub inventory_quantities: Option<Vec<ReceivedQuantity>>,
    /// What became of it.
    #[serde(default)]
    pub status_history: Option<Vec<StatusChange>>,
}

/// How much of an item is expected, counted and stowed. Counted numbers lag behind those of the boxes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ReceivedQuantity {
    /// The inventory item's id.
    #[serde(deserialize_with = "wire::whole")]
    pub inventory_id: u64,
    /// The SKU.
    #[serde(default, deserialize_with = "wire::loose_text")]
    pub sku: Option<String>,
    /// How many were announced.
    #[serde(default, deserialize_with = "wire::decimal")]
    pub expected_quantity: Option<Decimal>,
    /// How many were counted.
    #[serde(default, deserialize_with = "wire::decimal")]
    pub received_quantity: Option<Decimal>,
    /// How many are on the shelf: what can be sold.
    #[serde(default, deserialize_with = "wire::decimal")]
    pub stowed_quantity: Option<Decimal>,
}

/// A status, and since when.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct StatusChange {
    /// The status.
    #[serde(deserialize_with = "wire::text")]
    pub status: Option<String>,
    /// Since when.
    #[serde(deserialize_with = "wire::time")]
    pub timestamp: Option<Timestamp>,
}

/// A box of a receiving order as it is now. It does not name its receiving order.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ReceivingBox {
    /// Its id.
    #[serde(deserialize_with = "wire::whole")]
    pub box_id: u64,
    /// Its number within the receiving order, from 1.
    #[serde(default, deserialize_with = "wire::optional_whole")]
    pub box_number: Option<u64>,
    /// Its status.
    #[serde(default, deserialize_with = "BoxStatus::read")]
    pub box_status: Option<BoxStatus>,
    /// When it arrived.
    #[serde(default, deserialize_with = "wire::time")]
    pub arrived_date: Option<Timestamp>,
    /// When it was counted.
    #[serde(default, deserialize_with = "wire::time")]
    pub received_date: Option<Timestamp>,
    /// When counting began.
    #[serde(default, deserialize_with = "wire::time")]
    pub counting_started_date: Option<Timestamp>,
    /// What is in it; nothing where the body does not say.
    #[serde(default)]
    pub box_items: Option<Vec<BoxItem>>,
}

/// How much of an item and lot a box holds.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct BoxItem {
    /// The inventory item's id.
    #[serde(deserialize_with = "wire::whole")]
    pub inventory_id: u64,
    /// How many were announced.
    #[serde(default, deserialize_with = "wire::decimal")]
    pub quantity: Option<Decimal>,
    /// How many were counted.
    #[serde(default, deserialize_with = "wire::decimal")]
    pub received_quantity: Option<Decimal>,
    /// How many are on the shelf.
    #[serde(default, deserialize_with = "wire::decimal")]
    pub stowed_quantity: Option<Decimal>,
    /// The lot.
    #[serde(default, deserialize_with = "wire::loose_text")]
    pub lot_number: Option<String>,
    /// Until when the lot may be used.
    #[serde(default, deserialize_with = "wire::date")]
    pub lot_date: Option<Date>,
}
