//! The time that one invocation has.

use std::time::Duration;

use domain::TenantId;
use jiff::Timestamp;
use lambda_runtime::Context;
use tokio::time::Instant;

/// What Lambda would give if it gave no deadline: the poller's time limit in the template.
const USUAL: Duration = Duration::from_secs(180);
/// The longest time limit that Lambda has.
const LONGEST: Duration = Duration::from_secs(900);
/// What is left for the end: the summary, and clocks that differ by a second or two.
const MARGIN: Duration = Duration::from_secs(10);
/// The least time in which a shop can be looked at: a page of orders, and some of them fetched.
const LEAST: Duration = Duration::from_secs(45);

/// When everything of an invocation must be over.
pub(crate) fn deadline(context: &Context, now: Timestamp) -> Instant {
    let now = u64::try_from(now.as_millisecond()).unwrap_or_default();
    let left = match context.deadline {
        0 => USUAL,
        deadline => Duration::from_millis(deadline.saturating_sub(now)).min(LONGEST),
    };
    Instant::now() + left.saturating_sub(MARGIN)
}

/// The part of the time left that one of so many shops may take, itself included: at least as much as does some work.
pub(crate) fn share(deadline: Instant, shops_left: usize) -> Instant {
    let now = Instant::now();
    let shops_left = u32::try_from(shops_left.max(1)).unwrap_or(u32::MAX);
    let share = deadline.saturating_duration_since(now) / shops_left;
    deadline.min(now + share.max(LEAST))
}

/// The shops in the order of this run: each quarter of an hour another one is the first, so that the last ones do not
/// always find the time over.
pub(crate) fn in_turn(shops: &[TenantId], now: Timestamp) -> impl Iterator<Item = &TenantId> {
    let quarters = usize::try_from(now.as_second() / 900).unwrap_or_default();
    let first = quarters.checked_rem(shops.len()).unwrap_or_default();
    shops.iter().cycle().skip(first).take(shops.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_run_ends_before_lambda_does_and_shops_share_what_is_left() {
        let now = Timestamp::from_second(1_790_000_000).unwrap();
        let left = |deadline: u64| {
            let mut context = Context::default();
            context.deadline = deadline;
            super::deadline(&context, now) - Instant::now()
        };
        for (deadline, seconds) in [(0, 170), (1_790_000_040_000, 30), (1_000, 0), (u64::MAX, 890)] {
            assert_eq!(left(deadline), Duration::from_secs(seconds), "{deadline}");
        }
        let deadline = Instant::now() + Duration::from_secs(90);
        for (shops, seconds) in [(0, 90), (1, 90), (2, 45), (9, 45)] {
            assert_eq!(share(deadline, shops) - Instant::now(), Duration::from_secs(seconds));
        }
        let deadline = Instant::now() + Duration::from_secs(20);
        assert_eq!(share(deadline, 9), deadline);
    }

    #[test]
    fn each_shop_is_the_first_in_its_turn() {
        let shops = ["a", "b", "c"].map(|name| name.parse().unwrap());
        let order = |quarter: i64| {
            let now = Timestamp::from_second(quarter * 900).unwrap();
            in_turn(&shops, now).map(TenantId::as_str).collect::<String>()
        };
        assert_eq!([0, 1, 2, 3].map(order), ["abc", "bca", "cab", "abc"]);
        assert_eq!(in_turn(&[], Timestamp::UNIX_EPOCH).count(), 0);
    }
}
