//! What instances share about the access tokens of one client: pure, no I/O, the clock is an argument.
//!
//! Infor limits tokens by client (Infor OS usage limits, "Access Tokens": 100 a day for some SKUs) and accounts of
//! one client share that limit, so all of them stand in one value.

use std::{collections::BTreeMap, time::Duration};

use jiff::Timestamp;
use remote::time::{after, since, until};
use serde::{Deserialize, Serialize};

/// How long before its end a token is no longer used.
const MARGIN: Duration = Duration::from_secs(60);
/// How long before it is no longer used a token is replaced.
const EARLY: Duration = Duration::from_secs(240);
/// How long one instance may ask before it is passed over: longer than the token endpoint may take.
const LEASE: Duration = Duration::from_secs(30);
/// How many tokens may be asked for in a day, below the 100 that Infor allows.
const BUDGET: usize = 80;
const DAY: Duration = Duration::from_secs(86_400);
/// How long nobody asks after a failure; each further one doubles it.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(1_800);
/// How long a token that replaced a refused one is not dropped itself; each further one doubles it.
const FIRST_TRUST: Duration = Duration::from_secs(60);
const LONGEST_TRUST: Duration = Duration::from_secs(1_800);
/// After how long without another a failure or refusal is forgotten.
const FORGOTTEN: Duration = Duration::from_secs(7_200);
/// How many accounts of one client are kept: more could not live on the budget.
const ACCOUNTS: usize = 6;

/// The tokens of one client.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Kept {
    /// When tokens were asked for within the last day, in seconds since 1970.
    asked: Vec<i64>,
    accounts: BTreeMap<String, Account>,
}

/// One account of the client.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Account {
    token: Option<Token>,
    /// Until when one instance asks for a new token and the others leave it to that one.
    lease: Option<Timestamp>,
    failed: Option<Repeated>,
    /// What the token endpoint said, if the last failure was a refusal.
    refusal: Option<String>,
    dropped: Option<Repeated>,
}

/// A token, sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Token {
    pub(super) sealed: String,
    /// From when on one instance replaces it.
    pub(super) refresh_at: Timestamp,
    /// From when on nobody uses it.
    pub(super) good_until: Timestamp,
}

/// Something that happened so many times, last at this time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Repeated {
    at: Timestamp,
    times: u32,
}

/// What an instance that needs a token does next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// Use this one.
    Use(Token),
    /// Store this and, once it is stored, ask for a token.
    Ask {
        kept: Kept,
        /// What the lease is known by.
        lease: Timestamp,
        /// What may be used if the token endpoint fails.
        fallback: Option<Token>,
    },
    /// Look again soon: another instance asks.
    Wait,
    /// Give up until this time: the token endpoint refused the credentials, in these words.
    Refused(Timestamp, String),
    /// Give up until this time: the token endpoint failed a moment ago.
    Failed(Timestamp),
    /// Give up until this time: so many tokens were asked for within a day.
    Spent(Timestamp, usize),
}

impl Token {
    /// A token that is received now. `jitter` (up to a minute) keeps accounts from refreshing all together.
    pub(super) fn new(sealed: String, life: Duration, now: Timestamp, jitter: Duration) -> Self {
        // A life shorter than twice the margin is used to its half, never to its end.
        let usable = life.saturating_sub(MARGIN).max(life / 2);
        let early = (EARLY + jitter).min(usable / 10);
        Self { sealed, refresh_at: after(now, usable.saturating_sub(early)), good_until: after(now, usable) }
    }

    pub(super) fn is_good(&self, now: Timestamp) -> bool {
        now < self.good_until
    }

    pub(super) fn is_due(&self, now: Timestamp) -> bool {
        now >= self.refresh_at
    }
}

impl Kept {
    /// What an instance that needs a token of this account does next.
    pub(super) fn next(&self, account: &str, now: Timestamp) -> Step {
        let known = self.accounts.get(account).cloned().unwrap_or_default();
        let good = known.token.clone().filter(|token| token.is_good(now));
        match (good, self.hindrance(&known, now)) {
            (Some(token), _) if !token.is_due(now) => Step::Use(token),
            (Some(token), Some(_)) => Step::Use(token),
            (None, Some(hindrance)) => hindrance,
            (fallback, None) => self.ask(account, now, fallback),
        }
    }

    /// The sealed token of an account, good or not.
    pub(super) fn token(&self, account: &str) -> Option<&Token> {
        self.accounts.get(account)?.token.as_ref()
    }

    /// The same without an account's token: for one that cannot be opened.
    pub(super) fn without_token(mut self, account: &str) -> Self {
        self.account(account).token = None;
        self
    }

    /// Drops the token that the gateway refused. Nothing if it replaced another refused one only a while ago:
    /// then the token is not what is wrong, and asking for ever more would use the budget up.
    pub(super) fn dropped(&self, account: &str, now: Timestamp) -> Option<Self> {
        let mut kept = self.clone();
        let known = kept.account(account);
        let before = known.dropped.filter(|dropped| since(now, dropped.at) < FORGOTTEN);
        let trusted = before.map_or(Duration::ZERO, |d| d.grown(FIRST_TRUST, LONGEST_TRUST));
        if before.is_some_and(|dropped| since(now, dropped.at) < trusted) {
            return None;
        }
        known.dropped = Some(Repeated::once_more(before, now));
        known.token = None;
        Some(kept)
    }

    /// With the token that the holder of a lease received.
    pub(super) fn received(&self, account: &str, lease: Timestamp, token: Token) -> Self {
        let mut kept = self.clone();
        let known = kept.account(account);
        known.end(lease);
        (known.failed, known.refusal) = (None, None);
        known.token = Some(token);
        kept
    }

    /// With the failure that the holder of a lease met; `refusal` is what the token endpoint said, if it refused
    /// the credentials.
    pub(super) fn failed(
        &self,
        account: &str,
        lease: Timestamp,
        refusal: Option<String>,
        now: Timestamp,
    ) -> Self {
        let mut kept = self.clone();
        let known = kept.account(account);
        known.end(lease);
        let before = known.failed.filter(|failed| since(now, failed.at) < FORGOTTEN);
        known.failed = Some(Repeated::once_more(before, now));
        known.refusal = refusal;
        kept
    }

    fn account(&mut self, account: &str) -> &mut Account {
        self.accounts.entry(account.to_owned()).or_default()
    }

    /// What keeps an instance from asking.
    fn hindrance(&self, known: &Account, now: Timestamp) -> Option<Step> {
        if !until(now, known.lease, LEASE).is_zero() {
            return Some(Step::Wait);
        }
        let pause_end = known.failed.map(|failed| after(failed.at, failed.grown(FIRST_PAUSE, LONGEST_PAUSE)));
        let pause = until(now, pause_end, LONGEST_PAUSE);
        if !pause.is_zero() {
            let end = after(now, pause);
            let refused = |why| Step::Refused(end, why);
            return Some(known.refusal.clone().map_or(Step::Failed(end), refused));
        }
        let asked = self.asked_today(now);
        let first = asked.first().filter(|_| asked.len() >= BUDGET)?;
        let goes_on = after(Timestamp::from_second(*first).unwrap_or(now), DAY);
        Some(Step::Spent(goes_on, asked.len()))
    }

    /// Takes the lease and notes the request in the budget.
    fn ask(&self, account: &str, now: Timestamp, fallback: Option<Token>) -> Step {
        let lease = after(now, LEASE);
        let mut kept = self.clone();
        kept.asked = self.asked_today(now);
        kept.asked.push(now.as_second());
        kept.account(account).lease = Some(lease);
        kept.accounts.retain(|name, known| name == account || known.is_of_use(now));
        while kept.accounts.len() > ACCOUNTS {
            let others = kept.accounts.iter().filter(|(name, _)| *name != account);
            let oldest = others.min_by_key(|(_, known)| known.token.as_ref().map(|token| token.good_until));
            let Some(oldest) = oldest.map(|(name, _)| name.clone()) else { break };
            kept.accounts.remove(&oldest);
        }
        Step::Ask { kept, lease, fallback }
    }

    /// The requests of the last day, the oldest first.
    fn asked_today(&self, now: Timestamp) -> Vec<i64> {
        let counts = |second: &&i64| {
            let end = Timestamp::from_second(**second).ok().map(|at| after(at, DAY));
            !until(now, end, DAY).is_zero()
        };
        let mut asked: Vec<_> = self.asked.iter().filter(counts).copied().collect();
        asked.sort_unstable();
        asked
    }
}

impl Account {
    /// Ends a lease, unless another instance took it over meanwhile.
    fn end(&mut self, lease: Timestamp) {
        self.lease = self.lease.filter(|held| *held != lease);
    }

    fn is_of_use(&self, now: Timestamp) -> bool {
        let is_recent = |event: Option<Repeated>| event.is_some_and(|event| since(now, event.at) < FORGOTTEN);
        self.token.as_ref().is_some_and(|token| token.is_good(now))
            || !until(now, self.lease, LEASE).is_zero()
            || is_recent(self.failed)
            || is_recent(self.dropped)
    }
}

impl Repeated {
    fn once_more(before: Option<Self>, now: Timestamp) -> Self {
        Self { at: now, times: before.map_or(1, |before| before.times.saturating_add(1)) }
    }

    /// A time that doubles with each repetition.
    fn grown(self, first: Duration, longest: Duration) -> Duration {
        first.saturating_mul(2_u32.saturating_pow(self.times.saturating_sub(1))).min(longest)
    }
}

#[cfg(test)]
#[path = "kept_tests.rs"]
mod tests;
