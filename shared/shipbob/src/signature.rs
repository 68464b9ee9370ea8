//! The signature of a webhook delivery: base64 of HMAC-SHA256 over `{id}.{timestamp}.{body}` (specification
//! "Standard Webhooks", which ShipBob's documentation, "Webhooks", refers to).
//!
//! The topic is not signed: a delivery whose topic header was changed on the way still verifies, so
//! [`crate::check`] compares the topic with the body.

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose::STANDARD},
};
use domain::Private;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::{SignedDuration, Timestamp};
use sha2::Sha256;

/// How far the time of a delivery may be from the clock, either way, in seconds (every reference library of
/// Standard Webhooks). ShipBob names no figure. Each retry carries a new time.
pub(crate) const TOLERANCE_SECONDS: i64 = 300;
/// What a secret begins with.
const PREFIX: &str = "whsec_";
/// What a signature of HMAC-SHA256 begins with. Others, such as `v1a` (Ed25519), are passed over.
const VERSION: &str = "v1";
/// The least bytes of a secret that nobody can guess: 128 bits. ShipBob's own have 24.
const SHORTEST_SECRET: usize = 16;
/// The longest header that is looked at: room for some twenty signatures.
const LONGEST_HEADER: usize = 1024;
/// The most digits of a time in seconds: enough until the year 33658.
const MOST_DIGITS: usize = 12;

/// Base64 with or without its padding: ShipBob's documentation prints a signature without.
const UNPADDED: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const LENIENT: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, UNPADDED);
/// The same for secrets, which people make up: the bits beyond the last byte need not be zero.
const HAND_MADE: GeneralPurpose =
    GeneralPurpose::new(&alphabet::STANDARD, UNPADDED.with_decode_allow_trailing_bits(true));

/// The secret of a webhook subscription. Each subscription has its own. `Debug` prints `***`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secret(Private<Vec<u8>>);

/// Why a text is not a secret. No variant holds the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// There is nothing, or nothing after the prefix.
    #[error("the secret is empty: set the `whsec_…` that the subscription answered with")]
    Empty,
    /// Not base64.
    #[error("the secret is not base64 after `whsec_`: copy it whole, without quotation marks")]
    NotBase64,
    /// So short that it can be guessed.
    #[error("the secret has fewer than {SHORTEST_SECRET} bytes: ShipBob's have 24")]
    TooShort,
}

impl Secret {
    /// Reads a secret as ShipBob writes it, `whsec_` and 24 bytes in base64. The prefix and the padding may be
    /// missing, and white space around it does not matter.
    pub fn parse(text: &str) -> Result<Self, SecretError> {
        let text = text.trim();
        let encoded = text.strip_prefix(PREFIX).unwrap_or(text);
        if encoded.is_empty() {
            return Err(SecretError::Empty);
        }
        let key = HAND_MADE.decode(encoded).map_err(|_| SecretError::NotBase64)?;
        if key.len() < SHORTEST_SECRET { Err(SecretError::TooShort) } else { Ok(Self(Private::new(key))) }
    }

    /// The key of the signature.
    pub(crate) fn key(&self) -> &[u8] {
        self.0.expose()
    }

    /// The secret as text, with and without its prefix: what a wrong sender takes as the key.
    pub(crate) fn texts(&self) -> [Private<String>; 2] {
        let encoded = STANDARD.encode(self.key());
        [Private::new(format!("{PREFIX}{encoded}")), Private::new(encoded)]
    }
}

/// Why a signature was not accepted. No variant holds the signature, a secret or a byte of the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// There is no secret to check with.
    #[error("there is no secret to check the signature with: set the tenant's ShipBob webhook secret")]
    NoSecret,
    /// The id is empty or holds a full stop, which would move the border between what is signed.
    #[error("the header webhook-id is no id: it is empty or holds a full stop")]
    Id,
    /// The time is not a whole number of seconds.
    #[error("the header webhook-timestamp is no whole number of seconds since 1970")]
    Time,
    /// The time is too long ago.
    #[error(
        "the delivery was signed {seconds} s ago, more than {TOLERANCE_SECONDS}: is it a replay, or is a clock wrong?"
    )]
    TooOld {
        /// How long ago, in whole seconds.
        seconds: i64,
    },
    /// The time is yet to come.
    #[error(
        "the delivery was signed {seconds} s in the future, more than {TOLERANCE_SECONDS}: is a clock wrong?"
    )]
    TooNew {
        /// How far ahead, in whole seconds.
        seconds: i64,
    },
    /// The header is empty.
    #[error("there is no signature: send webhook-signature")]
    Missing,
    /// There are signatures, and none of the version that can be checked.
    #[error("there is no signature of version v1: only HMAC-SHA256 can be checked")]
    OtherVersion,
    /// No signature of the right version is 32 bytes in base64.
    #[error("the signature is not 32 bytes in base64: was the header cut?")]
    Malformed,
    /// The signature is of another body or made with another secret.
    #[error(
        "no signature matches the body: is the body passed on byte by byte, and is the secret the one of this \
         subscription?"
    )]
    Mismatch,
}

/// Checks the signatures of a delivery against every secret that is live: one per subscription, and both during
/// a rotation. One match of any signature with any secret is enough.
///
/// The time may be 300 seconds from `now` either way; exactly 300 are accepted, one nanosecond more is not. The
/// 32 bytes are compared in constant time, and all signatures are tried with all secrets.
pub fn verify(
    secrets: &[Secret],
    id: &str,
    timestamp: &str,
    signature_header: &str,
    body: &[u8],
    now: Timestamp,
) -> Result<(), SignatureError> {
    if secrets.is_empty() {
        return Err(SignatureError::NoSecret);
    }
    if id.is_empty() || id.contains('.') {
        return Err(SignatureError::Id);
    }
    check_time(sent_at(timestamp)?, now)?;
    let claimed = signatures(signature_header)?;
    let is_match = secrets.iter().fold(false, |found, secret| {
        let mac = mac(secret.key(), id, timestamp, body);
        claimed.iter().fold(found, |found, claim| found | mac.clone().verify_slice(claim).is_ok())
    });
    if is_match { Ok(()) } else { Err(SignatureError::Mismatch) }
}

/// Signs a delivery as ShipBob does: for tools that play one, and for tests. The answer is the whole header.
pub fn sign(secret: &Secret, id: &str, sent_at: Timestamp, body: &[u8]) -> String {
    let timestamp = sent_at.as_second().to_string();
    let digest = mac(secret.key(), id, &timestamp, body).finalize().into_bytes();
    format!("{VERSION},{}", STANDARD.encode(digest))
}

/// Whether any of the signatures was made with a key.
pub(crate) fn is_signed(key: &[u8], id: &str, timestamp: &str, body: &[u8], claimed: &[[u8; 32]]) -> bool {
    let mac = mac(key, id, timestamp, body);
    claimed.iter().any(|claim| mac.clone().verify_slice(claim).is_ok())
}

/// Whether any of the signatures was made with a key over the body alone, as no delivery of ShipBob's is.
pub(crate) fn is_signed_alone(key: &[u8], body: &[u8], claimed: &[[u8; 32]]) -> bool {
    let mac = keyed(key).chain_update(body);
    claimed.iter().any(|claim| mac.clone().verify_slice(claim).is_ok())
}

/// The time of a delivery: digits only, so that what is signed has one spelling.
pub(crate) fn sent_at(timestamp: &str) -> Result<Timestamp, SignatureError> {
    let is_whole = timestamp.len() <= MOST_DIGITS && timestamp.bytes().all(|byte| byte.is_ascii_digit());
    let seconds: Option<i64> = timestamp.parse().ok().filter(|_| is_whole);
    seconds.and_then(|seconds| Timestamp::from_second(seconds).ok()).ok_or(SignatureError::Time)
}

fn check_time(sent: Timestamp, now: Timestamp) -> Result<(), SignatureError> {
    let age = now.duration_since(sent);
    if age.abs() <= SignedDuration::from_secs(TOLERANCE_SECONDS) {
        Ok(())
    } else if age.is_positive() {
        Err(SignatureError::TooOld { seconds: age.as_secs() })
    } else {
        Err(SignatureError::TooNew { seconds: age.abs().as_secs() })
    }
}

/// The signatures of the right version in a header of `version,base64` entries with blanks between them.
pub(crate) fn signatures(header: &str) -> Result<Vec<[u8; 32]>, SignatureError> {
    if header.trim().is_empty() {
        return Err(SignatureError::Missing);
    }
    if header.len() > LONGEST_HEADER {
        return Err(SignatureError::Malformed);
    }
    let entries = header.split_ascii_whitespace().map(|entry| entry.split_once(',').ok_or(entry));
    let versions: Vec<_> =
        entries.filter(|entry| entry.is_ok_and(|(version, _)| version == VERSION)).collect();
    if versions.is_empty() {
        let is_cut = !header.contains(',');
        return Err(if is_cut { SignatureError::Malformed } else { SignatureError::OtherVersion });
    }
    let digests: Vec<_> = versions.into_iter().flatten().filter_map(|(_, text)| digest(text)).collect();
    if digests.is_empty() { Err(SignatureError::Malformed) } else { Ok(digests) }
}

fn digest(text: &str) -> Option<[u8; 32]> {
    LENIENT.decode(text).ok()?.try_into().ok()
}

fn mac(key: &[u8], id: &str, timestamp: &str, body: &[u8]) -> Hmac<Sha256> {
    keyed(key).chain_update(id).chain_update(".").chain_update(timestamp).chain_update(".").chain_update(body)
}

#[expect(clippy::expect_used, reason = "HMAC takes a key of any length (RFC 2104, section 3)")]
fn keyed(key: &[u8]) -> Hmac<Sha256> {
    Hmac::<Sha256>::new_from_slice(key).expect("a key of any length")
}

#[cfg(test)]
#[path = "signature_tests.rs"]
mod tests;
