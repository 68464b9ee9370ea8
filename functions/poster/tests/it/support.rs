//! A world of twins: ledger, queue, secrets, a simulated CloudSuite, and a clock that only goes on demand.

use std::{
    sync::{Arc, Mutex},
    time::Instant,
};

use async_trait::async_trait;
use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use domain::{Claim, Delivery, Digest, Held, Private, Record, RecordKey, Source};
use jiff::{SignedDuration, Timestamp};
use lambda_runtime::{Context, LambdaEvent};
use ledger::{Ledger, Memory};
use platform::{
    Body, Clock, DeadLetter, Envelope, HandClock, Mailbox as _, MemoryMailbox, MemorySecrets, Outgoing,
    Queues, Received, Secrets,
};
use poller::{Job, Poller, Summary};
use poster::Poster;
use serde_json::{Value, json};
use shopify_admin::{Broken, HttpAnswer, Post, Transport};
use simulated_cloudsuite::{Fault, HttpRequest, MasterData, Running, SimulatedCloudSuite, serve_anywhere};
use simulated_shopify::SimulatedShopify;
use tenants::{Tenants, parse_credentials};

/// How many seconds a write whose answer was lost may still arrive.
pub(crate) const QUIET: i64 = 300;

/// For how many seconds a batch is hidden, as in the template.
pub(crate) const VISIBILITY: u32 = 1_800;

/// The clock that is moved by hand, going on with real time as well: waits that are slept come to an end.
struct FlowingClock {
    hand: Arc<HandClock>,
    since: Instant,
}

impl Clock for FlowingClock {
    fn now(&self) -> Timestamp {
        self.hand.now().checked_add(SignedDuration::try_from(self.since.elapsed()).unwrap()).unwrap()
    }
}

pub(crate) struct World {
    pub(crate) poster: Arc<Poster>,
    pub(crate) poller: Poller,
    pub(crate) ledger: Arc<Memory>,
    pub(crate) events: Arc<MemoryMailbox>,
    pub(crate) dead_letters: Arc<MemoryMailbox>,
    pub(crate) clock: Arc<HandClock>,
    pub(crate) m3: Running,
    pub(crate) shopify: Arc<Simulated>,
    secrets: Arc<MemorySecrets>,
}

/// The simulated Shopify, reached without sockets.
pub(crate) struct Simulated(pub(crate) Mutex<SimulatedShopify>, Arc<HandClock>);

#[async_trait]
impl Transport for Simulated {
    async fn post(&self, post: Post) -> Result<HttpAnswer, Broken> {
        let headers = post.headers.into_iter().map(|(name, value)| (name.to_owned(), value.into_exposed()));
        let request = simulated_shopify::HttpRequest {
            method: "POST".into(),
            path: post.url.path().to_owned(),
            headers: headers.collect(),
            body: post.body.into_exposed(),
        };
        let answer = self.0.lock().unwrap().handle(&request, self.1.now());
        let simulated_shopify::Answer::Respond { response, .. } = answer else {
            return Err(Broken::BrokenOff);
        };
        Ok(HttpAnswer { status: response.status, retry_after: None, body: Private::new(response.body) })
    }
}

pub(crate) async fn world() -> World {
    world_with(str::to_owned).await
}

/// The same with the default mapping file changed.
pub(crate) async fn world_with(change: impl Fn(&str) -> String) -> World {
    // The first installation stays; another test of this process may have made it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let m3 = serve_anywhere(SimulatedCloudSuite::new(MasterData::demo())).await.unwrap();
    m3.simulator().settings.repeats_count = true;
    let ledger = Arc::new(Memory::default());
    let clock = Arc::new(HandClock::at("2026-11-22T10:00:00Z".parse().unwrap()));
    let mapping = change(&mapping(&m3));
    ledger.push_mapping(&"demo".parse().unwrap(), &mapping, "test", clock.now()).await.unwrap();
    let secrets = Arc::new(MemorySecrets::default());
    secrets.set("test/ionapi/demo", &[m3.ionapi_json()]);
    let credentials: Secrets<Private<String>> = Secrets::new(secrets.clone(), parse_credentials);
    let shopify = Arc::new(Simulated(Mutex::new(SimulatedShopify::default()), clock.clone()));
    let reached = shopify.clone();
    let flowing = Arc::new(FlowingClock { hand: clock.clone(), since: Instant::now() });
    let tenants = Tenants::new(ledger.clone(), credentials, "test".into(), flowing);
    let tenants = Arc::new(tenants.shops_reached_by(Arc::new(move |_| Ok(reached.clone()))));
    let events = Arc::new(MemoryMailbox::new("events", clock.clone()));
    let dead_letters = Arc::new(MemoryMailbox::new("dead", clock.clone()));
    let poster = Poster {
        ledger: ledger.clone(),
        queue: Queues { events: events.clone(), dead_letters: dead_letters.clone() },
        tenants: tenants.clone(),
        clock: clock.clone(),
        quiet: SignedDuration::from_secs(QUIET),
        drift: poster::Tally::default(),
        catalogue: poster::Catalogue::default(),
    };
    let poller = Poller {
        ledger: ledger.clone(),
        queues: Queues { events: events.clone(), dead_letters: dead_letters.clone() },
        tenants,
        clock: clock.clone(),
        webhook_url: "https://hooks.example.com".into(),
        quiet: SignedDuration::from_secs(QUIET),
    };
    World { poster: Arc::new(poster), poller, ledger, events, dead_letters, clock, m3, shopify, secrets }
}

/// The default mapping file, led to the simulated CloudSuite.
fn mapping(m3: &Running) -> String {
    mapping::DEFAULT_FILE
        .replace("requests_per_minute = 600", "requests_per_minute = 3000")
        .replace("burst = 20", "burst = 100")
        .replace("allowed_hosts = []", "allowed_hosts = [\"localhost\", \"127.0.0.1\"]")
        .replace("certificate_authority = \"\"", &format!("certificate_authority = '''{}'''", m3.ca_pem()))
}

impl World {
    /// The tenant has credentials for its shop's Admin API.
    pub(crate) fn may_fetch(&self) {
        let simulated_shopify::Credentials { shop, client_id, client_secret } =
            simulated_shopify::Credentials::default();
        let secret = json!({ "kind": "client_credentials", "client_id": client_id,
                             "client_secret": client_secret, "shop_domain": shop });
        self.secrets.set("test/shopify-admin/demo", &[&secret.to_string()]);
    }

    /// A poster like the world's, with another ledger.
    pub(crate) fn poster_with(&self, ledger: Arc<dyn Ledger>) -> Arc<Poster> {
        Arc::new(Poster {
            ledger,
            queue: self.poster.queue.clone(),
            tenants: self.poster.tenants.clone(),
            clock: self.clock.clone(),
            quiet: self.poster.quiet,
            drift: poster::Tally::default(),
            catalogue: poster::Catalogue::default(),
        })
    }

    /// Gives one message, as first received, to a poster; whether it is done with.
    pub(crate) async fn give(&self, poster: &Arc<Poster>, body: &str) -> bool {
        self.events.clear();
        self.events.send(Outgoing::event(&"demo".parse().unwrap(), body.to_owned())).await.unwrap();
        let received = self.events.receive(1, VISIBILITY).await.unwrap().remove(0);
        let mut event = SqsEvent::default();
        event.records.push(as_lambda_gives_it(&received));
        let response = poster.handle(LambdaEvent::new(event, Context::default())).await.unwrap();
        self.events.clear();
        response.batch_item_failures.is_empty()
    }

    /// Gives a batch of messages, and no others, to the poster; which of them stay on the queue, by their places.
    pub(crate) async fn post_messages(&self, messages: Vec<String>) -> Vec<String> {
        self.events.clear();
        let tenant = "demo".parse().unwrap();
        let mut event = SqsEvent::default();
        for (place, body) in messages.into_iter().enumerate() {
            self.events.send(Outgoing::event(&tenant, body)).await.unwrap();
            let received = self.events.receive(1, VISIBILITY).await.unwrap().remove(0);
            let mut message = as_lambda_gives_it(&received);
            message.message_id = Some(format!("m-{place}"));
            event.records.push(message);
        }
        let response: SqsBatchResponse =
            self.poster.handle(LambdaEvent::new(event, Context::default())).await.unwrap();
        response.batch_item_failures.into_iter().map(|failure| failure.item_identifier).collect()
    }

    /// Why messages were put on the dead-letter queue, oldest first.
    pub(crate) fn reasons(&self) -> Vec<String> {
        let buried = self.dead_letters.messages();
        buried.iter().map(|message| message.attributes[DeadLetter::REASON].clone()).collect()
    }

    /// Gives deliveries of orders to the poster.
    pub(crate) async fn post(&self, orders: &[Value]) -> Vec<String> {
        self.post_messages(orders.iter().map(|order| message(&order.to_string(), "orders/create")).collect())
            .await
    }

    /// Puts a delivery of an order on the queue.
    pub(crate) async fn send(&self, order: &Value) {
        let message = message(&order.to_string(), "orders/create");
        self.events.send(Outgoing::event(&"demo".parse().unwrap(), message)).await.unwrap();
    }

    /// Gives what the queue has to the poster, as Lambda does, and deletes what does not stay; which of them stay.
    pub(crate) async fn post_queue(&self) -> Vec<String> {
        let received = self.events.receive(10, VISIBILITY).await.unwrap();
        let mut event = SqsEvent::default();
        event.records = received.iter().map(as_lambda_gives_it).collect();
        let response = self.poster.handle(LambdaEvent::new(event, Context::default())).await.unwrap();
        let failures = response.batch_item_failures.into_iter().map(|failure| failure.item_identifier);
        let staying: Vec<_> = failures.collect();
        for message in received.iter().filter(|message| !staying.contains(&message.message_id)) {
            self.events.delete(&message.receipt).await.unwrap();
        }
        staying
    }

    /// One run of the settle job, some seconds later.
    pub(crate) async fn settle_after(&self, seconds: i64) -> Summary {
        self.clock.advance(seconds);
        self.poller.handle(LambdaEvent::new(Job::Settle, Context::default())).await.unwrap()
    }

    /// Somebody enters a batch order by hand, with this text as the customer's order number.
    pub(crate) fn enter_by_hand(&self, reference: &str) {
        self.m3.simulator().enter_batch_order("E00000001", reference).unwrap();
    }

    /// A holder takes an order's record and vanishes.
    pub(crate) async fn vanish_over(&self, order: &Value) -> Held {
        let body = order.to_string();
        let delivery = Delivery {
            id: "vanished".into(),
            topic: "orders/create".into(),
            received_at: self.clock.now(),
            updated_at: None,
            triggered_at: None,
            body: Digest::of(body.as_bytes()),
            name: String::new(),
            again: false,
        };
        let key = format!("demo/shopify/order/{}", order["id"]).parse().unwrap();
        let lease = SignedDuration::from_secs(320);
        let wish = Claim { key, delivery, lease, quiet: SignedDuration::from_secs(QUIET), alone: true };
        let claimed = ledger::claim(&*self.ledger, &wish, self.clock.now()).await.unwrap();
        let ledger::Claimed::Held(held) = claimed else { panic!("{claimed:?}") };
        held
    }

    /// One run of the confirm job, some seconds later.
    pub(crate) async fn confirm_after(&self, seconds: i64) -> Summary {
        self.clock.advance(seconds);
        self.poller.handle(LambdaEvent::new(Job::Confirm, Context::default())).await.unwrap()
    }

    /// Nothing more goes wrong in CloudSuite.
    pub(crate) fn clear_faults(&self) {
        let request = HttpRequest::new("DELETE", "/_simulated/faults");
        self.m3.simulator().handle(&request, self.clock.now());
    }

    /// A person corrects a batch order in OIS275 and releases it.
    pub(crate) fn release(&self, temporary: &str) {
        let body = json!({ "orno": temporary }).to_string().into_bytes();
        let (method, path) = ("POST".to_owned(), "/_simulated/release".to_owned());
        let request = HttpRequest { method, path, headers: Vec::new(), body };
        self.m3.simulator().handle(&request, self.clock.now());
    }

    pub(crate) async fn record(&self, order: u64) -> Record {
        let key: RecordKey = format!("demo/shopify/order/{order}").parse().unwrap();
        self.ledger.record(&key).await.unwrap().unwrap_or_else(|| panic!("no record {key}"))
    }

    pub(crate) fn fault(&self, fault: Fault) {
        self.m3.simulator().add_fault(fault);
    }

    pub(crate) fn state(&self) -> Value {
        self.m3.simulator().state()
    }

    /// How many orders M3 has, batch orders that are not confirmed included.
    pub(crate) fn orders_in_m3(&self) -> (usize, usize) {
        let state = self.state();
        let count = |key: &str| state[key].as_object().map_or(0, serde_json::Map::len);
        let open =
            state["batch_orders"].as_object().unwrap().values().filter(|batch| batch["order"].is_null());
        (count("orders"), open.count())
    }

    pub(crate) fn gateway_requests(&self) -> u64 {
        self.state()["counters"]["gateway_requests"].as_u64().unwrap()
    }

    pub(crate) fn transactions(&self, name: &str) -> u64 {
        self.state()["counters"]["transactions"][name].as_u64().unwrap_or(0)
    }
}

/// For how many seconds from now the messages of a queue are hidden, the shortest first.
pub(crate) fn hidden_for(queue: &MemoryMailbox, clock: &HandClock) -> Vec<i64> {
    let now = clock.now().as_second();
    let mut seconds: Vec<_> =
        queue.messages().iter().map(|message| message.visible_at.as_second() - now).collect();
    seconds.sort_unstable();
    seconds
}

fn as_lambda_gives_it(received: &Received) -> SqsMessage {
    let mut message = SqsMessage::default();
    message.message_id = Some(received.message_id.clone());
    message.receipt_handle = Some(received.receipt.clone());
    message.body = Some(received.body.clone());
    message.attributes.insert("ApproximateReceiveCount".into(), received.receive_count.to_string());
    message
}

pub(crate) fn message(body: &str, topic: &str) -> String {
    let id = format!("d-{}", &domain::Digest::of(body.as_bytes()).short());
    let received_at = "2026-11-22T10:00:00Z".parse().unwrap();
    let body = Body::compress(body.as_bytes());
    Envelope::new("demo".parse().unwrap(), Source::Shopify, topic.into(), id, received_at, body).to_message()
}

/// An order with known lines from a known address.
pub(crate) fn order(id: u64, lines: usize) -> Value {
    let skus = ["MUG-BLUE-12", "TEE-BLK-M", "CAP-RED", "BAG-CANVAS", "NOTE-A5", "PEN-GEL-BLK", "SOCK-42"];
    let line = |place: usize| {
        json!({ "id": id * 100 + place as u64, "sku": skus[place % skus.len()], "quantity": 2,
                "current_quantity": 2, "price": "10.00", "discount_allocations": [] })
    };
    let address = json!({
        "first_name": "Ada", "last_name": "Lovelace", "name": "Ada Lovelace", "company": null,
        "address1": "Unter den Linden 6", "address2": null, "zip": "10117", "city": "Berlin",
        "province_code": null, "country_code": "DE", "phone": "+49 30 901820"
    });
    json!({
        "id": id, "name": format!("#{id}"), "currency": "EUR", "email": "ada@example.com",
        "contact_email": "ada@example.com", "phone": null, "note": null, "test": false,
        "created_at": "2026-11-20T10:00:00+01:00", "updated_at": "2026-11-20T10:00:00+01:00",
        "billing_address": address, "shipping_address": address,
        "customer": { "id": 7, "email": "ada@example.com", "phone": null,
                      "first_name": "Ada", "last_name": "Lovelace" },
        "line_items": (0..lines).map(line).collect::<Vec<_>>(),
        "shipping_lines": [{ "id": 21, "title": "Standard", "price": "4.90", "discount_allocations": [] }]
    })
}

/// Ten orders, each of a buyer of its own.
pub(crate) fn ten_orders(first: u64) -> Vec<Value> {
    let of_buyer = |buyer: u64| {
        let mut order = order(first + buyer, 5);
        order["email"] = json!(format!("buyer-{buyer}@example.com"));
        order
    };
    (0..10).map(of_buyer).collect()
}
