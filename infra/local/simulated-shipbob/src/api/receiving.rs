//! Warehouse receiving orders, their boxes, and the mark that a merchant's system has taken them.

use serde::Deserialize;
use serde_json::json;

use super::{Answer, Call, mixed, number, paging, problem};
use crate::http::HttpResponse;
use crate::simulator::SimulatedShipBob;
use crate::warehouse::{Moment, ReceivingOrder, Unidentified};

/// `GET /receiving`. There is no filter by last update.
pub(super) fn list(simulator: &SimulatedShipBob, call: &Call<'_>) -> Answer {
    let query = &call.query;
    let inserted = query.window("InsertStartDate", "InsertEndDate")?;
    let completed = query.window("CompletedStartDate", "CompletedEndDate")?;
    let (ids, centres) = (query.ids("IDs")?, query.ids("FulfillmentCenterIds")?);
    let (statuses, numbers) = (query.list("Statuses"), query.list("PurchaseOrderNumbers"));
    let synced = query.flag("ExternalSync")?;
    let wanted = |order: &&ReceivingOrder| {
        let status = format!("{:?}", order.status);
        let purchase_order = order.purchase_order_number.as_deref().unwrap_or_default();
        ids.as_ref().is_none_or(|ids| ids.contains(&order.id))
            && centres.as_ref().is_none_or(|ids| ids.contains(&order.fulfillment_center.id))
            && statuses.as_ref().is_none_or(|statuses| statuses.contains(&status.as_str()))
            && numbers.as_ref().is_none_or(|numbers| numbers.contains(&purchase_order))
            && synced.is_none_or(|synced| order.external_sync_timestamp.is_some() == synced)
            && inserted.holds(Some(order.insert_date.time()))
            && completed.holds(order.completed.map(Moment::time))
    };
    let found = simulator.warehouse.receiving.values().filter(wanted).collect();
    paging::array(call.full, query, &mixed(simulator, found, |order| order.id))
}

/// `GET /receiving/{id}`.
pub(super) fn one(simulator: &SimulatedShipBob, id: &str) -> Answer {
    Ok(HttpResponse::json(200, found(simulator, id)?))
}

/// `GET /receiving/{id}/boxes`.
pub(super) fn boxes(simulator: &SimulatedShipBob, id: &str) -> Answer {
    Ok(HttpResponse::json(200, &found(simulator, id)?.boxes))
}

fn found<'a>(simulator: &'a SimulatedShipBob, id: &str) -> Result<&'a ReceivingOrder, HttpResponse> {
    let id = number(id, "id")?;
    simulator.warehouse.receiving.get(&id).ok_or_else(|| problem::details(404, "Not Found"))
}

/// `GET /unidentified-receiving-order`, of 2026-07. Its paging is a choice: as receiving orders have it.
pub(super) fn unidentified(simulator: &SimulatedShipBob, call: &Call<'_>) -> Answer {
    let found = simulator.warehouse.unidentified.values().collect();
    paging::array(call.full, &call.query, &mixed(simulator, found, |one: &&Unidentified| one.id))
}

/// `GET /unidentified-receiving-order/{id}`, of 2026-07.
pub(super) fn one_unidentified(simulator: &SimulatedShipBob, id: &str) -> Answer {
    let found = simulator.warehouse.unidentified.get(&number(id, "id")?);
    found.map(|one| HttpResponse::json(200, one)).ok_or_else(|| problem::details(404, "Not Found"))
}

#[derive(Deserialize)]
struct Mark {
    ids: Vec<u64>,
    is_external_sync: bool,
}

/// `POST /receiving:setExternalSync`. The answer is as it was seen; the document has another.
pub(super) fn mark(simulator: &mut SimulatedShipBob, call: &Call<'_>) -> Answer {
    let mark: Mark =
        serde_json::from_slice(call.body).map_err(|error| problem::field(400, "", &error.to_string()))?;
    let now = Moment::of(call.now);
    let receiving = &mut simulator.warehouse.receiving;
    let results = mark.ids.iter().map(|id| {
        let order = receiving.get_mut(id);
        let known = order.is_some();
        if let Some(order) = order {
            order.external_sync_timestamp = mark.is_external_sync.then_some(now);
        }
        let reason = if known { "" } else { "Receiving order was not found" };
        json!({ "id": id, "action": "SetExternalSync", "is_success": known, "reason": reason })
    });
    let results = results.collect::<Vec<_>>();
    Ok(HttpResponse::json(200, &json!({ "results": results })))
}
