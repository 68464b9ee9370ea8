//! Which CloudSuite, how it is reached, and which of its companies an order belongs to.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::M3Ways;

/// Which CloudSuite, and how it is reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Cloudsuite {
    /// The product line.
    pub product_line: ProductLineName,
    /// Company number (M3: CONO) of every request, unless a company rule says otherwise. Needed.
    pub company: u16,
    /// Division (M3: DIVI); empty for the service account's own.
    pub division: String,
    /// Hosts that the `.ionapi` file may lead to besides Infor's own.
    pub allowed_hosts: Vec<String>,
    /// Certificate authority (PEM) of an on-premises gateway; empty for the public ones.
    pub certificate_authority: String,
    /// How many requests a minute may go through the gateway, for all tenants of one ION client together.
    pub requests_per_minute: u32,
    /// How many of them may go at once after a quiet time.
    pub burst: u32,
    /// Ways of M3 that no public document confirms, or that installations set up differently.
    pub m3: M3Ways,
}

impl Default for Cloudsuite {
    fn default() -> Self {
        Self {
            product_line: ProductLineName::M3,
            company: 0,
            division: String::new(),
            allowed_hosts: Vec::new(),
            certificate_authority: String::new(),
            requests_per_minute: 600,
            burst: 20,
            m3: M3Ways::default(),
        }
    }
}

/// The product lines that this release knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProductLineName {
    /// Infor M3.
    #[default]
    M3,
}

/// Which company, division, warehouse and facility an order belongs to, if it is of some kind.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CompanyRule {
    /// Which orders. All conditions that are named must hold; none are named: every order.
    pub when: CompanyWhen,
    /// Company number (M3: CONO). Needed.
    pub company: u16,
    /// Division (M3: DIVI); empty for the service account's own.
    pub division: String,
    /// Warehouse (M3: WHLO); empty for the location's, else that of `orders`.
    pub warehouse: String,
    /// Facility (M3: FACI); empty for the location's, else that of `orders`.
    pub facility: String,
}

/// Which orders a company rule is for. Each condition is a list of which one must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CompanyWhen {
    /// The shop's currency (ISO 4217).
    pub currency: Vec<String>,
    /// The currency that the buyer paid in (ISO 4217).
    pub presentment_currency: Vec<String>,
    /// The country that the goods go to, or, where nothing is shipped, of the bill (ISO 3166-1, two letters).
    pub country: Vec<String>,
    /// One of the order's tags, in capitals or not.
    pub tag: Vec<String>,
    /// Where it was sold, such as `web` or `pos`.
    pub source_name: Vec<String>,
    /// The id of the shop's location that sold it.
    pub location: Vec<u64>,
}
