//! The customer: part of an order, and the body of the topics about customers.

use domain::Private;
use serde::Deserialize;

use crate::{Address, ShopTime, gid, wire};

/// A customer, as the shop knows them. Since API version 2025-01 there are no tags, consents and sums of orders here.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Customer {
    /// The customer's id in the shop.
    #[serde(deserialize_with = "wire::optional_whole")]
    pub id: Option<u64>,
    /// E-mail address.
    #[serde(deserialize_with = "wire::personal")]
    pub email: Option<Private<String>>,
    /// Telephone number.
    #[serde(deserialize_with = "wire::personal")]
    pub phone: Option<Private<String>>,
    /// First name.
    #[serde(deserialize_with = "wire::personal")]
    pub first_name: Option<Private<String>>,
    /// Last name.
    #[serde(deserialize_with = "wire::personal")]
    pub last_name: Option<Private<String>>,
    /// What the merchant noted.
    #[serde(deserialize_with = "wire::personal")]
    pub note: Option<Private<String>>,
    /// The state of the account: `disabled`, `invited`, `enabled` or `declined`.
    #[serde(deserialize_with = "wire::text")]
    pub state: Option<String>,
    /// Whether the e-mail address was confirmed.
    pub verified_email: Option<bool>,
    /// Whether the customer pays no taxes.
    pub tax_exempt: Option<bool>,
    /// The exemptions from taxes, such as `CA_BC_RESELLER_EXEMPTION`.
    #[serde(deserialize_with = "wire::or_default")]
    pub tax_exemptions: Vec<String>,
    /// The currency that the customer last paid in.
    #[serde(deserialize_with = "wire::text")]
    pub currency: Option<String>,
    /// When the customer was made.
    pub created_at: Option<ShopTime>,
    /// When the customer last changed, to the second.
    pub updated_at: Option<ShopTime>,
    /// The address that the customer uses by default; missing if there is none.
    pub default_address: Option<Address>,
    /// All addresses. Not to be relied on: the default one may be missing here.
    #[serde(deserialize_with = "wire::or_default")]
    pub addresses: Vec<Address>,
}

impl Customer {
    /// Whether the name's keys are missing.
    pub(crate) fn has_no_name(&self) -> bool {
        self.first_name.is_none() && self.last_name.is_none()
    }

    /// The address to use: the default one, else the first.
    pub fn address(&self) -> Option<&Address> {
        self.default_address.as_ref().or_else(|| self.addresses.first())
    }
}

/// Two customers that became one: the body of `customers/merge`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CustomerMerge {
    /// The customer that is left.
    #[serde(rename = "admin_graphql_api_customer_kept_id", deserialize_with = "gid::customer")]
    pub kept: u64,
    /// The customer that is no more, once the merge has come to its end.
    #[serde(rename = "admin_graphql_api_customer_deleted_id", deserialize_with = "gid::customer")]
    pub deleted: u64,
    /// `requested`, `in_progress`, `completed` or `failed`.
    #[serde(default, deserialize_with = "wire::text")]
    pub status: Option<String>,
}

impl CustomerMerge {
    /// Whether the merge was made. Any status but the explicit word means that it was not, or not yet.
    pub fn is_complete(&self) -> bool {
        self.status.as_deref().is_some_and(|status| status.eq_ignore_ascii_case("completed"))
    }
}
