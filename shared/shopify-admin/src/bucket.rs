//! The cost bucket of one app in one shop: pure, the moment is an argument.
//!
//! Shopify fills it by `restoreRate` points a second up to `maximumAvailable`, and each call takes what it costs
//! (Shopify documentation, "GraphQL Admin API rate limits"). All instances of the app share it at Shopify's; each
//! knows what its last answer said.

use std::time::Duration;

use tokio::time::Instant;

/// The longest wait that is reckoned with: the largest bucket is full again long before.
const LONGEST: Duration = Duration::from_secs(60);
/// The shortest wait after an answer that was throttled.
const SHORTEST: Duration = Duration::from_millis(200);

/// The bucket as an answer told it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Level {
    /// Points that it holds when full.
    pub(crate) maximum: u64,
    /// Points that it held.
    pub(crate) available: u64,
    /// Points that come back each second.
    pub(crate) restore: u64,
}

/// The bucket as this instance believes it to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bucket {
    level: Level,
    seen: Instant,
}

impl Bucket {
    /// The bucket that an answer told of.
    pub(crate) fn seen(level: Level, now: Instant) -> Self {
        Self { level, seen: now }
    }

    /// How long until it covers a cost. What costs more than a full bucket waits for a full one.
    pub(crate) fn wait(&self, cost: u64, now: Instant) -> Duration {
        let missing = cost.min(self.level.maximum).saturating_sub(self.available(now));
        time_for(missing, self.level.restore)
    }

    /// The bucket after a call has taken its cost.
    pub(crate) fn take(&self, cost: u64, now: Instant) -> Self {
        let available = self.available(now).saturating_sub(cost);
        Self { level: Level { available, ..self.level }, seen: now }
    }

    fn available(&self, now: Instant) -> u64 {
        let elapsed = u64::try_from(now.saturating_duration_since(self.seen).as_millis()).unwrap_or(u64::MAX);
        let restored = self.level.restore.saturating_mul(elapsed) / 1_000;
        self.level.available.saturating_add(restored).min(self.level.maximum)
    }
}

impl Level {
    /// How long to wait after this answer refused a call of this cost.
    pub(crate) fn wait_after_refusal(self, cost: u64) -> Duration {
        let missing = cost.min(self.maximum).saturating_sub(self.available);
        time_for(missing, self.restore).max(SHORTEST)
    }
}

fn time_for(points: u64, restore: u64) -> Duration {
    match (points, restore) {
        (0, _) => Duration::ZERO,
        (_, 0) => LONGEST,
        (points, restore) => {
            Duration::from_millis(points.saturating_mul(1_000).div_ceil(restore)).min(LONGEST)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const STANDARD: Level = Level { maximum: 2_000, available: 100, restore: 100 };

    #[tokio::test(start_paused = true)]
    async fn a_call_waits_until_its_cost_has_come_back() {
        let now = Instant::now();
        let bucket = Bucket::seen(STANDARD, now);
        let later = |millis| now + Duration::from_millis(millis);
        let cases = [(100, 0, 0), (600, 0, 5_000), (600, 3_000, 2_000), (600, 9_000, 0), (9_999, 0, 19_000)];
        for (cost, after, wait) in cases {
            assert_eq!(bucket.wait(cost, later(after)), Duration::from_millis(wait), "{cost} after {after}");
        }
        assert_eq!(bucket.take(100, now).wait(50, now), Duration::from_millis(500));
        let filled = bucket.take(0, later(3_600_000));
        assert_eq!(filled.wait(2_000, later(3_600_000)), Duration::ZERO);
    }

    #[test]
    fn a_refused_call_waits_a_moment_at_least() {
        let level = |available, restore| Level { maximum: 2_000, available, restore };
        let cases = [((100, 100), 600, 5_000), ((800, 100), 600, 200), ((0, 0), 600, 60_000)];
        for ((available, restore), cost, wait) in cases {
            let level = level(available, restore);
            assert_eq!(level.wait_after_refusal(cost), Duration::from_millis(wait), "{level:?}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_told_the_wait_is_bounded_and_enough(
            maximum in any::<u64>(), available in any::<u64>(), restore in any::<u64>(), cost in 0..1_000_u64
        ) {
            let now = Instant::now();
            let bucket = Bucket::seen(Level { maximum, available, restore }, now);
            let wait = bucket.wait(cost, now);
            prop_assert!(wait <= LONGEST);
            prop_assert!(wait == LONGEST || bucket.wait(cost, now + wait).is_zero());
        }
    }
}
