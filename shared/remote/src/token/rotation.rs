//! Tokens that are refreshed, shared with all other instances: what is done next is decided in `kept`, purely; this module
//! reads, swaps, asks and waits.
//!
//! **Architecture Invariant:** no access token is used whose refresh token is not stored. Whoever used it would make
//! the service forget the refresh token that is (Shopify does; others forget it with the refresh itself).

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use domain::Private;
use tokio::time::{Instant, sleep, timeout_at};

use super::{
    exchange::{self, Client, Grant, TokenError},
    kept::{Kept, Refusal, Step, Token},
    seal::Seal,
};
use crate::{
    post::PostTransport,
    shared::{Shared, Stored, SwapError},
};

/// The name of the shared value.
const NAME: &str = "tokens";

/// The longest sleep before looking again whether the other one has it.
const LONGEST_SLEEP: Duration = Duration::from_secs(1);
/// How long is waited between tries to store new tokens.
const STORE_PAUSES: [Duration; 4] =
    [Duration::from_millis(200), Duration::from_millis(500), Duration::from_secs(1), Duration::from_secs(2)];
/// How often a change that others overtake is tried again.
const SWAPS: u32 = 5;

/// The tokens that came of one authorisation.
pub struct Rotation {
    client: Client,
    first_refresh_token: Private<String>,
    transport: Arc<dyn PostTransport>,
    shared: Arc<dyn Shared>,
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
    /// What began with a refresh token of the tenant's secret. What is shared is sealed under that one, for the purpose
    /// and the owner (such as a shop's domain) that are given: it stays the same when the client's secret is rotated,
    /// so the newest refresh token is not lost then; and with a new authorisation it changes, so that what came of
    /// the old one no longer opens and is begun anew.
    pub fn new(
        client: Client,
        first_refresh_token: Private<String>,
        (purpose, owner): (&[u8], &str),
        transport: Arc<dyn PostTransport>,
        shared: Arc<dyn Shared>,
    ) -> Self {
        let seal = Seal::new(&first_refresh_token, purpose, &[owner, &client.id]);
        let (turn, held) = (tokio::sync::Mutex::default(), Mutex::default());
        Self { client, first_refresh_token, transport, shared, seal, turn, held }
    }

    /// A token that is good now. While it is good, nobody waits for its successor: the call that finds it due
    /// refreshes, the others go on with it.
    pub async fn get(&self, deadline: Instant) -> Result<Private<String>, TokenError> {
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

    /// Drops the token that the service refused, for all instances, unless it was replaced already. Returns whether
    /// another one may be tried.
    pub async fn drop_refused(&self, refused: &Private<String>) -> Result<bool, TokenError> {
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
    async fn find(&self, deadline: Instant) -> Result<Private<String>, TokenError> {
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
                    return Err(TokenError::Unavailable(format!(
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
    ) -> Result<Private<String>, TokenError> {
        let grant = Grant::Refresh(known.kept.refresh_token());
        let answer = exchange::request(&*self.transport, &self.client, grant, deadline).await;
        let now = self.shared.now();
        let error = match answer {
            Ok(granted) => {
                let token = Token::new(granted.access, granted.life, now);
                let received = |kept: &Kept| kept.received(lease, token.clone(), granted.refresh.clone());
                self.store_surely(known, received, deadline).await?;
                return Ok(self.hold(token));
            }
            Err(error) => error,
        };
        let refusal = match &error {
            TokenError::Unavailable(_) => None,
            TokenError::Client(why) => Some(Refusal::Client(why.clone())),
            TokenError::Refused(why) => Some(Refusal::Refresh(why.clone())),
        };
        if let Err(error) = self.store(known, |kept| kept.failed(lease, refusal.clone(), now)).await {
            tracing::warn!(%error, "the other instances were not told that the access token was not refreshed");
        }
        Err(error)
    }

    /// Changes the shared text, and waits a little for its place: a new refresh token that is not stored is lost, and
    /// services that forget the old one at once ask for a person then.
    async fn store_surely(
        &self,
        known: Known,
        change: impl Fn(&Kept) -> Kept,
        deadline: Instant,
    ) -> Result<(), TokenError> {
        let (mut known, mut result) = (Some(known), Ok(()));
        for pause in STORE_PAUSES {
            let on_top = match known.take() {
                Some(known) => Ok(known),
                None => self.read().await,
            };
            result = match on_top {
                Ok(on_top) => self.store(on_top, &change).await,
                Err(error) => Err(error),
            };
            if result.is_ok() || Instant::now() + pause >= deadline {
                break;
            }
            sleep(pause).await;
        }
        result
    }

    /// Changes the shared text on top of whatever stands there.
    async fn store(&self, mut known: Known, change: impl Fn(&Kept) -> Kept) -> Result<(), TokenError> {
        for _ in 0..SWAPS {
            match self.swap(known.version, &change(&known.kept)).await? {
                Ok(_) => return Ok(()),
                Err(stored) => known = stored,
            }
        }
        Err(overtaken())
    }

    fn fall_back(&self, fallback: Option<Token>, error: TokenError) -> Result<Private<String>, TokenError> {
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

    async fn read(&self) -> Result<Known, TokenError> {
        let stored = self.shared.read(NAME).await.map_err(|why| unreachable_text(&why))?;
        self.known(stored)
    }

    /// The new version; if others were first, what stands there now.
    async fn swap(&self, before: u64, kept: &Kept) -> Result<Result<u64, Known>, TokenError> {
        let json = serde_json::to_string(kept).map_err(|_| no_cryptography())?;
        let sealed = self.seal()?.seal(&Private::new(json)).ok_or_else(no_cryptography)?;
        match self.shared.swap(NAME, before, sealed).await {
            Ok(version) => Ok(Ok(version)),
            Err(SwapError::Conflict(stored)) => self.known(stored).map(Err),
            Err(SwapError::Unavailable(why)) => Err(unreachable_text(&why)),
        }
    }

    /// What does not open came of another authorisation: it is begun anew with the refresh token of the secret.
    fn known(&self, stored: Option<Stored>) -> Result<Known, TokenError> {
        let beginning = || Kept::beginning(self.first_refresh_token.clone());
        let Some(Stored { version, value }) = stored else {
            return Ok(Known { version: 0, kept: beginning() });
        };
        let json = self.seal()?.open(&value);
        let kept = json.and_then(|json| serde_json::from_str(json.expose()).ok()).unwrap_or_else(|| {
            tracing::warn!("the stored tokens do not open: they are begun anew with the tenant's secret");
            beginning()
        });
        Ok(Known { version, kept })
    }

    fn seal(&self) -> Result<&Seal, TokenError> {
        self.seal.as_ref().ok_or_else(no_cryptography)
    }

    /// A poisoned lock only means a panic elsewhere: what is held is whole.
    fn held(&self) -> MutexGuard<'_, Option<Token>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn refused(refusal: Refusal) -> TokenError {
    match refusal {
        Refusal::Client(why) => TokenError::Client(why),
        Refusal::Refresh(why) => TokenError::Refused(why),
    }
}

fn waited_in_vain() -> TokenError {
    TokenError::Unavailable("another call refreshes the access token and has not got it in time".into())
}

fn overtaken() -> TokenError {
    TokenError::Unavailable("others kept writing the tokens".into())
}

fn unreachable_text(why: &str) -> TokenError {
    TokenError::Unavailable(format!("the shared tokens cannot be read or written: {why}"))
}

fn no_cryptography() -> TokenError {
    TokenError::Unavailable("the system's cryptography does not answer".into())
}
