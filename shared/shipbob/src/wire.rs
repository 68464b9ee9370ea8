//! Readers for the shapes in which ShipBob sends simple values. Null and a missing key are the same for all of them.
//!
//! Their errors say what was expected and never what was there.

use std::fmt;

use domain::Private;
use jiff::{
    Timestamp,
    civil::{Date, DateTime, Time},
    fmt::temporal::Pieces,
    tz::Offset,
};
use rust_decimal::Decimal;
use serde::{
    Deserialize, Deserializer,
    de::{self, Unexpected, Visitor},
};
use serde_json::value::RawValue;

/// The furthest exponent of a number: one digit more than a decimal holds.
const FURTHEST_EXPONENT: i32 = 28;

/// A value, or its default where it is null.
pub(crate) fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Option::<T>::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// A text without white space around it, or nothing where it is null or empty.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    Ok(text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()))
}

/// A text that may be written as a number: references to other objects come as both.
pub(crate) fn loose_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let raw = <&RawValue>::deserialize(deserializer)?.get();
    let text = match raw.as_bytes().first() {
        Some(b'"') => serde_json::from_str(raw).ok(),
        Some(b'-' | b'0'..=b'9') => Some(raw.to_owned()),
        Some(b'n') => return Ok(None),
        _ => None,
    };
    let text: String = text.ok_or_else(|| another("a text or a number"))?;
    Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty()))
}

/// A personal text, or nothing where it is null or empty.
pub(crate) fn personal<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Private<String>>, D::Error> {
    Ok(text(d)?.map(Private::new))
}

/// An amount or a quantity, taken by its letters: as a float, 195.66 would already be another amount.
pub(crate) fn decimal<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Decimal>, D::Error> {
    let raw = <&RawValue>::deserialize(deserializer)?.get();
    let letters = match raw.as_bytes().first() {
        Some(b'n') => return Ok(None),
        Some(b'"') => serde_json::from_str::<String>(raw).unwrap_or_default(),
        _ => raw.to_owned(),
    };
    if letters.trim().is_empty() {
        return Ok(None);
    }
    exact(letters.trim()).map(Some).ok_or_else(|| another("a decimal number of at most 28 digits"))
}

/// A decimal without the loss of a digit. Doubles below 0.0001 or above 10^15 come with an exponent.
pub(crate) fn exact(letters: &str) -> Option<Decimal> {
    let Some((digits, exponent)) = letters.split_once(['e', 'E']) else {
        return Decimal::from_str_exact(letters).ok();
    };
    let digits = Decimal::from_str_exact(digits).ok()?;
    let exponent: i32 = exponent.parse().ok().filter(|exponent: &i32| exponent.abs() <= FURTHEST_EXPONENT)?;
    let power = Decimal::from_i128_with_scale(10_i128.pow(exponent.unsigned_abs()), 0);
    if exponent >= 0 {
        return digits.checked_mul(power);
    }
    let scale = digits.scale().checked_add(exponent.unsigned_abs())?;
    Decimal::try_from_i128_with_scale(digits.mantissa(), scale).ok()
}

/// An id.
pub(crate) fn whole<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    Whole::deserialize(deserializer).map(|Whole(number)| number)
}

/// An id that may be null.
pub(crate) fn optional_whole<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    Ok(Option::<Whole>::deserialize(deserializer)?.map(|Whole(number)| number))
}

/// An instant, with up to nine digits of a second; without an offset it is in UTC, in which all of ShipBob's times
/// are. The year 1 stands for none, as .NET writes it.
pub(crate) fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    match text(deserializer)? {
        Some(text) => match moment(&text) {
            Some((time, offset)) if time.year() > 1 => {
                offset.to_timestamp(time).map(Some).map_err(|_| no_time())
            }
            Some(_) => Ok(None),
            None => Err(no_time()),
        },
        None => Ok(None),
    }
}

/// A day, written alone or as a time; of a time, the day that is written counts.
pub(crate) fn date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    let Some(text) = text(deserializer)? else { return Ok(None) };
    let (time, _) = moment(&text).ok_or_else(no_time)?;
    Ok(Some(time.date()).filter(|date| date.year() > 1))
}

fn moment(text: &str) -> Option<(DateTime, Offset)> {
    let pieces = Pieces::parse(text).ok()?;
    let time = pieces.date().to_datetime(pieces.time().unwrap_or(Time::midnight()));
    Some((time, pieces.to_numeric_offset().unwrap_or(Offset::UTC)))
}

fn no_time<E: de::Error>() -> E {
    another("a time (RFC 3339)")
}

fn another<E: de::Error>(expected: &str) -> E {
    E::invalid_value(Unexpected::Other("something else"), &expected)
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

#[cfg(test)]
#[path = "wire_tests.rs"]
mod tests;
