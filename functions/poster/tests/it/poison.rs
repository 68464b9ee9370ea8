//! One message cannot fail, delay or repeat its neighbours.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use domain::{FindingCode, State, TenantId};
use platform::{HandClock, MemoryMailbox};
use simulated_cloudsuite::{Effect, Fault};
use tenants::{Tenant, TenantError, TenantSource};

use crate::support::{hidden_for, message, order, world};

/// Published trap: every body of a batch is decoded before the first is handled, so one that is no JSON fails
/// the batch.
#[tokio::test]
async fn what_is_no_envelope_or_no_order_does_not_touch_its_neighbours() {
    let world = world().await;
    let good = |id| message(&order(id, 1).to_string(), "orders/create");
    let deep = format!("{}1{}", "[".repeat(50_000), "]".repeat(50_000));
    let messages = vec![
        "not json".to_owned(),
        good(1),
        "{\"v\":9}".to_owned(),
        message("not an order", "orders/create"),
        message(&deep, "orders/create"),
        good(2),
        message("{\"id\":3,\"line_items\":7}", "orders/create"),
    ];
    assert!(world.post_messages(messages).await.is_empty());
    assert_eq!(world.orders_in_m3(), (2, 0));
    assert_eq!(world.reasons().len(), 5);
    assert!(matches!(world.record(3).await.state, State::Rejected { .. }));
    // What cannot even be named has a record all the same: nothing disappears.
    let unnamed = world.ledger.records().into_iter().filter(|r| r.key.id.as_str().starts_with("unreadable-"));
    assert_eq!(unnamed.count(), 2);
}

struct Panics(Arc<dyn TenantSource>);

#[async_trait]
impl TenantSource for Panics {
    async fn tenant(&self, id: &TenantId) -> Result<Arc<Tenant>, TenantError> {
        assert_ne!(id.as_str(), "panics", "as asked");
        self.0.tenant(id).await
    }
}

#[tokio::test]
async fn a_message_that_makes_the_code_panic_stays_alone_on_the_queue() {
    let mut world = world().await;
    let tenants = world.poster.tenants.clone();
    let poster = Arc::get_mut(&mut world.poster).unwrap();
    poster.tenants = Arc::new(Panics(tenants));
    let bad = message(&order(1, 1).to_string(), "orders/create")
        .replace("\"tenant\":\"demo\"", "\"tenant\":\"panics\"");
    let messages = vec![bad, message(&order(2, 1).to_string(), "orders/create")];
    assert_eq!(world.post_messages(messages).await, ["m-0"]);
    assert_eq!(world.record(2).await.state, State::Posted);
}

/// Sees for how long messages are hidden at each moment at which a record was taken.
struct Watches {
    tenants: Arc<dyn TenantSource>,
    queue: Arc<MemoryMailbox>,
    clock: Arc<HandClock>,
    seen: Arc<Mutex<Vec<Vec<i64>>>>,
}

#[async_trait]
impl TenantSource for Watches {
    async fn tenant(&self, id: &TenantId) -> Result<Arc<Tenant>, TenantError> {
        self.seen.lock().unwrap().push(hidden_for(&self.queue, &self.clock));
        self.tenants.tenant(id).await
    }
}

/// What a holder vanished over may end this process too: before it begins, all others of the batch are done and
/// gone, or hidden so that they come again by themselves.
#[tokio::test]
async fn what_a_holder_vanished_over_is_handled_after_all_others_and_alone() {
    let mut world = world().await;
    for id in [1, 2, 3] {
        world.vanish_over(&order(id, 1)).await;
    }
    world.clock.advance(321);
    let seen = Arc::default();
    let (queue, clock) = (world.events.clone(), world.clock.clone());
    let poster = Arc::get_mut(&mut world.poster).unwrap();
    let tenants = poster.tenants.clone();
    poster.tenants = Arc::new(Watches { tenants, queue, clock, seen: Arc::clone(&seen) });
    let stay = world.post(&[order(1, 1), order(2, 1), order(3, 1), order(4, 1)]).await;
    assert!(stay.is_empty(), "one after another, each has its turn");
    assert_eq!(world.orders_in_m3(), (4, 0));
    // The fourth order, which nobody vanished over, is taken with the batch; then come the others.
    let alone = seen.lock().unwrap().split_off(1);
    assert_eq!(
        alone,
        [vec![60, 60, 60], vec![60, 60], vec![60]],
        "the fourth order is gone before the first"
    );
}

/// A message that ends the process each time must not do so for ever.
#[tokio::test]
async fn what_ends_the_process_again_and_again_goes_to_an_operator_with_its_reason() {
    let world = world().await;
    for _ in 0..5 {
        world.vanish_over(&order(1, 1)).await;
        world.clock.advance(400);
    }
    assert!(world.post(&[order(1, 1)]).await.is_empty());
    assert_eq!(world.reasons(), ["exhausted"]);
    let record = world.record(1).await;
    let State::Rejected { findings } = &record.state else { panic!("{:?}", record.state) };
    assert_eq!(findings[0].code, FindingCode::Exhausted);
    assert_eq!(record.trail.last().unwrap().detail, "after 5 attempts");
    assert!(world.post(&[order(1, 1)]).await.is_empty(), "redriven, it is tried again");
    assert_eq!(world.orders_in_m3(), (1, 0));
}

/// SQS counts each receive, and gives a message up after twenty: waiting must not lead there.
#[tokio::test]
async fn a_message_that_only_waits_is_put_on_the_queue_anew() {
    let world = world().await;
    world.fault(Fault::once(Effect::Status { status: 429, retry_after: Some(600) }).times(1_000));
    world.send(&order(1, 1)).await;
    let mut most = 0;
    for _ in 0..60 {
        world.post_queue().await;
        most = most.max(world.events.messages().iter().map(|m| m.receive_count).max().unwrap_or(0));
        world.clock.advance(1_000);
    }
    assert_eq!(most, 9, "the tenth receive is the last one of a message");
    world.clear_faults();
    assert!(world.post_queue().await.is_empty());
    assert_eq!((world.events.messages().len(), world.record(1).await.state), (0, State::Posted));
}
