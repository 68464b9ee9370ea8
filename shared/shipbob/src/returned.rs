//! A return: goods that come back (schema `Returns.PublicReturnDto`).

use jiff::{Timestamp, civil::Date};
use rust_decimal::Decimal;
use serde::Deserialize;

use crate::{Place, StatusChange, wire, word::words};

words! {
    /// The status of a return. The specification gives no list.
    ReturnStatus {
        /// Not there yet.
        AwaitingArrival = "Awaiting Arrival",
        /// There.
        Arrived = "Arrived",
        /// Being worked on.
        Processing = "Processing",
        /// All was worked on.
        Completed = "Completed",
        /// Cancelled.
        Cancelled = "Cancelled",
    }
}

words! {
    /// What was done with goods that came back.
    ReturnAction {
        /// Whatever the merchant's settings say.
        Default = "Default",
        /// Back on the shelf.
        Restock = "Restock",
        /// Set aside.
        Quarantine = "Quarantine",
        /// Thrown away.
        Dispose = "Dispose",
    }
}

words! {
    /// The type of a return.
    ReturnType {
        /// The buyer sent it back.
        Regular = "Regular",
        /// The carrier could not deliver it.
        ReturnToSender = "RTS" | "ReturnToSender",
    }
}

/// A return as it is now. Its `customer_name` is the merchant and is not read.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Return {
    /// Its id.
    #[serde(deserialize_with = "wire::whole")]
    pub id: u64,
    /// The merchant's own id of it.
    #[serde(default, deserialize_with = "wire::loose_text")]
    pub reference_id: Option<String>,
    /// The order's id in the shop.
    #[serde(default, deserialize_with = "wire::loose_text")]
    pub store_order_id: Option<String>,
    /// The shipment that comes back.
    #[serde(default, deserialize_with = "wire::optional_whole")]
    pub original_shipment_id: Option<u64>,
    /// Its status.
    #[serde(default, deserialize_with = "ReturnStatus::read")]
    pub status: Option<ReturnStatus>,
    /// Its type.
    #[serde(default, deserialize_with = "ReturnType::read")]
    pub return_type: Option<ReturnType>,
    /// When it was made.
    #[serde(default, deserialize_with = "wire::time")]
    pub insert_date: Option<Timestamp>,
    /// When it arrived.
    #[serde(default, deserialize_with = "wire::time")]
    pub arrived_date: Option<Timestamp>,
    /// When work on it began.
    #[serde(default, deserialize_with = "wire::time")]
    pub processing_date: Option<Timestamp>,
    /// When all was worked on.
    #[serde(default, deserialize_with = "wire::time")]
    pub completed_date: Option<Timestamp>,
    /// When it was cancelled.
    #[serde(default, deserialize_with = "wire::time")]
    pub cancelled_date: Option<Timestamp>,
    /// The parcel that it comes back in.
    #[serde(default, deserialize_with = "wire::loose_text")]
    pub tracking_number: Option<String>,
    /// The sales channel.
    #[serde(default)]
    pub channel: Option<Place>,
    /// The fulfilment centre.
    #[serde(default)]
    pub fulfillment_center: Option<Place>,
    /// What comes back; nothing where the body does not say.
    #[serde(default)]
    pub inventory: Option<Vec<ReturnedItem>>,
    /// What became of it.
    #[serde(default)]
    pub status_history: Option<Vec<StatusChange>>,
}

/// An item that comes back.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ReturnedItem {
    /// The inventory item's id.
    #[serde(deserialize_with = "wire::whole")]
    pub id: u64,
    /// The SKU.
    #[serde(default, deserialize_with = "wire::loose_text")]
    pub sku: Option<String>,
    /// How many are expected or came.
    #[serde(default, deserialize_with = "wire::decimal")]
    pub quantity: Option<Decimal>,
    /// The SKU of the kit that it is a part of.
    #[serde(default, deserialize_with = "wire::loose_text")]
    pub bundle_parent_sku: Option<String>,
    /// Its lot.
    #[serde(default)]
    pub lot_information: Option<ReturnedLot>,
    /// What was done with it; nothing where the body does not say.
    #[serde(default)]
    pub action_taken: Option<Vec<ActionTaken>>,
}

/// The lot of goods that came back.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct ReturnedLot {
    /// Its number.
    #[serde(deserialize_with = "wire::loose_text")]
    pub number: Option<String>,
    /// Until when it may be used.
    #[serde(deserialize_with = "wire::date")]
    pub expiration: Option<Date>,
}

/// What was done with some of an item.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct ActionTaken {
    /// What.
    #[serde(deserialize_with = "ReturnAction::read")]
    pub action: Option<ReturnAction>,
    /// Why.
    #[serde(deserialize_with = "wire::text")]
    pub action_reason: Option<String>,
    /// With how many.
    #[serde(deserialize_with = "wire::decimal")]
    pub quantity_processed: Option<Decimal>,
}
