//! Deliveries of the simulated ShipBob are read as the webhook and the poster read them: headers, signature, body, and
//! whether topic and body agree.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use shipbob::{DeliveryHeaders, Secret, Topic, check, parse, verify};
use simulated_shipbob::{Credentials, Delivery, HttpRequest, Outcome, Settings, SimulatedShipBob};

use crate::world::start;

const TOPICS: [&str; 18] = [
    "order.shipped",
    "order.delivered",
    "order.shipment.delivered",
    "order.shipment.exception",
    "order.shipment.on_hold",
    "order.shipment.cancelled",
    "order.shipment.tracking.updated",
    "return.created",
    "return.updated",
    "return.completed",
    "wro.created",
    "wro.updated",
    "wro.completed",
    "wro.box.arrived",
    "wro.box.stowed",
    "billing.charge.created",
    "billing.refund.created",
    "billing.credit.created",
];

struct Sender {
    shipbob: SimulatedShipBob,
    secret: Secret,
    now: Timestamp,
}

impl Sender {
    fn new(settings: Settings) -> Self {
        let shipbob = SimulatedShipBob::with(Credentials::default(), settings, 1);
        let secret = shipbob.credentials().webhook_secret.clone();
        let mut sender = Self { shipbob, secret: Secret::parse(&secret).unwrap(), now: start() };
        let wanted = json!({ "topics": TOPICS, "url": "https://hooks.example.com/x", "secret": secret });
        let token = format!("Bearer {}", sender.shipbob.credentials().access_token);
        let request = HttpRequest::new("POST", "/2026-07/webhook").header("authorization", &token);
        let made = sender.shipbob.handle(&request.body(wanted.to_string()), sender.now);
        assert_eq!(made.status, 200);
        sender.does("items", &json!([{ "inventory_id": 501, "sku": "MUG", "name": "Mug" }]));
        sender
    }

    fn does(&mut self, path: &str, body: &Value) -> Value {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let request = HttpRequest::new("POST", &format!("/_simulated/{path}")).body(body);
        let answer = self.shipbob.handle(&request, self.now);
        assert_eq!(answer.status, 200, "{path}: {}", String::from_utf8_lossy(&answer.body));
        serde_json::from_slice(&answer.body).unwrap()
    }

    fn order(&mut self) -> u64 {
        let order = json!({
            "type": "DTC",
            "channel": { "id": 100_001, "name": "Simulated channel" },
            "recipient": { "name": "Test Person",
                "address": { "address1": "1 Test St", "city": "Testville", "country": "US" } },
            "products": [{ "id": 1, "reference_id": "MUG", "sku": "MUG", "quantity": 1 }],
        });
        self.does("orders", &order)["id"].as_u64().unwrap()
    }

    fn ships(&mut self) -> u64 {
        let order = self.order();
        self.does(&format!("orders/{order}/ship"), &json!({}))["shipments"][0].as_u64().unwrap()
    }

    /// What is due, as often refused or accepted as the status says.
    fn deliver(&mut self, status: u16) -> Vec<Delivery> {
        let due = self.shipbob.due_deliveries(self.now);
        for one in &due {
            self.shipbob.delivered(one.id, Outcome::Answered { status, milliseconds: 5 }, self.now);
        }
        due
    }

    /// Reads a delivery in every step; its topic.
    fn read(&self, delivery: &Delivery) -> Topic {
        let headers = DeliveryHeaders::read(|name| delivery.header(name).map(Some).into_iter().collect());
        let DeliveryHeaders::Signed { topic, id, timestamp, signature } = headers.unwrap() else {
            panic!("it is signed")
        };
        let now = self.shipbob.time(self.now);
        verify(std::slice::from_ref(&self.secret), &id, &timestamp, &signature, &delivery.body, now).unwrap();
        let topic = Topic::parse(&topic).unwrap();
        let event = parse(topic, &delivery.body).unwrap();
        check(topic, &event).unwrap();
        topic
    }
}

/// Something of every kind happens.
fn everything(sender: &mut Sender) {
    let shipment = sender.ships();
    sender.does(&format!("shipments/{shipment}/deliver"), &Value::Null);
    for step in ["hold", "exception"] {
        let order = sender.order();
        let token = format!("Bearer {}", sender.shipbob.credentials().access_token);
        let request =
            HttpRequest::new("GET", &format!("/2026-01/order/{order}")).header("authorization", &token);
        let shown: Value = serde_json::from_slice(&sender.shipbob.handle(&request, sender.now).body).unwrap();
        let pending = shown["shipments"][0]["id"].clone();
        sender.does(&format!("shipments/{pending}/{step}"), &Value::Null);
        sender.does(&format!("orders/{order}/cancel"), &Value::Null);
    }
    let boxes = json!([{ "items": [{ "sku": "MUG", "quantity": 10, "lot_number": "A" }] }]);
    let receipt = sender.does("receiving", &json!({ "boxes": boxes }))["id"].clone();
    sender.does(&format!("receiving/{receipt}/arrive"), &Value::Null);
    sender.does(&format!("receiving/{receipt}/count"), &json!({ "boxes": boxes }));
    sender.does(&format!("receiving/{receipt}/stow"), &json!({ "boxes": boxes }));
    sender.does(&format!("receiving/{receipt}/complete"), &Value::Null);
    let back =
        sender.does("returns", &json!({ "inventory": [{ "sku": "MUG", "quantity": 1 }] }))["id"].clone();
    sender.does(&format!("returns/{back}/arrive"), &Value::Null);
    sender.does(&format!("returns/{back}/complete"), &Value::Null);
    for (amount, kind) in [(1, "Charge"), (-1, "Refund"), (-1, "Credit")] {
        let fee = json!([{ "amount": amount, "transaction_fee": "Shipping", "transaction_type": kind }]);
        sender.does("transactions", &fee);
    }
}

#[test]
fn a_delivery_of_every_topic_is_read() {
    let delivery = simulated_shipbob::DeliverySettings { at_once: 1_000, ..Default::default() };
    let mut sender = Sender::new(Settings { delivery, ..Settings::default() });
    everything(&mut sender);
    let delivered = sender.deliver(200);
    for one in &delivered {
        sender.read(one);
    }
    let told: BTreeSet<&str> = delivered.iter().map(|one| one.topic.as_str()).collect();
    assert_eq!(told, TOPICS.into());
}

#[test]
fn every_retry_and_every_late_delivery_verifies_when_it_comes() {
    let mut sender = Sender::new(Settings::default());
    sender.does("clock", &json!({ "skip_seconds": 7_200 }));
    sender.does("webhook-faults", &json!([{ "topic": "order.shipped", "kind": "late", "seconds": 86_400 }]));
    sender.ships();
    let mut attempts = 0;
    for _ in 0..(60 * 12) {
        for one in sender.deliver(500) {
            attempts += usize::from(sender.read(&one) == Topic::OrderShipped);
        }
        sender.now += SignedDuration::from_mins(5);
    }
    // A day late, then at once, and seven retries over 27 hours and a half.
    assert_eq!(attempts, 8);
}

#[test]
fn values_that_nobody_knows_are_read() {
    let mut settings = Settings::default();
    settings.delivery.at_once = 1_000;
    let words = [
        "Fulfilled",
        "Completed",
        "Processing",
        "Arrived",
        "Counting",
        "Stowing",
        "Restock",
        "Charge",
        "DTC",
    ];
    settings.unknown_values = words.map(|word| (word.to_owned(), format!("New{word}"))).into();
    let mut sender = Sender::new(settings);
    everything(&mut sender);
    let delivered = sender.deliver(200);
    let changed = delivered.iter().filter(|one| String::from_utf8_lossy(&one.body).contains(":\"New"));
    assert!(changed.count() > 8);
    for one in &delivered {
        sender.read(one);
    }
}
