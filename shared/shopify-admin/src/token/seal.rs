//! Sealing of the shared tokens: whoever reads the table without knowing the tenant's secret learns nothing.
//!
//! AES-256-GCM with a random nonce, under a key that HKDF-SHA256 (RFC 5869) derives from the first refresh token,
//! the one in the tenant's secret. That one stays the same when the app's client secret is rotated, so the newest
//! refresh token is not lost then; and when the merchant authorises the app again it changes, so that what came of
//! the old authorisation no longer opens and is begun anew.

use data_encoding::BASE64;
use domain::Private;
use ring::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hkdf::{HKDF_SHA256, Salt},
    rand::{SecureRandom, SystemRandom},
};

/// Names this use of the secret, so that no other derives the same key.
const SALT: &[u8] = b"ml-connector";
const KEY: &[u8] = b"shopify tokens, aes-256-gcm, version 1";

/// Seals and opens the tokens of one app in one shop.
pub(super) struct Seal {
    key: LessSafeKey,
    /// What a sealed text is bound to.
    bound_to: Vec<u8>,
}

impl Seal {
    /// The seal; nothing only if the system's cryptography refuses its own lengths.
    pub(super) fn new(shop: &str, client_id: &str, first_refresh_token: &Private<String>) -> Option<Self> {
        let secret = Salt::new(HKDF_SHA256, SALT).extract(first_refresh_token.expose().as_bytes());
        let key = LessSafeKey::new(UnboundKey::from(secret.expand(&[KEY], &AES_256_GCM).ok()?));
        Some(Self { key, bound_to: joined([shop, client_id]) })
    }

    /// Seals a text; nothing only if the system gives no random bytes.
    pub(super) fn seal(&self, text: &Private<String>) -> Option<String> {
        let mut nonce = [0; NONCE_LEN];
        SystemRandom::new().fill(&mut nonce).ok()?;
        let mut sealed = text.expose().clone().into_bytes();
        let nonce_of_once = Nonce::assume_unique_for_key(nonce);
        self.key.seal_in_place_append_tag(nonce_of_once, Aad::from(&self.bound_to), &mut sealed).ok()?;
        Some(BASE64.encode(&[nonce.as_slice(), &sealed].concat()))
    }

    /// Opens a text; nothing if it was sealed for another authorisation or is damaged.
    pub(super) fn open(&self, sealed: &str) -> Option<Private<String>> {
        let bytes = BASE64.decode(sealed.as_bytes()).ok()?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE_LEN>()?;
        let mut sealed = sealed.to_vec();
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let text = self.key.open_in_place(nonce, Aad::from(&self.bound_to), &mut sealed).ok()?;
        String::from_utf8(text.to_vec()).ok().map(Private::new)
    }
}

/// Each part with its length before it: no two lists are joined to the same bytes.
fn joined<const N: usize>(parts: [&str; N]) -> Vec<u8> {
    let with_length = |part: &str| [&part.len().to_be_bytes(), part.as_bytes()].concat();
    parts.into_iter().flat_map(with_length).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seal(shop: &str, client: &str, refresh: &str) -> Seal {
        Seal::new(shop, client, &Private::new(refresh.to_owned())).unwrap()
    }

    #[test]
    fn what_is_sealed_opens_for_the_same_authorisation_only() {
        let text = Private::new("a-token".to_owned());
        let sealed = seal("demo", "app", "first").seal(&text).unwrap();
        assert_eq!(seal("demo", "app", "first").open(&sealed), Some(text));
        for other in
            [seal("other", "app", "first"), seal("demo", "other", "first"), seal("demo", "app", "second")]
        {
            assert_eq!(other.open(&sealed), None);
        }
        assert_eq!(seal("demoa", "pp", "first").open(&sealed), None, "the parts do not run into each other");
    }

    #[test]
    fn what_is_sealed_shows_nothing_and_never_twice_the_same() {
        let seal = seal("demo", "app", "first");
        let text = Private::new("a-token".to_owned());
        let (first, second) = (seal.seal(&text).unwrap(), seal.seal(&text).unwrap());
        assert_ne!(first, second);
        let plain = BASE64.decode(first.as_bytes()).unwrap();
        assert!(!plain.windows(7).any(|part| part == b"a-token"));
    }

    #[test]
    fn a_damaged_text_does_not_open() {
        let seal = seal("demo", "app", "first");
        let sealed = seal.seal(&Private::new("a-token".to_owned())).unwrap();
        let bytes = BASE64.decode(sealed.as_bytes()).unwrap();
        for place in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[place] ^= 1;
            assert_eq!(seal.open(&BASE64.encode(&damaged)), None, "byte {place}");
        }
        for text in ["", "AAAA", "not base64"] {
            assert_eq!(seal.open(text), None);
        }
    }
}
