//! Whether a call that failed is sent again at once, and after what pause: pure.

use std::time::Duration;

use crate::ApiError;

/// How often a call is sent at most after it was throttled.
const THROTTLED: u32 = 4;
/// How often a call is sent at most after ShipBob was not reached, or failed.
const UNREACHABLE: u32 = 3;
/// The first pause after a failure; each further one doubles it.
const FIRST_PAUSE: Duration = Duration::from_millis(500);

/// How often a call was sent, by how it failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tries {
    throttled: u32,
    unreachable: u32,
}

impl Tries {
    /// The pause before the call is sent again; nothing if it is not. After a 429 the rate itself makes the call wait.
    /// `spread` (0 to 999) is a random number that keeps instances from coming back all together.
    pub(crate) fn next(&mut self, error: &ApiError, spread: u32) -> Option<Duration> {
        match error {
            ApiError::Throttled { .. } => {
                self.throttled += 1;
                (self.throttled < THROTTLED).then_some(Duration::ZERO)
            }
            ApiError::Unreachable(_) => {
                self.unreachable += 1;
                let pause = FIRST_PAUSE * (1 << (self.unreachable - 1).min(8));
                (self.unreachable < UNREACHABLE).then(|| pause + pause * spread.min(999) / 2_000)
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pauses(error: &ApiError, spread: u32) -> Vec<u128> {
        let mut tries = Tries::default();
        std::iter::from_fn(|| tries.next(error, spread)).map(|pause| pause.as_millis()).collect()
    }

    #[test]
    fn only_what_passes_is_sent_again_and_in_bounds() {
        assert_eq!(pauses(&ApiError::Unreachable("x".into()), 0), [500, 1_000]);
        assert_eq!(pauses(&ApiError::Unreachable("x".into()), 998), [749, 1_499]);
        assert_eq!(pauses(&ApiError::Throttled { wait: Duration::from_secs(25) }, 0), [0; 3]);
        for error in [
            ApiError::Unknown("x".into()),
            ApiError::Credentials("x".into()),
            ApiError::Duplicate("x".into()),
            ApiError::Refused { what: "orders", says: "x".into() },
            ApiError::Unreadable { what: "orders", why: "x".into() },
        ] {
            assert!(pauses(&error, 0).is_empty(), "{error}");
        }
    }
}
