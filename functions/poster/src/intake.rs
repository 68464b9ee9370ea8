//! From a message to a held record with its documents: open, claim, archive, parse, plan.

use std::sync::Arc;

use aws_lambda_events::sqs::SqsMessage;
use domain::{
    Claim, Decision, Delivery, Digest, Event, Finding, Held, Kind, LeaseLost, Record, RecordKey, SourceId,
    State,
};
use jiff::SignedDuration;
use ledger::{Claimed, Payload, claim};
use mapping::{Buyer, Plan, plan_order};
use platform::{
    Envelope,
    telemetry::{self, Metric},
};
use tenants::{Tenant, TenantError};
use tracing::Instrument as _;

use crate::{Ending, Poster};

/// How long a record may be held: the function's own time limit and a margin.
pub(crate) const LEASE: SignedDuration = SignedDuration::from_secs(320);

/// What a message came to.
pub(crate) enum Opened {
    /// Its record is held and its documents stand.
    Ready(Box<Ready>),
    /// Nothing more is to be done than to settle the message.
    Ended {
        /// The tenant; empty if it could not be read.
        tenant: String,
        /// How it ended.
        ending: Ending,
    },
}

/// A held record with its documents.
pub(crate) struct Ready {
    pub(crate) held: Held,
    pub(crate) tenant: Arc<Tenant>,
    pub(crate) order: domain::SalesOrder,
    /// Who buys; nobody if the findings say why.
    pub(crate) buyer: Option<Buyer>,
    /// What the plan found wrong: what CloudSuite does not know is added, so that one report says all.
    pub(crate) findings: Vec<Finding>,
}

impl Poster {
    /// Opens one message.
    pub(crate) async fn open(&self, message: &SqsMessage) -> Opened {
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
        match self.take_in(envelope, &bytes).instrument(span).await {
            Ok(ready) => Opened::Ready(Box::new(ready)),
            Err(ending) => Opened::Ended { tenant, ending },
        }
    }

    async fn take_in(&self, envelope: Envelope, bytes: &[u8]) -> Result<Ready, Ending> {
        let (key, delivery) = identify(&envelope, bytes);
        let held = self.claim(&key, delivery).await?;
        self.archive(&held.record, envelope).await?;
        let order = match shopify::parse_order(bytes) {
            Ok(order) => order,
            Err(error) => return Err(self.reject(&held, vec![error.finding()]).await),
        };
        let tenant = match self.tenants.tenant(&key.tenant).await {
            Ok(tenant) => tenant,
            Err(TenantError::Findings(findings)) => return Err(self.reject(&held, findings).await),
            Err(TenantError::Unavailable(why)) => return Err(self.put_off(&held, 60, &why).await),
        };
        match plan_order(&tenant.mapping, &key, &order) {
            Plan::Planned { order, buyer, findings } => {
                Ok(Ready { held, tenant, order: *order, buyer: buyer.map(|buyer| *buyer), findings })
            }
            Plan::Skip(reason) => Err(self.skip(&held, reason).await),
            Plan::Reject(findings) => Err(self.reject(&held, findings).await),
        }
    }

    /// Claims the record, or says what becomes of a delivery that may not.
    async fn claim(&self, key: &RecordKey, delivery: Delivery) -> Result<Held, Ending> {
        let wish = Claim { key: key.clone(), delivery, lease: LEASE };
        let now = self.clock.now();
        match claim(&*self.ledger, &wish, now).await.map_err(Ending::again)? {
            Claimed::Held(held) => {
                tracing::info!(record = %key, fence = held.lease.fence, "claimed");
                Ok(held)
            }
            Claimed::Refused { decision, record } => {
                Err(self.refused(decision, &record, &wish.delivery).await)
            }
        }
    }

    async fn refused(&self, decision: Decision, record: &Record, delivery: &Delivery) -> Ending {
        let now = self.clock.now();
        let detail = format!("{} {}", delivery.topic, delivery.id);
        match decision {
            // The claim gave up against ever new writers.
            Decision::Take => Ending::again("the record is contended"),
            Decision::Busy(until) => Ending::at(until, now, &delivery.id, "the record is busy"),
            Decision::Duplicate => self.note(record.noted(now, Event::Duplicate, detail), Ending::Done).await,
            Decision::Stale => self.note(record.noted(now, Event::Stale, detail), Ending::Done).await,
            Decision::AlreadyPosted => {
                let detail = format!("{detail}: already in CloudSuite, which is not changed");
                self.note(record.noted(now, Event::Skipped, detail), Ending::Done).await
            }
            Decision::InDoubt(step) => {
                let reason = format!("in doubt: {step}");
                let ending = Ending::Bury { record: Some(record.key.clone()), reason };
                if !matches!(record.state, State::Posting { .. }) {
                    return ending;
                }
                telemetry::count(Metric::InDoubt, record.key.tenant.as_str(), 1);
                self.note(record.found_in_doubt(now, step), ending).await
            }
        }
    }

    /// Archives the signed bytes as they travelled.
    async fn archive(&self, record: &Record, envelope: Envelope) -> Result<(), Ending> {
        let payload = Payload {
            body: record.body,
            compressed: envelope.body.into_compressed(),
            topic: envelope.topic,
            api_version: envelope.api_version.unwrap_or_default(),
            received_at: envelope.received_at,
        };
        self.ledger.archive(&record.key, &payload).await.map_err(Ending::again)
    }

    /// Records that nothing is to be done.
    async fn skip(&self, held: &Held, reason: String) -> Ending {
        self.conclude(held.skipped(self.clock.now(), reason), Ending::Done).await
    }

    /// Records everything that is wrong; the message then goes to the dead-letter queue.
    pub(crate) async fn reject(&self, held: &Held, findings: Vec<Finding>) -> Ending {
        let ending = Ending::rejected(&held.record.key, &findings);
        self.conclude(held.rejected(self.clock.now(), findings), ending).await
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
    async fn note(&self, record: Record, ending: Ending) -> Ending {
        tracing::info!(record = %record.key, event = ?record.trail.last().map(|entry| entry.event), "noted");
        match self.ledger.write(record).await {
            Ok(_) => ending,
            Err(error) => Ending::again(error),
        }
    }
}

/// Which record a delivery is about. A body that names none still gets one, so that it does not disappear.
fn identify(envelope: &Envelope, bytes: &[u8]) -> (RecordKey, Delivery) {
    let body = Digest::of(bytes);
    let peeked = shopify::peek(bytes).ok();
    let id = match &peeked {
        Some(peek) => SourceId::from(peek.id),
        None => SourceId::unreadable(&body),
    };
    let key = RecordKey { tenant: envelope.tenant.clone(), source: envelope.source, kind: Kind::Order, id };
    let (updated_at, name) = peeked.map_or((None, String::new()), |peek| (peek.updated_at, peek.name));
    let delivery = Delivery {
        id: envelope.delivery_id.clone(),
        topic: envelope.topic.clone(),
        received_at: envelope.received_at,
        updated_at,
        body,
        name,
    };
    (key, delivery)
}

fn unreadable(tenant: String, error: &platform::EnvelopeError) -> Opened {
    tracing::error!(%error, "a message that is no envelope");
    Opened::Ended { tenant, ending: Ending::Bury { record: None, reason: "unreadable_envelope".to_owned() } }
}
