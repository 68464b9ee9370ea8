//! Twins for tests: queues and a ledger under a clock that goes with tokio's, which may be paused.

use std::{num::NonZeroU32, sync::Arc};

use domain::{Event, Finding, FindingCode, Record, Source};
use jiff::{SignedDuration, Timestamp};
use ledger::{Ledger as _, Memory, Payload};
use platform::{Body, Clock, DeadLetter, Envelope, KeptMessage, Mailbox, MemoryMailbox, Outgoing, Queues};
use tokio::time::Instant;

use crate::test_record::{at, held};

/// What an order holds that nobody may see.
pub(crate) const PERSON: &str = "Ada Lovelace";

/// Begins at `at(100)`.
pub(crate) struct TokioClock(Instant);

impl TokioClock {
    pub(crate) fn new() -> Self {
        Self(Instant::now())
    }
}

impl Clock for TokioClock {
    fn now(&self) -> Timestamp {
        at(100).checked_add(SignedDuration::try_from(self.0.elapsed()).unwrap()).unwrap()
    }
}

pub(crate) struct World {
    pub(crate) clock: Arc<TokioClock>,
    pub(crate) ledger: Memory,
    pub(crate) events: Arc<MemoryMailbox>,
    pub(crate) dead: Arc<MemoryMailbox>,
    pub(crate) queues: Queues,
}

pub(crate) fn world() -> World {
    let clock = Arc::new(TokioClock::new());
    let dead = Arc::new(MemoryMailbox::new("dead", clock.clone()));
    let events = Arc::new(MemoryMailbox::new("events", clock.clone()).giving_up_after(1, dead.clone()));
    let queues = Queues { events: events.clone(), dead_letters: dead.clone() };
    World { clock, ledger: Memory::default(), events, dead, queues }
}

pub(crate) fn rate(per_second: u32) -> NonZeroU32 {
    NonZeroU32::new(per_second).unwrap()
}

pub(crate) fn body(order: u64) -> String {
    format!("{{\"id\":{order},\"name\":\"#{order}\",\"customer\":\"{PERSON}\"}}")
}

/// An envelope of an order, as a message.
pub(crate) fn message(tenant: &str, order: u64) -> String {
    let (topic, id) = ("orders/create".into(), format!("delivery-{order}"));
    let body = Body::compress(body(order).as_bytes());
    Envelope::new(tenant.parse().unwrap(), Source::Shopify, topic, id, at(0), body).to_message()
}

impl World {
    /// Puts an order on the dead-letter queue as the poster does.
    pub(crate) async fn bury(&self, tenant: &str, order: u64, reason: &str) {
        let letter = DeadLetter {
            message: message(tenant, order),
            tenant: tenant.into(),
            record: format!("{tenant}/shopify/order/{order}"),
            reason: reason.into(),
            correlation: format!("delivery-{order}"),
        };
        self.queues.bury(letter).await.unwrap();
    }

    /// Lets SQS move a message to the dead-letter queue.
    pub(crate) async fn give_up(&self, body: String) {
        self.events.send(Outgoing { body, ..Outgoing::default() }).await.unwrap();
        let received = self.events.receive(1, 600).await.unwrap().remove(0);
        self.events.hide(&received.receipt, 0).await.unwrap();
        assert!(self.events.receive(1, 600).await.unwrap().is_empty());
    }

    /// A rejected record with its archived delivery.
    pub(crate) async fn rejected(&self, order: u64) -> Record {
        let held = held(&self.ledger, order, &format!("#{order}")).await;
        let mut record = held
            .rejected(at(1), vec![Finding::new(FindingCode::UnknownItem, "", "no item", "create it")])
            .unwrap();
        record.body = domain::Digest::of(body(order).as_bytes());
        let payload = Payload {
            body: record.body,
            compressed: Body::compress(body(order).as_bytes()).into_compressed(),
            topic: "orders/create".into(),
            api_version: String::new(),
            received_at: at(0),
        };
        self.ledger.archive(&record.key, &payload).await.unwrap();
        self.ledger.write(record).await.unwrap()
    }

    /// The entries of this event in a record's trail.
    pub(crate) async fn entries(&self, order: u64, event: Event) -> Vec<String> {
        let key = format!("demo/shopify/order/{order}").parse().unwrap();
        let record = self.ledger.record(&key).await.unwrap().unwrap();
        record.trail.into_iter().filter(|entry| entry.event == event).map(|entry| entry.detail).collect()
    }

    /// The ids of the deliveries on the queue of events, in the order in which they were sent.
    pub(crate) fn sent(&self) -> Vec<String> {
        let id = |message: KeptMessage| Envelope::from_message(&message.body).unwrap().delivery_id;
        self.events.messages().into_iter().map(id).collect()
    }

    /// Whether every dead letter can be received now.
    pub(crate) fn all_visible(&self) -> bool {
        self.dead.messages().iter().all(|message| message.visible_at <= self.clock.now())
    }
}
