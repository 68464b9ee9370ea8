use domain::Event;
use tokio::time::Instant;

use super::*;
use crate::{
    test_record::held,
    test_world::{World, rate, world},
};

fn all() -> Replaying {
    Replaying { per_second: rate(5), dry_run: false, by: "jo".into() }
}

fn key(order: u64) -> RecordKey {
    format!("demo/shopify/order/{order}").parse().unwrap()
}

async fn run(world: &World, orders: &[u64], wish: &Replaying) -> (Replayed, Vec<String>) {
    let keys: Vec<_> = orders.iter().copied().map(key).collect();
    let mut told = Vec::new();
    let tell = |key: &RecordKey, result: &Result<Record, ReplayError>| {
        told.push(match result {
            Ok(record) => format!("{key} {}", record.state.word()),
            Err(error) => error.to_string(),
        });
    };
    (replay_all(&world.queues, &world.ledger, &*world.clock, &keys, wish, tell).await, told)
}

#[tokio::test(start_paused = true)]
async fn each_record_is_replayed_once_at_the_rate_and_says_by_whom() {
    let world = world();
    for order in 1..=11 {
        world.rejected(order).await;
    }
    let started = Instant::now();
    let (done, told) = run(&world, &(1..=11).collect::<Vec<_>>(), &all()).await;
    assert_eq!((done.replayed, done.failed, done.not_tried), (11, 0, 0));
    assert_eq!(started.elapsed().as_millis() / 100, 20, "ten pauses of 200 ms");
    assert_eq!((told[0].as_str(), world.sent().len()), ("demo/shopify/order/1 rejected", 11));
    assert_eq!(world.entries(11, Event::Replayed).await, ["by jo"]);
}

/// One that is held, or unknown, does not stop the others.
#[tokio::test(start_paused = true)]
async fn a_held_record_is_refused_and_the_others_go_on() {
    let world = world();
    let stored = held(&world.ledger, 1, "#1").await.record;
    let mut record = stored.noted(world.clock.now(), Event::Stale, "");
    record.lease.as_mut().unwrap().until = jiff::Timestamp::MAX;
    world.ledger.write(record).await.unwrap();
    world.rejected(3).await;
    let (done, told) = run(&world, &[1, 2, 3], &all()).await;
    assert_eq!((done.replayed, done.failed, done.not_tried), (1, 2, 0));
    assert!(told[0].contains("demo/shopify/order/1 is being worked on until"), "{told:?}");
    assert!(told[1].contains("there is no record demo/shopify/order/2"), "{told:?}");
    assert_eq!(world.sent(), ["delivery-3"]);
    assert!(world.entries(1, Event::Replayed).await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_dry_run_changes_nothing() {
    let world = world();
    let record = world.rejected(1).await;
    let (done, told) = run(&world, &[1, 2], &Replaying { dry_run: true, ..all() }).await;
    assert_eq!((done.replayed, done.failed), (1, 1));
    assert_eq!(told[0], "demo/shopify/order/1 rejected");
    assert!(world.sent().is_empty());
    assert_eq!(world.ledger.record(&key(1)).await.unwrap(), Some(record));
}

#[tokio::test(start_paused = true)]
async fn with_the_queue_down_it_stops_and_says_how_many_were_not_tried() {
    let world = world();
    for order in 1..=9 {
        world.rejected(order).await;
    }
    world.events.set_down(true);
    let (done, _) = run(&world, &(1..=9).collect::<Vec<_>>(), &all()).await;
    assert_eq!(done, Replayed { replayed: 0, failed: OUTAGES, not_tried: 4 });
}
