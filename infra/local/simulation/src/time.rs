//! Virtual time: tokio's paused clock, told as timestamps, and each instance's own, slightly wrong clock.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use platform::Clock;
use tokio::time::Instant;

/// 2026-11-22 10:00 UTC, when every simulation begins.
const BEGIN: i64 = 1_795_341_600;

/// The true time of a simulation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Time {
    start: Instant,
}

impl Time {
    /// A time that begins now. Needs a tokio runtime whose clock is paused.
    pub(crate) fn starting() -> Self {
        Self { start: Instant::now() }
    }

    /// How long the simulation has been running.
    pub(crate) fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    /// Sleeps until so long after the beginning.
    pub(crate) async fn reach(&self, elapsed: Duration) {
        tokio::time::sleep_until(self.start + elapsed).await;
    }

    /// The moment so long after the beginning.
    pub(crate) fn at(elapsed: Duration) -> Timestamp {
        let begin = Timestamp::from_second(BEGIN).unwrap_or_default();
        let elapsed = SignedDuration::try_from(elapsed).unwrap_or(SignedDuration::MAX);
        begin.checked_add(elapsed).unwrap_or(Timestamp::MAX)
    }

    /// How long after the beginning a moment is.
    pub(crate) fn elapsed_at(moment: Timestamp) -> Duration {
        Duration::try_from(moment.duration_since(Self::at(Duration::ZERO))).unwrap_or_default()
    }
}

impl Clock for Time {
    fn now(&self) -> Timestamp {
        Self::at(self.elapsed())
    }
}

/// The clock of one instance.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SkewedClock {
    /// The true time.
    pub(crate) time: Time,
    /// How far this clock is ahead, in milliseconds; negative if it is behind.
    pub(crate) skew: i64,
}

impl Clock for SkewedClock {
    fn now(&self) -> Timestamp {
        let now = self.time.now();
        now.checked_add(SignedDuration::from_millis(self.skew)).unwrap_or(now)
    }
}
