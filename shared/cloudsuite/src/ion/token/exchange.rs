//! One request to the token endpoint, and what its answer means.

use std::time::Duration;

use data_encoding::BASE64;
use domain::Private;
use serde::Deserialize;

use crate::{
    CallError,
    ion::{
        HttpAnswer, Post, Transport,
        ionapi::{Grant, IonApi},
    },
};

/// How long the token endpoint may take.
pub(super) const TIME_OUT: Duration = Duration::from_secs(20);
/// The longest that a token is believed to live, whatever the server says.
const LONGEST: Duration = Duration::from_secs(86_400);
/// How much of an error code is repeated: the codes of RFC 6749 are far shorter.
const CODE: usize = 40;

/// A token as the server gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Granted {
    pub(super) value: Private<String>,
    pub(super) life: Duration,
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

/// Asks for a token. One that was issued and lost on the way does no harm, so every failure but a refusal counts
/// as not sent.
pub(super) async fn request(transport: &dyn Transport, ion: &IonApi) -> Result<Granted, CallError> {
    let answer = transport.post(post(ion)).await;
    read(&answer.map_err(|broken| CallError::NotSent(format!("token endpoint: {broken}")))?)
}

/// The client says who it is by HTTP Basic, as Infor's own samples do (infor-cloud/ion-api-sdk).
fn post(ion: &IonApi) -> Post {
    let mut form = form_urlencoded::Serializer::new(String::new());
    match &ion.grant {
        Grant::Password { username, password } => form
            .append_pair("grant_type", "password")
            .append_pair("username", username.expose())
            .append_pair("password", password.expose()),
        Grant::ClientCredentials => form.append_pair("grant_type", "client_credentials"),
    };
    if !ion.scopes.is_empty() {
        form.append_pair("scope", &ion.scopes.join(" "));
    }
    let client = format!("{}:{}", ion.client_id, ion.client_secret.expose());
    let headers = vec![
        ("authorization", Private::new(format!("Basic {}", BASE64.encode(client.as_bytes())))),
        ("content-type", Private::new("application/x-www-form-urlencoded".to_owned())),
        ("accept", Private::new("application/json".to_owned())),
    ];
    let body = Private::new(form.finish().into_bytes());
    Post { url: ion.token_url.clone(), headers, body, time_out: TIME_OUT }
}

fn read(answer: &HttpAnswer) -> Result<Granted, CallError> {
    let (status, body) = (answer.status, answer.body.expose());
    if status == 400 || status == 401 {
        let refusal =
            serde_json::from_slice::<TokenRefusal>(body).map_or_else(|_| String::new(), |r| r.error);
        let code: String = refusal.chars().filter(char::is_ascii_graphic).take(CODE).collect();
        return Err(CallError::Credentials(format!("token endpoint: HTTP {status} {code}")));
    }
    if status != 200 {
        return Err(CallError::NotSent(format!("token endpoint: HTTP {status}")));
    }
    let unreadable = || CallError::NotSent("token endpoint: the answer is not a token".into());
    let answer: TokenAnswer = serde_json::from_slice(body).map_err(|_| unreadable())?;
    let token = answer.access_token.expose();
    if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(unreadable());
    }
    let seconds = answer.expires_in.as_u64().or_else(|| answer.expires_in.as_str()?.parse().ok());
    Ok(Granted { value: answer.access_token, life: Duration::from_secs(seconds.unwrap_or(0)).min(LONGEST) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> HttpAnswer {
        HttpAnswer { status, retry_after: None, body: Private::new(body.as_bytes().to_vec()) }
    }

    #[test]
    fn the_life_of_a_token_is_read_as_number_and_as_text() {
        for (expires_in, seconds) in [("7200", 7_200), ("\"7200\"", 7_200), ("null", 0), ("1e9", 0)] {
            let body = format!("{{\"access_token\":\"t\",\"expires_in\":{expires_in}}}");
            let granted = read(&answer(200, &body)).unwrap();
            assert_eq!(granted.life, Duration::from_secs(seconds), "{expires_in}");
        }
        let years = read(&answer(200, "{\"access_token\":\"t\",\"expires_in\":99999999}")).unwrap();
        assert_eq!(years.life, LONGEST);
    }

    #[test]
    fn refusals_and_outages_are_told_apart() {
        let cases = [
            (400, "{\"error\":\"invalid_grant\"}", true),
            (401, "<html>", true),
            (500, "", false),
            (503, "", false),
            (200, "<html>", false),
            (200, "{\"access_token\":\"\",\"expires_in\":7200}", false),
            (200, "{\"access_token\":\"a\\nb\",\"expires_in\":7200}", false),
            (302, "", false),
        ];
        for (status, body, is_refusal) in cases {
            let error = read(&answer(status, body)).unwrap_err();
            assert_eq!(matches!(error, CallError::Credentials(_)), is_refusal, "{status}");
        }
    }

    #[test]
    fn a_refusal_repeats_only_the_code() {
        let long = format!("{{\"error\":\"invalid_client {}\"}}", "x".repeat(500));
        let error = read(&answer(400, &long)).unwrap_err().to_string();
        assert!(error.contains("invalid_client") && error.len() < 150, "{error}");
    }
}
