//! The reconcile job: which orders changed at the shop, and no delivery told of it?

use std::sync::Arc;

use domain::TenantId;
use jiff::SignedDuration;
use platform::telemetry::{self, Metric};
use reconcile::{End, Limits, Report, Shop, backfill, dry_run, reaches_beyond_visible, reconcile};
use shopify_admin::{Admin, Window};
use tenants::{Tenant, TenantError, installation::is_uninstalled};
use tokio::time::Instant;

use crate::{
    Names, Poller,
    handler::Shops,
    job::Backfill,
    turn::{in_turn, share},
};

/// A tenant whose shop can be looked at.
pub(crate) struct Open {
    pub(crate) tenant: Arc<Tenant>,
    pub(crate) admin: Arc<Admin>,
}

impl Poller {
    /// Compares these tenants' shops with the ledger, one after another. What fails for one stops no other.
    pub(crate) async fn reconcile(&self, tenants: &Names, deadline: Instant) -> Shops {
        let mut shops = Shops::default();
        for (place, id) in in_turn(&tenants.0, self.clock.now()).enumerate() {
            let deadline = share(deadline, tenants.0.len() - place);
            let Some(open) = self.open(id, &mut shops).await else { continue };
            let wanted = &open.tenant.mapping.shopify.reconcile;
            if !wanted.enabled {
                shops.shops_passed_over += 1;
                continue;
            }
            let overlap = SignedDuration::from_mins(wanted.overlap_minutes.into());
            let limits = Limits { most_orders: wanted.most_orders, page_size: Limits::PAGE_SIZE, deadline };
            let report = reconcile(&self.shop(id, &open.admin), overlap, limits).await;
            take_down(id, &report, &mut shops);
        }
        shops
    }

    /// Compares one window of one tenant.
    pub(crate) async fn backfill(&self, wanted: &Backfill, deadline: Instant) -> Shops {
        let mut shops = Shops::default();
        let id = &wanted.tenant;
        let Some(open) = self.open(id, &mut shops).await else { return shops };
        let window = Window { from: wanted.from, until: wanted.until };
        if reaches_beyond_visible(window, self.clock.now()) {
            tracing::warn!(tenant = %id, "orders of more than 60 days ago: without read_all_orders Shopify leaves them out");
        }
        let limits = Limits { most_orders: u32::MAX, page_size: Limits::PAGE_SIZE, deadline };
        let shop = self.shop(id, &open.admin);
        let report = if wanted.dry_run {
            dry_run(&shop, window, limits, |_| {}).await
        } else {
            backfill(&shop, window, limits, |_| {}).await
        };
        take_down(id, &report, &mut shops);
        shops
    }

    /// A tenant's shop, if it can be looked at; else it is counted why not.
    pub(crate) async fn open(&self, id: &TenantId, shops: &mut Shops) -> Option<Open> {
        match is_uninstalled(&*self.ledger, id).await {
            Ok(false) => {}
            Ok(true) => {
                shops.shops_passed_over += 1;
                return None;
            }
            Err(error) => {
                tracing::warn!(tenant = %id, %error, "whether its shop has the app could not be read; the next run tries again");
                shops.shops_unfinished += 1;
                return None;
            }
        }
        let tenant = match self.tenants.tenant(id).await {
            Ok(tenant) => tenant,
            Err(error @ TenantError::Unavailable(_)) => {
                tracing::warn!(tenant = %id, %error, "the tenant could not be set up; the next run tries again");
                shops.shops_unfinished += 1;
                return None;
            }
            Err(error) => {
                failed(id, &error, shops);
                return None;
            }
        };
        match (&tenant.shop, &tenant.shop_fault) {
            (Some(admin), _) => Some(Open { admin: admin.clone(), tenant }),
            (None, Some(finding)) => {
                failed(id, finding, shops);
                None
            }
            (None, None) => {
                tracing::info!(tenant = %id, "it has no access to its shop's Admin API: passed over");
                shops.shops_passed_over += 1;
                None
            }
        }
    }

    fn shop<'a>(&'a self, tenant: &'a TenantId, admin: &'a Admin) -> Shop<'a> {
        Shop { tenant, admin, ledger: &*self.ledger, queues: &self.queues, clock: &*self.clock }
    }
}

/// Logs and counts what a run came to.
fn take_down(id: &TenantId, report: &Report, shops: &mut Shops) {
    let Report { window, counts, total, examples, findings, end } = report;
    shops.orders += *counts;
    let (from, until) = (window.from, window.until);
    tracing::info!(tenant = %id, %from, %until, ?counts, ?total, "orders compared");
    if counts.sent > 0 {
        let orders: Vec<_> = examples.iter().map(|order| order.id).collect();
        tracing::warn!(tenant = %id, sent = counts.sent, ?orders, "no delivery told of these orders");
        telemetry::count(
            Metric::OrderMissed,
            id.as_str(),
            usize::try_from(counts.sent).unwrap_or(usize::MAX),
        );
    }
    for finding in findings {
        tracing::error!(tenant = %id, %finding, "an order cannot be fetched or sent");
    }
    if counts.failed > 0 {
        telemetry::count(Metric::ReconcileFailed, id.as_str(), 1);
    }
    match end {
        End::Complete => shops.shops_done += 1,
        End::More | End::Overtaken => shops.shops_unfinished += 1,
        End::Stopped(stop) if stop.is_passing() => {
            tracing::warn!(tenant = %id, error = %stop, "the comparison ended early; the next run goes on");
            shops.shops_unfinished += 1;
        }
        End::Stopped(stop) => failed(id, stop, shops),
    }
}

/// A shop that a person has to look after.
pub(crate) fn failed(id: &TenantId, why: &dyn std::fmt::Display, shops: &mut Shops) {
    tracing::error!(tenant = %id, error = %why, "the shop cannot be looked at");
    telemetry::count(Metric::ReconcileFailed, id.as_str(), 1);
    shops.shops_failed += 1;
}
