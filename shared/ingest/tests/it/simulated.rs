//! Reading the simulated ShipBob, whose lists are as odd as the documents and the users of the real one tell.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use domain::Private;
use ingest::End;
use jiff::{SignedDuration, Timestamp};
use remote::{Broken, HttpAnswer, Method, Request, Transport};
use serde_json::{Value, json};
use simulated_shipbob::{Credentials, HttpRequest, Settings, SimulatedShipBob};
use tokio::time::Instant;

use crate::world::{Taken, World, minutes_pass, start, world_of};

/// The simulation without sockets; its time goes on with tokio's.
struct Account {
    shipbob: Mutex<SimulatedShipBob>,
    started: Instant,
}

impl Account {
    fn now(&self) -> Timestamp {
        start() + SignedDuration::try_from(self.started.elapsed()).unwrap()
    }

    /// Something happens there, and no webhook tells of it.
    fn does(&self, path: &str, body: &Value) -> Value {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let request = HttpRequest::new("POST", &format!("/_simulated/{path}?silent=true")).body(body);
        let answer = self.shipbob.lock().unwrap().handle(&request, self.now());
        assert_eq!(answer.status, 200, "{path}: {}", String::from_utf8_lossy(&answer.body));
        serde_json::from_slice(&answer.body).unwrap()
    }

    fn order(&self, quantity: u64) -> u64 {
        let order = json!({
            "reference_id": "REF-1",
            "type": "DTC",
            "channel": { "id": 100_001, "name": "Simulated channel" },
            "recipient": { "name": "Test Person",
                "address": { "address1": "1 Test St", "city": "Testville", "country": "US" } },
            "products": [{ "id": 1, "reference_id": "MUG", "sku": "MUG", "quantity": quantity }],
        });
        id(&self.does("orders", &order))
    }

    /// A receiving order with so many boxes of ten pieces.
    fn announced(&self, boxes: usize) -> Value {
        let one = json!({ "items": [{ "sku": "MUG", "quantity": 10 }] });
        self.does("receiving", &json!({ "purchase_order_number": "PO1", "boxes": vec![one; boxes] }))
    }
}

#[async_trait]
impl Transport for Account {
    async fn send(&self, request: Request) -> Result<HttpAnswer, Broken> {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let method = if request.method == Method::Get { "GET" } else { "POST" };
        let query = request.url.query().map(|query| format!("?{query}")).unwrap_or_default();
        let asked = HttpRequest {
            method: method.to_owned(),
            path: format!("{}{query}", request.url.path()),
            headers: request
                .headers
                .into_iter()
                .map(|(name, value)| (name.into(), value.into_exposed()))
                .collect(),
            body: request.body.into_exposed(),
        };
        let answer = self.shipbob.lock().unwrap().handle(&asked, self.now());
        if answer.is_none() {
            return Err(Broken::BrokenOff);
        }
        let wanted = |name: &&'static str| answer.header(name).map(|value| (*name, value.to_owned()));
        let headers = request.wanted.iter().filter_map(wanted).collect();
        let body = if request.telling.contains(&answer.status) { answer.body.clone() } else { Vec::new() };
        Ok(HttpAnswer { status: answer.status, headers, body: Private::new(body) })
    }
}

fn id(made: &Value) -> u64 {
    made["id"].as_u64().unwrap()
}

fn account() -> (World, Arc<Account>) {
    let settings = Settings { requests_a_minute: 1_000_000, ..Settings::default() };
    let shipbob = SimulatedShipBob::with(Credentials::default(), settings, 1);
    let token = shipbob.credentials().access_token.clone();
    let account = Arc::new(Account { shipbob: Mutex::new(shipbob), started: Instant::now() });
    account.does("items", &json!([{ "inventory_id": 501, "sku": "MUG", "name": "Mug" }]));
    (world_of(account.clone(), &token), account)
}

/// Topics and ids, in an order of their own: ShipBob's lists have none.
fn names(taken: &[Taken]) -> BTreeSet<String> {
    let names: BTreeSet<_> = taken.iter().map(|(topic, id, _)| format!("{topic} {id}")).collect();
    assert_eq!(names.len(), taken.len(), "nothing is sent twice");
    names
}

fn only(taken: &[Taken]) -> Value {
    assert_eq!(taken.len(), 1, "{taken:?}");
    serde_json::from_str(&taken[0].2).unwrap()
}

#[tokio::test(start_paused = true)]
async fn everything_that_no_webhook_told_of_is_found_once_over_several_pages() {
    let (world, account) = account();
    let mut expected = BTreeSet::new();
    for _ in 0..260 {
        let order = account.order(2);
        let made = account.does(&format!("orders/{order}/ship"), &json!({}));
        expected.insert(format!("order.polled {order}"));
        expected.insert(format!("shipment.polled {}", made["shipments"][0]));
    }
    for _ in 0..3 {
        let receipt = id(&account.announced(1));
        let stow = json!({ "boxes": [{ "items": [{ "sku": "MUG", "quantity": 4 }] }] });
        account.does(&format!("receiving/{receipt}/stow"), &stow);
        expected.insert(format!("wro.fetched {receipt}"));
        let back = id(&account.does("returns", &json!({ "inventory": [{ "sku": "MUG", "quantity": 1 }] })));
        account.does(&format!("returns/{back}/complete"), &Value::Null);
        expected.insert(format!("return.polled {back}"));
    }
    let fees = json!(vec![json!({ "amount": 0.1, "transaction_fee": "Shipping" }); 5]);
    for fee in account.does("transactions", &fees)["ids"].as_array().unwrap() {
        expected.insert(format!("transaction.polled {}", fee.as_str().unwrap()));
    }
    let found = names(&world.run_whole().await);
    assert_eq!(found, expected);
    minutes_pass(15).await;
    assert_eq!(world.run_whole().await, []);
}

#[tokio::test(start_paused = true)]
async fn an_amount_that_appears_a_day_later_is_found() {
    let (world, account) = account();
    let order = account.order(1);
    world.run_whole().await;
    let parcel = json!({ "parcels": [{ "invoice_amount": 6.58 }] });
    let shipment = account.does(&format!("orders/{order}/ship"), &parcel)["shipments"][0].clone();
    minutes_pass(15).await;
    let before = world.run_whole().await;
    assert!(before.iter().all(|(_, _, body)| !body.contains("6.58")));
    minutes_pass(24 * 60).await;
    let found = world.run_whole().await;
    let shipment = shipment.to_string();
    let shown = found.iter().find(|(_, id, _)| *id == shipment).unwrap();
    assert!(shown.2.contains(r#""invoice_amount":6.58"#), "{}", shown.2);
}

#[tokio::test(start_paused = true)]
async fn what_is_stowed_comes_after_what_is_counted_and_too_many_pieces_do_not_come() {
    let (world, account) = account();
    let receipt = id(&account.announced(1));
    let pieces = |quantity: u64| json!({ "boxes": [{ "items": [{ "sku": "MUG", "quantity": quantity }] }] });
    account.does(&format!("receiving/{receipt}/count"), &pieces(14));
    let mut seen = Vec::new();
    for stowed in [0, 6, 8] {
        if stowed > 0 {
            account.does(&format!("receiving/{receipt}/stow"), &pieces(stowed));
        }
        minutes_pass(15).await;
        let found = world.run_whole().await;
        assert!(found.len() <= 1);
        if let Some((_, _, body)) = found.first() {
            let body: Value = serde_json::from_str(body).unwrap();
            seen.push(body["boxes"][0]["box_items"][0]["stowed_quantity"].as_u64().unwrap());
        }
    }
    // Four pieces are too many: ShipBob puts them aside, and the receiving order never has them.
    assert_eq!(seen, [0, 6, 10]);
}

#[tokio::test(start_paused = true)]
async fn the_parts_of_a_split_receiving_order_are_found_by_themselves() {
    let (world, account) = account();
    let made = account.announced(3);
    let boxes = made["boxes"].clone();
    let split = json!({ "boxes": [[boxes[1]], [boxes[2]]] });
    let split = account.does(&format!("receiving/{}/split", made["id"]), &split);
    let parts: Vec<u64> = split["ids"].as_array().unwrap().iter().map(|id| id.as_u64().unwrap()).collect();
    for part in &parts {
        let stow = json!({ "boxes": [{ "items": [{ "sku": "MUG", "quantity": 10 }] }] });
        account.does(&format!("receiving/{part}/stow"), &stow);
        account.does(&format!("receiving/{part}/complete"), &Value::Null);
    }
    let found = names(&world.run_whole().await);
    assert!(parts.iter().all(|part| found.contains(&format!("wro.fetched {part}"))), "{found:?}");
}

#[tokio::test(start_paused = true)]
async fn values_that_nobody_knows_are_passed_on() {
    let (world, account) = account();
    account
        .does("settings", &json!({ "unknown_values": { "Fulfilled": "Teleported", "Completed": "Beamed" } }));
    let order = account.order(1);
    let shipment = account.does(&format!("orders/{order}/ship"), &json!({}))["shipments"][0].clone();
    let found = world.run_whole().await;
    assert_eq!(
        names(&found),
        [format!("order.polled {order}"), format!("shipment.polled {shipment}")].into()
    );
    assert!(found[0].2.contains("Teleported"));
}

#[tokio::test(start_paused = true)]
async fn a_run_that_fails_half_way_goes_on_and_finds_the_rest() {
    for fault in [
        json!({ "path": "receiving", "status": 500, "times": 9 }),
        json!({ "path": "receiving", "status": 429, "retry_after": 90, "times": 9 }),
        json!({ "path": "transactions:query", "no_answer": true, "times": 9 }),
        json!({ "path": "return", "status": 200, "shape": "html", "times": 9 }),
    ] {
        let (world, account) = account();
        let order = account.order(1);
        let receipt = id(&account.announced(1));
        account.does("transactions", &json!([{ "amount": 1, "transaction_fee": "Shipping" }]));
        account.does("faults", &json!([fault]));
        let report = world.run().await;
        let is_whole = report.end == End::Complete && report.findings.is_empty() && report.unread.is_empty();
        assert!(!is_whole, "{fault}: {report:?}");
        let mut found = world.work_off().await;
        let clear = HttpRequest::new("DELETE", "/_simulated/faults");
        account.shipbob.lock().unwrap().handle(&clear, account.now());
        minutes_pass(15).await;
        found.extend(world.run_whole().await);
        let found = names(&found);
        assert_eq!(found.len(), 4, "{fault}: {found:?}");
        assert!(found.contains(&format!("order.polled {order}")));
        assert!(found.contains(&format!("wro.fetched {receipt}")));
    }
}

#[tokio::test(start_paused = true)]
async fn a_cancellation_by_hand_is_found() {
    let (world, account) = account();
    let order = account.order(1);
    world.run_whole().await;
    minutes_pass(15).await;
    account.does(&format!("orders/{order}/cancel"), &Value::Null);
    let found = world.run_whole().await;
    let told = found.iter().find(|(topic, _, _)| topic == "order.polled").cloned().unwrap();
    assert_eq!(only(&[told])["status"], "Cancelled");
}
