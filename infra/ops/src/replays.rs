//! Replaying many records: one after another, at a rate, and one that fails does not stop the others.

use std::num::NonZeroU32;

use domain::{Record, RecordKey};
use ledger::Ledger;
use platform::{Clock, Queues};
use replay::{ReplayError, rehearse, replay};

use crate::pace::Pace;

/// After so many outages in a row it is not the records' fault.
const OUTAGES: usize = 5;

/// How records are to be replayed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replaying {
    /// At most so many a second.
    pub per_second: NonZeroU32,
    /// Only say what would be replayed.
    pub dry_run: bool,
    /// Who does it, for the records' trails.
    pub by: String,
}

/// What became of the records, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Replayed {
    /// Replayed, or to be replayed by what was only tried.
    pub replayed: usize,
    /// Not replayed.
    pub failed: usize,
    /// Not tried, because ledger or queue did not answer again and again.
    pub not_tried: usize,
}

/// Replays records from what is archived of them. `on_each` is told what became of each, in order; a record that
/// was replayed is in the state that it had before.
pub async fn replay_all(
    queues: &Queues,
    ledger: &dyn Ledger,
    clock: &dyn Clock,
    keys: &[RecordKey],
    wish: &Replaying,
    mut on_each: impl FnMut(&RecordKey, &Result<Record, ReplayError>),
) -> Replayed {
    let (mut pace, mut outages) = (Pace::per_second(wish.per_second), 0);
    let mut done = Replayed { not_tried: keys.len(), ..Replayed::default() };
    for key in keys {
        let result = if wish.dry_run {
            rehearse(ledger, key, clock.now()).await
        } else {
            pace.next().await;
            replay(ledger, queues, key, &wish.by, clock.now()).await
        };
        on_each(key, &result);
        done.not_tried -= 1;
        match &result {
            Ok(_) => done.replayed += 1,
            Err(_) => done.failed += 1,
        }
        let is_outage = result.is_err_and(|error| error.is_outage());
        outages = if is_outage { outages + 1 } else { 0 };
        if outages == OUTAGES {
            break;
        }
    }
    done
}

#[cfg(test)]
#[path = "replays_tests.rs"]
mod tests;
