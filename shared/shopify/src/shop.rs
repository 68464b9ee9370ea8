//! A tenant's shop, as the tenant's secret tells it: which shop it is and with which keys its deliveries are signed.

use domain::Private;
use serde::Deserialize;

use crate::sign;

/// One tenant's shop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shop {
    /// The shop's own domain, `*.myshopify.com`, in lower case.
    pub domain: String,
    /// The app's client secrets that are live: the current one and, during a rotation, the previous one.
    pub client_secrets: Vec<Private<String>>,
}

#[derive(Deserialize)]
struct Version {
    shop_domain: String,
    client_secret: Private<String>,
}

impl Shop {
    /// A shop with one client secret.
    pub fn new(domain: impl Into<String>, client_secret: impl Into<String>) -> Self {
        let client_secrets = vec![Private::new(client_secret.into())];
        Self { domain: domain.into(), client_secrets }
    }

    /// Signs a body as Shopify does for this shop, with the current client secret: for tools and tests.
    pub fn sign(&self, body: &[u8]) -> String {
        self.client_secrets.first().map(|secret| sign(secret, body)).unwrap_or_default()
    }

    /// Reads the live versions of the secret `{"shop_domain": "…", "client_secret": "…"}`, the current one first. A
    /// previous version that cannot be read is left out: only the current one must be right.
    pub fn parse(versions: &[Private<String>]) -> Result<Self, String> {
        let mut read = versions.iter().map(|version| serde_json::from_str::<Version>(version.expose()));
        let expected = "it must be JSON with shop_domain and client_secret";
        let current = read.next().and_then(Result::ok).ok_or(expected)?;
        if current.shop_domain.trim().is_empty() || current.client_secret.expose().is_empty() {
            return Err("shop_domain and client_secret must not be empty".to_owned());
        }
        let older = read.flatten().map(|version| version.client_secret);
        let older = older.filter(|secret| !secret.expose().is_empty());
        let client_secrets = std::iter::once(current.client_secret).chain(older).collect();
        Ok(Self { domain: current.shop_domain.trim().to_ascii_lowercase(), client_secrets })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(versions: &[&str]) -> Result<Shop, String> {
        let versions: Vec<_> = versions.iter().map(|&text| Private::new(text.to_owned())).collect();
        Shop::parse(&versions)
    }

    #[test]
    fn both_live_versions_are_read() {
        let now = r#"{"shop_domain":" Demo.myshopify.com","client_secret":"new"}"#;
        let before = r#"{"shop_domain":"demo.myshopify.com","client_secret":"old"}"#;
        let shop = parse(&[now, before]).unwrap();
        assert_eq!((shop.domain.as_str(), shop.client_secrets.len()), ("demo.myshopify.com", 2));
        assert_eq!(parse(&[now, "not json"]).unwrap().client_secrets.len(), 1);
    }

    #[test]
    fn an_unusable_secret_is_refused_without_its_content() {
        for text in ["", "hush", "{}", r#"{"shop_domain":"a","client_secret":""}"#] {
            let error = parse(&[text]).unwrap_err();
            assert!(!error.contains("hush"));
        }
    }
}
