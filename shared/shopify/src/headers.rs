//! The headers of a webhook delivery (Shopify documentation, "Webhook delivery structure").
//!
//! Headers are not signed, so none of them is trusted further than its shape: one value, bounded, visible ASCII.
//! Errors name the header and never its value.

use jiff::Timestamp;

/// Names the topic.
pub const TOPIC: &str = "x-shopify-topic";
/// The signature over the body.
pub const SIGNATURE: &str = "x-shopify-hmac-sha256";
/// Names the shop, `*.myshopify.com`.
pub const SHOP_DOMAIN: &str = "x-shopify-shop-domain";
/// Identifies the delivery.
pub const WEBHOOK_ID: &str = "x-shopify-webhook-id";
/// Shared by all deliveries that come from the same action of the merchant or buyer.
pub const EVENT_ID: &str = "x-shopify-event-id";
/// The version that wrote the body; may differ from the one subscribed to.
pub const API_VERSION: &str = "x-shopify-api-version";
/// When Shopify triggered the delivery.
pub const TRIGGERED_AT: &str = "x-shopify-triggered-at";

/// The longest topic: the longest that exists today has 42 characters.
const LONGEST_TOPIC: usize = 64;
/// The longest domain name (RFC 1035).
const LONGEST_DOMAIN: usize = 255;
/// The longest of any other header.
const LONGEST: usize = 256;

/// Why the headers of a delivery cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HeaderError {
    /// The header is not there.
    #[error("the header {0} is missing")]
    Missing(&'static str),
    /// The header is there and says nothing.
    #[error("the header {0} is empty")]
    Empty(&'static str),
    /// The header is there more than once, or holds several values joined by a comma.
    #[error("the header {0} has more than one value: send it once")]
    Repeated(&'static str),
    /// The header is longer than any that Shopify sends.
    #[error("the header {header} is longer than {limit} characters")]
    TooLong {
        /// Which header.
        header: &'static str,
        /// How many characters it may have.
        limit: usize,
    },
    /// The header holds something else than visible ASCII characters.
    #[error("the header {0} holds characters other than visible ASCII")]
    NotAscii(&'static str),
}

/// What the headers of a delivery say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryHeaders {
    /// The topic, such as `orders/create`.
    pub topic: String,
    /// The signature over the body, not yet checked.
    pub signature: String,
    /// The shop's domain, in lower case.
    pub shop_domain: String,
    /// The id of the delivery.
    pub webhook_id: String,
    /// The id shared by all deliveries of the same action; old deliveries have none.
    pub event_id: Option<String>,
    /// The version that wrote the body.
    pub api_version: Option<String>,
    /// When Shopify triggered the delivery; nothing if it is not a time.
    pub triggered_at: Option<Timestamp>,
}

impl DeliveryHeaders {
    /// Reads the headers by a look-up that gives all values of a header by its lower-case name, and nothing in
    /// place of a value that is not visible ASCII.
    pub fn read<'a>(get: impl Fn(&str) -> Vec<Option<&'a str>>) -> Result<Self, HeaderError> {
        let required = |header, limit| {
            let text = single(header, limit, &get(header))?.ok_or(HeaderError::Missing(header))?;
            if text.is_empty() { Err(HeaderError::Empty(header)) } else { Ok(text.to_owned()) }
        };
        let optional = |header| {
            let text = single(header, LONGEST, &get(header))?;
            Ok(text.filter(|text| !text.is_empty()).map(str::to_owned))
        };
        Ok(Self {
            topic: required(TOPIC, LONGEST_TOPIC)?,
            signature: required(SIGNATURE, LONGEST)?,
            shop_domain: required(SHOP_DOMAIN, LONGEST_DOMAIN)?.to_ascii_lowercase(),
            webhook_id: required(WEBHOOK_ID, LONGEST)?,
            event_id: optional(EVENT_ID)?,
            api_version: optional(API_VERSION)?,
            triggered_at: optional(TRIGGERED_AT)?.and_then(|text| text.parse().ok()),
        })
    }
}

/// The only value of a header, trimmed. API Gateway joins repeated headers with a comma, and no value that
/// Shopify sends in these headers has one: a comma means that somebody added a second value.
fn single<'a>(
    header: &'static str,
    limit: usize,
    values: &[Option<&'a str>],
) -> Result<Option<&'a str>, HeaderError> {
    let text = match values {
        [] => return Ok(None),
        [value] => value.ok_or(HeaderError::NotAscii(header))?.trim_matches([' ', '\t', '\r', '\n']),
        _ => return Err(HeaderError::Repeated(header)),
    };
    if text.contains(',') {
        Err(HeaderError::Repeated(header))
    } else if text.len() > limit {
        Err(HeaderError::TooLong { header, limit })
    } else if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        Err(HeaderError::NotAscii(header))
    } else {
        Ok(Some(text))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const USUAL: [(&str, &str); 7] = [
        (TOPIC, "orders/create"),
        (SIGNATURE, "hMTq0K2x7oyOjoBwGYeTj5oxfnaVYXzbanUG9aajpKI="),
        (SHOP_DOMAIN, "Demo.myshopify.com"),
        (WEBHOOK_ID, "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043"),
        (EVENT_ID, "98880550-7158-44d4-b7cd-2c97c8a091b5"),
        (API_VERSION, "2026-10"),
        (TRIGGERED_AT, "2026-11-20T09:15:01.123456789Z"),
    ];

    /// The usual headers with the values of one of them replaced.
    fn read(changed: &str, values: &[Option<&str>]) -> Result<DeliveryHeaders, HeaderError> {
        let usual =
            |name: &str| USUAL.iter().filter(|pair| pair.0 == name).map(|pair| Some(pair.1)).collect();
        DeliveryHeaders::read(|name| if name == changed { values.to_vec() } else { usual(name) })
    }

    #[test]
    fn a_usual_delivery_is_read() {
        let headers = read("", &[]).unwrap();
        assert_eq!(
            (headers.topic.as_str(), headers.shop_domain.as_str()),
            ("orders/create", "demo.myshopify.com")
        );
        assert_eq!(headers.triggered_at, Some("2026-11-20T09:15:01.123456789Z".parse().unwrap()));
        assert_eq!(headers.api_version.as_deref(), Some("2026-10"));
    }

    #[test]
    fn white_space_around_a_value_does_not_matter() {
        assert_eq!(read(SIGNATURE, &[Some(" abc=\n")]).unwrap().signature, "abc=");
    }

    #[test]
    fn a_needed_header_must_be_there_and_say_something() {
        for header in [TOPIC, SIGNATURE, SHOP_DOMAIN, WEBHOOK_ID] {
            assert_eq!(read(header, &[]), Err(HeaderError::Missing(header)));
            assert_eq!(read(header, &[Some("  ")]), Err(HeaderError::Empty(header)));
        }
    }

    #[test]
    fn old_deliveries_without_the_newer_headers_are_read() {
        for header in [EVENT_ID, API_VERSION, TRIGGERED_AT] {
            assert!(read(header, &[]).is_ok() && read(header, &[Some("")]).is_ok(), "{header}");
        }
        assert_eq!(read(TRIGGERED_AT, &[Some("yesterday")]).unwrap().triggered_at, None);
    }

    #[test]
    fn a_repeated_header_is_refused_even_if_both_values_are_the_same() {
        for (header, value) in USUAL {
            let joined = format!("{value},{value}");
            assert_eq!(read(header, &[Some(value), Some(value)]), Err(HeaderError::Repeated(header)));
            assert_eq!(read(header, &[Some(&joined)]), Err(HeaderError::Repeated(header)));
        }
    }

    #[test]
    fn an_over_long_header_is_refused_with_its_limit() {
        for (header, limit) in [(TOPIC, 64), (SHOP_DOMAIN, 255), (SIGNATURE, 256), (WEBHOOK_ID, 256)] {
            assert!(read(header, &[Some(&"a".repeat(limit))]).is_ok(), "{header}");
            let error = read(header, &[Some(&"a".repeat(limit + 1))]).unwrap_err();
            assert_eq!(error, HeaderError::TooLong { header, limit });
        }
    }

    #[test]
    fn other_characters_are_refused_and_not_shown() {
        for value in [None, Some("Zoë"), Some("a b"), Some("a\u{0}b"), Some("a\nb")] {
            let error = read(EVENT_ID, &[value]).unwrap_err();
            assert_eq!(error, HeaderError::NotAscii(EVENT_ID));
            assert_eq!(
                error.to_string(),
                "the header x-shopify-event-id holds characters other than visible ASCII"
            );
        }
    }

    proptest! {
        #[test]
        fn no_value_is_a_panic(value in ".{0,300}", header in prop::sample::select(USUAL.to_vec())) {
            if let Ok(headers) = read(header.0, &[Some(&value)]) {
                prop_assert!(headers.topic.is_ascii() && headers.webhook_id.len() <= 256);
            }
        }
    }
}
