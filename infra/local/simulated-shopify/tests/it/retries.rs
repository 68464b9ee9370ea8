//! What counts as delivered, the retries, and the removal of a subscription.

use serde_json::{Value, json};
use simulated_shopify::{
    DeclaredSubscription, DeliverySettings, DeliveryState, FailuresCounted, Outcome, Settings,
};

use crate::bench::{Bench, HOOK, order};

fn patient() -> DeliverySettings {
    DeliverySettings { removal_after: 100, ..DeliverySettings::default() }
}

fn shop(delivery: DeliverySettings) -> Bench {
    let mut bench = Bench::with(Settings { delivery, ..Settings::default() });
    bench.subscribe("ORDERS_CREATE");
    bench
}

fn subscriptions(bench: &mut Bench) -> u64 {
    bench.data("{ webhookSubscriptionsCount { count } }")["webhookSubscriptionsCount"]["count"]
        .as_u64()
        .unwrap()
}

#[test]
fn only_2xx_within_five_seconds_counts() {
    let answered = |status, milliseconds| Outcome::Answered { status, milliseconds };
    for (outcome, accepted) in [
        (answered(200, 5000), true),
        (answered(204, 10), true),
        (answered(200, 5001), false),
        (answered(301, 10), false),
        (answered(307, 10), false),
        (answered(401, 10), false),
        (answered(500, 10), false),
        (Outcome::NoAnswer, false),
    ] {
        let mut bench = shop(patient());
        bench.put(order());
        let due = bench.due().remove(0);
        bench.simulator.delivered(due.id, outcome, bench.now);
        let record = bench.simulator.deliveries().remove(0);
        let expected = if accepted { DeliveryState::Accepted } else { DeliveryState::Waiting };
        assert_eq!((record.state, record.attempts[0].accepted), (expected, accepted), "{outcome:?}");
    }
}

#[test]
fn there_are_8_retries_over_4_hours_with_growing_waits_and_then_it_is_given_up() {
    let mut bench = shop(patient());
    bench.put(order());
    let start = bench.now;
    let mut waits = Vec::new();
    let mut due = bench.due();
    while let Some(delivery) = due.pop() {
        bench.answer(&delivery, 503);
        if bench.simulator.next_delivery().is_none() {
            break;
        }
        let before = bench.now;
        due = bench.next();
        waits.push(bench.now.duration_since(before).as_secs());
    }
    assert_eq!(waits.len(), 8);
    assert!(waits.windows(2).all(|pair| pair[1] >= 2 * pair[0] - 1), "{waits:?}");
    assert_eq!(bench.now.duration_since(start).as_hours(), 4);
    let record = bench.simulator.deliveries().remove(0);
    assert_eq!((record.state, record.attempts.len()), (DeliveryState::GivenUp, 9));
}

#[test]
fn a_retry_carries_the_payload_ids_and_address_of_its_trigger() {
    let mut bench = shop(patient());
    bench.put(order());
    let first = bench.due().remove(0);
    bench.answer(&first, 500);
    bench.simulator.edit_order(first_id(&first.body), json!({ "note": "new" }), bench.now).unwrap();
    let id =
        bench.data("{ webhookSubscriptions(first: 1) { nodes { id } } }")["webhookSubscriptions"]["nodes"][0]
            ["id"]
            .take();
    bench.data(&format!(
        "mutation {{ webhookSubscriptionUpdate(id: {id}, webhookSubscription: {{ uri: \"https://localhost/new\" }}) {{ userErrors {{ message }} }} }}"
    ));
    let retry = bench.next().remove(0);
    assert_eq!((retry.attempt, &retry.body, &retry.headers), (2, &first.body, &first.headers));
    assert_eq!(retry.address, HOOK);
}

fn first_id(body: &[u8]) -> u64 {
    serde_json::from_slice::<Value>(body).unwrap()["id"].as_u64().unwrap()
}

#[test]
fn the_webhook_id_of_a_retry_can_be_set_to_change() {
    let mut bench = shop(DeliverySettings { new_webhook_id_on_retry: true, ..patient() });
    bench.put(order());
    let first = bench.due().remove(0);
    bench.answer(&first, 500);
    let retry = bench.next().remove(0);
    assert_ne!(retry.header("x-shopify-webhook-id"), first.header("x-shopify-webhook-id"));
    assert_eq!(retry.header("x-shopify-event-id"), first.header("x-shopify-event-id"));
}

#[test]
fn the_eighth_failure_in_a_row_removes_a_subscription_of_the_api_and_what_waits_for_it() {
    let mut bench = shop(DeliverySettings::default());
    for id in 1..=9 {
        bench.put(json!({ "id": id }));
    }
    let due = bench.due();
    for delivery in &due[..7] {
        bench.answer(delivery, 500);
    }
    assert_eq!(subscriptions(&mut bench), 1);
    bench.answer(&due[7], 500);
    assert_eq!(subscriptions(&mut bench), 0);
    bench.answer(&due[8], 500);
    let dropped = |bench: &Bench| {
        let records = bench.simulator.deliveries();
        records.iter().filter(|one| one.state == DeliveryState::Dropped).count()
    };
    assert_eq!(dropped(&bench), 8);
    bench.put(json!({ "id": 10 }));
    assert_eq!(bench.due(), [], "nobody is told any more");
}

#[test]
fn a_success_between_starts_the_count_again() {
    let mut bench = shop(DeliverySettings::default());
    for id in 1..=15 {
        bench.put(json!({ "id": id }));
    }
    let due = bench.due();
    for (at, delivery) in due.iter().enumerate() {
        bench.answer(delivery, if at == 7 { 200 } else { 500 });
    }
    assert_eq!(subscriptions(&mut bench), 1);
}

#[test]
fn failures_can_be_set_to_count_for_each_delivery() {
    let mut bench = shop(DeliverySettings {
        failures_counted: FailuresCounted::OfDelivery,
        at_once: 100,
        ..DeliverySettings::default()
    });
    for id in 1..=30 {
        bench.put(json!({ "id": id }));
    }
    for delivery in bench.due() {
        bench.answer(&delivery, 500);
    }
    assert_eq!(subscriptions(&mut bench), 1);
    for _ in 2..=8 {
        assert_eq!(subscriptions(&mut bench), 1);
        let due = bench.next();
        bench.answer(&due[0], 500);
        due[1..].iter().for_each(|one| bench.answer(one, 200));
    }
    assert_eq!(subscriptions(&mut bench), 0);
}

#[test]
fn a_declared_subscription_is_never_removed() {
    let mut bench = Bench::new();
    let declared = DeclaredSubscription {
        topic: "orders/create".to_owned(),
        uri: HOOK.to_owned(),
        name: None,
        include_fields: Vec::new(),
    };
    bench.simulator.declare(&[declared], bench.now);
    for id in 1..=20 {
        bench.put(json!({ "id": id }));
        for delivery in bench.due() {
            bench.answer(&delivery, 500);
        }
    }
    bench.put(json!({ "id": 21 }));
    assert_eq!(bench.due().len(), 1);
}

#[test]
fn so_many_at_once_and_no_more() {
    let mut bench = shop(DeliverySettings { at_once: 3, ..patient() });
    for id in 1..=5 {
        bench.put(json!({ "id": id }));
    }
    let due = bench.due();
    assert_eq!((due.len(), bench.due().len()), (3, 0));
    bench.answer(&due[0], 200);
    assert_eq!(bench.due().len(), 1);
}

#[test]
fn retries_pass_in_seconds_when_the_time_is_sped_up() {
    let mut bench = shop(patient());
    bench.put(order());
    let first = bench.due().remove(0);
    bench.answer(&first, 500);
    bench.simulator.set_pace(56, bench.now);
    assert_eq!(bench.due(), []);
    bench.pass(1);
    assert_eq!(bench.due().len(), 1);
    assert_eq!(bench.simulator.time(bench.now).to_string(), "2026-11-22T12:00:56Z");
    bench.simulator.skip(4);
    assert_eq!(bench.simulator.time(bench.now).to_string(), "2026-11-22T12:01:00Z");
    bench.simulator.set_pace(0, bench.now);
    bench.pass(60);
    assert_eq!(bench.simulator.time(bench.now).to_string(), "2026-11-22T12:01:00Z", "it stands still");
}
