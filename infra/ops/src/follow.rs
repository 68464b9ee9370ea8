//! Following a record until it settles.

use std::time::Duration;

use domain::{Entry, Record, RecordKey};
use ledger::Ledger;
use tokio::time::Instant;

use crate::OpsError;

/// How long to wait between two looks.
const PAUSE: Duration = Duration::from_millis(400);

/// Waits until a record was written after `before` and is settled, and tells each entry that its trail gained
/// since then, once and in order.
pub async fn follow(
    ledger: &dyn Ledger,
    key: &RecordKey,
    before: Option<&Record>,
    patience: Duration,
    mut on_entry: impl FnMut(&Entry),
) -> Result<Record, OpsError> {
    let end = Instant::now() + patience;
    let version = before.map_or(0, |record| record.version);
    let mut told = before.map_or(0, entries);
    let mut state = "not there yet";
    loop {
        if let Some(record) = ledger.record(key).await?.filter(|record| record.version > version) {
            state = record.state.word();
            if entries(&record) > told {
                ledger.trail(&record).await?.iter().skip(told).for_each(&mut on_entry);
                told = entries(&record);
            }
            if record.state.is_settled() {
                return Ok(record);
            }
        }
        if Instant::now() >= end {
            return Err(OpsError::NotSettled { key: key.clone(), seconds: patience.as_secs(), state });
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// How many entries the trail of a record has, pages included.
fn entries(record: &Record) -> usize {
    record.paged as usize + record.trail.len()
}

#[cfg(test)]
#[path = "follow_tests.rs"]
mod tests;
