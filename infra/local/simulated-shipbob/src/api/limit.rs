//! The limit on requests: so many in a sliding minute of simulated time, all endpoints together.

use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};

const MINUTE: SignedDuration = SignedDuration::from_secs(60);

/// When the requests of the last minute came.
#[derive(Debug, Default)]
pub(crate) struct Limit(VecDeque<Timestamp>);

impl Limit {
    /// Counts a request: how many more may come.
    ///
    /// # Errors
    /// It is one too many: whole seconds until the next may come.
    pub(super) fn take(&mut self, most: u32, now: Timestamp) -> Result<usize, u64> {
        while self.0.front().is_some_and(|first| now.duration_since(*first) >= MINUTE) {
            self.0.pop_front();
        }
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        if self.0.len() >= most {
            let free_at = self.0.front().map_or(MINUTE, |first| MINUTE - now.duration_since(*first));
            return Err(u64::try_from(free_at.as_millis()).unwrap_or_default().div_ceil(1000));
        }
        self.0.push_back(now);
        Ok(most - self.0.len())
    }
}
