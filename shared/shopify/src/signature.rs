//! The signature of a webhook delivery: base64 of HMAC-SHA256 over the exact bytes of the body, keyed with the
//! app's client secret (Shopify documentation, "Verify deliveries").
//!
//! Only the body is signed: topic, shop and ids in the headers are not, so this module knows nothing of them.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::Private;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// The length of 32 bytes in padded base64.
const ENCODED_LENGTH: usize = 44;

/// Why a signature was not accepted. No variant holds the signature, a secret or a byte of the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The header is empty.
    #[error("there is no signature: send X-Shopify-Hmac-Sha256")]
    Missing,
    /// The header is not what a signature looks like.
    #[error(
        "the signature is not 32 bytes in base64: is it the webhook's, not the hexadecimal one of a query?"
    )]
    Malformed,
    /// Nothing was signed; an empty body is never one of Shopify's.
    #[error("the body is empty: was it lost on the way?")]
    EmptyBody,
    /// The signature is of another body or made with another secret.
    #[error(
        "the signature does not match the body: is the body passed on byte by byte, and is the secret the client \
         secret of the app that made the subscription?"
    )]
    Mismatch,
    /// There is no secret to check with.
    #[error("there is no client secret to check the signature with: set the tenant's Shopify secret")]
    NoSecret,
}

/// Checks a signature against every secret that is live: the current one and, during a rotation, the one before.
///
/// The comparison takes the same time wherever a wrong signature differs, and all secrets are always tried. An
/// empty secret signs nothing: anybody knows it.
pub fn verify(secrets: &[Private<String>], body: &[u8], header: &str) -> Result<(), SignatureError> {
    let header = header.trim();
    if header.is_empty() {
        return Err(SignatureError::Missing);
    }
    if secrets.iter().all(|secret| secret.expose().is_empty()) {
        return Err(SignatureError::NoSecret);
    }
    let claimed = decode(header).ok_or(SignatureError::Malformed)?;
    if body.is_empty() {
        return Err(SignatureError::EmptyBody);
    }
    let usable = secrets.iter().filter(|secret| !secret.expose().is_empty());
    let is_match =
        usable.fold(false, |found, secret| found | mac(secret, body).verify_slice(&claimed).is_ok());
    if is_match { Ok(()) } else { Err(SignatureError::Mismatch) }
}

/// Signs a body as Shopify does: for tools that play a delivery, and for tests.
pub fn sign(secret: &Private<String>, body: &[u8]) -> String {
    STANDARD.encode(mac(secret, body).finalize().into_bytes())
}

#[expect(clippy::expect_used, reason = "HMAC takes a key of any length (RFC 2104, section 3)")]
fn mac(secret: &Private<String>, body: &[u8]) -> Hmac<Sha256> {
    let keyed = Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes());
    keyed.expect("a key of any length").chain_update(body)
}

fn decode(header: &str) -> Option<[u8; 32]> {
    if header.len() != ENCODED_LENGTH {
        return None;
    }
    STANDARD.decode(header).ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn secrets(texts: &[&str]) -> Vec<Private<String>> {
        texts.iter().map(|&text| Private::new(text.to_owned())).collect()
    }

    /// Made with `openssl dgst -sha256 -hmac <secret> -binary | base64`: not with this code.
    const VECTORS: [(&str, &str, &str); 3] = [
        (
            "hush",
            r##"{"id":820982911946154508,"name":"#1001"}"##,
            "Mkf2s8BiWQBb/dlay3RDP15QWaH8IejS3UDTmBxVmfo=",
        ),
        (
            "a previous secret",
            r#"{"first_name":"Zoë","note":"☕ 100 €"}"#,
            "sjKjcyJoD39EJMmpIBVKvVW42JdHvNcEP+AccQdggkY=",
        ),
        (
            "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk",
            "{ \"id\" : 1 }\n",
            "74SNeQ6gRShSQtrFq8FasBf3uw7bpGFYr1JFWRAM+0Q=",
        ),
    ];

    #[test]
    fn what_another_program_signed_is_accepted() {
        for (secret, body, signature) in VECTORS {
            assert_eq!(verify(&secrets(&[secret]), body.as_bytes(), signature), Ok(()), "{body}");
            assert_eq!(sign(&Private::new(secret.to_owned()), body.as_bytes()), signature, "{body}");
        }
    }

    #[test]
    fn white_space_around_the_header_does_not_matter() {
        let (secret, body, signature) = VECTORS[0];
        for header in [format!("{signature}\n"), format!("  {signature}\r\n"), format!("\t{signature}")] {
            assert_eq!(verify(&secrets(&[secret]), body.as_bytes(), &header), Ok(()));
        }
    }

    #[test]
    fn both_secrets_of_a_rotation_are_accepted_in_any_order() {
        let (secret, body, signature) = VECTORS[1];
        for live in [["new", secret], [secret, "old"]] {
            assert_eq!(verify(&secrets(&live), body.as_bytes(), signature), Ok(()));
        }
        let rotated_away = verify(&secrets(&["new", "newer"]), body.as_bytes(), signature);
        assert_eq!(rotated_away, Err(SignatureError::Mismatch));
    }

    #[test]
    fn each_unusable_header_has_its_own_error() {
        let (secret, body, signature) = VECTORS[0];
        let doubled = format!("{signature},{signature}");
        let unpadded = signature.trim_end_matches('=');
        let cases = [
            ("", SignatureError::Missing),
            (" \r\n", SignatureError::Missing),
            ("wronghash", SignatureError::Malformed),
            ("YmxhaGJsYWgK", SignatureError::Malformed),
            (unpadded, SignatureError::Malformed),
            (doubled.as_str(), SignatureError::Malformed),
            ("!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!=", SignatureError::Malformed),
            ("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", SignatureError::Mismatch),
        ];
        for (header, expected) in cases {
            assert_eq!(verify(&secrets(&[secret]), body.as_bytes(), header), Err(expected), "{header}");
        }
    }

    #[test]
    fn an_empty_secret_signs_nothing() {
        let forged = sign(&Private::default(), b"{}");
        assert_eq!(verify(&[], b"{}", &forged), Err(SignatureError::NoSecret));
        assert_eq!(verify(&secrets(&["", ""]), b"{}", &forged), Err(SignatureError::NoSecret));
        assert_eq!(verify(&secrets(&["", "live"]), b"{}", &forged), Err(SignatureError::Mismatch));
    }

    #[test]
    fn an_empty_body_is_refused_though_the_signature_would_match() {
        let live = secrets(&["hush"]);
        assert_eq!(verify(&live, b"", &sign(&live[0], b"")), Err(SignatureError::EmptyBody));
    }

    proptest! {
        #[test]
        fn one_changed_bit_is_noticed(
            body in prop::collection::vec(any::<u8>(), 1..200), at: prop::sample::Index, bit in 0..8u8
        ) {
            let live = secrets(&["hush"]);
            let signature = sign(&live[0], &body);
            prop_assert_eq!(verify(&live, &body, &signature), Ok(()));
            let mut changed = body.clone();
            changed[at.index(body.len())] ^= 1 << bit;
            prop_assert_eq!(verify(&live, &changed, &signature), Err(SignatureError::Mismatch));
        }

        #[test]
        fn no_header_is_a_panic(header in ".{0,80}", body in prop::collection::vec(any::<u8>(), 0..50)) {
            prop_assert!(verify(&secrets(&["hush"]), &body, &header).is_err());
        }
    }
}
