//! The token endpoint `POST /admin/oauth/access_token`: the client credentials grant and the refresh of expiring
//! offline tokens. It keeps the tokens in force and says what they may do.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::{Value, json};

use crate::http::{HttpRequest, HttpResponse};
use crate::random;
use crate::settings::{Credentials, Settings, UsedRefreshToken};

/// An access token in force.
#[derive(Debug, Clone)]
struct Access {
    scopes: Vec<String>,
    ends: Option<Timestamp>,
}

/// An expiring offline token with the refresh token that goes with it, as an installation brings it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OfflineToken {
    /// The access token, `shpat_…`.
    pub access_token: String,
    /// Seconds the access token lives.
    pub expires_in: u32,
    /// The refresh token, `shprt_…`; it can be used once.
    pub refresh_token: String,
    /// Seconds the refresh token lives.
    pub refresh_token_expires_in: u32,
    /// What the token may do, separated by commas.
    pub scope: String,
}

/// What became of a refresh token.
#[derive(Debug, Clone)]
enum Refresh {
    Active { access: String, ends: Timestamp },
    Used { at: Timestamp, brought: OfflineToken },
}

/// All tokens of the one app in the one shop.
#[derive(Debug)]
pub(crate) struct Tokens {
    access: BTreeMap<String, Access>,
    refresh: BTreeMap<String, Refresh>,
    random: fastrand::Rng,
}

impl Tokens {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            access: BTreeMap::new(),
            refresh: BTreeMap::new(),
            random: fastrand::Rng::with_seed(seed ^ 0x70_6b),
        }
    }

    /// Answers a request for a token.
    pub(crate) fn grant(
        &mut self,
        request: &HttpRequest,
        credentials: &Credentials,
        settings: &Settings,
        now: Timestamp,
    ) -> HttpResponse {
        match self.try_grant(request, credentials, settings, now) {
            Ok(body) => HttpResponse::json(200, &body),
            Err(refusal) => refusal,
        }
    }

    fn try_grant(
        &mut self,
        request: &HttpRequest,
        credentials: &Credentials,
        settings: &Settings,
        now: Timestamp,
    ) -> Result<Value, HttpResponse> {
        let form = read(request)?;
        let get = |key: &str| form.get(key).map_or("", String::as_str);
        if get("client_id") != credentials.client_id || get("client_secret") != credentials.client_secret {
            return Err(refusal(401, "invalid_client", "unknown client id, or a wrong client secret"));
        }
        match get("grant_type") {
            "client_credentials" => Ok(self.client_credentials(settings, now)),
            "refresh_token" => self.rotate(get("refresh_token"), settings, now).map(|token| json!(token)),
            "" => Err(refusal(400, "invalid_request", "grant_type is missing")),
            _ => Err(refusal(
                400,
                "unsupported_grant_type",
                "the simulation knows client_credentials and refresh_token",
            )),
        }
    }

    /// A token of a day; those given before stay in force until they end.
    fn client_credentials(&mut self, settings: &Settings, now: Timestamp) -> Value {
        self.access.retain(|_, access| access.ends.is_none_or(|end| end > now));
        let token = self.add(settings, Some(after(now, settings.token_seconds)));
        json!({ "access_token": token, "scope": settings.scopes.join(","), "expires_in": settings.token_seconds })
    }

    /// A token that never ends, as apps that were made in the store's admin before 2026 have one.
    pub(crate) fn issue_permanent(&mut self, settings: &Settings) -> String {
        self.add(settings, None)
    }

    /// The first expiring offline token of an installation. Only one is active: an older one ends.
    pub(crate) fn issue_offline(&mut self, settings: &Settings, now: Timestamp) -> OfflineToken {
        for state in self.refresh.values() {
            if let Refresh::Active { access, .. } = state {
                self.access.remove(access);
            }
        }
        self.refresh.retain(|_, state| matches!(state, Refresh::Used { .. }));
        let access = self.add(settings, Some(after(now, settings.offline_token_seconds)));
        let refresh = format!("shprt_{}", random::hex(&mut self.random, 32));
        let ends = after(now, settings.refresh_token_seconds);
        self.refresh.insert(refresh.clone(), Refresh::Active { access: access.clone(), ends });
        OfflineToken {
            access_token: access,
            expires_in: settings.offline_token_seconds,
            refresh_token: refresh,
            refresh_token_expires_in: settings.refresh_token_seconds,
            scope: settings.scopes.join(","),
        }
    }

    /// Each use of a refresh token brings a new pair and ends the old one.
    fn rotate(
        &mut self,
        refresh: &str,
        settings: &Settings,
        now: Timestamp,
    ) -> Result<OfflineToken, HttpResponse> {
        match self.refresh.get(refresh).cloned() {
            Some(Refresh::Active { ends, .. }) if ends > now => {
                let brought = self.issue_offline(settings, now);
                self.refresh.insert(refresh.to_owned(), Refresh::Used { at: now, brought: brought.clone() });
                Ok(brought)
            }
            Some(Refresh::Used { at, brought }) if after(at, settings.refresh_grace_seconds) > now => {
                Ok(brought)
            }
            _ => Err(match settings.used_refresh_token {
                UsedRefreshToken::InvalidGrant => {
                    refusal(400, "invalid_grant", "the refresh token is unknown, was used, or has ended")
                }
                UsedRefreshToken::InvalidRequest => {
                    refusal(401, "invalid_request", "This request requires an active refresh_token")
                }
            }),
        }
    }

    fn add(&mut self, settings: &Settings, ends: Option<Timestamp>) -> String {
        let token = format!("shpat_{}", random::hex(&mut self.random, 32));
        self.access.insert(token.clone(), Access { scopes: settings.scopes.clone(), ends });
        token
    }

    /// What the request's token may do; none if it carries no token in force.
    pub(crate) fn scopes(&self, request: &HttpRequest, now: Timestamp) -> Option<Vec<String>> {
        let access = self.access.get(request.header_value("x-shopify-access-token")?)?;
        access.ends.is_none_or(|end| end > now).then(|| access.scopes.clone())
    }

    /// Ends every access token; refresh tokens stay.
    pub(crate) fn revoke_access(&mut self) {
        self.access.clear();
    }

    /// Ends everything, as an uninstallation does.
    pub(crate) fn revoke_all(&mut self) {
        self.access.clear();
        self.refresh.clear();
    }

    /// How many access tokens are in force.
    pub(crate) fn active(&self, now: Timestamp) -> usize {
        self.access.values().filter(|access| access.ends.is_none_or(|end| end > now)).count()
    }
}

/// The parameters of a form or of a JSON object; Shopify takes both.
fn read(request: &HttpRequest) -> Result<BTreeMap<String, String>, HttpResponse> {
    if request.method != "POST" {
        return Err(HttpResponse::errors(404, "Not Found"));
    }
    let content_type = request.header_value("content-type").unwrap_or_default();
    if content_type.starts_with("application/json") {
        return serde_json::from_slice(&request.body)
            .map_err(|_| refusal(400, "invalid_request", "the body must be a JSON object of texts"));
    }
    if content_type.starts_with("application/x-www-form-urlencoded") {
        return Ok(form_urlencoded::parse(&request.body).into_owned().collect());
    }
    Err(refusal(400, "invalid_request", "the body must be a form or JSON"))
}

fn refusal(status: u16, error: &str, description: &str) -> HttpResponse {
    HttpResponse::json(status, &json!({ "error": error, "error_description": description }))
}

fn after(now: Timestamp, seconds: u32) -> Timestamp {
    now + SignedDuration::from_secs(i64::from(seconds))
}
