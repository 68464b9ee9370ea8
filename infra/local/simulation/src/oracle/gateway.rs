//! The gateway's limit was kept, and tokens were asked for sparingly.

use std::time::Duration;

use crate::{Fault, World, world::LIMITS};

/// How far the clocks of two instances may be apart.
const SKEW: Duration = Duration::from_secs(4);
/// How many requests may be on their way from a grant to the wire: one for each instance.
const UNDER_WAY: f64 = 8.0;

pub(super) fn judge(world: &World) -> Vec<String> {
    if world.around.is_instant {
        return Vec::new();
    }
    rate(&world.accounts.gateway_times()).into_iter().chain(tokens(world)).collect()
}

/// In every window at most the burst, and the rate over the window and the clocks' difference. A level that each
/// request raises by one and that time lowers at the rate says that of all windows at once.
fn rate(times: &[Duration]) -> Option<String> {
    let (a_minute, burst) = LIMITS;
    let rate = f64::from(a_minute) / 60.0;
    let most = f64::from(burst) + UNDER_WAY + rate * SKEW.as_secs_f64();
    let (mut level, mut before) = (0.0_f64, Duration::ZERO);
    for &time in times {
        level = (level - rate * time.saturating_sub(before).as_secs_f64()).max(0.0) + 1.0;
        before = time;
        if level > most {
            return Some(format!("the gateway's limit was exceeded at {time:?}"));
        }
    }
    None
}

/// One token a lifetime and one for each event that may cost one.
fn tokens(world: &World) -> Option<String> {
    let counts = world.around.counts.all();
    let count = |name: &str| counts.get(name).copied().unwrap_or_default();
    let lifetime = u64::from(world.infor.simulator().settings.token_lifetime_seconds);
    let lifetimes = 2 * world.around.time.elapsed().as_secs() / lifetime + 2;
    let costly = [
        Fault::LedgerThrottled,
        Fault::LedgerDown,
        Fault::LedgerAnswerLost,
        Fault::Slow,
        Fault::NoConnection,
        Fault::TokensRevoked,
        Fault::TokenDown,
    ];
    let costly: u64 = costly.iter().map(|fault| count(fault.word())).sum();
    let most = lifetimes + 2 * costly + count("cold starts");
    let asked = world.accounts.token_times().len() as u64;
    (asked > most).then(|| format!("{asked} tokens were asked for, {most} would have been enough"))
}
