//! Why a signature was not accepted: which of the known causes fits a rejected delivery.
//!
//! A cause names what was done to the body or the header. It never holds a secret, a signature or a byte of the body.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::Private;

use crate::{
    SignatureError,
    respelling::{Layout, respellings},
    verify,
};

/// The longest body with which changes are tried, in bytes: each costs a signature, and anybody may send a body.
const LONGEST: usize = 64 * 1024;
/// The length of SHA-256 in bytes.
const DIGEST: usize = 32;
/// The length of SHA-256 in base64, without the one `=` at its end.
const WHOLE: usize = 43;

/// What is known of a delivery beside its body and signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Context {
    /// The header `Content-Length`, if there was one.
    pub content_length: Option<usize>,
}

/// Why a signature was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Cause {
    /// It is right after all.
    #[error("the signature fits: it was checked with other secrets before, as after a rotation")]
    Fits,
    /// There is no secret to check with.
    #[error("there is no client secret to check with: set the tenant's Shopify secret")]
    NoSecret,
    /// The header is missing or empty.
    #[error(
        "there is no signature: something on the way took X-Shopify-Hmac-Sha256 away, or it is no delivery"
    )]
    HeaderMissing,
    /// The header holds the right signature in hexadecimal digits.
    #[error("the signature is right and written in hexadecimal digits: send it in base64, as Shopify does")]
    HeaderHexFits,
    /// The header holds hexadecimal digits.
    #[error("the signature is hexadecimal, as those of queries are: send that of the webhook, in base64")]
    HeaderHex,
    /// The header is too short or too long for a signature.
    #[error("the header is cut off or joined with another: it holds {bytes} bytes of 32")]
    HeaderLength {
        /// How many bytes it holds.
        bytes: usize,
    },
    /// The header is not base64.
    #[error("the header is not base64: something on the way changed it")]
    HeaderNotBase64,
    /// The body was lost.
    #[error("the body is empty: something on the way lost it")]
    EmptyBody,
    /// The body has another length than was announced.
    #[error("the body has {received} bytes and {announced} were announced: something on the way changed it")]
    BodyLength {
        /// How many were announced.
        announced: usize,
        /// How many came.
        received: usize,
    },
    /// The body still is in base64.
    #[error("the body is still in base64: decode it as `isBase64Encoded` says, then check")]
    BodyBase64,
    /// The body is a JSON text that holds the body.
    #[error("the body is a JSON text with the body in it: pass the bytes on, not their JSON")]
    BodyQuoted,
    /// The body is still compressed.
    #[error("the body is still compressed (gzip): decompress it, then check")]
    BodyCompressed,
    /// Line ends were added at the end of the body.
    #[error("a line end was added to the end of the body: pass the bytes on as they came")]
    NewlineAdded,
    /// A line end was taken from the end of the body.
    #[error("the line end at the end of the body was taken away: pass the bytes on as they came")]
    NewlineRemoved,
    /// Line ends within the body were changed.
    #[error("the line ends of the body were changed: pass the bytes on as they came")]
    NewlinesChanged,
    /// A byte order mark was put before the body.
    #[error("a byte order mark was put before the body: pass the bytes on as they came")]
    ByteOrderMark,
    /// The body was read as another character set and written as UTF-8.
    #[error("the body was taken for Latin-1 and written as UTF-8: pass the bytes on without decoding")]
    CharacterSet,
    /// Bytes were replaced by the replacement character.
    #[error("characters of the body were replaced by U+FFFD: pass the bytes on without decoding")]
    CharactersLost,
    /// The body was read as JSON and written anew, and was compact before.
    #[error("the body was read as JSON and written anew: check the bytes before anything reads them")]
    Reserialised,
    /// The body was read as JSON and written anew, and was laid out with blanks before.
    #[error(
        "the body was laid out with blanks when it was signed and was written anew: check the bytes as they came"
    )]
    ReserialisedFromPretty,
    /// None of the known changes explains it.
    #[error(
        "no known secret fits: the subscription may be another app's, the webhook may be made by hand in the shop's \
         admin (it is signed with the key shown there), or the client secret was rotated; or the body was changed in \
         an unknown way"
    )]
    AnotherKey,
}

impl Cause {
    /// A short name for logs and counters.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fits => "fits",
            Self::NoSecret => "no_secret",
            Self::HeaderMissing => "header_missing",
            Self::HeaderHexFits => "header_hex_fits",
            Self::HeaderHex => "header_hex",
            Self::HeaderLength { .. } => "header_length",
            Self::HeaderNotBase64 => "header_not_base64",
            Self::EmptyBody => "empty_body",
            Self::BodyLength { .. } => "body_length",
            Self::BodyBase64 => "body_base64",
            Self::BodyQuoted => "body_quoted",
            Self::BodyCompressed => "body_compressed",
            Self::NewlineAdded => "newline_added",
            Self::NewlineRemoved => "newline_removed",
            Self::NewlinesChanged => "newlines_changed",
            Self::ByteOrderMark => "byte_order_mark",
            Self::CharacterSet => "character_set",
            Self::CharactersLost => "characters_lost",
            Self::Reserialised => "reserialised",
            Self::ReserialisedFromPretty => "reserialised_from_pretty",
            Self::AnotherKey => "another_key",
        }
    }
}

/// Says which known cause fits a delivery whose signature was not accepted. What is found proves nothing about the
/// sender: a delivery that fits after a change is still rejected.
pub fn explain(secrets: &[Private<String>], body: &[u8], header: &str, context: Context) -> Cause {
    match verify(secrets, body, header) {
        Ok(()) => Cause::Fits,
        Err(SignatureError::NoSecret) => Cause::NoSecret,
        Err(SignatureError::Missing) => Cause::HeaderMissing,
        Err(SignatureError::EmptyBody) => Cause::EmptyBody,
        Err(SignatureError::Malformed) => malformed(secrets, body, header.trim()),
        Err(SignatureError::Mismatch) => mismatch(secrets, body, header, context),
    }
}

/// What is wrong with a header that is not 32 bytes in base64.
fn malformed(secrets: &[Private<String>], body: &[u8], header: &str) -> Cause {
    if let Some(signature) = from_hexadecimal(header) {
        let fits = verify(secrets, body, &STANDARD.encode(signature)).is_ok();
        return if fits { Cause::HeaderHexFits } else { Cause::HeaderHex };
    }
    let digits = header.trim_end_matches('=');
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let is_whole = digits.len() == WHOLE && header.len() == WHOLE + 1;
    if is_whole || !digits.bytes().all(is_base64) {
        return Cause::HeaderNotBase64;
    }
    Cause::HeaderLength { bytes: digits.len() * 3 / 4 }
}

/// The bytes that as many hexadecimal digits as a signature has stand for.
fn from_hexadecimal(header: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u32>> = header.chars().map(|digit| digit.to_digit(16)).collect();
    let digits = digits.filter(|digits| digits.len() == 2 * DIGEST)?;
    digits.chunks_exact(2).map(|pair| u8::try_from(16 * pair[0] + pair[1]).ok()).collect()
}

/// What was done to a body so that a well-formed signature does not fit it.
fn mismatch(secrets: &[Private<String>], body: &[u8], header: &str, context: Context) -> Cause {
    if body.len() > LONGEST {
        return by_looks(body, context);
    }
    let fits = |candidate: &[u8]| verify(secrets, candidate, header).is_ok();
    let undone = [
        (STANDARD.decode(body.trim_ascii()).ok(), Cause::BodyBase64),
        (serde_json::from_slice::<String>(body).ok().map(String::into_bytes), Cause::BodyQuoted),
        (Some(body.trim_ascii_end().to_vec()), Cause::NewlineAdded),
        (Some([body, b"\n"].concat()), Cause::NewlineRemoved),
        (Some([body, b"\r\n"].concat()), Cause::NewlineRemoved),
        (with_other_newlines(body), Cause::NewlinesChanged),
        (body.strip_prefix("\u{feff}".as_bytes()).map(<[u8]>::to_vec), Cause::ByteOrderMark),
        (narrowed(body), Cause::CharacterSet),
    ];
    let is_it = |candidate: &Option<Vec<u8>>| candidate.as_deref().is_some_and(fits);
    if let Some((_, cause)) = undone.into_iter().find(|(candidate, _)| is_it(candidate)) {
        return cause;
    }
    match respelled(body, fits) {
        Some(Layout::Compact) => Cause::Reserialised,
        Some(_) => Cause::ReserialisedFromPretty,
        None => by_looks(body, context),
    }
}

/// What the body shows by itself, where no undoing makes the signature fit.
fn by_looks(body: &[u8], context: Context) -> Cause {
    let received = body.len();
    match context.content_length.filter(|announced| *announced != received) {
        _ if body.starts_with(&[0x1f, 0x8b]) => Cause::BodyCompressed,
        Some(announced) => Cause::BodyLength { announced, received },
        None if has_replacements(body) => Cause::CharactersLost,
        None => Cause::AnotherKey,
    }
}

fn has_replacements(body: &[u8]) -> bool {
    body.windows(3).any(|bytes| bytes == "\u{fffd}".as_bytes())
}

/// The layout in which the signature fits, if there is any: with or without a line end.
fn respelled(body: &[u8], fits: impl Fn(&[u8]) -> bool) -> Option<Layout> {
    let text = std::str::from_utf8(body).ok()?;
    let with_newline = |spelled: &str| fits(format!("{spelled}\n").as_bytes());
    respellings(text)
        .find(|(_, spelled)| fits(spelled.as_bytes()) || with_newline(spelled))
        .map(|(layout, _)| layout)
}

/// The body with the other kind of line ends: without carriage returns if there are any, else with them.
fn with_other_newlines(body: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(body).ok()?;
    let changed = if text.contains("\r\n") { text.replace("\r\n", "\n") } else { text.replace('\n', "\r\n") };
    Some(changed.into_bytes())
}

/// The bytes that, taken for Latin-1, gave this text.
fn narrowed(body: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(body).ok().filter(|text| !text.is_ascii())?;
    text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect()
}
