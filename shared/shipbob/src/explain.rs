//! Why a delivery was not accepted: which of the known causes fits it.
//!
//! A cause names what was done to the delivery. It never holds a secret, a signature or a byte of the body.

use jiff::Timestamp;

use crate::{
    DeliveryHeaders, Secret, SignatureError,
    relaid::layouts,
    signature::{is_signed, is_signed_alone, sent_at, signatures},
    verify,
};

/// The longest body with which changes are tried, in bytes: each costs a signature, and anybody may send a body.
const LONGEST: usize = 64 * 1024;

/// Why a delivery was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Cause {
    /// It is right after all.
    #[error("the signature fits: it was checked with other secrets before, as after a rotation")]
    Fits,
    /// It is of a version that signs nothing.
    #[error(
        "the delivery is of the versions 1.0 or 2.0, which sign nothing: subscribe again with a dated version, whose \
         answer holds a secret"
    )]
    LegacyUnsigned,
    /// There is no secret to check with.
    #[error("there is no secret to check with: set the `whsec_…` of the subscription for the tenant")]
    NoSecret,
    /// The id cannot have been signed.
    #[error("the header webhook-id is empty or holds a full stop: something on the way changed it")]
    Id,
    /// The time cannot have been signed.
    #[error("the header webhook-timestamp is no whole number of seconds: something on the way changed it")]
    Time,
    /// A true delivery, at the wrong time.
    #[error(
        "the signature is right, and the delivery is {seconds} s older than the clock here (below zero: newer): it is \
         a replay or waited on the way, or a clock is wrong"
    )]
    Clock {
        /// By how many seconds the clock here is ahead of the delivery.
        seconds: i64,
    },
    /// No true delivery as it came, at the wrong time.
    #[error(
        "the delivery is {seconds} s older than the clock here (below zero: newer), and its signature does not fit \
         either"
    )]
    ClockAndSignature {
        /// By how many seconds the clock here is ahead of the delivery.
        seconds: i64,
    },
    /// The header is missing or empty.
    #[error("there is no signature: something on the way took webhook-signature away")]
    HeaderMissing,
    /// Only signatures of another kind came.
    #[error("there is no signature of version v1, only others: the subscription signs with a key pair")]
    OtherVersion,
    /// The signature is not whole.
    #[error(
        "the header webhook-signature is cut off or changed: none of its signatures is 32 bytes in base64"
    )]
    HeaderCut,
    /// The key was the secret's text.
    #[error(
        "the sender took the secret's text as the key: the key is the bytes that the text after `whsec_` is the base64 \
         of. ShipBob does it right, so it is another sender"
    )]
    SecretAsText,
    /// Only the body was signed.
    #[error(
        "the sender signed the body alone: what is signed is id, time and body with full stops between them"
    )]
    BodyAlone,
    /// Line ends were added at the end of the body.
    #[error("a line end was added to the end of the body: pass the bytes on as they came")]
    NewlineAdded,
    /// A line end was taken from the end of the body.
    #[error("the line end at the end of the body was taken away: pass the bytes on as they came")]
    NewlineRemoved,
    /// The body was read as JSON and written anew.
    #[error("the body was read as JSON and written anew: check the bytes before anything reads them")]
    Reserialised,
    /// None of the known changes explains it.
    #[error(
        "no known secret fits: each subscription has its own, so the delivery may come by another subscription, or the \
         secret was renewed; or the body was changed in an unknown way"
    )]
    AnotherSecret,
}

impl Cause {
    /// A short name for logs and counters.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fits => "fits",
            Self::LegacyUnsigned => "legacy_unsigned",
            Self::NoSecret => "no_secret",
            Self::Id => "id",
            Self::Time => "time",
            Self::Clock { .. } => "clock",
            Self::ClockAndSignature { .. } => "clock_and_signature",
            Self::HeaderMissing => "header_missing",
            Self::OtherVersion => "other_version",
            Self::HeaderCut => "header_cut",
            Self::SecretAsText => "secret_as_text",
            Self::BodyAlone => "body_alone",
            Self::NewlineAdded => "newline_added",
            Self::NewlineRemoved => "newline_removed",
            Self::Reserialised => "reserialised",
            Self::AnotherSecret => "another_secret",
        }
    }
}

/// Says which known cause fits a delivery that was not accepted. What is found proves nothing about the sender: a
/// delivery that fits after a change is still rejected.
pub fn explain(secrets: &[Secret], headers: &DeliveryHeaders, body: &[u8], now: Timestamp) -> Cause {
    let DeliveryHeaders::Signed { id, timestamp, signature, .. } = headers else {
        return Cause::LegacyUnsigned;
    };
    match verify(secrets, id, timestamp, signature, body, now) {
        Ok(()) => Cause::Fits,
        Err(SignatureError::NoSecret) => Cause::NoSecret,
        Err(SignatureError::Id) => Cause::Id,
        Err(SignatureError::Time) => Cause::Time,
        Err(SignatureError::Missing) => Cause::HeaderMissing,
        Err(SignatureError::OtherVersion) => Cause::OtherVersion,
        Err(SignatureError::Malformed) => Cause::HeaderCut,
        Err(SignatureError::TooOld { .. } | SignatureError::TooNew { .. }) => {
            let sent = sent_at(timestamp).unwrap_or(now);
            let seconds = now.duration_since(sent).as_secs();
            let is_true = verify(secrets, id, timestamp, signature, body, sent).is_ok();
            if is_true { Cause::Clock { seconds } } else { Cause::ClockAndSignature { seconds } }
        }
        Err(SignatureError::Mismatch) => {
            let claimed = signatures(signature).unwrap_or_default();
            Delivery { secrets, id, timestamp, claimed }.mismatch(body)
        }
    }
}

/// A delivery of which everything was readable and nothing fitted.
struct Delivery<'a> {
    secrets: &'a [Secret],
    id: &'a str,
    timestamp: &'a str,
    claimed: Vec<[u8; 32]>,
}

impl Delivery<'_> {
    fn mismatch(&self, body: &[u8]) -> Cause {
        if body.len() > LONGEST {
            return Cause::AnotherSecret;
        }
        let texts = self.secrets.iter().flat_map(Secret::texts);
        let as_text = |text: domain::Private<String>| self.is_of(text.expose().as_bytes(), body);
        if texts.into_iter().any(as_text) {
            return Cause::SecretAsText;
        }
        if self.secrets.iter().any(|secret| is_signed_alone(secret.key(), body, &self.claimed)) {
            return Cause::BodyAlone;
        }
        let bare = body.trim_ascii_end();
        if bare.len() < body.len() && self.fits(bare) {
            return Cause::NewlineAdded;
        }
        if ["\n", "\r\n"].into_iter().any(|end| self.fits(&[body, end.as_bytes()].concat())) {
            return Cause::NewlineRemoved;
        }
        let text = std::str::from_utf8(body).unwrap_or_default();
        if layouts(text).any(|other| self.fits(other.as_bytes())) {
            Cause::Reserialised
        } else {
            Cause::AnotherSecret
        }
    }

    fn fits(&self, body: &[u8]) -> bool {
        self.secrets.iter().any(|secret| self.is_of(secret.key(), body))
    }

    fn is_of(&self, key: &[u8], body: &[u8]) -> bool {
        is_signed(key, self.id, self.timestamp, body, &self.claimed)
    }
}
