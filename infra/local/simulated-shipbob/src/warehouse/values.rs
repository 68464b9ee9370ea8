//! Values as ShipBob writes them: money as JSON numbers, times with more or fewer fractional digits.

use jiff::{Timestamp, tz::Offset};
use rust_decimal::Decimal;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// A decimal that is written as a JSON number, with the digits that it has. It is never a float.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Number(pub(crate) Decimal);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let literal = RawValue::from_string(self.0.to_string()).map_err(serde::ser::Error::custom)?;
        literal.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let literal = Box::<RawValue>::deserialize(deserializer)?;
        let text = literal.get();
        let number = text.parse().or_else(|_| Decimal::from_scientific(text));
        number.map(Self).map_err(|_| D::Error::custom(format!("{text} is no decimal number")))
    }
}

/// A point in time as the API writes it: with none to 7 fractional digits, and `Z` or `+00:00`, whichever its second
/// brings. It is cut to what is written, so that it compares as it reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(Timestamp);

impl Moment {
    pub(crate) fn of(time: Timestamp) -> Self {
        let (second, nanosecond) = (time.as_second(), time.subsec_nanosecond());
        let cut = nanosecond - nanosecond % 10_i32.pow(9 - digits(second));
        Self(Timestamp::new(second, cut).unwrap_or(time))
    }

    pub(crate) fn time(self) -> Timestamp {
        self.0
    }
}

/// Fractional digits: 2, 6 and 7 were seen in real answers, as .NET writes them, which leaves zeros at the end away.
fn digits(second: i64) -> u32 {
    [7, 2, 6, 0, 5, 3, 1, 4][usize::try_from(second.rem_euclid(8)).unwrap_or_default()]
}

fn offset(second: i64) -> &'static str {
    if second.rem_euclid(5) == 0 { "Z" } else { "+00:00" }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let digits = usize::try_from(digits(self.0.as_second())).unwrap_or(7);
        let civil = Offset::UTC.to_datetime(self.0);
        let whole = civil.strftime("%Y-%m-%dT%H:%M:%S");
        let fraction = format!(".{:09}", self.0.subsec_nanosecond());
        let fraction = if digits == 0 { "" } else { &fraction[..=digits] };
        serializer.collect_str(&format_args!("{whole}{fraction}{}", offset(self.0.as_second())))
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Timestamp::deserialize(deserializer).map(Self::of)
    }
}

/// A numbered thing with its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Named {
    pub(crate) id: u64,
    pub(crate) name: Option<String>,
}
