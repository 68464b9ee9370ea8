//! Which window comes next: pure, the moment is an argument.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// A span of time that a list is read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// Its first moment.
    pub from: Timestamp,
    /// The moment at which reading began. What came later may be read as well; the next window has it again.
    pub until: Timestamp,
}

/// The window after the last one that was read to its end: it begins the overlap before that one's end, because
/// ShipBob's pages are not sorted and may leave something out, and what is committed late appears behind a moment that
/// was passed. Without a last one it begins the overlap before the present.
pub(crate) fn next(last: Option<Window>, overlap: SignedDuration, now: Timestamp) -> Window {
    let last = last.map_or(now, |last| last.until.min(now));
    Window { from: before(last, overlap), until: now }
}

/// The time so long before another.
fn before(time: Timestamp, duration: SignedDuration) -> Timestamp {
    time.checked_sub(duration).unwrap_or(Timestamp::MIN)
}

/// The time so long after another.
pub(crate) fn after(time: Timestamp, duration: SignedDuration) -> Timestamp {
    time.checked_add(duration).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_790_000_000 + minute * 60).unwrap()
    }

    #[test]
    fn windows_overlap_and_leave_nothing_out() {
        let window = |from, until| Window { from: at(from), until: at(until) };
        for (last, now, expected) in [
            (None, 100, window(40, 100)),
            (Some(window(0, 100)), 115, window(40, 115)),
            // Nobody ran for a day.
            (Some(window(0, 100)), 1_540, window(40, 1_540)),
            // A clock that is behind.
            (Some(window(0, 120)), 100, window(40, 100)),
        ] {
            assert_eq!(next(last, SignedDuration::from_hours(1), at(now)), expected, "{last:?} {now}");
        }
    }
}
