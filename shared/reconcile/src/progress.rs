//! Where a comparison stands, kept in the ledger between runs.

use domain::{Digest, TenantId};
use ledger::{Ledger, LedgerError, SharedValue, SwapError};
use serde::{Deserialize, Serialize};
use shopify_admin::Window;

use crate::Counts;

/// Where a comparison stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Progress {
    /// What is being compared, or was compared last.
    pub(crate) window: Window,
    /// What the next page is asked for by; nothing for the first one.
    pub(crate) cursor: Option<String>,
    /// Whether the window was compared to its end.
    pub(crate) complete: bool,
    /// What was counted in it so far.
    pub(crate) counts: Counts,
}

impl Progress {
    pub(crate) fn at_the_beginning_of(window: Window) -> Self {
        Self { window, cursor: None, complete: false, counts: Counts::default() }
    }
}

/// The place of a comparison's progress: a shared value of its tenant.
pub(crate) struct Place<'a> {
    ledger: &'a dyn Ledger,
    tenant: Digest,
    name: String,
    version: u64,
}

impl<'a> Place<'a> {
    /// The place of that name, and what stands there.
    pub(crate) async fn read(
        ledger: &'a dyn Ledger,
        tenant: &TenantId,
        name: String,
    ) -> Result<(Self, Option<Progress>), LedgerError> {
        let owner = Digest::of(format!("tenant/{tenant}").as_bytes());
        let stored = ledger.shared(&owner, &name).await?;
        let version = stored.as_ref().map_or(0, |stored| stored.version);
        let progress = stored.and_then(|stored| decode(tenant, &name, &stored));
        Ok((Self { ledger, tenant: owner, name, version }, progress))
    }

    /// Keeps progress on top of what was read or kept last; false if another run did so first.
    pub(crate) async fn keep(&mut self, progress: &Progress) -> Result<bool, LedgerError> {
        // Times, numbers and a cursor can always be written.
        let value = serde_json::to_string(progress).unwrap_or_default();
        match self.ledger.swap_shared(&self.tenant, &self.name, self.version, &value).await {
            Ok(version) => {
                self.version = version;
                Ok(true)
            }
            Err(SwapError::Conflict(_)) => Ok(false),
            Err(SwapError::Ledger(error)) => Err(error),
        }
    }
}

fn decode(tenant: &TenantId, name: &str, stored: &SharedValue) -> Option<Progress> {
    let progress = serde_json::from_str(&stored.value);
    progress
        .inspect_err(
            |_| tracing::error!(%tenant, name, "the progress that is kept cannot be read: begun anew"),
        )
        .ok()
}
