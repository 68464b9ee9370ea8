//! What the law lets a customer ask for, and what a shop leaves behind (Shopify documentation, "Privacy law
//! compliance").

use domain::Private;
use serde::Deserialize;

use crate::wire;

/// A customer asks what is stored about them: the body of `customers/data_request`. The answer goes to the shop's
/// owner, not to Shopify.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct DataRequest {
    /// The shop's id.
    #[serde(deserialize_with = "wire::whole")]
    pub shop_id: u64,
    /// The shop's own domain.
    #[serde(default, deserialize_with = "wire::text")]
    pub shop_domain: Option<String>,
    /// Who asks.
    #[serde(default, deserialize_with = "wire::or_default")]
    pub customer: PrivacyCustomer,
    /// The ids of the orders that are asked for.
    #[serde(default, deserialize_with = "wire::wholes")]
    pub orders_requested: Vec<u64>,
    /// The request's own id.
    #[serde(default, rename = "data_request", deserialize_with = "request_id")]
    pub request_id: Option<u64>,
}

/// What is stored about a customer is to be erased: the body of `customers/redact`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CustomerRedact {
    /// The shop's id.
    #[serde(deserialize_with = "wire::whole")]
    pub shop_id: u64,
    /// The shop's own domain.
    #[serde(default, deserialize_with = "wire::text")]
    pub shop_domain: Option<String>,
    /// Whose data it is.
    #[serde(default, deserialize_with = "wire::or_default")]
    pub customer: PrivacyCustomer,
    /// The ids of the orders whose personal data is to go.
    #[serde(default, deserialize_with = "wire::wholes")]
    pub orders_to_redact: Vec<u64>,
}

/// What is stored of a shop is to be erased: the body of `shop/redact`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ShopRedact {
    /// The shop's id.
    #[serde(deserialize_with = "wire::whole")]
    pub shop_id: u64,
    /// The shop's own domain.
    #[serde(default, deserialize_with = "wire::text")]
    pub shop_domain: Option<String>,
}

/// By what a privacy request names its customer. Any part may be missing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct PrivacyCustomer {
    /// The customer's id in the shop.
    #[serde(deserialize_with = "wire::optional_whole")]
    pub id: Option<u64>,
    /// E-mail address.
    #[serde(deserialize_with = "wire::personal")]
    pub email: Option<Private<String>>,
    /// Telephone number.
    #[serde(deserialize_with = "wire::personal")]
    pub phone: Option<Private<String>>,
}

/// A request's id stands in an object of its own.
fn request_id<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Request {
        #[serde(deserialize_with = "wire::optional_whole")]
        id: Option<u64>,
    }
    Ok(Option::<Request>::deserialize(deserializer)?.unwrap_or_default().id)
}
