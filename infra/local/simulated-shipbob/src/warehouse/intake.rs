//! What a warehouse does with announced goods: they arrive, are stowed in parts, and are completed, however much is
//! missing.

use serde::Deserialize;

use super::receiving::{BoxItem, BoxStatus, ReceivedBox, ReceivingOrder, ReceivingStatus};
use super::values::Moment;
use super::{Warehouse, missing};
use crate::webhooks::{Message, Topic};

/// An item of a box, named by SKU or number.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AnnouncedItem {
    #[serde(default)]
    sku: Option<String>,
    #[serde(default)]
    inventory_id: Option<u64>,
    quantity: u64,
    #[serde(default)]
    lot_number: Option<String>,
    #[serde(default)]
    lot_date: Option<Moment>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AnnouncedBox {
    #[serde(default)]
    tracking_number: Option<String>,
    items: Vec<AnnouncedItem>,
}

/// What a merchant announces.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Announced {
    #[serde(default)]
    purchase_order_number: Option<String>,
    #[serde(default)]
    fulfillment_center_id: Option<u64>,
    #[serde(default)]
    expected_arrival_date: Option<Moment>,
    boxes: Vec<AnnouncedBox>,
}

/// Pieces of a box that go on a shelf, on top of those that are there already.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stowing {
    /// Without it, the first box.
    #[serde(default)]
    pub(super) box_id: Option<u64>,
    items: Vec<AnnouncedItem>,
}

impl Warehouse {
    /// A merchant announces goods.
    pub(crate) fn announce(&mut self, announced: &Announced, now: Moment) -> Result<(u64, Message), String> {
        let fulfillment_center = self.catalogue.centre(announced.fulfillment_center_id)?.clone();
        let id = self.next_id();
        let mut boxes = Vec::new();
        for (box_number, one) in (1..).zip(&announced.boxes) {
            let items = one.items.iter().map(|item| self.box_item(item)).collect::<Result<_, _>>()?;
            boxes.push(ReceivedBox {
                box_id: self.next_id(),
                box_number,
                box_status: BoxStatus::Awaiting,
                arrived_date: None,
                received_date: None,
                counting_started_date: None,
                tracking_number: one.tracking_number.clone(),
                box_items: items,
            });
        }
        let several = boxes.len() > 1;
        let mut order = ReceivingOrder {
            id,
            status: ReceivingStatus::Awaiting,
            package_type: "Package",
            box_packaging_type: if several { "MultipleSkuPerBox" } else { "EverythingInOneBox" },
            expected_arrival_date: announced.expected_arrival_date.unwrap_or(now),
            insert_date: now,
            last_updated_date: now,
            external_sync_timestamp: None,
            box_labels_uri: format!("/2026-01/receiving/{id}/labels"),
            fulfillment_center,
            purchase_order_number: announced.purchase_order_number.clone(),
            inventory_quantities: Vec::new(),
            status_history: Vec::new(),
            boxes,
            completed: None,
        };
        order.note(now);
        order.sum(|id| self.sku(id));
        let message = order.message(Topic::WroCreated);
        self.receiving.insert(id, order);
        Ok((id, message))
    }

    fn box_item(&self, item: &AnnouncedItem) -> Result<BoxItem, String> {
        let known = self.catalogue.find(item.sku.as_deref(), item.inventory_id)?;
        Ok(BoxItem {
            inventory_id: known.inventory_id,
            quantity: item.quantity,
            received_quantity: 0,
            stowed_quantity: 0,
            lot_number: item.lot_number.clone(),
            lot_date: item.lot_date,
        })
    }

    pub(super) fn sku(&self, inventory_id: u64) -> Option<String> {
        self.catalogue.items.get(&inventory_id).map(|item| item.sku.clone())
    }

    /// Changes a receiving order by a step that gives its messages, and sums it anew.
    pub(super) fn receive(
        &mut self,
        id: u64,
        step: impl FnOnce(&mut ReceivingOrder) -> Result<Vec<Topic>, String>,
    ) -> Result<Vec<Topic>, String> {
        let order = self.receiving.get_mut(&id).ok_or_else(|| missing("receiving order", id))?;
        // A step that fails half-way changes nothing.
        let mut changed = order.clone();
        let topics = step(&mut changed)?;
        *order = changed;
        let catalogue = &self.catalogue;
        order.sum(|id| catalogue.items.get(&id).map(|item| item.sku.clone()));
        Ok(topics)
    }

    /// A box arrives; without a number, all of them.
    pub(crate) fn arrive(
        &mut self,
        id: u64,
        box_id: Option<u64>,
        now: Moment,
    ) -> Result<Vec<Message>, String> {
        let mut arrived = Vec::new();
        let topics = self.receive(id, |order| {
            order.open()?;
            order.box_mut(box_id)?;
            let awaited = |one: &&mut ReceivedBox| one.box_status == BoxStatus::Awaiting;
            let named = |one: &&mut ReceivedBox| box_id.is_none_or(|id| one.box_id == id);
            for one in order.boxes.iter_mut().filter(awaited).filter(named) {
                (one.box_status, one.arrived_date) = (BoxStatus::Arrived, Some(now));
                arrived.push(Message::new(Topic::BoxArrived, &one.box_id, one));
            }
            let rest = order.boxes.iter().any(|one| one.box_status == BoxStatus::Awaiting);
            order.enter(
                match order.status {
                    ReceivingStatus::Processing => ReceivingStatus::Processing,
                    _ if rest => ReceivingStatus::PartiallyArrived,
                    _ => ReceivingStatus::Arrived,
                },
                now,
            );
            Ok(vec![Topic::WroUpdated])
        })?;
        arrived.extend(self.told(id, &topics));
        Ok(arrived)
    }

    /// The items that are named, in the same order.
    pub(super) fn named(&self, stowings: &[Stowing]) -> Result<Vec<Vec<BoxItem>>, String> {
        let items =
            |one: &Stowing| one.items.iter().map(|item| self.box_item(item)).collect::<Result<Vec<_>, _>>();
        stowings.iter().map(items).collect()
    }

    /// Pieces are stowed, a few more than announced or of another lot if it comes to that. Too many are put aside.
    pub(crate) fn stow(
        &mut self,
        id: u64,
        stowings: &[Stowing],
        now: Moment,
    ) -> Result<Vec<Message>, String> {
        let found = self.named(stowings)?;
        let (mut boxes, mut aside) = (Vec::new(), Vec::new());
        let topics = self.receive(id, |order| {
            order.open()?;
            for stowing in stowings {
                order.box_mut(stowing.box_id)?;
            }
            for (stowing, items) in stowings.iter().zip(found) {
                let one = order.box_mut(stowing.box_id)?;
                one.arrived_date.get_or_insert(now);
                one.received_date.get_or_insert(now);
                one.counting_started_date.get_or_insert(now);
                for item in items {
                    let kept = order.takes(&item);
                    if kept < item.quantity {
                        aside.push(BoxItem { quantity: item.quantity - kept, ..item.clone() });
                    }
                    if kept > 0 {
                        put_on_shelf(order.box_mut(stowing.box_id)?, BoxItem { quantity: kept, ..item });
                    }
                }
                let one = order.box_mut(stowing.box_id)?;
                let full = one.box_items.iter().all(|item| item.stowed_quantity >= item.quantity);
                one.box_status = if full { BoxStatus::Completed } else { BoxStatus::Stowing };
                boxes.retain(|id| *id != one.box_id);
                boxes.push(one.box_id);
            }
            order.enter(ReceivingStatus::Processing, now);
            Ok(vec![Topic::WroUpdated])
        })?;
        if let Some(centre) = self.receiving.get(&id).map(|order| order.fulfillment_center.clone()) {
            self.put_aside(centre, aside, now);
        }
        let order = self.receiving.get(&id).into_iter().flat_map(|order| &order.boxes);
        let stowed = order.filter(|one| boxes.contains(&one.box_id));
        let mut messages: Vec<Message> =
            stowed.map(|one| Message::new(Topic::BoxStowed, &one.box_id, one)).collect();
        messages.extend(self.told(id, &topics));
        Ok(messages)
    }

    /// Receiving ends, whatever is missing.
    pub(crate) fn complete_receiving(&mut self, id: u64, now: Moment) -> Result<Vec<Message>, String> {
        let topics = self.receive(id, |order| {
            order.open()?;
            order.boxes.iter_mut().for_each(|one| one.box_status = BoxStatus::Completed);
            order.completed = Some(now);
            order.enter(ReceivingStatus::Completed, now);
            Ok(vec![Topic::WroCompleted])
        })?;
        Ok(self.told(id, &topics))
    }

    /// The merchant takes the announcement back.
    pub(crate) fn cancel_receiving(&mut self, id: u64, now: Moment) -> Result<Vec<Message>, String> {
        let topics = self.receive(id, |order| {
            if order.boxes.iter().any(|one| one.arrived_date.is_some()) {
                return Err(format!("receiving order {id} has arrived"));
            }
            order.boxes.iter_mut().for_each(|one| one.box_status = BoxStatus::Cancelled);
            order.enter(ReceivingStatus::Cancelled, now);
            Ok(vec![Topic::WroUpdated])
        })?;
        Ok(self.told(id, &topics))
    }

    pub(super) fn told(&self, id: u64, topics: &[Topic]) -> Vec<Message> {
        let order = self.receiving.get(&id);
        topics.iter().filter_map(|topic| order.map(|order| order.message(*topic))).collect()
    }
}

/// Adds to the row of the same item and lot; a lot that was not announced gets a row of its own, with nothing expected.
fn put_on_shelf(one: &mut ReceivedBox, item: BoxItem) {
    if let Some(row) = one.box_items.iter_mut().find(|row| row.is_same(&item)) {
        row.stowed_quantity += item.quantity;
        row.received_quantity = row.received_quantity.max(row.stowed_quantity);
        return;
    }
    let stowed = item.quantity;
    one.box_items.push(BoxItem { quantity: 0, received_quantity: stowed, stowed_quantity: stowed, ..item });
}
