//! The bad days: nothing is lost, nothing is sent twice, everything says what happened.

use domain::{State, Step, Written};
use simulated_cloudsuite::{Effect, Fault};

use crate::support::{QUIET, hidden_for, order, world};

#[tokio::test]
async fn bulks_that_stop_or_lose_results_leave_the_order_in_doubt() {
    for effect in [
        Effect::StopAfter { after: 1 },
        Effect::MissingResults { keep: 1 },
        Effect::Status { status: 500, retry_after: None },
        Effect::Status { status: 504, retry_after: None },
    ] {
        let world = world().await;
        world.post(&[order(1, 1)]).await;
        world.fault(Fault::once(effect.clone()).only("OIS100MI", "AddBatchLine"));
        assert_eq!(world.post(&[order(2, 3)]).await, ["m-0"]);
        let state = world.record(2).await.state;
        assert!(matches!(state, State::InDoubt { step: Step::Lines, .. }), "{effect:?}: {state:?}");
    }
}

/// A 429 was not processed: the request is sent again after the wait that the gateway asks for.
#[tokio::test]
async fn a_short_throttle_is_waited_out() {
    let world = world().await;
    world.post(&[order(1, 1)]).await;
    let throttle = Effect::Status { status: 429, retry_after: Some(0) };
    world.fault(Fault::once(throttle).times(2).only("OIS100MI", "AddBatchHead"));
    assert!(world.post(&[order(2, 1)]).await.is_empty());
    assert_eq!(world.record(2).await.state, State::Posted);
    assert_eq!(world.orders_in_m3(), (2, 0));
}

#[tokio::test]
async fn a_long_throttle_puts_the_order_off_and_it_goes_through_later() {
    let world = world().await;
    world.fault(Fault::once(Effect::Status { status: 429, retry_after: Some(120) }));
    assert_eq!(world.post(&[order(1, 1)]).await, ["m-0"]);
    assert!(matches!(world.record(1).await.state, State::Waiting { .. }));
    assert!((120..=152).contains(&hidden_for(&world.events, &world.clock)[0]));
    assert_eq!(world.post(&[order(1, 1)]).await, ["m-0"], "too soon");
    world.clock.advance(121);
    assert!(world.post(&[order(1, 1)]).await.is_empty());
    assert_eq!(world.record(1).await.state, State::Posted);
}

#[tokio::test]
async fn an_order_throttled_between_head_and_lines_is_continued_later() {
    let world = world().await;
    world.post(&[order(1, 1)]).await;
    let throttle = Effect::Status { status: 429, retry_after: Some(600) };
    world.fault(Fault::once(throttle).only("OIS100MI", "AddBatchLine"));
    assert_eq!(world.post(&[order(2, 1)]).await, ["m-0"]);
    assert_eq!(world.orders_in_m3(), (1, 1), "the head stays: it is invisible to planning");
    world.clock.advance(601);
    assert!(world.post(&[order(2, 1)]).await.is_empty());
    assert_eq!(world.orders_in_m3(), (2, 0));
}

/// A throttled confirmation was not processed: nothing is in doubt, and only the confirmation is left to do.
#[tokio::test]
async fn a_throttled_confirmation_is_sent_later() {
    let world = world().await;
    world.post(&[order(1, 1)]).await;
    let throttle = Effect::Status { status: 429, retry_after: Some(600) };
    world.fault(Fault::once(throttle).only("OIS100MI", "Confirm"));
    assert_eq!(world.post(&[order(2, 1)]).await, ["m-0"]);
    assert_eq!(world.orders_in_m3(), (1, 1));
    let before = world.transactions("OIS100MI/AddBatchLine");
    world.clock.advance(601);
    assert!(world.post(&[order(2, 1)]).await.is_empty());
    assert_eq!(world.orders_in_m3(), (2, 0));
    assert_eq!(world.transactions("OIS100MI/AddBatchLine"), before);
}

/// An update of a customer that was put off must not count as done.
#[tokio::test]
async fn a_customer_update_that_was_throttled_is_sent_later() {
    let world = world().await;
    world.post(&[order(1, 1)]).await;
    let moved = || {
        let mut order = order(2, 1);
        order["billing_address"]["address1"] = serde_json::json!("Friedrichstraße 1");
        order
    };
    let throttle = Effect::Status { status: 429, retry_after: Some(600) };
    world.fault(Fault::once(throttle).only("CRS610MI", "ChgBasicData"));
    assert_eq!(world.post(&[moved()]).await, ["m-0"]);
    world.clock.advance(601);
    assert!(world.post(&[moved()]).await.is_empty());
    assert_eq!(world.transactions("CRS610MI/ChgBasicData"), 1);
    assert_eq!(world.orders_in_m3(), (2, 0));
}

#[tokio::test]
async fn a_revoked_token_is_dropped_once_and_fetched_anew() {
    let world = world().await;
    world.post(&[order(1, 1)]).await;
    world.fault(Fault::once(Effect::RevokeTokens));
    assert!(world.post(&[order(2, 1)]).await.is_empty());
    assert_eq!(world.record(2).await.state, State::Posted);
    assert_eq!(world.state()["counters"]["token_requests"], 2);
}

#[tokio::test]
async fn refused_credentials_are_a_finding() {
    let world = world().await;
    world.fault(Fault::once(Effect::Status { status: 401, retry_after: None }).times(9).on_token());
    assert!(world.post(&[order(1, 1)]).await.is_empty());
    let State::Rejected { findings } = world.record(1).await.state else { panic!() };
    assert_eq!(findings[0].code, domain::FindingCode::Credentials);
}

/// With the dead-letter queue down, a rejected message must stay on the queue.
#[tokio::test]
async fn a_message_that_cannot_be_buried_stays() {
    let world = world().await;
    let mut bad = order(1, 1);
    bad["line_items"][0]["sku"] = serde_json::json!("GHOST-SKU");
    world.dead_letters.set_down(true);
    assert_eq!(world.post(&[bad]).await, ["m-0"]);
}

/// A lease outlives its holder, which is most often done long before: who waits for it looks again soon.
#[tokio::test]
async fn a_delivery_about_a_busy_record_comes_again_long_before_the_lease_ends() {
    let world = world().await;
    let held = world.vanish_over(&order(1, 1)).await;
    world.send(&order(1, 1)).await;
    assert_eq!(world.post_queue().await.len(), 1);
    let seconds = hidden_for(&world.events, &world.clock)[0];
    assert!((20..=30).contains(&seconds), "{seconds}");
    world.clock.advance(seconds);
    let left = platform::Clock::now(&*world.clock).duration_until(held.lease.until).as_secs();
    assert!(left > 200, "{left}");
    assert_eq!(world.post_queue().await.len(), 1, "still held");
    world.clock.advance(left);
    assert!(world.post_queue().await.is_empty());
    assert_eq!(world.orders_in_m3(), (1, 0));
}

/// Published trap: a lease that frees itself lets a write run twice. A holder that vanished while writing leaves
/// doubt: CloudSuite is asked, once what it sent must have arrived.
#[tokio::test]
async fn an_expired_lease_while_posting_means_in_doubt() {
    let world = world().await;
    world.post(&[order(1, 1)]).await;
    let held = world.vanish_over(&order(2, 1)).await;
    let written = Written {
        document: domain::DocumentKind::SalesOrder,
        company: "100".parse().unwrap(),
        fingerprint: held.record.body,
        customer: "E00000001".into(),
        lines: 1,
        movement: None,
    };
    let posting = held.posting(platform::Clock::now(&*world.clock), "m", &written).unwrap();
    ledger::Ledger::write(&*world.ledger, posting.record).await.unwrap();
    assert_eq!(world.post(&[order(2, 1)]).await, ["m-0"], "still held");
    world.clock.advance(321);
    let before = world.gateway_requests();
    assert_eq!(world.post(&[order(2, 1)]).await, ["m-0"], "what its holder sent may still arrive");
    assert_eq!(world.gateway_requests(), before);
    world.clock.advance(QUIET);
    assert!(world.post(&[order(2, 1)]).await.is_empty());
    assert_eq!(world.transactions("OIS100MI/LstBatchHead"), 1, "it was asked for");
    assert_eq!(world.orders_in_m3(), (2, 0));
}
