//! The access token, by whichever way the app gets it. Tokens stand in no log and no error.

mod exchange;
mod kept;
mod rotation;
mod seal;
mod shared;

use std::sync::Arc;

use domain::Private;
use reqwest::Url;
use tokio::{
    sync::Mutex,
    time::{Instant, timeout_at},
};

pub use self::shared::{InMemory, SharedTokens, Stored, SwapError};
use self::{
    exchange::{Grant, NoToken},
    kept::Token,
    rotation::{App, Rotation},
};
use crate::{AdminError, Credentials, transport::Transport};

/// Where a call's token comes from.
pub(crate) enum Tokens {
    Fixed(Private<String>),
    Asked(Box<Asked>),
    Rotating(Box<Rotation>),
}

impl Tokens {
    pub(crate) fn new(
        shop: &str,
        token_url: Url,
        credentials: Credentials,
        transport: Arc<dyn Transport>,
        shared: Arc<dyn SharedTokens>,
    ) -> Self {
        match credentials {
            Credentials::AccessToken { access_token } => Self::Fixed(access_token),
            Credentials::ClientCredentials { client_id, client_secret } => {
                let held = Mutex::default();
                Self::Asked(Box::new(Asked { token_url, client_id, client_secret, transport, shared, held }))
            }
            Credentials::Expiring { client_id, client_secret, refresh_token } => {
                let app = App { token_url, client_id, client_secret, first_refresh_token: refresh_token };
                Self::Rotating(Box::new(Rotation::new(shop, app, transport, shared)))
            }
        }
    }

    /// A token that is good now.
    pub(crate) async fn get(&self, deadline: Instant) -> Result<Private<String>, AdminError> {
        match self {
            Self::Fixed(token) => Ok(token.clone()),
            Self::Asked(asked) => asked.get(deadline).await,
            Self::Rotating(rotation) => rotation.get(deadline).await,
        }
    }

    /// Drops a token that the Admin API refused. Returns whether another one may be tried.
    pub(crate) async fn drop_refused(&self, refused: &Private<String>) -> Result<bool, AdminError> {
        match self {
            Self::Fixed(_) => Ok(false),
            Self::Asked(asked) => Ok(asked.drop_refused(refused).await),
            Self::Rotating(rotation) => rotation.drop_refused(refused).await,
        }
    }
}

/// A token that is simply asked for again: each instance has its own, and one call of it asks at a time.
pub(crate) struct Asked {
    token_url: Url,
    client_id: String,
    client_secret: Private<String>,
    transport: Arc<dyn Transport>,
    shared: Arc<dyn SharedTokens>,
    held: Mutex<Option<Token>>,
}

impl Asked {
    async fn get(&self, deadline: Instant) -> Result<Private<String>, AdminError> {
        let in_vain = |_| {
            AdminError::Unreachable(
                "another call asks for the access token and has not got it in time".into(),
            )
        };
        let mut held = timeout_at(deadline, self.held.lock()).await.map_err(in_vain)?;
        let now = self.shared.now();
        if let Some(token) = held.as_ref().filter(|token| token.is_good(now)) {
            return Ok(token.value.clone());
        }
        let Self { token_url, client_id, client_secret, .. } = self;
        let grant = Grant::ClientCredentials;
        let granted =
            exchange::request(&*self.transport, token_url, client_id, client_secret, grant, deadline).await;
        let granted = granted.map_err(|error| match error {
            NoToken::Passing(why) => AdminError::Unreachable(why),
            NoToken::Client(why) | NoToken::Refused(why) => AdminError::Credentials(why),
        })?;
        let token = Token::new(granted.access, granted.life, self.shared.now());
        Ok(held.insert(token).value.clone())
    }

    /// Another call may have replaced it already: then the new one stays.
    async fn drop_refused(&self, refused: &Private<String>) -> bool {
        self.held.lock().await.take_if(|token| token.value == *refused);
        true
    }
}

#[cfg(test)]
#[path = "token_tests.rs"]
mod tests;
