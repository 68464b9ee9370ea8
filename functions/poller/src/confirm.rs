//! The confirm job: asks CloudSuite, in bulk, what became of everything that was posted and is due.

use std::{collections::BTreeMap, sync::Arc};

use cloudsuite::{Confirmation, Submitted};
use domain::{Finding, FindingCode, Record, State, TenantId};
use jiff::Timestamp;
use ledger::LedgerError;
use platform::telemetry::{self, Metric};
use tenants::{Tenant, TenantError};

use crate::{
    Poller, Summary,
    schedule::{DEADLINE, DEADLINE_OF_A_PERSON, next_check},
};

/// How many records one run looks at; the next run takes the next ones.
const MOST: usize = 500;

/// How many records are asked about before the answers are written down: one bulk request.
const AT_ONCE: usize = 50;

impl Poller {
    /// Looks for everything that is due.
    pub(crate) async fn confirm(&self) -> Result<Summary, LedgerError> {
        let mut by_tenant: BTreeMap<TenantId, Vec<Record>> = BTreeMap::new();
        for key in self.ledger.due(self.clock.now(), MOST).await? {
            match self.ledger.record(&key).await {
                // The index lags: what awaits nothing any more needs nothing.
                Ok(Some(record)) if record.next_check.is_some() => {
                    by_tenant.entry(key.tenant).or_default().push(record);
                }
                Ok(_) => {}
                // One damaged record must not keep all others from being confirmed.
                Err(error) if !error.is_retryable() => tracing::error!(%error, record = %key, "passed over"),
                Err(error) => return Err(error),
            }
        }
        let mut summary = Summary::default();
        for (id, records) in by_tenant {
            for records in records.chunks(AT_ONCE) {
                summary.checked += records.len();
                self.confirm_tenant(&id, records, &mut summary).await;
            }
        }
        Ok(summary)
    }

    async fn confirm_tenant(&self, id: &TenantId, records: &[Record], summary: &mut Summary) {
        let confirmations = match self.tenants.tenant(id).await {
            Ok(tenant) => ask(&tenant, records).await,
            Err(error) => Err(describe(&error)),
        };
        let confirmations = confirmations.unwrap_or_else(|why| {
            tracing::warn!(tenant = %id, records = records.len(), why, "could not ask");
            summary.unreachable += records.len();
            vec![Confirmation::Pending(why); records.len()]
        });
        for (record, confirmation) in records.iter().zip(confirmations) {
            self.settle(record, confirmation, summary).await;
        }
    }

    /// Writes what CloudSuite said onto the record, and counts it once it is written.
    async fn settle(&self, record: &Record, confirmation: Confirmation, summary: &mut Summary) {
        let (next, counted) = judge(record, confirmation, self.clock.now());
        let (key, state, correlation) = (next.key.clone(), next.state.word(), next.correlation.clone());
        if let Err(error) = self.ledger.write(next).await {
            // Another writer came between: the index leads here again if that is still needed.
            tracing::warn!(%error, record = %key, "the check could not be recorded");
            return;
        }
        tracing::info!(record = %key, state, correlation, "checked");
        let tenant = key.tenant.as_str();
        match counted {
            Counted::Confirmed => summary.confirmed += 1,
            Counted::Pending => summary.pending += 1,
            Counted::Failed => {
                summary.failed += 1;
                telemetry::count(Metric::ConfirmationFailed, tenant, 1);
            }
            Counted::Overdue => {
                summary.overdue += 1;
                telemetry::count(Metric::ConfirmationOverdue, tenant, 1);
            }
        }
    }
}

/// As what a check is counted.
enum Counted {
    Confirmed,
    Pending,
    Failed,
    Overdue,
}

/// The record as it is after a check. One that failed stays looked for: a person may release it in CloudSuite.
fn judge(record: &Record, confirmation: Confirmation, now: Timestamp) -> (Record, Counted) {
    let posted_at = record.posted_at.unwrap_or(record.received_at);
    let known = match &record.state {
        State::Failed { findings } => Some(findings),
        _ => None,
    };
    let again = |deadline| next_check(posted_at, record.checks, now, deadline);
    match confirmation {
        Confirmation::Confirmed(number) => (record.confirmed(now, &number), Counted::Confirmed),
        Confirmation::Failed(findings) if known != Some(&findings) => {
            (record.failed(now, findings, again(DEADLINE_OF_A_PERSON)), Counted::Failed)
        }
        Confirmation::Failed(_) => still(record, now, again(DEADLINE_OF_A_PERSON), "as before"),
        Confirmation::Pending(detail) => {
            let deadline = if known.is_some() { DEADLINE_OF_A_PERSON } else { DEADLINE };
            still(record, now, again(deadline), &detail)
        }
    }
}

/// The record after a check that brought nothing new.
fn still(record: &Record, now: Timestamp, next: Option<Timestamp>, detail: &str) -> (Record, Counted) {
    match next {
        Some(next) => (record.checked(now, next, detail), Counted::Pending),
        None => (record.overdue(now, overdue(record, detail)), Counted::Overdue),
    }
}

async fn ask(tenant: &Arc<Tenant>, records: &[Record]) -> Result<Vec<Confirmation>, String> {
    let submitted: Vec<_> = records
        .iter()
        .map(|record| Submitted { key: record.key.clone(), references: record.references.clone() })
        .collect();
    tenant.line.confirm(&tenant.company(), &submitted).await.map_err(|error| error.to_string())
}

fn describe(error: &TenantError) -> String {
    match error {
        TenantError::Findings(findings) => {
            findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
        }
        TenantError::Unavailable(why) => why.clone(),
    }
}

fn overdue(record: &Record, detail: &str) -> Finding {
    let temporary = record.references.temporary.as_deref().unwrap_or("none");
    Finding::new(
        FindingCode::Refused,
        "",
        format!("not confirmed in time: batch order {temporary}, last answer: {detail}"),
        "look the batch order up in OIS275, release or delete it there",
    )
}
