//! Orders and shipments.
//!
//! There is no webhook for a new order. An order that was never changed has no time of change, so it is found by its
//! insert window only: whoever wants all reads both windows and merges (jetpackmatt/dashboard, `lib/shipbob/sync.ts`).

use tokio::time::Instant;

use super::Window;
use crate::{ApiError, Json, Pages, ShipBob, call::Call, query::Query};

/// The largest page of orders.
const LIMIT: u32 = 250;

/// Which orders. What is absent does not filter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrderFilter {
    /// When ShipBob got the order.
    pub inserted: Window,
    /// When ShipBob changed it last. It leaves out orders that were never changed.
    pub updated: Window,
    /// When the tracking of a shipment changed last.
    pub tracking_updated: Window,
    /// Orders by their ids.
    pub ids: Vec<u64>,
    /// Whether a shipment has a tracking number. UNCONFIRMED: ShipBob has been seen to fail on this one together with
    /// `inserted` (shipbob-node-sdk, its tests of 2026-01).
    pub has_tracking: Option<bool>,
    /// Whether all tracking was marked as passed on.
    pub is_tracking_uploaded: Option<bool>,
}

impl ShipBob {
    /// Orders with their shipments, 250 a page.
    pub fn orders(&self, filter: &OrderFilter) -> Pages<'_> {
        let OrderFilter { inserted, updated, tracking_updated, ids, has_tracking, is_tracking_uploaded } =
            filter;
        let query = inserted.put(Query::default(), "StartDate", "EndDate");
        let query = updated.put(query, "LastUpdateStartDate", "LastUpdateEndDate");
        let query = tracking_updated.put(query, "LastTrackingUpdateStartDate", "LastTrackingUpdateEndDate");
        let query = query
            .list("IDs", ids)
            .maybe("HasTracking", *has_tracking)
            .maybe("IsTrackingUploaded", *is_tracking_uploaded)
            .with("Limit", &LIMIT);
        Pages::numbered(self, Call::get("orders", "/order").query(query), "Page")
    }

    /// One order; nothing if ShipBob does not know it.
    pub async fn order(&self, id: u64, deadline: Instant) -> Result<Option<Json>, ApiError> {
        self.one(&Call::get("an order", format!("/order/{id}")), deadline).await
    }

    /// One shipment; nothing if ShipBob does not know it.
    pub async fn shipment(&self, id: u64, deadline: Instant) -> Result<Option<Json>, ApiError> {
        self.one(&Call::get("a shipment", format!("/shipment/{id}")), deadline).await
    }

    /// The shipments of an order; nothing if ShipBob does not know it.
    pub async fn shipments(&self, order: u64, deadline: Instant) -> Result<Option<Vec<Json>>, ApiError> {
        self.list(&Call::get("the shipments of an order", format!("/order/{order}/shipment")), deadline).await
    }
}
