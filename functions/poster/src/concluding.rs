//! How the work on a record ends: in the ledger first, then for its message.

use domain::{Digest, Finding, FindingCode, Held, LeaseLost, Record};
use jiff::{SignedDuration, Timestamp};
use platform::{
    Envelope,
    telemetry::{self, Metric},
};

use crate::{Ending, Poster, posting::FIRST_CHECK};

/// How often a record that lacks master data is tried again by itself.
const MOST_PARKED: u32 = 64;

impl Poster {
    /// Puts what follows from a document on the queue, before its record says that CloudSuite has it: whoever finds it
    /// in doubt puts it there again, and a second one is a duplicate.
    pub(crate) async fn follow_up(&self, held: &Held, follow_up: Option<Envelope>) -> Result<(), Ending> {
        let Some(envelope) = follow_up else { return Ok(()) };
        let sent = self.queue.send(&held.record.key.tenant, envelope.to_message()).await;
        sent.map_err(|error| Ending::again(format!("what follows could not be queued: {error}")))
    }

    /// Records that nothing is to be done.
    pub(crate) async fn skip(&self, held: &Held, reason: String) -> Ending {
        self.conclude(held.skipped(self.clock.now(), reason), Ending::Done).await
    }

    /// Records everything that is wrong; the message then goes to the dead-letter queue. What CloudSuite has already
    /// stays there as it is, and a person compares.
    pub(crate) async fn reject(&self, held: &Held, findings: Vec<Finding>) -> Ending {
        if held.record.is_in_cloudsuite() {
            return self.review(held, None, findings).await;
        }
        let (now, told) = (self.clock.now(), Ending::rejected(&held.record.key, &findings));
        let is_of_master_data =
            !findings.is_empty() && findings.iter().all(|finding| finding.code.is_of_master_data());
        match next_try(held.record.parked, now).filter(|_| is_of_master_data) {
            // Whoever looks after dead letters is told once, not each time it is tried again.
            Some(next_try) => {
                let ending = if held.record.parked == 0 { told } else { Ending::Done };
                self.conclude(held.parked(now, findings, next_try), ending).await
            }
            None => self.conclude(held.rejected(now, findings), told).await,
        }
    }

    /// Records in what CloudSuite differs from the source: a person has to see to it, in CloudSuite.
    pub(crate) async fn review(
        &self,
        held: &Held,
        fingerprint: Option<Digest>,
        findings: Vec<Finding>,
    ) -> Ending {
        let now = self.clock.now();
        if !held.record.is_in_cloudsuite() {
            // It is no order there yet: whoever releases it is asked for, and the delivery waits for a person.
            let ending = Ending::rejected(&held.record.key, &findings);
            let next_check = now.checked_add(FIRST_CHECK).unwrap_or(now);
            return self.conclude(held.failed(now, findings, next_check), ending).await;
        }
        telemetry::count(Metric::NeedsReview, held.record.key.tenant.as_str(), 1);
        self.conclude(held.needs_review(now, fingerprint, findings), Ending::Done).await
    }

    /// Records that the record has to wait; the message comes again then.
    pub(crate) async fn put_off(&self, held: &Held, seconds: i64, why: &str) -> Ending {
        let now = self.clock.now();
        let until = now.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(now);
        let ending = Ending::at(until, now, &held.record.correlation, why);
        self.conclude(held.waiting(now, until, why), ending).await
    }

    /// Writes the last change of a held record. The ending holds only once the ledger has it.
    pub(crate) async fn conclude(&self, last: Result<Record, LeaseLost>, ending: Ending) -> Ending {
        match last {
            Ok(record) => self.note(record, ending).await,
            Err(lost) => Ending::again(lost),
        }
    }

    /// Writes a record. If another write came between, the delivery is judged again.
    pub(crate) async fn note(&self, record: Record, ending: Ending) -> Ending {
        tracing::info!(record = %record.key, event = ?record.trail.last().map(|entry| entry.event), "noted");
        match self.ledger.write(record).await {
            Ok(_) => ending,
            Err(error) => Ending::again(error),
        }
    }
}

/// When a record that lacks master data is tried again: after a quarter of an hour, then each time twice as long, at
/// most twelve hours; for about a month.
fn next_try(parked: u32, now: Timestamp) -> Option<Timestamp> {
    let minutes = 15_i64.checked_shl(parked).filter(|_| parked < 6).unwrap_or(720);
    (parked < MOST_PARKED)
        .then(|| now.checked_add(SignedDuration::from_mins(minutes)).unwrap_or(Timestamp::MAX))
}

/// The finding of a record that was tried as often as is allowed.
pub(crate) fn exhausted(attempts: u32) -> Finding {
    Finding::new(
        FindingCode::Exhausted,
        "",
        format!("the work on it ended {attempts} times without a result"),
        "look in the log for its correlation id; once the cause is gone, redrive the message or replay the record",
    )
}
