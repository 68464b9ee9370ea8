//! The good days: an order is posted, confirmed, and tells its story.

use domain::State;
use serde_json::json;
use simulated_cloudsuite::{ConfirmMode, Effect, Fault};

use crate::support::{VISIBILITY, hidden_for, message, order, world};

#[tokio::test]
async fn an_order_is_posted_confirmed_and_tells_its_story() {
    let world = world().await;
    assert!(world.post(&[order(1001, 2)]).await.is_empty());
    let record = world.record(1001).await;
    assert_eq!(record.state, State::Posted);
    assert_eq!(world.confirm_after(30).await.confirmed, 1);
    let record = world.record(1001).await;
    assert_eq!(record.state, State::Confirmed);
    let number = record.references.number.clone().unwrap();
    let state = world.state();
    let held = &state["orders"][&number];
    assert_eq!(held["content"]["head"]["CUOR"], "S1001");
    assert_eq!(held["content"]["lines"].as_array().unwrap().len(), 2, "{held}");
    let story: Vec<_> = record.trail.iter().map(|entry| entry.event.to_string()).collect();
    assert_eq!(story, ["received", "planned", "posting", "posting", "posted", "confirmed"]);
    assert!(record.trail.last().unwrap().detail.contains(&number));
}

#[tokio::test]
async fn the_signed_bytes_are_archived_as_they_were() {
    let world = world().await;
    let body = order(1001, 2).to_string();
    world.post_messages(vec![message(&body, "orders/create")]).await;
    let record = world.record(1001).await;
    let payload = ledger::Ledger::payload(&*world.ledger, &record.key, &record.body).await.unwrap().unwrap();
    assert_eq!(platform::Body::from_compressed(payload.compressed).bytes().unwrap(), body.as_bytes());
}

/// Published trap: orders/paid and orders/updated arrive before orders/create.
#[tokio::test]
async fn paid_before_create_makes_one_order() {
    let world = world().await;
    let body = order(1001, 2).to_string();
    let topics = ["orders/paid", "orders/create", "orders/updated"];
    for topic in topics {
        assert!(world.post_messages(vec![message(&body, topic)]).await.is_empty());
    }
    assert_eq!(world.confirm_after(60).await.confirmed, 1, "what changes meanwhile waits for this");
    let mut changed = order(1001, 3);
    changed["updated_at"] = json!("2026-11-20T10:00:05+01:00");
    assert!(world.post(&[changed]).await.is_empty());
    let mut old = order(1001, 1);
    old["updated_at"] = json!("2026-11-20T09:00:00+01:00");
    assert!(world.post(&[old]).await.is_empty());
    assert_eq!(world.orders_in_m3(), (1, 0));
    let record = world.record(1001).await;
    let story: Vec<_> = record.trail.iter().skip(5).map(|entry| entry.event.to_string()).collect();
    assert_eq!(
        story,
        ["duplicate", "duplicate", "confirmed", "received", "planned", "posting", "amended", "stale"]
    );
}

/// A duplicate in flight is no error: it waits for the holder and then is noted.
#[tokio::test]
async fn a_duplicate_in_the_same_batch_comes_again_and_posts_nothing() {
    let world = world().await;
    let body = order(1001, 2).to_string();
    let twice = || vec![message(&body, "orders/create"), message(&body, "orders/paid")];
    assert_eq!(world.post_messages(twice()).await.len(), 1);
    let put_off = hidden_for(&world.events, &world.clock)[0];
    assert!((1..i64::from(VISIBILITY)).contains(&put_off), "{put_off}");
    assert!(world.post_messages(twice()).await.is_empty());
    assert_eq!(world.orders_in_m3(), (1, 0));
    assert!(world.reasons().is_empty());
}

#[tokio::test]
async fn a_buyer_becomes_one_customer_and_is_brought_up_to_date() {
    let world = world().await;
    world.post(&[order(1, 1), order(2, 1)]).await;
    world.post(&[order(3, 1)]).await;
    assert_eq!((world.transactions("CRS610MI/Add"), world.transactions("CRS610MI/ChgBasicData")), (1, 0));
    let mut moved = order(4, 1);
    moved["billing_address"]["address1"] = json!("Friedrichstraße 1");
    world.post(&[moved]).await;
    assert_eq!((world.transactions("CRS610MI/Add"), world.transactions("CRS610MI/ChgBasicData")), (1, 1));
    assert_eq!(world.orders_in_m3(), (4, 0));
}

#[tokio::test]
async fn a_test_order_is_skipped_with_its_reason() {
    let world = world().await;
    let mut test = order(1, 1);
    test["test"] = json!(true);
    assert!(world.post(&[test]).await.is_empty());
    assert_eq!(world.record(1).await.state, State::Skipped { reason: "test order".into() });
    assert_eq!(world.gateway_requests(), 0);
}

#[tokio::test]
async fn an_order_that_m3_makes_later_is_looked_for_again() {
    let world = world().await;
    world.m3.simulator().settings.confirm = ConfirmMode::Later { seconds: 0, asks: 2 };
    world.post(&[order(1, 1)]).await;
    assert_eq!(world.confirm_after(10).await.checked, 0, "not due yet");
    assert_eq!(world.confirm_after(20).await.pending, 1);
    assert_eq!(world.confirm_after(30).await.pending, 1);
    assert_eq!(world.confirm_after(30).await.checked, 0, "the second wait is longer");
    assert_eq!(world.confirm_after(30).await.confirmed, 1);
    assert_eq!(world.record(1).await.checks, 2);
}

/// OIS275's statuses: error in the head, error in a line, credit stop, interrupted.
#[tokio::test]
async fn what_m3_cannot_make_an_order_of_fails_with_its_messages() {
    for status in ["15", "25", "30", "55"] {
        let world = world().await;
        let (code, text) = ("OAD0103".to_owned(), "Address of Ada".to_owned());
        world.fault(Fault::once(Effect::ConfirmStatus { status: status.into(), code, text }));
        world.post(&[order(1, 1)]).await;
        assert_eq!(world.confirm_after(30).await.failed, 1, "{status}");
        let State::Failed { findings } = world.record(1).await.state else { panic!() };
        assert!(findings[0].message.contains(&format!("status {status}")), "{findings:?}");
        assert!(findings.iter().any(|finding| finding.message.contains("OAD0103")), "{findings:?}");
        assert!(!format!("{findings:?}").contains("Ada"));
    }
}

/// A person corrects the batch order in OIS275 and releases it: the record must learn of the order.
#[tokio::test]
async fn an_order_that_a_person_releases_is_confirmed_after_all() {
    let world = world().await;
    let reason = Effect::ConfirmStatus { status: "30".into(), code: "XCR0001".into(), text: String::new() };
    world.fault(Fault::once(reason));
    world.post(&[order(1, 1)]).await;
    assert_eq!(world.confirm_after(30).await.failed, 1);
    assert_eq!(world.confirm_after(60).await.pending, 1, "the same trouble is not told twice");
    let temporary = world.record(1).await.references.temporary.unwrap();
    world.release(&temporary);
    assert_eq!(world.confirm_after(7_200).await.confirmed, 1);
    assert_eq!(world.record(1).await.state, State::Confirmed);
}

/// A cursor that only goes forward would lose what is committed late: everything that is due is looked at,
/// whenever it became so.
#[tokio::test]
async fn an_order_that_becomes_due_behind_others_is_still_found() {
    let world = world().await;
    world.post(&[order(1, 1)]).await;
    assert_eq!(world.confirm_after(60).await.confirmed, 1);
    world.clock.advance(-50);
    world.post(&[order(2, 1)]).await;
    assert_eq!(world.confirm_after(55).await.confirmed, 1);
}

#[tokio::test]
async fn an_order_that_is_never_confirmed_says_so_after_a_day() {
    let world = world().await;
    world.m3.simulator().settings.confirm = ConfirmMode::Later { seconds: 0, asks: 10_000 };
    world.post(&[order(1, 1)]).await;
    let mut overdue = 0;
    for _ in 0..60 {
        overdue += world.confirm_after(1_800).await.overdue;
        world.settle_after(0).await;
        world.post_queue().await;
    }
    assert_eq!(overdue, 1);
    let State::Failed { findings } = world.record(1).await.state else { panic!() };
    assert!(findings[0].message.contains("not confirmed in time"), "{findings:?}");
    assert_eq!(world.record(1).await.next_check, None);
}
