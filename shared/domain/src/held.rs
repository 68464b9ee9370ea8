//! A held record: the right to work on it, and the changes that only its holder may make.

use jiff::{SignedDuration, Timestamp};

use crate::{
    Digest, DocumentKind, Entry, Event, Finding, Lease, Movements, Record, RecordKey, References, State,
    Step, Written, record::codes,
};

/// How long after the end of a wait somebody else may take up what is in doubt.
const MESSAGE_FIRST: SignedDuration = SignedDuration::from_hours(1);

/// The lease ran out before the work was recorded. Nothing was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the lease on {key} ran out at {until}: nothing was recorded; the next delivery settles it")]
pub struct LeaseLost {
    /// Which record.
    pub key: RecordKey,
    /// When the lease ended.
    pub until: Timestamp,
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
    /// Whether CloudSuite may have something of the record from an earlier try: it must be asked before anything
    /// is written.
    pub fn must_ask(&self) -> bool {
        match self.record.state {
            // An amendment reads what CloudSuite has before it writes: done again, it settles itself.
            State::InDoubt { step, .. } => step != Step::Amend || !self.record.is_in_cloudsuite(),
            _ => !self.record.is_in_cloudsuite() && self.record.references.temporary.is_some(),
        }
    }

    /// Whether CloudSuite has a document of it, which is to be brought to what the source has now.
    pub fn is_to_be_amended(&self) -> bool {
        self.record.is_in_cloudsuite() && !self.must_ask()
    }

    /// CloudSuite was asked and has nothing of it: nothing is in doubt any more. The next write records that.
    pub fn found_absent(&mut self, now: Timestamp) {
        self.record.references.temporary = None;
        self.record.movements.under_way = None;
        self.forget_number();
        self.found(now, "nothing".to_owned());
    }

    /// CloudSuite was asked and has it, begun and not confirmed, under this temporary number. The next write
    /// records that; until then, the stored record stays in doubt.
    pub fn found_begun(&mut self, now: Timestamp, temporary: &str, lines: usize) {
        self.record.references.temporary = Some(temporary.to_owned());
        self.forget_number();
        self.found(now, format!("{temporary} with {lines} lines, not confirmed"));
    }

    /// CloudSuite was asked and has it, under these numbers, of another content. The next write records that.
    pub fn found_taken(&mut self, now: Timestamp, references: References) {
        let detail = references.number.clone().unwrap_or_default();
        self.record.references = references;
        self.record.moved();
        self.found(now, detail);
    }

    /// What was asked for is not in CloudSuite under the number that it once had.
    fn forget_number(&mut self) {
        if self.record.is_in_cloudsuite() {
            self.record.references.number = None;
        }
    }

    fn found(&mut self, at: Timestamp, detail: String) {
        self.record.state = State::Received;
        self.note(at, Event::Found, detail);
    }

    /// Something that the trail must tell; the next write records it.
    pub fn note(&mut self, at: Timestamp, event: Event, detail: impl Into<String>) {
        self.record.trail.push(Entry { at, event, detail: detail.into() });
    }

    /// The documents stand, made with this mapping version; writing begins.
    pub fn posting(&self, now: Timestamp, mapping: &str, written: &Written) -> Result<Self, LeaseLost> {
        let mut next = self.within(now)?.next(now, Event::Planned, format!("mapping {mapping}"));
        next.trail.push(Entry { at: now, event: Event::Posting, detail: Step::Head.to_string() });
        next.state = State::Posting { step: Step::Head };
        Ok(self.with(next.giving(written)))
    }

    /// What CloudSuite has is about to be brought to these documents, made with this mapping version.
    pub fn amending(&self, now: Timestamp, mapping: &str, written: &Written) -> Result<Self, LeaseLost> {
        let mut next = self.within(now)?.next(now, Event::Planned, format!("mapping {mapping}"));
        next.trail.push(Entry { at: now, event: Event::Posting, detail: Step::Amend.to_string() });
        next.state = State::Posting { step: Step::Amend };
        Ok(self.with(next.changing(written)))
    }

    /// CloudSuite took it and has made no order of it yet, and what the source has since cannot be made of it. A person
    /// may still set that right there, so it is looked for again at `next_check`.
    pub fn failed(
        &self,
        now: Timestamp,
        findings: Vec<Finding>,
        next_check: Timestamp,
    ) -> Result<Record, LeaseLost> {
        let mut next = self.within(now)?.next(now, Event::Failed, codes(&findings));
        next.state = State::Failed { findings };
        next.posted_at = self.record.posted_at.or(Some(now));
        Ok(Record { next_check: Some(next_check), ..next.released() })
    }

    /// CloudSuite has it as it is to be, after these changes, if any were needed.
    pub fn amended(
        &self,
        now: Timestamp,
        written: &Written,
        changes: &[String],
    ) -> Result<Record, LeaseLost> {
        let event = if changes.is_empty() { Event::Unchanged } else { Event::Amended };
        let mut next = self.within(now)?.next(now, event, changes.join(", "));
        next.state = State::Confirmed;
        next.references.temporary = None;
        Ok(next.changing(written).released())
    }

    /// CloudSuite was given everything of this plan before: nothing is left to be moved.
    pub fn settled(&self, now: Timestamp, fingerprint: Digest) -> Result<Record, LeaseLost> {
        let mut next = self.within(now)?.next(now, Event::Unchanged, String::new());
        next.state = State::Confirmed;
        next.fingerprint = Some(fingerprint);
        Ok(next.released())
    }

    /// The source cancelled it, and CloudSuite has it no more, or closed.
    pub fn cancelled(&self, now: Timestamp) -> Result<Record, LeaseLost> {
        let number = self.record.references.number.clone().unwrap_or_default();
        let mut next = self.within(now)?.next(now, Event::Cancelled, number);
        next.state = State::Cancelled;
        Ok(next.released())
    }

    /// CloudSuite has it otherwise than the source, whose plan has this digest, and only a person can change that.
    pub fn needs_review(
        &self,
        now: Timestamp,
        fingerprint: Option<Digest>,
        findings: Vec<Finding>,
    ) -> Result<Record, LeaseLost> {
        let mut next = self.within(now)?.next(now, Event::NeedsReview, codes(&findings));
        next.fingerprint = fingerprint.or(next.fingerprint);
        next.state = State::NeedsReview { findings };
        Ok(next.released())
    }

    /// What an earlier try left in CloudSuite was taken out: whatever is found from here on is of this.
    pub fn anew(&self, now: Timestamp, written: &Written) -> Result<Self, LeaseLost> {
        let next = self.step(now, Step::Head, References::default())?;
        Ok(self.with(next.record.giving(written)))
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
        // The deadline counts from the first time: what has to be confirmed again is not younger for that.
        next.posted_at = self.record.posted_at.or(Some(now));
        next.checks = 0;
        Ok(Record { next_check: Some(next_check), ..next.released() })
    }

    /// CloudSuite took it and its answer leaves nothing to confirm (a customer that was created or changed).
    pub fn done(&self, now: Timestamp, references: References) -> Result<Record, LeaseLost> {
        let detail = references.number.clone().unwrap_or_default();
        let mut next = self.within(now)?.next(now, Event::Confirmed, detail);
        next.state = State::Confirmed;
        next.references = references;
        next.moved();
        Ok(next.released())
    }

    /// It cannot be posted as it is.
    pub fn rejected(&self, now: Timestamp, findings: Vec<Finding>) -> Result<Record, LeaseLost> {
        let mut next = self.within(now)?.next(now, Event::Rejected, codes(&findings));
        // What has a temporary number may still be there: CloudSuite is asked for it first.
        if next.references.temporary.is_none() {
            next.movements.under_way = None;
        }
        next.state = State::Rejected { findings };
        Ok(next.released())
    }

    /// It cannot be posted as it is, for want of master data in CloudSuite that may yet appear: it is tried again at
    /// `next_try`.
    pub fn parked(
        &self,
        now: Timestamp,
        findings: Vec<Finding>,
        next_try: Timestamp,
    ) -> Result<Record, LeaseLost> {
        let parked = self.record.parked.saturating_add(1);
        Ok(Record { next_check: Some(next_try), parked, ..self.rejected(now, findings)? })
    }

    /// Nothing is to be done.
    pub fn skipped(&self, now: Timestamp, reason: impl Into<String>) -> Result<Record, LeaseLost> {
        let reason = reason.into();
        let mut next = self.within(now)?.next(now, Event::Skipped, reason.clone());
        next.state = State::Skipped { reason };
        Ok(next.released())
    }

    /// Not before `until`. What CloudSuite has given so far is kept, doubt stays doubt, and the try does not count.
    pub fn waiting(
        &self,
        now: Timestamp,
        until: Timestamp,
        why: impl Into<String>,
    ) -> Result<Record, LeaseLost> {
        let why = why.into();
        let mut next = self.within(now)?.next(now, Event::Waiting, why.clone());
        if matches!(next.state, State::InDoubt { .. }) {
            // Its message waits: nobody else need take it up before that had its turn.
            next.next_check = next
                .next_check
                .map(|next_check| next_check.max(until.saturating_add(MESSAGE_FIRST).unwrap_or(until)));
        } else {
            next.state = State::Waiting { until, why };
        }
        next.attempts = self.record.attempts.saturating_sub(1);
        next.lease = None;
        Ok(next)
    }

    /// CloudSuite was asked and cannot tell: it stays in doubt since it came to be so, and is taken up again at
    /// `next_check`.
    pub fn still_in_doubt(
        &self,
        now: Timestamp,
        why: impl Into<String>,
        next_check: Timestamp,
    ) -> Result<Record, LeaseLost> {
        let step = match self.record.state {
            State::InDoubt { step, .. } => step,
            _ => Step::Lines,
        };
        let mut next = self.in_doubt(now, step, why, Some(next_check))?;
        if let State::InDoubt { since, .. } = self.record.state {
            next.state = State::InDoubt { since, step };
        }
        Ok(next)
    }

    /// Nobody knows whether the write at this step arrived. Unless somebody comes back for it before, it is taken
    /// up again at `next_check`, if that is named.
    pub fn in_doubt(
        &self,
        now: Timestamp,
        step: Step,
        why: impl Into<String>,
        next_check: Option<Timestamp>,
    ) -> Result<Record, LeaseLost> {
        let mut next = self.within(now)?.next(now, Event::InDoubt, format!("{step}: {}", why.into()));
        next.state = State::InDoubt { since: now, step };
        next.next_check = next_check;
        next.lease = None;
        Ok(next)
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
    /// What is changed in place moves nothing anew: what is under way stays that.
    fn changing(self, written: &Written) -> Self {
        let movement = self.movements.under_way.clone();
        self.giving(&Written { movement, ..written.clone() })
    }

    fn giving(self, written: &Written) -> Self {
        let Written { document, company, fingerprint, customer, lines, movement } = written.clone();
        let customer = Some(customer).filter(|customer| !customer.is_empty());
        let lines = Some(lines).filter(|lines| *lines > 0);
        // What is usual is not worth a place in the record.
        let document = Some(document).filter(|document| *document != DocumentKind::usual(self.key.kind));
        let movements = Movements { under_way: movement, ..self.movements };
        Self {
            document,
            company: Some(company),
            fingerprint: Some(fingerprint),
            customer,
            lines,
            movements,
            ..self
        }
    }

    /// Come to an end: nobody holds it, nobody looks for it, and the next try is the first again.
    fn released(self) -> Self {
        Self { lease: None, attempts: 0, next_check: None, parked: 0, ..self }
    }
}
