//! A simulated Shopify, a ledger, a queue, and somebody who takes in what is on it.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use domain::{Claim, Delivery, Digest, Kind, Private, RecordKey, References, Source, SourceId, TenantId};
use jiff::{SignedDuration, Timestamp};
use ledger::{Claimed, Ledger, Memory, claim};
use platform::{Clock, Envelope, MemoryMailbox, Queues};
use reconcile::{Limits, Report, Shop};
use serde_json::{Value, json};
use shopify_admin::{Admin, Broken, Credentials, HttpAnswer, InMemory, Post, Transport, Window};
use simulated_shopify::{Answer, Fault, HttpRequest, SimulatedShopify};
use tokio::time::Instant;

pub(crate) const OVERLAP: SignedDuration = SignedDuration::from_hours(1);

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

/// The simulated Shopify, reached without sockets.
pub(crate) struct Simulated(pub(crate) Mutex<SimulatedShopify>, Arc<TokioClock>);

#[async_trait]
impl Transport for Simulated {
    async fn post(&self, post: Post) -> Result<HttpAnswer, Broken> {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let headers = post.headers.into_iter().map(|(name, value)| (name.to_owned(), value.into_exposed()));
        let request = HttpRequest {
            method: "POST".into(),
            path: post.url.path().to_owned(),
            headers: headers.collect(),
            body: post.body.into_exposed(),
        };
        let answer = self.0.lock().unwrap().handle(&request, self.1.now());
        let Answer::Respond { response, .. } = answer else { return Err(Broken::BrokenOff) };
        Ok(HttpAnswer { status: response.status, retry_after: None, body: Private::new(response.body) })
    }
}

pub(crate) struct World {
    pub(crate) tenant: TenantId,
    pub(crate) shopify: Arc<Simulated>,
    pub(crate) admin: Admin,
    pub(crate) ledger: Arc<Memory>,
    pub(crate) events: Arc<MemoryMailbox>,
    pub(crate) queues: Queues,
    pub(crate) clock: Arc<TokioClock>,
}

pub(crate) fn world() -> World {
    let clock = Arc::new(TokioClock(Instant::now()));
    let mut simulated = SimulatedShopify::default();
    let access_token = Private::new(simulated.issue_permanent_token());
    let domain = simulated.credentials().shop.clone();
    let shopify = Arc::new(Simulated(Mutex::new(simulated), clock.clone()));
    let shared = Arc::new(InMemory::starting(start()));
    let credentials = Credentials::AccessToken { access_token };
    let admin = Admin::new(&domain, None, credentials, shopify.clone(), shared).unwrap();
    let events = Arc::new(MemoryMailbox::new("events", clock.clone()));
    let dead_letters = Arc::new(MemoryMailbox::new("dlq", clock.clone()));
    let queues = Queues { events: events.clone(), dead_letters };
    let (tenant, ledger) = ("demo".parse().unwrap(), Arc::new(Memory::default()));
    World { tenant, shopify, admin, ledger, events, queues, clock }
}

impl World {
    pub(crate) fn shop(&self) -> Shop<'_> {
        let Self { tenant, admin, ledger, queues, clock, .. } = self;
        Shop { tenant, admin, ledger: &**ledger, queues, clock: &**clock }
    }

    /// An order that changed so many minutes ago, and no webhook tells of it.
    pub(crate) fn place(&self, id: u64, minutes_ago: i64) {
        let time = self.ago(minutes_ago).to_string();
        let mut order: Value =
            serde_json::from_slice(&testkit::sample("shopify-orders-create-two-lines.json")).unwrap();
        order["id"] = json!(id);
        order["admin_graphql_api_id"] = json!(format!("gid://shopify/Order/{id}"));
        order["name"] = json!(format!("#{id}"));
        order["created_at"] = json!(time);
        order["updated_at"] = json!(time);
        self.shopify.0.lock().unwrap().put_order_silently(order, self.clock.now()).unwrap();
    }

    /// Takes a delivery in as webhook and poster do. Returns whether anything would be entered in CloudSuite.
    pub(crate) async fn take_in(&self, id: u64, updated_at: Timestamp, delivery: &str) -> bool {
        let delivery = Delivery {
            id: delivery.to_owned(),
            topic: "orders/updated".into(),
            received_at: self.clock.now(),
            updated_at: Some(updated_at),
            triggered_at: None,
            body: Digest::of(format!("{id} {updated_at}").as_bytes()),
            name: format!("#{id}"),
            again: false,
        };
        let (lease, quiet) = (SignedDuration::from_secs(60), SignedDuration::from_secs(30));
        let claim_of = Claim { key: self.key(id), delivery: delivery.clone(), lease, quiet, alone: true };
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

    /// Takes in everything that is on the queue; returns the ids of what was sent, in order.
    pub(crate) async fn work_off(&self) -> Vec<u64> {
        let mut ids = Vec::new();
        for message in self.events.messages() {
            let envelope = Envelope::from_message(&message.body).unwrap();
            let order = shopify::parse_order(&envelope.body.bytes().unwrap()).unwrap();
            let peek = shopify::peek(&envelope.body.bytes().unwrap()).unwrap();
            assert_eq!((envelope.topic.as_str(), &envelope.tenant), ("orders/updated", &self.tenant));
            assert_eq!(envelope.api_version.as_deref(), Some(shopify_admin::VERSION));
            assert_eq!(order.line_items.len(), 2);
            self.take_in(peek.id, peek.updated_at.unwrap(), &envelope.delivery_id).await;
            ids.push(peek.id);
        }
        self.events.clear();
        ids
    }

    pub(crate) async fn reconcile(&self) -> Report {
        reconcile::reconcile(&self.shop(), OVERLAP, limits(1_000, 100)).await
    }

    pub(crate) fn fault(&self, fault: Fault) {
        self.shopify.0.lock().unwrap().add_fault(fault);
    }

    pub(crate) fn ago(&self, minutes: i64) -> Timestamp {
        let now = self.clock.now().checked_sub(SignedDuration::from_mins(minutes)).unwrap();
        Timestamp::from_second(now.as_second()).unwrap()
    }

    /// From so many minutes ago on.
    pub(crate) fn window(&self, minutes: i64) -> Window {
        Window { from: self.ago(minutes), until: self.ago(0) }
    }

    pub(crate) fn key(&self, id: u64) -> RecordKey {
        let (tenant, id) = (self.tenant.clone(), SourceId::from(id));
        RecordKey { tenant, source: Source::Shopify, kind: Kind::Order, id }
    }
}

pub(crate) fn limits(most_orders: u32, page_size: u32) -> Limits {
    Limits { most_orders, page_size, deadline: Instant::now() + Duration::from_secs(600) }
}

pub(crate) async fn minutes_pass(minutes: u64) {
    tokio::time::advance(Duration::from_secs(60 * minutes)).await;
}
