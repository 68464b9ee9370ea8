//! What becomes of a finished batch purchase order: it is validated and transferred, or stays with its reasons.

use super::validate::{filled, validate};
use super::{Progress, PurchaseBatch, PurchaseContent, PurchaseLine, PurchaseOrder, Reason};
use crate::m3::Nok;
use crate::m3::state::M3;
use crate::master::{Record, field};
use crate::master_stock::OpenPurchaseOrder;

impl M3 {
    /// Processes the batch orders whose time has come.
    pub(crate) fn settle_purchases(&mut self) {
        let batches = &self.purchasing.batches;
        let is_due = |number: &&String| {
            let batch = batches.get(*number);
            batch.and_then(|batch| batch.pending).is_none_or(|pending| pending.is_due(self.now))
        };
        let ready: Vec<String> = self.purchasing.pending.iter().filter(is_due).cloned().collect();
        for number in ready {
            self.purchasing.pending.remove(&number);
            self.process_purchase(&number);
        }
    }

    /// A person processes a batch order (PPS370 option 30), whatever its origin.
    ///
    /// # Errors
    /// There is no such batch order, or it is still in entry.
    pub(crate) fn release_purchase(&mut self, number: &str) -> Result<(), Nok> {
        let batch = self.purchase_batch(number)?;
        if batch.status == "10" {
            return Err(Nok::generic("PUNO", format!("Purchase order {number} is in entry")));
        }
        self.purchasing.pending.remove(number);
        self.process_purchase(number);
        Ok(())
    }

    /// Validates a batch order and transfers it if it is sound. A transferred one stays as it is.
    pub(super) fn process_purchase(&mut self, number: &str) {
        let Some(mut batch) = self.purchasing.batches.get(number).cloned() else { return };
        if batch.status == "90" {
            return;
        }
        batch.pending = None;
        batch.content = filled(self, &batch.content);
        validate(self, &mut batch);
        batch.status = match batch.reason {
            None => "90".to_owned(),
            Some(_) => self.settings.purchasing.error_status.to_string(),
        };
        if batch.status == "90" {
            self.transfer(&batch);
        }
        self.purchasing.batches.insert(number.to_owned(), batch);
    }

    fn transfer(&mut self, batch: &PurchaseBatch) {
        let order = PurchaseOrder {
            number: batch.number.clone(),
            status: self.settings.purchasing.order_status.to_string(),
            changed: self.now,
            content: batch.content.clone(),
        };
        self.purchasing.orders.insert(order.number.clone(), order);
    }

    /// Takes over the purchase orders that exist at the start, with the defaults of a batch order.
    pub(crate) fn open_purchase_orders(&mut self) {
        for open in self.master.purchasing.orders.clone() {
            self.open_purchase_order(open);
        }
    }

    /// A purchase order that no batch entry made.
    pub(crate) fn open_purchase_order(&mut self, open: OpenPurchaseOrder) {
        let number = field(&open.head, "PUNO").to_owned();
        let lines = open.lines.into_iter().map(|mut fields| {
            let number = fields.remove("PNLI").and_then(|text| text.parse().ok()).unwrap_or(1);
            let (accounts, progress) = (Record::new(), Progress::default());
            PurchaseLine { number, reason: None, fields, accounts, progress }
        });
        let (texts, addresses, charges) = (Vec::new(), Vec::new(), Vec::new());
        let content = PurchaseContent { head: open.head, lines: lines.collect(), texts, addresses, charges };
        let content = filled(self, &content);
        let status = open.status.to_string();
        let order = PurchaseOrder { number: number.clone(), status, changed: self.now, content };
        self.purchasing.orders.insert(number, order);
    }

    /// The batch order of this number.
    pub(super) fn purchase_batch(&self, number: &str) -> Result<&PurchaseBatch, Nok> {
        self.purchasing.batches.get(number).ok_or_else(|| Nok::known("WPU0803", "PUNO", number))
    }
}

impl PurchaseBatch {
    /// The first reason, the head's before the lines'.
    pub(super) fn blame(&mut self, head: Option<Reason>) {
        let of_lines = self.content.lines.iter().find_map(|line| line.reason.clone());
        self.reason = head.or(of_lines);
    }
}
