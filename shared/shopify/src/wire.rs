//! Readers for the shapes in which Shopify sends simple values.
//!
//! Their errors say what was expected and never what was there.

use std::fmt;

use domain::Private;
use serde::{
    Deserialize, Deserializer,
    de::{self, Unexpected, Visitor},
};
use serde_json::value::RawValue;

/// A value, or its default where it is null.
pub(crate) fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Option::<T>::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// A value whose shape is not known well enough to refuse a body for it: what cannot be read is its default.
pub(crate) fn lenient<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: serde::de::DeserializeOwned + Default,
{
    let raw = <&RawValue>::deserialize(deserializer)?;
    Ok(serde_json::from_str::<Option<T>>(raw.get()).ok().flatten().unwrap_or_default())
}

/// A list of values whose shape is not known well enough to refuse a body for it: what cannot be read is left out.
pub(crate) fn lenient_list<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: serde::de::DeserializeOwned,
{
    let raw = <&RawValue>::deserialize(deserializer)?;
    let list: Vec<&RawValue> = serde_json::from_str(raw.get()).unwrap_or_default();
    Ok(list.into_iter().filter_map(|item| serde_json::from_str(item.get()).ok()).collect())
}

/// A personal text that may be written as a number or a truth value; nothing for null, lists and objects.
pub(crate) fn loose_text<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Private<String>>, D::Error> {
    let raw = <&RawValue>::deserialize(d)?.get();
    let text = match raw.as_bytes().first() {
        Some(b'"') => serde_json::from_str(raw).ok(),
        Some(b'{' | b'[' | b'n') | None => None,
        Some(_) => Some(raw.to_owned()),
    };
    Ok(text.map(Private::new))
}

/// A text without white space around it, or nothing where it is null or empty: Shopify uses both.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    Ok(text.map(trimmed).filter(|text| !text.is_empty()))
}

/// Spares the copy where there is nothing to trim, which is nearly always.
fn trimmed(text: String) -> String {
    let inner = text.trim();
    if inner.len() == text.len() { text } else { inner.to_owned() }
}

/// A personal text whose key is there. Null becomes the empty text, so that nothing means a missing key: Shopify
/// removes the keys of data that it does not grant (Shopify documentation, "Protected customer data").
pub(crate) fn personal<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Private<String>>, D::Error> {
    or_default(d).map(|text| Some(Private::new(text)))
}

/// An id or a count. Ids are read as 64 bits: test deliveries have 18 digits, which a float would round.
pub(crate) fn whole<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    Whole::deserialize(deserializer).map(|Whole(number)| number)
}

/// An id or a count that may be null.
pub(crate) fn optional_whole<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    Ok(Option::<Whole>::deserialize(deserializer)?.map(|Whole(number)| number))
}

/// A list of ids, or none where it is null.
pub(crate) fn wholes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u64>, D::Error> {
    let list = Option::<Vec<Whole>>::deserialize(deserializer)?.unwrap_or_default();
    Ok(list.into_iter().map(|Whole(number)| number).collect())
}

struct Whole(u64);

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WholeVisitor).map(Self)
    }
}

struct WholeVisitor;

impl Visitor<'_> for WholeVisitor {
    type Value = u64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number below 2^64")
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<u64, E> {
        Ok(number)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<u64, E> {
        // `parse` alone would let a plus sign through.
        let digits = Some(text).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
        let number = digits.and_then(|digits| digits.parse().ok());
        number.ok_or_else(|| E::invalid_value(Unexpected::Other("a text"), &self))
    }
}

/// The text of a personal field, if there is any.
pub(crate) fn said(field: Option<&Private<String>>) -> Option<&str> {
    field.map(|text| text.expose().trim()).filter(|text| !text.is_empty())
}
