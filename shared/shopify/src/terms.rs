//! Orders between businesses: who buys, and when it is to be paid.

use serde::Deserialize;

use crate::{Amount, ShopTime, wire};

/// The buying firm of an order between businesses.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Company {
    /// The firm's id.
    #[serde(deserialize_with = "wire::optional_whole")]
    pub id: Option<u64>,
    /// The id of the firm's location that ordered.
    #[serde(deserialize_with = "wire::optional_whole")]
    pub location_id: Option<u64>,
}

/// When an order is to be paid.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct PaymentTerms {
    /// The merchant's name for it, such as `Net 30`.
    #[serde(deserialize_with = "wire::text")]
    pub payment_terms_name: Option<String>,
    /// The kind, such as `net`, `fixed`, `receipt` or `fulfillment`.
    #[serde(deserialize_with = "wire::text")]
    pub payment_terms_type: Option<String>,
    /// The days from the issue to the due date; nothing for terms that are not counted in days.
    #[serde(deserialize_with = "wire::optional_whole")]
    pub due_in_days: Option<u64>,
    /// The payments, mostly one.
    #[serde(deserialize_with = "wire::or_default")]
    pub payment_schedules: Vec<PaymentSchedule>,
}

/// One payment of an order's terms.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct PaymentSchedule {
    /// What is to be paid.
    pub amount: Option<Amount>,
    /// The currency of the amount.
    #[serde(deserialize_with = "wire::text")]
    pub currency: Option<String>,
    /// From when the days are counted.
    pub issued_at: Option<ShopTime>,
    /// When it is due.
    pub due_at: Option<ShopTime>,
    /// When it was paid; nothing while it is open.
    pub completed_at: Option<ShopTime>,
}
