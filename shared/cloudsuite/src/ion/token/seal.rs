//! Sealing of tokens: whoever reads the table without knowing the client secret learns nothing.
//!
//! AES-256-GCM with a random nonce, under a key that HKDF-SHA256 (RFC 5869) derives from the client secret. A
//! token opens only for the tenant, client and account that it was sealed for.

use data_encoding::{BASE64, HEXLOWER};
use domain::Private;
use ring::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hkdf::{HKDF_SHA256, KeyType, Salt},
    rand::{SecureRandom, SystemRandom},
};

use crate::ion::ionapi::{Grant, IonApi};

/// Names this use of the client secret, so that no other derives the same key.
const SALT: &[u8] = b"ml-connector";
const KEY: &[u8] = b"access token, aes-256-gcm, version 1";
const ACCOUNT: &[u8] = b"account name, version 1";
/// How many bytes name an account.
const NAME_LENGTH: usize = 16;

/// Seals and opens the tokens of one account.
pub(super) struct Seal {
    key: LessSafeKey,
    account: String,
    /// What a sealed token is bound to.
    bound_to: Vec<u8>,
}

struct NameLength;

impl KeyType for NameLength {
    fn len(&self) -> usize {
        NAME_LENGTH
    }
}

impl Seal {
    /// The seal of the credentials; nothing only if the system's cryptography refuses its own lengths.
    pub(super) fn new(ion: &IonApi) -> Option<Self> {
        let secret = Salt::new(HKDF_SHA256, SALT).extract(ion.client_secret.expose().as_bytes());
        let key = LessSafeKey::new(UnboundKey::from(secret.expand(&[KEY], &AES_256_GCM).ok()?));
        let mut name = [0; NAME_LENGTH];
        secret.expand(&[ACCOUNT, &identity(ion)], NameLength).ok()?.fill(&mut name).ok()?;
        let account = HEXLOWER.encode(&name);
        let bound_to = joined([ion.tenant.as_str(), &ion.client_id, &account]);
        Some(Self { key, account, bound_to })
    }

    /// Under what name the account's token is kept. Accounts of one client have tokens of their own, and so has
    /// an account whose secrets were changed; the name tells nothing of them.
    pub(super) fn account(&self) -> &str {
        &self.account
    }

    /// Seals a token; nothing only if the system gives no random bytes.
    pub(super) fn seal(&self, token: &Private<String>) -> Option<String> {
        let mut nonce = [0; NONCE_LEN];
        SystemRandom::new().fill(&mut nonce).ok()?;
        let mut sealed = token.expose().clone().into_bytes();
        let nonce_of_once = Nonce::assume_unique_for_key(nonce);
        self.key.seal_in_place_append_tag(nonce_of_once, Aad::from(&self.bound_to), &mut sealed).ok()?;
        Some(BASE64.encode(&[nonce.as_slice(), &sealed].concat()))
    }

    /// Opens a token; nothing if it was sealed for another account or is damaged.
    pub(super) fn open(&self, sealed: &str) -> Option<Private<String>> {
        let bytes = BASE64.decode(sealed.as_bytes()).ok()?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE_LEN>()?;
        let mut sealed = sealed.to_vec();
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let token = self.key.open_in_place(nonce, Aad::from(&self.bound_to), &mut sealed).ok()?;
        String::from_utf8(token.to_vec()).ok().map(Private::new)
    }
}

/// Everything that a token depends on.
fn identity(ion: &IonApi) -> Vec<u8> {
    let (kind, username, password) = match &ion.grant {
        Grant::Password { username, password } => ("password", username.expose(), password.expose()),
        Grant::ClientCredentials => ("client", &String::new(), &String::new()),
    };
    let scopes = ion.scopes.join(" ");
    joined([&ion.tenant, &ion.client_id, ion.token_url.as_str(), kind, username, password, &scopes])
}

/// Each part with its length before it: no two lists are joined to the same bytes.
fn joined<const N: usize>(parts: [&str; N]) -> Vec<u8> {
    let with_length = |part: &str| [&part.len().to_be_bytes(), part.as_bytes()].concat();
    parts.into_iter().flat_map(with_length).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ion::token::tests::ion;

    fn seal(change: impl Fn(&mut IonApi)) -> Seal {
        let mut ion = ion();
        change(&mut ion);
        Seal::new(&ion).unwrap()
    }

    #[test]
    fn a_token_opens_for_the_same_account_only() {
        let own = seal(|_| ());
        let token = Private::new("a-token".to_owned());
        let sealed = own.seal(&token).unwrap();
        assert_eq!(own.open(&sealed), Some(token.clone()));
        assert_eq!(seal(|_| ()).open(&sealed), Some(token), "in another instance too");
        let others = [
            seal(|ion| ion.client_secret = Private::new("rotated".into())),
            seal(|ion| ion.client_id = "ACME_TST~other".into()),
            seal(|ion| ion.tenant = "ACME_PRD".into()),
            seal(|ion| ion.grant = Grant::ClientCredentials),
            seal(|ion| ion.scopes = vec!["Infor-M3".into()]),
        ];
        for other in others {
            assert_eq!(other.open(&sealed), None);
            assert_ne!(other.account(), own.account());
        }
    }

    #[test]
    fn what_is_sealed_shows_nothing_and_never_twice_the_same() {
        let seal = seal(|_| ());
        let token = Private::new("a-token".to_owned());
        let (first, second) = (seal.seal(&token).unwrap(), seal.seal(&token).unwrap());
        assert_ne!(first, second);
        let plain = BASE64.decode(first.as_bytes()).unwrap();
        assert!(!plain.windows(7).any(|part| part == b"a-token"));
    }

    #[test]
    fn a_damaged_token_does_not_open() {
        let seal = seal(|_| ());
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
