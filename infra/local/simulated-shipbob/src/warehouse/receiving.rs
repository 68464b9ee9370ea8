//! Goods that come in: a warehouse receiving order, its boxes, what is counted and what is stowed. Lots are on the boxes
//! alone (`OpenAPI`, `Receiving.V2.WarehouseReceivingOrderViewModel` and `Receiving.BoxViewModel`).

use serde::Serialize;

use super::Centre;
use super::values::Moment;
use crate::webhooks::{Message, Topic};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) enum ReceivingStatus {
    Awaiting,
    PartiallyArrived,
    Arrived,
    Processing,
    Completed,
    Cancelled,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) enum BoxStatus {
    Awaiting,
    Arrived,
    Counting,
    Stowing,
    Completed,
    Cancelled,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct BoxItem {
    pub(crate) inventory_id: u64,
    pub(crate) quantity: u64,
    pub(crate) received_quantity: u64,
    pub(crate) stowed_quantity: u64,
    pub(crate) lot_number: Option<String>,
    pub(crate) lot_date: Option<Moment>,
}

impl BoxItem {
    /// Whether the other is of the same item and lot.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.inventory_id == other.inventory_id && self.lot_number == other.lot_number
    }
}

/// A box; it does not name its receiving order.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ReceivedBox {
    pub(crate) box_id: u64,
    pub(crate) box_number: u64,
    pub(crate) box_status: BoxStatus,
    pub(crate) arrived_date: Option<Moment>,
    pub(crate) received_date: Option<Moment>,
    pub(crate) counting_started_date: Option<Moment>,
    pub(crate) tracking_number: Option<String>,
    pub(crate) box_items: Vec<BoxItem>,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Step {
    id: u64,
    status: ReceivingStatus,
    timestamp: Moment,
}

/// Sums of an item over all boxes and lots.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct InventoryQuantity {
    inventory_id: u64,
    sku: Option<String>,
    expected_quantity: u64,
    /// 0 until the order is completed: it was seen to lag behind what is stowed.
    received_quantity: u64,
    stowed_quantity: u64,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct ReceivingOrder {
    pub(crate) id: u64,
    pub(crate) status: ReceivingStatus,
    pub(crate) package_type: &'static str,
    pub(crate) box_packaging_type: &'static str,
    pub(crate) expected_arrival_date: Moment,
    pub(crate) insert_date: Moment,
    pub(crate) last_updated_date: Moment,
    pub(crate) external_sync_timestamp: Option<Moment>,
    /// A relative path, as in real answers.
    pub(crate) box_labels_uri: String,
    pub(crate) fulfillment_center: Centre,
    pub(crate) purchase_order_number: Option<String>,
    pub(crate) inventory_quantities: Vec<InventoryQuantity>,
    pub(crate) status_history: Vec<Step>,
    #[serde(skip)]
    pub(crate) boxes: Vec<ReceivedBox>,
    #[serde(skip)]
    pub(crate) completed: Option<Moment>,
}

impl ReceivingOrder {
    pub(super) fn enter(&mut self, status: ReceivingStatus, now: Moment) {
        self.last_updated_date = now;
        if self.status != status {
            self.status = status;
            self.note(now);
        }
    }

    /// Refuses what can no longer happen to a closed order.
    pub(super) fn open(&self) -> Result<(), String> {
        let closed = matches!(self.status, ReceivingStatus::Completed | ReceivingStatus::Cancelled);
        if closed { Err(format!("receiving order {} is closed", self.id)) } else { Ok(()) }
    }

    pub(super) fn note(&mut self, now: Moment) {
        let id = self.status_history.len() as u64 + 1;
        self.status_history.push(Step { id, status: self.status, timestamp: now });
    }

    pub(super) fn sum(&mut self, sku_of: impl Fn(u64) -> Option<String>) {
        let completed = self.status == ReceivingStatus::Completed;
        let mut sums: Vec<InventoryQuantity> = Vec::new();
        for item in self.boxes.iter().flat_map(|one| &one.box_items) {
            let inventory_id = item.inventory_id;
            let known = sums.iter().position(|sum| sum.inventory_id == inventory_id);
            let at = known.unwrap_or_else(|| {
                let sku = sku_of(inventory_id);
                sums.push(InventoryQuantity {
                    inventory_id,
                    sku,
                    expected_quantity: 0,
                    received_quantity: 0,
                    stowed_quantity: 0,
                });
                sums.len() - 1
            });
            let sum = &mut sums[at];
            sum.expected_quantity += item.quantity;
            sum.stowed_quantity += item.stowed_quantity;
            sum.received_quantity += if completed { item.received_quantity } else { 0 };
        }
        self.inventory_quantities = sums;
    }

    pub(super) fn box_mut(&mut self, id: Option<u64>) -> Result<&mut ReceivedBox, String> {
        let order = self.id;
        let mut boxes = self.boxes.iter_mut();
        let found = boxes.find(|one| id.is_none_or(|id| one.box_id == id));
        found.ok_or_else(|| format!("receiving order {order} has no box {}", id.unwrap_or_default()))
    }

    pub(super) fn message(&self, topic: Topic) -> Message {
        Message::new(topic, &self.id, self)
    }
}
