//! The place of what all instances share about one ION client, or about one app in a shop: the ledger.

use std::sync::Arc;

use async_trait::async_trait;
use cloudsuite::ion::{IonApi, Shared, Stored, SwapError};
use domain::Digest;
use jiff::Timestamp;
use ledger::{Ledger, SharedValue};
use platform::Clock;
use shopify_admin::{Credentials, SharedTokens};

/// The shared values of one ION client. Several of our tenants may use one client: Infor's limits are the
/// client's, so they share them.
pub(crate) struct InLedger {
    ledger: Arc<dyn Ledger>,
    clock: Arc<dyn Clock>,
    client: Digest,
}

impl InLedger {
    pub(crate) fn new(ledger: Arc<dyn Ledger>, clock: Arc<dyn Clock>, ion: &IonApi) -> Self {
        Self { ledger, clock, client: Digest::of(ion.client_id.as_bytes()) }
    }
}

#[async_trait]
impl Shared for InLedger {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    async fn read(&self, name: &str) -> Result<Option<Stored>, String> {
        let value = self.ledger.shared(&self.client, name).await;
        value.map(|value| value.map(stored)).map_err(|error| error.to_string())
    }

    async fn swap(&self, name: &str, before: u64, value: String) -> Result<u64, SwapError> {
        self.ledger.swap_shared(&self.client, name, before, &value).await.map_err(|error| match error {
            ledger::SwapError::Conflict(stands) => SwapError::Conflict(stands.map(stored)),
            ledger::SwapError::Ledger(error) => SwapError::Unavailable(error.to_string()),
        })
    }
}

/// The name of the one text that is shared about an app in a shop.
const TOKENS: &str = "tokens";

/// What is shared about the tokens of one app in one shop.
pub(crate) struct TokensInLedger {
    ledger: Arc<dyn Ledger>,
    clock: Arc<dyn Clock>,
    client: Digest,
}

impl TokensInLedger {
    pub(crate) fn new(
        ledger: Arc<dyn Ledger>,
        clock: Arc<dyn Clock>,
        shop_domain: &str,
        credentials: &Credentials,
    ) -> Self {
        let app = match credentials {
            Credentials::ClientCredentials { client_id, .. } | Credentials::Expiring { client_id, .. } => {
                client_id
            }
            Credentials::AccessToken { .. } => "access_token",
        };
        let domain = shop_domain.trim().to_ascii_lowercase();
        Self { ledger, clock, client: Digest::of(format!("shopify/{domain}/{app}").as_bytes()) }
    }
}

#[async_trait]
impl SharedTokens for TokensInLedger {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    async fn read(&self) -> Result<Option<shopify_admin::Stored>, String> {
        let value = self.ledger.shared(&self.client, TOKENS).await;
        value.map(|value| value.map(tokens)).map_err(|error| error.to_string())
    }

    async fn swap(&self, before: u64, value: String) -> Result<u64, shopify_admin::SwapError> {
        use shopify_admin::SwapError::{Conflict, Unavailable};
        let swapped = self.ledger.swap_shared(&self.client, TOKENS, before, &value).await;
        swapped.map_err(|error| match error {
            ledger::SwapError::Conflict(stands) => Conflict(stands.map(tokens)),
            ledger::SwapError::Ledger(error) => Unavailable(error.to_string()),
        })
    }
}

fn tokens(SharedValue { version, value }: SharedValue) -> shopify_admin::Stored {
    shopify_admin::Stored { version, value }
}

fn stored(SharedValue { version, value }: SharedValue) -> Stored {
    Stored { version, value }
}
