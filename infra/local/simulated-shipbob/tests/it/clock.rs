//! Everything goes by the simulated time: what waits a minute waits a simulated one.

use serde_json::{Value, json};
use simulated_shipbob::Settings;

use crate::bench::Bench;

#[test]
fn a_skipped_minute_frees_the_limit() {
    let mut bench = Bench::with(Settings { requests_a_minute: 1, ..Settings::default() });
    assert_eq!(bench.call("GET", "order", &Value::Null).status, 200);
    assert_eq!(bench.call("GET", "order", &Value::Null).status, 429);
    bench.does("clock", &json!({ "skip_seconds": 60 }));
    assert_eq!(bench.call("GET", "order", &Value::Null).status, 200);
    bench.does("clock", &json!({ "pace": 30 }));
    bench.pass(1);
    assert_eq!(bench.call("GET", "order", &Value::Null).header("x-retry-after"), Some("30"));
    bench.pass(1);
    assert_eq!(bench.call("GET", "order", &Value::Null).status, 200);
}

#[test]
fn a_time_that_stands_still_frees_nothing() {
    let mut bench = Bench::with(Settings { requests_a_minute: 1, ..Settings::default() });
    bench.does("clock", &json!({ "pace": 0 }));
    assert_eq!(bench.call("GET", "order", &Value::Null).status, 200);
    bench.pass(3600);
    assert_eq!(bench.call("GET", "order", &Value::Null).status, 429);
}

#[test]
fn a_delivery_and_its_retries_carry_the_simulated_time() {
    let mut bench = Bench::new();
    bench.subscribe(&["order.shipped"]);
    bench.does("clock", &json!({ "skip_seconds": 86_400 }));
    let id = bench.order(&[("MUG", 1)]);
    bench.does(&format!("orders/{id}/ship"), &Value::Null);
    let timestamp = |bench: &mut Bench| -> i64 {
        bench.deliver(500).remove(0).header("webhook-timestamp").unwrap().parse().unwrap()
    };
    let later = bench.now.as_second() + 86_400;
    assert_eq!(timestamp(&mut bench), later);
    bench.does("clock", &json!({ "skip_seconds": 5 }));
    assert_eq!(timestamp(&mut bench), later + 5);
    bench.does("settings", &json!({ "delivery": { "timestamps_by_machine_time": true } }));
    bench.does("clock", &json!({ "skip_seconds": 300 }));
    assert_eq!(timestamp(&mut bench), bench.now.as_second());
}

#[test]
fn each_subscription_gets_a_message_with_an_id_of_its_own() {
    let mut bench = Bench::new();
    bench.subscribe(&["order.shipped"]);
    bench.subscribe(&["order.shipped", "order.shipment.delivered"]);
    let id = bench.order(&[("MUG", 1)]);
    bench.does(&format!("orders/{id}/ship"), &Value::Null);
    let told = bench.deliver(200);
    assert_eq!(told.len(), 2);
    assert_eq!(told[0].body, told[1].body);
    assert_ne!(told[0].header("webhook-id"), told[1].header("webhook-id"));
}
