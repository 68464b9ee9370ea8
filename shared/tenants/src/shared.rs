//! The place of what all instances share about one ION client: the ledger.

use std::sync::Arc;

use async_trait::async_trait;
use cloudsuite::ion::{IonApi, Shared, Stored, SwapError};
use domain::Digest;
use jiff::Timestamp;
use ledger::{Ledger, SharedValue};
use platform::Clock;

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

fn stored(SharedValue { version, value }: SharedValue) -> Stored {
    Stored { version, value }
}
