//! One delivery, signed and posted as its source does it.

use domain::TenantId;
use jiff::Timestamp;
use reqwest::RequestBuilder;
use shipbob::Secret;
use shopify::Shop;
use uuid::Uuid;

use crate::{OpsError, Sender};

/// The version of the Admin API that Shopify's deliveries say they were made by.
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
    /// Shared by all deliveries of the same action (Shopify alone tells it).
    pub event_id: String,
    /// When it was triggered; ShipBob signs it.
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

/// Signs a delivery as its source does and posts it to a tenant's webhook.
pub async fn deliver(
    http: &reqwest::Client,
    api_url: &str,
    tenant: &TenantId,
    sender: &Sender,
    delivery: Delivery,
) -> Result<Answer, OpsError> {
    let url = format!("{}/webhooks/{}/{tenant}", api_url.trim_end_matches('/'), sender.source());
    let request = http.post(&url).header("Content-Type", "application/json");
    let request = match sender {
        Sender::Shopify(shop) => from_shopify(request, shop, &delivery),
        Sender::Shipbob(secret) => from_shipbob(request, secret, &delivery),
    };
    let no_answer = |error: reqwest::Error| OpsError::NoAnswer { url: url.clone(), cause: causes(&error) };
    let response = request.body(delivery.body).send().await.map_err(no_answer)?;
    let status = response.status().as_u16();
    let body = response.text().await.map_err(no_answer)?;
    Ok(Answer { status, body: body.trim().to_owned() })
}

fn from_shopify(request: RequestBuilder, shop: &Shop, delivery: &Delivery) -> RequestBuilder {
    request
        .header(shopify::TOPIC, &delivery.topic)
        .header(shopify::SIGNATURE, shop.sign(&delivery.body))
        .header(shopify::SHOP_DOMAIN, &shop.domain)
        .header(shopify::API_VERSION, API_VERSION)
        .header(shopify::WEBHOOK_ID, &delivery.webhook_id)
        .header(shopify::EVENT_ID, &delivery.event_id)
        .header(shopify::TRIGGERED_AT, delivery.triggered_at.to_string())
}

fn from_shipbob(request: RequestBuilder, secret: &Secret, delivery: &Delivery) -> RequestBuilder {
    let (id, sent_at) = (&delivery.webhook_id, delivery.triggered_at);
    request
        .header(shipbob::TOPIC, &delivery.topic)
        .header(shipbob::WEBHOOK_ID, id)
        .header(shipbob::WEBHOOK_TIMESTAMP, sent_at.as_second().to_string())
        .header(shipbob::WEBHOOK_SIGNATURE, shipbob::sign(secret, id, sent_at, &delivery.body))
}

/// An error with everything that led to it: the outermost words of an HTTP client alone say little.
fn causes(error: &dyn std::error::Error) -> String {
    let chain = std::iter::successors(Some(error), |error| error.source());
    chain.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

#[cfg(test)]
#[path = "deliver_tests.rs"]
mod tests;
