//! The top level of an object: its keys, and their values not read yet.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{ParseError, Subject, parse::read, wire};

/// An object of which only the keys were read.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub(crate) struct Top<'a>(#[serde(borrow)] BTreeMap<String, &'a RawValue>);

/// The keys that tell what a body is, in the order in which they are looked for. Any one is enough, for any may be
/// missing.
const TELL_TALES: [(Subject, &[&str]); 6] = [
    (Subject::Fee, &["transaction_id"]),
    (Subject::Box, &["box_id"]),
    (
        Subject::Receipt,
        &[
            "receipt",
            "inventory_quantities",
            "box_packaging_type",
            "expected_arrival_date",
            "last_updated_date",
        ],
    ),
    (
        Subject::Return,
        &[
            "return_type",
            "original_shipment_id",
            "inventory",
            "insert_date",
            "arrived_date",
            "completed_date",
        ],
    ),
    (
        Subject::Shipment,
        &["order_id", "tracking", "location", "ship_option", "last_update_at", "actual_fulfillment_date"],
    ),
    (
        Subject::Order,
        &["shipments", "order_number", "channel", "purchase_date", "shipping_terms", "financials"],
    ),
];

impl<'a> Top<'a> {
    /// The top level of a body.
    pub(crate) fn of(body: &'a [u8]) -> Result<Self, ParseError> {
        read(body)
    }

    /// What the body is by its keys; nothing where no key tells.
    pub(crate) fn subject(&self) -> Option<Subject> {
        let tells = |keys: &[&str]| keys.iter().any(|key| self.has(key));
        TELL_TALES.into_iter().find(|(_, keys)| tells(keys)).map(|(subject, _)| subject)
    }

    /// Whether there is a key with something under it.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.0.get(key).is_some_and(|value| value.get() != "null")
    }

    /// A value, if it can be read.
    pub(crate) fn get<T: Deserialize<'a>>(&self, key: &str) -> Option<T> {
        serde_json::from_str(self.0.get(key)?.get()).ok()
    }

    /// An id, if it can be read.
    pub(crate) fn id(&self, key: &str) -> Option<u64> {
        #[derive(Deserialize)]
        struct Id(#[serde(deserialize_with = "wire::whole")] u64);
        self.get::<Id>(key).map(|Id(id)| id)
    }

    /// A text or number, if it can be read and says something.
    pub(crate) fn text(&self, key: &str) -> Option<String> {
        #[derive(Deserialize)]
        struct Text(#[serde(deserialize_with = "wire::loose_text")] Option<String>);
        self.get::<Text>(key).and_then(|Text(text)| text)
    }

    /// The newest of some times, of those that can be read.
    pub(crate) fn newest(&self, keys: &[&str]) -> Option<Timestamp> {
        #[derive(Deserialize)]
        struct Time(#[serde(deserialize_with = "wire::time")] Option<Timestamp>);
        keys.iter().filter_map(|key| self.get::<Time>(key).and_then(|Time(time)| time)).max()
    }

    /// The objects of a list, of those that can be read.
    pub(crate) fn list(&self, key: &str) -> Vec<Top<'a>> {
        let items: Vec<&'a RawValue> = self.get(key).unwrap_or_default();
        items.into_iter().filter_map(|item| serde_json::from_str(item.get()).ok()).collect()
    }
}
