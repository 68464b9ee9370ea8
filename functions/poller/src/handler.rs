//! One invocation: one job.

use std::sync::Arc;

use jiff::SignedDuration;
use lambda_runtime::{Error, LambdaEvent};
use ledger::Ledger;
use platform::{Clock, Queues};
use reconcile::Counts;
use serde::Serialize;
use tenants::TenantSource;

use crate::{Job, Warehouses, turn};

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
    /// Where sources deliver to, without the path of a webhook: `https://…`.
    pub webhook_url: String,
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
    /// What a comparison with shops counted.
    #[serde(flatten)]
    pub shops: Shops,
    /// What was read of ShipBob's lists.
    #[serde(flatten)]
    pub warehouses: Warehouses,
}

/// What was counted of shops.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Shops {
    /// Orders that were compared.
    pub orders: Counts,
    /// Shops that were looked at to the end of what was to be looked at.
    pub shops_done: usize,
    /// Shops of which the next run looks at more.
    pub shops_unfinished: usize,
    /// Shops that were not looked at: reconciling is switched off, the app is uninstalled, or there is no access.
    pub shops_passed_over: usize,
    /// Shops that could not be looked at, or not to the end.
    pub shops_failed: usize,
    /// Subscriptions that are missing or lead elsewhere.
    pub subscriptions_missing: usize,
    /// Of these: restored.
    pub subscriptions_restored: usize,
}

impl Poller {
    /// Does one job. An error makes Lambda count a failed invocation; the next schedule tries again.
    pub async fn handle(&self, event: LambdaEvent<Job>) -> Result<Summary, Error> {
        let deadline = turn::deadline(&event.context, self.clock.now());
        let summary = match &event.payload {
            Job::Confirm => self.confirm().await?,
            Job::Settle => self.settle().await?,
            Job::Reconcile { tenants } => of_shops(self.reconcile(tenants, deadline).await),
            Job::Backfill(backfill) => of_shops(self.backfill(backfill, deadline).await),
            Job::Subscriptions { tenants } => of_shops(self.subscriptions(tenants, deadline).await),
            Job::Ingest { tenants, dry_run } => {
                let warehouses = self.ingest(tenants, *dry_run, deadline).await;
                Summary { warehouses, ..Summary::default() }
            }
        };
        let job = event.payload;
        let Summary {
            checked,
            confirmed,
            failed,
            overdue,
            pending,
            lost,
            taken_up,
            unreachable,
            shops,
            warehouses,
        } = summary;
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
            ?shops,
            ?warehouses,
            "done"
        );
        Ok(summary)
    }
}

fn of_shops(shops: Shops) -> Summary {
    Summary { shops, ..Summary::default() }
}
