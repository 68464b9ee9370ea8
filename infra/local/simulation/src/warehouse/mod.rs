//! ShipBob's part of the simulation: what happens in its warehouses becomes stock and vouchers in M3, whatever goes
//! wrong on the way.

mod oracle;
mod setting;
mod source;
mod stories;

use std::{sync::Arc, time::Duration};

use crate::{
    Surroundings, World,
    lambda::feed_poster,
    run::{Report, in_virtual_time, quiet, report, surroundings},
    time::Time,
    weather::Weather,
};
use poller::Job;

pub use stories::Size;
use stories::Story;

/// How often the poller reads ShipBob's lists, in seconds (the template's).
const INGEST: u64 = 900;

/// A day of this size without faults: in the end stock and ledger in M3 equal ShipBob's own figures.
pub fn warehouse_day(size: Size) -> Report {
    in_virtual_time(0, async move {
        let time = Time::starting();
        let around = surroundings(0, time, Weather::fair(time), false, true);
        simulate(0, &around, stories::day(size), |_| ()).await
    })
}

/// The same, and in the end somebody counts one unit more in M3: the books must differ.
pub fn warehouse_day_with_a_fault(size: Size) -> Report {
    in_virtual_time(0, async move {
        let time = Time::starting();
        let around = surroundings(0, time, Weather::fair(time), false, true);
        simulate(0, &around, stories::day(size), setting::count_one_more).await
    })
}

/// A few happenings of a seed, and its faults. The same seed gives the same report, log included.
pub fn warehouse(seed: u64, wants_log: bool) -> Report {
    in_virtual_time(seed, async move {
        let time = Time::starting();
        let around = surroundings(seed, time, Weather::drawn(seed, time), wants_log, false);
        simulate(seed, &around, stories::drawn(seed), |_| ()).await
    })
}

async fn simulate(seed: u64, around: &Arc<Surroundings>, stories: Vec<Story>, at_last: fn(&World)) -> Report {
    let receipts = stories.iter().filter(|story| matches!(story, Story::Receipt { .. })).count();
    let world =
        Arc::new(World::of(seed, around, std::collections::BTreeSet::new(), setting::master(receipts)).await);
    setting::ship_with_shipbob(&world).await;
    let before = oracle::Before::of(&world);
    around.log.say("simulation", || format!("seed {seed}: {}", around.weather.kinds()));
    for number in 1..=2 {
        tokio::spawn(feed_poster(world.clone(), number));
    }
    tokio::spawn(crate::lambda::schedule_poller(world.clone(), Job::Confirm, 60));
    tokio::spawn(crate::lambda::schedule_poller(world.clone(), Job::Settle, 300));
    tokio::spawn(crate::lambda::ingest_for_ever(world.clone(), INGEST));
    let delivering = tokio::spawn(source::deliver_for_ever(world.clone()));
    around.counts.add("happenings", stories.len() as u64);
    let tasks: Vec<_> =
        stories.into_iter().map(|story| tokio::spawn(source::happen(world.clone(), story))).collect();
    for task in tasks {
        if task.await.is_err() {
            around.counts.one("panics");
        }
    }
    around.time.reach(around.weather.until).await;
    // Fees come up by the list of the hour, and what was lost by the list of the quarter.
    tokio::time::sleep(Duration::from_secs(2 * 3_600)).await;
    let mut violations = Vec::new();
    violations.extend(quiet(&world, "after the faults", false).await);
    crate::operator::take_care(&world).await;
    violations.extend(quiet(&world, "after the operator", false).await);
    delivering.abort();
    at_last(&world);
    violations.extend(oracle::judge(&world, &before));
    report(seed, around, violations)
}
