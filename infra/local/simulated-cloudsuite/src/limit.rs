//! The gateway's quota: so many requests a minute and client, in a window that starts at the first request
//! (Infor documentation, ION API quota policy).

use jiff::Timestamp;

/// The window in which requests are counted. There is one client, so one window.
#[derive(Debug, Default)]
pub(crate) struct Limit {
    window: Option<(Timestamp, u32)>,
}

const WINDOW_SECONDS: i64 = 60;

impl Limit {
    /// Counts a request.
    ///
    /// # Errors
    /// Above the quota: the seconds until the window ends.
    pub(crate) fn admit(&mut self, quota: Option<u32>, now: Timestamp) -> Result<(), i64> {
        let Some(quota) = quota else { return Ok(()) };
        let (start, used) = match self.window {
            Some((start, used)) if now.duration_since(start).as_secs() < WINDOW_SECONDS => (start, used),
            _ => (now, 0),
        };
        if used >= quota {
            return Err((WINDOW_SECONDS - now.duration_since(start).as_secs()).max(1));
        }
        self.window = Some((start, used + 1));
        Ok(())
    }
}
