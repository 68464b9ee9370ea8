//! The confirm job: asks CloudSuite, in bulk, what became of everything that was posted and is due.

use std::{collections::BTreeMap, sync::Arc};

use cloudsuite::{Confirmation, Submitted};
use domain::{Finding, FindingCode, Record, State, TenantId};
use ledger::LedgerError;
use platform::telemetry::{self, Metric};
use tenants::{Tenant, TenantError};

use crate::{Poller, Summary, schedule::next_check};

/// How many records one run looks at; the next run takes the next ones.
const MOST: usize = 500;

impl Poller {
    /// Looks for everything that is due.
    pub(crate) async fn confirm(&self) -> Result<Summary, LedgerError> {
        let mut by_tenant: BTreeMap<TenantId, Vec<Record>> = BTreeMap::new();
        for key in self.ledger.due(self.clock.now(), MOST).await? {
            let Some(record) = self.ledger.record(&key).await? else { continue };
            // The index lags: what is no longer posted needs nothing.
            if record.state == State::Posted {
                by_tenant.entry(key.tenant).or_default().push(record);
            }
        }
        let mut summary = Summary::default();
        for (id, records) in by_tenant {
            summary.checked += records.len();
            self.confirm_tenant(&id, records, &mut summary).await;
        }
        Ok(summary)
    }

    async fn confirm_tenant(&self, id: &TenantId, records: Vec<Record>, summary: &mut Summary) {
        let confirmations = match self.tenants.tenant(id).await {
            Ok(tenant) => ask(&tenant, &records).await,
            Err(error) => Err(describe(&error)),
        };
        match confirmations {
            Ok(confirmations) => {
                for (record, confirmation) in records.into_iter().zip(confirmations) {
                    self.settle(&record, confirmation, summary).await;
                }
            }
            Err(why) => {
                tracing::warn!(tenant = %id, records = records.len(), why, "could not ask");
                summary.unreachable += records.len();
                for record in records {
                    self.settle(&record, Confirmation::Pending(why.clone()), summary).await;
                }
            }
        }
    }

    /// Writes what CloudSuite said onto the record.
    async fn settle(&self, record: &Record, confirmation: Confirmation, summary: &mut Summary) {
        let now = self.clock.now();
        let tenant = record.key.tenant.as_str();
        let next = match confirmation {
            Confirmation::Confirmed(number) => {
                summary.confirmed += 1;
                record.confirmed(now, &number)
            }
            Confirmation::Failed(findings) => {
                summary.failed += 1;
                telemetry::count(Metric::ConfirmationFailed, tenant, 1);
                record.failed(now, findings)
            }
            Confirmation::Pending(detail) => {
                let posted_at = record.posted_at.unwrap_or(record.received_at);
                if let Some(at) = next_check(posted_at, record.checks, now) {
                    summary.pending += 1;
                    record.checked(now, at, detail)
                } else {
                    summary.overdue += 1;
                    telemetry::count(Metric::ConfirmationOverdue, tenant, 1);
                    record.overdue(now, overdue(record, &detail))
                }
            }
        };
        let (key, state, correlation) = (&next.key, next.state.word(), &next.correlation);
        tracing::info!(record = %key, state, correlation, "checked");
        if let Err(error) = self.ledger.write(next.clone()).await {
            // Another writer came between: the index leads here again if that is still needed.
            tracing::warn!(%error, record = %next.key, "the check could not be recorded");
        }
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
        format!("not confirmed within 24 hours: batch order {temporary}, last answer: {detail}"),
        "look the batch order up in OIS275, release or delete it there",
    )
}
