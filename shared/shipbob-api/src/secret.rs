//! How a tenant's API is reached, as its secret tells it.

use domain::{Digest, Private};
use remote::is_safe;
use reqwest::Url;
use serde_json::{Map, Value};

/// Where ShipBob's API is (ShipBob documentation, "Environments").
const HOST: &str = "https://api.shipbob.com";
/// Where its sandbox is.
const SANDBOX_HOST: &str = "sandbox-api.shipbob.com";
/// Where tokens come from, by the API's host; any other host gives its own.
const TOKEN_URLS: [(&str, &str); 2] = [
    ("api.shipbob.com", "https://auth.shipbob.com/connect/token"),
    (SANDBOX_HOST, "https://authstage.shipbob.com/connect/token"),
];

/// How the caller proves who it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credentials {
    /// A personal access token, made by the root user; it does not end.
    AccessToken {
        /// The token.
        access_token: Private<String>,
    },
    /// An app that the merchant authorised: access tokens of an hour, and a refresh token that is replaced with each
    /// use. The one in the secret is only the first.
    OAuth {
        /// The app's client id.
        client_id: String,
        /// The app's client secret.
        client_secret: Private<String>,
        /// The refresh token that the merchant's authorisation gave.
        refresh_token: Private<String>,
    },
}

/// A tenant's way to ShipBob.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// Who calls.
    pub credentials: Credentials,
    /// The sales channel that calls are about; all that the token may see if there is none.
    pub channel_id: Option<u64>,
    /// Where the API is.
    pub base_url: Url,
    /// The certificate authority (PEM) that alone is trusted there; the public ones if there is none.
    pub certificate_authority: Option<String>,
}

/// Everything that is wrong with the secret. Values are never shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the ShipBob credentials cannot be used: {}", .problems.join("; "))]
pub struct SecretError {
    /// One sentence each.
    pub problems: Vec<String>,
}

impl Access {
    /// Reads `{"kind": "access_token", "access_token"}` or `{"kind": "oauth", "client_id", "client_secret",
    /// "refresh_token"}`, with `channel_id`, `base_url` (the sandbox, or a simulated ShipBob: HTTPS, or HTTP to this
    /// machine) and `certificate_authority` where they are needed. Other keys may stand beside them. All problems are
    /// named at once.
    pub fn parse(secret: &Private<String>) -> Result<Self, SecretError> {
        let not_json = |_| SecretError { problems: vec!["it is not a JSON object".to_owned()] };
        let fields: Map<String, Value> = serde_json::from_str(secret.expose()).map_err(not_json)?;
        let mut fields = Fields { fields, problems: Vec::new() };
        let credentials = fields.credentials();
        let channel_id = fields.channel_id();
        let base_url = fields.base_url();
        let certificate_authority = fields.optional("certificate_authority");
        match (credentials, base_url, fields.problems) {
            (Some(credentials), Some(base_url), problems) if problems.is_empty() => {
                Ok(Self { credentials, channel_id, base_url, certificate_authority })
            }
            (_, _, problems) => Err(SecretError { problems }),
        }
    }

    /// Whom ShipBob counts the requests of, and whose tokens belong together. It tells nothing of the secret.
    ///
    /// A personal access token is one user's; tenants that share it share its rate. An app's rate is counted by the
    /// merchant that authorised it (ShipBob documentation, "Rate limit": per user and application), which is the
    /// tenant's own business.
    pub fn client(&self, tenant: &str) -> Digest {
        let host = self.base_url.host_str().unwrap_or_default();
        let who = match &self.credentials {
            Credentials::AccessToken { access_token } => {
                format!("token/{}", Digest::of(access_token.expose().as_bytes()))
            }
            Credentials::OAuth { client_id, .. } => format!("app/{client_id}/{tenant}"),
        };
        Digest::of(format!("shipbob/{host}/{who}").as_bytes())
    }

    /// Where tokens are refreshed.
    pub(crate) fn token_url(&self) -> Option<Url> {
        let host = self.base_url.host_str().unwrap_or_default();
        match TOKEN_URLS.iter().find(|(known, _)| *known == host) {
            Some((_, url)) => Url::parse(url).ok(),
            None => self.base_url.join("/connect/token").ok(),
        }
    }
}

/// The secret's fields, and what is wrong with those that were read.
struct Fields {
    fields: Map<String, Value>,
    problems: Vec<String>,
}

impl Fields {
    fn credentials(&mut self) -> Option<Credentials> {
        let kind = self.text("kind");
        match kind.expose().as_str() {
            "access_token" => Some(Credentials::AccessToken { access_token: self.text("access_token") }),
            "oauth" => Some(Credentials::OAuth {
                client_id: self.text("client_id").into_exposed(),
                client_secret: self.text("client_secret"),
                refresh_token: self.text("refresh_token"),
            }),
            _ => {
                self.problems.push("kind must be access_token or oauth".to_owned());
                None
            }
        }
    }

    fn channel_id(&mut self) -> Option<u64> {
        let number = match self.fields.get("channel_id").filter(|value| !value.is_null())? {
            Value::Number(number) => number.as_u64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        if number.is_none() {
            self.problems.push("channel_id is not a whole number".to_owned());
        }
        number
    }

    fn base_url(&mut self) -> Option<Url> {
        let Some(text) = self.optional("base_url") else { return Url::parse(HOST).ok() };
        let url = Url::parse(&text).ok().filter(|url| {
            let is_bare = url.query().is_none() && url.username().is_empty() && url.password().is_none();
            is_safe(url) && is_bare && matches!(url.path(), "/" | "")
        });
        if url.is_none() {
            let problem = "base_url must be an https address without a path, or http to this machine";
            self.problems.push(problem.to_owned());
        }
        url
    }

    /// A text that may be missing.
    fn optional(&mut self, name: &str) -> Option<String> {
        match self.fields.get(name) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(text.clone()),
            Some(_) => {
                self.problems.push(format!("{name} is not a text"));
                None
            }
        }
    }

    /// A text that can go into a header or a form as it is; empty, with a problem, if there is none.
    fn text(&mut self, name: &str) -> Private<String> {
        let problem = match self.fields.get(name) {
            None | Some(Value::Null) => "is missing",
            Some(Value::String(text)) => match text.trim() {
                "" => "is empty",
                text if text.bytes().all(|byte| byte.is_ascii_graphic()) => {
                    return Private::new(text.to_owned());
                }
                _ => "holds characters other than visible ASCII",
            },
            Some(_) => "is not a text",
        };
        self.problems.push(format!("{name} {problem}"));
        Private::default()
    }
}

#[cfg(test)]
#[path = "secret_tests.rs"]
mod tests;
