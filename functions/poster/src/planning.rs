//! What a delivery is to become.

use std::sync::Arc;

use domain::{Record, Source};
use ledger::LedgerError;
use mapping::Plan;
use tenants::{Tenant, TenantError};

use crate::Poster;

/// What a delivery is to become.
pub(crate) enum Work {
    /// A document, or nothing, or everything that is wrong.
    Plan(Plan),
    /// The source cancelled it: what CloudSuite has of it is cancelled; nothing is posted for this reason.
    Cancel(String),
    /// Nothing yet: it waits for another record, in words.
    Wait(String),
    /// An order must be fetched, because the delivery only says what changed.
    Fetch(u64),
    /// Deliveries of its own, for what it tells of several records, or lacks.
    Unfold,
}

/// Why a delivery cannot be planned now.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PlanError {
    /// Its tenant cannot be set up.
    #[error(transparent)]
    Tenant(#[from] TenantError),
    /// The ledger did not answer.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

impl Poster {
    /// What is to be done for a body of a topic, for this record.
    pub(crate) async fn plan(
        &self,
        record: &Record,
        topic: &str,
        bytes: &[u8],
    ) -> Result<(Arc<Tenant>, Work), PlanError> {
        let key = &record.key;
        let tenant = self.tenants.tenant(&key.tenant).await?;
        let work = match key.source {
            Source::Shopify => self.plan_from_shopify(&tenant, key, topic, bytes).await?,
            Source::Shipbob => self.plan_from_shipbob(&tenant, record, topic, bytes).await?,
        };
        Ok((tenant, work))
    }
}
