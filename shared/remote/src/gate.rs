//! When the next request to a service may go: rate, pauses that the service asked for, circuit breaker.
//!
//! Pure: no I/O, and the clock is an argument. A decision or an observation returns a new gate, and whoever asked
//! makes it true for all instances by one compare and swap ([`super::admission`]).
//!
//! The rate is kept by the generic cell rate algorithm (ITU-T I.371): one time, the theoretical arrival time,
//! moves on by the emission interval with each request, and a request may go while that time is no more than the
//! burst's intervals ahead.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::time::{after, since, until};

/// How many failures in a row open the breaker.
const FAILURES: u32 = 5;
/// How long the breaker is open the first time; each further time doubles it.
const FIRST_OPEN: Duration = Duration::from_secs(15);
/// The longest that it is open.
const LONGEST_OPEN: Duration = Duration::from_secs(300);
/// After how long a probe is given up: longer than any request takes.
const PROBE: Duration = Duration::from_secs(90);
/// How long the others wait before they look whether the probe is over.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// The pause after a 429 that names none; each halving of the rate doubles it.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// The longest pause, whatever the service asks for.
const LONGEST_PAUSE: Duration = Duration::from_secs(900);
/// How often the rate is halved at most: to a sixteenth.
const MOST_HALVINGS: u32 = 4;
/// After how long without a 429 one halving is taken back.
const RECOVERY: Duration = Duration::from_secs(120);

/// How many requests a client of a service may send. Whoever uses the same client should have the same limits:
/// each goes by its own. In any minute no more go than both numbers together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Requests a minute, on the long run.
    pub requests_per_minute: u32,
    /// How many of them may go at once after a quiet time.
    pub burst: u32,
}

/// For a service that names no limit.
impl Default for Limits {
    fn default() -> Self {
        Self { requests_per_minute: 600, burst: 20 }
    }
}

impl Limits {
    /// The emission interval of the whole rate.
    fn interval(self) -> Duration {
        Duration::from_secs(60) / self.requests_per_minute.max(1)
    }
}

/// What all instances know about one client's way to a service.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Gate {
    /// The theoretical arrival time of the next request.
    arrival: Option<Timestamp>,
    /// The end of the pause that a 429 asked for.
    blocked_until: Option<Timestamp>,
    /// How often the rate was halved when `halved_at` was written.
    halvings: u32,
    halved_at: Option<Timestamp>,
    /// Failures in a row.
    failures: u32,
    open: Option<Open>,
}

/// An open circuit breaker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Open {
    /// From when on one probe may go.
    until: Timestamp,
    /// How often it was opened in a row.
    times: u32,
    /// When the probe that is under way is given up.
    probe_until: Option<Timestamp>,
}

/// Whether a request may go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Decision {
    /// It may, once this gate is stored.
    Go(Gate),
    /// Not before so long.
    Wait(Duration),
}

impl Gate {
    /// Decides on one request.
    pub(super) fn admit(&self, now: Timestamp, limits: Limits) -> Decision {
        let halvings = self.halvings(now);
        let interval = limits.interval() * (1 << halvings);
        let burst = (limits.burst >> halvings).max(1);
        // With each halving a burst has half as many requests, down to one, and each takes twice as long.
        let furthest = limits.interval() * limits.burst.max(1 << MOST_HALVINGS);
        let ahead = until(now, self.arrival, furthest);
        let wait = ahead
            .saturating_sub(interval * (burst - 1))
            .max(until(now, self.blocked_until, LONGEST_PAUSE))
            .max(self.open.as_ref().map_or(Duration::ZERO, |open| open.wait(now)));
        if !wait.is_zero() {
            return Decision::Wait(wait);
        }
        let probe = |open: &Open| Open { probe_until: Some(after(now, PROBE)), ..open.clone() };
        Decision::Go(Self {
            arrival: Some(after(now, ahead + interval)),
            open: self.open.as_ref().map(probe),
            ..self.clone()
        })
    }

    /// After a 429: nothing goes for as long as the service said, and then at half the rate. Answers that arrive
    /// during such a pause were sent before it and halve nothing more.
    pub(super) fn throttled(&self, now: Timestamp, retry_after: Option<Duration>) -> Self {
        let paused = until(now, self.blocked_until, LONGEST_PAUSE);
        let (halvings, halved_at) = if paused.is_zero() {
            ((self.halvings(now) + 1).min(MOST_HALVINGS), Some(now))
        } else {
            (self.halvings, self.halved_at)
        };
        let default = FIRST_PAUSE * (1 << halvings.saturating_sub(1));
        let pause = retry_after.unwrap_or(default).clamp(FIRST_PAUSE, LONGEST_PAUSE);
        let blocked_until = Some(after(now, pause.max(paused)));
        Self { blocked_until, halvings, halved_at, failures: 0, open: None, ..self.clone() }
    }

    /// After an answer that says that nothing more is allowed for now: a pause, and no halving, since nothing was sent
    /// too much.
    pub(super) fn paused(&self, now: Timestamp, pause: Option<Duration>) -> Self {
        let paused = until(now, self.blocked_until, LONGEST_PAUSE);
        let pause = pause.unwrap_or(FIRST_PAUSE).clamp(FIRST_PAUSE, LONGEST_PAUSE);
        Self { blocked_until: Some(after(now, pause.max(paused))), failures: 0, open: None, ..self.clone() }
    }

    /// After a request that the service did not answer, or answered with 5xx.
    pub(super) fn failed(&self, now: Timestamp) -> Self {
        match &self.open {
            Some(open) if open.probe_until.is_some() => {
                Self { open: Some(Open::now(now, open.times.saturating_add(1))), ..self.clone() }
            }
            // It was sent before the breaker opened and says nothing new.
            Some(_) => self.clone(),
            None => {
                let failures = self.failures.saturating_add(1);
                let open = (failures >= FAILURES).then(|| Open::now(now, 1));
                Self { failures, open, ..self.clone() }
            }
        }
    }

    /// After any other answer; nothing if that was to be expected.
    pub(super) fn succeeded(&self) -> Option<Self> {
        let is_news = self.failures > 0 || self.open.is_some();
        is_news.then(|| Self { failures: 0, open: None, ..self.clone() })
    }

    /// How often the rate is halved now: time alone takes halvings back.
    fn halvings(&self, now: Timestamp) -> u32 {
        let quiet = self.halved_at.map_or(Duration::MAX, |at| since(now, at));
        let taken_back = u32::try_from(quiet.as_secs() / RECOVERY.as_secs()).unwrap_or(u32::MAX);
        self.halvings.min(MOST_HALVINGS).saturating_sub(taken_back)
    }
}

impl Open {
    /// Opened for the so manyth time in a row.
    fn now(now: Timestamp, times: u32) -> Self {
        let doubled = FIRST_OPEN.saturating_mul(2_u32.saturating_pow(times.saturating_sub(1)));
        Self { until: after(now, doubled.min(LONGEST_OPEN)), times, probe_until: None }
    }

    fn wait(&self, now: Timestamp) -> Duration {
        until(now, Some(self.until), LONGEST_OPEN).max(until(now, self.probe_until, PROBE).min(LOOK_AGAIN))
    }
}

#[cfg(test)]
#[path = "gate_tests.rs"]
mod tests;
