//! Sealing of shared tokens: whoever reads the table without knowing the tenant's secret learns nothing.
//!
//! AES-256-GCM with a random nonce, under a key that HKDF-SHA256 (RFC 5869) derives from a secret of the tenant.

use data_encoding::BASE64;
use domain::Private;
use ring::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hkdf::{HKDF_SHA256, Salt},
    rand::{SecureRandom, SystemRandom},
};

/// Names this use of the secret, so that no other derives the same key.
const SALT: &[u8] = b"ml-connector";

/// Seals and opens the tokens of one owner.
pub struct Seal {
    key: LessSafeKey,
    /// What a sealed text is bound to.
    bound_to: Vec<u8>,
}

impl Seal {
    /// The seal under a secret, for one purpose (each derives a key of its own) and one owner, by all names that it
    /// has; nothing only if the system's cryptography refuses its own lengths.
    pub fn new(secret: &Private<String>, purpose: &[u8], owner: &[&str]) -> Option<Self> {
        let secret = Salt::new(HKDF_SHA256, SALT).extract(secret.expose().as_bytes());
        let key = LessSafeKey::new(UnboundKey::from(secret.expand(&[purpose], &AES_256_GCM).ok()?));
        Some(Self { key, bound_to: joined(owner) })
    }

    /// Seals a text; nothing only if the system gives no random bytes.
    pub fn seal(&self, text: &Private<String>) -> Option<String> {
        let mut nonce = [0; NONCE_LEN];
        SystemRandom::new().fill(&mut nonce).ok()?;
        let mut sealed = text.expose().clone().into_bytes();
        let nonce_of_once = Nonce::assume_unique_for_key(nonce);
        self.key.seal_in_place_append_tag(nonce_of_once, Aad::from(&self.bound_to), &mut sealed).ok()?;
        Some(BASE64.encode(&[nonce.as_slice(), &sealed].concat()))
    }

    /// Opens a text; nothing if it was sealed for another owner or is damaged.
    pub fn open(&self, sealed: &str) -> Option<Private<String>> {
        let bytes = BASE64.decode(sealed.as_bytes()).ok()?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE_LEN>()?;
        let mut sealed = sealed.to_vec();
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let text = self.key.open_in_place(nonce, Aad::from(&self.bound_to), &mut sealed).ok()?;
        String::from_utf8(text.to_vec()).ok().map(Private::new)
    }
}

/// Each part with its length before it: no two lists are joined to the same bytes.
pub fn joined(parts: &[&str]) -> Vec<u8> {
    let with_length = |part: &str| [&part.len().to_be_bytes(), part.as_bytes()].concat();
    parts.iter().flat_map(|part| with_length(part)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seal(shop: &str, client: &str, refresh: &str) -> Seal {
        Seal::new(&Private::new(refresh.to_owned()), b"tokens", &[shop, client]).unwrap()
    }

    #[test]
    fn what_is_sealed_opens_under_the_same_secret_for_the_same_owner_only() {
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
