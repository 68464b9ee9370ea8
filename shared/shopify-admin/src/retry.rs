//! Whether a call that failed is sent again at once, and after what pause: pure.

use std::time::Duration;

use crate::AdminError;

/// How often a call is sent at most after it was throttled.
const THROTTLED: u32 = 6;
/// How often a call is sent at most after Shopify was not reached.
const UNREACHABLE: u32 = 4;
/// The first pause after a failure; each further one doubles it.
const FIRST_PAUSE: Duration = Duration::from_millis(500);

/// How often a call was sent, by how it failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tries {
    throttled: u32,
    unreachable: u32,
}

impl Tries {
    /// The pause before the call is sent again; nothing if it is not. `spread` (0 to 999) is a random number that
    /// keeps instances from coming back all together.
    pub(crate) fn next(&mut self, error: &AdminError, spread: u32) -> Option<Duration> {
        let (tries, most) = match error {
            AdminError::Throttled { .. } => (&mut self.throttled, THROTTLED),
            AdminError::Unreachable(_) => (&mut self.unreachable, UNREACHABLE),
            _ => return None,
        };
        *tries += 1;
        if *tries >= most {
            return None;
        }
        let pause = match error {
            AdminError::Throttled { wait } => *wait,
            _ => FIRST_PAUSE * (1 << (*tries - 1)),
        };
        // Between the whole pause and half as much again: never earlier than was asked for.
        Some(pause + pause * spread.min(999) / 2_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pauses(error: &AdminError, spread: u32) -> Vec<u128> {
        let mut tries = Tries::default();
        std::iter::from_fn(|| tries.next(error, spread)).map(|pause| pause.as_millis()).collect()
    }

    #[test]
    fn only_what_passes_is_sent_again_and_in_bounds() {
        assert_eq!(pauses(&AdminError::Unreachable("x".into()), 0), [500, 1_000, 2_000]);
        let wait = Duration::from_secs(3);
        assert_eq!(pauses(&AdminError::Throttled { wait }, 0), [3_000; 5]);
        for error in [
            AdminError::Unknown("x".into()),
            AdminError::Refused("x".into()),
            AdminError::TooCostly,
            AdminError::Unreadable("x".into()),
        ] {
            assert!(pauses(&error, 0).is_empty(), "{error}");
        }
    }

    #[test]
    fn the_spread_only_lengthens_a_pause() {
        assert_eq!(pauses(&AdminError::Unreachable("x".into()), 998), [749, 1_499, 2_998]);
    }
}
