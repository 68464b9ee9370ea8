//! Firms that buy, their locations and their contacts. All ids are global ids; there is no other.

use domain::Private;
use serde::Deserialize;

use crate::{ShopTime, gid, wire};

/// A firm: the body of the topics about companies.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CompanyRecord {
    /// The firm's id: the one in an order's `company`.
    #[serde(rename = "admin_graphql_api_id", deserialize_with = "gid::company")]
    pub id: u64,
    /// The firm's name.
    #[serde(default, deserialize_with = "wire::text")]
    pub name: Option<String>,
    /// The firm's number elsewhere, as the merchant entered it: the natural place of CloudSuite's customer number.
    #[serde(default, deserialize_with = "wire::text")]
    pub external_id: Option<String>,
    /// What the merchant noted.
    #[serde(default, deserialize_with = "wire::personal")]
    pub note: Option<Private<String>>,
    /// The id of the contact that is asked first.
    #[serde(default, rename = "main_contact_admin_graphql_api_id", deserialize_with = "gid::linked")]
    pub main_contact_id: Option<u64>,
    /// Since when the firm buys.
    #[serde(default)]
    pub customer_since: Option<ShopTime>,
    /// When the firm was made.
    #[serde(default)]
    pub created_at: Option<ShopTime>,
    /// When the firm last changed.
    #[serde(default)]
    pub updated_at: Option<ShopTime>,
}

/// A place of a firm that orders for itself: the body of the topics about company locations.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CompanyLocation {
    /// The location's id: the `location_id` in an order's `company`.
    #[serde(rename = "admin_graphql_api_id", deserialize_with = "gid::location")]
    pub id: u64,
    /// The location's name.
    #[serde(default, deserialize_with = "wire::text")]
    pub name: Option<String>,
    /// The location's number elsewhere, as the merchant entered it.
    #[serde(default, deserialize_with = "wire::text")]
    pub external_id: Option<String>,
    /// Telephone number.
    #[serde(default, deserialize_with = "wire::personal")]
    pub phone: Option<Private<String>>,
    /// What the merchant noted.
    #[serde(default, deserialize_with = "wire::personal")]
    pub note: Option<Private<String>>,
    /// The language that the location is written to in.
    #[serde(default, deserialize_with = "wire::text")]
    pub locale: Option<String>,
    /// The firm.
    #[serde(default)]
    pub company: Option<CompanyRecord>,
    /// Where the bill goes.
    #[serde(default)]
    pub billing_address: Option<CompanyAddress>,
    /// Where the goods go.
    #[serde(default)]
    pub shipping_address: Option<CompanyAddress>,
    /// How the location is taxed.
    #[serde(default, deserialize_with = "wire::or_default")]
    pub tax_settings: TaxSettings,
    /// When the location was made.
    #[serde(default)]
    pub created_at: Option<ShopTime>,
    /// When the location last changed.
    #[serde(default)]
    pub updated_at: Option<ShopTime>,
}

/// How a firm's location is taxed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct TaxSettings {
    /// The number under which the tax office knows the location, such as a VAT number.
    #[serde(deserialize_with = "wire::personal")]
    pub tax_registration_id: Option<Private<String>>,
    /// Whether it pays no taxes; nothing where nobody said.
    pub tax_exempt: Option<bool>,
    /// The exemptions from taxes.
    #[serde(deserialize_with = "wire::or_default")]
    pub tax_exemptions: Vec<String>,
}

/// The address of a firm's location.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct CompanyAddress {
    /// To whose attention.
    #[serde(deserialize_with = "wire::personal")]
    pub recipient: Option<Private<String>>,
    /// First name.
    #[serde(deserialize_with = "wire::personal")]
    pub first_name: Option<Private<String>>,
    /// Last name.
    #[serde(deserialize_with = "wire::personal")]
    pub last_name: Option<Private<String>>,
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
    /// State or province, by its code.
    #[serde(deserialize_with = "wire::personal")]
    pub zone_code: Option<Private<String>>,
    /// Country, by its name.
    #[serde(deserialize_with = "wire::text")]
    pub country: Option<String>,
    /// Country, by its two letters (ISO 3166-1).
    #[serde(deserialize_with = "wire::text")]
    pub country_code: Option<String>,
    /// Telephone number.
    #[serde(deserialize_with = "wire::personal")]
    pub phone: Option<Private<String>>,
}

/// The link between a customer and a firm: the body of the topics about company contacts.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CompanyContact {
    /// The contact's id.
    #[serde(rename = "admin_graphql_api_id", deserialize_with = "gid::contact")]
    pub id: u64,
    /// The customer who buys for the firm.
    #[serde(default, rename = "customer_admin_graphql_api_id", deserialize_with = "gid::linked")]
    pub customer_id: Option<u64>,
    /// What the contact is in the firm, such as `Buyer`.
    #[serde(default, deserialize_with = "wire::personal")]
    pub title: Option<Private<String>>,
    /// The language that the contact is written to in.
    #[serde(default, deserialize_with = "wire::text")]
    pub locale: Option<String>,
    /// The firm.
    #[serde(default)]
    pub company: Option<CompanyRecord>,
    /// When the contact was made.
    #[serde(default)]
    pub created_at: Option<ShopTime>,
    /// When the contact last changed.
    #[serde(default)]
    pub updated_at: Option<ShopTime>,
}
