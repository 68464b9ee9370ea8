//! The access token, by whichever way the client gets it. Tokens stand in no log and no error.

use std::sync::Arc;

use domain::Private;
use remote::{Client, PostTransport, Rotation, Shared};
use reqwest::Url;
use tokio::time::Instant;

use crate::{ApiError, Credentials};

/// What the rotating tokens are sealed for.
const PURPOSE: &[u8] = b"shipbob tokens, aes-256-gcm, version 1";

/// Where a call's token comes from.
pub(crate) enum Tokens {
    /// A personal access token, which does not end.
    Fixed(Private<String>),
    /// Access tokens of an hour, by a refresh token that ShipBob replaces with each use and forgets then, or after 30
    /// days without use (shipbob-node-sdk, `src/oAuth.ts`). If the answer to a refresh is lost, so is the way to the next
    /// token: the merchant has to authorise the app again, and the error says so.
    Rotating(Box<Rotation>),
}

impl Tokens {
    pub(crate) fn new(
        token_url: Url,
        credentials: Credentials,
        transport: Arc<dyn PostTransport>,
        shared: Arc<dyn Shared>,
    ) -> Self {
        match credentials {
            Credentials::AccessToken { access_token } => Self::Fixed(access_token),
            Credentials::OAuth { client_id, client_secret, refresh_token } => {
                let host = token_url.host_str().unwrap_or_default().to_owned();
                let client = Client { token_url, id: client_id, secret: client_secret };
                let rotation = Rotation::new(client, refresh_token, (PURPOSE, &host), transport, shared);
                Self::Rotating(Box::new(rotation))
            }
        }
    }

    /// A token that is good now.
    pub(crate) async fn get(&self, deadline: Instant) -> Result<Private<String>, ApiError> {
        match self {
            Self::Fixed(token) => Ok(token.clone()),
            Self::Rotating(rotation) => Ok(rotation.get(deadline).await?),
        }
    }

    /// Drops a token that ShipBob refused. Returns whether another one may be tried.
    pub(crate) async fn drop_refused(&self, refused: &Private<String>) -> Result<bool, ApiError> {
        match self {
            Self::Fixed(_) => Ok(false),
            Self::Rotating(rotation) => Ok(rotation.drop_refused(refused).await?),
        }
    }
}
