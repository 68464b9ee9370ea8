//! Shopify's search syntax, as far as orders need it: terms with a blank between them, all of which must hold. A term
//! that Shopify does not know is silently ignored, and so it is here: `updated_at_min=…` finds every order. What
//! Shopify knows and the simulation does not (OR, NOT, brackets, prefixes) is refused rather than got wrong.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value;

use crate::shop::{id_of, time_of};

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Compare {
    Equal,
    Above,
    AtLeast,
    Below,
    AtMost,
}

impl Compare {
    fn holds<T: Ord>(self, left: &T, right: &T) -> bool {
        match self {
            Self::Equal => left == right,
            Self::Above => left > right,
            Self::AtLeast => left >= right,
            Self::Below => left < right,
            Self::AtMost => left <= right,
        }
    }
}

/// What one term asks.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Term {
    Time { field: &'static str, compare: Compare, at: Timestamp },
    Id { compare: Compare, id: u64 },
    Text { field: &'static str, value: String },
    Tag(String),
    Status(String),
    Test(bool),
}

/// A query that was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Query(Vec<Term>);

impl Query {
    /// Reads a query.
    ///
    /// # Errors
    /// It uses a part of the syntax that is not simulated.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut terms = Vec::new();
        for word in words(text) {
            if word == "OR" || word == "NOT" || word.starts_with(['(', '-']) || word.ends_with(')') {
                return Err(format!("the simulation does not know {word} in a search"));
            }
            if let Some((field, value)) = word.split_once(':') {
                terms.extend(term(field, value)?);
            }
        }
        Ok(Self(terms))
    }

    /// Whether an order (in the shape of webhooks) is found.
    pub(super) fn finds(&self, order: &Value) -> bool {
        self.0.iter().all(|term| term.holds(order))
    }
}

impl Term {
    fn holds(&self, order: &Value) -> bool {
        let text = |key: &str| order[key].as_str().unwrap_or_default().to_lowercase();
        match self {
            Self::Time { field, compare, at } => {
                time_of(&order[*field]).is_some_and(|time| compare.holds(&time, at))
            }
            Self::Id { compare, id } => id_of(order).is_some_and(|own| compare.holds(&own, id)),
            Self::Text { field: "fulfillment_status", value } if value == "unfulfilled" => {
                text("fulfillment_status").is_empty()
            }
            Self::Text { field, value } => text(field) == *value,
            Self::Tag(tag) => text("tags").split(',').any(|own| own.trim() == tag),
            Self::Test(test) => (order["test"] == true) == *test,
            Self::Status(status) => match status.as_str() {
                "open" => order["closed_at"].is_null() && order["cancelled_at"].is_null(),
                "closed" => !order["closed_at"].is_null(),
                "cancelled" => !order["cancelled_at"].is_null(),
                "not_closed" => order["closed_at"].is_null(),
                _ => true,
            },
        }
    }
}

/// The term of a known field; none of an unknown one, or of a value that cannot be read.
fn term(field: &str, value: &str) -> Result<Option<Term>, String> {
    let (compare, value) = comparison(value);
    let value = value.trim_matches(['\'', '"']);
    if value.contains('*') {
        return Err(format!("the simulation does not know prefixes in a search: {field}:{value}"));
    }
    let lower = value.to_lowercase();
    Ok(match field {
        "updated_at" => time("updated_at", compare, value),
        "created_at" => time("created_at", compare, value),
        "processed_at" => time("processed_at", compare, value),
        "id" => value.parse().ok().map(|id| Term::Id { compare, id }),
        "name" => Some(Term::Text { field: "name", value: lower }),
        "email" => Some(Term::Text { field: "email", value: lower }),
        "po_number" => Some(Term::Text { field: "po_number", value: lower }),
        "source_name" => Some(Term::Text { field: "source_name", value: lower }),
        "financial_status" => Some(Term::Text { field: "financial_status", value: lower }),
        "fulfillment_status" => Some(Term::Text { field: "fulfillment_status", value: lower }),
        "tag" => Some(Term::Tag(lower)),
        "test" => lower.parse().ok().map(Term::Test),
        "status" => Some(Term::Status(lower)),
        _ => None,
    })
}

fn time(field: &'static str, compare: Compare, value: &str) -> Option<Term> {
    let at = value.parse::<Timestamp>().ok().or_else(|| {
        let day: Date = value.parse().ok()?;
        Some(day.to_zoned(TimeZone::UTC).ok()?.timestamp())
    })?;
    Some(Term::Time { field, compare, at })
}

fn comparison(value: &str) -> (Compare, &str) {
    const SIGNS: [(&str, Compare); 5] = [
        (">=", Compare::AtLeast),
        ("<=", Compare::AtMost),
        (">", Compare::Above),
        ("<", Compare::Below),
        ("=", Compare::Equal),
    ];
    let signed = SIGNS.into_iter().find_map(|(sign, compare)| Some((compare, value.strip_prefix(sign)?)));
    signed.unwrap_or((Compare::Equal, value))
}

/// Splits at blanks outside quotes.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for letter in text.chars() {
        match (quote, letter) {
            (None, blank) if blank.is_whitespace() => {
                words.push(String::new());
                continue;
            }
            (None, '\'' | '"') => quote = Some(letter),
            (Some(open), close) if open == close => quote = None,
            _ => {}
        }
        if let Some(word) = words.last_mut() {
            word.push(letter);
        }
    }
    words.retain(|word| !word.is_empty() && word != "AND");
    words
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Query;

    fn found(query: &str) -> bool {
        let order = json!({
            "id": 17, "name": "#1001", "updated_at": "2026-11-22T10:00:00-05:00", "tags": "Wholesale, big",
            "created_at": "2026-11-01T00:00:00Z", "closed_at": null, "financial_status": "paid", "test": false,
        });
        Query::parse(query).unwrap().finds(&order)
    }

    #[test]
    fn known_terms_must_all_hold_and_unknown_ones_are_ignored() {
        for (query, expected) in [
            ("", true),
            ("updated_at:>='2026-11-22T15:00:00Z'", true),
            ("updated_at:>'2026-11-22T15:00:00Z'", false),
            ("updated_at:>='2026-11-22T14:00:00Z' updated_at:<'2026-11-22T15:00:00Z'", false),
            ("updated_at:>=\"2026-11-22T10:00:00-05:00\" AND updated_at:<=2026-11-23", true),
            ("created_at:<2026-11-01", false),
            ("status:any", true),
            ("status:closed", false),
            ("status:open financial_status:PAID", true),
            ("id:>16", true),
            ("id:17 name:'#1001' tag:wholesale test:false", true),
            ("id:18", false),
            ("fulfillment_status:unfulfilled", true),
            // The pitfall: nothing is said, and every order is found.
            ("updated_at_min=2030-01-01T00:00:00Z", true),
            ("updated_at_min:2030-01-01T00:00:00Z", true),
            ("updated_at:>='next tuesday'", true),
        ] {
            assert_eq!(found(query), expected, "{query}");
        }
    }

    #[test]
    fn what_is_not_simulated_is_refused() {
        for query in ["id:1 OR id:2", "NOT status:open", "-status:open", "(id:1)", "name:#10*"] {
            assert!(Query::parse(query).is_err(), "{query}");
        }
    }
}
