//! A pace: one after another, at most so many a second, and no catching up after a pause.

use std::{num::NonZeroU32, time::Duration};

use tokio::time::{Interval, MissedTickBehavior, interval};

/// A pace.
pub(crate) struct Pace(Interval);

impl Pace {
    pub(crate) fn per_second(rate: NonZeroU32) -> Self {
        let mut ticks = interval(Duration::from_secs(1) / rate.get());
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self(ticks)
    }

    /// Waits until the next one may go. The first goes at once.
    pub(crate) async fn next(&mut self) {
        self.0.tick().await;
    }
}
