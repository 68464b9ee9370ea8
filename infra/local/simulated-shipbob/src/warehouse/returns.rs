//! Goods that customers send back (`OpenAPI`, `Returns.PublicReturnDto`). Only what is restocked goes back to stock.

#![expect(clippy::struct_field_names, reason = "the names are those of the document")]

use serde::{Deserialize, Serialize};

use super::values::{Moment, Named, Number};
use super::{Warehouse, missing};
use crate::webhooks::{Message, Topic};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum ReturnStatus {
    /// Filters write it without the blank.
    #[serde(rename = "Awaiting Arrival", alias = "AwaitingArrival")]
    AwaitingArrival,
    Arrived,
    Processing,
    Completed,
    Cancelled,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct StatusStep {
    status: ReturnStatus,
    timestamp: Moment,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct ActionTaken {
    pub(crate) action: String,
    pub(crate) action_reason: Option<String>,
    pub(crate) quantity_processed: u64,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Lot {
    pub(crate) number: Option<String>,
    pub(crate) expiration: Option<Moment>,
    #[serde(rename = "minimumShelfLife")]
    pub(crate) minimum_shelf_life: Option<u64>,
}

#[derive(Debug, Clone, Serialize)]
struct ActionRequested {
    action: &'static str,
    action_type: &'static str,
    instructions: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct ReturnedItem {
    /// The inventory item.
    pub(crate) id: u64,
    pub(crate) name: Option<String>,
    pub(crate) sku: String,
    pub(crate) quantity: u64,
    barcodes: [(); 0],
    bundle_parent_sku: Option<String>,
    pub(crate) lot_information: Lot,
    action_requested: ActionRequested,
    pub(crate) action_taken: Vec<ActionTaken>,
}

#[derive(Debug, Clone, Serialize)]
struct Invoice {
    amount: Option<Number>,
    currency_code: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Return {
    pub(crate) id: u64,
    pub(crate) reference_id: Option<String>,
    store_order_id: Option<String>,
    pub(crate) original_shipment_id: Option<u64>,
    pub(crate) status: ReturnStatus,
    return_type: &'static str,
    pub(crate) insert_date: Moment,
    awaiting_arrival_date: Option<Moment>,
    arrived_date: Option<Moment>,
    processing_date: Option<Moment>,
    pub(crate) completed_date: Option<Moment>,
    cancelled_date: Option<Moment>,
    tracking_number: Option<String>,
    shipment_tracking_number: Option<String>,
    channel: Named,
    pub(crate) fulfillment_center: Named,
    /// The merchant, not the buyer.
    customer_name: &'static str,
    invoice: Invoice,
    transactions: [(); 0],
    status_history: Vec<StatusStep>,
    pub(crate) inventory: Vec<ReturnedItem>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct ArrivingItem {
    #[serde(default)]
    sku: Option<String>,
    #[serde(default)]
    inventory_id: Option<u64>,
    quantity: u64,
    #[serde(default)]
    lot: Option<String>,
    #[serde(default)]
    bundle_parent_sku: Option<String>,
}

/// What a customer sends back.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Arriving {
    #[serde(default)]
    reference_id: Option<String>,
    #[serde(default)]
    original_shipment_id: Option<u64>,
    #[serde(default)]
    fulfillment_center_id: Option<u64>,
    inventory: Vec<ArrivingItem>,
}

/// What the warehouse did with pieces of an item: `Restock`, `Quarantine` or `Dispose`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Action {
    #[serde(default)]
    sku: Option<String>,
    #[serde(default)]
    inventory_id: Option<u64>,
    #[serde(default)]
    lot: Option<String>,
    action: String,
    quantity: u64,
    #[serde(default)]
    reason: Option<String>,
}

impl Return {
    fn enter(&mut self, status: ReturnStatus, now: Moment) {
        self.status = status;
        self.status_history.push(StatusStep { status, timestamp: now });
        let date = match status {
            ReturnStatus::AwaitingArrival => &mut self.awaiting_arrival_date,
            ReturnStatus::Arrived => &mut self.arrived_date,
            ReturnStatus::Processing => &mut self.processing_date,
            ReturnStatus::Completed => &mut self.completed_date,
            ReturnStatus::Cancelled => &mut self.cancelled_date,
        };
        *date = Some(now);
    }

    fn take(&mut self, inventory_id: u64, action: &Action) -> Result<(), String> {
        let return_id = self.id;
        let mut items = self.inventory.iter_mut();
        let same = |item: &&mut ReturnedItem| {
            item.id == inventory_id && (action.lot.is_none() || item.lot_information.number == action.lot)
        };
        let item =
            items.find(same).ok_or_else(|| format!("return {return_id} has no item {inventory_id}"))?;
        item.action_taken.push(ActionTaken {
            action: action.action.clone(),
            action_reason: action.reason.clone(),
            quantity_processed: action.quantity,
        });
        Ok(())
    }
}

impl Warehouse {
    /// A return is announced.
    pub(crate) fn expect_return(
        &mut self,
        arriving: &Arriving,
        now: Moment,
    ) -> Result<(u64, Message), String> {
        let fulfillment_center = self.catalogue.centre(arriving.fulfillment_center_id)?.named();
        let inventory =
            arriving.inventory.iter().map(|item| self.returned_item(item)).collect::<Result<_, _>>()?;
        let id = self.next_id();
        let mut made = Return {
            id,
            reference_id: arriving.reference_id.clone(),
            store_order_id: None,
            original_shipment_id: arriving.original_shipment_id,
            status: ReturnStatus::AwaitingArrival,
            return_type: "Regular",
            insert_date: now,
            awaiting_arrival_date: None,
            arrived_date: None,
            processing_date: None,
            completed_date: None,
            cancelled_date: None,
            tracking_number: Some(format!("SIMR{id}")),
            shipment_tracking_number: None,
            channel: self.catalogue.channel.clone(),
            fulfillment_center,
            customer_name: "Simulated merchant",
            invoice: Invoice { amount: None, currency_code: None },
            transactions: [],
            status_history: Vec::new(),
            inventory,
        };
        made.enter(ReturnStatus::AwaitingArrival, now);
        let message = Message::new(Topic::ReturnCreated, &id, &made);
        self.returns.insert(id, made);
        Ok((id, message))
    }

    fn returned_item(&self, item: &ArrivingItem) -> Result<ReturnedItem, String> {
        let known = self.catalogue.find(item.sku.as_deref(), item.inventory_id)?;
        let lot = Lot { number: item.lot.clone(), expiration: None, minimum_shelf_life: None };
        Ok(ReturnedItem {
            id: known.inventory_id,
            name: known.name.clone(),
            sku: known.sku.clone(),
            quantity: item.quantity,
            barcodes: [],
            bundle_parent_sku: item.bundle_parent_sku.clone(),
            lot_information: lot,
            action_requested: ActionRequested {
                action: "Restock",
                action_type: "Default",
                instructions: None,
            },
            action_taken: Vec::new(),
        })
    }

    /// A return moves on: arrived, processing, cancelled.
    pub(crate) fn move_return(
        &mut self,
        id: u64,
        to: ReturnStatus,
        now: Moment,
    ) -> Result<Vec<Message>, String> {
        let found = self.open_return(id)?;
        found.enter(to, now);
        Ok(vec![Message::new(Topic::ReturnUpdated, &id, found)])
    }

    /// The warehouse is done with a return; without actions, everything is restocked.
    pub(crate) fn complete_return(
        &mut self,
        id: u64,
        actions: &[Action],
        now: Moment,
    ) -> Result<Vec<Message>, String> {
        let named = |action: &Action| {
            self.catalogue.find(action.sku.as_deref(), action.inventory_id).map(|item| item.inventory_id)
        };
        let items: Vec<u64> = actions.iter().map(named).collect::<Result<_, _>>()?;
        let open = self.open_return(id)?;
        // An action that fails changes nothing.
        let mut found = open.clone();
        for (item, action) in items.into_iter().zip(actions) {
            found.take(item, action)?;
        }
        if actions.is_empty() {
            for item in &mut found.inventory {
                let (action, quantity_processed) = ("Restock".to_owned(), item.quantity);
                item.action_taken.push(ActionTaken { action, action_reason: None, quantity_processed });
            }
        }
        found.enter(ReturnStatus::Completed, now);
        *open = found;
        Ok(vec![Message::new(Topic::ReturnCompleted, &id, open)])
    }

    fn open_return(&mut self, id: u64) -> Result<&mut Return, String> {
        let found = self.returns.get_mut(&id).ok_or_else(|| missing("return", id))?;
        if matches!(found.status, ReturnStatus::Completed | ReturnStatus::Cancelled) {
            return Err(format!("return {id} is closed"));
        }
        Ok(found)
    }
}
