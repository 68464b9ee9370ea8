//! Times as Shopify writes them: with the shop's own offset, so that both the instant and the day are told.

use std::{borrow::Cow, str::FromStr};

use jiff::{Timestamp, civil::Date, fmt::temporal::Pieces};
use serde::{Deserialize, Deserializer, de};

/// A time and the day on which it was in the shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShopTime {
    /// The instant.
    pub at: Timestamp,
    /// The day in the shop's own offset: the day that its books name.
    pub date: Date,
}

/// Not a time with an offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a time with its offset from UTC (ISO 8601)")]
pub struct ShopTimeError;

impl FromStr for ShopTime {
    type Err = ShopTimeError;

    fn from_str(text: &str) -> Result<Self, ShopTimeError> {
        let pieces = Pieces::parse(text.trim()).map_err(|_| ShopTimeError)?;
        let offset = pieces.to_numeric_offset().ok_or(ShopTimeError)?;
        let time = pieces.time().ok_or(ShopTimeError)?;
        let at = offset.to_timestamp(pieces.date().to_datetime(time)).map_err(|_| ShopTimeError)?;
        Ok(Self { at, date: pieces.date() })
    }
}

impl<'de> Deserialize<'de> for ShopTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'_, str>::deserialize(deserializer)?;
        let expected = "a time with its offset from UTC (ISO 8601)";
        text.parse().map_err(|ShopTimeError| {
            de::Error::invalid_value(de::Unexpected::Other("another text"), &expected)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (String, String) {
        let time: ShopTime = text.parse().unwrap();
        (time.at.to_string(), time.date.to_string())
    }

    /// An order placed late on New Year's Eve in New York belongs to the old year, though it is the new one in UTC.
    #[test]
    fn the_day_is_the_shops_own() {
        assert_eq!(read("2021-12-31T19:00:00-05:00"), ("2022-01-01T00:00:00Z".into(), "2021-12-31".into()));
        assert_eq!(read("2026-11-21T00:30:00+01:00"), ("2026-11-20T23:30:00Z".into(), "2026-11-21".into()));
    }

    #[test]
    fn other_spellings_of_the_same_instant_are_read() {
        for text in ["2019-01-01 00:00:00.000Z", "2019-01-01T00:00:00Z", " 2019-01-01T01:00:00.0+01:00"] {
            assert_eq!(read(text), ("2019-01-01T00:00:00Z".into(), "2019-01-01".into()), "{text}");
        }
    }

    #[test]
    fn a_time_without_offset_is_refused() {
        for text in ["", "today", "2026-11-20", "2026-11-20T10:00:00", "2026-13-01T00:00:00Z", "99999-01-01"]
        {
            assert_eq!(text.parse::<ShopTime>(), Err(ShopTimeError), "{text}");
        }
    }
}
