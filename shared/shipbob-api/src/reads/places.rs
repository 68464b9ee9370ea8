//! Fulfilment centres, locations and sales channels: short lists.

use tokio::time::Instant;

use crate::{ApiError, Json, Pages, ShipBob, call::Call, query::Query};

impl ShipBob {
    /// The fulfilment centres.
    pub async fn fulfilment_centres(&self, deadline: Instant) -> Result<Vec<Json>, ApiError> {
        let list = self.list(&Call::get("fulfilment centres", "/fulfillment-center"), deadline).await?;
        Ok(list.unwrap_or_default())
    }

    /// The locations, those that are no longer used too: old shipments name them.
    pub async fn locations(&self, deadline: Instant) -> Result<Vec<Json>, ApiError> {
        let call = Call::get("locations", "/location").query(Query::default().with("IncludeInactive", &true));
        Ok(self.list(&call, deadline).await?.unwrap_or_default())
    }

    /// The sales channels that the token may see: the cheapest call there is, and a proof that it is good.
    pub async fn channels(&self, deadline: Instant) -> Result<Vec<Json>, ApiError> {
        let call =
            Call::get("sales channels", "/channel").query(Query::default().with("RecordsPerPage", &250));
        Pages::linked(self, call, "Cursor").all(deadline).await
    }
}
