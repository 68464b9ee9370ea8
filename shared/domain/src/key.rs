//! The key of a record: one business object of one tenant.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::Digest;

/// Why a text is not a key or a part of one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseKeyError {
    /// A tenant id is 1 to 40 characters of `a`–`z`, `0`–`9` and `-`, and starts with a letter or digit.
    #[error("not a tenant id: 1 to 40 characters of a-z, 0-9 and '-', the first no '-'")]
    Tenant,
    /// A source that this version does not know.
    #[error("not a source: expected shopify or shipbob")]
    Source,
    /// A kind of record that this version does not know.
    #[error(
        "not a kind: expected order, customer, shipment, receipt, return, fee, refund, journal or request"
    )]
    Kind,
    /// A source id is 1 to 64 visible ASCII characters without `/` and `#`.
    #[error("not a source id: 1 to 64 visible ASCII characters without '/' and '#'")]
    SourceId,
    /// Not `tenant/source/kind/id`.
    #[error("not a record key: expected tenant/source/kind/id")]
    Shape,
}

/// A merchant's installation: the name in the webhook's path and in the names of its secrets.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TenantId(String);

impl TenantId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for TenantId {
    type Err = ParseKeyError;

    fn from_str(text: &str) -> Result<Self, ParseKeyError> {
        let known = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let fits = (1..=40).contains(&text.len()) && !text.starts_with('-') && text.bytes().all(known);
        fits.then(|| Self(text.to_owned())).ok_or(ParseKeyError::Tenant)
    }
}

/// The id that the source gave to its object, as text, exactly as it was sent.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SourceId(String);

impl SourceId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl SourceId {
    /// A stand-in for an object that names no id, made of its body's digest.
    pub fn unreadable(body: &Digest) -> Self {
        Self(format!("unreadable-{}", body.short()))
    }

    /// The id of a buyer who is known by e-mail address only: a digest, because keys are no place for addresses.
    pub fn of_email(email: &str) -> Self {
        Self(format!("email-{}", &Digest::of(email.as_bytes()).to_string()[..32]))
    }

    /// The id of a buyer who is known by telephone number only: a digest, for the same reason.
    pub fn of_phone(phone: &str) -> Self {
        Self(format!("phone-{}", &Digest::of(phone.as_bytes()).to_string()[..32]))
    }
}

impl From<u64> for SourceId {
    fn from(id: u64) -> Self {
        Self(id.to_string())
    }
}

impl FromStr for SourceId {
    type Err = ParseKeyError;

    fn from_str(text: &str) -> Result<Self, ParseKeyError> {
        let visible = |b: u8| b.is_ascii_graphic() && b != b'/' && b != b'#';
        let fits = (1..=64).contains(&text.len()) && text.bytes().all(visible);
        fits.then(|| Self(text.to_owned())).ok_or(ParseKeyError::SourceId)
    }
}

macro_rules! text_conversions {
    ($($name:ident),*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = ParseKeyError;

            fn try_from(text: String) -> Result<Self, ParseKeyError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.0
            }
        }
    )*};
}
text_conversions!(TenantId, SourceId);

macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $error:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$vdoc])* $variant),* }

        impl $name {
            /// The word used in keys, paths and logs.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = ParseKeyError;

            fn from_str(text: &str) -> Result<Self, ParseKeyError> {
                match text { $($word => Ok(Self::$variant),)* _ => Err(ParseKeyError::$error) }
            }
        }
    };
}

words! {
    /// Where an event comes from.
    Source, Source {
        /// Shopify's webhooks and Admin API.
        Shopify = "shopify",
        /// ShipBob's webhooks and API.
        Shipbob = "shipbob",
    }
}

words! {
    /// What kind of business object a record is.
    Kind, Kind {
        /// An order, whether it becomes a sales order or something else.
        Order = "order",
        /// A buyer.
        Customer = "customer",
        /// A parcel that left a warehouse.
        Shipment = "shipment",
        /// Goods that arrived in a warehouse.
        Receipt = "receipt",
        /// Goods that came back.
        Return = "return",
        /// A charge for a service.
        Fee = "fee",
        /// Money that goes back to a buyer.
        Refund = "refund",
        /// What an order is booked to, where the order itself cannot carry it.
        Journal = "journal",
        /// What the source asks of the connector itself: the export or the erasure of personal data, the end of
        /// an installation.
        Request = "request",
    }
}

/// The key of a record, written `tenant/source/kind/id`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RecordKey {
    /// Whose record it is.
    pub tenant: TenantId,
    /// Which system it comes from.
    pub source: Source,
    /// What it is there.
    pub kind: Kind,
    /// Its id there.
    pub id: SourceId,
}

impl fmt::Display for RecordKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}/{}", self.tenant, self.source, self.kind, self.id)
    }
}

impl FromStr for RecordKey {
    type Err = ParseKeyError;

    fn from_str(text: &str) -> Result<Self, ParseKeyError> {
        let mut parts = text.split('/');
        let mut next = || parts.next().ok_or(ParseKeyError::Shape);
        let (tenant, source, kind, id) = (next()?, next()?, next()?, next()?);
        if next().is_ok() {
            return Err(ParseKeyError::Shape);
        }
        Ok(Self { tenant: tenant.parse()?, source: source.parse()?, kind: kind.parse()?, id: id.parse()? })
    }
}

impl TryFrom<String> for RecordKey {
    type Error = ParseKeyError;

    fn try_from(text: String) -> Result<Self, ParseKeyError> {
        text.parse()
    }
}

impl From<RecordKey> for String {
    fn from(key: RecordKey) -> Self {
        key.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_reads_back_as_it_was_written() {
        let text = "demo/shopify/order/820982911946154508";
        assert_eq!(text.parse::<RecordKey>().unwrap().to_string(), text);
    }

    #[test]
    fn what_is_not_a_key_is_refused_by_part() {
        let cases = [
            ("demo/shopify/order", ParseKeyError::Shape),
            ("demo/shopify/order/1/2", ParseKeyError::Shape),
            ("De/shopify/order/1", ParseKeyError::Tenant),
            ("-d/shopify/order/1", ParseKeyError::Tenant),
            ("d/magento/order/1", ParseKeyError::Source),
            ("d/shopify/parcel/1", ParseKeyError::Kind),
            ("d/shopify/order/", ParseKeyError::SourceId),
            ("d/shopify/order/a#b", ParseKeyError::SourceId),
        ];
        for (text, error) in cases {
            assert_eq!(text.parse::<RecordKey>(), Err(error), "{text}");
        }
        assert_eq!("x".repeat(41).parse::<TenantId>(), Err(ParseKeyError::Tenant));
    }
}
