//! Lets requests to a service go, one conditional write each, by the gate that all instances share.
//!
//! The decisions are [`super::gate`]'s; this module knows how they are made true and how long is waited.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use crate::{
    gate::{Decision, Gate, Limits},
    shared::{Shared, Stored, SwapError},
};

/// The name of the shared value.
const NAME: &str = "gate";
/// How many swaps a grant may cost before the loser waits a little.
const SWAPS: u32 = 2;
/// How often an observation that others overtake is tried again.
const RECORDINGS: u32 = 5;
/// The wait that is told to a call whose turn did not come: longer than any patience.
const LONG_LINE: Duration = Duration::from_secs(10);

/// What an exchange with the service showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Observed {
    /// It answered 429, with this `Retry-After`.
    Throttled(Option<Duration>),
    /// It answered, and said that nothing more is allowed for so long, or for a while.
    Exhausted(Option<Duration>),
    /// It did not answer, or with 5xx.
    Failed,
    /// It answered anything else.
    Answered,
}

/// Why a request may not go now. Nothing was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotAdmitted {
    /// It would have to wait longer than it may.
    Throttled {
        /// How long from now.
        after: Duration,
    },
    /// The gate cannot be read or written; in words. Without it nothing goes: a service's limit is a contract, and the
    /// work is safe in its queue.
    Unavailable(String),
}

/// The way to the gate from one instance.
pub struct Admission {
    shared: Arc<dyn Shared>,
    limits: Limits,
    /// One call at a time tries for a grant; the others stand in line, so an instance never races with itself.
    turn: tokio::sync::Mutex<()>,
    seen: Mutex<Seen>,
}

/// The gate as this instance saw it last: right as long as nobody else wrote.
#[derive(Debug, Clone, Default)]
struct Seen {
    version: u64,
    gate: Gate,
}

impl Admission {
    /// The way to the gate among the shared values of one client.
    pub fn new(shared: Arc<dyn Shared>, limits: Limits) -> Self {
        Self { shared, limits, turn: tokio::sync::Mutex::default(), seen: Mutex::default() }
    }

    /// Returns when one request may go. `left` is how long it may wait; what it waited is taken off.
    pub async fn admit(&self, left: &mut Duration) -> Result<(), NotAdmitted> {
        let came = Instant::now();
        let turn = tokio::time::timeout(*left, self.turn.lock()).await;
        *left = left.saturating_sub(came.elapsed());
        let _turn = turn.map_err(|_| NotAdmitted::Throttled { after: LONG_LINE })?;
        loop {
            let Some(wait) = self.attempt().await? else { return Ok(()) };
            *left = left.checked_sub(wait).ok_or(NotAdmitted::Throttled { after: wait })?;
            tokio::time::sleep(wait).await;
        }
    }

    /// Tries for a grant, by one read and two swaps at most. Returns nothing if it was given, else how long to
    /// wait before the next attempt.
    async fn attempt(&self) -> Result<Option<Duration>, NotAdmitted> {
        let mut seen = self.seen().clone();
        let (mut is_fresh, mut swaps) = (false, 0);
        loop {
            match seen.gate.admit(self.shared.now(), self.limits) {
                Decision::Go(gate) => match self.swap(seen, gate).await.map_err(NotAdmitted::Unavailable)? {
                    Ok(()) => return Ok(None),
                    Err(stored) => {
                        swaps += 1;
                        if swaps == SWAPS {
                            return Ok(Some(Duration::from_millis(fastrand::u64(10..50))));
                        }
                        (seen, is_fresh) = (stored, true);
                    }
                },
                // What makes one wait may be over by now: others close the breaker.
                Decision::Wait(_) if !is_fresh => {
                    let stored = self.shared.read(NAME).await.map_err(NotAdmitted::Unavailable)?;
                    (seen, is_fresh) = (self.remember(stored), true);
                }
                // Instances that wait for the same moment do not try at the same moment.
                Decision::Wait(wait) => {
                    return Ok(Some(wait + Duration::from_millis(fastrand::u64(0..20))));
                }
            }
        }
    }

    /// Tells all instances what an exchange showed, if it is news. That it cannot be told is no failure of the
    /// exchange: it is logged, and the others find out for themselves.
    pub async fn record(&self, observed: Observed) {
        for _ in 0..RECORDINGS {
            let seen = self.seen().clone();
            let now = self.shared.now();
            let next = match observed {
                Observed::Throttled(retry_after) => Some(seen.gate.throttled(now, retry_after)),
                Observed::Exhausted(pause) => Some(seen.gate.paused(now, pause)),
                Observed::Failed => Some(seen.gate.failed(now)),
                Observed::Answered => seen.gate.succeeded(),
            };
            let Some(next) = next.filter(|next| *next != seen.gate) else { return };
            match self.swap(seen, next).await {
                Ok(Ok(())) => return,
                Ok(Err(_overtaken)) => {}
                Err(why) => {
                    tracing::warn!(
                        why,
                        ?observed,
                        "the other instances were not told what the service answered"
                    );
                    return;
                }
            }
        }
        tracing::warn!(
            ?observed,
            "others kept writing the gate: they were not told what the service answered"
        );
    }

    /// Puts a gate on top of what was seen, and remembers it; if others were first, what stands there now.
    async fn swap(&self, seen: Seen, gate: Gate) -> Result<Result<(), Seen>, String> {
        let json = serde_json::to_string(&gate).map_err(|error| error.to_string())?;
        match self.shared.swap(NAME, seen.version, json).await {
            Ok(version) => {
                *self.seen() = Seen { version, gate };
                Ok(Ok(()))
            }
            Err(SwapError::Conflict(stored)) => Ok(Err(self.remember(stored))),
            Err(SwapError::Unavailable(why)) => Err(why),
        }
    }

    fn remember(&self, stored: Option<Stored>) -> Seen {
        let seen = stored.map(read).unwrap_or_default();
        self.seen().clone_from(&seen);
        seen
    }

    /// A poisoned lock only means a panic elsewhere: what was seen is whole.
    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A gate that cannot be read is begun anew: better a burst too much than nothing at all for ever.
fn read(Stored { version, value }: Stored) -> Seen {
    let gate = serde_json::from_str(&value).unwrap_or_else(|error| {
        tracing::error!(%error, "the stored gate cannot be read and is begun anew");
        Gate::default()
    });
    Seen { version, gate }
}

#[cfg(test)]
#[path = "admission_tests.rs"]
mod tests;
