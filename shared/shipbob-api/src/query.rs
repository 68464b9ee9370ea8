//! Addresses as ShipBob reads them: commas and colons in query values go as they are, since it understands neither
//! `%2C` nor `%3A` (shipbob-node-sdk, `src/index.ts`); everything else that is not plain is escaped.

use jiff::{Timestamp, Unit, tz::TimeZone};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What is escaped where nothing has a meaning.
const STRICT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// What is escaped in a list or a time.
const PLAIN: &AsciiSet = &STRICT.remove(b',').remove(b':');

/// The parameters of a request, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Query(String);

impl Query {
    /// With a parameter of our own making.
    pub(crate) fn with(mut self, name: &str, value: &impl ToString) -> Self {
        self.push(name, &utf8_percent_encode(&value.to_string(), PLAIN).to_string());
        self
    }

    /// With a parameter, if there is a value.
    pub(crate) fn maybe(self, name: &str, value: Option<impl ToString>) -> Self {
        match value {
            Some(value) => self.with(name, &value),
            None => self,
        }
    }

    /// With a list, unless it is empty: an empty one would be no filter at all. A comma inside a value cannot be
    /// said, so whoever makes lists of free texts looks first ([`has_comma`]).
    pub(crate) fn list<T: ToString>(self, name: &str, values: &[T]) -> Self {
        if values.is_empty() {
            return self;
        }
        self.with(name, &values.iter().map(T::to_string).collect::<Vec<_>>().join(","))
    }

    /// With a moment, in seconds.
    pub(crate) fn moment(self, name: &str, moment: Option<Timestamp>) -> Self {
        self.maybe(name, moment.map(written))
    }

    /// With a value that ShipBob made and that means nothing to us.
    pub(crate) fn opaque(mut self, name: &str, value: &str) -> Self {
        self.push(name, &utf8_percent_encode(value, STRICT).to_string());
        self
    }

    /// As ShipBob wrote it, in a link.
    pub(crate) fn of_link(query: &str) -> Self {
        Self(query.to_owned())
    }

    /// With another query behind it.
    pub(crate) fn and(mut self, other: &Self) -> Self {
        if !self.0.is_empty() && !other.0.is_empty() {
            self.0.push('&');
        }
        self.0.push_str(&other.0);
        self
    }

    /// What stands behind the question mark.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    fn push(&mut self, name: &str, value: &str) {
        if !self.0.is_empty() {
            self.0.push('&');
        }
        self.0.push_str(name);
        self.0.push('=');
        self.0.push_str(value);
    }
}

/// Whether any value has a comma, which would be read as two values.
pub(crate) fn has_comma(values: &[String]) -> bool {
    values.iter().any(|value| value.contains(','))
}

/// One part of a path.
pub(crate) fn segment(text: &str) -> String {
    utf8_percent_encode(text, STRICT).to_string()
}

/// A moment in seconds, in universal time; fractions are cut.
pub(crate) fn written(moment: Timestamp) -> String {
    let seconds = moment.to_zoned(TimeZone::UTC).timestamp();
    let round = jiff::TimestampRound::new().smallest(Unit::Second).mode(jiff::RoundMode::Floor);
    seconds.round(round).unwrap_or(seconds).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_and_colons_go_as_they_are_and_nothing_else_does() {
        let moment = "2026-11-22T10:00:00.987Z".parse().ok();
        let query = Query::default()
            .list("IDs", &[1, 2])
            .moment("StartDate", moment)
            .list("ReferenceIds", &["a b&c".to_owned(), "d#é".to_owned()]);
        assert_eq!(
            query.as_str(),
            "IDs=1,2&StartDate=2026-11-22T10:00:00Z&ReferenceIds=a%20b%26c,d%23%C3%A9"
        );
    }

    #[test]
    fn what_means_nothing_to_us_is_escaped_whole() {
        let query = Query::default().opaque("Cursor", "m8cUk/xJ+k,b:Yp=");
        assert_eq!(query.as_str(), "Cursor=m8cUk%2FxJ%2Bk%2Cb%3AYp%3D");
        assert_eq!(segment("a/../b?c"), "a%2F..%2Fb%3Fc");
    }

    #[test]
    fn an_empty_list_and_an_absent_value_are_no_parameters() {
        let query = Query::default().list::<u64>("IDs", &[]).maybe("HasTracking", None::<bool>);
        assert_eq!(query.as_str(), "");
        assert_eq!(query.and(&Query::of_link("cursor=x")).as_str(), "cursor=x");
    }

    #[test]
    fn an_address_keeps_commas_and_colons() {
        let url = reqwest::Url::parse("https://api.shipbob.com/order?IDs=1,2&StartDate=2026-11-22T10:00:00Z");
        assert_eq!(url.unwrap().query(), Some("IDs=1,2&StartDate=2026-11-22T10:00:00Z"));
    }
}
