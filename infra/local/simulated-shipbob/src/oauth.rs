//! The app that a merchant authorised, beside the personal access token: codes of two minutes, access tokens of an hour,
//! and refresh tokens that are replaced with each use and die after 30 days without it (shipbob-node-sdk, `src/oAuth.ts`
//! and README). There are no client credentials.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::http::{HttpRequest, HttpResponse};
use crate::random::{hex, letters};
use crate::settings::Credentials;

const CODE_LIVES: SignedDuration = SignedDuration::from_mins(2);
const ACCESS_LIVES: SignedDuration = SignedDuration::from_hours(1);
const REFRESH_LIVES: SignedDuration = SignedDuration::from_hours(30 * 24);
/// Without this scope there is no refresh token.
const OFFLINE: &str = "offline_access";

/// What the merchant agrees to.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Consent {
    /// Without them, all that an app can have.
    scopes: Option<Vec<String>>,
    /// SHA-256 of a verifier in base64 for addresses, as PKCE has it (S256, since 2026-07).
    code_challenge: Option<String>,
}

/// What a code or a token is good for.
#[derive(Debug, Clone)]
struct Grant {
    scopes: Vec<String>,
    challenge: Option<String>,
    until: Timestamp,
}

/// Codes and tokens that are good. A refresh token that was used is forgotten.
#[derive(Debug, Default)]
pub(crate) struct OAuth {
    codes: BTreeMap<String, Grant>,
    access: BTreeMap<String, Grant>,
    refresh: BTreeMap<String, Grant>,
}

impl OAuth {
    /// The merchant agrees: a code, as it comes back in the redirect. An app never has `billing_read`.
    pub(crate) fn agree(
        &mut self,
        consent: Consent,
        all: &[String],
        random: &mut fastrand::Rng,
        now: Timestamp,
    ) -> String {
        let every = || all.iter().cloned().chain([OFFLINE.to_owned()]).collect();
        let mut scopes = consent.scopes.unwrap_or_else(every);
        scopes.retain(|scope| scope != "billing_read");
        let code = hex(random, 64).to_uppercase();
        let grant = Grant { scopes, challenge: consent.code_challenge, until: now + CODE_LIVES };
        self.codes.insert(code.clone(), grant);
        code
    }

    /// The scopes of an access token that is good now.
    pub(crate) fn scopes(&self, token: &str, now: Timestamp) -> Option<&[String]> {
        self.access.get(token).filter(|grant| now < grant.until).map(|grant| grant.scopes.as_slice())
    }

    /// `POST /connect/token` (RFC 6749): a code or a refresh token is spent for new tokens.
    pub(crate) fn token(
        &mut self,
        request: &HttpRequest,
        known: &Credentials,
        random: &mut fastrand::Rng,
        now: Timestamp,
    ) -> HttpResponse {
        let kind = request.header_value("content-type").unwrap_or_default();
        if request.method != "POST" || !kind.starts_with("application/x-www-form-urlencoded") {
            return refusal("invalid_request");
        }
        let form: BTreeMap<String, String> = form_urlencoded::parse(&request.body).into_owned().collect();
        let field = |name: &str| form.get(name).map_or("", String::as_str);
        if field("client_id") != known.client_id || field("client_secret") != known.client_secret {
            return refusal("invalid_client");
        }
        let spent = match field("grant_type") {
            "authorization_code" => {
                let grant = self.codes.remove(field("code"));
                grant.filter(|grant| grant.is_proved_by(field("code_verifier")))
            }
            "refresh_token" => self.refresh.remove(field("refresh_token")),
            _ => return refusal("unsupported_grant_type"),
        };
        match spent.filter(|grant| now < grant.until) {
            Some(grant) => self.issue(&grant, random, now),
            None => refusal("invalid_grant"),
        }
    }

    fn issue(&mut self, grant: &Grant, random: &mut fastrand::Rng, now: Timestamp) -> HttpResponse {
        let scope = grant.scopes.join(" ");
        let of = |until| Grant { scopes: grant.scopes.clone(), challenge: None, until };
        let access = letters(random, 96);
        self.access.retain(|_, old| now < old.until);
        self.access.insert(access.clone(), of(now + ACCESS_LIVES));
        let mut answer = json!({
            "access_token": access,
            "expires_in": ACCESS_LIVES.as_secs(),
            "token_type": "Bearer",
            "scope": scope,
        });
        if grant.scopes.iter().any(|scope| scope == OFFLINE) {
            let refresh = hex(random, 64).to_uppercase();
            answer["refresh_token"] = json!(refresh);
            self.refresh.insert(refresh, of(now + REFRESH_LIVES));
        }
        HttpResponse::json(200, &answer)
    }
}

impl Grant {
    fn is_proved_by(&self, verifier: &str) -> bool {
        let Some(challenge) = &self.challenge else { return true };
        *challenge == URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
    }
}

fn refusal(error: &str) -> HttpResponse {
    HttpResponse::json(400, &json!({ "error": error }))
}
