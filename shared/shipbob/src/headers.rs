//! The headers of a webhook delivery (ShipBob documentation, "Webhooks").
//!
//! The topic is not signed, so it is trusted no further than its shape: one value, bounded, visible ASCII. Errors
//! name the header and never its value.

/// Identifies the delivery; the same in every retry.
pub const WEBHOOK_ID: &str = "webhook-id";
/// When this attempt was signed, in seconds since 1970.
pub const WEBHOOK_TIMESTAMP: &str = "webhook-timestamp";
/// The signatures, with blanks between them.
pub const WEBHOOK_SIGNATURE: &str = "webhook-signature";
/// Names the topic, with full stops.
pub const TOPIC: &str = "x-webhook-topic";
/// Names the topic in deliveries of the versions 1.0 and 2.0, with underscores.
pub const LEGACY_TOPIC: &str = "shipbob-topic";
/// Identifies the subscription, and not the delivery, in deliveries of the versions 1.0 and 2.0.
pub const LEGACY_SUBSCRIPTION_ID: &str = "shipbob-subscription-id";

/// The longest topic: the longest that exists today has 39 characters.
const LONGEST_TOPIC: usize = 64;
/// The longest list of signatures: some twenty of them.
const LONGEST_SIGNATURE: usize = 1024;
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
    /// The header is longer than any that ShipBob sends.
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
pub enum DeliveryHeaders {
    /// A delivery of a dated version.
    Signed {
        /// The topic, such as `order.shipped`.
        topic: String,
        /// The id of the delivery: by it, repeated deliveries are known.
        id: String,
        /// When it was signed, not yet checked.
        timestamp: String,
        /// The signatures, not yet checked.
        signature: String,
    },
    /// A delivery of the versions 1.0 and 2.0, whose support ended on 2026-07-31. Nothing in it is signed.
    Legacy {
        /// The topic, such as `order_shipped`.
        topic: String,
        /// The id of the subscription.
        subscription_id: String,
    },
}

impl DeliveryHeaders {
    /// Reads the headers by a look-up that gives all values of a header by its lower-case name, and nothing in
    /// place of a value that is not visible ASCII.
    ///
    /// A delivery with any header of the signed kind is read as such: nobody makes a signed delivery an unsigned
    /// one by leaving the signature out.
    pub fn read<'a>(get: impl Fn(&str) -> Vec<Option<&'a str>>) -> Result<Self, HeaderError> {
        let required = |header, shape: Shape| {
            let text = shape.single(header, &get(header))?.ok_or(HeaderError::Missing(header))?;
            if text.is_empty() { Err(HeaderError::Empty(header)) } else { Ok(text.to_owned()) }
        };
        let is_there = |header: &&str| !get(header).is_empty();
        let is_signed = [WEBHOOK_ID, WEBHOOK_TIMESTAMP, WEBHOOK_SIGNATURE, TOPIC].iter().any(is_there);
        let is_legacy = [LEGACY_TOPIC, LEGACY_SUBSCRIPTION_ID].iter().any(is_there);
        if is_legacy && !is_signed {
            return Ok(Self::Legacy {
                topic: required(LEGACY_TOPIC, Shape::Word(LONGEST_TOPIC))?,
                subscription_id: required(LEGACY_SUBSCRIPTION_ID, Shape::Word(LONGEST))?,
            });
        }
        Ok(Self::Signed {
            topic: required(TOPIC, Shape::Word(LONGEST_TOPIC))?,
            id: required(WEBHOOK_ID, Shape::Word(LONGEST))?,
            timestamp: required(WEBHOOK_TIMESTAMP, Shape::Word(LONGEST))?,
            signature: required(WEBHOOK_SIGNATURE, Shape::List(LONGEST_SIGNATURE))?,
        })
    }

    /// The topic, of either kind.
    pub fn topic(&self) -> &str {
        match self {
            Self::Signed { topic, .. } | Self::Legacy { topic, .. } => topic,
        }
    }
}

/// What a header may hold, and how many characters of it.
#[derive(Debug, Clone, Copy)]
enum Shape {
    /// One word.
    Word(usize),
    /// Words with blanks between them, each with a comma in it.
    List(usize),
}

impl Shape {
    /// The only value of a header, trimmed. API Gateway joins repeated headers with a comma: in a word, a comma
    /// means that somebody added a second value. In a list, the signature check finds that out.
    fn single<'a>(
        self,
        header: &'static str,
        values: &[Option<&'a str>],
    ) -> Result<Option<&'a str>, HeaderError> {
        let text = match values {
            [] => return Ok(None),
            [value] => value.ok_or(HeaderError::NotAscii(header))?.trim_matches([' ', '\t', '\r', '\n']),
            _ => return Err(HeaderError::Repeated(header)),
        };
        let (limit, is_list) = match self {
            Self::Word(limit) => (limit, false),
            Self::List(limit) => (limit, true),
        };
        let is_usual = |byte: u8| byte.is_ascii_graphic() || (is_list && byte == b' ');
        if text.contains(',') && !is_list {
            Err(HeaderError::Repeated(header))
        } else if text.len() > limit {
            Err(HeaderError::TooLong { header, limit })
        } else if !text.bytes().all(is_usual) {
            Err(HeaderError::NotAscii(header))
        } else {
            Ok(Some(text))
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const USUAL: [(&str, &str); 4] = [
        (TOPIC, "order.shipment.on_hold"),
        (WEBHOOK_ID, "msg_31eW7bWRi16lL0Ajjik68kfyeUh"),
        (WEBHOOK_TIMESTAMP, "1755884852"),
        (WEBHOOK_SIGNATURE, "v1,5BO0uMAu1XYGkAJOpZb0Piel11YaChVEZCpXY6mwUMA v1a,AAAA"),
    ];
    const OLD: [(&str, &str); 2] = [(LEGACY_TOPIC, "order_shipped"), (LEGACY_SUBSCRIPTION_ID, "1582")];

    /// Some headers with the values of one of them replaced.
    fn read(
        usual: &[(&str, &'static str)],
        changed: &str,
        values: &[Option<&'static str>],
    ) -> Result<DeliveryHeaders, HeaderError> {
        let found =
            |name: &str| usual.iter().filter(|pair| pair.0 == name).map(|pair| Some(pair.1)).collect();
        DeliveryHeaders::read(|name| if name == changed { values.to_vec() } else { found(name) })
    }

    #[test]
    fn a_signed_delivery_is_read() {
        let [topic, id, timestamp, signature] = USUAL.map(|(_, value)| value.to_owned());
        let expected = DeliveryHeaders::Signed { topic, id, timestamp, signature };
        assert_eq!(read(&USUAL, "", &[]), Ok(expected));
    }

    #[test]
    fn a_legacy_delivery_is_read_as_an_unsigned_one() {
        let [topic, subscription_id] = OLD.map(|(_, value)| value.to_owned());
        assert_eq!(read(&OLD, "", &[]), Ok(DeliveryHeaders::Legacy { topic, subscription_id }));
        assert_eq!(read(&OLD, "", &[]).unwrap().topic(), "order_shipped");
    }

    /// Otherwise somebody could have a changed body accepted by taking the signature away.
    #[test]
    fn one_header_of_the_signed_kind_makes_it_a_signed_delivery() {
        for (header, value) in USUAL {
            let mixed = [OLD[0], OLD[1], (header, value)];
            let first = USUAL.iter().map(|pair| pair.0).find(|name| *name != header).unwrap();
            assert_eq!(read(&mixed, "", &[]), Err(HeaderError::Missing(first)), "{header}");
        }
    }

    #[test]
    fn a_needed_header_must_be_there_and_say_something() {
        for usual in [&USUAL[..], &OLD[..]] {
            for (header, _) in usual {
                let error = read(usual, header, &[]).unwrap_err();
                assert!(error.to_string().contains(header), "{error}");
                assert!(matches!(error, HeaderError::Missing(_)), "{error}");
                assert!(matches!(read(usual, header, &[Some(" ")]), Err(HeaderError::Empty(_))), "{header}");
            }
        }
        assert_eq!(read(&[], "", &[]), Err(HeaderError::Missing(TOPIC)));
    }

    #[test]
    fn a_repeated_header_is_refused_even_if_both_values_are_the_same() {
        for (header, value) in USUAL {
            let answer = read(&USUAL, header, &[Some(value), Some(value)]);
            assert_eq!(answer, Err(HeaderError::Repeated(header)));
        }
        let joined = read(&USUAL, TOPIC, &[Some("order.shipped,order.shipped")]);
        assert_eq!(joined, Err(HeaderError::Repeated(TOPIC)));
    }

    #[test]
    fn an_over_long_header_is_refused_with_its_limit() {
        for (header, limit) in
            [(TOPIC, 64), (WEBHOOK_ID, 256), (WEBHOOK_TIMESTAMP, 256), (WEBHOOK_SIGNATURE, 1024)]
        {
            let text = |length| Some(&*"a".repeat(length).leak());
            assert!(read(&USUAL, header, &[text(limit)]).is_ok(), "{header}");
            let error = read(&USUAL, header, &[text(limit + 1)]).unwrap_err();
            assert_eq!(error, HeaderError::TooLong { header, limit });
        }
    }

    #[test]
    fn other_characters_are_refused_and_not_shown() {
        for value in [None, Some("Zoë"), Some("a b"), Some("a\u{0}b"), Some("a\nb")] {
            assert_eq!(read(&USUAL, WEBHOOK_ID, &[value]), Err(HeaderError::NotAscii(WEBHOOK_ID)));
        }
        let error = read(&USUAL, WEBHOOK_SIGNATURE, &[Some("v1,a\u{7f}")]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the header webhook-signature holds characters other than visible ASCII"
        );
    }

    proptest! {
        #[test]
        fn what_is_read_is_short_and_ascii(value in ".{0,300}", header in prop::sample::select(USUAL.to_vec())) {
            let get = |name: &str| {
                let usual = USUAL.iter().find(|pair| pair.0 == name).map(|pair| pair.1);
                usual.map(|usual| Some(if name == header.0 { value.as_str() } else { usual })).into_iter().collect()
            };
            if let Ok(headers) = DeliveryHeaders::read(get) {
                prop_assert!(headers.topic().is_ascii() && headers.topic().len() <= 64);
            }
        }
    }
}
