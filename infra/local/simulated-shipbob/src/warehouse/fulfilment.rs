//! What a warehouse does with orders: imports, ships whole or in parcels, delivers, holds, cancels, corrects.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::order::{Members, Order, OrderStatus, part};
use super::shipment::{Picked, Shipment, ShipmentStatus, ShippedProduct, StatusDetail, Tracking};
use super::values::{Moment, Number};
use super::{Warehouse, missing};
use crate::webhooks::{Message, Topic};

/// Pieces that go into a parcel.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pick {
    /// SKU of the order line; a kit goes in as its components.
    sku: String,
    quantity: u64,
    #[serde(default)]
    lot: Option<String>,
    #[serde(default)]
    expiration_date: Option<Moment>,
}

/// One parcel; without picks, everything that is still to go.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Parcel {
    fulfillment_center_id: Option<u64>,
    picks: Option<Vec<Pick>>,
    invoice_amount: Option<Number>,
    /// Its items show no quantity, as most of those did that others have seen.
    without_quantities: bool,
    /// It has no tracking number yet.
    without_tracking: bool,
}

/// A quantity that turned out to be another.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Correction {
    inventory_id: u64,
    #[serde(default)]
    lot: Option<String>,
    quantity: u64,
}

impl Warehouse {
    /// Adds an order as the store sent it. One with an unknown product waits in import review.
    pub(crate) fn put_order(&mut self, members: Members, now: Moment) -> Result<u64, String> {
        let id = match part(&members, "id")? {
            Some(id) if self.orders.contains_key(&id) => {
                return Err(format!("there is an order {id} already"));
            }
            Some(id) => id,
            None => self.next_id(),
        };
        let order = Order::read(members, id, now)?;
        let known =
            |sku: &Option<String>| sku.as_deref().is_some_and(|sku| self.catalogue.by_sku(sku).is_some());
        let complete = order.lines.iter().all(|line| known(&line.sku));
        self.orders.insert(id, order);
        if complete {
            self.open_rest(id, now)?;
        } else {
            self.order_mut(id)?.status = OrderStatus::ImportReview;
        }
        Ok(id)
    }

    /// Ships parcels of an order, one after the other; each publishes the whole order. What is left waits on.
    pub(crate) fn ship(&mut self, id: u64, parcels: &[Parcel], now: Moment) -> Result<Vec<Message>, String> {
        let before = self.order(id)?.clone();
        match before.status {
            OrderStatus::ImportReview => {
                return Err(format!("order {id} is in import review: an item is unknown"));
            }
            OrderStatus::Cancelled => return Err(format!("order {id} is cancelled")),
            _ => {}
        }
        let shipments: Vec<Shipment> = self.shipments_of(&before).cloned().collect();
        let shipped: Result<Vec<Message>, String> =
            parcels.iter().map(|parcel| self.ship_one(id, parcel, now)).collect();
        if shipped.is_err() {
            // All parcels leave or none.
            self.shipments.retain(|_, one| one.order_id != id);
            self.shipments.extend(shipments.into_iter().map(|one| (one.id, one)));
            self.orders.insert(id, before);
        }
        shipped
    }

    fn ship_one(&mut self, id: u64, parcel: &Parcel, now: Moment) -> Result<Message, String> {
        let rest = self.rest(id)?;
        let all = || {
            let pick = |(sku, quantity): (&String, &u64)| Pick {
                sku: sku.clone(),
                quantity: *quantity,
                lot: None,
                expiration_date: None,
            };
            rest.iter().map(pick).collect()
        };
        let picks = parcel.picks.clone().unwrap_or_else(all);
        within(&picks, &rest)?;
        let products = self.products(id, &picks, !parcel.without_quantities)?;
        let location = self.catalogue.centre(parcel.fulfillment_center_id)?.named();
        let number = self.pending(id, now)?;
        let amount = self.shown(number, parcel.invoice_amount, now);
        let Some(shipment) = self.shipments.get_mut(&number) else { return Err(missing("shipment", number)) };
        shipment.status = ShipmentStatus::Completed;
        shipment.status_details = Vec::new();
        shipment.products = products;
        shipment.location = location;
        shipment.last_update_at = Some(now);
        shipment.actual_fulfillment_date = Some(now);
        shipment.estimated_fulfillment_date_status = "FulfilledOnTime";
        shipment.invoice_amount = amount;
        shipment.invoice_currency_code = amount.map(|_| "USD".to_owned());
        shipment.tracking = (!parcel.without_tracking).then(|| Tracking::of(number, now));
        shipment.last_tracking_update_at = shipment.tracking.as_ref().map(|_| now);
        self.settle(id, now)?;
        self.order_message(id)
    }

    /// A carrier delivered a shipment; the last one delivers its order.
    pub(crate) fn deliver(&mut self, id: u64, now: Moment) -> Result<Vec<Message>, String> {
        let shipment = self.shipments.get_mut(&id).ok_or_else(|| missing("shipment", id))?;
        if shipment.status != ShipmentStatus::Completed {
            return Err(format!("shipment {id} has not left"));
        }
        shipment.delivery_date = Some(now);
        shipment.last_update_at = Some(now);
        shipment.last_tracking_update_at = Some(now);
        let mut messages = [Topic::TrackingUpdated, Topic::ShipmentDelivered]
            .map(|topic| Message::new(topic, &id, shipment))
            .to_vec();
        let order = shipment.order_id;
        let order = self.order(order)?;
        let arrived = |one: &Shipment| one.status == ShipmentStatus::Cancelled || one.delivery_date.is_some();
        if self.shipments_of(order).all(arrived) {
            messages.push(Message::new(Topic::OrderDelivered, &order.id, &self.view(order)));
        }
        Ok(messages)
    }

    /// Something keeps a shipment from being picked: an exception, or a hold.
    pub(crate) fn stop(
        &mut self,
        id: u64,
        status: ShipmentStatus,
        now: Moment,
    ) -> Result<Vec<Message>, String> {
        let shipment = self.shipments.get_mut(&id).ok_or_else(|| missing("shipment", id))?;
        if !shipment.is_pending() {
            return Err(format!("shipment {id} is not pending"));
        }
        let exception = status == ShipmentStatus::Exception;
        let (topic, detail) = if exception {
            (
                Topic::ShipmentException,
                StatusDetail { id: 300, name: "Exception", description: "Out of stock" },
            )
        } else {
            (
                Topic::ShipmentOnHold,
                StatusDetail { id: 400, name: "OnHold", description: "Held by the merchant" },
            )
        };
        shipment.status = status;
        shipment.status_details = vec![detail];
        shipment.last_update_at = Some(now);
        Ok(vec![Message::new(topic, &id, shipment)])
    }

    /// Cancels a shipment; one that had left comes back to stock.
    pub(crate) fn cancel_shipment(&mut self, id: u64, now: Moment) -> Result<Vec<Message>, String> {
        let shipment = self.shipments.get_mut(&id).ok_or_else(|| missing("shipment", id))?;
        shipment.status = ShipmentStatus::Cancelled;
        shipment.last_update_at = Some(now);
        let message = Message::new(Topic::ShipmentCancelled, &id, shipment);
        let order = shipment.order_id;
        let gone = self.shipments_of(self.order(order)?).all(|one| one.status == ShipmentStatus::Cancelled);
        if gone {
            self.order_mut(order)?.status = OrderStatus::Cancelled;
        }
        Ok(vec![message])
    }

    /// Cancels what has not left of an order.
    pub(crate) fn cancel_order(&mut self, id: u64, now: Moment) -> Result<Vec<Message>, String> {
        let pending = |one: &&Shipment| one.is_pending();
        let ids: Vec<u64> = self.shipments_of(self.order(id)?).filter(pending).map(|one| one.id).collect();
        let mut messages = Vec::new();
        for shipment in ids {
            messages.extend(self.cancel_shipment(shipment, now)?);
        }
        Ok(messages)
    }

    /// Quantities of a shipment that left turn out to be others. No topic is named for that, so the order is told again.
    pub(crate) fn correct(
        &mut self,
        id: u64,
        corrections: &[Correction],
        now: Moment,
    ) -> Result<Vec<Message>, String> {
        let shipment = self.shipments.get(&id).ok_or_else(|| missing("shipment", id))?;
        let mut shipment = shipment.clone();
        for correction in corrections {
            let items = shipment.products.iter_mut().flat_map(|product| &mut product.inventory_items);
            let mut same =
                items.filter(|item| item.id == correction.inventory_id && item.lot == correction.lot);
            let item = same.next().ok_or_else(|| missing("inventory item", correction.inventory_id))?;
            item.pieces = correction.quantity;
            item.quantity = Some(correction.quantity);
        }
        shipment.last_update_at = Some(now);
        let order = shipment.order_id;
        self.shipments.insert(id, shipment);
        Ok(vec![self.order_message(order)?])
    }

    /// ShipBob bills a shipment: its amount was unknown when it left.
    pub(crate) fn bill(&mut self, id: u64, amount: Number, now: Moment) -> Result<(), String> {
        let shipment = self.shipments.get_mut(&id).ok_or_else(|| missing("shipment", id))?;
        (shipment.invoice_amount, shipment.invoice_currency_code) = (Some(amount), Some("USD".to_owned()));
        shipment.last_update_at = Some(now);
        Ok(())
    }

    /// Pieces of each line that are in no shipment that left.
    fn rest(&self, id: u64) -> Result<BTreeMap<String, u64>, String> {
        let order = self.order(id)?;
        let mut rest = BTreeMap::<String, u64>::new();
        for line in &order.lines {
            *rest.entry(line.sku.clone().unwrap_or_default()).or_default() += line.quantity;
        }
        for shipment in self.shipments_of(order).filter(|one| one.status == ShipmentStatus::Completed) {
            for product in &shipment.products {
                let left = rest.entry(product.sku.clone()).or_default();
                *left = left.saturating_sub(product.ordered);
            }
        }
        rest.retain(|_, quantity| *quantity > 0);
        Ok(rest)
    }

    /// The order's status, and a new shipment for what is left.
    fn settle(&mut self, id: u64, now: Moment) -> Result<(), String> {
        let left = !self.rest(id)?.is_empty();
        self.order_mut(id)?.status =
            if left { OrderStatus::PartiallyFulfilled } else { OrderStatus::Fulfilled };
        if left { self.open_rest(id, now) } else { Ok(()) }
    }

    /// A pending shipment of everything that has not left.
    fn open_rest(&mut self, id: u64, now: Moment) -> Result<(), String> {
        let rest = self.rest(id)?;
        let pick = |(sku, quantity)| Pick { sku, quantity, lot: None, expiration_date: None };
        let picks: Vec<Pick> = rest.into_iter().map(pick).collect();
        let products = self.products(id, &picks, true)?;
        let number = self.pending(id, now)?;
        if let Some(shipment) = self.shipments.get_mut(&number) {
            shipment.products = products;
        }
        Ok(())
    }

    /// The number of the order's pending shipment, which is made if there is none.
    fn pending(&mut self, id: u64, now: Moment) -> Result<u64, String> {
        let order = self.order(id)?;
        if let Some(pending) = self.shipments_of(order).find(|one| one.is_pending()) {
            return Ok(pending.id);
        }
        let recipient = order.members.get("recipient").cloned();
        let (reference, location) = (order.reference_id.clone(), self.catalogue.centre(None)?.named());
        let ship_option = part(&order.members, "shipping_method")?;
        let number = self.next_id();
        let made =
            Shipment { ship_option, recipient, ..Shipment::pending(number, id, reference, location, now) };
        self.shipments.insert(number, made);
        self.order_mut(id)?.shipments.push(number);
        Ok(number)
    }

    fn products(&self, id: u64, picks: &[Pick], shown: bool) -> Result<Vec<ShippedProduct>, String> {
        let order = self.order(id)?;
        let mut products: Vec<ShippedProduct> = Vec::new();
        for pick in picks {
            let item = self.catalogue.find(Some(&pick.sku), None)?;
            let picked =
                self.catalogue.stocked(item, pick.quantity)?.into_iter().map(|(stocked, pieces)| Picked {
                    id: stocked.inventory_id,
                    name: stocked.name.clone(),
                    quantity: shown.then_some(pieces),
                    quantity_committed: 0,
                    lot: pick.lot.clone(),
                    expiration_date: pick.expiration_date,
                    serial_numbers: Vec::new(),
                    is_dangerous_goods: false,
                    pieces,
                });
            if let Some(product) = products.iter_mut().find(|product| product.sku == pick.sku) {
                product.inventory_items.extend(picked);
                product.ordered += pick.quantity;
                continue;
            }
            let line = order.line(&pick.sku);
            products.push(ShippedProduct {
                id: line.and_then(|line| line.id).unwrap_or(item.inventory_id),
                reference_id: line.and_then(|line| line.reference_id.clone()),
                sku: pick.sku.clone(),
                name: item.name.clone(),
                inventory_items: picked.collect(),
                ordered: pick.quantity,
            });
        }
        Ok(products)
    }

    fn order_message(&self, id: u64) -> Result<Message, String> {
        let order = self.order(id)?;
        Ok(Message::new(Topic::OrderShipped, &id, &self.view(order)))
    }
}

fn within(picks: &[Pick], rest: &BTreeMap<String, u64>) -> Result<(), String> {
    let mut left = rest.clone();
    for pick in picks {
        let known =
            left.get_mut(&pick.sku).filter(|quantity| **quantity >= pick.quantity && pick.quantity > 0);
        let quantity =
            known.ok_or_else(|| format!("{} of {} are not left to ship", pick.quantity, pick.sku))?;
        *quantity -= pick.quantity;
    }
    if picks.is_empty() { Err("nothing is left to ship".to_owned()) } else { Ok(()) }
}
