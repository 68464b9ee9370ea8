use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use platform::{KeptMessage, Mailbox, MemoryMailbox};
use tokio::time::{Instant, timeout};

use super::*;
use crate::{
    render_progress, render_redriven,
    test_record::held,
    test_world::{World, message, rate, world},
};

fn all() -> Redrive {
    let selection = Selection::default();
    Redrive { selection, per_second: rate(100), limit: None, dry_run: false, by: "jo".into() }
}

async fn run(world: &World, wish: &Redrive) -> Redriven {
    redrive(&world.queues, &world.ledger, &*world.clock, wish, |_| ()).await
}

fn counts(of: &[(&str, usize)]) -> BTreeMap<String, usize> {
    of.iter().map(|(word, count)| ((*word).to_owned(), *count)).collect()
}

#[tokio::test(start_paused = true)]
async fn a_message_goes_back_as_it_is_with_its_tenant_as_group_and_no_receives() {
    let world = world();
    world.rejected(1).await;
    world.bury("demo", 1, "rejected: unknown_item").await;
    world.give_up(message("acme", 2)).await;
    let done = run(&world, &all()).await;
    assert_eq!(done.moved, counts(&[("moved by SQS", 1), ("rejected: unknown_item", 1)]));
    assert!(done.is_whole() && world.dead.messages().is_empty());
    let moved = world.events.messages();
    let seen: Vec<_> = moved.iter().map(|one| (one.body.clone(), one.group.as_deref())).collect();
    assert_eq!(seen, [(message("demo", 1), Some("demo")), (message("acme", 2), Some("acme"))]);
    assert!(moved.iter().all(|one| one.receive_count == 0 && one.attributes.is_empty()));
    assert_eq!(world.entries(1, Event::Redriven).await, ["by jo"]);
}

#[tokio::test(start_paused = true)]
async fn what_is_not_meant_is_left_and_visible_again() {
    let world = world();
    for order in 0..25 {
        let reason = if order % 5 == 0 { "in doubt: lines" } else { "rejected: unknown_item" };
        world.bury(if order < 20 { "demo" } else { "acme" }, order, reason).await;
    }
    let tenant = Some("demo".parse().unwrap());
    let selection = Selection { tenant, reason: Some("in doubt".into()), record: None };
    let done = run(&world, &Redrive { selection, ..all() }).await;
    assert_eq!(done.moved, counts(&[("in doubt: lines", 4)]));
    assert_eq!(done.left, counts(&[("in doubt: lines", 1), ("rejected: unknown_item", 20)]));
    assert_eq!(world.sent(), ["delivery-0", "delivery-5", "delivery-10", "delivery-15"]);
    assert_eq!(world.dead.messages().len(), 21);
    assert!(world.all_visible());
}

#[tokio::test(start_paused = true)]
async fn no_more_go_than_the_rate_allows() {
    let world = world();
    for order in 0..30 {
        world.bury("demo", order, "in doubt: head").await;
    }
    let started = Instant::now();
    run(&world, &Redrive { per_second: rate(5), ..all() }).await;
    assert_eq!(started.elapsed().as_millis() / 100, 58, "29 pauses of 200 ms");
    let times: Vec<_> = world.events.messages().iter().map(|one| one.sent_at).collect();
    let pauses = times.windows(2).map(|two| two[1].duration_since(two[0]).as_millis());
    assert!(pauses.clone().all(|pause| pause >= 200), "{:?}", pauses.collect::<Vec<_>>());
}

/// Never deletes: the operator pressed Ctrl-C between send and delete.
struct Interrupted(Arc<MemoryMailbox>);

#[async_trait]
impl Mailbox for Interrupted {
    async fn send(&self, message: Outgoing) -> Result<(), QueueError> {
        self.0.send(message).await
    }

    async fn receive(&self, most: u8, visibility_seconds: u32) -> Result<Vec<Received>, QueueError> {
        self.0.receive(most, visibility_seconds).await
    }

    async fn hide(&self, receipt: &str, seconds: u32) -> Result<(), QueueError> {
        self.0.hide(receipt, seconds).await
    }

    async fn delete(&self, _: &str) -> Result<(), QueueError> {
        std::future::pending().await
    }

    async fn approximate_depth(&self) -> Result<u64, QueueError> {
        self.0.approximate_depth().await
    }
}

#[tokio::test(start_paused = true)]
async fn after_an_interruption_between_send_and_delete_it_is_simply_started_again() {
    let world = world();
    for order in 1..=3 {
        world.bury("demo", order, "in doubt: head").await;
    }
    let queues = Queues { dead_letters: Arc::new(Interrupted(world.dead.clone())), ..world.queues.clone() };
    let wish = all();
    let first = redrive(&queues, &world.ledger, &*world.clock, &wish, |_| ());
    assert!(timeout(Duration::from_secs(1), first).await.is_err());
    assert_eq!(world.sent(), ["delivery-1"]);
    assert!(run(&world, &wish).await.moved.is_empty(), "what was looked at is hidden still");
    tokio::time::advance(Duration::from_secs(u64::from(HIDDEN))).await;
    assert!(run(&world, &wish).await.is_whole());
    assert_eq!(world.sent(), ["delivery-1", "delivery-1", "delivery-2", "delivery-3"]);
    assert!(world.dead.messages().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_second_redrive_finds_nothing_more_to_do() {
    let world = world();
    world.rejected(1).await;
    world.bury("demo", 1, "rejected: unknown_item").await;
    run(&world, &all()).await;
    assert_eq!(run(&world, &all()).await, Redriven::default());
    assert_eq!((world.sent().len(), world.entries(1, Event::Redriven).await.len()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_dry_run_changes_nothing_and_says_the_same() {
    let world = world();
    let record = world.rejected(1).await;
    world.bury("demo", 1, "rejected: unknown_item").await;
    world.bury("demo", 2, "in doubt: lines").await;
    let wish = Redrive { dry_run: true, ..all() };
    let tried = run(&world, &wish).await;
    assert!(render_redriven(&tried, &wish).starts_with("2 would be moved\n"));
    assert_eq!((world.sent().len(), world.dead.messages().len()), (0, 2));
    assert!(world.all_visible());
    assert_eq!(world.ledger.record(&record.key).await.unwrap(), Some(record));
    assert_eq!(run(&world, &all()).await, tried);
}

#[tokio::test(start_paused = true)]
async fn no_more_than_the_limit_are_moved() {
    let world = world();
    for order in 0..15 {
        world.bury("demo", order, "in doubt: head").await;
    }
    let done = run(&world, &Redrive { limit: Some(12), ..all() }).await;
    assert_eq!((done.moved, world.dead.messages().len()), (counts(&[("in doubt: head", 12)]), 3));
    assert!(world.all_visible());
}

/// A held record is not told: its holder writes it next.
#[tokio::test(start_paused = true)]
async fn the_message_of_a_record_that_is_held_moves_without_an_entry() {
    let world = world();
    held(&world.ledger, 1, "#1").await;
    let key = "demo/shopify/order/1".parse().unwrap();
    let mut record =
        world.ledger.record(&key).await.unwrap().unwrap().noted(world.clock.now(), Event::Stale, "");
    record.lease.as_mut().unwrap().until = Timestamp::MAX;
    world.ledger.write(record).await.unwrap();
    world.bury("demo", 1, "in doubt: lines").await;
    assert!(run(&world, &all()).await.is_whole());
    assert_eq!((world.sent().len(), world.entries(1, Event::Redriven).await.len()), (1, 0));
}

/// Puts what is sent straight back on the dead-letter queue, as a poster would that rejects it at once.
struct Rejecting(Arc<MemoryMailbox>, Arc<MemoryMailbox>);

#[async_trait]
impl Mailbox for Rejecting {
    async fn send(&self, message: Outgoing) -> Result<(), QueueError> {
        self.0.send(message.clone()).await?;
        self.1
            .send(Outgoing { attributes: [("reason".into(), "rejected: again".into())].into(), ..message })
            .await
    }

    async fn receive(&self, _: u8, _: u32) -> Result<Vec<Received>, QueueError> {
        Ok(Vec::new())
    }

    async fn hide(&self, _: &str, _: u32) -> Result<(), QueueError> {
        Ok(())
    }

    async fn delete(&self, _: &str) -> Result<(), QueueError> {
        Ok(())
    }

    async fn approximate_depth(&self) -> Result<u64, QueueError> {
        Ok(0)
    }
}

#[tokio::test(start_paused = true)]
async fn what_comes_straight_back_is_not_moved_in_a_circle() {
    let world = world();
    for order in 0..25 {
        world.bury("demo", order, "rejected: unknown_item").await;
    }
    let events = Arc::new(Rejecting(world.events.clone(), world.dead.clone()));
    let queues = Queues { events, ..world.queues.clone() };
    // With a clock that goes ahead of SQS's, only the messages themselves tell that they came back.
    let (ahead, wish) = (platform::HandClock::at(Timestamp::MAX), all());
    let run = redrive(&queues, &world.ledger, &ahead, &wish, |_| ());
    let done = timeout(Duration::from_secs(60), run).await.unwrap();
    assert_eq!(done.moved, counts(&[("rejected: unknown_item", 25)]));
    assert_eq!(done.left, counts(&[("the same was moved in this run", 25)]));
    assert_eq!((world.sent().len(), world.dead.messages().len()), (25, 25));
    assert!(world.all_visible());
}

#[tokio::test(start_paused = true)]
async fn what_came_after_the_start_is_left() {
    let world = world();
    tokio::time::advance(Duration::from_secs(10)).await;
    world.bury("demo", 1, "in doubt: head").await;
    let started = platform::HandClock::at(crate::test_record::at(105));
    let done = redrive(&world.queues, &world.ledger, &started, &all(), |_| ()).await;
    assert_eq!((done.moved, done.left), (counts(&[]), counts(&[("came after the start", 1)])));
}

#[tokio::test(start_paused = true)]
async fn with_the_queue_down_it_stops_and_leaves_everything() {
    let world = world();
    for order in 0..25 {
        world.bury("demo", order, "in doubt: head").await;
    }
    world.events.set_down(true);
    let wish = all();
    let done = run(&world, &wish).await;
    assert_eq!(done.failed, counts(&[("SQS did not take the message: it is down", FAILURES)]));
    assert!(!done.is_whole() && done.moved.is_empty());
    assert!(render_redriven(&done, &wish).contains("stopped before the end"));
    assert_eq!(world.dead.messages().len(), 25);
    assert!(world.all_visible());
}

#[tokio::test(start_paused = true)]
async fn with_the_dead_letter_queue_down_it_says_so() {
    let world = world();
    world.dead.set_down(true);
    let done = run(&world, &all()).await;
    assert_eq!(done.stopped.as_deref(), Some("SQS did not give messages: it is down"));
}

/// SQS brings what is left again before the end, and in any order: nothing is missed and it ends.
#[tokio::test(start_paused = true)]
async fn what_is_seen_again_is_known_again() {
    let clock = Arc::new(crate::test_world::TokioClock::new());
    let restless = |visible: &[&KeptMessage], most: usize| {
        let pick = |place| platform::Pick { place, twice: true };
        let mut places: Vec<_> = (0..visible.len()).collect();
        places.sort_by_key(|place| visible[*place].receive_count);
        places.into_iter().take(most).map(pick).collect()
    };
    let dead = Arc::new(MemoryMailbox::new("dead", clock).picking(Arc::new(restless)));
    let twins = world();
    let queues = Queues { events: twins.events.clone(), dead_letters: dead.clone() };
    let world = World { dead, queues, ..twins };
    for order in 0..60 {
        world.bury("demo", order, if order % 2 == 0 { "in doubt: head" } else { "rejected: x" }).await;
    }
    let selection = Selection { reason: Some("rejected".into()), ..Selection::default() };
    let done = run(&world, &Redrive { selection, ..all() }).await;
    assert_eq!(done.moved, counts(&[("rejected: x", 30)]));
    assert_eq!(done.left, counts(&[("in doubt: head", 30)]));
    assert_eq!((world.sent().len(), world.dead.messages().len()), (30, 30));
}

#[tokio::test(start_paused = true)]
async fn every_hundred_messages_there_is_news() {
    let world = world();
    for order in 0..230 {
        world.bury("demo", order, if order % 2 == 0 { "in doubt: head" } else { "rejected: x" }).await;
    }
    let mut news = Vec::new();
    let selection = Selection { reason: Some("rejected".into()), ..Selection::default() };
    let wish = Redrive { selection, ..all() };
    let tell = |done: &Redriven| news.push(render_progress(done));
    redrive(&world.queues, &world.ledger, &*world.clock, &wish, tell).await;
    assert_eq!(
        news,
        ["100 looked at: 50 moved, 50 left, 0 failed", "200 looked at: 100 moved, 100 left, 0 failed"]
    );
}
