//! One run of one seed: the world, what happens in it, the quiet after it, the people, the oracle.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use domain::{Kind, Record, State};
use platform::{Clock as _, DeadLetter};
use poller::Job;
use tokio::runtime::Builder;

use crate::{
    Chance, Counts, Log, Surroundings, Time, Weather, World,
    lambda::{feed_poster, schedule_poller},
    operator, oracle,
    scenario::Scenario,
    source,
};

/// How long it may take until all is quiet once the faults are over.
const LONGEST_UNREST: Duration = Duration::from_secs(3 * 86_400);
/// How often it is looked whether all is quiet.
const LOOK: Duration = Duration::from_secs(60);

/// What came of one run.
#[derive(Debug, Clone)]
pub struct Report {
    /// The seed.
    pub seed: u64,
    /// Every sentence that does not hold, none if all is well.
    pub violations: Vec<String>,
    /// What was counted.
    pub counts: BTreeMap<&'static str, u64>,
    /// The kinds of faults that it had.
    pub weather: String,
    /// How much virtual time went by.
    pub elapsed: Duration,
    /// The event log, if it was wanted.
    pub log: Vec<String>,
}

/// Runs a seed. The same seed gives the same report, log included.
pub fn run(seed: u64, wants_log: bool) -> Report {
    in_virtual_time(seed, async {
        let time = Time::starting();
        let around = surroundings(seed, time, Weather::drawn(seed, time), wants_log, false);
        simulate(seed, &around, Scenario::drawn(seed)).await
    })
}

/// A day of so many orders without faults and without delays: for measuring.
pub fn day(orders: u64) -> Report {
    in_virtual_time(0, async {
        let time = Time::starting();
        let around = surroundings(0, time, Weather::fair(time), false, true);
        simulate(0, &around, Scenario::day(orders)).await
    })
}

pub(crate) fn in_virtual_time(seed: u64, work: impl Future<Output = Report>) -> Report {
    // Production code draws its jitter from this generator.
    fastrand::seed(seed);
    match Builder::new_current_thread().enable_time().start_paused(true).build() {
        Ok(runtime) => runtime.block_on(work),
        Err(error) => Report {
            seed,
            violations: vec![format!("there is no runtime to be had: {error}")],
            counts: BTreeMap::new(),
            weather: String::new(),
            elapsed: Duration::ZERO,
            log: Vec::new(),
        },
    }
}

pub(crate) fn surroundings(
    seed: u64,
    time: Time,
    weather: Weather,
    wants_log: bool,
    is_instant: bool,
) -> Arc<Surroundings> {
    Arc::new(Surroundings {
        time,
        weather,
        pace: Chance::of(seed, "pace"),
        log: Log::new(time, wants_log),
        counts: Counts::default(),
        is_instant,
    })
}

async fn simulate(seed: u64, around: &Arc<Surroundings>, scenario: Scenario) -> Report {
    let world = Arc::new(World::new(seed, around, scenario.poison.clone()).await);
    let scenario = Arc::new(scenario);
    around.log.say("simulation", || format!("seed {seed}: {}", around.weather.kinds()));
    for number in 1..=2 {
        tokio::spawn(feed_poster(world.clone(), number));
    }
    tokio::spawn(schedule_poller(world.clone(), Job::Confirm, 60));
    tokio::spawn(schedule_poller(world.clone(), Job::Settle, 300));
    source::send_all(&world, &scenario).await;
    around.time.reach(around.weather.until).await;
    let mut violations = Vec::new();
    violations.extend(quiet(&world, "after the faults", false).await);
    operator::take_care(&world).await;
    violations.extend(quiet(&world, "after the operator", false).await);
    // What was redriven may be held back in its turn.
    operator::release_all(&world).await;
    violations.extend(quiet(&world, "after the last release", true).await);
    violations.extend(oracle::judge(&world, &scenario).await);
    around.counts.add("orders", scenario.orders.len() as u64);
    report(seed, around, violations)
}

/// What came of a run that is over.
pub(crate) fn report(seed: u64, around: &Surroundings, violations: Vec<String>) -> Report {
    around.counts.add("virtual hours", around.time.elapsed().as_secs() / 3_600);
    Report {
        seed,
        violations,
        counts: around.counts.all(),
        weather: around.weather.kinds(),
        elapsed: around.time.elapsed(),
        log: around.log.lines(),
    }
}

/// Waits until all is quiet; a sentence that says what is not, if that takes too long.
pub(crate) async fn quiet(world: &World, when: &str, was_released: bool) -> Option<String> {
    let since = world.around.time.elapsed();
    loop {
        tokio::time::sleep(LOOK).await;
        let (messages, records) = (world.events.messages(), world.ledger.records());
        let restless: Vec<_> =
            records.iter().filter(|record| is_unrest(world, record, was_released)).collect();
        if messages.is_empty() && restless.is_empty() {
            world.around.log.say("simulation", || format!("quiet {when}"));
            return None;
        }
        if world.around.time.elapsed().saturating_sub(since) > LONGEST_UNREST {
            let records: Vec<_> =
                restless.iter().map(|record| format!("{} {}", record.key, record.state.word())).collect();
            let messages = messages.len();
            return Some(format!(
                "not quiet three days {when}: {messages} messages on the queue, {records:?}"
            ));
        }
    }
}

/// Whether something is still to happen with a record by itself. What M3 holds back, and what lies on the
/// dead-letter queue, needs a person first. A customer's record that its orders did not need waits for the next
/// one.
fn is_unrest(world: &World, record: &Record, was_released: bool) -> bool {
    if record.key.kind == Kind::Customer {
        return record.lease.is_some_and(|lease| lease.until > world.around.time.now());
    }
    if record.lease.is_some() {
        return true;
    }
    match record.state {
        State::Received | State::Posting { .. } | State::Posted | State::Waiting { .. } => true,
        State::InDoubt { .. } => !is_told(world, record),
        State::Failed { .. } => was_released && record.next_check.is_some() && has_order(world, record),
        State::Confirmed
        | State::Cancelled
        | State::Skipped { .. }
        | State::Rejected { .. }
        | State::NeedsReview { .. } => false,
    }
}

/// Whether M3 made an order of a record's batch order. What it lost a customer of cannot be released.
fn has_order(world: &World, record: &Record) -> bool {
    let temporary = record.references.temporary.clone().unwrap_or_default();
    !world.infor.simulator().state()["batch_orders"][&temporary]["order"].is_null()
}

/// Whether a dead letter tells a person of a record.
pub(crate) fn is_told(world: &World, record: &Record) -> bool {
    let key = record.key.to_string();
    let letters = world.dead_letters.messages();
    letters.iter().any(|letter| letter.attributes.get(DeadLetter::RECORD) == Some(&key))
}
