//! What a tenant's secret says of the deliveries that are to be accepted.

use domain::{Digest, Private};
use serde::Deserialize;

use crate::Secret;

/// The shortest path token that is taken: long enough not to be guessed.
const SHORTEST_TOKEN: usize = 24;

/// What a tenant accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// The secrets that are live: one a subscription, and those of the version before during a rotation.
    pub secrets: Vec<Secret>,
    legacy: Option<Legacy>,
}

/// Unsigned deliveries of the versions 1.0 and 2.0: nothing but a word in the address says that they are ShipBob's.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Legacy {
    topics: Vec<String>,
    path_token: Private<String>,
}

#[derive(Deserialize)]
struct Version {
    #[serde(default)]
    secrets: Vec<Private<String>>,
    #[serde(default)]
    legacy: Option<Legacy>,
}

impl Endpoint {
    /// What accepts the deliveries signed with one secret: for tests and tools.
    pub fn new(secret: Secret) -> Self {
        Self { secrets: vec![secret], legacy: None }
    }

    /// Reads the live versions of the secret `{"secrets": ["whsec_…"]}`, the current one first, with
    /// `"legacy": {"topics": ["order_shipped"], "path_token": "…"}` beside it for those who cannot do without. A
    /// previous version that cannot be read is left out.
    pub fn parse(versions: &[Private<String>]) -> Result<Self, String> {
        let expected = "it must be JSON with secrets, a list of texts that begin with whsec_";
        let read = |version: &Private<String>| serde_json::from_str::<Version>(version.expose()).ok();
        let current = versions.first().and_then(read).ok_or(expected)?;
        let mut secrets = Vec::new();
        for (place, text) in current.secrets.iter().enumerate() {
            let secret = Secret::parse(text.expose());
            secrets.push(secret.map_err(|error| format!("secrets[{place}]: {error}"))?);
        }
        let legacy = current.legacy.map(usable).transpose()?;
        if secrets.is_empty() && legacy.is_none() {
            return Err("secrets is empty: nothing could be accepted".to_owned());
        }
        for older in versions.iter().skip(1).filter_map(read) {
            secrets.extend(older.secrets.iter().filter_map(|text| Secret::parse(text.expose()).ok()));
        }
        Ok(Self { secrets, legacy })
    }

    /// Whether an unsigned delivery of this topic is accepted that came with this token at the end of its path.
    pub fn accepts_unsigned(&self, topic: &str, token: Option<&str>) -> bool {
        let (Some(legacy), Some(token)) = (&self.legacy, token) else { return false };
        // Digests are compared: how long that takes says nothing of the token.
        let is_right = Digest::of(token.as_bytes()) == Digest::of(legacy.path_token.expose().as_bytes());
        is_right && legacy.topics.iter().any(|accepted| accepted == topic)
    }
}

fn usable(legacy: Legacy) -> Result<Legacy, String> {
    if legacy.path_token.expose().len() < SHORTEST_TOKEN {
        return Err(format!("legacy.path_token has fewer than {SHORTEST_TOKEN} characters"));
    }
    Ok(legacy)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    fn parse(versions: &[&str]) -> Result<Endpoint, String> {
        let versions: Vec<_> = versions.iter().map(|&text| Private::new(text.to_owned())).collect();
        Endpoint::parse(&versions)
    }

    #[test]
    fn every_live_secret_is_read() {
        let now = format!(r#"{{"secrets":["{SECRET}","{SECRET}"]}}"#);
        let before = format!(r#"{{"secrets":["{SECRET}"]}}"#);
        assert_eq!(parse(&[&now, &before, "not json"]).unwrap().secrets.len(), 3);
    }

    #[test]
    fn an_unusable_secret_is_refused_without_its_content() {
        let cases = [
            "hush",
            "{}",
            r#"{"secrets":["hush hush"]}"#,
            r#"{"secrets":["whsec_"]}"#,
            r#"{"legacy":{"topics":["order_shipped"],"path_token":"hush"}}"#,
        ];
        for text in cases {
            let error = parse(&[text]).unwrap_err();
            assert!(!error.contains("hush"), "{error}");
        }
    }

    #[test]
    fn unsigned_deliveries_need_their_topic_and_the_token() {
        let token = "0123456789abcdef01234567";
        let with = |secrets: &str| {
            let legacy = format!(r#""legacy":{{"topics":["order_shipped"],"path_token":"{token}"}}"#);
            parse(&[&format!("{{{secrets}{legacy}}}")]).unwrap()
        };
        let endpoint = with("");
        for (topic, given, expected) in [
            ("order_shipped", Some(token), true),
            ("order_shipped", Some("0123456789abcdef01234568"), false),
            ("order_shipped", None, false),
            ("shipment_delivered", Some(token), false),
        ] {
            assert_eq!(endpoint.accepts_unsigned(topic, given), expected, "{topic} {given:?}");
        }
        let signed = parse(&[&format!(r#"{{"secrets":["{SECRET}"]}}"#)]).unwrap();
        assert!(!signed.accepts_unsigned("order_shipped", Some(token)));
        assert!(!format!("{endpoint:?}").contains(token));
    }
}
