//! `UpdBatch` (GLS840 option 9): a controlled batch becomes a voucher, once.

use super::amounts;
use super::batch::{company, find, find_open};
use super::{JournalBatch, Stage, Voucher, VoucherLine};
use crate::m3::state::{M3, Pending};
use crate::m3::{Call, Nok, Outcome};
use crate::master::field;

/// `UpdBatch`. A batch that was not controlled, or was found at fault, is refused; so is a second update.
pub(super) fn update(m3: &mut M3, call: &Call<'_>) -> Outcome {
    let pending = Pending::of(m3.settings.journals.processing, call.now);
    let batch = find_open(m3, call)?;
    if batch.stage != Stage::Controlled {
        let text = format!("Key value {} is not controlled, or was found at fault", batch.key);
        return Err(Nok::generic("KEY1", text));
    }
    batch.stage = Stage::Updating;
    batch.pending = pending;
    let key = find(m3, call)?.key.clone();
    m3.journals.pending.insert(key);
    m3.settle_journals();
    Ok(company(m3))
}

impl M3 {
    /// Makes the vouchers whose time has come.
    pub(crate) fn settle_journals(&mut self) {
        let batches = &self.journals.batches;
        let is_due = |key: &&String| {
            let batch = batches.get(*key);
            batch.and_then(|batch| batch.pending).is_none_or(|pending| pending.is_due(self.now))
        };
        let ready: Vec<String> = self.journals.pending.iter().filter(is_due).cloned().collect();
        for key in ready {
            self.journals.pending.remove(&key);
            if let Some(mut batch) = self.journals.batches.get(&key).cloned() {
                self.post_journal(&mut batch);
                self.journals.batches.insert(key, batch);
            }
        }
    }

    fn post_journal(&mut self, batch: &mut JournalBatch) {
        let (series, function) = self
            .interface(&batch.interface)
            .map(|found| (found.series.clone(), found.function.clone()))
            .unwrap_or_default();
        let lines: Vec<VoucherLine> =
            batch.lines.values().filter_map(|line| voucher_line(self, batch, line)).collect();
        let date = lines.first().map_or("", |line| field(&line.fields, "ACDT")).to_owned();
        let number = self.series.voucher();
        batch.pending = None;
        batch.stage = Stage::Updated;
        batch.voucher = Some(number);
        self.journals.vouchers.push(Voucher {
            key: batch.key.clone(),
            division: batch.division.clone(),
            year: date.get(..4).unwrap_or_default().to_owned(),
            series,
            number,
            journal: self.series.journal(),
            function,
            date,
            lines,
        });
    }
}

/// The control has read the same amounts.
fn voucher_line(m3: &M3, batch: &JournalBatch, line: &crate::master::Record) -> Option<VoucherLine> {
    let amounts = amounts::read(m3, &batch.division, line).ok()?;
    let mut fields = line.clone();
    fields.retain(|name, _| !["INRI", "CUAM", "ACAM", "DBCR", "CUCD"].contains(&name.as_str()));
    Some(VoucherLine {
        currency: amounts.currency,
        foreign: amounts.foreign,
        recorded: amounts.recorded,
        fields,
    })
}
