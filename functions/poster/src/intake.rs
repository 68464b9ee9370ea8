//! From a message to a held record with its documents: open, claim, archive, parse, plan.

use std::sync::Arc;

use aws_lambda_events::sqs::SqsMessage;
use domain::{
    Claim, Decision, Delivery, Digest, Event, Finding, FindingCode, Held, Kind, LeaseLost, Record, RecordKey,
    SourceId,
};
use jiff::SignedDuration;
use ledger::{Claimed, LedgerError, Payload, claim};
use mapping::{Buyer, Plan, plan_order};
use platform::Envelope;
use tenants::{Tenant, TenantError};
use tracing::Instrument as _;

use crate::{Ending, Poster, buyers::fingerprint, turn::Turn};

/// How many seconds a record waits for what did not answer: the archive, or what its tenant is set up from.
const A_WHILE: i64 = 60;

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
    /// Digest of what the plan would have CloudSuite see.
    pub(crate) fingerprint: Digest,
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
        let held = self.claim(&wish, bytes).await?;
        if let Some(ending) = self.refuse_erased(&held, &wish.delivery, bytes).await {
            return Err(ending.into());
        }
        if let Err(error) = self.archive(&held.record, envelope).await {
            // Let go of, so that a fault of ours is no attempt of the order's.
            return Err(self.put_off(&held, A_WHILE, &error.to_string()).await.into());
        }
        if wish.key.kind == Kind::Request {
            return Err(self.request(&held, &wish.delivery, bytes).await.into());
        }
        match self.plan(&wish.key, bytes).await {
            Ok((tenant, plan)) => {
                let fingerprint = fingerprint_of(&tenant, &plan);
                Ok(Ready { held, tenant, plan, fingerprint })
            }
            // What is in doubt is not settled by a tenant that cannot be set up.
            Err(TenantError::Findings(findings)) if !held.must_ask() => {
                Err(self.reject(&held, findings).await.into())
            }
            Err(error) => Err(self.put_off(&held, A_WHILE, &error.to_string()).await.into()),
        }
    }

    /// Does what the source asks of the connector itself.
    async fn request(&self, held: &Held, delivery: &Delivery, bytes: &[u8]) -> Ending {
        match shopify::Topic::parse(&delivery.topic).map(|topic| shopify::parse(topic, bytes)) {
            Some(Ok(event)) => self.obey(held, delivery, event).await,
            Some(Err(error)) => self.reject(held, vec![error.finding()]).await,
            None => self.skip(held, "an unknown topic".to_owned()).await,
        }
    }

    /// Plans what CloudSuite is to get for a body.
    async fn plan(&self, key: &RecordKey, bytes: &[u8]) -> Result<(Arc<Tenant>, Plan), TenantError> {
        let tenant = self.tenants.tenant(&key.tenant).await?;
        let plan = match shopify::parse_order(bytes) {
            Ok(order) => plan_order(&tenant.mapping, key, &order),
            Err(error) => Plan::Reject(vec![error.finding()]),
        };
        Ok((tenant, plan))
    }

    /// Claims the record, or says what becomes of a delivery that may not.
    async fn claim(&self, wish: &Claim, bytes: &[u8]) -> Result<Held, Stop> {
        let now = self.clock.now();
        match claim(&*self.ledger, wish, now)
            .await
            .map_err(|error| Ending::of_the_ledger(&wish.key, &error))?
        {
            Claimed::Held(held) => {
                tracing::info!(record = %wish.key, fence = held.lease.fence, "claimed");
                Ok(held)
            }
            Claimed::Refused { decision: Decision::Alone, .. } => Err(Stop::Alone),
            Claimed::Refused { decision: Decision::AlreadyPosted, record } => {
                Err(self.compare(&record, &wish.delivery, bytes).await.into())
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
            Decision::Busy(until) => Ending::at(until, now, &delivery.id, "the record is busy"),
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

    /// Compares a delivery with what CloudSuite has already. What says nothing new costs no request.
    async fn compare(&self, record: &Record, delivery: &Delivery, bytes: &[u8]) -> Ending {
        let planned = match self.plan(&record.key, bytes).await {
            Ok((tenant, plan)) => fingerprint_of(&tenant, &plan),
            Err(error) => return Ending::again(error),
        };
        let detail = format!("{} {}", delivery.topic, delivery.id);
        let (event, detail) = if record.fingerprint == Some(planned) {
            (Event::Unchanged, detail)
        } else {
            (Event::Skipped, format!("{detail}: already in CloudSuite, which is not changed"))
        };
        self.note(record.compared(self.clock.now(), delivery, event, detail), Ending::Done).await
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

    /// Records that nothing is to be done.
    pub(crate) async fn skip(&self, held: &Held, reason: String) -> Ending {
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
    let topic = shopify::Topic::parse(&envelope.topic);
    let peeked = match topic {
        Some(topic) => topic.peek(bytes).ok(),
        None => shopify::peek(bytes).ok(),
    };
    let (kind, word) = match topic.map(shopify::Topic::subject) {
        Some(shopify::Subject::AppUninstalled) => (Kind::Request, "uninstalled-"),
        Some(shopify::Subject::CustomersDataRequest) => (Kind::Request, "data-request-"),
        Some(shopify::Subject::CustomersRedact) => (Kind::Request, "customer-redact-"),
        Some(shopify::Subject::ShopRedact) => (Kind::Request, "shop-redact-"),
        Some(shopify::Subject::Customer) => (Kind::Customer, ""),
        _ => (Kind::Order, ""),
    };
    let id = peeked.as_ref().and_then(|peek| format!("{word}{}", peek.id).parse().ok());
    let id = id.unwrap_or_else(|| SourceId::unreadable(&body));
    let key = RecordKey { tenant: envelope.tenant.clone(), source: envelope.source, kind, id };
    let (updated_at, name) = peeked.map_or((None, String::new()), |peek| (peek.updated_at, peek.name));
    let delivery = Delivery {
        id: envelope.delivery_id.clone(),
        topic: envelope.topic.clone(),
        received_at: envelope.received_at,
        updated_at,
        body,
        name,
        again: envelope.again.is_some(),
    };
    (key, delivery)
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
        Plan::Planned { document, buyer: None, .. } => fingerprint(&(document, discounts)),
        Plan::Known { number } => fingerprint(number),
        Plan::Skip(reason) => fingerprint(reason),
        Plan::Reject(findings) => fingerprint(findings),
    }
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

fn unreadable(tenant: String, error: &platform::EnvelopeError) -> Opened {
    tracing::error!(%error, "a message that is no envelope");
    Opened::Ended { tenant, ending: Ending::Bury { record: None, reason: "unreadable_envelope".to_owned() } }
}
