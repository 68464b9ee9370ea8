//! Which warehouse a fulfilment centre is, and on which of its days something happens.

use domain::{Finding, FindingCode};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use shipbob::Place;

use crate::{FulfillmentCenter, Mapping};

/// A fulfilment centre that the mapping names.
pub(super) struct Center<'a> {
    pub(super) mapped: &'a FulfillmentCenter,
    /// ShipBob's name of it; empty where the body gives none.
    pub(super) name: &'a str,
}

impl Center<'_> {
    /// The day of a moment there.
    pub(super) fn day(&self, time: Timestamp) -> Date {
        let zone = TimeZone::get(&self.mapped.time_zone).unwrap_or(TimeZone::UTC);
        zone.to_datetime(time).date()
    }
}

/// The fulfilment centre of a body; or what is wrong with it.
pub(super) fn center<'a>(
    mapping: &'a Mapping,
    field: &str,
    place: Option<&'a Place>,
) -> Result<Center<'a>, Finding> {
    let missing = || {
        let help = "look at it in ShipBob, and replay it once it says where it is handled";
        Finding::new(FindingCode::MissingField, field, "it names no fulfilment centre", help)
    };
    let place = place.ok_or_else(missing)?;
    let id = place.id.ok_or_else(missing)?;
    let name = place.name.as_deref().unwrap_or_default();
    match mapping.shipbob.fulfillment_centers.get(&id) {
        Some(mapped) => Ok(Center { mapped, name }),
        None => Err(Finding::new(
            FindingCode::UnknownWarehouse,
            field,
            format!("fulfilment centre {id} {name} is no warehouse of the mapping file"),
            "name its warehouse under shipbob.fulfillment_centers in the mapping file",
        )),
    }
}
