//! `OIS100MI/Confirm` and what follows: the batch order is checked and becomes a customer order, or stays
//! with a status and its reasons (OIS275). A batch order never becomes two customer orders.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::batch::usable_customer;
use super::batch_lines::{in_warehouse, usable_item};
use super::state::{BatchOrder, CustomerOrder, Line, M3, Message, Pending};
use super::{Call, Nok, Outcome};
use crate::master::{Record, field, record};
use crate::settings::ConfirmMode;

/// A status that a fault gives to the next confirmed batch order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ForcedStatus {
    pub(crate) status: String,
    pub(crate) code: String,
    pub(crate) text: String,
}

/// `Confirm`. Confirming again gives the same order again; after an error it checks anew.
pub(super) fn confirm(m3: &mut M3, call: &Call<'_>) -> Outcome {
    let number = call.input.get("ORNO");
    let batch = m3.batch(number)?;
    if batch.order.is_some() && m3.settings.repeats_count {
        return Err(Nok::generic("", format!("Batch order {number} has been confirmed already")));
    }
    if batch.order.is_some() || batch.pending.is_some() {
        return Ok(vec![confirmed(batch, call.confirm)]);
    }
    match (&call.forced, call.confirm) {
        (Some(forced), _) => force(m3, number, forced),
        (None, ConfirmMode::Later { seconds, asks }) => {
            let ready = call.now + SignedDuration::from_secs(i64::from(seconds));
            change(m3, number, |batch| batch.pending = Some(Pending { ready, asks }));
            m3.pending.insert(number.to_owned());
            m3.settle(call.now);
        }
        (None, _) => m3.release(number)?,
    }
    Ok(vec![confirmed(m3.batch(number)?, call.confirm)])
}

fn confirmed(batch: &BatchOrder, mode: ConfirmMode) -> Record {
    let status = if mode == ConfirmMode::WithoutStatus { "" } else { batch.status.as_str() };
    record(&[("ORNO", batch.order.as_deref().unwrap_or_default()), ("STAT", status)])
}

/// `OIS275MI/GetTmpOrderStat`. Each question counts towards a confirmation that comes after so many.
pub(super) fn status(m3: &mut M3, call: &Call<'_>) -> Outcome {
    let number = call.input.get("ORNO");
    let batch = m3.batch(number)?;
    let order = batch.order.clone().unwrap_or_default();
    let row = record(&[("ORNO", number), ("ORNR", &order), ("STAT", &batch.status)]);
    change(m3, number, |batch| {
        if let Some(pending) = &mut batch.pending {
            pending.ask();
        }
    });
    Ok(vec![row])
}

fn force(m3: &mut M3, number: &str, forced: &ForcedStatus) {
    let nok = Nok { code: forced.code.clone(), field: String::new(), text: forced.text.clone() };
    change(m3, number, |batch| {
        batch.status.clone_from(&forced.status);
        batch.messages = vec![Message::head(&nok, "")];
    });
}

fn change(m3: &mut M3, number: &str, apply: impl FnOnce(&mut BatchOrder)) {
    if let Some(batch) = m3.batches.get_mut(number) {
        apply(batch);
    }
}

impl M3 {
    /// Does what was to be done later and whose time has come.
    pub(crate) fn settle(&mut self, now: Timestamp) {
        self.now = now;
        self.settle_confirmations(now);
        self.settle_changes();
        self.settle_purchases();
        self.settle_journals();
        self.settle_stock();
    }

    fn settle_confirmations(&mut self, now: Timestamp) {
        let is_due = |number: &String| self.batches[number].pending.is_none_or(|pending| pending.is_due(now));
        let ready: Vec<String> = self.pending.iter().filter(|number| is_due(number)).cloned().collect();
        for number in ready {
            self.pending.remove(&number);
            change(self, &number, |batch| batch.pending = None);
            // The batch order is there: its number was read from the list just now.
            let _ = self.release(&number);
        }
    }

    /// Checks a batch order and posts it if it is sound: what Confirm does, and a person with OIS275
    /// option 9.
    ///
    /// # Errors
    /// The batch order does not exist.
    pub(crate) fn release(&mut self, number: &str) -> Result<(), Nok> {
        let batch = self.batch(number)?;
        if batch.order.is_some() {
            return Ok(());
        }
        let (status, messages) = assess(self, batch);
        let order = (status == "90").then(|| self.post(number)).transpose()?;
        change(self, number, |batch| {
            batch.status = status;
            batch.messages = messages;
            batch.order = order;
        });
        Ok(())
    }

    fn post(&mut self, temporary: &str) -> Result<String, Nok> {
        let mut content = self.batch(temporary)?.content.clone();
        let status = self.settings.stock.new_order_status.to_string();
        for line in &mut content.lines {
            line.status.clone_from(&status);
        }
        let number = self.series.order();
        let order = CustomerOrder {
            number: number.clone(),
            temporary: temporary.to_owned(),
            status: status.clone(),
            highest: status,
            changed: self.now,
            last_line: content.lines.iter().map(|line| line.number).max().unwrap_or(0),
            changes: Vec::new(),
            messages: Vec::new(),
            content,
        };
        self.orders.insert(number.clone(), order);
        Ok(number)
    }
}

/// The status of a batch order and the reasons for it.
fn assess(m3: &M3, batch: &BatchOrder) -> (String, Vec<Message>) {
    let head = head_messages(m3, batch);
    if !head.is_empty() {
        return ("15".to_owned(), head);
    }
    if batch.content.lines.is_empty() && field(&batch.content.head, "OHEA") != "1" {
        let nok = Nok::generic("ORNO", "Order lines are missing");
        return ("20".to_owned(), vec![Message::head(&nok, &batch.number)]);
    }
    let lines: Vec<Message> =
        batch.content.lines.iter().filter_map(|line| line_message(m3, batch, line)).collect();
    if !lines.is_empty() {
        return ("25".to_owned(), lines);
    }
    if m3.customer(&batch.content.customer).is_ok_and(|customer| customer.credit_stopped) {
        let nok = Nok::generic("CUNO", format!("Customer {} is credit-stopped", batch.content.customer));
        return ("30".to_owned(), vec![Message::head(&nok, &batch.content.customer)]);
    }
    ("90".to_owned(), Vec::new())
}

fn head_messages(m3: &M3, batch: &BatchOrder) -> Vec<Message> {
    let mut messages = Vec::new();
    if !m3.master.order_entry_settings {
        let nok = Nok::generic("", "Settings (OIS278) are missing for source code A");
        messages.push(Message::head(&nok, "A"));
    }
    match usable_customer(m3, &batch.content.customer) {
        Err(nok) => messages.push(Message::head(&nok, &batch.content.customer)),
        Ok(customer) => {
            let bound = |row: &Record, id| {
                field(row, "ADRT").trim_start_matches('0') == "1" && field(row, "ADID") == id
            };
            let id = field(&batch.content.head, "ADID");
            if !id.is_empty() && !customer.addresses.iter().any(|row| bound(row, id)) {
                messages.push(Message::head(&Nok::known("WAD1003", "ADID", id), id));
            }
        }
    }
    messages
}

/// Master data may have changed since the line was entered.
fn line_message(m3: &M3, batch: &BatchOrder, line: &Line) -> Option<Message> {
    let item = field(&line.fields, "ITNO");
    let warehouse = field(&line.fields, "WHLO");
    let sound = usable_item(m3, item).and_then(|item| in_warehouse(m3, item, warehouse));
    let data = format!("{} {} {item}", batch.number, line.number);
    sound.err().map(|nok| Message::line(&nok, &data))
}
