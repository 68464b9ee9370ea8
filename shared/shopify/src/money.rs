//! Amounts as Shopify writes them: decimal texts, in a few places bare numbers, never floats here.

use std::fmt;

use domain::MoneyError;
use rust_decimal::Decimal;
use serde::{
    Deserialize, Deserializer,
    de::{self, Unexpected},
};
use serde_json::value::RawValue;
use smol_str::SmolStr;

use crate::wire;

/// An amount, kept exactly as it was written and read as a decimal on use.
///
/// Reading on use lets an order say everything that is wrong with it at once, with the place of each amount. An order
/// has dozens of them, so the letters stand in place and not on the heap.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Amount(SmolStr);

impl Amount {
    /// The amount as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The amount, exactly: a text that would lose digits is refused.
    pub fn decimal(&self) -> Result<Decimal, MoneyError> {
        Decimal::from_str_exact(self.0.trim()).map_err(|_| MoneyError::Amount)
    }
}

impl fmt::Debug for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // A bare number is taken by its letters: as a float, 195.66 would already be another amount.
        let raw = <&RawValue>::deserialize(deserializer)?.get();
        let text = match raw.as_bytes().first() {
            Some(b'"') => unquoted(raw),
            Some(b'-' | b'0'..=b'9') => Some(raw.into()),
            _ => None,
        };
        text.map(Self).ok_or_else(|| {
            de::Error::invalid_type(Unexpected::Other("something else"), &"an amount: a decimal text")
        })
    }
}

/// The letters of a JSON text. Only one with an escape is read a second time.
fn unquoted(raw: &str) -> Option<SmolStr> {
    let letters = raw.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    match letters.filter(|letters| !letters.contains('\\')) {
        Some(letters) => Some(letters.into()),
        None => serde_json::from_str(raw).ok(),
    }
}

/// An amount that is not a decimal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field} is {error}")]
pub struct AmountError {
    /// Where it stands below the object that was asked, such as `discount_allocations[1].amount`.
    pub field: String,
    /// What is wrong with it.
    #[source]
    pub error: MoneyError,
}

/// What an amount is in the shop's currency and in the buyer's.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct MoneySet {
    /// In the shop's currency, in which all plain amounts of an order are.
    #[serde(deserialize_with = "wire::or_default")]
    pub shop_money: SetAmount,
    /// In the currency that the buyer saw and paid.
    #[serde(deserialize_with = "wire::or_default")]
    pub presentment_money: SetAmount,
}

/// In which of an order's two currencies an amount is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// The shop's currency.
    Shop,
    /// The currency that the buyer saw and paid.
    Presentment,
}

impl MoneySet {
    /// The amount on one side, if there is any.
    pub fn amount(&self, side: Side) -> Option<&Amount> {
        match side {
            Side::Shop => self.shop_money.amount.as_ref(),
            Side::Presentment => self.presentment_money.amount.as_ref(),
        }
    }
}

/// One side of a [`MoneySet`]. Its currency is the order's, so it is not read a hundred times.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct SetAmount {
    /// The amount.
    pub amount: Option<Amount>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Amount, serde_json::Error> {
        serde_json::from_str(json)
    }

    #[test]
    fn an_amount_keeps_every_digit_as_text_and_as_number() {
        for (json, text) in [
            (r#""199.00""#, "199.00"),
            ("195.66", "195.66"),
            ("0.1000000000000000000000000001", "0.1000000000000000000000000001"),
            ("-3", "-3"),
            (r#""\u0031.50""#, "1.50"),
        ] {
            let amount = read(json).unwrap();
            assert_eq!((amount.as_str(), amount.decimal().unwrap().to_string()), (text, text.to_owned()));
        }
    }

    #[test]
    fn what_is_no_amount_is_refused_without_being_shown() {
        for json in ["true", "[]", r#"{"amount":"1.00"}"#] {
            let error = read(json).unwrap_err().to_string();
            assert!(error.contains("expected an amount") && !error.contains("1.00"), "{error}");
        }
    }

    #[test]
    fn a_text_that_is_no_decimal_is_told_on_use() {
        for json in [r#""example string""#, r#""""#, r#""1,00""#, "1e400"] {
            assert_eq!(read(json).unwrap().decimal(), Err(MoneyError::Amount), "{json}");
        }
    }

    #[test]
    fn both_sides_of_a_set_are_read_and_either_may_be_null() {
        let json = r#"{"shop_money":{"amount":"9.50","currency_code":"EUR"},"presentment_money":null}"#;
        let set: MoneySet = serde_json::from_str(json).unwrap();
        assert_eq!(set.amount(Side::Shop).map(Amount::as_str), Some("9.50"));
        assert_eq!(set.presentment_money, SetAmount::default());
    }
}
