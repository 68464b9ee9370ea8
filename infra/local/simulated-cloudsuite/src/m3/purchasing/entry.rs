//! An entry from its start to its end, and the heads in it.

use super::{Entry, PurchaseBatch, PurchaseContent, stored};
use crate::m3::state::{M3, Pending};
use crate::m3::{Call, ForcedStatus, Input, Nok, Outcome};
use crate::master::{BatchOrigin, field, record};

/// `StartEntry`: the batch origin must be set up (PPS090).
pub(super) fn start(m3: &mut M3, input: &Input<'_>) -> Outcome {
    let origin = input.get("BAOR");
    if m3.origin(origin).is_none() {
        return Err(Nok::generic("BAOR", format!("Batch origin {origin} does not exist")));
    }
    let message = m3.series.message();
    let entry = Entry { origin: origin.to_owned(), finished: false, orders: Vec::new() };
    m3.purchasing.entries.insert(message.clone(), entry);
    Ok(vec![record(&[("MSGN", &message)])])
}

/// `AddHead`. The caller may supply the order's number; it must be free. HREF may repeat, unless a setting says
/// otherwise.
pub(super) fn add_head(m3: &mut M3, input: &Input<'_>) -> Outcome {
    let message = input.get("MSGN").to_owned();
    m3.open_entry(&message)?;
    if let Some(reference) = input.given("HREF").filter(|_| m3.settings.purchasing.unique_reference) {
        let mut heads = m3.purchasing.batches.values().map(|batch| &batch.content.head);
        if heads.any(|head| field(head, "HREF") == reference) {
            return Err(Nok::generic("HREF", format!("Reference {reference} exists already")));
        }
    }
    let number = match input.given("PUNO") {
        Some(number) if m3.purchase_is_taken(number) => {
            return Err(Nok::generic("PUNO", format!("Purchase order {number} exists already")));
        }
        Some(number) => number.to_owned(),
        None => m3.next_purchase(),
    };
    let content = PurchaseContent {
        head: stored(input, &["MSGN", "PUNO"]),
        lines: Vec::new(),
        texts: Vec::new(),
        addresses: Vec::new(),
        charges: Vec::new(),
    };
    let batch = PurchaseBatch {
        number: number.clone(),
        message: message.clone(),
        status: "10".to_owned(),
        reason: None,
        pending: None,
        content,
    };
    m3.purchasing.batches.insert(number.clone(), batch);
    m3.open_entry(&message)?.orders.push(number.clone());
    Ok(vec![record(&[("PUNO", &number)])])
}

/// `FinishEntry`: from now on only PPS370 itself can change the orders. It gives nothing back; what becomes of them is
/// to be read.
pub(super) fn finish(m3: &mut M3, call: &Call<'_>) -> Outcome {
    let message = call.input.get("MSGN");
    let entry = m3.open_entry(message)?;
    if entry.orders.is_empty() {
        return Err(Nok::generic("MSGN", format!("Entry {message} has no orders")));
    }
    entry.finished = true;
    let orders = entry.orders.clone();
    let processes = m3.processes(message);
    let pending = Pending::of(m3.settings.purchasing.processing, call.now);
    for number in orders {
        set_status(m3, &number, "20", pending.filter(|_| processes));
        match (&call.forced, pending) {
            (Some(forced), _) => force(m3, &number, forced),
            (None, _) if !processes => {}
            (None, None) => m3.process_purchase(&number),
            (None, Some(_)) => drop(m3.purchasing.pending.insert(number)),
        }
    }
    m3.settle_purchases();
    Ok(Vec::new())
}

fn set_status(m3: &mut M3, number: &str, status: &str, pending: Option<Pending>) {
    if let Some(batch) = m3.purchasing.batches.get_mut(number) {
        status.clone_into(&mut batch.status);
        batch.pending = pending;
    }
}

fn force(m3: &mut M3, number: &str, forced: &ForcedStatus) {
    set_status(m3, number, &forced.status, None);
    let nok = Nok { code: forced.code.clone(), field: String::new(), text: forced.text.clone() };
    if let Some(batch) = m3.purchasing.batches.get_mut(number) {
        batch.reason = Some((&nok).into());
    }
}

/// `DeleteEntry`: the whole message, as long as it is in entry.
pub(super) fn delete(m3: &mut M3, input: &Input<'_>) -> Outcome {
    let message = input.get("MSGN");
    let orders = std::mem::take(&mut m3.open_entry(message)?.orders);
    m3.purchasing.entries.remove(message);
    m3.purchasing.batches.retain(|number, _| !orders.contains(number));
    Ok(Vec::new())
}

impl M3 {
    /// An entry that may still be added to.
    pub(super) fn open_entry(&mut self, message: &str) -> Result<&mut Entry, Nok> {
        let Some(entry) = self.purchasing.entries.get_mut(message) else {
            return Err(Nok::generic("MSGN", format!("Message number {message} does not exist")));
        };
        if entry.finished {
            return Err(Nok::generic("MSGN", format!("Entry {message} is finished")));
        }
        Ok(entry)
    }

    /// Whether the orders of this entry are processed without a clerk.
    fn processes(&self, message: &str) -> bool {
        let entry = self.purchasing.entries.get(message);
        entry.and_then(|entry| self.origin(&entry.origin)).is_some_and(|origin| origin.auto_level == 2)
    }

    fn origin(&self, name: &str) -> Option<&BatchOrigin> {
        self.master.purchasing.origins.iter().find(|origin| origin.name == name)
    }

    fn purchase_is_taken(&self, number: &str) -> bool {
        self.purchasing.batches.contains_key(number) || self.purchasing.orders.contains_key(number)
    }

    fn next_purchase(&mut self) -> String {
        loop {
            let number = self.series.purchase();
            if !self.purchase_is_taken(&number) {
                return number;
            }
        }
    }
}
