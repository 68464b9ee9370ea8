//! Returns. Their cursor is the number of the page.

use super::{Answer, Call, mixed, number, paging, problem};
use crate::http::HttpResponse;
use crate::simulator::SimulatedShipBob;
use crate::warehouse::{Moment, Return};

/// `GET /return`.
pub(super) fn list(simulator: &SimulatedShipBob, call: &Call<'_>) -> Answer {
    let query = &call.query;
    let inserted = query.window("StartDate", "EndDate")?;
    let completed = query.window("CompletedStartDate", "CompletedEndDate")?;
    let (ids, shipments) = (query.ids("Ids")?, query.ids("OriginalShipmentIds")?);
    let (statuses, references) = (query.list("Status"), query.list("ReferenceIds"));
    let wanted = |one: &&Return| {
        let status = format!("{:?}", one.status);
        let reference = one.reference_id.as_deref().unwrap_or_default();
        let shipment = one.original_shipment_id.unwrap_or_default();
        ids.as_ref().is_none_or(|ids| ids.contains(&one.id))
            && shipments.as_ref().is_none_or(|shipments| shipments.contains(&shipment))
            && statuses.as_ref().is_none_or(|statuses| statuses.contains(&status.as_str()))
            && references.as_ref().is_none_or(|references| references.contains(&reference))
            && inserted.holds(Some(one.insert_date.time()))
            && completed.holds(one.completed_date.map(Moment::time))
    };
    let found = simulator.warehouse.returns.values().filter(wanted).collect();
    paging::linked_and_counted(call.full, query, &mixed(simulator, found, |one| one.id))
}

/// `GET /return/{id}`.
pub(super) fn one(simulator: &SimulatedShipBob, id: &str) -> Answer {
    let found = simulator.warehouse.returns.get(&number(id, "id")?);
    found.map(|one| HttpResponse::json(200, one)).ok_or_else(|| problem::details(404, "Not Found"))
}
