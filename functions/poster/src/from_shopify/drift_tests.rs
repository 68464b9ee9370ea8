use ledger::Memory;
use platform::telemetry::subscriber;
use serde_json::{Value, json};
use testkit::Lines;

use super::*;

const TOPIC: &str = "orders/create";
const VERSION: Option<&str> = Some("2026-10");

fn at(time: &str) -> Timestamp {
    time.parse().unwrap()
}

fn order() -> Value {
    serde_json::from_slice(&testkit::sample("shopify-orders-create-two-lines.json")).unwrap()
}

/// A body with a field that is not known, and without one that is.
fn drifted() -> Vec<u8> {
    let mut order = order();
    order["loyalty"] = json!({ "mia.muster@example.com": 1 });
    order["line_items"][0].as_object_mut().unwrap().remove("sku");
    order.to_string().into_bytes()
}

fn seeing(bodies: usize) -> Tally {
    let tally = Tally::default();
    (0..bodies).for_each(|_| tally.see(TOPIC, VERSION, &drifted()));
    tally
}

/// The lines that telling writes.
fn told(tally: &Tally, ledger: &dyn Ledger, now: &str) -> Vec<Value> {
    let lines = Lines::default();
    let writer = lines.clone();
    tracing::subscriber::with_default(subscriber("INFO", move || writer.clone()), || {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(tally.tell(ledger, at(now)));
    });
    lines.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn one_line_a_topic_and_version_says_what_is_new_and_gone() {
    let tally = seeing(17);
    tally.see("orders/paid", Some("2026-07"), &drifted());
    let lines = told(&tally, &Memory::default(), "2026-11-23T10:00:00Z");
    let shown: Vec<_> = lines
        .iter()
        .map(|line| ["level", "topic", "api_version", "compared", "new", "gone"].map(|key| line[key].clone()))
        .collect();
    let sku = "line_items[].sku";
    assert_eq!(
        shown,
        [
            [
                json!("WARN"),
                json!(TOPIC),
                json!("2026-10"),
                json!(2),
                json!("loyalty (2)"),
                json!(format!("{sku} (2)"))
            ],
            [
                json!("WARN"),
                json!("orders/paid"),
                json!("2026-07"),
                json!(1),
                json!("loyalty (1)"),
                json!(format!("{sku} (1)"))
            ],
        ]
    );
    assert!(!format!("{lines:?}").contains("muster"));
}

#[test]
fn a_day_is_told_once_whichever_instance_saw_it() {
    let ledger = Memory::default();
    let instances = [seeing(1), seeing(1), seeing(1)];
    let lines = |now| instances.each_ref().map(|tally| told(tally, &ledger, now).len());
    assert_eq!(lines("2026-11-23T10:00:00Z"), [1, 0, 0]);
    for tally in &instances {
        tally.see(TOPIC, VERSION, &drifted());
    }
    assert_eq!(lines("2026-11-23T23:00:00Z"), [0, 0, 0]);
    assert_eq!(lines("2026-11-24T00:10:00Z"), [1, 0, 0], "the next day says it again");
}

#[test]
fn what_is_as_known_cannot_be_read_or_is_no_topic_is_no_drift() {
    let tally = Tally::default();
    let bodies = [order().to_string().into_bytes(), b"no JSON".to_vec(), Vec::new()];
    for body in &bodies {
        for _ in 0..EVERY {
            tally.see(TOPIC, VERSION, body);
        }
    }
    tally.see("inventory/update", VERSION, &drifted());
    assert_eq!(told(&tally, &Memory::default(), "2026-11-23T10:00:00Z"), Vec::<Value>::new());
    assert_eq!(tally.seen().asked, None, "the ledger was asked for nothing");
}

#[test]
fn the_ledger_is_asked_once_an_hour_and_nothing_is_lost_while_it_takes_nothing() {
    let (tally, ledger) = (seeing(1), Memory::default());
    // A value as long as the ledger takes leaves no room for another word.
    let full = "x".repeat(16_384);
    let client = Digest::of(b"drift/shopify");
    let filling = ledger.swap_shared(&client, "drift/2026-11-23", 0, &full);
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(filling).unwrap();
    assert_eq!(told(&tally, &ledger, "2026-11-23T23:30:00Z")[0]["level"], "INFO");
    assert_eq!(told(&tally, &ledger, "2026-11-24T00:29:59Z").len(), 0);
    assert_eq!(told(&tally, &ledger, "2026-11-24T00:30:00Z")[0]["level"], "WARN");
}

#[test]
fn every_sixteenth_delivery_is_compared() {
    let tally = seeing(33);
    let seen = tally.seen();
    let counts = seen.kinds.values().next().unwrap();
    assert_eq!((counts.deliveries, counts.compared), (33, 3));
}

#[test]
fn kinds_fields_and_versions_are_bounded() {
    let tally = Tally::default();
    for number in 0..1_000 {
        tally.see(TOPIC, Some(&format!("v{number}")), b"{}");
    }
    tally.see(TOPIC, Some("Mia Muster"), b"{}");
    assert_eq!(tally.seen().kinds.len(), MOST_KINDS);
    let mut counts = Counts::default();
    for number in 0..1_000 {
        let unknown = [format!("field_{number}")].into();
        counts.add(Drift { unknown, ..Drift::default() });
    }
    assert_eq!(counts.fields(), MOST_FIELDS);
    assert!(most(&counts.unknown).ends_with("and 80 more"));
    assert_eq!(["2026-10", "unstable", "Mia", ""].map(plain), ["2026-10", "unstable", "unknown", "unknown"]);
}
