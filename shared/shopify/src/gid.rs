//! Global ids: `gid://shopify/Company/408372092144951419`. The ids of firms come in no other form.

use std::borrow::Cow;

use serde::{
    Deserialize, Deserializer,
    de::{Error as _, Unexpected},
};

use crate::wire;

/// A global id, as the Admin API and some deliveries write ids.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Gid<'a> {
    /// The kind of object, such as `Company`.
    pub kind: &'a str,
    /// The object's id among its kind.
    pub id: u64,
}

impl<'a> Gid<'a> {
    /// Reads a global id; nothing for any other text. Parameters after the id (`?key=value`) are passed over.
    pub fn parse(text: &'a str) -> Option<Self> {
        let (kind, id) = text.trim().strip_prefix("gid://shopify/")?.split_once('/')?;
        let id = id.split_once('?').map_or(id, |(id, _)| id);
        let is_id = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
        let is_kind = !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if is_id && is_kind { Some(Self { kind, id: id.parse().ok()? }) } else { None }
    }
}

/// The id of a firm.
pub(crate) fn company<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    needed(deserializer, "Company", "gid://shopify/Company/ and a number")
}

/// The id of a firm's location.
pub(crate) fn location<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    needed(deserializer, "CompanyLocation", "gid://shopify/CompanyLocation/ and a number")
}

/// The id of a firm's contact.
pub(crate) fn contact<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    needed(deserializer, "CompanyContact", "gid://shopify/CompanyContact/ and a number")
}

/// The id of a customer.
pub(crate) fn customer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    needed(deserializer, "Customer", "gid://shopify/Customer/ and a number")
}

/// The id of an object that is only linked; nothing where the link is null or cannot be read.
pub(crate) fn linked<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    let text: Option<String> = wire::lenient(deserializer)?;
    Ok(text.as_deref().and_then(Gid::parse).map(|gid| gid.id))
}

fn needed<'de, D: Deserializer<'de>>(d: D, kind: &str, expected: &'static str) -> Result<u64, D::Error> {
    let text = Cow::<'_, str>::deserialize(d)?;
    let gid = Gid::parse(&text).filter(|gid| gid.kind == kind);
    gid.map(|gid| gid.id).ok_or_else(|| D::Error::invalid_value(Unexpected::Other("another text"), &expected))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kind_and_id_are_read_exactly() {
        let gid = Gid::parse("gid://shopify/Company/408372092144951419").unwrap();
        assert_eq!(gid, Gid { kind: "Company", id: 408_372_092_144_951_419 });
        assert_eq!(Gid::parse(" gid://shopify/Order/18446744073709551615?a=b").unwrap().id, u64::MAX);
    }

    #[test]
    fn other_texts_are_no_global_ids() {
        for text in [
            "",
            "1",
            "gid://shopify/",
            "gid://shopify/Order/",
            "gid://shopify//1",
            "gid://shopify/Order/-1",
            "gid://shopify/Order/+1",
            "gid://shopify/Order/1.0",
            "gid://shopify/Order/99999999999999999999",
            "gid://shopify/A/B/1",
            "gid://other/Order/1",
            "https://www.example.com/",
        ] {
            assert_eq!(Gid::parse(text), None, "{text}");
        }
    }
}
