//! The record: one business object, its state, its guards and its trail.
//!
//! Everything here is pure: a decision or a change returns a new value, and the ledger makes it true with
//! one conditional write. A record's `version` counts its writes; a write is accepted only on top of the
//! version it was made from.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    Claim, Company, Delivery, Digest, DocumentKind, Entry, Event, Finding, Held, Kind, Movements, Quantities,
    RecordKey, Reference, References, State, Step,
};

/// When what is in doubt and was tried as often as is allowed is taken up again: a person comes first.
const TAKEN_UP_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// How long after the lease what was begun again is taken up, should its holder have vanished: its message, if there
/// is one, has come by then.
const WATCHED_FROM: SignedDuration = SignedDuration::from_mins(40);

/// The right to work on a record until a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// Grows with each lease of the record, so that an old holder can be told from the present one.
    pub fence: u64,
    /// The end of the right.
    pub until: Timestamp,
}

/// What CloudSuite is given for a record: which plan, for whom, and how much.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// What kind of document.
    pub document: DocumentKind,
    /// In which company.
    pub company: Company,
    /// Digest of the planned documents.
    pub fingerprint: Digest,
    /// The customer of CloudSuite; empty for a customer.
    pub customer: String,
    /// How many lines the document has; none for a customer.
    pub lines: u32,
    /// What it moves of goods, or the turnover of a journal entry; nothing for any other document.
    pub movement: Option<Quantities>,
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
    /// How often it was taken since it last came to an end. Tries that only had to wait are not counted.
    pub attempts: u32,
    /// CloudSuite's numbers for it.
    pub references: References,
    /// What kind of document was written for it, once writing began.
    pub document: Option<DocumentKind>,
    /// The company of CloudSuite that it was written in, once writing began.
    pub company: Option<Company>,
    /// The customer of CloudSuite that it was written for, once writing began.
    pub customer: Option<String>,
    /// How many lines its document has, if it has any: what CloudSuite took is counted against it.
    pub lines: Option<u32>,
    /// What CloudSuite was given of goods or of money so far; nothing for a record of which that is not counted.
    pub movements: Movements,
    /// The source's update time of what was last taken in.
    pub updated_at: Option<Timestamp>,
    /// When the source began to tell of that, if it said so; nothing for what was fetched.
    pub triggered_at: Option<Timestamp>,
    /// Digest of the body that was last taken in: the key of its payload item.
    pub body: Digest,
    /// Digest of the planned documents, once planned.
    pub fingerprint: Option<Digest>,
    /// The delivery that was last taken in; the correlation id of everything done for it.
    pub correlation: String,
    /// When the first delivery about it was accepted.
    pub received_at: Timestamp,
    /// When it was first posted, if it awaits confirmation: from here the deadline counts.
    pub posted_at: Option<Timestamp>,
    /// When to look for it in CloudSuite, if it awaits confirmation.
    pub next_check: Option<Timestamp>,
    /// How often it was looked for.
    pub checks: u32,
    /// How often in a row this delivery lacked nothing but master data of CloudSuite, and was parked to be tried again
    /// by itself.
    pub parked: u32,
    /// Its personal data was erased: what was accepted until then is not taken in any more.
    pub erased_at: Option<Timestamp>,
    /// How many entries of the trail were moved to pages of their own.
    pub paged: u32,
    /// The newest entries of the trail, oldest first.
    pub trail: Vec<Entry>,
}

impl Record {
    /// The record that a first delivery makes, claimed.
    pub fn first(claim: &Claim, now: Timestamp) -> Held {
        Self::blank(claim.key.clone(), claim.delivery.body, claim.delivery.received_at).taken(claim, now)
    }

    /// A record before its first write.
    pub(crate) fn blank(key: RecordKey, body: Digest, received_at: Timestamp) -> Self {
        Self {
            key,
            name: String::new(),
            version: 0,
            fence: 0,
            state: State::Received,
            lease: None,
            attempts: 0,
            references: References::default(),
            document: None,
            company: None,
            customer: None,
            lines: None,
            movements: Movements::default(),
            updated_at: None,
            triggered_at: None,
            body,
            fingerprint: None,
            correlation: String::new(),
            received_at,
            posted_at: None,
            next_check: None,
            checks: 0,
            parked: 0,
            erased_at: None,
            paged: 0,
            trail: Vec::new(),
        }
    }

    /// The record as a new holder takes it, for what the delivery says. What was in doubt stays so until CloudSuite
    /// was asked.
    #[must_use]
    pub fn taken(&self, claim: &Claim, now: Timestamp) -> Held {
        let delivery = &claim.delivery;
        let mut next = self.next(now, Event::Received, format!("{} {}", delivery.topic, delivery.id));
        let lease =
            Lease { fence: self.fence + 1, until: now.checked_add(claim.lease).unwrap_or(Timestamp::MAX) };
        next.fence = lease.fence;
        next.lease = Some(lease);
        next.attempts += 1;
        if self.has_ended() {
            // It had come to its end. What begins it again may be a copy of a message that is done with, which nobody
            // brings again should this holder vanish.
            next.next_check = lease.until.checked_add(WATCHED_FROM).ok();
        }
        if matches!(self.state, State::Failed { .. }) {
            next.posted_at = None;
        }
        next.state = self.doubt(now).unwrap_or(State::Received);
        next.name.clone_from(&delivery.name);
        next.triggered_at = match delivery.updated_at {
            // What is taken up again is the delivery that it was.
            Some(_) if delivery.body == self.body => delivery.triggered_at.or(self.triggered_at),
            Some(_) => delivery.triggered_at,
            None => self.triggered_at,
        };
        next.updated_at = delivery.updated_at.or(self.updated_at);
        if delivery.body != self.body {
            // Something else may lack something else: people are told of it again.
            next.parked = 0;
        }
        next.body = delivery.body;
        next.correlation.clone_from(&delivery.id);
        Held { record: next, lease }
    }

    /// Whether nothing more happens with it unless a delivery or a person begins it again.
    fn has_ended(&self) -> bool {
        !matches!(
            self.state,
            State::Received | State::Posting { .. } | State::Waiting { .. } | State::InDoubt { .. }
        )
    }

    /// What CloudSuite was last given for it, once writing began.
    pub fn written(&self) -> Option<Written> {
        let customer = self.customer.clone().unwrap_or_default();
        let document = self.document_kind();
        let lines = self.lines.unwrap_or_default();
        Some(Written {
            document,
            company: self.company.clone()?,
            fingerprint: self.fingerprint?,
            customer,
            lines,
            movement: self.movements.under_way.clone(),
        })
    }

    /// Whether CloudSuite has a document of it that is changed in place and never entered again: it gave a number.
    /// (A customer is changed in place by the same write that enters one, and of goods only further ones are moved.)
    pub fn is_in_cloudsuite(&self) -> bool {
        let is_changed_in_place = self.key.kind != Kind::Customer && !self.document_kind().is_of_goods();
        is_changed_in_place && self.references.number.is_some()
    }

    /// The number of the movement of goods that is under way, by which CloudSuite is asked for it; empty for a record
    /// that moves none.
    pub fn message_number(&self) -> String {
        if !self.document_kind().is_of_goods() {
            return String::new();
        }
        // Nothing may be under way any more: then the last one is meant.
        let under_way = u32::from(self.movements.under_way.is_some());
        Reference::message_number_of(&self.key, (self.movements.count + under_way).max(1))
    }

    /// What kind of document was written for it, or would usually be.
    pub fn document_kind(&self) -> DocumentKind {
        self.document.unwrap_or(DocumentKind::usual(self.key.kind))
    }

    /// The record with one more entry in its trail and nothing else changed: for a delivery that does nothing.
    #[must_use]
    pub fn noted(&self, now: Timestamp, event: Event, detail: impl Into<String>) -> Self {
        self.next(now, event, detail.into())
    }

    /// A delivery was compared with what CloudSuite has: what is older than it comes too late from now on.
    #[must_use]
    pub fn compared(&self, now: Timestamp, delivery: &Delivery, event: Event, detail: String) -> Self {
        let mut next = self.next(now, event, detail);
        let told = (delivery.updated_at, delivery.triggered_at);
        (next.updated_at, next.triggered_at) = told.max((self.updated_at, self.triggered_at));
        next
    }

    /// It was tried as often as is allowed and needs a person, who may have it tried as often again. What is in
    /// doubt stays in doubt.
    #[must_use]
    pub fn exhausted(&self, now: Timestamp, finding: Finding) -> Self {
        let mut next = self.next(now, Event::Exhausted, format!("after {} attempts", self.attempts));
        // What was begun under a number that is kept may still be there.
        let begun = self.references.temporary.is_some() && !self.is_in_cloudsuite();
        let begun = begun.then_some(State::InDoubt { since: now, step: Step::Lines });
        next.state = self.doubt(now).or(begun).unwrap_or_else(|| self.for_a_person(finding));
        next.next_check = match next.state {
            State::InDoubt { .. } => self.next_check.or(now.checked_add(TAKEN_UP_AFTER).ok()),
            _ => None,
        };
        next.attempts = 0;
        next.lease = None;
        next
    }

    /// The state of a record that a person has to see to.
    fn for_a_person(&self, finding: Finding) -> State {
        let findings = vec![finding];
        if self.is_in_cloudsuite() { State::NeedsReview { findings } } else { State::Rejected { findings } }
    }

    /// Nobody came back for it and nothing can bring it again but its message, whose tries go on being counted.
    #[must_use]
    pub fn given_up(&self, now: Timestamp, finding: Finding) -> Self {
        let mut next = self.next(now, Event::Exhausted, String::new());
        next.state = self.for_a_person(finding);
        next.lease = None;
        next.next_check = None;
        next
    }

    /// CloudSuite said that it had confirmed it, and has not: that is in doubt, and is taken up again at
    /// `next_check`.
    #[must_use]
    pub fn confirmation_lost(&self, now: Timestamp, next_check: Timestamp, why: &str) -> Self {
        let mut next = self.next(now, Event::InDoubt, format!("{}: {why}", Step::Confirm));
        next.state = State::InDoubt { since: now, step: Step::Confirm };
        next.next_check = Some(next_check);
        next
    }

    /// CloudSuite really has it, under this number.
    #[must_use]
    pub fn confirmed(&self, now: Timestamp, number: &str) -> Self {
        let mut next = self.next(now, Event::Confirmed, number.to_owned());
        next.state = State::Confirmed;
        next.references.number = Some(number.to_owned());
        next.moved();
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

    /// It was to be looked for and could not be; look at `next_check`.
    #[must_use]
    pub fn unchecked(&self, now: Timestamp, next_check: Timestamp, why: &str) -> Self {
        let mut next = self.next(now, Event::Checked, format!("not asked: {why}"));
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

    /// What a new holder must take for doubtful: what was being written when the last lease ended, and what
    /// CloudSuite could not make an order of, which a person may have changed there.
    fn doubt(&self, now: Timestamp) -> Option<State> {
        match self.state {
            State::InDoubt { since, step } => Some(State::InDoubt { since, step }),
            State::Posting { step } => {
                Some(State::InDoubt { since: self.lease.map_or(now, |lease| lease.until), step })
            }
            State::Failed { .. } => Some(State::InDoubt { since: now, step: Step::Confirm }),
            _ => None,
        }
    }

    /// CloudSuite really has the movement of goods that was under way, if one was.
    pub(crate) fn moved(&mut self) {
        if self.movements.under_way.is_some() {
            self.movements.confirm();
        }
    }

    /// The next version with an entry added. The only place where versions grow.
    pub(crate) fn next(&self, at: Timestamp, event: Event, detail: String) -> Self {
        let mut next = self.clone();
        next.version += 1;
        next.trail.push(Entry { at, event, detail });
        next
    }
}

/// The codes of findings, counted: `unknown_item ×2, too_long`.
pub(crate) fn codes(findings: &[Finding]) -> String {
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
