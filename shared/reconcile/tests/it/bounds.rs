//! Runs that end early: at their bound, by a failure, by another run.

use std::time::Duration;

use platform::Clock as _;
use reconcile::{End, Limits, Stop, backfill, reconcile};
use shopify_admin::AdminError;
use simulated_shopify::{Effect, Fault};
use tokio::time::Instant;

use crate::world::{OVERLAP, World, limits, minutes_pass, world};

fn with_orders(count: u64) -> World {
    let world = world();
    for id in 1..=count {
        world.place(id, 55 - i64::try_from(id).unwrap());
    }
    world
}

#[tokio::test(start_paused = true)]
async fn a_run_stops_at_its_bound_and_the_next_goes_on_from_there() {
    let world = with_orders(10);
    let mut sent = Vec::new();
    for (most, listed, end) in [(4, 4, End::More), (4, 4, End::More), (4, 2, End::Complete)] {
        let report = reconcile(&world.shop(), OVERLAP, limits(most, 3)).await;
        assert_eq!((report.counts.listed, &report.end), (listed, &end));
        sent.extend(world.work_off().await);
        assert_eq!(report.total.sent, sent.len() as u64);
    }
    assert_eq!(sent, (1..=10).collect::<Vec<_>>());
}

/// Whichever page fails, nothing before it is sent again and nothing behind it is lost.
#[tokio::test(start_paused = true)]
async fn a_run_that_fails_at_any_page_goes_on_from_that_page() {
    for page in 0..5 {
        let world = with_orders(10);
        world.fault(
            Fault::once(Effect::Status { status: 503, retry_after: None })
                .times(4)
                .after(page)
                .only("OrdersUpdated"),
        );
        let window = world.window(60);
        let first = backfill(&world.shop(), window, limits(100, 2), |_| {}).await;
        let End::Stopped(stop) = &first.end else { panic!("{page}: {first:?}") };
        assert!(matches!(stop, Stop::Shopify(AdminError::Unreachable(_))) && stop.is_passing());
        let mut sent = world.work_off().await;
        assert_eq!(sent.len(), 2 * page as usize);
        let second = backfill(&world.shop(), window, limits(100, 2), |_| {}).await;
        assert_eq!((second.end, second.total.sent), (End::Complete, 10), "{page}");
        sent.extend(world.work_off().await);
        assert_eq!(sent, (1..=10).collect::<Vec<_>>(), "{page}");
    }
}

/// The process ends between two awaits, wherever: what was sent and not kept is sent again, and nothing is left out.
#[tokio::test(start_paused = true)]
async fn a_run_that_is_cut_off_anywhere_leaves_nothing_out() {
    for moment in (50..2_000).step_by(150) {
        let world = with_orders(10);
        let window = world.window(60);
        let shop = world.shop();
        let run = backfill(&shop, window, limits(100, 2), |_| {});
        let _ = tokio::time::timeout(Duration::from_millis(moment), run).await;
        let mut sent = world.work_off().await;
        let report = backfill(&world.shop(), window, limits(100, 2), |_| {}).await;
        assert_eq!(report.end, End::Complete);
        sent.extend(world.work_off().await);
        sent.dedup();
        assert_eq!(sent, (1..=10).collect::<Vec<_>>(), "cut off after {moment} ms");
    }
}

#[tokio::test(start_paused = true)]
async fn no_page_is_begun_that_could_not_be_finished() {
    let world = with_orders(10);
    let deadline = Instant::now() + Duration::from_secs(19);
    let report = reconcile(&world.shop(), OVERLAP, Limits { deadline, ..limits(100, 10) }).await;
    assert_eq!((report.end, report.counts.listed), (End::More, 0));
}

#[tokio::test(start_paused = true)]
async fn of_two_runs_at_once_one_leaves_the_rest_to_the_other() {
    let world = with_orders(10);
    let shop = world.shop();
    let (first, second) =
        tokio::join!(reconcile(&shop, OVERLAP, limits(100, 2)), reconcile(&shop, OVERLAP, limits(100, 2)));
    let mut ends = [first.end, second.end];
    ends.sort_by_key(|end| *end == End::Complete);
    assert_eq!(ends, [End::Overtaken, End::Complete]);
    let mut sent = world.work_off().await;
    sent.sort_unstable();
    sent.dedup();
    assert_eq!(sent, (1..=10).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn a_throttled_shop_is_waited_for() {
    let world = with_orders(30);
    {
        let mut shopify = world.shopify.0.lock().unwrap();
        shopify.settings.bucket_points = 1_000;
        shopify.settings.restore_rate = 50;
    }
    world.fault(Fault::once(Effect::Graphql { code: "THROTTLED".into() }).times(3));
    let begun = Instant::now();
    let report = world.reconcile().await;
    assert_eq!((report.counts.sent, report.end), (30, End::Complete));
    assert!(begun.elapsed() > Duration::from_secs(3), "{:?}", begun.elapsed());
}

/// An order that cannot be fetched is told, and stops no other.
#[tokio::test(start_paused = true)]
async fn one_bad_order_stops_no_other() {
    let world = with_orders(12);
    let too_costly = Effect::Graphql { code: "MAX_COST_EXCEEDED".into() };
    world.fault(Fault::once(too_costly).times(1_000).only("gid://shopify/Order/5\""));
    let report = world.reconcile().await;
    assert_eq!((report.counts.missing, report.counts.sent, report.counts.failed), (12, 11, 1));
    assert_eq!((report.findings[0].field.as_str(), report.end), ("orders/5", End::Complete));
    assert!(!world.work_off().await.contains(&5));
}

#[tokio::test(start_paused = true)]
async fn an_order_that_is_gone_when_it_is_fetched_is_counted() {
    let world = with_orders(3);
    world.shopify.0.lock().unwrap().settings.latency_milliseconds = 0;
    let shop = world.shop();
    let run = reconcile(&shop, OVERLAP, limits(100, 10));
    let delete = async {
        // Between the list and the fetch.
        tokio::time::sleep(Duration::from_millis(150)).await;
        world.shopify.0.lock().unwrap().delete_order(2, world.clock.now()).unwrap();
    };
    let (report, ()) = tokio::join!(run, delete);
    assert_eq!((report.counts.sent, report.counts.gone, report.end), (2, 1, End::Complete));
}

#[tokio::test(start_paused = true)]
async fn refused_credentials_end_the_run_and_are_no_passing_fault() {
    let world = with_orders(3);
    world.shopify.0.lock().unwrap().uninstall(world.clock.now());
    let report = world.reconcile().await;
    let End::Stopped(stop) = report.end else { panic!("{:?}", report.end) };
    assert!(matches!(stop, Stop::Shopify(AdminError::Credentials(_))) && !stop.is_passing(), "{stop}");
    assert!(world.events.messages().is_empty());
}

#[tokio::test(start_paused = true)]
async fn with_the_queue_down_the_page_is_done_again() {
    let world = with_orders(3);
    world.events.set_down(true);
    assert!(matches!(world.reconcile().await.end, End::Stopped(Stop::Queue(_))));
    world.events.set_down(false);
    minutes_pass(5).await;
    assert_eq!((world.reconcile().await.counts.sent, world.work_off().await.len()), (3, 3));
}

/// A place in the list that Shopify takes no more must not hold everything up for good.
#[tokio::test(start_paused = true)]
async fn a_cursor_that_is_refused_begins_the_window_anew() {
    let world = with_orders(4);
    let window = world.window(60);
    backfill(&world.shop(), window, limits(2, 2), |_| {}).await;
    world.work_off().await;
    world.fault(Fault::once(Effect::Graphql { code: "BAD_REQUEST".into() }).only("OrdersUpdated"));
    let report = backfill(&world.shop(), window, limits(100, 2), |_| {}).await;
    assert_eq!((report.end, report.total.listed, report.total.known), (End::Complete, 4, 2));
    assert_eq!(world.work_off().await, [3, 4]);
}
