//! From a message to a held record with its work: open, claim, archive, plan.

use std::sync::Arc;

use aws_lambda_events::sqs::SqsMessage;
use domain::{Claim, Company, Decision, Delivery, Digest, Document, Event, Held, Record, Source, State};
use identify::identify;
use jiff::{SignedDuration, Timestamp};
use ledger::{Claimed, LedgerError, Payload, claim, keep};
use mapping::{Buyer, Plan};
use platform::Envelope;
use tenants::{Tenant, TenantError};
use tracing::Instrument as _;

use crate::{
    Ending, Poster,
    buyers::fingerprint,
    concluding::exhausted,
    from_shipbob, from_shopify,
    planning::{PlanError, Work},
    turn::Turn,
};

/// How many seconds a record waits for what did not answer: the archive, or what its tenant is set up from.
const A_WHILE: i64 = 60;
/// How many seconds a delivery waits at least and at most for another one that comes first.
const ANOTHER_FIRST: (i64, i64) = (20, 300);

/// What a message came to.
pub(crate) enum Opened {
    /// Its record is held and its plan stands.
    Ready(Box<Ready>),
    /// Nothing more is to be done than to settle the message.
    Ended {
        /// The tenant; empty if it could not be read.
        tenant: String,
        /// How it ended.
        ending: Ending,
    },
    /// A former holder vanished over its record: it must be handled where no neighbour would be harmed.
    Alone {
        /// The tenant.
        tenant: String,
    },
}

/// A held record with the plan of its documents.
pub(crate) struct Ready {
    pub(crate) held: Held,
    pub(crate) tenant: Arc<Tenant>,
    pub(crate) plan: Plan,
    /// What CloudSuite has of it is to be cancelled; the plan says why nothing is posted.
    pub(crate) cancel: bool,
    /// Digest of what the plan would have CloudSuite see.
    pub(crate) fingerprint: Digest,
    /// What the source had when the document was last written, if it is to be amended and that is known.
    pub(crate) before: Option<Document>,
    /// What is to be on the queue before the record says that CloudSuite has the document.
    pub(crate) follow_up: Option<Envelope>,
}

impl Ready {
    /// In which company it is asked for and posted: where it was written already, if it was.
    pub(crate) fn company(&self) -> Company {
        let record = &self.held.record;
        let written = || record.company.clone();
        let known = (self.held.must_ask() || self.held.is_to_be_amended()).then(written).flatten();
        known.unwrap_or_else(|| match &self.plan {
            Plan::Planned { document, .. } => document.company(),
            _ => self.tenant.company(),
        })
    }
}

/// A claimed record, with the body that CloudSuite was last given if it has something of it already.
struct Taken {
    held: Held,
    before: Option<Digest>,
}

/// Why a message is not ready.
enum Stop {
    Ended(Ending),
    Alone,
}

impl From<Ending> for Stop {
    fn from(ending: Ending) -> Self {
        Self::Ended(ending)
    }
}

impl Poster {
    /// Opens one message. `alone` says that it is the only one that would be harmed if this ended the process.
    pub(crate) async fn open(&self, message: &SqsMessage, turn: Turn, alone: bool) -> Opened {
        let envelope = match Envelope::from_message(message.body.as_deref().unwrap_or_default()) {
            Ok(envelope) => envelope,
            Err(error) => return unreadable(String::new(), &error),
        };
        let tenant = envelope.tenant.to_string();
        let bytes = match envelope.body.bytes() {
            Ok(bytes) => bytes,
            Err(error) => return unreadable(tenant, &error),
        };
        let (correlation, topic) = (envelope.delivery_id.clone(), envelope.topic.clone());
        let span = tracing::info_span!("delivery", tenant, topic, correlation);
        match self.take_in(envelope, &bytes, turn, alone).instrument(span).await {
            Ok(ready) => Opened::Ready(Box::new(ready)),
            Err(Stop::Ended(ending)) => Opened::Ended { tenant, ending },
            Err(Stop::Alone) => Opened::Alone { tenant },
        }
    }

    async fn take_in(
        &self,
        envelope: Envelope,
        bytes: &[u8],
        turn: Turn,
        alone: bool,
    ) -> Result<Ready, Stop> {
        let (key, delivery) = identify(&envelope, bytes);
        let wish = Claim { key, delivery, lease: turn.lease, quiet: self.quiet, alone };
        let Taken { mut held, before } = self.claim(&wish, bytes).await?;
        let is_of_shopify = envelope.source == Source::Shopify;
        if is_of_shopify && envelope.about.is_none() && envelope.again.is_none() {
            self.drift.see(&envelope.topic, envelope.api_version.as_deref(), bytes);
        }
        if let Some(ending) = self.refuse_erased(&held, &wish.delivery, bytes).await {
            return Err(ending.into());
        }
        let journal = from_shopify::journal_of(&envelope);
        if let Err(error) = self.archive(&held.record, envelope).await {
            // Let go of, so that a fault of ours is no attempt of the order's.
            return Err(self.put_off(&held, A_WHILE, &error.to_string()).await.into());
        }
        if is_of_shopify && from_shopify::asks_the_connector(&wish.delivery.topic) {
            return Err(self.request(&held, &wish.delivery, bytes).await.into());
        }
        let (tenant, work) = match self.plan(&held.record, &wish.delivery.topic, bytes).await {
            Ok(planned) => planned,
            // What is in doubt is not settled by a tenant that cannot be set up.
            Err(PlanError::Tenant(TenantError::Findings(findings))) if !held.must_ask() => {
                return Err(self.reject(&held, findings).await.into());
            }
            Err(error) => return Err(self.put_off(&held, A_WHILE, &error.to_string()).await.into()),
        };
        let (plan, cancel) = match work {
            Work::Plan(plan) => (plan, false),
            Work::Cancel(reason) => (Plan::Skip(reason), true),
            Work::Wait(why) => {
                let seconds = another_first(wish.delivery.received_at, self.clock.now());
                return Err(self.put_off(&held, seconds, &why).await.into());
            }
            Work::Fetch(order) => return Err(self.fetch(&mut held, &tenant, order, turn).await.into()),
            Work::Unfold => {
                return Err(self.unfold(&mut held, &tenant, &wish.delivery.topic, bytes, turn).await.into());
            }
        };
        if let Some(said) = from_shipbob::short_receipt(wish.key.kind, &wish.delivery.topic, bytes) {
            held.note(self.clock.now(), Event::NeedsReview, said);
        }
        let fingerprint = fingerprint_of(&tenant, &plan);
        let before = match before {
            Some(body) => self.planned_before(&held.record, &body).await,
            None => None,
        };
        let follow_up = journal.filter(|_| tenant.mapping.journal.allocations);
        Ok(Ready { held, tenant, plan, cancel, fingerprint, before, follow_up })
    }

    /// The document that was made of what the source had before, if that is still kept.
    async fn planned_before(&self, record: &Record, body: &Digest) -> Option<Document> {
        let payload = self.ledger.payload(&record.key, body).await.ok()??;
        let bytes = platform::Body::from_compressed(payload.compressed).bytes().ok()?;
        match self.plan(record, &payload.topic, &bytes).await {
            Ok((_, Work::Plan(Plan::Planned { document, .. }))) => Some(*document),
            _ => None,
        }
    }

    /// Claims the record, or says what becomes of a delivery that may not.
    async fn claim(&self, wish: &Claim, bytes: &[u8]) -> Result<Taken, Stop> {
        let now = self.clock.now();
        match claim(&*self.ledger, wish, now)
            .await
            .map_err(|error| Ending::of_the_ledger(&wish.key, &error))?
        {
            Claimed::Held(held) => {
                tracing::info!(record = %wish.key, fence = held.lease.fence, "claimed");
                Ok(Taken { held, before: None })
            }
            Claimed::Refused { decision: Decision::Alone, .. } => Err(Stop::Alone),
            Claimed::Refused { decision: Decision::AlreadyPosted, record } => {
                self.compare(&record, wish, bytes).await
            }
            Claimed::Refused { decision, record } => {
                Err(self.refused(decision, &record, &wish.delivery).await.into())
            }
        }
    }

    async fn refused(&self, decision: Decision, record: &Record, delivery: &Delivery) -> Ending {
        let now = self.clock.now();
        let detail = format!("{} {}", delivery.topic, delivery.id);
        match decision {
            Decision::Busy(until) => {
                // The lease outlives its holder, which is most often done long before.
                let soon = now + SignedDuration::from_secs(another_first(delivery.received_at, now));
                Ending::at(until.min(soon), now, &delivery.id, "the record is busy")
            }
            Decision::Duplicate => self.note(record.noted(now, Event::Duplicate, detail), Ending::Done).await,
            // Nothing is archived, and nothing is left to do.
            Decision::Erased => self.note(record.noted(now, Event::Skipped, detail), Ending::Done).await,
            Decision::Stale => self.note(record.noted(now, Event::Stale, detail), Ending::Done).await,
            Decision::Exhausted => {
                let ending = Ending::exhausted(record);
                self.note(record.exhausted(now, exhausted(record.attempts)), ending).await
            }
            // The claim gave up against ever new writers. The other two have ways of their own.
            Decision::Take | Decision::Alone | Decision::AlreadyPosted => {
                Ending::again("the record is contended")
            }
        }
    }

    /// Compares a delivery with what CloudSuite has already. What says nothing new costs no request; all else takes
    /// the record, so that what CloudSuite has is brought to it.
    async fn compare(&self, record: &Record, wish: &Claim, bytes: &[u8]) -> Result<Taken, Stop> {
        let (now, delivery) = (self.clock.now(), &wish.delivery);
        let (tenant, work) = match self.plan(record, &delivery.topic, bytes).await {
            Ok(planned) => planned,
            Err(error) => return Err(Ending::again(error).into()),
        };
        let is_new = match &work {
            Work::Plan(Plan::Known { number }) => record.references.number.as_ref() != Some(number),
            Work::Plan(plan) => record.fingerprint != Some(fingerprint_of(&tenant, plan)),
            Work::Cancel(_) => !matches!(record.state, State::Cancelled),
            Work::Wait(_) | Work::Fetch(_) | Work::Unfold => true,
        };
        let detail = format!("{} {}", delivery.topic, delivery.id);
        // What is no longer to be posted, and not cancelled either, changes nothing in CloudSuite.
        let note = match &work {
            _ if !is_new => Some((Event::Unchanged, detail)),
            Work::Plan(Plan::Skip(reason)) => Some((Event::Skipped, format!("{detail}: {reason}"))),
            _ => None,
        };
        if let Some((event, detail)) = note {
            let noted = record.compared(now, delivery, event, detail);
            return Err(self.note(noted, Ending::Done).await.into());
        }
        // CloudSuite is still making an order of it: what is changed meanwhile could be made of neither.
        if let (State::Posted, Some(next_check)) = (&record.state, record.next_check) {
            let until = next_check.max(now);
            return Err(Ending::at(until, now, &delivery.id, "it is not confirmed yet").into());
        }
        // Of what a person was shown, CloudSuite may have any part.
        let before = (record.state == State::Confirmed).then_some(record.body);
        match keep(&*self.ledger, record.taken(wish, now)).await {
            Ok(held) => {
                tracing::info!(record = %wish.key, fence = held.lease.fence, "claimed, to be changed");
                Ok(Taken { held, before })
            }
            Err(error) => Err(Ending::again(error).into()),
        }
    }

    /// Archives the signed bytes as they travelled.
    async fn archive(&self, record: &Record, envelope: Envelope) -> Result<(), LedgerError> {
        let payload = Payload {
            body: record.body,
            compressed: envelope.body.into_compressed(),
            topic: envelope.topic,
            api_version: envelope.api_version.unwrap_or_default(),
            received_at: envelope.received_at,
        };
        self.ledger.archive(&record.key, &payload).await
    }
}

/// How many seconds a delivery waits for another record, or for another delivery about its own: as long again as it has
/// waited already, because what comes together is usually done soon.
fn another_first(received_at: Timestamp, now: Timestamp) -> i64 {
    let (least, most) = ANOTHER_FIRST;
    now.duration_since(received_at).as_secs().clamp(least, most)
}

/// Digest of what a plan would have CloudSuite see: the order, its buyer, and how discounts are written.
fn fingerprint_of(tenant: &Tenant, plan: &Plan) -> Digest {
    let discounts = format!("{:?}", tenant.mapping.discounts.write_as);
    match plan {
        Plan::Planned { document: planned, buyer: Some(buyer), .. } => match &**buyer {
            Buyer::Customer { document, .. } => fingerprint(&(planned, document, discounts)),
            Buyer::Firm { keys } => fingerprint(&(planned, keys, discounts)),
            Buyer::Fallback(number) => fingerprint(&(planned, number, discounts)),
        },
        Plan::Planned { document, buyer: None, .. } => match &**document {
            // As the orders of the customer know it.
            Document::Customer(customer) => fingerprint(customer),
            document => fingerprint(&(document, discounts)),
        },
        Plan::Known { number } => fingerprint(number),
        Plan::Skip(reason) => fingerprint(reason),
        Plan::Reject(findings) => fingerprint(findings),
    }
}

fn unreadable(tenant: String, error: &platform::EnvelopeError) -> Opened {
    tracing::error!(%error, "a message that is no envelope");
    Opened::Ended { tenant, ending: Ending::Bury { record: None, reason: "unreadable_envelope".to_owned() } }
}
