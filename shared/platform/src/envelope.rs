//! The envelope: one delivery as it travels on the queue.
//!
//! It holds the signed bytes exactly, compressed (LZ4 frame) and in base64, because SQS takes text only and
//! not every character of it. It holds no personal data outside the body.

use std::io::{self, Read as _, Write as _};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::{Kind, Source, TenantId};
use jiff::Timestamp;
use lz4_flex::frame::{FrameDecoder, FrameEncoder};
use serde::{Deserialize, Serialize};

/// The largest message that SQS takes, attributes included (AWS, SQS quotas, 1 MiB since 2026).
pub const LARGEST_MESSAGE: usize = 1_048_576;
/// What is left free of a message for its attributes, in bytes.
const MESSAGE_MARGIN: usize = 1_000;
/// The largest body that can arrive: Lambda's synchronous request limit is 6 MB.
pub const LARGEST_BODY: usize = 6 * 1_048_576;
/// The version that this code writes. A reader refuses others by name instead of guessing.
const VERSION: u32 = 1;

/// Why an envelope cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum EnvelopeError {
    /// Not the JSON of an envelope.
    #[error("the message is not an envelope: {0}")]
    Shape(String),
    /// An envelope of another version.
    #[error("the envelope has version {0}, this release reads version {VERSION}")]
    Version(u64),
    /// The body inside cannot be decoded.
    #[error("the body inside the envelope is damaged: {0}")]
    Body(String),
    /// The body inside is larger than any delivery can be.
    #[error("the body inside the envelope is larger than {LARGEST_BODY} bytes")]
    TooLarge,
}

/// The bytes that were signed, compressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body(Vec<u8>);

impl Body {
    /// Compresses the signed bytes.
    pub fn compress(bytes: &[u8]) -> Self {
        let mut encoder = FrameEncoder::new(Vec::with_capacity(bytes.len() / 2 + 64));
        let written = encoder.write_all(bytes).map_err(io::Error::other);
        let compressed = written.and_then(|()| encoder.finish().map_err(io::Error::other));
        // Writing into memory cannot fail; an empty block would be refused as damaged when it is read.
        Self(compressed.unwrap_or_default())
    }

    /// The compressed bytes: an LZ4 frame.
    pub fn compressed(&self) -> &[u8] {
        &self.0
    }

    /// The compressed bytes, owned: what is archived.
    pub fn into_compressed(self) -> Vec<u8> {
        self.0
    }

    /// A body from compressed bytes, as they were archived.
    pub fn from_compressed(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The signed bytes. Bounded: what would unpack to more than [`LARGEST_BODY`] is refused.
    pub fn bytes(&self) -> Result<Vec<u8>, EnvelopeError> {
        let mut bytes = Vec::new();
        let limit = LARGEST_BODY as u64 + 1;
        let read = FrameDecoder::new(self.0.as_slice()).take(limit).read_to_end(&mut bytes);
        read.map_err(|error| EnvelopeError::Body(error.to_string()))?;
        if bytes.len() > LARGEST_BODY { Err(EnvelopeError::TooLarge) } else { Ok(bytes) }
    }
}

impl Serialize for Body {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Body {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        STANDARD.decode(text).map(Self).map_err(serde::de::Error::custom)
    }
}

/// One accepted delivery on its way to the poster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    /// The version of this layout.
    #[serde(rename = "v")]
    version: u32,
    /// Whose delivery it is.
    pub tenant: TenantId,
    /// Which system sent it.
    pub source: Source,
    /// The source's topic, such as `orders/create`.
    pub topic: String,
    /// The source's id of the delivery; the correlation id of all that follows.
    pub delivery_id: String,
    /// The source's id of the action behind it; several deliveries may share it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_id: Option<String>,
    /// The API version that the source serialised the body with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api_version: Option<String>,
    /// When the source began to tell of it, if it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub triggered_at: Option<Timestamp>,
    /// When the webhook accepted it.
    pub received_at: Timestamp,
    /// Who asked for it to be taken up again after it was handled, in words; nothing for a delivery of the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub again: Option<String>,
    /// Which of the records that a delivery is about this is for; nothing for the one that the topic names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<Kind>,
    /// The signed bytes.
    pub body: Body,
}

/// What all versions of the layout have in common.
#[derive(Deserialize)]
struct Versioned {
    #[serde(default)]
    v: u64,
}

impl Envelope {
    /// An envelope of the present version.
    pub fn new(
        tenant: TenantId,
        source: Source,
        topic: String,
        delivery_id: String,
        received_at: Timestamp,
        body: Body,
    ) -> Self {
        let version = VERSION;
        Self {
            version,
            tenant,
            source,
            topic,
            delivery_id,
            event_id: None,
            api_version: None,
            triggered_at: None,
            received_at,
            again: None,
            about: None,
            body,
        }
    }

    /// The message body for SQS.
    pub fn to_message(&self) -> String {
        // No map keys and no failing serialisers inside, so this cannot fail.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The message body for SQS of what no webhook let in; how many bytes it would have where that is more than the
    /// queue takes, or where the body is longer than readers unpack. `bytes` is how long the body is.
    pub fn to_bounded_message(&self, bytes: usize) -> Result<String, usize> {
        let message = self.to_message();
        let fits = bytes <= LARGEST_BODY && message.len() <= LARGEST_MESSAGE - MESSAGE_MARGIN;
        if fits { Ok(message) } else { Err(message.len().max(bytes)) }
    }

    /// Reads a message body. Anything at all may be on a queue: each fault has its own error.
    pub fn from_message(message: &str) -> Result<Self, EnvelopeError> {
        let shape = |error: serde_json::Error| EnvelopeError::Shape(position_of(&error));
        let Versioned { v } = serde_json::from_str(message).map_err(shape)?;
        if v != u64::from(VERSION) {
            return Err(EnvelopeError::Version(v));
        }
        serde_json::from_str(message).map_err(shape)
    }
}

/// Where and of what kind a JSON fault is. The text of serde's own message may quote values; this does not.
fn position_of(error: &serde_json::Error) -> String {
    format!("{:?} error at line {} column {}", error.classify(), error.line(), error.column())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn envelope(body: &[u8]) -> Envelope {
        let tenant = "demo".parse().unwrap();
        let topic = "orders/create".to_owned();
        Envelope::new(
            tenant,
            Source::Shopify,
            topic,
            "d-1".into(),
            Timestamp::UNIX_EPOCH,
            Body::compress(body),
        )
    }

    #[test]
    fn an_older_or_newer_envelope_is_named_not_guessed() {
        let message = envelope(b"{}").to_message();
        for (from, to, version) in [("\"v\":1", "\"v\":2", 2), ("\"v\":1,", "", 0)] {
            let other = message.replace(from, to);
            assert!(matches!(Envelope::from_message(&other), Err(EnvelopeError::Version(v)) if v == version));
        }
    }

    /// As the first release wrote it: what is on a queue while a newer release is deployed must be read.
    #[test]
    fn an_envelope_without_the_newer_fields_still_reads() {
        let old = "{\"v\":1,\"tenant\":\"demo\",\"source\":\"shopify\",\"topic\":\"orders/create\",\
                   \"delivery_id\":\"d-1\",\"received_at\":\"1970-01-01T00:00:00Z\",\"body\":\"BODY\"}";
        let written = envelope(b"{}");
        let old = old.replace("BODY", &STANDARD.encode(written.body.compressed()));
        assert_eq!(Envelope::from_message(&old).unwrap(), written);
        assert_eq!(written.to_message(), old);
    }

    #[test]
    fn who_asked_for_it_again_travels_with_it() {
        let asked = Envelope { again: Some("settle".into()), ..envelope(b"{}") };
        assert_eq!(Envelope::from_message(&asked.to_message()).unwrap().again.as_deref(), Some("settle"));
    }

    #[test]
    fn what_is_no_envelope_is_an_error_that_quotes_nothing() {
        for message in ["", "[]", "{\"v\":1}", "{\"v\":\"Jon\"}", "{\"v\":1,\"tenant\":\"Jon Doe\"}"] {
            let error = Envelope::from_message(message).unwrap_err().to_string();
            assert!(!error.contains("Jon"), "{error}");
        }
    }

    #[test]
    fn a_body_that_unpacks_without_end_is_refused() {
        let bomb = Body::compress(&vec![b' '; LARGEST_BODY + 10]);
        assert!(bomb.compressed().len() < 100_000);
        assert!(matches!(bomb.bytes(), Err(EnvelopeError::TooLarge)));
    }

    #[test]
    fn a_truncated_body_is_damaged() {
        let body = Body::compress(&[7; 5000]);
        let cut = Body::from_compressed(body.compressed()[..body.compressed().len() / 2].to_vec());
        assert!(matches!(cut.bytes(), Err(EnvelopeError::Body(_))));
    }

    proptest! {
        #[test]
        fn the_signed_bytes_come_out_as_they_went_in(bytes in proptest::collection::vec(any::<u8>(), 0..4000)) {
            let read = Envelope::from_message(&envelope(&bytes).to_message()).unwrap();
            prop_assert_eq!(read.body.bytes().unwrap(), bytes);
        }
    }
}
