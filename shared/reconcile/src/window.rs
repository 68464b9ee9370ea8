//! Which window comes next: pure, the moment is an argument.

use jiff::{SignedDuration, Timestamp};
use shopify_admin::Window;

/// How far a window's end stays behind the present. A delivery takes seconds, and its first retry comes within
/// minutes: an order that is still on its way must not count as missing.
pub const SETTLED_AFTER: SignedDuration = SignedDuration::from_mins(10);

/// How far back Shopify shows orders to a token without the scope `read_all_orders` (Shopify documentation, "Access
/// scopes"). It does not say what it leaves out.
pub const VISIBLE: SignedDuration = SignedDuration::from_hours(60 * 24);

/// The window after the last complete one: it begins the overlap before that one's end, because what is committed
/// late at Shopify's may appear behind a place that was passed. Without a last one it begins the overlap before its
/// own end.
pub(crate) fn next(last: Option<Window>, overlap: SignedDuration, now: Timestamp) -> Window {
    let until = before(now, SETTLED_AFTER);
    let last = last.map_or(until, |last| last.until.min(until));
    Window { from: before(last, overlap), until }
}

/// Whether a window reaches further back than a token without `read_all_orders` may see: orders may be missing from
/// what Shopify lists, without a word.
pub fn reaches_beyond_visible(window: Window, now: Timestamp) -> bool {
    window.from < before(now, VISIBLE)
}

/// The time so long before another.
pub(crate) fn before(time: Timestamp, duration: SignedDuration) -> Timestamp {
    time.checked_sub(duration).unwrap_or(Timestamp::MIN)
}

/// The time so long after another.
pub(crate) fn after(time: Timestamp, duration: SignedDuration) -> Timestamp {
    time.checked_add(duration).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: SignedDuration = SignedDuration::from_hours(1);

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_790_000_000 + minute * 60).unwrap()
    }

    fn window(from: i64, until: i64) -> Window {
        Window { from: at(from), until: at(until) }
    }

    #[test]
    fn windows_overlap_and_end_behind_the_present() {
        for (last, now, expected) in [
            (None, 100, window(30, 90)),
            (Some(window(0, 90)), 115, window(30, 105)),
            // Nobody ran for a day: nothing is left out.
            (Some(window(0, 90)), 1_540, window(30, 1_530)),
            // A clock that is behind.
            (Some(window(0, 120)), 100, window(30, 90)),
        ] {
            assert_eq!(next(last, HOUR, at(now)), expected, "{last:?} {now}");
        }
    }

    #[test]
    fn a_window_of_long_ago_is_told() {
        let days = |days: i64| days * 24 * 60;
        for (from, beyond) in [(days(39), true), (days(41), false)] {
            assert_eq!(reaches_beyond_visible(window(from, days(99)), at(days(100))), beyond);
        }
    }
}
