//! What is found and sent, and what is not.

use platform::Clock as _;
use reconcile::{Counts, End, backfill, dry_run, reaches_beyond_visible};

use crate::world::{limits, minutes_pass, world};

#[tokio::test(start_paused = true)]
async fn lost_deliveries_are_found_and_sent_once() {
    let world = world();
    for (id, minutes_ago) in [(1, 50), (2, 40), (3, 30), (4, 20), (5, 15)] {
        world.place(id, minutes_ago);
    }
    // Of the first the ledger has all, of the third something older, of the last something newer.
    world.take_in(1, world.ago(50), "d-1").await;
    world.take_in(3, world.ago(45), "d-3").await;
    world.take_in(5, world.ago(1), "d-5").await;

    let report = world.reconcile().await;
    let expected = Counts { listed: 5, known: 2, missing: 2, outdated: 1, sent: 3, ..Counts::default() };
    assert_eq!((report.counts, report.total, report.end), (expected, expected, End::Complete));
    let named: Vec<_> =
        report.examples.iter().map(|found| (found.id, found.name.as_str(), found.outdated)).collect();
    assert_eq!(named, [(2, "#2", false), (3, "#3", true), (4, "#4", false)]);
    assert_eq!(world.work_off().await, [2, 3, 4]);

    minutes_pass(15).await;
    let second = world.reconcile().await;
    assert_eq!((second.counts.listed, second.counts.known, second.counts.sent), (5, 5, 0));
    assert!(world.events.messages().is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_same_state_of_an_order_is_sent_under_the_same_delivery_id() {
    let world = world();
    world.place(7, 30);
    let ids = || {
        let messages = world.events.messages();
        let ids = messages.iter().map(|message| platform::Envelope::from_message(&message.body).unwrap());
        ids.map(|envelope| envelope.delivery_id).collect::<Vec<_>>()
    };
    world.reconcile().await;
    let first = ids();
    assert_eq!(first, [format!("reconcile-7-{}", world.ago(30).as_second())]);
    // Nobody took it in yet: it is sent again, and its guards know it by its body and its id.
    world.reconcile().await;
    assert_eq!(ids(), [first.clone(), first].concat());
    let entered = world.take_in(7, world.ago(30), "reconcile-7").await;
    assert!(entered && !world.take_in(7, world.ago(30), "reconcile-7").await);
}

#[tokio::test(start_paused = true)]
async fn an_order_that_may_still_be_on_its_way_does_not_count() {
    let world = world();
    world.place(1, 9);
    assert_eq!(world.reconcile().await.counts, Counts::default());
    minutes_pass(15).await;
    assert_eq!(world.reconcile().await.counts.sent, 1);
}

#[tokio::test(start_paused = true)]
async fn what_changed_while_nobody_ran_is_found_later() {
    let world = world();
    world.reconcile().await;
    minutes_pass(30).await;
    world.place(1, 0);
    minutes_pass(24 * 60).await;
    assert_eq!(world.reconcile().await.counts.sent, 1);
}

#[tokio::test(start_paused = true)]
async fn a_dry_run_counts_and_changes_nothing() {
    let world = world();
    for id in 1..=30 {
        world.place(id, 30);
    }
    let window = world.window(60);
    let mut shown = 0;
    let report = dry_run(&world.shop(), window, limits(1_000, 10), |_| shown += 1).await;
    assert_eq!((report.counts.missing, report.counts.sent, report.end), (30, 0, End::Complete));
    assert_eq!((report.examples.len(), shown), (20, 3));
    assert!(world.events.messages().is_empty() && world.ledger.records().is_empty());
    // It kept no place: the next run sees all of them.
    let report = backfill(&world.shop(), window, limits(1_000, 10), |_| {}).await;
    assert_eq!(report.counts.sent, 30);
}

#[tokio::test(start_paused = true)]
async fn a_backfill_of_old_orders_needs_the_scope_to_see_them() {
    let world = world();
    let days = |days: i64| days * 24 * 60;
    world.place(1, days(70));
    world.place(2, days(50));
    let window = world.window(days(90));
    assert!(
        reaches_beyond_visible(window, world.ago(0))
            && !reaches_beyond_visible(world.window(60), world.ago(0))
    );
    // Shopify does not say that it leaves the older one out.
    let report = backfill(&world.shop(), window, limits(1_000, 100), |_| {}).await;
    assert_eq!((report.counts.listed, report.counts.sent), (1, 1));
    world.work_off().await;
    // The same window again: the first was compared to its end, so this one begins anew.
    let report = backfill(&world.shop(), window, limits(1_000, 100), |_| {}).await;
    assert_eq!((report.counts.known, report.total.listed), (1, 1));
}

/// What it takes of Shopify's API: the list, and three missing orders a request.
#[tokio::test(start_paused = true)]
async fn ten_missing_orders_take_five_requests() {
    let world = world();
    for id in 1..=10 {
        world.place(id, 30);
    }
    let report = world.reconcile().await;
    assert_eq!(report.counts.sent, 10);
    let state = world.shopify.0.lock().unwrap().state(world.clock.now());
    let counters = &state["counters"];
    println!(
        "ten missing orders of two lines: {} requests, {} points",
        counters["admin_requests"], counters["points"]
    );
    assert_eq!(counters["admin_requests"], 5);
    assert!(counters["points"].as_u64().unwrap() < 1_500, "{counters}");
}
