//! One instance of a function: its points, at which the scheduler decides, and its end.
//!
//! An instance that ended never returns from a point again, so whatever it spawned stops exactly there, as if
//! its process were gone.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::Duration,
};

use tokio::sync::Notify;

use crate::{Chance, Counts, Fault, Log, SkewedClock, Time, Weather};

/// What all instances stand in.
#[derive(Debug)]
pub(crate) struct Surroundings {
    /// The true time.
    pub(crate) time: Time,
    /// What goes wrong.
    pub(crate) weather: Weather,
    /// The pace of every step.
    pub(crate) pace: Chance,
    /// The event log.
    pub(crate) log: Log,
    /// What is counted.
    pub(crate) counts: Counts,
    /// Whether steps take no time at all: for measuring.
    pub(crate) is_instant: bool,
}

/// One instance of a function.
#[derive(Debug)]
pub(crate) struct Instance {
    /// Its name, such as `poster-2#3`.
    pub(crate) name: String,
    /// What it stands in.
    pub(crate) around: Arc<Surroundings>,
    /// How far its clock is ahead, in milliseconds.
    skew: i64,
    is_gone: AtomicBool,
    is_frozen: AtomicBool,
    ended: Notify,
}

impl Instance {
    /// A new instance, with a clock that is up to two seconds wrong.
    pub(crate) fn new(name: String, around: &Arc<Surroundings>) -> Arc<Self> {
        let ahead = i64::try_from(around.pace.between(0..=4_000)).unwrap_or_default();
        let skew = if around.is_instant { 0 } else { ahead - 2_000 };
        around.log.say(&name, || format!("starts, its clock {skew} ms ahead"));
        let around = around.clone();
        Arc::new(Self {
            name,
            around,
            skew,
            is_gone: AtomicBool::new(false),
            is_frozen: AtomicBool::new(false),
            ended: Notify::new(),
        })
    }

    /// Its clock.
    pub(crate) fn clock(&self) -> SkewedClock {
        SkewedClock { time: self.around.time, skew: self.skew }
    }

    /// Whether it ended.
    pub(crate) fn is_gone(&self) -> bool {
        self.is_gone.load(Relaxed)
    }

    /// A scheduling point: others go on meanwhile, and the instance may end here.
    pub(crate) async fn point(&self, what: &str) {
        self.stop_if_gone().await;
        if self.around.is_instant {
            return;
        }
        tokio::time::sleep(self.pause(what)).await;
        self.stop_if_gone().await;
        if self.strikes(Fault::Crash, what) {
            self.end(what);
            self.stop_if_gone().await;
        }
    }

    /// Whether a fault strikes this instance now; it is logged and counted.
    pub(crate) fn strikes(&self, fault: Fault, what: &str) -> bool {
        let strikes = self.around.weather.strikes(fault);
        if strikes {
            self.around.counts.fault(fault);
            self.say(|| format!("{fault}: {what}"));
        }
        strikes
    }

    /// A point at which the machine may stand still for longer than any lease.
    pub(crate) async fn freezing_point(&self, what: &str) {
        if self.strikes(Fault::Frozen, what) {
            let minutes = self.around.pace.between(45..=90);
            self.is_frozen.store(true, Relaxed);
            tokio::time::sleep(Duration::from_secs(60 * minutes)).await;
            self.is_frozen.store(false, Relaxed);
            self.say(|| format!("goes on after {minutes} minutes"));
        }
    }

    /// Returns once the time of an invocation is over. That of a frozen machine is over only after it went on.
    pub(crate) async fn over(&self, limit: Duration) {
        tokio::time::sleep(limit).await;
        while self.is_frozen.load(Relaxed) {
            tokio::time::sleep(limit).await;
        }
    }

    /// Ends it, as a crash or Lambda does.
    pub(crate) fn end(&self, why: &str) {
        if !self.is_gone.swap(true, Relaxed) {
            self.say(|| format!("is gone: {why}"));
            self.ended.notify_waiters();
            self.ended.notify_one();
        }
    }

    /// Returns once it ended.
    pub(crate) async fn ended(&self) {
        while !self.is_gone() {
            self.ended.notified().await;
        }
    }

    /// Writes a line of the log.
    pub(crate) fn say(&self, what: impl FnOnce() -> String) {
        self.around.log.say(&self.name, what);
    }

    async fn stop_if_gone(&self) {
        if self.is_gone() {
            std::future::pending::<()>().await;
        }
    }

    fn pause(&self, what: &str) -> Duration {
        let pace = &self.around.pace;
        if self.strikes(Fault::Slow, what) {
            return Duration::from_millis(match pace.between(0..=9) {
                0 => pace.between(30_000..=200_000),
                1..=3 => pace.between(5_000..=30_000),
                _ => pace.between(500..=5_000),
            });
        }
        Duration::from_millis(pace.between(1..=50))
    }
}
