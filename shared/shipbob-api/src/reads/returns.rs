//! Returns. What is called their cursor is the number of a page.

use tokio::time::Instant;

use super::Window;
use crate::{ApiError, Json, Pages, ShipBob, call::Call, query::Query};

/// How many returns a page has. UNCONFIRMED what the largest is: orders and receiving take 250.
const LIMIT: u32 = 250;

/// Which returns. What is absent does not filter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReturnFilter {
    /// By their ids.
    pub ids: Vec<u64>,
    /// By the shipments that came back.
    pub original_shipments: Vec<u64>,
    /// By their states, as this filter spells them, such as `AwaitingArrival`: names without a comma.
    pub statuses: Vec<&'static str>,
    /// When they were made.
    pub inserted: Window,
    /// When they were completed.
    pub completed: Window,
}

impl ShipBob {
    /// Returns, 250 a page.
    pub fn returns(&self, filter: &ReturnFilter) -> Pages<'_> {
        let ReturnFilter { ids, original_shipments, statuses, inserted, completed } = filter;
        let query = Query::default().list("Ids", ids).list("OriginalShipmentIds", original_shipments);
        let query = inserted.put(query.list("Status", statuses), "StartDate", "EndDate");
        let query = completed.put(query, "CompletedStartDate", "CompletedEndDate").with("Limit", &LIMIT);
        Pages::numbered(self, Call::get("returns", "/return").query(query), "Cursor")
    }

    /// One return; nothing if ShipBob does not know it.
    pub async fn return_order(&self, id: u64, deadline: Instant) -> Result<Option<Json>, ApiError> {
        self.one(&Call::get("a return", format!("/return/{id}")), deadline).await
    }
}
