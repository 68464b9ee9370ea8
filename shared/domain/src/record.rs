//! The record: one business object, its state, its guards and its trail.
//!
//! Everything here is pure: a decision or a change returns a new value, and the ledger makes it true with
//! one conditional write. A record's `version` counts its writes; a write is accepted only on top of the
//! version it was made from.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{Digest, Entry, Event, Finding, Kind, RecordKey, References, State, Step};

/// One delivery of one event about a record, as the guards see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The source's id of the delivery (Shopify: `X-Shopify-Webhook-Id`), our correlation id.
    pub id: String,
    /// The source's topic, such as `orders/create`.
    pub topic: String,
    /// When the webhook accepted it.
    pub received_at: Timestamp,
    /// The source's own update time of the object, if the payload has one.
    pub updated_at: Option<Timestamp>,
    /// Digest of the signed body.
    pub body: Digest,
    /// The name that people use for the object, such as `#1001`; empty where there is none.
    pub name: String,
}

/// A wish to work on a record.
#[derive(Debug, Clone)]
pub struct Claim {
    /// Which record.
    pub key: RecordKey,
    /// Because of which delivery.
    pub delivery: Delivery,
    /// How long the work may take at most.
    pub lease: SignedDuration,
}

/// The right to work on a record until a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// Grows with each lease of the record, so that an old holder can be told from the present one.
    pub fence: u64,
    /// The end of the right.
    pub until: Timestamp,
}

/// The lease ran out before the work was recorded. Nothing was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the lease on {key} ran out at {until}: nothing was recorded; the next delivery settles it")]
pub struct LeaseLost {
    /// Which record.
    pub key: RecordKey,
    /// When the lease ended.
    pub until: Timestamp,
}

/// What a claim on an existing record comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// The record may be worked on.
    Take,
    /// Somebody works on it, or it has to wait, until this time.
    Busy(Timestamp),
    /// The very same delivery was handled before.
    Duplicate,
    /// The record already holds something newer.
    Stale,
    /// CloudSuite has the record already; this delivery changes nothing there.
    AlreadyPosted,
    /// A former holder vanished while writing: nobody knows what CloudSuite has.
    InDoubt(Step),
}

/// Decides what a delivery may do to a record that exists.
pub fn decide(record: &Record, delivery: &Delivery, now: Timestamp) -> Decision {
    if let Some(lease) = record.lease.filter(|lease| lease.until > now) {
        return Decision::Busy(lease.until);
    }
    match &record.state {
        State::Posting { step } | State::InDoubt { step, .. } => return Decision::InDoubt(*step),
        State::Waiting { until, .. } if *until > now => return Decision::Busy(*until),
        _ => {}
    }
    if is_older(delivery.updated_at, record.updated_at) {
        return Decision::Stale;
    }
    match &record.state {
        State::Posted | State::Confirmed | State::Failed { .. } if delivery.body == record.body => {
            Decision::Duplicate
        }
        // A customer is brought up to date in place; an order that CloudSuite has is not written again.
        State::Posted | State::Confirmed | State::Failed { .. } if record.key.kind != Kind::Customer => {
            Decision::AlreadyPosted
        }
        _ => Decision::Take,
    }
}

fn is_older(delivered: Option<Timestamp>, known: Option<Timestamp>) -> bool {
    matches!((delivered, known), (Some(delivered), Some(known)) if delivered < known)
}

/// One business object of one tenant: what is known of its way into CloudSuite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its key.
    pub key: RecordKey,
    /// The name that people use for it, such as `#1001`; empty where there is none.
    pub name: String,
    /// How often it was written. The first write makes it 1.
    pub version: u64,
    /// The fence of the latest lease.
    pub fence: u64,
    /// Its state.
    pub state: State,
    /// Who may work on it, if anybody does.
    pub lease: Option<Lease>,
    /// CloudSuite's numbers for it.
    pub references: References,
    /// The source's update time of what was last taken in.
    pub updated_at: Option<Timestamp>,
    /// Digest of the body that was last taken in: the key of its payload item.
    pub body: Digest,
    /// Digest of the planned documents, once planned.
    pub fingerprint: Option<Digest>,
    /// The delivery that was last taken in; the correlation id of everything done for it.
    pub correlation: String,
    /// When the first delivery about it was accepted.
    pub received_at: Timestamp,
    /// When it was posted, if it awaits confirmation: from here the deadline counts.
    pub posted_at: Option<Timestamp>,
    /// When to look for it in CloudSuite, if it awaits confirmation.
    pub next_check: Option<Timestamp>,
    /// How often it was looked for.
    pub checks: u32,
    /// How many entries of the trail were moved to pages of their own.
    pub paged: u32,
    /// The newest entries of the trail, oldest first.
    pub trail: Vec<Entry>,
}

impl Record {
    /// The record that a first delivery makes, claimed.
    pub fn first(claim: &Claim, now: Timestamp) -> Held {
        let blank = Self {
            key: claim.key.clone(),
            name: String::new(),
            version: 0,
            fence: 0,
            state: State::Received,
            lease: None,
            references: References::default(),
            updated_at: None,
            body: claim.delivery.body,
            fingerprint: None,
            correlation: String::new(),
            received_at: claim.delivery.received_at,
            posted_at: None,
            next_check: None,
            checks: 0,
            paged: 0,
            trail: Vec::new(),
        };
        blank.taken(claim, now)
    }

    /// The record as a new holder takes it, for what the delivery says.
    #[must_use]
    pub fn taken(&self, claim: &Claim, now: Timestamp) -> Held {
        let delivery = &claim.delivery;
        let mut next = self.next(now, Event::Received, format!("{} {}", delivery.topic, delivery.id));
        let lease =
            Lease { fence: self.fence + 1, until: now.checked_add(claim.lease).unwrap_or(Timestamp::MAX) };
        next.fence = lease.fence;
        next.lease = Some(lease);
        next.state = State::Received;
        next.name.clone_from(&delivery.name);
        next.updated_at = delivery.updated_at.or(self.updated_at);
        next.body = delivery.body;
        next.correlation.clone_from(&delivery.id);
        Held { record: next, lease }
    }

    /// The record with one more entry in its trail and nothing else changed: for a delivery that does nothing.
    #[must_use]
    pub fn noted(&self, now: Timestamp, event: Event, detail: impl Into<String>) -> Self {
        self.next(now, event, detail.into())
    }

    /// The record as in doubt at a step, found so by somebody who does not hold it.
    #[must_use]
    pub fn found_in_doubt(&self, now: Timestamp, step: Step) -> Self {
        let mut next = self.next(now, Event::InDoubt, format!("{step}: lease ran out"));
        next.state = State::InDoubt { since: now, step };
        next.lease = None;
        next
    }

    /// CloudSuite really has it, under this number.
    #[must_use]
    pub fn confirmed(&self, now: Timestamp, number: &str) -> Self {
        let mut next = self.next(now, Event::Confirmed, number.to_owned());
        next.state = State::Confirmed;
        next.references.number = Some(number.to_owned());
        next.next_check = None;
        next
    }

    /// CloudSuite took it and could not make an order of it. A person may still set that right there, so it is
    /// looked for again at `next_check`.
    #[must_use]
    pub fn failed(&self, now: Timestamp, findings: Vec<Finding>, next_check: Option<Timestamp>) -> Self {
        let mut next = self.next(now, Event::Failed, codes(&findings));
        next.state = State::Failed { findings };
        next.checks += 1;
        next.next_check = next_check;
        next
    }

    /// It was looked for and is not settled yet; look again at `next_check`.
    #[must_use]
    pub fn checked(&self, now: Timestamp, next_check: Timestamp, detail: impl Into<String>) -> Self {
        let mut next = self.next(now, Event::Checked, detail.into());
        next.checks += 1;
        next.next_check = Some(next_check);
        next
    }

    /// It was not confirmed within the time allowed; nobody looks again.
    #[must_use]
    pub fn overdue(&self, now: Timestamp, finding: Finding) -> Self {
        let mut next = self.next(now, Event::Overdue, format!("after {} checks", self.checks + 1));
        next.state = State::Failed { findings: vec![finding] };
        next.checks += 1;
        next.next_check = None;
        next
    }

    /// The next version with an entry added. The only place where versions and trails grow.
    fn next(&self, at: Timestamp, event: Event, detail: String) -> Self {
        let mut next = self.clone();
        next.version += 1;
        next.trail.push(Entry { at, event, detail });
        next
    }
}

/// A record that this process holds by a lease.
///
/// **Architecture Invariant:** only a `Held` leads to writes in CloudSuite, and only within its lease.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The record as last written.
    pub record: Record,
    /// The lease.
    pub lease: Lease,
}

impl Held {
    /// The documents stand, made with this mapping version; writing begins at the head.
    pub fn posting(&self, now: Timestamp, mapping: &str, fingerprint: Digest) -> Result<Self, LeaseLost> {
        let mut next = self.within(now)?.next(now, Event::Planned, format!("mapping {mapping}"));
        next.trail.push(Entry { at: now, event: Event::Posting, detail: Step::Head.to_string() });
        next.state = State::Posting { step: Step::Head };
        // The number of an earlier try leads to a batch order that was taken out again.
        next.references.temporary = None;
        next.fingerprint = Some(fingerprint);
        Ok(self.with(next))
    }

    /// The next step is about to begin, with what CloudSuite has given so far.
    pub fn step(&self, now: Timestamp, step: Step, references: References) -> Result<Self, LeaseLost> {
        let detail = format!("{step} {}", references.temporary.as_deref().unwrap_or_default());
        let mut next = self.within(now)?.next(now, Event::Posting, detail.trim_end().to_owned());
        next.state = State::Posting { step };
        next.references = references;
        Ok(self.with(next))
    }

    /// CloudSuite took it; it is to be looked for at `next_check`.
    pub fn posted(
        &self,
        now: Timestamp,
        references: References,
        next_check: Timestamp,
    ) -> Result<Record, LeaseLost> {
        let detail = references.number.clone().unwrap_or_default();
        let mut next = self.within(now)?.next(now, Event::Posted, detail);
        next.state = State::Posted;
        next.references = references;
        next.posted_at = Some(now);
        next.next_check = Some(next_check);
        next.checks = 0;
        Ok(next.released())
    }

    /// CloudSuite took it and its answer leaves nothing to confirm (a customer that was created or changed).
    pub fn done(&self, now: Timestamp, references: References) -> Result<Record, LeaseLost> {
        let detail = references.number.clone().unwrap_or_default();
        let mut next = self.within(now)?.next(now, Event::Confirmed, detail);
        next.state = State::Confirmed;
        next.references = references;
        Ok(next.released())
    }

    /// It cannot be posted as it is.
    pub fn rejected(&self, now: Timestamp, findings: Vec<Finding>) -> Result<Record, LeaseLost> {
        let mut next = self.within(now)?.next(now, Event::Rejected, codes(&findings));
        next.state = State::Rejected { findings };
        Ok(next.released())
    }

    /// Nothing is to be done.
    pub fn skipped(&self, now: Timestamp, reason: impl Into<String>) -> Result<Record, LeaseLost> {
        let reason = reason.into();
        let mut next = self.within(now)?.next(now, Event::Skipped, reason.clone());
        next.state = State::Skipped { reason };
        Ok(next.released())
    }

    /// Not before `until`. What CloudSuite has given so far is kept.
    pub fn waiting(
        &self,
        now: Timestamp,
        until: Timestamp,
        why: impl Into<String>,
    ) -> Result<Record, LeaseLost> {
        let why = why.into();
        let mut next = self.within(now)?.next(now, Event::Waiting, why.clone());
        next.state = State::Waiting { until, why };
        Ok(next.released())
    }

    /// Nobody knows whether the write at this step arrived.
    pub fn in_doubt(&self, now: Timestamp, step: Step, why: impl Into<String>) -> Result<Record, LeaseLost> {
        let mut next = self.within(now)?.next(now, Event::InDoubt, format!("{step}: {}", why.into()));
        next.state = State::InDoubt { since: now, step };
        Ok(next.released())
    }

    /// The record, if the lease still holds.
    fn within(&self, now: Timestamp) -> Result<&Record, LeaseLost> {
        if now < self.lease.until {
            Ok(&self.record)
        } else {
            Err(LeaseLost { key: self.record.key.clone(), until: self.lease.until })
        }
    }

    fn with(&self, record: Record) -> Self {
        Self { record, lease: self.lease }
    }
}

impl Record {
    fn released(mut self) -> Self {
        self.lease = None;
        self
    }
}

/// The codes of findings, counted: `unknown_item ×2, too_long`.
fn codes(findings: &[Finding]) -> String {
    let mut counts = std::collections::BTreeMap::new();
    for finding in findings {
        *counts.entry(finding.code.to_string()).or_insert(0_usize) += 1;
    }
    let words = counts.into_iter().map(|(code, n)| if n == 1 { code } else { format!("{code} ×{n}") });
    words.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
#[path = "record_tests.rs"]
mod tests;
