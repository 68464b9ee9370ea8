//! The time that one invocation has: how long it may hold records, and until when it may begin to write.

use std::time::Duration;

use cloudsuite::CallError;
use jiff::{SignedDuration, Timestamp};
use lambda_runtime::Context;
use tokio::time::Instant;

/// What Lambda would give if it gave no deadline: the poster's time limit in the template.
const USUAL: Duration = Duration::from_secs(300);
/// The longest time limit that Lambda has.
const LONGEST: Duration = Duration::from_secs(900);
/// How long after the end of an invocation its records stay held: clocks differ by a second or two.
const MARGIN: SignedDuration = SignedDuration::from_secs(20);

/// The time of one invocation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Turn {
    /// How long a record may be held: to the invocation's end and a margin.
    pub(crate) lease: SignedDuration,
    /// Writing may begin until then: what is begun must be finished before Lambda ends the function.
    pub(crate) latest_begin: Instant,
}

impl Turn {
    /// The time of the invocation with this context.
    pub(crate) fn of(context: &Context, now: Timestamp) -> Self {
        let now = u64::try_from(now.as_millisecond()).unwrap_or_default();
        let left = match context.deadline {
            0 => USUAL,
            deadline => Duration::from_millis(deadline.saturating_sub(now)).min(LONGEST),
        };
        let lease = SignedDuration::try_from(left).unwrap_or(SignedDuration::MAX).saturating_add(MARGIN);
        // A fifth to begin, the rest to finish: one lost answer alone takes 75 s.
        Self { lease, latest_begin: Instant::now() + left / 5 }
    }

    /// Waits for something that only reads, but no longer than writing could still begin after it: what takes longer
    /// would only be cut off by the end of the invocation.
    pub(crate) async fn in_time<T>(
        &self,
        reading: impl Future<Output = Result<T, CallError>>,
    ) -> Result<T, CallError> {
        let late = || CallError::NotSent("it did not answer in time to begin anything after it".into());
        tokio::time::timeout_at(self.latest_begin, reading).await.unwrap_or_else(|_| Err(late()))
    }

    /// Whether it is too late to begin writing.
    pub(crate) fn is_late(&self) -> bool {
        Instant::now() >= self.latest_begin
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turn(deadline: u64) -> Turn {
        let mut context = Context::default();
        context.deadline = deadline;
        Turn::of(&context, Timestamp::from_second(1_790_000_000).unwrap())
    }

    #[tokio::test(start_paused = true)]
    async fn records_are_held_to_the_end_of_the_invocation_and_a_little_longer() {
        for (deadline, seconds) in [(0, 320), (1_790_000_040_000, 60), (1_000, 20), (u64::MAX, 920)] {
            assert_eq!(turn(deadline).lease, SignedDuration::from_secs(seconds), "{deadline}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn writing_begins_in_the_first_fifth_only() {
        let turn = turn(0);
        tokio::time::advance(Duration::from_secs(59)).await;
        assert!(!turn.is_late());
        tokio::time::advance(Duration::from_secs(1)).await;
        assert!(turn.is_late());
    }
}
