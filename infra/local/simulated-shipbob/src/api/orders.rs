//! Orders and shipments.

use jiff::Timestamp;

use super::{Answer, Call, mixed, number, paging};
use crate::http::HttpResponse;
use crate::simulator::SimulatedShipBob;
use crate::warehouse::{Moment, Order, Shipment, Warehouse};

/// `GET /order`: windows by time of insertion and by last update. An order that nothing has updated yet has no time of
/// update, so it is in no such window.
pub(super) fn list(simulator: &SimulatedShipBob, call: &Call<'_>) -> Answer {
    let query = &call.query;
    let inserted = query.window("StartDate", "EndDate")?;
    let updated = query.window("LastUpdateStartDate", "LastUpdateEndDate")?;
    let tracked = query.window("LastTrackingUpdateStartDate", "LastTrackingUpdateEndDate")?;
    let (has_tracking, uploaded) = (query.flag("HasTracking")?, query.flag("IsTrackingUploaded")?);
    let (ids, references) = (query.ids("IDs")?, query.list("ReferenceIds"));
    let warehouse = &simulator.warehouse;
    let wanted = |order: &&Order| {
        let reference = order.reference_id.as_deref().unwrap_or_default();
        let shipments = || warehouse.shipments_of(order);
        ids.as_ref().is_none_or(|ids| ids.contains(&order.id))
            && references.as_ref().is_none_or(|references| references.contains(&reference))
            && inserted.holds(Some(order.created.time()))
            && updated.holds(latest(warehouse, order, |one| one.last_update_at.map(Moment::time)))
            && tracked.holds(latest(warehouse, order, |one| one.last_tracking_update_at.map(Moment::time)))
            && has_tracking.is_none_or(|wanted| shipments().any(|one| one.tracking.is_some()) == wanted)
            && uploaded.is_none_or(|wanted| shipments().any(|one| one.is_tracking_uploaded) == wanted)
    };
    let found = mixed(simulator, warehouse.orders.values().filter(wanted).collect(), |order| order.id);
    let views: Vec<_> = found.into_iter().map(|order| warehouse.view(order)).collect();
    paging::array(call.full, query, &views)
}

fn latest(
    warehouse: &Warehouse,
    order: &Order,
    time: impl Fn(&Shipment) -> Option<Timestamp>,
) -> Option<Timestamp> {
    warehouse.shipments_of(order).filter_map(time).max()
}

/// `GET /order/{id}`.
pub(super) fn one(simulator: &SimulatedShipBob, id: &str) -> Answer {
    let order = order(simulator, id)?;
    Ok(HttpResponse::json(200, &simulator.warehouse.view(order)))
}

/// `GET /order/{id}/shipment`.
pub(super) fn shipments(simulator: &SimulatedShipBob, id: &str) -> Answer {
    let shipments = simulator.warehouse.shipments_of(order(simulator, id)?);
    Ok(HttpResponse::json(200, &shipments.collect::<Vec<_>>()))
}

/// `GET /shipment/{id}`, and the same below its order.
pub(super) fn shipment(simulator: &SimulatedShipBob, order: Option<&str>, id: &str) -> Answer {
    let order = order.map(|order| number(order, "orderId")).transpose()?;
    let shipment = simulator.warehouse.shipments.get(&number(id, "shipmentId")?);
    let shipment = shipment.filter(|one| order.is_none_or(|order| one.order_id == order));
    shipment.map(|one| HttpResponse::json(200, one)).ok_or_else(|| HttpResponse::empty(404))
}

fn order<'a>(simulator: &'a SimulatedShipBob, id: &str) -> Result<&'a Order, HttpResponse> {
    let id = number(id, "orderId")?;
    simulator.warehouse.orders.get(&id).ok_or_else(|| HttpResponse::empty(404))
}
