//! How long one piece of work waits for the gateway before it is put off.

use std::time::Duration;

use jiff::Timestamp;

use crate::CallError;

/// The longest that is waited for one piece of work, all its tries together. Longer waits are the queue's.
const LONGEST: Duration = Duration::from_secs(5);

/// What is left of the time that one piece of work may wait, and until when it may be sent at all.
#[derive(Debug)]
pub struct Patience {
    left: Duration,
    until: Option<Timestamp>,
}

impl Default for Patience {
    fn default() -> Self {
        Self { left: LONGEST, until: None }
    }
}

impl Patience {
    /// For work that may be sent only before a time: afterwards somebody else has the right to do it.
    pub fn until(until: Timestamp) -> Self {
        Self { until: Some(until), ..Self::default() }
    }

    /// Whether it may no longer be sent; then there is nothing left to wait for.
    pub(super) fn is_over(&mut self, now: Timestamp) -> bool {
        let is_over = self.until.is_some_and(|until| now >= until);
        if is_over {
            self.left = Duration::ZERO;
        }
        is_over
    }

    /// Waits, unless that is longer than what is left. Returns whether it waited.
    pub async fn wait(&mut self, time: Duration) -> bool {
        let Some(left) = self.left.checked_sub(time) else { return false };
        self.left = left;
        tokio::time::sleep(time).await;
        true
    }

    /// Whether a request that failed like this is to be sent again: only if nothing of it was processed and the
    /// wait is short enough. After a 429 the gate makes the next one wait; any other pause is waited here.
    pub async fn allows_again(&mut self, error: &CallError) -> bool {
        match error {
            CallError::Throttled { .. } => error.pause() <= self.left,
            CallError::NotSent(_) => self.wait(error.pause()).await,
            CallError::Unknown(_) | CallError::Refused(_) | CallError::Credentials(_) => false,
        }
    }

    /// What is left; whoever waits elsewhere takes it off.
    pub(super) fn left_mut(&mut self) -> &mut Duration {
        &mut self.left
    }

    /// Counts a wait that happened elsewhere.
    pub(super) fn spend(&mut self, time: Duration) {
        self.left = self.left.saturating_sub(time);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_is_throttled_for_long_is_not_sent_again() {
        for (seconds, is_allowed) in [(3, true), (60, false)] {
            let error = CallError::Throttled { after: Some(Duration::from_secs(seconds)) };
            assert_eq!(Patience::default().allows_again(&error).await, is_allowed, "{seconds}");
        }
    }
}
