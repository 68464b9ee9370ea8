//! PPS370MI reads: batch purchase orders as the interface tables hold them.

use super::{PurchaseBatch, PurchaseLine, Reason};
use crate::m3::state::M3;
use crate::m3::{Input, Nok, Outcome};
use crate::master::{Record, field};

/// `GetBatchHead`. Each read counts towards a processing that comes after so many.
pub(super) fn head(m3: &mut M3, input: &Input<'_>) -> Outcome {
    let number = input.get("PUNO");
    let batch = m3.purchase_batch(number)?;
    let mut row = shared(m3, batch, &batch.content.head, batch.reason.as_ref());
    let status = m3.purchasing.orders.get(number).map_or("", |order| order.status.as_str());
    for (name, value) in [
        ("MSGN", batch.message.as_str()),
        ("DIVI", m3.division_of(field(&batch.content.head, "FACI"))),
        ("PUST", status),
        ("PUSL", status),
    ] {
        row.insert(name.to_owned(), value.to_owned());
    }
    if let Some(pending) = m3.purchasing.batches.get_mut(number).and_then(|batch| batch.pending.as_mut()) {
        pending.ask();
    }
    Ok(vec![row])
}

/// `GetBatchLine`.
pub(super) fn line(m3: &M3, input: &Input<'_>) -> Outcome {
    let batch = m3.purchase_batch(input.get("PUNO"))?;
    let number = input.get("PNLI");
    let line = batch.content.lines.iter().find(|line| line.has(number));
    let line = line.ok_or_else(|| Nok::known("WPN0103", "PNLI", number))?;
    Ok(vec![row(m3, batch, line)])
}

/// `LstBatchLine`.
pub(super) fn lines(m3: &M3, input: &Input<'_>) -> Outcome {
    let batch = m3.purchase_batch(input.get("PUNO"))?;
    Ok(batch.content.lines.iter().map(|line| row(m3, batch, line)).collect())
}

/// A line without a fault in an order in error is validated: 25.
fn row(m3: &M3, batch: &PurchaseBatch, line: &PurchaseLine) -> Record {
    let mut row = shared(m3, batch, &line.fields, line.reason.as_ref());
    row.insert("PNLI".to_owned(), line.number.to_string());
    if batch.status == "23" && line.reason.is_none() {
        row.insert("STAT".to_owned(), "25".to_owned());
    }
    row
}

fn shared(m3: &M3, batch: &PurchaseBatch, fields: &Record, reason: Option<&Reason>) -> Record {
    let mut row = fields.clone();
    for (name, value) in [
        ("CONO", m3.master.company.to_string().as_str()),
        ("PUNO", &batch.number),
        ("STAT", &batch.status),
        ("POTC", "20"),
        ("MSID", reason.map_or("", |reason| reason.id.as_str())),
        ("MSGD", reason.map_or("", |reason| reason.text.as_str())),
    ] {
        row.insert(name.to_owned(), value.to_owned());
    }
    row
}
