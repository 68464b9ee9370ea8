//! Reckoning with the clocks of several instances, which differ by a second or two.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// How far a clock may be wrong and is still believed: Lambda's differ by far less.
const SKEW: Duration = Duration::from_secs(10);

/// The time so long after `now`.
pub fn after(now: Timestamp, duration: Duration) -> Timestamp {
    let duration = SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX);
    now.checked_add(duration).unwrap_or(Timestamp::MAX)
}

/// How long until a time that was written as at most `most` ahead; zero once it is over.
///
/// A time further ahead was written by a clock that is wrong. It counts as over, or one bad instance would stop
/// all others for as long as its clock is ahead.
pub fn until(now: Timestamp, time: Option<Timestamp>, most: Duration) -> Duration {
    let left = time.map_or(Duration::ZERO, |time| since(time, now));
    if left > most.saturating_add(SKEW) { Duration::ZERO } else { left }
}

/// How long ago a time was; zero if it is still to come.
pub fn since(now: Timestamp, time: Timestamp) -> Duration {
    Duration::try_from(now.duration_since(time)).unwrap_or(Duration::ZERO)
}
