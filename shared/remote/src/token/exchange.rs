//! One request to the token endpoint, and what its answer means.

use std::time::Duration;

use domain::Private;
use reqwest::Url;
use serde::Deserialize;
use tokio::time::Instant;

use crate::post::{Post, PostAnswer, PostTransport};

/// How long the token endpoint may take.
const TIME_OUT: Duration = Duration::from_secs(20);
/// What it gets even where less is left: a request that is given up at once only costs a lost answer.
const SHORTEST: Duration = Duration::from_secs(1);
/// The longest that a token is believed to live, whatever the server says: none of ours lives longer than a day.
const LONGEST: Duration = Duration::from_secs(86_400);
/// How much of an error code is repeated: the codes of RFC 6749 are far shorter.
const CODE: usize = 40;

/// Who asks, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// The address of the token endpoint.
    pub token_url: Url,
    /// The client's name.
    pub id: String,
    /// The client's secret.
    pub secret: Private<String>,
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub enum Grant<'a> {
    /// A token for the client itself.
    ClientCredentials,
    /// A token for this refresh token. The server may replace it with each use.
    Refresh(&'a Private<String>),
}

/// What the server gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted {
    /// The access token.
    pub access: Private<String>,
    /// How long it lives.
    pub life: Duration,
    /// The refresh token that replaces the one that was used.
    pub refresh: Option<Private<String>>,
}

/// Why there is no token. Each says why in words without secrets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// It may work another time.
    #[error("{0}")]
    Unavailable(String),
    /// The client itself was refused.
    #[error("the client was refused: {0}")]
    Client(String),
    /// What was presented, such as a refresh token, was refused.
    #[error("{0}")]
    Refused(String),
}

#[derive(Deserialize)]
struct TokenAnswer {
    access_token: Private<String>,
    /// Seconds; some servers write a text. Missing for a token that does not end.
    #[serde(default)]
    expires_in: serde_json::Value,
    #[serde(default)]
    refresh_token: Option<Private<String>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Refusal {
    error: String,
}

/// Asks for a token once (RFC 6749; the client names itself in the form, section 2.3.1).
pub async fn request(
    transport: &dyn PostTransport,
    client: &Client,
    grant: Grant<'_>,
    deadline: Instant,
) -> Result<Granted, TokenError> {
    let time_out = deadline.saturating_duration_since(Instant::now()).clamp(SHORTEST, TIME_OUT);
    let post = Post { time_out, ..post(client, grant) };
    let answer = transport.post(post).await;
    read(&answer.map_err(|broken| TokenError::Unavailable(format!("token endpoint: {broken}")))?)
}

fn post(client: &Client, grant: Grant<'_>) -> Post {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("client_id", &client.id).append_pair("client_secret", client.secret.expose());
    match grant {
        Grant::ClientCredentials => form.append_pair("grant_type", "client_credentials"),
        Grant::Refresh(token) => {
            form.append_pair("grant_type", "refresh_token").append_pair("refresh_token", token.expose())
        }
    };
    let headers = vec![
        ("content-type", Private::new("application/x-www-form-urlencoded".to_owned())),
        ("accept", Private::new("application/json".to_owned())),
    ];
    Post {
        url: client.token_url.clone(),
        headers,
        body: Private::new(form.finish().into_bytes()),
        time_out: TIME_OUT,
    }
}

fn read(answer: &PostAnswer) -> Result<Granted, TokenError> {
    let (status, body) = (answer.status, answer.body.expose());
    if matches!(status, 400 | 401 | 403) {
        let refusal: Refusal = serde_json::from_slice(body).unwrap_or_default();
        let code: String = refusal.error.chars().filter(char::is_ascii_graphic).take(CODE).collect();
        let why = format!("token endpoint: HTTP {status} {code}").trim_end().to_owned();
        let is_client = matches!(code.as_str(), "invalid_client" | "unauthorized_client");
        return Err(if is_client { TokenError::Client(why) } else { TokenError::Refused(why) });
    }
    if status != 200 {
        return Err(TokenError::Unavailable(format!("token endpoint: HTTP {status}")));
    }
    let unreadable = || TokenError::Unavailable("token endpoint: the answer is not a token".into());
    let answer: TokenAnswer = serde_json::from_slice(body).map_err(|_| unreadable())?;
    let is_usable = |token: &Private<String>| {
        !token.expose().is_empty() && token.expose().bytes().all(|byte| byte.is_ascii_graphic())
    };
    if !is_usable(&answer.access_token)
        || answer.refresh_token.as_ref().is_some_and(|token| !is_usable(token))
    {
        return Err(unreadable());
    }
    let seconds = answer.expires_in.as_u64().or_else(|| answer.expires_in.as_str()?.parse().ok());
    let life = seconds.map_or(LONGEST, Duration::from_secs).min(LONGEST);
    Ok(Granted { access: answer.access_token, life, refresh: answer.refresh_token })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> PostAnswer {
        PostAnswer { status, retry_after: None, body: Private::new(body.as_bytes().to_vec()) }
    }

    #[test]
    fn a_token_is_read_with_its_life_and_its_refresh_token() {
        let json =
            r#"{"access_token":"shpat_1","expires_in":3600,"refresh_token":"shprt_2","scope":"read_orders"}"#;
        let granted = read(&answer(200, json)).unwrap();
        assert_eq!(granted.access.expose(), "shpat_1");
        assert_eq!(granted.refresh.unwrap().expose(), "shprt_2");
        assert_eq!(granted.life, Duration::from_secs(3_600));
        for (expires_in, seconds) in
            [("86399", 86_399), ("\"3600\"", 3_600), ("null", 86_400), ("99999999", 86_400)]
        {
            let json = format!("{{\"access_token\":\"t\",\"expires_in\":{expires_in}}}");
            assert_eq!(read(&answer(200, &json)).unwrap().life, Duration::from_secs(seconds), "{expires_in}");
        }
    }

    #[test]
    fn refusals_and_outages_are_told_apart() {
        let cases = [
            (400, "{\"error\":\"invalid_grant\"}", "refused"),
            (401, "<html>", "refused"),
            (403, "", "refused"),
            (401, "{\"error\":\"invalid_client\"}", "client"),
            (429, "", "passing"),
            (500, "", "passing"),
            (302, "", "passing"),
            (200, "<html>", "passing"),
            (200, "{\"access_token\":\"\",\"expires_in\":3600}", "passing"),
            (200, "{\"access_token\":\"a\\nb\",\"expires_in\":3600}", "passing"),
            (200, "{\"access_token\":\"a\",\"expires_in\":3600,\"refresh_token\":\"\"}", "passing"),
        ];
        for (status, body, expected) in cases {
            let found = match read(&answer(status, body)).unwrap_err() {
                TokenError::Unavailable(_) => "passing",
                TokenError::Client(_) => "client",
                TokenError::Refused(_) => "refused",
            };
            assert_eq!(found, expected, "{status} {body}");
        }
    }

    #[test]
    fn a_refusal_repeats_only_the_code() {
        let long =
            format!("{{\"error\":\"invalid_grant {}\",\"error_description\":\"hush\"}}", "x".repeat(500));
        let TokenError::Refused(why) = read(&answer(400, &long)).unwrap_err() else { panic!("not refused") };
        assert!(why.contains("invalid_grant") && !why.contains("hush") && why.len() < 100, "{why}");
    }
}
