//! When to look again: soon at first, then further apart, until the deadline. Pure.

use jiff::{SignedDuration, Timestamp};

/// Waits between checks, in seconds; the last one repeats. The schedule of the job rounds them up to minutes.
const WAITS: [i64; 7] = [30, 60, 120, 300, 900, 1_800, 3_600];
/// How long after posting a record is looked for.
pub(crate) const DEADLINE: SignedDuration = SignedDuration::from_hours(24);
/// How long after posting a record that needs a person in CloudSuite is looked for.
pub(crate) const DEADLINE_OF_A_PERSON: SignedDuration = SignedDuration::from_hours(24 * 7);

/// How long after posting an order that CloudSuite still has unconfirmed counts as one whose confirmation was lost.
pub(crate) const LOST_AFTER: SignedDuration = SignedDuration::from_mins(10);

/// When to look for a record again after `checks` vain looks; nothing once the deadline is reached.
pub(crate) fn next_check(
    posted_at: Timestamp,
    checks: u32,
    now: Timestamp,
    deadline: SignedDuration,
) -> Option<Timestamp> {
    let place = usize::try_from(checks).unwrap_or(usize::MAX).min(WAITS.len() - 1);
    let deadline = posted_at.checked_add(deadline).unwrap_or(Timestamp::MAX);
    let next = now.checked_add(SignedDuration::from_secs(WAITS[place])).unwrap_or(Timestamp::MAX);
    (now < deadline).then(|| next.min(deadline))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checks_come_soon_then_further_apart_then_end_at_the_deadline() {
        let posted = Timestamp::from_second(0).unwrap();
        let (mut now, mut checks, mut gaps) = (posted, 0, Vec::new());
        while let Some(next) = next_check(posted, checks, now, DEADLINE) {
            gaps.push(next.as_second() - now.as_second());
            now = next;
            checks += 1;
            assert!(checks < 100, "the checks must end");
        }
        assert_eq!(gaps[..7], [30, 60, 120, 300, 900, 1_800, 3_600]);
        assert!(gaps.windows(2).take(gaps.len() - 2).all(|pair| pair[0] <= pair[1]));
        assert_eq!(now.as_second(), 24 * 3_600);
    }
}
