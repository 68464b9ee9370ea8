//! Subscriptions, and what a delivery looks like.

use serde_json::{Value, json};
use simulated_shipbob::sign;

use crate::bench::{Bench, HOOK, parsed};

#[test]
fn a_subscription_shows_its_secret_once() {
    let mut bench = Bench::new();
    let made = bench.subscribe(&["order.shipped"]);
    assert_eq!(made["secret"], bench.simulator.credentials().webhook_secret.as_str());
    let issued =
        parsed(&bench.call("POST", "webhook", &json!({ "topics": ["return.completed"], "url": HOOK })));
    let secret = issued["secret"].as_str().unwrap();
    assert!(secret.starts_with("whsec_") && secret.len() == 38);
    let listed = bench.get("webhook");
    assert_eq!(listed["items"].as_array().unwrap().len(), 2);
    assert!(
        listed["items"]
            .as_array()
            .unwrap()
            .iter()
            .all(|one| one["enabled"] == true && one.get("secret").is_none())
    );
    let id = made["id"].as_str().unwrap();
    assert_eq!(bench.call("DELETE", &format!("webhook/{id}"), &Value::Null).status, 204);
    assert_eq!(bench.call("DELETE", &format!("webhook/{id}"), &Value::Null).status, 404);
    assert_eq!(bench.get("webhook")["items"].as_array().unwrap().len(), 1);
}

#[test]
fn a_subscription_needs_a_topic_https_and_a_secret_of_the_pattern() {
    let mut bench = Bench::new();
    for wrong in [
        json!({ "topics": [], "url": HOOK }),
        json!({ "topics": ["order.created"], "url": HOOK }),
        json!({ "topics": ["order.shipped"], "url": "http://127.0.0.1:9000/hook" }),
        json!({ "topics": ["order.shipped"], "url": HOOK, "secret": "whsec_short" }),
        json!({ "topics": ["order.shipped"], "url": HOOK, "secret": format!("whsec_{}=", "A".repeat(31)) }),
        json!({ "topics": ["order.shipped"] }),
    ] {
        assert_eq!(bench.call("POST", "webhook", &wrong).status, 422, "{wrong}");
    }
    bench.does("settings", &json!({ "delivery": { "plain_http_on_loopback": true } }));
    let loopback = json!({ "topics": ["order.shipped"], "url": "http://127.0.0.1:9000/hook" });
    assert_eq!(bench.call("POST", "webhook", &loopback).status, 200);
    let elsewhere = json!({ "topics": ["order.shipped"], "url": "http://hook.example/hook" });
    assert_eq!(bench.call("POST", "webhook", &elsewhere).status, 422);
}

#[test]
fn a_delivery_is_the_resource_as_its_endpoint_answers_it_and_is_signed() {
    let mut bench = Bench::new();
    bench.subscribe(&["order.shipped"]);
    let id = bench.order(&[("MUG", 2)]);
    bench.does(&format!("orders/{id}/ship"), &Value::Null);
    let delivery = bench.deliver(200).remove(0);
    let answer = bench.call("GET", &format!("order/{id}"), &Value::Null);
    assert_eq!(delivery.body, answer.body);
    assert_eq!(delivery.header("x-webhook-topic"), Some("order.shipped"));
    assert_eq!(delivery.address, HOOK);
    let message = delivery.header("webhook-id").unwrap();
    let timestamp: i64 = delivery.header("webhook-timestamp").unwrap().parse().unwrap();
    assert_eq!((message.starts_with("msg_"), timestamp), (true, bench.now.as_second()));
    let secret = bench.simulator.credentials().webhook_secret.clone();
    let signature = sign(&secret, message, timestamp, &delivery.body);
    assert_eq!(delivery.header("webhook-signature"), signature.as_deref());
}

#[test]
fn a_legacy_subscription_is_not_signed_and_has_the_old_names() {
    let mut bench = Bench::new();
    let wanted = json!({ "topics": ["order.shipped", "wro.created"], "url": HOOK });
    let subscription = bench.does("legacy-subscriptions", &wanted)["id"].clone();
    let id = bench.order(&[("MUG", 2)]);
    bench.does(&format!("orders/{id}/ship"), &Value::Null);
    bench.does("receiving", &json!({ "boxes": [] }));
    let delivered = bench.deliver(200);
    assert_eq!(delivered.len(), 1);
    assert_eq!(delivered[0].header("shipbob-topic"), Some("order_shipped"));
    assert_eq!(delivered[0].header("shipbob-subscription-id").unwrap(), subscription.to_string());
    assert!(delivered[0].headers.iter().all(|(name, _)| !name.starts_with("webhook-")));
    assert_eq!(bench.get("webhook")["items"], json!([]));
}

#[test]
fn what_is_done_silently_is_told_to_nobody() {
    let mut bench = Bench::new();
    bench.subscribe(&["order.shipment.cancelled"]);
    let id = bench.order(&[("MUG", 2)]);
    bench.does(&format!("orders/{id}/cancel?silent=true"), &Value::Null);
    assert!(bench.deliver(200).is_empty());
    assert_eq!(bench.get(&format!("order/{id}"))["status"], "Cancelled");
}

#[test]
fn a_version_takes_the_topics_that_its_document_has() {
    let mut bench = Bench::new();
    for (topic, since) in [
        ("order.shipped", "2025-07"),
        ("return.created", "2025-07"),
        ("billing.charge.created", "2026-01"),
        ("order.delivered", "2026-07"),
        ("order.shipment.tracking.updated", "2026-07"),
        ("wro.completed", "2026-07"),
        ("wro.box.stowed", "2026-07"),
    ] {
        for version in ["2025-07", "2026-01", "2026-07"] {
            let wanted = json!({ "topics": [topic], "url": HOOK });
            let status = bench.call_version(version, "POST", "webhook", &wanted).status;
            assert_eq!(status, if version < since { 422 } else { 200 }, "{topic} {version}");
        }
    }
}
