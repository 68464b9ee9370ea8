//! The access token: asked for once, used until shortly before its end, dropped once on a 401.
//!
//! Infor limits tokens (some tenants: 100 a day for each client), so a token for each call is out of the
//! question (Infor OS usage limits, "Access Tokens").

use std::time::Duration;

use domain::Private;
use reqwest::{Client, StatusCode};
use serde::Deserialize;
use tokio::{sync::Mutex, time::Instant};

use super::ionapi::{Grant, IonApi};
use crate::CallError;

/// How long before its end a token is no longer used.
const MARGIN: Duration = Duration::from_secs(60);
/// The longest that a token is believed to live, whatever the server says.
const LONGEST: Duration = Duration::from_secs(86_400);
/// How long the token endpoint may take.
const TIME_OUT: Duration = Duration::from_secs(20);

/// The token of one tenant, shared by all calls of this process.
pub(super) struct Tokens {
    held: Mutex<Option<Token>>,
}

#[derive(Clone)]
struct Token {
    value: Private<String>,
    good_until: Instant,
}

#[derive(Deserialize)]
struct TokenAnswer {
    access_token: Private<String>,
    /// Seconds; some servers write a text.
    expires_in: serde_json::Value,
}

#[derive(Deserialize)]
struct TokenRefusal {
    error: String,
}

impl Tokens {
    pub(super) fn new() -> Self {
        Self { held: Mutex::new(None) }
    }

    /// The token, asked for if there is none or it is about to end. The lock makes it one request at a time.
    pub(super) async fn get(&self, http: &Client, ion: &IonApi) -> Result<Private<String>, CallError> {
        let mut held = self.held.lock().await;
        if let Some(token) = held.as_ref().filter(|token| Instant::now() < token.good_until) {
            return Ok(token.value.clone());
        }
        let token = request(http, ion).await?;
        let value = token.value.clone();
        *held = Some(token);
        Ok(value)
    }

    /// Forgets a token that the gateway refused, unless it was replaced meanwhile.
    pub(super) async fn drop_refused(&self, refused: &Private<String>) {
        let mut held = self.held.lock().await;
        if held.as_ref().is_some_and(|token| token.value == *refused) {
            *held = None;
        }
    }
}

async fn request(http: &Client, ion: &IonApi) -> Result<Token, CallError> {
    let scopes = ion.scopes.join(" ");
    let mut form = match &ion.grant {
        Grant::Password { username, password } => vec![
            ("grant_type", "password"),
            ("username", username.expose().as_str()),
            ("password", password.expose().as_str()),
        ],
        Grant::ClientCredentials => vec![("grant_type", "client_credentials")],
    };
    if !scopes.is_empty() {
        form.push(("scope", &scopes));
    }
    let request = http.post(ion.token_url.clone()).timeout(TIME_OUT).form(&form);
    let answer = request.basic_auth(&ion.client_id, Some(ion.client_secret.expose())).send().await;
    // A token that was issued and lost on the way does no harm, so every failure here counts as not sent.
    let answer = answer.map_err(|error| CallError::NotSent(format!("token endpoint: {}", plain(&error))))?;
    let status = answer.status();
    let body = answer
        .bytes()
        .await
        .map_err(|error| CallError::NotSent(format!("token endpoint: {}", plain(&error))))?;
    read(status, &body)
}

fn read(status: StatusCode, body: &[u8]) -> Result<Token, CallError> {
    if status == StatusCode::BAD_REQUEST || status == StatusCode::UNAUTHORIZED {
        let refusal =
            serde_json::from_slice::<TokenRefusal>(body).map_or_else(|_| String::new(), |r| r.error);
        return Err(CallError::Credentials(format!("token endpoint: HTTP {} {refusal}", status.as_u16())));
    }
    if !status.is_success() {
        return Err(CallError::NotSent(format!("token endpoint: HTTP {}", status.as_u16())));
    }
    let unreadable = |_| CallError::NotSent("token endpoint: the answer is not a token".into());
    let answer: TokenAnswer = serde_json::from_slice(body).map_err(unreadable)?;
    let seconds = answer.expires_in.as_u64().or_else(|| answer.expires_in.as_str()?.parse().ok());
    let lifetime = Duration::from_secs(seconds.unwrap_or(0)).min(LONGEST);
    // A life shorter than twice the margin is used to its half, never to its end.
    let usable = lifetime.saturating_sub(MARGIN).max(lifetime / 2);
    Ok(Token { value: answer.access_token, good_until: Instant::now() + usable })
}

/// An error of the HTTP client without its address, which may hold what nobody should read in a log.
fn plain(error: &reqwest::Error) -> &'static str {
    if error.is_timeout() {
        "timed out"
    } else if error.is_connect() {
        "no connection"
    } else {
        "the exchange broke off"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lifetime(expires_in: &str) -> u64 {
        let body = format!("{{\"access_token\":\"t\",\"expires_in\":{expires_in}}}");
        let token = read(StatusCode::OK, body.as_bytes()).ok().unwrap();
        token.good_until.duration_since(Instant::now()).as_secs()
    }

    #[tokio::test(start_paused = true)]
    async fn a_token_is_used_until_shortly_before_its_end() {
        assert_eq!(lifetime("7200"), 7_140);
        assert_eq!(lifetime("\"7200\""), 7_140);
        assert_eq!(lifetime("90"), 45);
        assert_eq!(lifetime("null"), 0);
    }

    #[test]
    fn refusals_and_outages_are_told_apart() {
        let cases = [
            (400, "{\"error\":\"invalid_grant\"}", true),
            (401, "<html>", true),
            (500, "", false),
            (503, "", false),
            (200, "<html>", false),
            (302, "", false),
        ];
        for (status, body, is_refusal) in cases {
            let error = read(StatusCode::from_u16(status).unwrap(), body.as_bytes()).err().unwrap();
            assert_eq!(matches!(error, CallError::Credentials(_)), is_refusal, "{status}");
        }
    }
}
