//! The confirm job: asks CloudSuite, in bulk, what became of everything that was posted and is due.

use std::{collections::BTreeMap, sync::Arc};

use cloudsuite::{Confirmation, Submitted};
use domain::{DocumentKind, Event, Finding, FindingCode, Record, Reference, References, State, TenantId};
use jiff::{SignedDuration, Timestamp};
use ledger::{Awaiting, LedgerError};
use platform::telemetry::{self, Metric};
use tenants::Tenant;

use crate::{
    Poller, Summary,
    schedule::{DEADLINE, DEADLINE_OF_A_PERSON, LOST_AFTER, next_check},
};

/// How many records one run looks at; the next run takes the next ones.
const MOST: usize = 500;

/// When to ask again after nobody could.
const ASK_AGAIN: SignedDuration = SignedDuration::from_mins(5);

/// How many records are asked about before the answers are written down: one bulk request.
const AT_ONCE: usize = 50;

impl Poller {
    /// Looks for everything that is due.
    pub(crate) async fn confirm(&self) -> Result<Summary, LedgerError> {
        let mut by_tenant: BTreeMap<TenantId, Vec<Record>> = BTreeMap::new();
        for key in self.ledger.due(Awaiting::Confirmation, self.clock.now(), MOST).await? {
            match self.ledger.record(&key).await {
                // The index lags: what awaits nothing any more, or is being worked on, needs nothing.
                Ok(Some(record)) if is_awaited(&record) => {
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
            Err(error) => Err(error.to_string()),
        };
        let confirmations = match confirmations {
            Ok(confirmations) => confirmations,
            Err(why) => {
                tracing::warn!(tenant = %id, records = records.len(), why, "could not ask");
                summary.unreachable += records.len();
                return self.ask_later(records, &why).await;
            }
        };
        for (record, confirmation) in records.iter().zip(confirmations) {
            self.take_down(record, confirmation, summary).await;
        }
    }

    /// Nobody could ask: that is no check, and brings no record nearer to its deadline.
    async fn ask_later(&self, records: &[Record], why: &str) {
        let now = self.clock.now();
        let later = now.saturating_add(ASK_AGAIN).unwrap_or(now);
        for record in records {
            if let Err(error) = self.ledger.write(record.unchecked(now, later, why)).await {
                tracing::warn!(%error, record = %record.key, "that it is asked for later could not be recorded");
            }
        }
    }

    /// Writes what CloudSuite said onto the record, and counts it once it is written.
    async fn take_down(&self, record: &Record, confirmation: Confirmation, summary: &mut Summary) {
        let (next, counted) = judge(record, confirmation, self.clock.now(), self.quiet);
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
            Counted::Lost => {
                summary.lost += 1;
                telemetry::count(Metric::InDoubt, tenant, 1);
            }
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

/// Whether a record still awaits confirmation, and nobody works on it.
fn is_awaited(record: &Record) -> bool {
    record.next_check.is_some()
        && record.lease.is_none()
        && matches!(record.state, State::Posted | State::Failed { .. })
}

/// As what a check is counted.
enum Counted {
    Confirmed,
    Pending,
    Failed,
    Overdue,
    Lost,
}

/// The record as it is after a check. One that failed stays looked for: a person may release it in CloudSuite.
fn judge(
    record: &Record,
    confirmation: Confirmation,
    now: Timestamp,
    quiet: SignedDuration,
) -> (Record, Counted) {
    let posted_at = record.posted_at.unwrap_or(record.received_at);
    let known = match &record.state {
        State::Failed { findings } => Some(findings),
        _ => None,
    };
    let again = |deadline| next_check(posted_at, record.checks, now, deadline);
    match confirmation {
        Confirmation::Confirmed(number) => (record.confirmed(now, &number), Counted::Confirmed),
        // A person adds what is missing to the order itself, where nothing shows it here.
        Confirmation::Incomplete(number, findings) => {
            let references = References { number: Some(number), ..record.references.clone() };
            (Record { references, ..record.failed(now, findings, None) }, Counted::Failed)
        }
        Confirmation::Failed(findings) if known != Some(&findings) => {
            (record.failed(now, findings, again(DEADLINE_OF_A_PERSON)), Counted::Failed)
        }
        Confirmation::Failed(_) => still(record, now, again(DEADLINE_OF_A_PERSON), "as before"),
        Confirmation::Open(detail) if is_lost(record, now) => {
            let next_check = now.checked_add(quiet).unwrap_or(now);
            (record.confirmation_lost(now, next_check, &detail), Counted::Lost)
        }
        Confirmation::LeftToAPerson(detail) => still(record, now, again(DEADLINE_OF_A_PERSON), &detail),
        Confirmation::Open(detail) | Confirmation::Pending(detail) => {
            let deadline = if known.is_some() { DEADLINE_OF_A_PERSON } else { DEADLINE };
            still(record, now, again(deadline), &detail)
        }
    }
}

/// Whether an order that is still not confirmed will not be: CloudSuite had time, and the deadline, after which a
/// person is told, has not come.
fn is_lost(record: &Record, now: Timestamp) -> bool {
    let since = |time: Timestamp| now.duration_since(time);
    let last = record.trail.iter().rev().find(|entry| entry.event == Event::Posted);
    let Some(first) = record.posted_at else { return false };
    // On a long trail the entry has moved to a page: then it is old enough.
    let posted = last.map_or(first, |entry| entry.at);
    matches!(record.state, State::Posted) && since(posted) >= LOST_AFTER && since(first) < DEADLINE
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
        .map(|record| {
            let (key, references) = (record.key.clone(), record.references.clone());
            let (document, message_number) = (record.document_kind(), record.message_number());
            Submitted { key, document, references, lines: record.lines, message_number }
        })
        .collect();
    tenant.line.confirm(&tenant.company(), &submitted).await.map_err(|error| error.to_string())
}

fn overdue(record: &Record, detail: &str) -> Finding {
    let temporary = record.references.temporary.as_deref().unwrap_or("none");
    let (what, help) = match record.document_kind() {
        kind if kind.is_of_goods() => (
            format!("message {temporary} (number {})", record.message_number()),
            "look the message up in MMS850 or MHS850, and process or delete it there",
        ),
        DocumentKind::JournalEntry => (
            format!("interface batch {}", Reference::batch_key_of(&record.key)),
            "look the batch up in GLS840, correct it there and have it updated",
        ),
        DocumentKind::PurchaseOrder => (
            format!("batch purchase order {temporary}"),
            "look the batch order up in PPS370, and release or delete it there",
        ),
        _ => (
            format!("batch order {temporary}"),
            "look the batch order up in OIS275, release or delete it there",
        ),
    };
    let message = format!("not confirmed in time: {what}, last answer: {detail}");
    Finding::new(FindingCode::Refused, "", message, help)
}

#[cfg(test)]
mod tests {
    use domain::{Claim, Delivery, Digest};

    use super::*;

    #[test]
    fn what_is_overdue_is_looked_up_where_its_kind_is_shown() {
        let now: Timestamp = "2026-11-22T10:00:00Z".parse().unwrap();
        let said = |key: &str| {
            let delivery = Delivery {
                id: "d".into(),
                topic: "t".into(),
                received_at: now,
                updated_at: None,
                triggered_at: None,
                body: Digest::of(b"body"),
                name: String::new(),
                again: false,
            };
            let (lease, quiet) = (SignedDuration::from_secs(60), SignedDuration::from_secs(60));
            let claim = Claim { key: key.parse().unwrap(), delivery, lease, quiet, alone: false };
            overdue(&Record::first(&claim, now).record, "status 10").to_string()
        };
        let cases = [
            ("demo/shopify/order/1", "batch order none", "OIS275"),
            ("demo/shipbob/shipment/77", "(number P77-1)", "MMS850"),
            ("demo/shipbob/receipt/77", "(number W77-1)", "MHS850"),
            ("demo/shipbob/fee/01K9", "interface batch", "GLS840"),
        ];
        for (key, what, place) in cases {
            let said = said(key);
            assert!(said.contains(what) && said.contains(place), "{key}: {said}");
            assert_eq!(said.contains("OIS275"), place == "OIS275", "{said}");
        }
    }
}
