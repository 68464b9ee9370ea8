//! The place of what all instances share about one client of a service: the ledger.

use std::sync::Arc;

use async_trait::async_trait;
use cloudsuite::ion::IonApi;
use domain::Digest;
use jiff::Timestamp;
use ledger::{Ledger, SharedValue};
use platform::Clock;
use remote::{Shared, Stored, SwapError};
use shopify_admin::Credentials;

/// The shared values of one client. Several of our tenants may use one client: the limits of a service are the
/// client's, so they share them.
pub(crate) struct InLedger {
    ledger: Arc<dyn Ledger>,
    clock: Arc<dyn Clock>,
    client: Digest,
}

impl InLedger {
    /// What is shared about the client of this name.
    pub(crate) fn new(ledger: Arc<dyn Ledger>, clock: Arc<dyn Clock>, client: Digest) -> Self {
        Self { ledger, clock, client }
    }

    /// What is shared about an ION client.
    pub(crate) fn ion(ledger: Arc<dyn Ledger>, clock: Arc<dyn Clock>, ion: &IonApi) -> Self {
        Self::new(ledger, clock, Digest::of(ion.client_id.as_bytes()))
    }

    /// What is shared about an app in a shop.
    pub(crate) fn app(
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
        Self::new(ledger, clock, Digest::of(format!("shopify/{domain}/{app}").as_bytes()))
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

fn stored(SharedValue { version, value }: SharedValue) -> Stored {
    Stored { version, value }
}
