//! The access token: one for all instances, asked for by one of them, used until shortly before its end, dropped
//! once on a 401.
//!
//! It is kept sealed among the shared values. What is done next is decided in `kept`, purely; this module reads,
//! swaps, asks and waits. Tokens stand in no log and no error.

mod exchange;
mod kept;
mod seal;

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use domain::Private;
use tokio::time::Instant;

use self::{
    exchange::Granted,
    kept::{Kept, Step, Token},
    seal::Seal,
};
use super::{Shared, Stored, SwapError, Transport, ionapi::IonApi, patience::Patience};
use crate::CallError;

/// The name of the shared value.
const NAME: &str = "token";
/// How long a call waits for a token that another one asks for.
const LONGEST_WAIT: Duration = Duration::from_secs(20);
/// The longest sleep before looking again whether the other one has it.
const LONGEST_SLEEP: Duration = Duration::from_secs(1);
/// How often a change that others overtake is tried again.
const SWAPS: u32 = 5;

/// The tokens of one account, shared with all other instances.
pub(super) struct Tokens {
    ion: IonApi,
    transport: Arc<dyn Transport>,
    shared: Arc<dyn Shared>,
    seal: Option<Seal>,
    /// One call of this instance at a time reads, asks or waits.
    turn: tokio::sync::Mutex<()>,
    held: Mutex<Option<Held>>,
}

/// The token that this instance read or received last.
#[derive(Clone)]
struct Held {
    value: Private<String>,
    token: Token,
}

/// The shared value as it was read.
struct Known {
    version: u64,
    kept: Kept,
}

impl Tokens {
    pub(super) fn new(ion: IonApi, transport: Arc<dyn Transport>, shared: Arc<dyn Shared>) -> Self {
        let (seal, turn, held) = (Seal::new(&ion), tokio::sync::Mutex::default(), Mutex::default());
        Self { ion, transport, shared, seal, turn, held }
    }

    /// A token that is good now. While it is good, nobody waits for its successor: the call that finds it due
    /// asks, the others go on with it.
    pub(super) async fn get(&self, patience: &mut Patience) -> Result<Private<String>, CallError> {
        let came = Instant::now();
        let Some(held) = self.good() else {
            let token = self.get_new(came + LONGEST_WAIT).await;
            // Who waited in vain for a token does not wait again for the same piece of work.
            return token.inspect_err(|_| patience.spend(came.elapsed()));
        };
        if !held.token.is_due(self.shared.now()) {
            return Ok(held.value);
        }
        let Ok(_turn) = self.turn.try_lock() else { return Ok(held.value) };
        Ok(self.find(came).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "the access token is not replaced early");
            held.value
        }))
    }

    /// Drops the token that the gateway refused, for all instances, unless it was replaced already. Returns
    /// whether another one may be tried.
    pub(super) async fn drop_refused(&self, refused: &Private<String>) -> Result<bool, CallError> {
        self.held().take_if(|held| held.value == *refused);
        let seal = self.seal()?;
        let mut known = self.read().await?;
        for _ in 0..SWAPS {
            let stored = known.kept.token(seal.account()).and_then(|token| seal.open(&token.sealed));
            if stored.as_ref() != Some(refused) {
                return Ok(true);
            }
            let Some(kept) = known.kept.dropped(seal.account(), self.shared.now()) else { return Ok(false) };
            match self.swap(known.version, &kept).await? {
                Ok(_) => return Ok(true),
                Err(stored) => known = stored,
            }
        }
        Err(CallError::NotSent("others kept writing the access token".into()))
    }

    /// A token for a call that has none, in its turn.
    async fn get_new(&self, deadline: Instant) -> Result<Private<String>, CallError> {
        let turn = tokio::time::timeout_at(deadline, self.turn.lock()).await;
        let _turn = turn.map_err(|_| waited_in_vain())?;
        match self.good() {
            Some(held) => Ok(held.value),
            None => self.find(deadline).await,
        }
    }

    /// Finds the token that is stored, or asks for one. Waits until the deadline for another instance that asks.
    async fn find(&self, deadline: Instant) -> Result<Private<String>, CallError> {
        let seal = self.seal()?;
        let mut known = self.read().await?;
        let mut sleep = Duration::from_millis(100);
        loop {
            match known.kept.next(seal.account(), self.shared.now()) {
                Step::Use(token) => match seal.open(&token.sealed) {
                    Some(value) => return Ok(self.hold(value, token)),
                    None => known.kept = known.kept.without_token(seal.account()),
                },
                Step::Ask { kept, lease, fallback } => match self.swap(known.version, &kept).await? {
                    Ok(version) => {
                        let answer = self.ask(seal, Known { version, kept }, lease).await;
                        return answer.or_else(|error| self.fall_back(seal, fallback, error));
                    }
                    Err(stored) => known = stored,
                },
                Step::Wait if Instant::now() >= deadline => return Err(waited_in_vain()),
                Step::Wait => {
                    tokio::time::sleep(sleep.mul_f64(0.75 + fastrand::f64() / 2.0)).await;
                    sleep = (sleep * 2).min(LONGEST_SLEEP);
                    known = self.read().await?;
                }
                step => return Err(given_up(step)),
            }
        }
    }

    /// Asks for a token as the holder of the lease, and tells all instances what came of it.
    async fn ask(
        &self,
        seal: &Seal,
        known: Known,
        lease: jiff::Timestamp,
    ) -> Result<Private<String>, CallError> {
        let answer = exchange::request(&*self.transport, &self.ion).await;
        let now = self.shared.now();
        match answer {
            Ok(Granted { value, life }) => {
                let sealed = seal.seal(&value).ok_or_else(no_cryptography)?;
                let jitter = Duration::from_millis(fastrand::u64(0..60_000));
                let token = Token::new(sealed, life, now, jitter);
                let received = |kept: &Kept| kept.received(seal.account(), lease, token.clone());
                self.tell(known, received).await;
                Ok(self.hold(value, token))
            }
            Err(error) => {
                let refusal = match &error {
                    CallError::Credentials(why) => Some(why.clone()),
                    _ => None,
                };
                self.tell(known, |kept| kept.failed(seal.account(), lease, refusal.clone(), now)).await;
                Err(error)
            }
        }
    }

    /// Changes the shared value on top of whatever stands there. That it cannot be changed is no failure of the
    /// call: this instance goes on with what it has, and the others ask when the lease is over.
    async fn tell(&self, mut known: Known, change: impl Fn(&Kept) -> Kept) {
        for _ in 0..SWAPS {
            match self.swap(known.version, &change(&known.kept)).await {
                Ok(Ok(_)) => return,
                Ok(Err(stored)) => known = stored,
                Err(error) => {
                    tracing::warn!(%error, "the other instances were not told about the access token");
                    return;
                }
            }
        }
        tracing::warn!("others kept writing the access token: they were not told about the new one");
    }

    fn fall_back(
        &self,
        seal: &Seal,
        fallback: Option<Token>,
        error: CallError,
    ) -> Result<Private<String>, CallError> {
        let Some(token) = fallback else { return Err(error) };
        let Some(value) = seal.open(&token.sealed) else { return Err(error) };
        tracing::warn!(%error, "the access token is not replaced early");
        Ok(self.hold(value, token))
    }

    fn hold(&self, value: Private<String>, token: Token) -> Private<String> {
        *self.held() = Some(Held { value: value.clone(), token });
        value
    }

    /// The token that this instance has, if it is good.
    fn good(&self) -> Option<Held> {
        self.held().clone().filter(|held| held.token.is_good(self.shared.now()))
    }

    fn seal(&self) -> Result<&Seal, CallError> {
        self.seal.as_ref().ok_or_else(no_cryptography)
    }

    async fn read(&self) -> Result<Known, CallError> {
        self.shared.read(NAME).await.map(known).map_err(|why| unreachable_value(&why))
    }

    /// The new version; if others were first, what stands there now.
    async fn swap(&self, before: u64, kept: &Kept) -> Result<Result<u64, Known>, CallError> {
        let json = serde_json::to_string(kept).map_err(|error| unreachable_value(&error.to_string()))?;
        match self.shared.swap(NAME, before, json).await {
            Ok(version) => Ok(Ok(version)),
            Err(SwapError::Conflict(stored)) => Ok(Err(known(stored))),
            Err(SwapError::Unavailable(why)) => Err(unreachable_value(&why)),
        }
    }

    /// A poisoned lock only means a panic elsewhere: what is held is whole.
    fn held(&self) -> MutexGuard<'_, Option<Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A value that cannot be read is begun anew: better a token too much than none for ever.
fn known(stored: Option<Stored>) -> Known {
    let Some(Stored { version, value }) = stored else { return Known { version: 0, kept: Kept::default() } };
    let kept = serde_json::from_str(&value).unwrap_or_else(|error| {
        // The place of the fault is told, the text is not: it may hold what was sealed.
        tracing::error!(column = error.column(), "the stored access token cannot be read and is begun anew");
        Kept::default()
    });
    Known { version, kept }
}

fn given_up(step: Step) -> CallError {
    match step {
        Step::Refused(until, why) => {
            CallError::Credentials(format!("{why} (the same credentials are not tried again before {until})"))
        }
        Step::Spent(until, asked) => CallError::NotSent(format!(
            "{asked} access tokens were asked for within a day, and Infor allows some clients 100: no more until {until}"
        )),
        Step::Failed(until) => CallError::NotSent(format!(
            "the token endpoint keeps failing: it is not asked again before {until}"
        )),
        Step::Use(_) | Step::Ask { .. } | Step::Wait => waited_in_vain(),
    }
}

fn waited_in_vain() -> CallError {
    CallError::NotSent(format!(
        "another call asks for the access token and has not got it within {} s",
        LONGEST_WAIT.as_secs()
    ))
}

fn unreachable_value(why: &str) -> CallError {
    CallError::NotSent(format!("the shared access token cannot be read or written: {why}"))
}

fn no_cryptography() -> CallError {
    CallError::NotSent("the system's cryptography does not answer".into())
}

#[cfg(test)]
#[path = "token_tests.rs"]
mod tests;
