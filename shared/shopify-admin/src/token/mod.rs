//! The access token, by whichever way the app gets it. Tokens stand in no log and no error.

use std::sync::Arc;

use domain::Private;
use remote::{Client, Grant, Rotation, Token, TokenError, request_token};
use reqwest::Url;
use tokio::{
    sync::Mutex,
    time::{Instant, timeout_at},
};

use crate::{AdminError, Credentials, Shared, Transport};

/// What the rotating tokens are sealed for.
const PURPOSE: &[u8] = b"shopify tokens, aes-256-gcm, version 1";

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
        shared: Arc<dyn Shared>,
    ) -> Self {
        match credentials {
            Credentials::AccessToken { access_token } => Self::Fixed(access_token),
            Credentials::ClientCredentials { client_id, client_secret } => {
                let client = Client { token_url, id: client_id, secret: client_secret };
                Self::Asked(Box::new(Asked { client, transport, shared, held: Mutex::default() }))
            }
            Credentials::Expiring { client_id, client_secret, refresh_token } => {
                let client = Client { token_url, id: client_id, secret: client_secret };
                let rotation = Rotation::new(client, refresh_token, (PURPOSE, shop), transport, shared);
                Self::Rotating(Box::new(rotation))
            }
        }
    }

    /// A token that is good now.
    pub(crate) async fn get(&self, deadline: Instant) -> Result<Private<String>, AdminError> {
        match self {
            Self::Fixed(token) => Ok(token.clone()),
            Self::Asked(asked) => asked.get(deadline).await,
            Self::Rotating(rotation) => Ok(rotation.get(deadline).await?),
        }
    }

    /// Drops a token that the Admin API refused. Returns whether another one may be tried.
    pub(crate) async fn drop_refused(&self, refused: &Private<String>) -> Result<bool, AdminError> {
        match self {
            Self::Fixed(_) => Ok(false),
            Self::Asked(asked) => Ok(asked.drop_refused(refused).await),
            Self::Rotating(rotation) => Ok(rotation.drop_refused(refused).await?),
        }
    }
}

/// A token that is simply asked for again: each instance has its own, and one call of it asks at a time.
pub(crate) struct Asked {
    client: Client,
    transport: Arc<dyn Transport>,
    shared: Arc<dyn Shared>,
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
        let granted = request_token(&*self.transport, &self.client, Grant::ClientCredentials, deadline).await;
        let granted = granted.map_err(|error| match error {
            TokenError::Unavailable(why) => AdminError::Unreachable(why),
            TokenError::Client(why) | TokenError::Refused(why) => AdminError::Credentials(why),
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
