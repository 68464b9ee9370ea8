//! The settle job: takes up what is in doubt, what nobody came back for, and what lacked master data in CloudSuite.
//!
//! It asks CloudSuite nothing itself. It sends the archived delivery down its way again; there the poster asks
//! CloudSuite first, like for every delivery of a record in doubt.

use domain::{Finding, FindingCode, Record, RecordKey, State};
use jiff::{SignedDuration, Timestamp};
use ledger::{Awaiting, LedgerError};
use replay::{ReplayError, take_up};

use crate::{Poller, Summary};

/// How many records one run takes up; the next run takes the next ones.
const MOST: usize = 100;
/// How long it is tried every hour; from then on every day.
const HOURLY_FOR: SignedDuration = SignedDuration::from_hours(24);
const HOUR: SignedDuration = SignedDuration::from_hours(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);

impl Poller {
    /// Takes up everything that is due.
    pub(crate) async fn settle(&self) -> Result<Summary, LedgerError> {
        let mut summary = Summary::default();
        for key in self.ledger.due(Awaiting::Settlement, self.clock.now(), MOST).await? {
            match self.take_up(&key).await {
                Ok(true) => summary.taken_up += 1,
                Ok(false) => {}
                Err(error) => {
                    tracing::error!(error, record = %key, "could not be taken up");
                    summary.unreachable += 1;
                }
            }
        }
        Ok(summary)
    }

    /// Takes one record up, unless somebody else settled it or works on it.
    async fn take_up(&self, key: &RecordKey) -> Result<bool, String> {
        let now = self.clock.now();
        let Some(record) = self.ledger.record(key).await.map_err(in_words)? else { return Ok(false) };
        let Some(since) = left_since(&record, now) else { return Ok(false) };
        let next = record.checked(now, next_time(since, now), "to be taken up again");
        let record = self.ledger.write(next).await.map_err(in_words)?;
        match take_up(&*self.ledger, &self.queues, key, now).await {
            Ok(_) => Ok(true),
            Err(error @ ReplayError::NotKept(_)) if record.state == State::Received => {
                // Its holder vanished before it could archive anything: only its message can bring it again.
                self.ledger.write(record.given_up(now, not_archived())).await.map_err(in_words)?;
                Err(error.to_string())
            }
            Err(error) => Err(error.to_string()),
        }
    }
}

fn in_words(error: impl std::fmt::Display) -> String {
    error.to_string()
}

fn not_archived() -> Finding {
    Finding::new(
        FindingCode::Exhausted,
        "",
        "the work on it ended before its delivery was archived, and nobody came back for it",
        "redrive its message from the dead-letter queue, or have the source send the order again",
    )
}

/// Since when nobody has come back for a record; nothing if somebody works on it, or it is not time yet.
fn left_since(record: &Record, now: Timestamp) -> Option<Timestamp> {
    let held_until = record.lease.map(|lease| lease.until);
    if held_until.is_some_and(|until| until > now) || record.next_check.is_none_or(|due| due > now) {
        return None;
    }
    match record.state {
        State::InDoubt { since, .. } => Some(since),
        State::Waiting { until, .. } => (until <= now).then_some(until),
        State::Received | State::Posting { .. } => held_until,
        // Parked for want of master data, which may have appeared.
        State::Rejected { .. } => record.next_check,
        _ => None,
    }
}

/// When to take a record up the next time, should this time not settle it.
fn next_time(since: Timestamp, now: Timestamp) -> Timestamp {
    let wait = if now.duration_since(since) < HOURLY_FOR { HOUR } else { DAY };
    now.checked_add(wait).unwrap_or(Timestamp::MAX)
}
