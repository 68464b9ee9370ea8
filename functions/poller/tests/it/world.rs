//! A poller over twins and a simulated Shopify.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use domain::{Private, TenantId};
use jiff::{SignedDuration, Timestamp};
use lambda_runtime::{Context, LambdaEvent};
use ledger::{Ledger as _, Memory};
use platform::{Clock, MemoryMailbox, MemorySecrets, Queues, Secrets};
use poller::{Job, Poller, Shops, Summary};
use serde_json::{Value, json};
use shopify_admin::{Broken, HttpAnswer, Post, Transport};
use simulated_shopify::{Answer, Credentials, HttpRequest, SimulatedShopify};
use tenants::{Tenants, parse_credentials};
use tokio::time::Instant;

use crate::ingest::OneOrder;

struct TokioClock(Instant);

impl Clock for TokioClock {
    fn now(&self) -> Timestamp {
        let start: Timestamp = "2026-11-22T10:00:00Z".parse().unwrap();
        start.checked_add(SignedDuration::try_from(self.0.elapsed()).unwrap()).unwrap()
    }
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

/// CloudSuite, which none of these jobs may ask.
struct NoCloudSuite;

#[async_trait]
impl cloudsuite::ion::Transport for NoCloudSuite {
    async fn post(
        &self,
        _: cloudsuite::ion::Post,
    ) -> Result<cloudsuite::ion::HttpAnswer, cloudsuite::ion::Broken> {
        panic!("CloudSuite was asked")
    }
}

pub(crate) struct World {
    pub(crate) shopify: Arc<Simulated>,
    pub(crate) secrets: Arc<MemorySecrets>,
    pub(crate) ledger: Arc<Memory>,
    pub(crate) events: Arc<MemoryMailbox>,
    poller: Poller,
    clock: Arc<TokioClock>,
}

/// A world with these tenants, all of one shop, and with this mapping file.
pub(crate) async fn world(tenants: &[&str], mapping: &str) -> World {
    let clock = Arc::new(TokioClock(Instant::now()));
    let ledger = Arc::new(Memory::default());
    let secrets = Arc::new(MemorySecrets::default());
    let ionapi =
        simulated_cloudsuite::Credentials::default().ionapi_json("https://simulated.inforcloudsuite.com");
    for tenant in tenants {
        let id: TenantId = tenant.parse().unwrap();
        ledger.push_mapping(&id, mapping, "test", clock.now()).await.unwrap();
        secrets.set(&format!("test/ionapi/{tenant}"), &[&ionapi]);
        secrets.set(&format!("test/shopify-admin/{tenant}"), &[&credentials()]);
    }
    let shopify = Arc::new(Simulated(Mutex::new(SimulatedShopify::default()), clock.clone()));
    let mailbox = |name| Arc::new(MemoryMailbox::new(name, clock.clone()));
    let events = mailbox("events");
    let reached = shopify.clone();
    let texts = Secrets::new(secrets.clone(), parse_credentials);
    let tenants = Tenants::new(ledger.clone(), texts, "test".into(), clock.clone())
        .reached_by(Arc::new(|_| Ok(Arc::new(NoCloudSuite))))
        .shops_reached_by(Arc::new(move |_| Ok(reached.clone())))
        .shipbob_reached_by(Arc::new(|_| Ok(Arc::new(OneOrder))));
    let poller = Poller {
        ledger: ledger.clone(),
        queues: Queues { events: events.clone(), dead_letters: mailbox("dlq") },
        tenants: Arc::new(tenants),
        clock: clock.clone(),
        quiet: SignedDuration::from_secs(300),
        webhook_url: "https://hooks.example.com".into(),
    };
    World { shopify, secrets, ledger, events, poller, clock }
}

fn credentials() -> String {
    let Credentials { shop, client_id, client_secret } = Credentials::default();
    json!({ "kind": "client_credentials", "client_id": client_id, "client_secret": client_secret, "shop_domain": shop })
        .to_string()
}

impl World {
    /// Does one job, as a schedule asks for it.
    pub(crate) async fn job(&self, job: &Value) -> Shops {
        self.summary(job).await.shops
    }

    /// Does one job and tells everything that it counted.
    pub(crate) async fn summary(&self, job: &Value) -> Summary {
        let job: Job = serde_json::from_value(job.clone()).unwrap();
        self.poller.handle(LambdaEvent::new(job, Context::default())).await.unwrap()
    }

    /// An order that changed so many minutes ago, and no webhook tells of it.
    pub(crate) fn place(&self, id: u64, minutes_ago: i64) {
        let time = self.clock.now().checked_sub(SignedDuration::from_mins(minutes_ago)).unwrap().to_string();
        let mut order: Value =
            serde_json::from_slice(&testkit::sample("shopify-orders-create-two-lines.json")).unwrap();
        order["id"] = json!(id);
        order["created_at"] = json!(time);
        order["updated_at"] = json!(time);
        self.shopify.0.lock().unwrap().put_order_silently(order, self.clock.now()).unwrap();
    }

    /// The app is taken out of the shop.
    pub(crate) fn uninstall(&self) {
        self.shopify.0.lock().unwrap().uninstall(self.clock.now());
    }

    /// Whose messages are on the queue.
    pub(crate) fn queued(&self) -> Vec<String> {
        self.events.messages().into_iter().filter_map(|message| message.group).collect()
    }
}
