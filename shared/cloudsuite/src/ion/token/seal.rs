//! Sealing of tokens under the client secret. A token opens only for the tenant, client and account that it was sealed
//! for.

use data_encoding::HEXLOWER;
use domain::Private;
use remote::joined;
use ring::hkdf::{HKDF_SHA256, KeyType, Salt};

use crate::ion::ionapi::{Grant, IonApi};

/// Names this use of the client secret, so that no other derives the same key.
const SALT: &[u8] = b"ml-connector";
const KEY: &[u8] = b"access token, aes-256-gcm, version 1";
const ACCOUNT: &[u8] = b"account name, version 1";
/// How many bytes name an account.
const NAME_LENGTH: usize = 16;

/// Seals and opens the tokens of one account.
pub(super) struct Seal {
    seal: remote::Seal,
    account: String,
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
        let mut name = [0; NAME_LENGTH];
        secret.expand(&[ACCOUNT, &identity(ion)], NameLength).ok()?.fill(&mut name).ok()?;
        let account = HEXLOWER.encode(&name);
        let seal = remote::Seal::new(&ion.client_secret, KEY, &[&ion.tenant, &ion.client_id, &account])?;
        Some(Self { seal, account })
    }

    /// Under what name the account's token is kept. Accounts of one client have tokens of their own, and so has
    /// an account whose secrets were changed; the name tells nothing of them.
    pub(super) fn account(&self) -> &str {
        &self.account
    }

    /// Seals a token; nothing only if the system gives no random bytes.
    pub(super) fn seal(&self, token: &Private<String>) -> Option<String> {
        self.seal.seal(token)
    }

    /// Opens a token; nothing if it was sealed for another account or is damaged.
    pub(super) fn open(&self, sealed: &str) -> Option<Private<String>> {
        self.seal.open(sealed)
    }
}

/// Everything that a token depends on.
fn identity(ion: &IonApi) -> Vec<u8> {
    let (kind, username, password) = match &ion.grant {
        Grant::Password { username, password } => ("password", username.expose(), password.expose()),
        Grant::ClientCredentials => ("client", &String::new(), &String::new()),
    };
    let scopes = ion.scopes.join(" ");
    joined(&[&ion.tenant, &ion.client_id, ion.token_url.as_str(), kind, username, password, &scopes])
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
}
