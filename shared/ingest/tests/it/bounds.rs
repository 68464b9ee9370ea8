//! Runs that end before everything is read.

use std::{collections::BTreeSet, time::Duration};

use domain::Kind;
use ingest::{End, Limits, Wanted, ingest};
use tokio::time::{Instant, timeout};

use crate::world::{Taken, World, limits, minutes_pass, names, wanted, world};

/// A day's goods: orders of one and two parcels, receiving orders, returns, fees, three to a page.
fn full() -> World {
    let world = world();
    for id in 1..=8 {
        world.order(id, 5, &[id * 10, id * 10 + 1][..=usize::from(id % 2 == 0)]);
    }
    world.ship(3, 30);
    for id in 101..=107 {
        world.receipt(id, if id % 2 == 0 { "Processing" } else { "Completed" }, 4);
    }
    for id in 201..=204 {
        world.returned(id, 7);
    }
    for id in ["01A", "01B", "01C", "01D", "01E"] {
        world.fee(id);
    }
    {
        let mut shelf = world.shelf();
        (shelf.page_size, shelf.is_untidy) = (3, true);
    }
    world
}

/// Everything that is there is among what was sent.
fn is_whole(taken: &[Taken]) {
    let ids: BTreeSet<_> = names(taken).into_iter().collect();
    assert_eq!(ids.len(), 8 + 12 + 7 + 4 + 5, "{ids:?}");
}

#[tokio::test(start_paused = true)]
async fn everything_is_read_and_each_is_sent_once() {
    let world = full();
    let taken = world.run_whole().await;
    is_whole(&taken);
    assert_eq!(taken.len(), 36);
}

/// The process ends at any request, with what was under way; nobody takes in what was sent meanwhile.
#[tokio::test(start_paused = true)]
async fn after_a_crash_at_any_request_the_next_run_goes_on_and_nothing_is_lost() {
    let requests = {
        let world = full();
        world.run_whole().await;
        world.shelf().asked.len()
    };
    assert!(requests > 15, "{requests}");
    for crash_at in 0..requests {
        let world = full();
        world.shelf().answers_left = Some(crash_at);
        assert!(timeout(Duration::from_secs(60), world.run()).await.is_err(), "it ends in the middle");
        world.shelf().answers_left = None;
        let first = world.events.messages().len();
        let report = world.run().await;
        assert_eq!(report.end, End::Complete);
        let taken = world.work_off().await;
        is_whole(&taken);
        assert!(taken.len() - 36 <= 1, "crash at {crash_at}: {} of {first} came again", taken.len() - 36);
    }
}

#[tokio::test(start_paused = true)]
async fn a_run_is_bounded_and_the_next_ones_go_on() {
    let world = full();
    let mut taken = Vec::new();
    let mut runs = 0;
    loop {
        let report = ingest(&world.warehouse(), &wanted(), limits(4), false).await;
        runs += 1;
        assert!(report.counts.listed() < 4 + 4, "at most one page more: {:?}", report.counts);
        taken.extend(world.work_off().await);
        if report.end == End::Complete {
            break;
        }
        assert_eq!(report.end, End::More);
        assert!(runs < 50, "the runs must come to an end");
    }
    is_whole(&taken);
    assert_eq!(taken.len(), 36);
    assert!(runs > 5);
}

/// Orders alone would fill each run: the other lists have their turn all the same.
#[tokio::test(start_paused = true)]
async fn a_list_that_fills_each_run_keeps_no_other_from_being_read() {
    let world = full();
    let mut taken = Vec::new();
    for minute in 0..20 {
        for id in 0..8 {
            world.order(1_000 + minute * 10 + id, 0, &[]);
        }
        ingest(&world.warehouse(), &wanted(), limits(8), false).await;
        taken.extend(world.work_off().await);
        minutes_pass(1).await;
    }
    let ids = names(&taken).join(" ");
    for id in ["wro.fetched 104", "return.polled 204", "transaction.polled 01E"] {
        assert!(ids.contains(id), "{id} is not in {ids}");
    }
}

#[tokio::test(start_paused = true)]
async fn no_page_is_begun_when_the_time_is_nearly_over() {
    let world = full();
    let nearly = Limits { most_objects: 1_000, deadline: Instant::now() + Duration::from_secs(29) };
    let report = ingest(&world.warehouse(), &wanted(), nearly, false).await;
    assert_eq!((report.end, world.shelf().asked.len()), (End::More, 0));
}

#[tokio::test(start_paused = true)]
async fn receiving_orders_that_take_longer_than_a_run_are_done_in_several() {
    let world = world();
    for id in 100..400 {
        world.receipt(id, "Processing", 4);
    }
    let receipts = Wanted { kinds: vec![Kind::Receipt], ..wanted() };
    let mut runs = 0;
    let mut taken = Vec::new();
    loop {
        let limits = Limits { most_objects: 10_000, deadline: Instant::now() + Duration::from_secs(45) };
        let end = ingest(&world.warehouse(), &receipts, limits, false).await.end;
        runs += 1;
        taken.extend(world.work_off().await);
        if end == End::Complete {
            break;
        }
        assert!(end == End::More && runs < 9, "{end:?}");
    }
    assert_eq!((taken.len(), runs > 1), (300, true), "{runs} runs");
}

#[tokio::test(start_paused = true)]
async fn of_two_runs_at_once_one_leaves_the_rest_to_the_other() {
    let world = full();
    let (one, other) = tokio::join!(world.run(), world.run());
    let ends = [one.end, other.end];
    assert!(ends.contains(&End::Complete) && ends.contains(&End::Overtaken), "{ends:?}");
    is_whole(&world.work_off().await);
}

#[tokio::test(start_paused = true)]
async fn a_dry_run_counts_and_neither_sends_nor_keeps_anything() {
    let world = full();
    for _ in 0..2 {
        let report = ingest(&world.warehouse(), &wanted(), limits(10_000), true).await;
        assert_eq!((report.end, report.counts.sent(), report.lists.len()), (End::Complete, 36, 8));
        assert!(world.events.messages().is_empty());
    }
    assert_eq!(world.run_whole().await.len(), 36);
}
