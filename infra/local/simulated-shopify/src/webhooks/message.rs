//! What one delivery looks like: the bytes, their signature, the headers.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use serde_json::{Map, Value};
use sha2::Sha256;

/// Writes and signs messages for one app in one shop.
#[derive(Debug, Clone)]
pub(crate) struct Signer {
    pub(crate) secret: String,
    pub(crate) shop: String,
    pub(crate) version: String,
}

/// What the headers say about one delivery.
#[derive(Debug, Clone)]
pub(super) struct Envelope<'a> {
    pub(super) topic: &'a str,
    pub(super) webhook_id: &'a str,
    pub(super) event_id: &'a str,
    pub(super) triggered_at: Timestamp,
    pub(super) name: Option<&'a str>,
}

impl Signer {
    /// Base64 of the HMAC-SHA256 over exactly these bytes, with the app's client secret as key.
    pub(super) fn sign(&self, body: &[u8]) -> String {
        // HMAC takes a key of any length, so there is always a signature.
        let mac = Hmac::<Sha256>::new_from_slice(self.secret.as_bytes());
        mac.map(|mac| STANDARD.encode(mac.chain_update(body).finalize().into_bytes())).unwrap_or_default()
    }

    /// The headers of a delivery (Shopify documentation, delivery structure).
    pub(super) fn headers(&self, envelope: &Envelope<'_>, body: &[u8]) -> Vec<(String, String)> {
        let mut headers = vec![
            ("Content-Type", "application/json".to_owned()),
            ("User-Agent", "Shopify-Captain-Hook".to_owned()),
            ("X-Shopify-Topic", envelope.topic.to_owned()),
            ("X-Shopify-Hmac-Sha256", self.sign(body)),
            ("X-Shopify-Shop-Domain", self.shop.clone()),
            ("X-Shopify-API-Version", self.version.clone()),
            ("X-Shopify-Webhook-Id", envelope.webhook_id.to_owned()),
            ("X-Shopify-Triggered-At", envelope.triggered_at.to_string()),
            ("X-Shopify-Event-Id", envelope.event_id.to_owned()),
        ];
        if let Some(name) = envelope.name {
            headers.push(("X-Shopify-Name", name.to_owned()));
        }
        headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

/// The payload with these paths alone (`line_items.sku`); with all of it if there are none.
pub(super) fn included(payload: &Value, paths: &[String]) -> Value {
    if paths.is_empty() {
        return payload.clone();
    }
    let paths: Vec<Vec<&str>> = paths.iter().map(|path| path.split('.').collect()).collect();
    select(payload, &paths)
}

fn select(value: &Value, paths: &[Vec<&str>]) -> Value {
    match value {
        Value::Array(items) => items.iter().map(|item| select(item, paths)).collect(),
        Value::Object(object) => {
            let kept = object.iter().filter_map(|(key, value)| {
                let below: Vec<Vec<&str>> = paths
                    .iter()
                    .filter(|path| path.first() == Some(&key.as_str()))
                    .map(|path| path[1..].to_vec())
                    .collect();
                let whole = below.iter().any(Vec::is_empty);
                (!below.is_empty())
                    .then(|| (key.clone(), if whole { value.clone() } else { select(value, &below) }))
            });
            Value::Object(kept.collect::<Map<_, _>>())
        }
        other => other.clone(),
    }
}
