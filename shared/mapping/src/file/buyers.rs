//! How buyers become customers.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How buyers become customers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Customers {
    /// Customer whose settings a new one takes over. Needed, unless orders become purchase orders.
    pub template: String,
    /// Templates by the country of the bill (ISO 3166-1, two letters), before `template`.
    pub templates: BTreeMap<String, String>,
    /// Template of firms, before all others; empty to treat them as persons.
    pub b2b_template: String,
    /// Customer for orders that name nobody; empty to reject such orders.
    pub fallback: String,
    /// How a firm is recognised that buys business to business.
    pub b2b: B2b,
    /// What becomes of buyers who gave a telephone number and no e-mail address.
    pub phone_only: PhoneOnly,
}

/// How a firm is recognised that buys business to business.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum B2b {
    /// Not at all: the person who orders is the customer.
    #[default]
    Person,
    /// Each firm is one customer.
    Company,
    /// Each location of a firm is one customer.
    Location,
    /// The external id that the merchant entered for the location or else the firm is the customer number.
    ExternalId,
}

/// What becomes of buyers who gave a telephone number and no e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PhoneOnly {
    /// A customer, recognised by Shopify's id of them, else by the number.
    #[default]
    Customer,
    /// The fallback customer.
    Fallback,
    /// The order is rejected.
    Reject,
}
