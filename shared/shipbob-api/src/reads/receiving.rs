//! Warehouse receiving orders and their boxes. Lots stand on boxes only.

use tokio::time::Instant;

use super::Window;
use crate::{
    ApiError, Json, Pages, ShipBob,
    call::Call,
    query::{Query, has_comma},
};

/// The largest page of receiving orders.
const LIMIT: u32 = 250;

/// Which receiving orders. What is absent does not filter. There is no filter by the time of change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReceivingFilter {
    /// By their ids.
    pub ids: Vec<u64>,
    /// By their states, such as `Processing` or `Completed`.
    pub statuses: Vec<String>,
    /// By the numbers of the purchase orders that they were made for.
    pub purchase_orders: Vec<String>,
    /// When they were made.
    pub inserted: Window,
    /// When they were completed.
    pub completed: Window,
    /// Whether they were marked as passed on ([`ShipBob::set_external_sync`]).
    pub is_synced: Option<bool>,
}

impl ShipBob {
    /// Receiving orders, 250 a page. An error if a state or number has a comma: ShipBob would read two.
    pub fn receiving(&self, filter: &ReceivingFilter) -> Result<Pages<'_>, ApiError> {
        let ReceivingFilter { ids, statuses, purchase_orders, inserted, completed, is_synced } = filter;
        if has_comma(statuses) || has_comma(purchase_orders) {
            let says = "a value of the filter has a comma".to_owned();
            return Err(ApiError::Refused { what: "receiving orders", says });
        }
        let query = Query::default().list("IDs", ids).list("Statuses", statuses);
        let query = query.list("PurchaseOrderNumbers", purchase_orders);
        let query = inserted.put(query, "InsertStartDate", "InsertEndDate");
        let query = completed.put(query, "CompletedStartDate", "CompletedEndDate");
        let query = query.maybe("ExternalSync", *is_synced).with("Limit", &LIMIT);
        Ok(Pages::numbered(self, Call::get("receiving orders", "/receiving").query(query), "Page"))
    }

    /// One receiving order; nothing if ShipBob does not know it.
    pub async fn receiving_order(&self, id: u64, deadline: Instant) -> Result<Option<Json>, ApiError> {
        self.one(&Call::get("a receiving order", format!("/receiving/{id}")), deadline).await
    }

    /// The boxes of a receiving order; nothing if ShipBob does not know it.
    pub async fn boxes(&self, id: u64, deadline: Instant) -> Result<Option<Vec<Json>>, ApiError> {
        self.list(&Call::get("the boxes of a receiving order", format!("/receiving/{id}/boxes")), deadline)
            .await
    }
}
