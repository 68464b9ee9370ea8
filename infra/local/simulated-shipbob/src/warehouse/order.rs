//! An order: what the store sent, kept as it came, with what ShipBob adds (`OpenAPI`, `Orders.OrderViewModel`).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::values::Moment;

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) enum OrderStatus {
    Processing,
    PartiallyFulfilled,
    Fulfilled,
    Cancelled,
    /// A product of it is unknown.
    ImportReview,
}

/// A line as the store sent it, as far as the warehouse reads it.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Line {
    #[serde(default)]
    pub(crate) id: Option<u64>,
    #[serde(default)]
    pub(crate) reference_id: Option<String>,
    #[serde(default)]
    pub(crate) sku: Option<String>,
    pub(crate) quantity: u64,
}

/// What the store sent: the members of the object, literally. A price keeps its digits.
pub(crate) type Members = BTreeMap<String, Box<RawValue>>;

#[derive(Debug, Clone)]
pub(crate) struct Order {
    pub(crate) id: u64,
    pub(crate) created: Moment,
    pub(crate) status: OrderStatus,
    pub(crate) members: Members,
    pub(crate) reference_id: Option<String>,
    pub(crate) lines: Vec<Line>,
    /// Numbers of its shipments, in the order of their making.
    pub(crate) shipments: Vec<u64>,
}

/// Members that are ShipBob's to say.
const OWN: [&str; 4] = ["created_date", "id", "shipments", "status"];

impl Order {
    /// An order as the store sent it.
    ///
    /// # Errors
    /// Its id, reference or products are not what they must be.
    pub(crate) fn read(mut members: Members, id: u64, created: Moment) -> Result<Self, String> {
        let lines: Option<Vec<Line>> = part(&members, "products")?;
        let reference_id = part(&members, "reference_id")?;
        members.retain(|name, _| !OWN.contains(&name.as_str()));
        let lines = lines.unwrap_or_default();
        let (status, shipments) = (OrderStatus::Processing, Vec::new());
        Ok(Self { id, created, status, members, reference_id, lines, shipments })
    }

    /// The line of a SKU.
    pub(crate) fn line(&self, sku: &str) -> Option<&Line> {
        self.lines.iter().find(|line| line.sku.as_deref() == Some(sku))
    }
}

/// A member as a value; none if it is missing or null.
///
/// # Errors
/// It is of another type.
pub(crate) fn part<T: serde::de::DeserializeOwned>(
    members: &Members,
    name: &str,
) -> Result<Option<T>, String> {
    let Some(raw) = members.get(name) else { return Ok(None) };
    serde_json::from_str(raw.get()).map_err(|error| format!("{name}: {error}"))
}
