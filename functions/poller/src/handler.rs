//! One invocation: one job.

use std::sync::Arc;

use jiff::SignedDuration;
use lambda_runtime::{Error, LambdaEvent};
use ledger::Ledger;
use platform::{Clock, Queues};
use serde::{Deserialize, Serialize};
use tenants::TenantSource;

/// The poller function.
pub struct Poller {
    /// The records.
    pub ledger: Arc<dyn Ledger>,
    /// The queue to the poster, for what is taken up again.
    pub queues: Queues,
    /// The tenants.
    pub tenants: Arc<dyn TenantSource>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// How long a write whose answer was lost may still arrive.
    pub quiet: SignedDuration,
}

/// What a schedule asks for: `{"job": "confirm"}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(tag = "job", rename_all = "snake_case")]
pub enum Job {
    /// Is what was posted really there, and accepted?
    Confirm,
    /// What is in doubt, and nobody came back for it?
    Settle,
}

/// What a job did, counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Records that were looked for.
    pub checked: usize,
    /// Of these: really there.
    pub confirmed: usize,
    /// Of these: refused by CloudSuite.
    pub failed: usize,
    /// Of these: looked for until the deadline, in vain.
    pub overdue: usize,
    /// Of these: to be looked for again.
    pub pending: usize,
    /// Of these: CloudSuite has lost the confirmation, so they are in doubt.
    pub lost: usize,
    /// Records in doubt that were sent down their way again.
    pub taken_up: usize,
    /// Records that could not be looked for, because something did not answer.
    pub unreachable: usize,
}

impl Poller {
    /// Does one job. An error makes Lambda count a failed invocation; the next schedule tries again.
    pub async fn handle(&self, event: LambdaEvent<Job>) -> Result<Summary, Error> {
        let summary = match event.payload {
            Job::Confirm => self.confirm().await?,
            Job::Settle => self.settle().await?,
        };
        let job = event.payload;
        let Summary { checked, confirmed, failed, overdue, pending, lost, taken_up, unreachable } = summary;
        tracing::info!(
            ?job,
            checked,
            confirmed,
            failed,
            overdue,
            pending,
            lost,
            taken_up,
            unreachable,
            "done"
        );
        Ok(summary)
    }
}
