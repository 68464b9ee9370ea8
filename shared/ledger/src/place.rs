//! Where a job stands between its runs: a shared value of its tenant, written as JSON.

use domain::{Digest, TenantId};
use serde::{Serialize, de::DeserializeOwned};

use crate::{Ledger, LedgerError, SharedValue, SwapError};

/// The place where a job keeps how far it came. Two runs at once do no harm: only one of them can keep.
pub struct Place<'a> {
    ledger: &'a dyn Ledger,
    tenant: Digest,
    name: String,
    version: u64,
}

impl<'a> Place<'a> {
    /// The place of that name, and what stands there: nothing if nothing was kept yet, or nothing that can be read.
    pub async fn read<T: DeserializeOwned>(
        ledger: &'a dyn Ledger,
        tenant: &TenantId,
        name: String,
    ) -> Result<(Self, Option<T>), LedgerError> {
        let owner = Digest::of(format!("tenant/{tenant}").as_bytes());
        let stored = ledger.shared(&owner, &name).await?;
        let version = stored.as_ref().map_or(0, |stored| stored.version);
        let progress = stored.and_then(|stored| decode(tenant, &name, &stored));
        Ok((Self { ledger, tenant: owner, name, version }, progress))
    }

    /// Keeps progress on top of what was read or kept last; false if another run did so first.
    pub async fn keep(&mut self, progress: &impl Serialize) -> Result<bool, LedgerError> {
        let value = serde_json::to_string(progress).map_err(|error| self.unwritable(&error))?;
        match self.ledger.swap_shared(&self.tenant, &self.name, self.version, &value).await {
            Ok(version) => {
                self.version = version;
                Ok(true)
            }
            Err(SwapError::Conflict(_)) => Ok(false),
            Err(SwapError::Ledger(error)) => Err(error),
        }
    }

    fn unwritable(&self, error: &serde_json::Error) -> LedgerError {
        LedgerError::Refused { what: format!("keeping {}", self.name), cause: error.to_string() }
    }
}

fn decode<T: DeserializeOwned>(tenant: &TenantId, name: &str, stored: &SharedValue) -> Option<T> {
    let progress = serde_json::from_str(&stored.value);
    progress
        .inspect_err(
            |_| tracing::error!(%tenant, name, "the progress that is kept cannot be read: begun anew"),
        )
        .ok()
}
