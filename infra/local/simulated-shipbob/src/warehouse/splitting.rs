//! What warehouse staff do to a receiving order beyond receiving it: they count it before it is stowed, and split it into
//! several without a word of where the new ones come from (shipbob-node-sdk, README).

use serde::Deserialize;

use super::intake::Stowing;
use super::receiving::{BoxItem, BoxStatus, ReceivingOrder, ReceivingStatus};
use super::values::Moment;
use super::{Warehouse, missing};
use crate::webhooks::{Message, Topic};

/// How an order is split.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Split {
    /// Each list of box numbers becomes an order of its own.
    boxes: Vec<Vec<u64>>,
    /// Whether the new ones keep the purchase order's number. Nothing else would tell whose they are.
    #[serde(default)]
    keeps_purchase_order: bool,
}

impl Warehouse {
    /// Pieces are counted: received, and not on a shelf yet.
    pub(crate) fn count(
        &mut self,
        id: u64,
        countings: &[Stowing],
        now: Moment,
    ) -> Result<Vec<Message>, String> {
        let found = self.named(countings)?;
        let topics = self.receive(id, |order| {
            order.open()?;
            for (counting, items) in countings.iter().zip(found) {
                let one = order.box_mut(counting.box_id)?;
                one.arrived_date.get_or_insert(now);
                one.received_date.get_or_insert(now);
                one.counting_started_date.get_or_insert(now);
                one.box_status = BoxStatus::Counting;
                for item in items {
                    match one.box_items.iter_mut().find(|row| row.is_same(&item)) {
                        Some(row) => row.received_quantity += item.quantity,
                        None => one.box_items.push(BoxItem {
                            quantity: 0,
                            received_quantity: item.quantity,
                            ..item
                        }),
                    }
                }
            }
            order.enter(ReceivingStatus::Processing, now);
            Ok(vec![Topic::WroUpdated])
        })?;
        Ok(self.told(id, &topics))
    }

    /// Boxes become receiving orders of their own; their numbers, and what is told.
    pub(crate) fn split(
        &mut self,
        id: u64,
        split: &Split,
        now: Moment,
    ) -> Result<(Vec<u64>, Vec<Message>), String> {
        let order = self.receiving.get(&id).ok_or_else(|| missing("receiving order", id))?;
        order.open()?;
        let mut rest = order.clone();
        let mut parts = Vec::new();
        for boxes in &split.boxes {
            let mut part = rest.without_its_past(now);
            part.boxes = boxes.iter().map(|one| rest.take_box(*one)).collect::<Result<_, _>>()?;
            part.purchase_order_number =
                rest.purchase_order_number.clone().filter(|_| split.keeps_purchase_order);
            let has_arrived = part.boxes.iter().all(|one| one.arrived_date.is_some());
            part.status = if has_arrived { ReceivingStatus::Arrived } else { ReceivingStatus::Awaiting };
            part.note(now);
            parts.push(part);
        }
        rest.enter(rest.status, now);
        self.receiving.insert(id, rest);
        let mut ids = Vec::new();
        for mut part in parts {
            part.id = self.next_id();
            part.box_labels_uri = format!("/2026-01/receiving/{}/labels", part.id);
            ids.push(part.id);
            self.receiving.insert(part.id, part);
        }
        let mut messages = Vec::new();
        for (changed, topic) in ids.iter().map(|id| (*id, Topic::WroCreated)).chain([(id, Topic::WroUpdated)])
        {
            self.receive(changed, |_| Ok(Vec::new()))?;
            messages.extend(self.told(changed, &[topic]));
        }
        Ok((ids, messages))
    }
}

impl ReceivingOrder {
    /// The same order as if it were just made, without boxes.
    fn without_its_past(&self, now: Moment) -> Self {
        Self {
            insert_date: now,
            last_updated_date: now,
            external_sync_timestamp: None,
            status_history: Vec::new(),
            boxes: Vec::new(),
            ..self.clone()
        }
    }

    /// Takes a box out of which nothing is stowed.
    fn take_box(&mut self, id: u64) -> Result<super::receiving::ReceivedBox, String> {
        let at = self.boxes.iter().position(|one| one.box_id == id);
        let at = at.ok_or_else(|| format!("receiving order {} has no box {id}", self.id))?;
        if self.boxes[at].box_items.iter().any(|item| item.stowed_quantity > 0) {
            return Err(format!("of box {id} something is stowed"));
        }
        Ok(self.boxes.remove(at))
    }
}
