//! The authorization server: grants access tokens, forgets them when they end or are revoked. It knows no
//! user but the one service account. Error bodies follow RFC 6749; Infor's own are not documented.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::http::{HttpRequest, HttpResponse};
use crate::limit::Limit;
use crate::random::Random;
use crate::settings::{Credentials, Settings};

/// The window of the tokens' quota, in seconds.
const DAY: i64 = 24 * 60 * 60;

/// The tokens in force.
#[derive(Debug)]
pub(crate) struct Tokens {
    ends: BTreeMap<String, Timestamp>,
    random: Random,
    quota: Limit,
}

impl Tokens {
    pub(crate) fn new(seed: u64) -> Self {
        Self { ends: BTreeMap::new(), random: Random::new(seed), quota: Limit::default() }
    }

    /// Answers a request for a token.
    pub(crate) fn grant(
        &mut self,
        request: &HttpRequest,
        credentials: &Credentials,
        settings: &Settings,
        now: Timestamp,
    ) -> HttpResponse {
        if let Err(refusal) = check(request, credentials) {
            return refusal;
        }
        if let Err(seconds) = self.quota.admit(settings.tokens_per_day, DAY, now) {
            let text = "no more access tokens for this client today";
            return refusal(429, "quota_exceeded", text).told_to_wait(settings.retry_after, seconds);
        }
        let lifetime = settings.token_lifetime_seconds;
        self.ends.retain(|_, end| *end > now);
        let token = self.random.text(120);
        self.ends.insert(token.clone(), now + SignedDuration::from_secs(i64::from(lifetime)));
        let body = json!({ "access_token": token, "token_type": "Bearer", "expires_in": lifetime });
        HttpResponse::json(200, &body).with_header("cache-control", "no-store")
    }

    /// Answers a request to revoke a token; an unknown one is no error (RFC 7009).
    pub(crate) fn revoke(&mut self, request: &HttpRequest, credentials: &Credentials) -> HttpResponse {
        let form = Form::of(request);
        if !client_is_known(request, &form, credentials) {
            return invalid_client();
        }
        self.ends.remove(form.get("token"));
        HttpResponse::json(200, &json!({}))
    }

    /// Whether the request carries a token in force.
    pub(crate) fn accepts(&self, request: &HttpRequest, now: Timestamp) -> bool {
        let token = request.header_value("authorization").and_then(|value| value.strip_prefix("Bearer "));
        token.and_then(|token| self.ends.get(token)).is_some_and(|end| *end > now)
    }

    /// Ends every token, as a tenant refresh does.
    pub(crate) fn revoke_all(&mut self) {
        self.ends.clear();
    }
}

fn check(request: &HttpRequest, credentials: &Credentials) -> Result<(), HttpResponse> {
    if request.method != "POST" {
        return Err(HttpResponse::fault(405, "Method Not Allowed"));
    }
    let content_type = request.header_value("content-type").unwrap_or_default();
    if !content_type.starts_with("application/x-www-form-urlencoded") {
        return Err(refusal(400, "invalid_request", "the body must be application/x-www-form-urlencoded"));
    }
    let form = Form::of(request);
    if !client_is_known(request, &form, credentials) {
        return Err(invalid_client());
    }
    match form.get("grant_type") {
        "client_credentials" => Ok(()),
        "password"
            if form.get("username") == credentials.access_key
                && form.get("password") == credentials.secret_key =>
        {
            Ok(())
        }
        "password" => Err(refusal(400, "invalid_grant", "unknown service account, or a wrong secret key")),
        "" => Err(refusal(400, "invalid_request", "grant_type is missing")),
        _ => Err(refusal(400, "unsupported_grant_type", "password and client_credentials are supported")),
    }
}

/// HTTP Basic, or `client_id` and `client_secret` in the form: both work in the field.
fn client_is_known(request: &HttpRequest, form: &Form, credentials: &Credentials) -> bool {
    let (id, secret) = basic(request)
        .unwrap_or_else(|| (form.get("client_id").to_owned(), form.get("client_secret").to_owned()));
    // RFC 6749 wants both form-encoded within Basic; many clients send them as they are.
    let matches = |sent: &str, own: &str| sent == own || decode(sent) == own;
    matches(&id, &credentials.client_id) && matches(&secret, &credentials.client_secret)
}

fn basic(request: &HttpRequest) -> Option<(String, String)> {
    let encoded = request.header_value("authorization")?.strip_prefix("Basic ")?;
    let text = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((id.to_owned(), secret.to_owned()))
}

fn decode(text: &str) -> String {
    form_urlencoded::parse(text.as_bytes()).next().map(|(key, _)| key.into_owned()).unwrap_or_default()
}

fn invalid_client() -> HttpResponse {
    refusal(401, "invalid_client", "unknown client, or a wrong secret")
}

fn refusal(status: u16, error: &str, description: &str) -> HttpResponse {
    HttpResponse::json(status, &json!({ "error": error, "error_description": description }))
}

struct Form(BTreeMap<String, String>);

impl Form {
    fn of(request: &HttpRequest) -> Self {
        Self(form_urlencoded::parse(&request.body).into_owned().collect())
    }

    fn get(&self, key: &str) -> &str {
        self.0.get(key).map_or("", String::as_str)
    }
}
