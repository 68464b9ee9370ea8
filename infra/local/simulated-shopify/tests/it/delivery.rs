//! What a delivery looks like, and which ones a change causes.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use simulated_shopify::{DeclaredSubscription, Delivery, DeliverySettings, DeliveryState, Settings};

use crate::bench::{Bench, HOOK, ORDER, order};

fn shop(delivery: DeliverySettings) -> Bench {
    let mut bench = Bench::with(Settings { delivery, ..Settings::default() });
    for topic in ["ORDERS_CREATE", "ORDERS_UPDATED", "ORDERS_PAID"] {
        bench.subscribe(topic);
    }
    bench
}

fn topics(deliveries: &[Delivery]) -> Vec<&str> {
    deliveries.iter().map(|one| one.topic.as_str()).collect()
}

fn ids<'a>(deliveries: &'a [Delivery], header: &str) -> BTreeSet<&'a str> {
    deliveries.iter().map(|one| one.header(header).unwrap()).collect()
}

#[test]
fn a_paid_checkout_is_three_deliveries_of_one_event_with_an_id_each() {
    let mut bench = shop(DeliverySettings::default());
    let mut paid = order();
    paid["financial_status"] = json!("paid");
    bench.put(paid);
    let due = bench.due();
    assert_eq!(topics(&due), ["orders/create", "orders/updated", "orders/paid"]);
    assert_eq!(ids(&due, "x-shopify-event-id").len(), 1);
    assert_eq!(ids(&due, "x-shopify-webhook-id").len(), 3);
    bench.simulator.pay_order(ORDER, bench.now).unwrap();
    assert_ne!(bench.due()[0].header("x-shopify-event-id"), due[0].header("x-shopify-event-id"));
}

#[test]
fn headers_say_what_the_documentation_says() {
    let mut bench = shop(DeliverySettings::default());
    bench.put(order());
    let due = bench.due().remove(0);
    let header = |name: &str| due.header(name).unwrap();
    assert_eq!(header("X-Shopify-Topic"), "orders/create");
    assert_eq!(header("X-Shopify-Shop-Domain"), "demo-tst.myshopify.com");
    assert_eq!(header("X-Shopify-API-Version"), "2026-10");
    assert_eq!(header("X-Shopify-Triggered-At"), "2026-11-22T12:00:00Z");
    assert_eq!(header("Content-Type"), "application/json");
    assert_eq!(due.header("X-Shopify-Name"), None);
    assert_eq!(due.address, HOOK);
}

#[test]
fn the_signature_is_base64_of_the_hmac_over_exactly_the_bytes() {
    let mut bench = shop(DeliverySettings::default());
    bench.put(order());
    let due = bench.due().remove(0);
    let secret = bench.simulator.credentials().client_secret.clone();
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(&due.body);
    assert_eq!(
        due.header("x-shopify-hmac-sha256"),
        Some(STANDARD.encode(mac.finalize().into_bytes()).as_str())
    );
    let body: Value = serde_json::from_slice(&due.body).unwrap();
    assert_eq!((&body["id"], &body["tags"]), (&json!(ORDER), &json!("wholesale, Noël")));
}

#[test]
fn include_fields_leave_the_named_paths_alone() {
    let mut bench = Bench::new();
    let declared = DeclaredSubscription {
        topic: "orders/create".to_owned(),
        uri: HOOK.to_owned(),
        name: None,
        include_fields: ["id", "updated_at", "line_items.sku"].map(str::to_owned).to_vec(),
    };
    bench.simulator.declare(&[declared], bench.now);
    bench.put(order());
    let body: Value = serde_json::from_slice(&bench.due()[0].body).unwrap();
    assert_eq!(
        body,
        json!({ "id": ORDER, "updated_at": "2026-11-22T06:00:00-05:00", "line_items": [{ "sku": "CAP-RED" }] })
    );
}

#[test]
fn two_subscriptions_of_one_topic_both_deliver() {
    let mut bench = shop(DeliverySettings::default());
    let declared = DeclaredSubscription {
        topic: "orders/create".to_owned(),
        uri: HOOK.to_owned(),
        name: None,
        include_fields: Vec::new(),
    };
    bench.simulator.declare(&[declared], bench.now);
    bench.put(order());
    let due = bench.due();
    let twice: Vec<&Delivery> = due.iter().filter(|one| one.topic == "orders/create").collect();
    assert_eq!(twice.len(), 2);
    assert_ne!(twice[0].header("x-shopify-webhook-id"), twice[1].header("x-shopify-webhook-id"));
}

#[test]
fn an_order_that_was_put_silently_is_told_to_nobody() {
    let mut bench = shop(DeliverySettings::default());
    bench.simulator.put_order_silently(order(), bench.now).unwrap();
    assert_eq!(bench.due(), []);
    assert!(bench.simulator.order(ORDER).is_some());
}

#[test]
fn duplicates_carry_the_same_ids_and_bytes() {
    let mut bench = shop(DeliverySettings { duplicate_percent: 100, ..DeliverySettings::default() });
    bench.put(order());
    let due = bench.due();
    assert_eq!(topics(&due), ["orders/create", "orders/create", "orders/updated", "orders/updated"]);
    assert_eq!((&due[0].headers, &due[0].body), (&due[1].headers, &due[1].body));
    assert!(bench.simulator.deliveries().iter().any(|one| one.duplicate));
}

#[test]
fn a_lost_delivery_is_never_attempted_and_is_known_as_lost() {
    let mut bench = shop(DeliverySettings { lose_percent: 100, ..DeliverySettings::default() });
    bench.put(order());
    assert_eq!(bench.due(), []);
    assert!(bench.simulator.deliveries().iter().all(|one| one.state == DeliveryState::Lost));
    assert_eq!(bench.simulator.deliveries().len(), 2);
}

#[test]
fn a_share_is_lost_by_chance_and_the_same_share_for_the_same_seed() {
    let lost = |seed| {
        let delivery = DeliverySettings { lose_percent: 30, ..DeliverySettings::default() };
        let mut bench = Bench::seeded(Settings { delivery, ..Settings::default() }, seed);
        bench.subscribe("ORDERS_CREATE");
        for id in 1..=200 {
            bench.put(json!({ "id": id }));
        }
        let records = bench.simulator.deliveries();
        records
            .iter()
            .filter(|one| one.state == DeliveryState::Lost)
            .map(|one| one.object)
            .collect::<Vec<_>>()
    };
    let first = lost(7);
    assert!((40..80).contains(&first.len()), "{}", first.len());
    assert_eq!(first, lost(7));
    assert_ne!(first, lost(8));
}

#[test]
fn reordering_lets_later_deliveries_come_first_and_loses_none() {
    let delivery =
        DeliverySettings { reorder_percent: 50, reorder_seconds: 60, ..DeliverySettings::default() };
    let mut bench = Bench::with(Settings { delivery, ..Settings::default() });
    bench.subscribe("ORDERS_CREATE");
    for id in 1..=20 {
        bench.put(json!({ "id": id }));
        bench.pass(1);
    }
    let mut came = Vec::new();
    while bench.simulator.next_delivery().is_some() {
        for delivery in bench.next() {
            came.push(delivery.id);
            bench.answer(&delivery, 200);
        }
    }
    let sorted: BTreeSet<u64> = came.iter().copied().collect();
    assert_eq!(sorted.len(), 20);
    assert_ne!(came, sorted.into_iter().collect::<Vec<_>>());
}

#[test]
fn plain_http_is_for_the_loopback_interface_and_only_where_it_is_allowed() {
    for (uri, allowed, arrives) in [
        ("http://127.0.0.1:8080/hook", true, true),
        ("http://127.0.0.1:8080/hook", false, false),
        ("http://shop.example.com/hook", true, false),
    ] {
        let delivery = DeliverySettings { plain_http_on_loopback: allowed, ..DeliverySettings::default() };
        let mut bench = Bench::with(Settings { delivery, ..Settings::default() });
        let declared: DeclaredSubscription =
            serde_json::from_value(json!({ "topic": "orders/create", "uri": uri })).unwrap();
        bench.simulator.declare(&[declared], bench.now);
        bench.put(order());
        assert_eq!(bench.due().len(), usize::from(arrives), "{uri} {allowed}");
    }
}
