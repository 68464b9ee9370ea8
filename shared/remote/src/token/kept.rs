//! What instances share about expiring tokens: pure, no I/O, the clock is an argument.
//!
//! One instance holds the lease and refreshes; the others go on with the old access token until it ends, and wait
//! only then. A refresh token that was used and whose answer was lost may be used again; one that was refused is
//! not tried again and again.

use std::time::Duration;

use domain::Private;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::time::{after, since, until};

/// How long before its end a token is no longer used.
const MARGIN: Duration = Duration::from_secs(60);
/// How long before it is no longer used a token is replaced.
const EARLY: Duration = Duration::from_secs(300);
/// How long one instance may ask before it is passed over: longer than the token endpoint may take.
const LEASE: Duration = Duration::from_secs(30);
/// How long nobody asks after a failure; each further one doubles it.
const FIRST_PAUSE: Duration = Duration::from_secs(2);
const LONGEST_PAUSE: Duration = Duration::from_secs(900);
/// How long a token that replaced a refused one is not dropped itself.
const TRUST: Duration = Duration::from_secs(60);

/// An access token and the times of its use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// What is sent.
    pub value: Private<String>,
    /// From when on one instance replaces it.
    refresh_at: Timestamp,
    /// From when on nobody uses it.
    good_until: Timestamp,
}

/// The tokens of one authorisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept {
    /// The newest refresh token that is stored.
    refresh: Private<String>,
    token: Option<Token>,
    /// Until when one instance refreshes and the others leave it to that one.
    #[serde(default)]
    lease: Option<Timestamp>,
    #[serde(default)]
    failed: Option<Failed>,
    /// When a refused access token was dropped last.
    #[serde(default)]
    dropped: Option<Timestamp>,
}

/// Failures in a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Failed {
    at: Timestamp,
    times: u32,
    refusal: Option<Refusal>,
}

/// What the token endpoint refused, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Refusal {
    /// The client's name or secret.
    Client(String),
    /// The refresh token.
    Refresh(String),
}

/// What an instance that needs a token does next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// Use this one.
    Use(Token),
    /// Store this and, once it is stored, refresh.
    Refresh {
        kept: Kept,
        /// What the lease is known by.
        lease: Timestamp,
        /// What may be used if the refresh fails.
        fallback: Option<Token>,
    },
    /// Look again soon: another instance refreshes.
    Wait,
    /// Give up for so long: it failed a moment ago.
    Failed(Duration),
    /// Give up: it was refused.
    Refused(Refusal),
}

impl Token {
    /// A token that is received now.
    pub fn new(value: Private<String>, life: Duration, now: Timestamp) -> Self {
        // A life shorter than twice the margin is used to its half, never to its end.
        let usable = life.saturating_sub(MARGIN).max(life / 2);
        let early = EARLY.min(usable / 10);
        Self { value, refresh_at: after(now, usable.saturating_sub(early)), good_until: after(now, usable) }
    }

    /// Whether it may be used.
    pub fn is_good(&self, now: Timestamp) -> bool {
        now < self.good_until
    }

    pub(super) fn is_due(&self, now: Timestamp) -> bool {
        now >= self.refresh_at
    }
}

impl Kept {
    /// Nothing but the refresh token of the tenant's secret.
    pub(super) fn beginning(refresh: Private<String>) -> Self {
        Self { refresh, token: None, lease: None, failed: None, dropped: None }
    }

    /// The refresh token to use.
    pub(super) fn refresh_token(&self) -> &Private<String> {
        &self.refresh
    }

    /// The access token, good or not.
    pub(super) fn token(&self) -> Option<&Token> {
        self.token.as_ref()
    }

    /// What an instance that needs a token does next.
    pub(super) fn next(&self, now: Timestamp) -> Step {
        let good = self.token.clone().filter(|token| token.is_good(now));
        match (good, self.hindrance(now)) {
            (Some(token), _) if !token.is_due(now) => Step::Use(token),
            (Some(token), Some(_)) => Step::Use(token),
            (None, Some(hindrance)) => hindrance,
            (fallback, None) => {
                let lease = after(now, LEASE);
                Step::Refresh { kept: Self { lease: Some(lease), ..self.clone() }, lease, fallback }
            }
        }
    }

    /// With the tokens that the holder of a lease received. A token endpoint that gives no new refresh token lets
    /// the old one go on.
    pub(super) fn received(&self, lease: Timestamp, token: Token, refresh: Option<Private<String>>) -> Self {
        Self {
            refresh: refresh.unwrap_or_else(|| self.refresh.clone()),
            token: Some(token),
            lease: self.lease.filter(|held| *held != lease),
            failed: None,
            dropped: self.dropped,
        }
    }

    /// With the failure that the holder of a lease met.
    pub(super) fn failed(&self, lease: Timestamp, refusal: Option<Refusal>, now: Timestamp) -> Self {
        let times = self.failed.as_ref().map_or(0, |failed| failed.times).saturating_add(1);
        let failed = Some(Failed { at: now, times, refusal });
        Self { lease: self.lease.filter(|held| *held != lease), failed, ..self.clone() }
    }

    /// Without the access token that the service refused. Nothing if it replaced another refused one only a moment
    /// ago: then the token is not what is wrong.
    pub(super) fn without_token(&self, now: Timestamp) -> Option<Self> {
        if self.dropped.is_some_and(|dropped| since(now, dropped) < TRUST) {
            return None;
        }
        Some(Self { token: None, dropped: Some(now), ..self.clone() })
    }

    /// What keeps an instance from refreshing.
    fn hindrance(&self, now: Timestamp) -> Option<Step> {
        if !until(now, self.lease, LEASE).is_zero() {
            return Some(Step::Wait);
        }
        let failed = self.failed.as_ref()?;
        let pause = FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(failed.times.saturating_sub(1)));
        let left = until(now, Some(after(failed.at, pause.min(LONGEST_PAUSE))), LONGEST_PAUSE);
        if left.is_zero() {
            return None;
        }
        Some(failed.refusal.clone().map_or(Step::Failed(left), Step::Refused))
    }
}

#[cfg(test)]
#[path = "kept_tests.rs"]
mod tests;
