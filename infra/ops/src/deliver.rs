//! One delivery, signed and posted as Shopify does it.

use domain::{Digest, Kind, RecordKey, Source, SourceId, TenantId};
use jiff::Timestamp;
use uuid::Uuid;

use crate::OpsError;
use shopify::Shop;

/// The version of the Admin API that the deliveries say they were made by.
const API_VERSION: &str = "2026-10";

/// A delivery to be sent.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// What happened to the object, such as `orders/create`.
    pub topic: String,
    /// The body, exactly as it is signed and sent.
    pub body: Vec<u8>,
    /// Identifies the delivery; the same again is a repeated delivery.
    pub webhook_id: String,
    /// Shared by all deliveries of the same action.
    pub event_id: String,
    /// The version of the source's API that shaped the body.
    pub api_version: String,
    /// When it was triggered.
    pub triggered_at: Timestamp,
}

impl Delivery {
    /// A new delivery of its own event, with ids drawn at random.
    pub fn new(topic: impl Into<String>, body: impl Into<Vec<u8>>, now: Timestamp) -> Self {
        Self {
            topic: topic.into(),
            body: body.into(),
            webhook_id: Uuid::new_v4().to_string(),
            event_id: Uuid::new_v4().to_string(),
            api_version: API_VERSION.to_owned(),
            triggered_at: now,
        }
    }
}

/// What the webhook answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The text.
    pub body: String,
}

impl Answer {
    /// Whether the webhook took the delivery.
    pub fn is_accepted(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// Signs a delivery with the shop's client secret and posts it to a tenant's webhook.
pub async fn deliver(
    http: &reqwest::Client,
    api_url: &str,
    tenant: &TenantId,
    shop: &Shop,
    delivery: Delivery,
) -> Result<Answer, OpsError> {
    let url = format!("{}/webhooks/{}/{tenant}", api_url.trim_end_matches('/'), Source::Shopify);
    let request = http
        .post(&url)
        .header("Content-Type", "application/json")
        .header(shopify::TOPIC, delivery.topic)
        .header(shopify::SIGNATURE, shop.sign(&delivery.body))
        .header(shopify::SHOP_DOMAIN, &shop.domain)
        .header(shopify::API_VERSION, delivery.api_version)
        .header(shopify::WEBHOOK_ID, delivery.webhook_id)
        .header(shopify::EVENT_ID, delivery.event_id)
        .header(shopify::TRIGGERED_AT, delivery.triggered_at.to_string())
        .body(delivery.body);
    let no_answer = |error: reqwest::Error| OpsError::NoAnswer { url: url.clone(), cause: causes(&error) };
    let response = request.send().await.map_err(no_answer)?;
    let status = response.status().as_u16();
    let body = response.text().await.map_err(no_answer)?;
    Ok(Answer { status, body: body.trim().to_owned() })
}

/// The record that an order's delivery is about.
pub fn record_key(tenant: &TenantId, source: Source, body: &[u8]) -> RecordKey {
    let id = match shopify::peek(body) {
        Ok(order) => SourceId::from(order.id),
        Err(_) => SourceId::unreadable(&Digest::of(body)),
    };
    RecordKey { tenant: tenant.clone(), source, kind: Kind::Order, id }
}

/// An error with everything that led to it: the outermost words of an HTTP client alone say little.
fn causes(error: &dyn std::error::Error) -> String {
    let chain = std::iter::successors(Some(error), |error| error.source());
    chain.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

#[cfg(test)]
#[path = "deliver_tests.rs"]
mod tests;
