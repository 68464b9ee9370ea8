//! The days of a statement: which objects count for it, and from when to when ShipBob and the ledger are asked.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp, ToSpan as _, civil::Date, tz::TimeZone};
use mapping::Mapping;
use shipbob::Place;

/// From the first day to the last, both of them in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Period {
    pub(super) from: Date,
    pub(super) to: Date,
}

impl Period {
    /// Whether an object of this day counts for it. One without a day does: it must not be lost.
    pub(super) fn has(self, date: Option<Date>) -> bool {
        date.is_none_or(|date| (self.from..=self.to).contains(&date))
    }

    /// A moment before the first day begins anywhere.
    pub(super) fn begins(self) -> Timestamp {
        moment(self.from.checked_sub(1.day()).unwrap_or(self.from))
    }

    /// A moment after the last day has ended everywhere.
    pub(super) fn ends(self) -> Timestamp {
        moment(self.to.checked_add(2.days()).unwrap_or(self.to))
    }
}

/// So long before a moment.
pub(super) fn before(time: Timestamp, days: i64) -> Timestamp {
    time.checked_sub(SignedDuration::from_hours(24 * days)).unwrap_or(Timestamp::MIN)
}

/// So long after a moment.
pub(super) fn after(time: Timestamp, days: i64) -> Timestamp {
    time.checked_add(SignedDuration::from_hours(24 * days)).unwrap_or(Timestamp::MAX)
}

fn moment(date: Date) -> Timestamp {
    date.to_zoned(TimeZone::UTC).map_or(Timestamp::MIN, |zoned| zoned.timestamp())
}

/// The day of a moment at a fulfilment centre; of one that the mapping does not know, in universal time.
pub(super) fn day(mapping: &Mapping, place: Option<&Place>, time: Timestamp) -> Date {
    let center = place.and_then(|place| mapping.shipbob.fulfillment_centers.get(&place.id?));
    let zone = center.and_then(|center| TimeZone::get(&center.time_zone).ok()).unwrap_or(TimeZone::UTC);
    zone.to_datetime(time).date()
}

/// The time zones by which days are told.
pub(super) fn zones(mapping: &Mapping) -> Vec<String> {
    let centers = mapping.shipbob.fulfillment_centers.values();
    let names = centers.map(|center| center.time_zone.as_str());
    let names: BTreeSet<_> = names.map(|name| if name.is_empty() { "UTC" } else { name }).collect();
    if names.is_empty() { vec!["UTC".to_owned()] } else { names.into_iter().map(str::to_owned).collect() }
}
