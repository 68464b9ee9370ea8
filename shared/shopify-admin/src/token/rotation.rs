//! Expiring tokens, shared with all other instances: what is done next is decided in `kept`, purely; this module
//! reads, swaps, asks and waits.
//!
//! **Architecture Invariant:** no access token is used whose refresh token is not stored. Whoever used it would make
//! Shopify forget the refresh token that is.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use domain::Private;
use reqwest::Url;
use tokio::time::{Instant, sleep, timeout_at};

use super::{
    exchange::{self, Grant, NoToken},
    kept::{Kept, Refusal, Step, Token},
    seal::Seal,
    shared::{SharedTokens, Stored, SwapError},
};
use crate::{AdminError, transport::Transport};

/// The longest sleep before looking again whether the other one has it.
const LONGEST_SLEEP: Duration = Duration::from_secs(1);
/// How often a change that others overtake is tried again.
const SWAPS: u32 = 5;

/// Who refreshes, and with what it began.
pub(super) struct App {
    pub(super) token_url: Url,
    pub(super) client_id: String,
    pub(super) client_secret: Private<String>,
    pub(super) first_refresh_token: Private<String>,
}

/// The expiring tokens of one app in one shop.
pub(crate) struct Rotation {
    app: App,
    transport: Arc<dyn Transport>,
    shared: Arc<dyn SharedTokens>,
    seal: Option<Seal>,
    /// One call of this instance at a time reads, refreshes or waits.
    turn: tokio::sync::Mutex<()>,
    /// The token that this instance read or stored last.
    held: Mutex<Option<Token>>,
}

/// The shared text as it was read.
struct Known {
    version: u64,
    kept: Kept,
}

impl Rotation {
    pub(super) fn new(
        shop: &str,
        app: App,
        transport: Arc<dyn Transport>,
        shared: Arc<dyn SharedTokens>,
    ) -> Self {
        let seal = Seal::new(shop, &app.client_id, &app.first_refresh_token);
        Self { app, transport, shared, seal, turn: tokio::sync::Mutex::default(), held: Mutex::default() }
    }

    /// A token that is good now. While it is good, nobody waits for its successor: the call that finds it due
    /// refreshes, the others go on with it.
    pub(super) async fn get(&self, deadline: Instant) -> Result<Private<String>, AdminError> {
        let Some(held) = self.good() else {
            let _turn = timeout_at(deadline, self.turn.lock()).await.map_err(|_| waited_in_vain())?;
            return match self.good() {
                Some(held) => Ok(held.value),
                None => self.find(deadline).await,
            };
        };
        if !held.is_due(self.shared.now()) {
            return Ok(held.value);
        }
        let Ok(_turn) = self.turn.try_lock() else { return Ok(held.value) };
        Ok(self.find(deadline).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "the access token is not replaced early");
            held.value
        }))
    }

    /// Drops the token that the Admin API refused, for all instances, unless it was replaced already. Returns whether
    /// another one may be tried.
    pub(super) async fn drop_refused(&self, refused: &Private<String>) -> Result<bool, AdminError> {
        self.held().take_if(|held| held.value == *refused);
        let mut known = self.read().await?;
        for _ in 0..SWAPS {
            if known.kept.token().map(|token| &token.value) != Some(refused) {
                return Ok(true);
            }
            let Some(kept) = known.kept.without_token(self.shared.now()) else { return Ok(false) };
            match self.swap(known.version, &kept).await? {
                Ok(_) => return Ok(true),
                Err(stored) => known = stored,
            }
        }
        Err(overtaken())
    }

    /// Finds the token that is stored, or refreshes. Waits until the deadline for another instance that refreshes.
    async fn find(&self, deadline: Instant) -> Result<Private<String>, AdminError> {
        let mut known = self.read().await?;
        let mut pause = Duration::from_millis(100);
        loop {
            match known.kept.next(self.shared.now()) {
                Step::Use(token) => return Ok(self.hold(token)),
                Step::Refresh { kept, lease, fallback } => match self.swap(known.version, &kept).await? {
                    Ok(version) => {
                        let token = self.refresh(Known { version, kept }, lease, deadline).await;
                        return token.or_else(|error| self.fall_back(fallback, error));
                    }
                    Err(stored) => known = stored,
                },
                Step::Wait if Instant::now() + pause >= deadline => return Err(waited_in_vain()),
                Step::Wait => {
                    sleep(pause.mul_f64(0.75 + fastrand::f64() / 4.0)).await;
                    pause = (pause * 2).min(LONGEST_SLEEP);
                    known = self.read().await?;
                }
                Step::Failed(left) => {
                    return Err(AdminError::Unreachable(format!(
                        "the token endpoint keeps failing: it is not asked again for {} s",
                        left.as_secs() + 1
                    )));
                }
                Step::Refused(refusal) => return Err(refused(refusal)),
            }
        }
    }

    /// Refreshes as the holder of the lease, and stores what came of it before it is used.
    async fn refresh(
        &self,
        known: Known,
        lease: jiff::Timestamp,
        deadline: Instant,
    ) -> Result<Private<String>, AdminError> {
        let grant = Grant::Refresh(known.kept.refresh_token());
        let App { token_url, client_id, client_secret, .. } = &self.app;
        let answer =
            exchange::request(&*self.transport, token_url, client_id, client_secret, grant, deadline).await;
        let now = self.shared.now();
        let error = match answer {
            Ok(granted) => {
                let token = Token::new(granted.access, granted.life, now);
                let received = |kept: &Kept| kept.received(lease, token.clone(), granted.refresh.clone());
                self.store(known, received).await?;
                return Ok(self.hold(token));
            }
            Err(error) => error,
        };
        let refusal = match &error {
            NoToken::Passing(_) => None,
            NoToken::Client(why) => Some(Refusal::Client(why.clone())),
            NoToken::Refused(why) => Some(Refusal::Refresh(why.clone())),
        };
        if let Err(error) = self.store(known, |kept| kept.failed(lease, refusal.clone(), now)).await {
            tracing::warn!(%error, "the other instances were not told that the access token was not refreshed");
        }
        Err(match (error, refusal) {
            (_, Some(refusal)) => refused(refusal),
            (NoToken::Passing(why) | NoToken::Client(why) | NoToken::Refused(why), None) => {
                AdminError::Unreachable(why)
            }
        })
    }

    /// Changes the shared text on top of whatever stands there.
    async fn store(&self, mut known: Known, change: impl Fn(&Kept) -> Kept) -> Result<(), AdminError> {
        for _ in 0..SWAPS {
            match self.swap(known.version, &change(&known.kept)).await? {
                Ok(_) => return Ok(()),
                Err(stored) => known = stored,
            }
        }
        Err(overtaken())
    }

    fn fall_back(&self, fallback: Option<Token>, error: AdminError) -> Result<Private<String>, AdminError> {
        let Some(token) = fallback else { return Err(error) };
        tracing::warn!(%error, "the access token is not replaced early");
        Ok(self.hold(token))
    }

    fn hold(&self, token: Token) -> Private<String> {
        let value = token.value.clone();
        *self.held() = Some(token);
        value
    }

    /// The token that this instance has, if it is good.
    fn good(&self) -> Option<Token> {
        self.held().clone().filter(|token| token.is_good(self.shared.now()))
    }

    async fn read(&self) -> Result<Known, AdminError> {
        let stored = self.shared.read().await.map_err(|why| unreachable_text(&why))?;
        self.known(stored)
    }

    /// The new version; if others were first, what stands there now.
    async fn swap(&self, before: u64, kept: &Kept) -> Result<Result<u64, Known>, AdminError> {
        let json = serde_json::to_string(kept).map_err(|_| no_cryptography())?;
        let sealed = self.seal()?.seal(&Private::new(json)).ok_or_else(no_cryptography)?;
        match self.shared.swap(before, sealed).await {
            Ok(version) => Ok(Ok(version)),
            Err(SwapError::Conflict(stored)) => self.known(stored).map(Err),
            Err(SwapError::Unavailable(why)) => Err(unreachable_text(&why)),
        }
    }

    /// What does not open came of another authorisation: it is begun anew with the refresh token of the secret.
    fn known(&self, stored: Option<Stored>) -> Result<Known, AdminError> {
        let beginning = || Kept::beginning(self.app.first_refresh_token.clone());
        let Some(Stored { version, value }) = stored else {
            return Ok(Known { version: 0, kept: beginning() });
        };
        let json = self.seal()?.open(&value);
        let kept = json.and_then(|json| serde_json::from_str(json.expose()).ok()).unwrap_or_else(|| {
            tracing::warn!(
                "the stored Shopify tokens do not open: they are begun anew with the tenant's secret"
            );
            beginning()
        });
        Ok(Known { version, kept })
    }

    fn seal(&self) -> Result<&Seal, AdminError> {
        self.seal.as_ref().ok_or_else(no_cryptography)
    }

    /// A poisoned lock only means a panic elsewhere: what is held is whole.
    fn held(&self) -> MutexGuard<'_, Option<Token>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn refused(refusal: Refusal) -> AdminError {
    match refusal {
        Refusal::Client(why) => AdminError::Credentials(why),
        Refusal::Refresh(why) => AdminError::Reauthorise(why),
    }
}

fn waited_in_vain() -> AdminError {
    AdminError::Unreachable("another call refreshes the access token and has not got it in time".into())
}

fn overtaken() -> AdminError {
    AdminError::Unreachable("others kept writing the Shopify tokens".into())
}

fn unreachable_text(why: &str) -> AdminError {
    AdminError::Unreachable(format!("the shared Shopify tokens cannot be read or written: {why}"))
}

fn no_cryptography() -> AdminError {
    AdminError::Unreachable("the system's cryptography does not answer".into())
}
