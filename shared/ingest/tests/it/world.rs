//! A small ShipBob, a ledger, a queue, and somebody who takes in what is on it.

use std::{sync::Arc, time::Duration};

use domain::{Claim, Delivery, Digest, Kind, Private, RecordKey, References, Source, SourceId, TenantId};
use ingest::{End, Limits, Report, Wanted, Warehouse, ingest};
use jiff::{SignedDuration, Timestamp};
use ledger::{Claimed, Ledger, Memory, claim};
use platform::{Clock, Envelope, MemoryMailbox, Queues};
use remote::{InMemory, Transport};
use shipbob::Topic;
use shipbob_api::{Access, ShipBob, VERSION};
use tokio::time::Instant;

use crate::shipbob::{FakeShipBob, Listed, Shelf};

/// A clock that goes on with tokio's.
pub(crate) struct TokioClock(Instant);

impl Clock for TokioClock {
    fn now(&self) -> Timestamp {
        start().checked_add(SignedDuration::try_from(self.0.elapsed()).unwrap()).unwrap()
    }
}

pub(crate) fn start() -> Timestamp {
    "2026-11-22T10:00:00Z".parse().unwrap()
}

pub(crate) struct World {
    pub(crate) tenant: TenantId,
    pub(crate) shipbob: Arc<FakeShipBob>,
    pub(crate) api: ShipBob,
    pub(crate) ledger: Arc<Memory>,
    pub(crate) events: Arc<MemoryMailbox>,
    pub(crate) queues: Queues,
    pub(crate) clock: Arc<TokioClock>,
}

/// Something that was sent: its topic, its id and its body.
pub(crate) type Taken = (String, String, String);

pub(crate) fn world() -> World {
    let shipbob = Arc::new(FakeShipBob::default());
    World { shipbob: shipbob.clone(), ..world_of(shipbob, "pat-hush") }
}

/// The same with another ShipBob behind the client; the small one is empty.
pub(crate) fn world_of(transport: Arc<dyn Transport>, access_token: &str) -> World {
    let clock = Arc::new(TokioClock(Instant::now()));
    let secret = format!(r#"{{"kind":"access_token","access_token":"{access_token}"}}"#);
    let secret = Private::new(secret);
    let shared = Arc::new(InMemory::starting(start()));
    let limits = remote::Limits { requests_per_minute: 3_000, burst: 100 };
    let api = ShipBob::new(Access::parse(&secret).unwrap(), transport, shared, limits).unwrap();
    let events = Arc::new(MemoryMailbox::new("events", clock.clone()));
    let dead_letters = Arc::new(MemoryMailbox::new("dlq", clock.clone()));
    let queues = Queues { events: events.clone(), dead_letters };
    let (tenant, ledger) = ("demo".parse().unwrap(), Arc::new(Memory::default()));
    let shipbob = Arc::default();
    World { tenant, shipbob, api, ledger, events, queues, clock }
}

pub(crate) fn wanted() -> Wanted {
    let (overlap, fees_back) = (SignedDuration::from_hours(1), SignedDuration::from_hours(72));
    let kinds = vec![Kind::Order, Kind::Receipt, Kind::Return, Kind::Fee];
    Wanted { kinds, overlap, fees_back }
}

pub(crate) fn limits(most_objects: u32) -> Limits {
    Limits { most_objects, deadline: Instant::now() + Duration::from_secs(600) }
}

impl World {
    pub(crate) fn warehouse(&self) -> Warehouse<'_> {
        let Self { tenant, api, ledger, queues, clock, .. } = self;
        Warehouse { tenant, shipbob: api, ledger: &**ledger, queues, clock: &**clock }
    }

    pub(crate) fn shelf(&self) -> std::sync::MutexGuard<'_, Shelf> {
        self.shipbob.0.lock().unwrap()
    }

    pub(crate) fn ago(&self, minutes: i64) -> Timestamp {
        self.clock.now().checked_sub(SignedDuration::from_mins(minutes)).unwrap()
    }

    /// An order of so many minutes ago with these shipments, which never changed.
    pub(crate) fn order(&self, id: u64, minutes_ago: i64, shipments: &[u64]) {
        let inserted = Some(self.ago(minutes_ago));
        let shipments: Vec<_> =
            shipments.iter().map(|shipment| shipment_of(*shipment, "Processing")).collect();
        let json =
            format!(r#"{{ "id":{id}, "order_number":"A{id}", "shipments":[{}] }}"#, shipments.join(", "));
        self.shelf().orders.insert(id, Listed { json, inserted, ..Listed::default() });
    }

    /// A shipment of an order leaves.
    pub(crate) fn ship(&self, order: u64, shipment: u64) {
        let now = self.clock.now();
        let mut shelf = self.shelf();
        let listed = shelf.orders.get_mut(&order).unwrap();
        listed.json =
            listed.json.replace(&shipment_of(shipment, "Processing"), &shipment_of(shipment, "Completed"));
        listed.updated = Some(now);
    }

    /// A receiving order in this state, with one box of which so much is stowed.
    pub(crate) fn receipt(&self, id: u64, status: &str, stowed: u32) {
        let (inserted, completed) =
            (Some(self.ago(60 * 24 * 5)), (status == "Completed").then(|| self.ago(1)));
        let json = format!(r#"{{"id":{id},"status":"{status}","inventory_quantities":[]}}"#);
        let boxes =
            format!(r#"[{{"box_id":{id}9, "box_items":[{{"inventory_id":7,"stowed_quantity":{stowed}}}]}}]"#);
        let status = status.to_owned();
        let mut shelf = self.shelf();
        shelf.receipts.insert(id, Listed { json, inserted, completed, status, ..Listed::default() });
        shelf.boxes.insert(id, boxes);
    }

    /// A return that was completed so many minutes ago.
    pub(crate) fn returned(&self, id: u64, minutes_ago: i64) {
        let completed = Some(self.ago(minutes_ago));
        let json = format!(r#"{{"id":{id},"return_type":"Regular","status":"Completed"}}"#);
        self.shelf().returns.insert(id, Listed { json, completed, ..Listed::default() });
    }

    pub(crate) fn fee(&self, id: &str) {
        let json = format!(r#"{{"transaction_id":"{id}","amount":4.10,"charge_date":"2026-11-21"}}"#);
        self.shelf().fees.push(json);
    }

    pub(crate) async fn run(&self) -> Report {
        ingest(&self.warehouse(), &wanted(), limits(10_000), false).await
    }

    /// How often the progress was written.
    pub(crate) async fn writes(&self) -> u64 {
        let owner = Digest::of(b"tenant/demo");
        self.ledger.shared(&owner, "ingest").await.unwrap().unwrap().version
    }

    /// Runs to the end, and returns what was sent and is taken in.
    pub(crate) async fn run_whole(&self) -> Vec<Taken> {
        let report = self.run().await;
        assert_eq!((&report.end, &report.findings[..], report.unread.len()), (&End::Complete, &[][..], 0));
        self.work_off().await
    }

    /// Takes in everything that is on the queue, in order, as the poster does; returns what it was.
    pub(crate) async fn work_off(&self) -> Vec<Taken> {
        let mut taken = Vec::new();
        for message in self.events.messages() {
            let envelope = Envelope::from_message(&message.body).unwrap();
            assert_eq!((&envelope.tenant, envelope.source), (&self.tenant, Source::Shipbob));
            assert_eq!(envelope.api_version.as_deref(), Some(VERSION));
            let body = envelope.body.bytes().unwrap();
            let topic = Topic::parse(&envelope.topic).unwrap();
            assert!(topic.is_internal());
            let peek = shipbob::peek(topic, &body).unwrap();
            let kind = kind_of(topic);
            let short = Digest::of(&body).short();
            assert_eq!(envelope.delivery_id, format!("ingest-{kind}-{}-{short}", peek.id));
            self.take_in(self.key(kind, peek.id.clone()), &body, &envelope.delivery_id).await;
            taken.push((envelope.topic, peek.id.to_string(), String::from_utf8(body).unwrap()));
        }
        self.events.clear();
        taken
    }

    /// Takes a delivery in. Returns whether anything would be entered in CloudSuite.
    pub(crate) async fn take_in(&self, key: RecordKey, body: &[u8], id: &str) -> bool {
        let delivery = Delivery {
            id: id.to_owned(),
            topic: "test".into(),
            received_at: self.clock.now(),
            updated_at: None,
            triggered_at: None,
            body: Digest::of(body),
            name: String::new(),
            again: false,
        };
        let (lease, quiet) = (SignedDuration::from_secs(60), SignedDuration::from_secs(30));
        let claim_of = Claim { key, delivery: delivery.clone(), lease, quiet, alone: true };
        let now = self.clock.now();
        match claim(&*self.ledger, &claim_of, now).await.unwrap() {
            Claimed::Held(held) => {
                let posted = held.posted(now, References::default(), now).unwrap();
                self.ledger.write(posted).await.unwrap();
                true
            }
            Claimed::Refused { record, .. } => {
                let compared = record.compared(now, &delivery, domain::Event::Unchanged, String::new());
                self.ledger.write(compared).await.unwrap();
                false
            }
        }
    }

    pub(crate) fn key(&self, kind: Kind, id: SourceId) -> RecordKey {
        RecordKey { tenant: self.tenant.clone(), source: Source::Shipbob, kind, id }
    }
}

pub(crate) fn shipment_of(id: u64, status: &str) -> String {
    format!(r#"{{"id":{id},"order_id":5,  "status":"{status}","invoice_amount":1.50}}"#)
}

fn kind_of(topic: Topic) -> Kind {
    match topic {
        Topic::OrderPolled => Kind::Order,
        Topic::ShipmentPolled => Kind::Shipment,
        Topic::WroFetched => Kind::Receipt,
        Topic::ReturnPolled => Kind::Return,
        _ => Kind::Fee,
    }
}

/// Topics and ids of what was sent.
pub(crate) fn names(taken: &[Taken]) -> Vec<String> {
    taken.iter().map(|(topic, id, _)| format!("{topic} {id}")).collect()
}

pub(crate) async fn minutes_pass(minutes: u64) {
    tokio::time::advance(Duration::from_secs(60 * minutes)).await;
}
