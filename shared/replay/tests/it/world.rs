//! A ledger with records at whatever stage a test needs, and a queue.

use std::sync::Arc;

use domain::{Claim, Delivery, Digest, Finding, FindingCode, Held, Record, RecordKey};
use jiff::{SignedDuration, Timestamp};
use ledger::{Claimed, Ledger as _, Memory, Payload, claim};
use platform::{Body, Envelope, HandClock, MemoryMailbox, Queues};
use replay::{ReplayError, replay};

pub(crate) const LEASE: i64 = 60;

pub(crate) struct World {
    pub(crate) ledger: Memory,
    pub(crate) events: Arc<MemoryMailbox>,
    pub(crate) queues: Queues,
}

pub(crate) fn world() -> World {
    let clock = Arc::new(HandClock::at(at(0)));
    let events = Arc::new(MemoryMailbox::new("events", clock.clone()));
    let dead_letters = Arc::new(MemoryMailbox::new("dead", clock));
    World { ledger: Memory::default(), events: events.clone(), queues: Queues { events, dead_letters } }
}

pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + second).unwrap()
}

pub(crate) fn key() -> RecordKey {
    "demo/shopify/order/1".parse().unwrap()
}

impl World {
    /// The record as the poster holds it for a delivery of these bytes, which are archived.
    pub(crate) async fn held(&self, second: i64, delivery: &str, body: &[u8]) -> Held {
        let digest = Digest::of(body);
        let delivery = Delivery {
            id: delivery.into(),
            topic: "orders/create".into(),
            received_at: at(second),
            updated_at: None,
            triggered_at: None,
            body: digest,
            name: "#1001".into(),
            again: false,
        };
        let (lease, quiet) = (SignedDuration::from_secs(LEASE), SignedDuration::from_secs(300));
        let wish = Claim { key: key(), delivery, lease, quiet, alone: true };
        let Claimed::Held(held) = claim(&self.ledger, &wish, at(second)).await.unwrap() else {
            panic!("the record is not free")
        };
        self.archive(digest, Body::compress(body), at(second)).await;
        held
    }

    pub(crate) async fn archive(&self, body: Digest, bytes: Body, received_at: Timestamp) {
        let compressed = bytes.into_compressed();
        let (topic, api_version) = ("orders/create".to_owned(), "2026-10".to_owned());
        let payload = Payload { body, compressed, topic, api_version, received_at };
        self.ledger.archive(&key(), &payload).await.unwrap();
    }

    /// The record, rejected a second after it was taken in.
    pub(crate) async fn rejected(&self, second: i64, delivery: &str, body: &[u8]) -> Record {
        let finding = Finding::new(FindingCode::UnknownItem, "", "M3 has no item MUG", "create it");
        let held = self.held(second, delivery, body).await;
        self.ledger.write(held.rejected(at(second + 1), vec![finding]).unwrap()).await.unwrap()
    }

    pub(crate) async fn replay(&self, second: i64) -> Result<Record, ReplayError> {
        replay(&self.ledger, &self.queues, &key(), "jo", at(second)).await
    }

    pub(crate) async fn record(&self) -> Record {
        self.ledger.record(&key()).await.unwrap().unwrap()
    }

    /// What is on the queue.
    pub(crate) fn sent(&self) -> Vec<Envelope> {
        let messages = self.events.messages();
        messages.iter().map(|message| Envelope::from_message(&message.body).unwrap()).collect()
    }
}
