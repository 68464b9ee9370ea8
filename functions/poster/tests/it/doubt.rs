//! What is in doubt: CloudSuite is asked for it first, and then it goes on from where it is.

use domain::{Event, State, Step};
use serde_json::{Value, json};
use simulated_cloudsuite::{Effect, Fault};

use crate::support::{QUIET, World, order, ten_orders, world};

/// A world in which the master data of `order` is known and the first order is through.
async fn warm() -> World {
    let world = world().await;
    world.post(&[order(1, 3)]).await;
    world
}

fn lost_answer(transaction: &str) -> Fault {
    Fault::once(Effect::DropAfter).only("OIS100MI", transaction)
}

/// The order that M3 made of a reference: how many lines, charges, addresses and texts it has.
fn content(world: &World, id: u64) -> (usize, usize, usize) {
    let state = world.state();
    let orders = state["orders"].as_object().unwrap().values();
    let mut own = orders.filter(|order| order["content"]["head"]["CUOR"] == format!("S{id}"));
    let content = &own.next().unwrap()["content"];
    assert!(own.next().is_none(), "one order only");
    let count = |key: &str| content[key].as_array().unwrap().len();
    (count("lines"), count("charges"), count("addresses"))
}

#[tokio::test]
async fn a_lost_answer_is_settled_by_one_question_and_the_order_is_there_once() {
    for (transaction, step, requests) in [
        ("AddBatchHead", Step::Head, 1 + 2),
        ("AddBatchLine", Step::Lines, 1 + 1),
        ("Confirm", Step::Confirm, 1),
    ] {
        let world = warm().await;
        world.fault(lost_answer(transaction));
        assert_eq!(world.post(&[order(2, 3)]).await, ["m-0"], "{transaction}: it comes again");
        let state = world.record(2).await.state;
        assert!(matches!(state, State::InDoubt { step: at, .. } if at == step), "{transaction}: {state:?}");
        let before = world.gateway_requests();
        world.clock.advance(QUIET - 1);
        assert_eq!(world.post(&[order(2, 3)]).await, ["m-0"], "what was sent may still arrive");
        assert_eq!(world.gateway_requests(), before);
        world.clock.advance(2);
        assert!(world.post(&[order(2, 3)]).await.is_empty());
        assert_eq!(world.record(2).await.state, State::Posted, "{transaction}");
        assert_eq!(content(&world, 2), (3, 1, 1), "{transaction}");
        assert_eq!(world.orders_in_m3(), (2, 0), "{transaction}");
        assert_eq!(world.gateway_requests() - before, requests, "{transaction}: one question, then the rest");
        assert!(world.reasons().is_empty());
    }
}

#[tokio::test]
async fn ten_orders_in_doubt_are_settled_by_one_question() {
    let world = world().await;
    world.post(&ten_orders(100)).await;
    world.fault(lost_answer("Confirm"));
    assert_eq!(world.post(&ten_orders(200)).await.len(), 10);
    world.clock.advance(QUIET + 1);
    let before = world.gateway_requests();
    assert!(world.post(&ten_orders(200)).await.is_empty());
    assert_eq!(world.gateway_requests() - before, 1);
    assert_eq!(world.orders_in_m3(), (20, 0));
}

/// The bulk stops in the middle of the lines: those that are there stay, those that are missing are added.
#[tokio::test]
async fn missing_lines_are_added() {
    for effect in [Effect::StopAfter { after: 4 }, Effect::MissingResults { keep: 4 }] {
        let world = warm().await;
        world.fault(Fault::once(effect.clone()).only("OIS100MI", "AddBatchLine"));
        assert_eq!(world.post(&[order(2, 5)]).await, ["m-0"]);
        world.clock.advance(QUIET + 1);
        assert!(world.post(&[order(2, 5)]).await.is_empty());
        assert_eq!(content(&world, 2), (5, 1, 1), "{effect:?}");
        assert_eq!(world.orders_in_m3(), (2, 0));
    }
}

/// A newer delivery comes while an older one is in doubt: what was begun is replaced, because it says other things.
#[tokio::test]
async fn what_was_begun_with_other_content_is_replaced() {
    let world = warm().await;
    world.fault(lost_answer("AddBatchLine"));
    assert_eq!(world.post(&[order(2, 3)]).await, ["m-0"]);
    let mut newer = order(2, 2);
    newer["updated_at"] = json!("2026-11-20T10:00:05+01:00");
    world.clock.advance(QUIET + 1);
    assert!(world.post(&[newer]).await.is_empty());
    assert_eq!(content(&world, 2), (2, 1, 1));
    assert_eq!(world.orders_in_m3(), (2, 0), "the older batch order was taken out");
    assert!(world.post(&[order(2, 3)]).await.is_empty());
    assert_eq!(world.record(2).await.trail.last().unwrap().event, Event::Stale);
}

#[tokio::test]
async fn what_was_posted_while_in_doubt_is_brought_to_a_newer_delivery() {
    let world = warm().await;
    world.fault(lost_answer("Confirm"));
    assert_eq!(world.post(&[order(2, 3)]).await, ["m-0"]);
    let mut newer = order(2, 2);
    newer["updated_at"] = json!("2026-11-20T10:00:05+01:00");
    world.clock.advance(QUIET + 1);
    assert!(world.post(&[newer]).await.is_empty());
    println!("{:#?}", world.record(2).await);
    assert_eq!(content(&world, 2), (2, 1, 1), "the line that is gone was taken out of the order");
    let record = world.record(2).await;
    assert_eq!((record.state, record.trail.last().unwrap().event), (State::Confirmed, Event::Amended));
}

/// Somebody entered the order by hand, so two batch orders have our reference: a person must tell.
#[tokio::test]
async fn what_cannot_be_told_stays_in_doubt_and_an_operator_sees_it() {
    let world = warm().await;
    world.fault(lost_answer("AddBatchHead"));
    assert_eq!(world.post(&[order(2, 1)]).await, ["m-0"]);
    world.enter_by_hand("S2");
    world.clock.advance(QUIET + 1);
    assert!(world.post(&[order(2, 1)]).await.is_empty());
    assert!(matches!(world.record(2).await.state, State::InDoubt { step: Step::Head, .. }));
    assert_eq!(world.reasons(), ["in doubt: head"]);
    assert_eq!(world.orders_in_m3(), (1, 2));
}

/// An answer that is lost each time: after five tries an operator sees it, and may have it tried again.
#[tokio::test]
async fn doubt_without_end_goes_to_an_operator() {
    let world = warm().await;
    let timed_out = Effect::Status { status: 504, retry_after: None };
    world.fault(Fault::once(timed_out).only("OIS100MI", "AddBatchLine").times(100));
    let mut tries = 0;
    while !world.post(&[order(2, 1)]).await.is_empty() {
        tries += 1;
        assert!(tries < 20, "it must end");
        world.clock.advance(QUIET + 1);
    }
    assert_eq!(tries, 5);
    assert_eq!(world.reasons(), ["in doubt: lines"]);
    world.clear_faults();
    world.clock.advance(QUIET + 1);
    assert!(world.post(&[order(2, 1)]).await.is_empty());
    assert_eq!(content(&world, 2), (1, 1, 1));
    assert_eq!(world.orders_in_m3(), (2, 0));
}

#[tokio::test]
async fn a_customer_in_doubt_is_found_and_not_made_twice() {
    let world = warm().await;
    world.fault(Fault::once(Effect::DropAfter).only("CRS610MI", "Add"));
    let mut other = order(2, 1);
    other["email"] = json!("grace@example.com");
    assert_eq!(world.post(std::slice::from_ref(&other)).await, ["m-0"]);
    world.clock.advance(QUIET + 1);
    assert!(world.post(&[other]).await.is_empty());
    assert_eq!(world.record(2).await.state, State::Posted);
    assert_eq!(world.transactions("CRS610MI/Add"), 2, "one for each of the two buyers");
}

/// M3 said that it confirmed, and has lost it: the confirmation job notices, the settle job takes it up.
#[tokio::test]
async fn a_confirmation_that_cloudsuite_lost_is_noticed_and_made_good() {
    let world = warm().await;
    world.fault(Fault::once(Effect::LoseCommit).only("OIS100MI", "Confirm"));
    assert!(world.post(&[order(2, 2)]).await.is_empty());
    assert_eq!(world.orders_in_m3(), (1, 1), "M3 took it back");
    let mut lost = 0;
    for _ in 0..15 {
        lost += world.confirm_after(60).await.lost;
    }
    assert_eq!(lost, 1);
    assert_eq!(world.settle_after(QUIET).await.taken_up, 1);
    assert!(world.post_queue().await.is_empty());
    assert_eq!(world.confirm_after(60).await.confirmed, 1);
    assert_eq!(content(&world, 2), (2, 1, 1));
    assert_eq!(world.orders_in_m3(), (2, 0));
}

#[tokio::test]
async fn an_update_that_changes_nothing_costs_no_request() {
    let world = warm().await;
    let before = world.gateway_requests();
    let updated = |second: u64, change: fn(&mut Value)| {
        let mut order = order(1, 3);
        order["updated_at"] = json!(format!("2026-11-20T10:00:{second:02}+01:00"));
        change(&mut order);
        order
    };
    assert!(world.post(&[updated(5, |order| order["tags"] = json!("vip"))]).await.is_empty());
    assert!(world.post(&[updated(4, |_| ())]).await.is_empty());
    assert_eq!(world.gateway_requests(), before);
    let record = world.record(1).await;
    let events: Vec<_> = record.trail.iter().rev().take(2).map(|entry| entry.event).collect();
    assert_eq!(events, [Event::Stale, Event::Unchanged]);
}
