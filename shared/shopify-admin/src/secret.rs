//! How the app proves who it is, as the tenant's secret tells it.

use domain::Private;
use serde::Deserialize;

/// The app's credentials for one shop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credentials {
    /// An app of the merchant's own organisation (Dev Dashboard): asks for an access token of a day whenever it
    /// needs one (Shopify documentation, "Client credentials grant").
    ClientCredentials {
        /// The app's client id.
        client_id: String,
        /// The app's client secret.
        client_secret: Private<String>,
    },
    /// An access token that does not end: that of a custom app which was made in the shop's admin.
    AccessToken {
        /// The token, `shpat_…`.
        access_token: Private<String>,
    },
    /// A public app: access tokens of an hour, and a refresh token that is replaced with each use (Shopify
    /// documentation, "Offline access tokens"). The one in the secret is only the first.
    Expiring {
        /// The app's client id.
        client_id: String,
        /// The app's client secret.
        client_secret: Private<String>,
        /// The refresh token that the merchant's authorisation gave.
        refresh_token: Private<String>,
    },
}

/// Everything that is wrong with the secret. Values are never shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the Admin API credentials cannot be used: {}", .problems.join("; "))]
pub struct SecretError {
    /// One sentence each.
    pub problems: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Fields {
    kind: Option<Field>,
    client_id: Option<Field>,
    client_secret: Option<Field>,
    access_token: Option<Field>,
    refresh_token: Option<Field>,
}

/// A value that is, or is not, a text: what it is instead is not told.
#[derive(Deserialize)]
#[serde(untagged)]
enum Field {
    Text(Private<String>),
    Other(serde::de::IgnoredAny),
}

impl Credentials {
    /// Reads `{"kind": "client_credentials", "client_id", "client_secret"}`, `{"kind": "access_token",
    /// "access_token"}` or `{"kind": "expiring", "client_id", "client_secret", "refresh_token"}`. Other keys may
    /// stand beside them. All problems are named at once.
    pub fn parse(secret: &Private<String>) -> Result<Self, SecretError> {
        let not_json = |_| SecretError { problems: vec!["it is not a JSON object".to_owned()] };
        let fields: Fields = serde_json::from_str(secret.expose()).map_err(not_json)?;
        let mut problems = Vec::new();
        let mut get = |name: &str, field: Option<Field>| {
            let text = usable(field).map_err(|problem| problems.push(format!("{name} {problem}")));
            text.unwrap_or_default()
        };
        let kind = get("kind", fields.kind).into_exposed();
        let credentials = match kind.as_str() {
            "client_credentials" => Some(Self::ClientCredentials {
                client_id: get("client_id", fields.client_id).into_exposed(),
                client_secret: get("client_secret", fields.client_secret),
            }),
            "access_token" => {
                Some(Self::AccessToken { access_token: get("access_token", fields.access_token) })
            }
            "expiring" => Some(Self::Expiring {
                client_id: get("client_id", fields.client_id).into_exposed(),
                client_secret: get("client_secret", fields.client_secret),
                refresh_token: get("refresh_token", fields.refresh_token),
            }),
            _ => None,
        };
        if credentials.is_none() {
            problems.push("kind must be client_credentials, access_token or expiring".to_owned());
        }
        credentials.filter(|_| problems.is_empty()).ok_or(SecretError { problems })
    }
}

/// A text that can go into a header or a form as it is.
fn usable(field: Option<Field>) -> Result<Private<String>, &'static str> {
    match field {
        None => Err("is missing"),
        Some(Field::Other(_)) => Err("is not a text"),
        Some(Field::Text(text)) if text.expose().trim().is_empty() => Err("is empty"),
        Some(Field::Text(text)) if !text.expose().trim().bytes().all(|byte| byte.is_ascii_graphic()) => {
            Err("holds characters other than visible ASCII")
        }
        Some(Field::Text(text)) => Ok(Private::new(text.expose().trim().to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(json: &str) -> Result<Credentials, SecretError> {
        Credentials::parse(&Private::new(json.to_owned()))
    }

    #[test]
    fn the_three_kinds_are_read() {
        let secret = |text: &str| Private::new(text.to_owned());
        let cases = [
            (
                r#"{"kind":"client_credentials","client_id":"id","client_secret":" hush\n"}"#,
                Credentials::ClientCredentials { client_id: "id".into(), client_secret: secret("hush") },
            ),
            (
                r#"{"kind":"access_token","access_token":"shpat_1","shop_domain":"demo.myshopify.com"}"#,
                Credentials::AccessToken { access_token: secret("shpat_1") },
            ),
            (
                r#"{"kind":"expiring","client_id":"id","client_secret":"hush","refresh_token":"shprt_1"}"#,
                Credentials::Expiring {
                    client_id: "id".into(),
                    client_secret: secret("hush"),
                    refresh_token: secret("shprt_1"),
                },
            ),
        ];
        for (json, expected) in cases {
            assert_eq!(parse(json), Ok(expected), "{json}");
        }
    }

    #[test]
    fn all_problems_are_named_and_no_value_is_shown() {
        let cases: [(&str, &[&str]); 5] = [
            ("hush", &["it is not a JSON object"]),
            ("{}", &["kind is missing", "kind must be client_credentials, access_token or expiring"]),
            (
                r#"{"kind":"hush","client_id":1}"#,
                &["kind must be client_credentials, access_token or expiring"],
            ),
            (
                r#"{"kind":"expiring","client_id":7,"client_secret":"hush hush","refresh_token":" "}"#,
                &[
                    "client_id is not a text",
                    "client_secret holds characters other than visible ASCII",
                    "refresh_token is empty",
                ],
            ),
            (r#"{"kind":"access_token","refresh_token":"hush"}"#, &["access_token is missing"]),
        ];
        for (json, expected) in cases {
            let error = parse(json).unwrap_err();
            assert_eq!(error.problems, expected, "{json}");
            assert!(!error.to_string().contains("hush"), "{error}");
        }
    }

    #[test]
    fn debug_shows_no_secret() {
        let json = r#"{"kind":"expiring","client_id":"id","client_secret":"hush","refresh_token":"hush2"}"#;
        assert!(!format!("{:?}", parse(json).unwrap()).contains("hush"));
    }
}
