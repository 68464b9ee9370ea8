//! The bad days: nothing is lost, nothing is sent twice, everything says what happened.

use domain::{State, Step};
use simulated_cloudsuite::{Effect, Fault};

use crate::support::{order, world};

/// The answer to a write is lost: the order is in doubt at that step and never sent again.
#[tokio::test]
async fn a_lost_answer_leaves_the_order_in_doubt_and_nothing_is_sent_again() {
    for (transaction, step) in
        [("AddBatchHead", Step::Head), ("AddBatchLine", Step::Lines), ("Confirm", Step::Confirm)]
    {
        let world = world().await;
        world.post(&[order(1, 1)]).await;
        world.fault(Fault::once(Effect::DropAfter).only("OIS100MI", transaction));
        assert!(world.post(&[order(2, 1)]).await.is_empty());
        let record = world.record(2).await;
        assert!(matches!(record.state, State::InDoubt { step: at, .. } if at == step), "{:?}", record.state);
        assert_eq!(world.reasons()[0], format!("in doubt: {step}"));
        let before = world.gateway_requests();
        world.clock.advance(86_400);
        assert!(world.post(&[order(2, 1)]).await.is_empty());
        assert_eq!(world.gateway_requests(), before, "{transaction}: nothing more is sent");
    }
}

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
        assert!(world.post(&[order(2, 3)]).await.is_empty());
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
    assert!((120..=152).contains(&world.hidden_for()[0]));
    assert_eq!(world.post(&[order(1, 1)]).await, ["m-0"], "too soon");
    world.clock.advance(121);
    assert!(world.post(&[order(1, 1)]).await.is_empty());
    assert_eq!(world.record(1).await.state, State::Posted);
}

#[tokio::test]
async fn a_throttle_between_head_and_lines_leaves_no_half_order() {
    let world = world().await;
    world.post(&[order(1, 1)]).await;
    let throttle = Effect::Status { status: 429, retry_after: Some(600) };
    world.fault(Fault::once(throttle).only("OIS100MI", "AddBatchLine"));
    assert_eq!(world.post(&[order(2, 1)]).await, ["m-0"]);
    assert_eq!(world.orders_in_m3(), (1, 0), "the head was taken out again");
    world.clock.advance(601);
    assert!(world.post(&[order(2, 1)]).await.is_empty());
    assert_eq!(world.orders_in_m3(), (2, 0));
}

/// A throttled confirmation was not processed: nothing is in doubt, the order is taken out and comes again.
#[tokio::test]
async fn a_throttled_confirmation_is_taken_back_and_comes_again() {
    let world = world().await;
    world.post(&[order(1, 1)]).await;
    let throttle = Effect::Status { status: 429, retry_after: Some(600) };
    world.fault(Fault::once(throttle).only("OIS100MI", "Confirm"));
    assert_eq!(world.post(&[order(2, 1)]).await, ["m-0"]);
    assert_eq!(world.orders_in_m3(), (1, 0));
    world.clock.advance(601);
    assert!(world.post(&[order(2, 1)]).await.is_empty());
    assert_eq!(world.orders_in_m3(), (2, 0));
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

/// A holder that vanished while writing: the next delivery finds the record in doubt, not free.
#[tokio::test]
async fn an_expired_lease_while_posting_means_in_doubt() {
    let world = world().await;
    world.post(&[order(1, 1)]).await;
    let record = world.record(1).await;
    let claim = domain::Claim {
        key: "demo/shopify/order/2".parse().unwrap(),
        delivery: domain::Delivery {
            id: "d-0".into(),
            topic: "orders/create".into(),
            received_at: record.received_at,
            updated_at: None,
            body: record.body,
            name: String::new(),
        },
        lease: jiff::SignedDuration::from_secs(320),
    };
    let now = platform::Clock::now(&*world.clock);
    let held = domain::Record::first(&claim, now);
    ledger::Ledger::write(&*world.ledger, held.record.clone()).await.unwrap();
    let posting = held.posting(now, "m", record.body).unwrap();
    ledger::Ledger::write(&*world.ledger, posting.record).await.unwrap();
    assert_eq!(world.post(&[order(2, 1)]).await, ["m-0"], "still held");
    world.clock.advance(321);
    assert!(world.post(&[order(2, 1)]).await.is_empty());
    assert!(matches!(world.record(2).await.state, State::InDoubt { step: Step::Head, .. }));
    assert_eq!(world.orders_in_m3(), (1, 0));
}
