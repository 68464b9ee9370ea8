//! What becomes of deliveries that fail.

use serde_json::{Value, json};
use simulated_shipbob::{DeliveryState, Outcome};

use crate::bench::Bench;

fn shipped() -> Bench {
    let mut bench = Bench::new();
    bench.subscribe(&["order.shipped"]);
    let id = bench.order(&[("MUG", 1)]);
    bench.does(&format!("orders/{id}/ship"), &Value::Null);
    bench
}

fn enabled(bench: &mut Bench) -> bool {
    bench.get("webhook")["items"][0]["enabled"].as_bool().unwrap()
}

#[test]
fn a_delivery_is_tried_eight_times_over_shipbobs_schedule_and_then_given_up() {
    let mut bench = shipped();
    let first = bench.deliver(500).remove(0);
    for (attempt, seconds) in (2..).zip([5, 300, 1800, 7200, 18_000, 36_000, 36_000]) {
        bench.pass(seconds - 1);
        assert!(bench.deliver(500).is_empty(), "{attempt} comes no sooner");
        bench.pass(1);
        let again = bench.deliver(503).remove(0);
        assert_eq!((again.attempt, &again.body), (attempt, &first.body));
        assert_eq!(again.header("webhook-id"), first.header("webhook-id"));
        assert_eq!(again.header("webhook-timestamp").unwrap(), bench.now.as_second().to_string());
        assert_ne!(again.header("webhook-signature"), first.header("webhook-signature"));
    }
    bench.pass(1_000_000);
    assert!(bench.deliver(200).is_empty());
    let record = bench.simulator.deliveries().remove(0);
    assert_eq!((record.state, record.attempts.len()), (DeliveryState::GivenUp, 8));
    assert!(enabled(&mut bench));
}

#[test]
fn only_2xx_within_the_budget_is_a_delivery() {
    let late = Outcome::Answered { status: 200, milliseconds: 15_001 };
    let in_time = Outcome::Answered { status: 204, milliseconds: 15_000 };
    let moved = Outcome::Answered { status: 302, milliseconds: 1 };
    for (outcome, accepted) in [(late, false), (in_time, true), (moved, false), (Outcome::NoAnswer, false)] {
        let mut bench = shipped();
        let delivery = bench.simulator.due_deliveries(bench.now).remove(0);
        bench.simulator.delivered(delivery.id, outcome, bench.now);
        assert_eq!(bench.simulator.deliveries()[0].attempts[0].accepted, accepted, "{outcome:?}");
    }
}

#[test]
fn gone_disables_the_subscription_at_once() {
    let mut bench = shipped();
    bench.deliver(410);
    assert!(!enabled(&mut bench));
    bench.pass(100_000);
    assert!(bench.deliver(200).is_empty());
    assert_eq!(bench.simulator.deliveries()[0].state, DeliveryState::Dropped);
    let id = bench.order(&[("MUG", 1)]);
    bench.does(&format!("orders/{id}/ship"), &Value::Null);
    assert_eq!(bench.simulator.deliveries().len(), 1);
}

#[test]
fn five_days_of_failures_disable_it_and_one_success_counts_anew() {
    let mut bench = shipped();
    let ship = |bench: &mut Bench| {
        let id = bench.order(&[("MUG", 1)]);
        bench.does(&format!("orders/{id}/ship"), &Value::Null);
    };
    bench.deliver(500);
    bench.pass(119 * 3600);
    bench.deliver(200);
    ship(&mut bench);
    bench.deliver(500);
    bench.pass(119 * 3600);
    bench.deliver(500);
    assert!(enabled(&mut bench));
    bench.pass(3600);
    bench.deliver(500);
    assert!(!enabled(&mut bench));
    let id = bench.get("webhook")["items"][0]["id"].as_str().unwrap().to_owned();
    bench.does(&format!("subscriptions/{id}/enable"), &Value::Null);
    ship(&mut bench);
    assert_eq!(bench.deliver(200).len(), 1);
}

#[test]
fn deliveries_are_lost_doubled_and_reordered_as_the_settings_ask() {
    let mut bench = Bench::new();
    bench.subscribe(&["billing.charge.created"]);
    let charges: Vec<Value> =
        (0..200).map(|_| json!({ "amount": 1, "transaction_fee": "Shipping" })).collect();
    bench.does("settings", &json!({ "delivery": { "lose_percent": 50, "at_once": 1000 } }));
    bench.does("transactions", &json!(charges));
    let came = bench.deliver(200).len();
    assert!((60..140).contains(&came), "{came}");

    bench.does("settings", &json!({ "delivery": { "lose_percent": 0, "duplicate_percent": 100 } }));
    bench.does("transactions", &json!([{ "amount": 1, "transaction_fee": "Shipping" }]));
    let twice = bench.deliver(200);
    assert_eq!(twice.len(), 2);
    assert_eq!(twice[0].header("webhook-id"), twice[1].header("webhook-id"));

    bench.does("settings", &json!({ "delivery": { "duplicate_percent": 0, "reorder_percent": 50 } }));
    bench.does("transactions", &json!(charges));
    bench.pass(30);
    let numbers: Vec<u64> = bench.deliver(200).iter().map(|delivery| delivery.id).collect();
    assert_eq!((numbers.len(), numbers.is_sorted()), (200, false));
}
