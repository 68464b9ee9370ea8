//! What becomes of a record whose personal data is erased, and of a request about such data.
//!
//! The payloads go; the record stays, with its trail and CloudSuite's numbers, and with a mark up to which nothing is
//! taken in any more. Pure, like all changes of a record.

use jiff::Timestamp;

use crate::{
    Delivery, Digest, Event, Finding, FindingCode, Held, LeaseLost, Record, RecordKey, Reference, State,
};

/// Why an erased record is done with.
const REASON: &str = "its personal data was erased";

impl Record {
    /// Whether the record's data was erased after this delivery was accepted: such a delivery may still wait on a
    /// queue, and must not bring back what was erased.
    pub fn is_erased_for(&self, delivery: &Delivery) -> bool {
        self.is_erased_until(delivery.received_at)
    }

    /// Whether everything accepted until this time was erased already.
    pub fn is_erased_until(&self, time: Timestamp) -> bool {
        // Whole milliseconds are what the ledger keeps.
        self.erased_at.is_some_and(|erased_at| erased_at.as_millisecond() >= time.as_millisecond())
    }

    /// The record of something never heard of, that was to be erased: all it holds is the mark.
    pub fn erased_unheard(key: RecordKey, until: Timestamp, now: Timestamp, detail: String) -> Self {
        let blank = Self::blank(key, Digest::of(b""), until);
        let mut next = blank.next(now, Event::Erased, detail);
        next.erased_at = Some(until);
        next.state = State::Skipped { reason: REASON.to_owned() };
        next
    }

    /// What was accepted until this time is erased. What was not posted can never be, and what was in doubt is for a
    /// person to look at, because its delivery cannot come again. `detail` says for which request, and how much.
    #[must_use]
    pub fn erased(&self, until: Timestamp, now: Timestamp, detail: String) -> Self {
        let mut next = self.marked_erased(until, now, detail);
        match self.state {
            State::Received | State::Waiting { .. } | State::Rejected { .. } => {
                next.state = State::Skipped { reason: REASON.to_owned() };
            }
            State::Posting { .. } | State::InDoubt { .. } => {
                next.state = State::NeedsReview { findings: vec![doubtful(&self.key)] };
            }
            // What CloudSuite has is confirmed without the delivery.
            State::Posted
            | State::Failed { .. }
            | State::Confirmed
            | State::Skipped { .. }
            | State::NeedsReview { .. }
            | State::Cancelled => return next,
        }
        Self { lease: None, next_check: None, attempts: 0, ..next }
    }

    /// The same for a record that has taken in something newer, which stays as it is.
    #[must_use]
    pub fn marked_erased(&self, until: Timestamp, now: Timestamp, detail: String) -> Self {
        let mut next = self.next(now, Event::Erased, detail);
        next.erased_at = self.erased_at.max(Some(until));
        next
    }

    /// The data that was asked for was exported.
    #[must_use]
    pub fn exported(&self, now: Timestamp, detail: String) -> Self {
        let mut next = self.next(now, Event::Exported, detail);
        next.state = State::Confirmed;
        next
    }
}

impl Held {
    /// What the source asked for was done; `detail` is the proof. Nothing accepted until `erased` is taken in again,
    /// if that is named.
    pub fn obeyed(
        &self,
        now: Timestamp,
        event: Event,
        detail: String,
        erased: Option<Timestamp>,
    ) -> Result<Record, LeaseLost> {
        let mut next = self.done(now, self.record.references.clone())?;
        if let Some(entry) = next.trail.last_mut() {
            (entry.event, entry.detail) = (event, detail);
        }
        next.erased_at = next.erased_at.max(erased);
        Ok(next)
    }

    /// What the source asks for is for a person to do.
    pub fn for_a_person(&self, now: Timestamp, finding: Finding) -> Result<Record, LeaseLost> {
        let detail = finding.code.to_string();
        let next = self.obeyed(now, Event::NeedsReview, detail, None)?;
        Ok(Record { state: State::NeedsReview { findings: vec![finding] }, ..next })
    }

    /// The delivery must not be taken in, because what it is about was erased until this time.
    pub fn refused_as_erased(&self, now: Timestamp, until: Timestamp) -> Result<Record, LeaseLost> {
        let next = self.skipped(now, REASON)?;
        Ok(Record { erased_at: next.erased_at.max(Some(until)), ..next })
    }
}

fn doubtful(key: &RecordKey) -> Finding {
    Finding::new(
        FindingCode::Request,
        "",
        "its data was erased while it was in doubt whether CloudSuite has it",
        format!(
            "look in CloudSuite for the reference {} and delete there what is not to be",
            Reference::of(key)
        ),
    )
}

#[cfg(test)]
#[path = "erasure_tests.rs"]
mod tests;
