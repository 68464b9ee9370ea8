//! A shipment in the shape that the API answers (`OpenAPI`, `Orders.ShipmentViewModel`). What it shows of quantities
//! may be less than what was really picked.

#![expect(clippy::struct_field_names, reason = "the names are those of the document")]

use serde::Serialize;
use serde_json::value::RawValue;

use super::values::{Moment, Named, Number};

/// Where a shipment stands; the other values of the enum never come up here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) enum ShipmentStatus {
    Processing,
    /// Left the warehouse; not delivered yet.
    Completed,
    Exception,
    OnHold,
    Cancelled,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct StatusDetail {
    pub(crate) id: u64,
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Tracking {
    pub(crate) carrier: String,
    pub(crate) carrier_service: String,
    pub(crate) tracking_number: String,
    pub(crate) tracking_url: String,
    pub(crate) shipping_date: Moment,
}

#[derive(Debug, Clone, Copy, Default, Serialize)]
pub(crate) struct Measurements {
    pub(crate) length_in: u32,
    pub(crate) width_in: u32,
    pub(crate) depth_in: u32,
    pub(crate) total_weight_oz: u32,
}

/// Pieces of one inventory item and lot.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Picked {
    pub(crate) id: u64,
    pub(crate) name: Option<String>,
    /// As shown; it may be missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) quantity: Option<u64>,
    pub(crate) quantity_committed: u64,
    pub(crate) lot: Option<String>,
    pub(crate) expiration_date: Option<Moment>,
    pub(crate) serial_numbers: Vec<String>,
    pub(crate) is_dangerous_goods: bool,
    /// As it is.
    #[serde(skip)]
    pub(crate) pieces: u64,
}

/// A line of the order; it has no quantity of its own.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ShippedProduct {
    pub(crate) id: u64,
    pub(crate) reference_id: Option<String>,
    pub(crate) sku: String,
    pub(crate) name: Option<String>,
    pub(crate) inventory_items: Vec<Picked>,
    /// Pieces of the order line that are in it: kits count as one.
    #[serde(skip)]
    pub(crate) ordered: u64,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Shipment {
    pub(crate) id: u64,
    pub(crate) order_id: u64,
    pub(crate) reference_id: Option<String>,
    pub(crate) status: ShipmentStatus,
    pub(crate) status_details: Vec<StatusDetail>,
    pub(crate) created_date: Moment,
    /// None until something changes it.
    pub(crate) last_update_at: Option<Moment>,
    pub(crate) last_tracking_update_at: Option<Moment>,
    pub(crate) actual_fulfillment_date: Option<Moment>,
    pub(crate) estimated_fulfillment_date: Option<Moment>,
    pub(crate) estimated_fulfillment_date_status: &'static str,
    pub(crate) delivery_date: Option<Moment>,
    pub(crate) location: Named,
    pub(crate) ship_option: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tracking: Option<Tracking>,
    pub(crate) measurements: Measurements,
    pub(crate) invoice_amount: Option<Number>,
    pub(crate) invoice_currency_code: Option<String>,
    pub(crate) insurance_value: Option<Number>,
    pub(crate) is_tracking_uploaded: bool,
    pub(crate) require_signature: bool,
    pub(crate) package_material_type: &'static str,
    pub(crate) gift_message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) recipient: Option<Box<RawValue>>,
    pub(crate) parent_cartons: [(); 0],
    pub(crate) products: Vec<ShippedProduct>,
}

impl Tracking {
    /// The carrier's number follows from the shipment's.
    pub(crate) fn of(number: u64, now: Moment) -> Self {
        let tracking_number = format!("SIM{number:012}");
        let tracking_url = format!("https://tracking.example/{tracking_number}");
        let (carrier, carrier_service) = ("USPS".to_owned(), "Ground Advantage".to_owned());
        Self { carrier, carrier_service, tracking_number, tracking_url, shipping_date: now }
    }
}

impl Shipment {
    /// One that waits to be picked.
    pub(crate) fn pending(
        id: u64,
        order_id: u64,
        reference_id: Option<String>,
        location: Named,
        now: Moment,
    ) -> Self {
        Self {
            id,
            order_id,
            reference_id,
            status: ShipmentStatus::Processing,
            status_details: Vec::new(),
            created_date: now,
            last_update_at: None,
            last_tracking_update_at: None,
            actual_fulfillment_date: None,
            estimated_fulfillment_date: Some(now),
            estimated_fulfillment_date_status: "PendingOnTime",
            delivery_date: None,
            location,
            ship_option: None,
            tracking: None,
            measurements: Measurements::default(),
            invoice_amount: None,
            invoice_currency_code: None,
            insurance_value: None,
            is_tracking_uploaded: false,
            require_signature: false,
            package_material_type: "Box",
            gift_message: None,
            recipient: None,
            parent_cartons: [],
            products: Vec::new(),
        }
    }

    /// Pieces that left the warehouse, if it left at all.
    pub(crate) fn picked(&self) -> impl Iterator<Item = &Picked> {
        let left = self.status == ShipmentStatus::Completed;
        self.products.iter().filter(move |_| left).flat_map(|product| &product.inventory_items)
    }

    /// Whether it still waits to be picked.
    pub(crate) fn is_pending(&self) -> bool {
        matches!(self.status, ShipmentStatus::Processing | ShipmentStatus::Exception | ShipmentStatus::OnHold)
    }
}
