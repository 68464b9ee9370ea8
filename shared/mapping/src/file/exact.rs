//! A decimal number that is taken from the file exactly as it stands there.

use std::{borrow::Cow, fmt, str::FromStr as _};

use rust_decimal::Decimal;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, Visitor},
};

/// A decimal number, written as a number or as a text: `33.34`, `12` or `"0.125"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Exact(pub Decimal);

impl Serialize for Exact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ExactVisitor)
    }
}

struct ExactVisitor;

impl Visitor<'_> for ExactVisitor {
    type Value = Exact;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a decimal number of at most 15 digits, or one as a text")
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Exact, E> {
        Ok(Exact(number.into()))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Exact, E> {
        Ok(Exact(number.into()))
    }

    /// A float of at most 15 digits is written as it was read: no digit is lost on the way.
    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Exact, E> {
        let text = number.to_string();
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        if digits > 15 {
            return Err(E::invalid_value(de::Unexpected::Float(number), &self));
        }
        self.visit_str(&text)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Exact, E> {
        let decimal = Decimal::from_str(text).ok().filter(|_| text.len() <= 30);
        decimal.map(Exact).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
    }
}

impl JsonSchema for Exact {
    fn schema_name() -> Cow<'static, str> {
        "Exact".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A decimal number, written as a number or as a text.",
            "type": ["number", "string"],
            "pattern": r"^-?[0-9]+(\.[0-9]+)?$",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        #[derive(Deserialize)]
        struct File {
            x: Exact,
        }
        toml::from_str::<File>(text).ok().map(|file| file.x.0.to_string())
    }

    #[test]
    fn no_digit_is_lost() {
        for (text, number) in
            [("x = 33.34", "33.34"), ("x = 12", "12"), (r#"x = "0.125""#, "0.125"), ("x = 0.1", "0.1")]
        {
            assert_eq!(read(text).as_deref(), Some(number), "{text}");
        }
        for text in ["x = nan", "x = 0.1234567890123456", r#"x = "many""#, "x = true"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
