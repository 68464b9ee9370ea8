//! The `…LineBatchEnt` transactions: a line is added, changed or deleted by way of the batch entry, at once or later.

use serde::Serialize;

use super::lines;
use crate::m3::state::{M3, Message, Pending};
use crate::m3::{Call, Input, Nok, Outcome};
use crate::master::{Record, record};

/// A change of an order that is under way.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct PendingChange {
    pub(crate) transaction: String,
    pub(crate) input: Record,
    pub(crate) pending: Pending,
}

/// A change at once answers STAT 90 or is refused; one that comes later answers STAT 10, and if it cannot be made then,
/// `LstErrMsgOrder` of the order says why. None of this is documented.
pub(super) fn run(m3: &mut M3, call: &Call<'_>) -> Outcome {
    let number = call.input.get("ORNO");
    m3.order(number)?;
    let Some(pending) = Pending::of(m3.settings.order_changes.batch_entry, call.now) else {
        let mut row = apply(m3, call.transaction, &call.input)?;
        row.extend(record(&[("ORNO", number), ("STAT", "90")]));
        return Ok(vec![row]);
    };
    let change =
        PendingChange { transaction: call.transaction.to_owned(), input: call.input.0.clone(), pending };
    m3.order_mut(number)?.changes.push(change);
    m3.changing.insert(number.to_owned());
    Ok(vec![record(&[("ORNO", number), ("STAT", "10")])])
}

fn apply(m3: &mut M3, transaction: &str, input: &Input<'_>) -> Result<Record, Nok> {
    match transaction {
        "AddLineBatchEnt" => lines::add(m3, input),
        "ChgLineBatchEnt" => lines::change(m3, input),
        _ => lines::delete(m3, input),
    }
}

impl M3 {
    /// Makes the changes of orders whose time has come, in the order in which they were asked for.
    pub(crate) fn settle_changes(&mut self) {
        for number in self.changing.clone() {
            let now = self.now;
            let Some(order) = self.orders.get_mut(&number) else {
                self.changing.remove(&number);
                continue;
            };
            let is_due = |change: &PendingChange| change.pending.is_due(now);
            let due = order.changes.iter().take_while(|change| is_due(change)).count();
            let ready: Vec<PendingChange> = order.changes.drain(..due).collect();
            if order.changes.is_empty() {
                self.changing.remove(&number);
            }
            for change in ready {
                self.make(&number, &change);
            }
        }
    }

    fn make(&mut self, number: &str, change: &PendingChange) {
        let Err(nok) = apply(self, &change.transaction, &Input(&change.input)) else { return };
        if let Some(order) = self.orders.get_mut(number) {
            order.messages.push(Message::line(&nok, number));
        }
    }
}
