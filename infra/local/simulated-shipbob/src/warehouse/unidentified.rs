//! Goods that no receiving order expects, or that are too many for theirs: an unidentified receiving order (URO). It names
//! neither a receiving order nor a purchase order (support page 3956393; shipbob-node-sdk, README).

use serde::Serialize;

use super::receiving::{BoxItem, BoxStatus, ReceivedBox, ReceivingOrder};
use super::values::Moment;
use super::{Centre, Warehouse, missing};
use crate::webhooks::{Message, Topic};

/// Pieces of an item above what is expected that always leave the receiving order.
const PIECES: u64 = 25;
/// Hundredths of what is expected that do so too.
const PERCENT: u64 = 10;

/// An item in it. Lots are known, the order is not.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct UnidentifiedItem {
    inventory_id: u64,
    sku: Option<String>,
    quantity: u64,
    lot_number: Option<String>,
    lot_date: Option<Moment>,
}

/// The shape is a choice: the document of 2026-07, which has it, is not public.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Unidentified {
    pub(crate) id: u64,
    /// `Unidentified`, then `Associated`.
    pub(crate) status: &'static str,
    pub(crate) insert_date: Moment,
    pub(crate) last_updated_date: Moment,
    pub(crate) fulfillment_center: Centre,
    pub(crate) inventory_quantities: Vec<UnidentifiedItem>,
}

impl ReceivingOrder {
    /// How many of these pieces stay with the order: all, unless its item is then 10 % or 25 pieces over; then what is
    /// still expected.
    pub(super) fn takes(&self, item: &BoxItem) -> u64 {
        let rows = || {
            let all = self.boxes.iter().flat_map(|one| &one.box_items);
            all.filter(|row| row.inventory_id == item.inventory_id)
        };
        let expected: u64 = rows().map(|row| row.quantity).sum();
        let stowed: u64 = rows().map(|row| row.stowed_quantity).sum();
        let over = (stowed + item.quantity).saturating_sub(expected);
        let is_large = over >= PIECES || over * 100 >= expected * PERCENT;
        if over > 0 && is_large { expected.saturating_sub(stowed).min(item.quantity) } else { item.quantity }
    }
}

impl Warehouse {
    /// Puts pieces aside.
    pub(super) fn put_aside(&mut self, centre: Centre, items: Vec<BoxItem>, now: Moment) {
        if items.is_empty() {
            return;
        }
        let id = self.next_id();
        let items = items.into_iter().map(|item| UnidentifiedItem {
            inventory_id: item.inventory_id,
            sku: self.sku(item.inventory_id),
            quantity: item.quantity,
            lot_number: item.lot_number,
            lot_date: item.lot_date,
        });
        let made = Unidentified {
            id,
            status: "Unidentified",
            insert_date: now,
            last_updated_date: now,
            fulfillment_center: centre,
            inventory_quantities: items.collect(),
        };
        self.unidentified.insert(id, made);
    }

    /// The merchant says where the pieces belong: they are stowed there, in a box of their own that expects them.
    pub(crate) fn associate(&mut self, id: u64, order: u64, now: Moment) -> Result<Vec<Message>, String> {
        let box_id = self.next_id();
        let found = self.unidentified.get(&id).filter(|one| one.status == "Unidentified");
        let found = found.ok_or_else(|| missing("unidentified receiving order", id))?;
        let items = found.inventory_quantities.iter().map(|item| BoxItem {
            inventory_id: item.inventory_id,
            quantity: item.quantity,
            received_quantity: item.quantity,
            stowed_quantity: item.quantity,
            lot_number: item.lot_number.clone(),
            lot_date: item.lot_date,
        });
        let items: Vec<BoxItem> = items.collect();
        let topics = self.receive(order, |order| {
            let added = ReceivedBox {
                box_id,
                box_number: order.boxes.len() as u64 + 1,
                box_status: BoxStatus::Completed,
                arrived_date: Some(now),
                received_date: Some(now),
                counting_started_date: Some(now),
                tracking_number: None,
                box_items: items,
            };
            order.boxes.push(added);
            order.enter(order.status, now);
            Ok(vec![Topic::WroUpdated])
        })?;
        if let Some(one) = self.unidentified.get_mut(&id) {
            (one.status, one.last_updated_date) = ("Associated", now);
        }
        Ok(self.told(order, &topics))
    }
}
