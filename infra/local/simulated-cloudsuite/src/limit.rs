//! Counting in windows: the gateway's quotas (so many requests in an interval) and its rate smoothing. A window starts
//! at its first request (Infor documentation, ION API quota and throttling policies). There is one client, so one window
//! each.

use jiff::Timestamp;

/// The window in which is counted.
#[derive(Debug, Default)]
pub(crate) struct Limit {
    window: Option<(Timestamp, u32)>,
}

impl Limit {
    /// Counts one in a window of so many seconds.
    ///
    /// # Errors
    /// Above the quota, where nothing is counted: the seconds until the window ends.
    pub(crate) fn admit(&mut self, quota: Option<u32>, seconds: i64, now: Timestamp) -> Result<(), i64> {
        let Some(quota) = quota else { return Ok(()) };
        let (start, used) = self.current(seconds, now);
        if used >= quota {
            return Err((seconds - now.duration_since(start).as_secs()).max(1));
        }
        self.window = Some((start, used + 1));
        Ok(())
    }

    /// Counts one in a window of so many seconds, and says how many that makes.
    pub(crate) fn count(&mut self, seconds: i64, now: Timestamp) -> u32 {
        let (start, used) = self.current(seconds, now);
        self.window = Some((start, used + 1));
        used + 1
    }

    fn current(&self, seconds: i64, now: Timestamp) -> (Timestamp, u32) {
        match self.window {
            Some((start, used)) if now.duration_since(start).as_secs() < seconds => (start, used),
            _ => (now, 0),
        }
    }
}
