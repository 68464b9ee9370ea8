//! Places and people that several bodies name.

use domain::Private;
use serde::Deserialize;

use crate::wire;

/// Something with an id and a name: a fulfilment centre or a sales channel.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Place {
    /// Its id: what a mapping goes by. Missing in some answers.
    #[serde(deserialize_with = "wire::optional_whole")]
    pub id: Option<u64>,
    /// Its name, such as `Moreno Valley (CA)`. Names change.
    #[serde(deserialize_with = "wire::text")]
    pub name: Option<String>,
    /// The time zone of a fulfilment centre as Windows names it, such as `Pacific Standard Time`.
    #[serde(deserialize_with = "wire::text")]
    pub timezone: Option<String>,
}

/// Who an order or a shipment goes to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Recipient {
    /// The name; shipments may have it under `full_name` only.
    #[serde(deserialize_with = "wire::personal")]
    pub name: Option<Private<String>>,
    /// The name, in shipments.
    #[serde(deserialize_with = "wire::personal")]
    pub full_name: Option<Private<String>>,
    /// The e-mail address.
    #[serde(deserialize_with = "wire::personal")]
    pub email: Option<Private<String>>,
    /// The telephone number.
    #[serde(deserialize_with = "wire::personal")]
    pub phone_number: Option<Private<String>>,
    /// Where it goes.
    #[serde(deserialize_with = "wire::or_default")]
    pub address: Address,
}

impl Recipient {
    /// The name, under whichever key it came.
    pub fn called(&self) -> Option<&Private<String>> {
        self.name.as_ref().or(self.full_name.as_ref())
    }
}

/// An address. Country and state are codes as a rule, and not always.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Address {
    /// A firm's name.
    #[serde(deserialize_with = "wire::personal")]
    pub company_name: Option<Private<String>>,
    /// The first line.
    #[serde(deserialize_with = "wire::personal")]
    pub address1: Option<Private<String>>,
    /// The second line.
    #[serde(deserialize_with = "wire::personal")]
    pub address2: Option<Private<String>>,
    /// The city.
    #[serde(deserialize_with = "wire::personal")]
    pub city: Option<Private<String>>,
    /// The state or province.
    #[serde(deserialize_with = "wire::personal")]
    pub state: Option<Private<String>>,
    /// The postal code.
    #[serde(deserialize_with = "wire::personal")]
    pub zip_code: Option<Private<String>>,
    /// The country: not personal by itself, and needed to choose rules.
    #[serde(deserialize_with = "wire::text")]
    pub country: Option<String>,
}
