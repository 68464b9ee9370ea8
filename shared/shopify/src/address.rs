//! Postal addresses.
//!
//! In every personal field, nothing means that the key is missing, which is how Shopify withholds data from an
//! app; null and the empty text both become the empty text.

use domain::Private;
use serde::Deserialize;

use crate::wire;

/// A postal address.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Address {
    /// The id of a customer's address; nothing for an order's.
    #[serde(deserialize_with = "wire::optional_whole")]
    pub id: Option<u64>,
    /// First and last name together.
    #[serde(deserialize_with = "wire::personal")]
    pub name: Option<Private<String>>,
    /// First name.
    #[serde(deserialize_with = "wire::personal")]
    pub first_name: Option<Private<String>>,
    /// Last name.
    #[serde(deserialize_with = "wire::personal")]
    pub last_name: Option<Private<String>>,
    /// Firm.
    #[serde(deserialize_with = "wire::personal")]
    pub company: Option<Private<String>>,
    /// Street and number.
    #[serde(deserialize_with = "wire::personal")]
    pub address1: Option<Private<String>>,
    /// Flat, floor or the like.
    #[serde(deserialize_with = "wire::personal")]
    pub address2: Option<Private<String>>,
    /// Postal code.
    #[serde(deserialize_with = "wire::personal")]
    pub zip: Option<Private<String>>,
    /// Town.
    #[serde(deserialize_with = "wire::personal")]
    pub city: Option<Private<String>>,
    /// State or province, by its name.
    #[serde(deserialize_with = "wire::personal")]
    pub province: Option<Private<String>>,
    /// State or province, by its code; null in many countries.
    #[serde(deserialize_with = "wire::personal")]
    pub province_code: Option<Private<String>>,
    /// Country, by its two letters (ISO 3166-1).
    #[serde(deserialize_with = "wire::text")]
    pub country_code: Option<String>,
    /// Country, by its name.
    #[serde(deserialize_with = "wire::text")]
    pub country: Option<String>,
    /// Telephone number.
    #[serde(deserialize_with = "wire::personal")]
    pub phone: Option<Private<String>>,
}

impl Address {
    /// Whether the name's keys are missing.
    pub(crate) fn has_no_name(&self) -> bool {
        self.name.is_none() && self.first_name.is_none() && self.last_name.is_none()
    }

    /// Whether the keys of street, postal code and town are missing.
    pub(crate) fn has_no_place(&self) -> bool {
        self.address1.is_none() && self.zip.is_none() && self.city.is_none()
    }
}
