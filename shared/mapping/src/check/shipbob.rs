//! What ShipBob's part of the file needs.

use jiff::tz::TimeZone;

use super::{Problems, booking::dimensions, text};
use crate::{GlKind, Mapping, read::Path};

pub(super) fn check(mapping: &Mapping, problems: &mut Problems) {
    let shipbob = &mapping.shipbob;
    for (id, center) in &shipbob.fulfillment_centers {
        let path = Path::from("shipbob.fulfillment_centers").key(id);
        text(problems, path.key("warehouse"), &center.warehouse, 3, true);
        text(problems, path.key("facility"), &center.facility, 3, false);
        if !center.time_zone.is_empty() && TimeZone::get(&center.time_zone).is_err() {
            let message = "it is no time zone of the IANA database, such as America/Chicago".to_owned();
            problems.push((path.key("time_zone"), message));
        }
    }
    for (id, sku) in &shipbob.items {
        text(problems, Path::from("shipbob.items").key(id), sku, 255, true);
    }
    text(problems, "shipbob.orders.customer".into(), &shipbob.orders.customer, 10, false);
    for (code, unit) in &shipbob.orders.units {
        text(problems, Path::from("shipbob.orders.units").key(code), unit, 3, false);
    }
    for (id, channel) in &shipbob.orders.channels {
        let path = Path::from("shipbob.orders.channels").key(id);
        text(problems, path.key("customer"), &channel.customer, 10, false);
    }
    text(problems, "shipbob.shipments.reason".into(), &shipbob.shipments.reason, 3, false);
    text(problems, "shipbob.returns.reason".into(), &shipbob.returns.reason, 3, false);
    fees(mapping, problems);
    for (place, rule) in mapping.gl.iter().enumerate() {
        let moves_goods = matches!(rule.kind, GlKind::Issue | GlKind::Restock);
        if moves_goods && !rule.split.is_empty() {
            let message = "goods are booked to one account: a quantity has no percentages".to_owned();
            problems.push((Path::from("gl").index(place).key("split"), message));
        }
    }
}

fn fees(mapping: &Mapping, problems: &mut Problems) {
    let fees = &mapping.shipbob.fees;
    text(problems, "shipbob.fees.account".into(), &fees.account, 10, fees.journal);
    dimensions(&fees.dimensions, &"shipbob.fees.dimensions".into(), problems);
    if fees.journal && !mapping.gl.iter().any(|rule| rule.kind == GlKind::WarehouseFee) {
        let message = "no rule of [[gl]] of the kind warehouse_fee says where fees are booked".to_owned();
        problems.push(("shipbob.fees.journal".into(), message));
    }
}
