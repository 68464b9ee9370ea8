//! The ingest job: what does ShipBob have that has no webhook, or whose webhook was lost?

use std::sync::Arc;

use domain::{Kind, TenantId};
use ingest::{Counts, End, Limits, Reading, Report, Wanted, Warehouse, ingest};
use jiff::SignedDuration;
use platform::telemetry::{self, Metric};
use serde::Serialize;
use shipbob_api::ShipBob;
use tenants::{Tenant, TenantError};
use tokio::time::Instant;

use crate::{
    Names, Poller,
    turn::{in_turn, share},
};

/// What was counted of tenants at ShipBob's.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Warehouses {
    /// What was listed and sent.
    pub ingested: Counts,
    /// Tenants of whom every list was read to its end.
    pub warehouses_done: usize,
    /// Tenants of whom the next run reads more.
    pub warehouses_unfinished: usize,
    /// Tenants of whom nothing was read: it is switched off, or there is no access.
    pub warehouses_passed_over: usize,
    /// Tenants of whom some list could not be read, or some object not be sent.
    pub warehouses_failed: usize,
}

impl Poller {
    /// Reads ShipBob's lists of these tenants, one after another. What fails for one stops no other.
    pub(crate) async fn ingest(&self, tenants: &Names, is_dry: bool, deadline: Instant) -> Warehouses {
        let mut warehouses = Warehouses::default();
        for (place, id) in in_turn(&tenants.0, self.clock.now()).enumerate() {
            let deadline = share(deadline, tenants.0.len() - place);
            let Some((tenant, shipbob)) = self.open_warehouse(id, &mut warehouses).await else { continue };
            let most_objects = tenant.mapping.shipbob.ingest.most_objects;
            let warehouse = Warehouse {
                tenant: id,
                shipbob: &shipbob,
                ledger: &*self.ledger,
                queues: &self.queues,
                clock: &*self.clock,
            };
            let limits = Limits { most_objects, deadline };
            let report = ingest(&warehouse, &wanted(&tenant), limits, is_dry).await;
            take_down(id, &report, &mut warehouses);
        }
        warehouses
    }

    /// A tenant's way to ShipBob, if there is one and it is to be used; else it is counted why not.
    async fn open_warehouse(
        &self,
        id: &TenantId,
        warehouses: &mut Warehouses,
    ) -> Option<(Arc<Tenant>, Arc<ShipBob>)> {
        let tenant = match self.tenants.tenant(id).await {
            Ok(tenant) => tenant,
            Err(error @ TenantError::Unavailable(_)) => {
                tracing::warn!(tenant = %id, %error, "the tenant could not be set up; the next run tries again");
                warehouses.warehouses_unfinished += 1;
                return None;
            }
            Err(error) => {
                failed(id, &error, warehouses);
                return None;
            }
        };
        if !tenant.mapping.shipbob.ingest.enabled {
            warehouses.warehouses_passed_over += 1;
            return None;
        }
        match (&tenant.shipbob, &tenant.shipbob_fault) {
            (Some(shipbob), _) => {
                let shipbob = shipbob.clone();
                Some((tenant, shipbob))
            }
            (None, Some(finding)) => {
                failed(id, finding, warehouses);
                None
            }
            (None, None) => {
                tracing::info!(tenant = %id, "it has no access to ShipBob's API: passed over");
                warehouses.warehouses_passed_over += 1;
                None
            }
        }
    }
}

/// What a tenant's mapping file makes something of.
fn wanted(tenant: &Tenant) -> Wanted {
    let shipbob = &tenant.mapping.shipbob;
    let kinds = [
        (Kind::Order, shipbob.wants_orders()),
        (Kind::Receipt, shipbob.receipts.receive),
        (Kind::Return, shipbob.returns.restock),
        (Kind::Fee, shipbob.fees.journal),
    ];
    Wanted {
        kinds: kinds.into_iter().filter(|(_, is_wanted)| *is_wanted).map(|(kind, _)| kind).collect(),
        overlap: SignedDuration::from_mins(shipbob.ingest.overlap_minutes.into()),
        fees_back: SignedDuration::from_hours(24 * i64::from(shipbob.ingest.fee_days)),
    }
}

/// Logs and counts what a run came to.
fn take_down(id: &TenantId, report: &Report, warehouses: &mut Warehouses) {
    let Report { counts, lists, unread, findings, end } = report;
    warehouses.ingested += *counts;
    for Reading { list, window, complete, counts } in lists {
        let (from, until) = (window.from, window.until);
        tracing::debug!(tenant = %id, ?list, %from, %until, complete, ?counts, "list");
    }
    tracing::info!(tenant = %id, ?counts, "ShipBob's lists read");
    for finding in findings {
        tracing::error!(tenant = %id, %finding, "an object of ShipBob's cannot be read or sent");
    }
    for (list, error) in unread {
        tracing::error!(tenant = %id, ?list, finding = %error.finding(), "ShipBob does not give this list");
    }
    match end {
        End::Stopped(stop) if !stop.is_passing() => failed(id, stop, warehouses),
        _ if !unread.is_empty() || counts.failed() > 0 => count_failed(id, warehouses),
        End::Complete => warehouses.warehouses_done += 1,
        End::More | End::Overtaken => warehouses.warehouses_unfinished += 1,
        End::Stopped(stop) => {
            tracing::warn!(tenant = %id, error = %stop, "reading ended early; the next run goes on");
            warehouses.warehouses_unfinished += 1;
        }
    }
}

/// A tenant that a person has to look after.
fn failed(id: &TenantId, why: &dyn std::fmt::Display, warehouses: &mut Warehouses) {
    tracing::error!(tenant = %id, error = %why, "ShipBob cannot be read");
    count_failed(id, warehouses);
}

fn count_failed(id: &TenantId, warehouses: &mut Warehouses) {
    telemetry::count(Metric::IngestFailed, id.as_str(), 1);
    warehouses.warehouses_failed += 1;
}
