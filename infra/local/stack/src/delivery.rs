//! One delivery as Shopify makes it: signed bytes with their headers. Each part can be made wrong.

use data_encoding::BASE64;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use uuid::Uuid;

use crate::{SHOP, StackError, TENANT};

/// A webhook delivery of Shopify.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// The tenant in the address.
    pub tenant: String,
    /// `X-Shopify-Topic`; nothing to leave it out.
    pub topic: Option<String>,
    /// `X-Shopify-Shop-Domain`.
    pub shop: String,
    /// `X-Shopify-Webhook-Id`: the same again makes a repeated delivery.
    pub id: String,
    /// The body, exactly as it is signed.
    pub body: Vec<u8>,
}

/// What the webhook answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The text.
    pub text: String,
}

impl Delivery {
    /// A delivery to the demo tenant of its own shop.
    pub fn new(topic: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            tenant: TENANT.to_owned(),
            topic: Some(topic.to_owned()),
            shop: SHOP.to_owned(),
            id: Uuid::new_v4().to_string(),
            body: body.into(),
        }
    }

    /// Posts it, signed with a client secret.
    pub(crate) async fn post(
        &self,
        http: &reqwest::Client,
        api_url: &str,
        client_secret: &str,
    ) -> Result<Answer, StackError> {
        let mut request = http
            .post(format!("{api_url}/webhooks/shopify/{}", self.tenant))
            .header("Content-Type", "application/json")
            .header("X-Shopify-Hmac-Sha256", signature(&self.body, client_secret))
            .header("X-Shopify-Shop-Domain", &self.shop)
            .header("X-Shopify-Webhook-Id", &self.id)
            .header("X-Shopify-API-Version", "2026-07");
        if let Some(topic) = &self.topic {
            request = request.header("X-Shopify-Topic", topic);
        }
        let answer = request.body(self.body.clone()).send().await?;
        Ok(Answer { status: answer.status().as_u16(), text: answer.text().await?.trim().to_owned() })
    }
}

/// Base64 of the HMAC-SHA256 of the body (Shopify documentation, "Deliver webhooks through HTTPS").
fn signature(body: &[u8], client_secret: &str) -> String {
    // An HMAC takes a key of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(client_secret.as_bytes()) else { return String::new() };
    mac.update(body);
    BASE64.encode(&mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_the_published_hmac() {
        // RFC 4231, test case 2, in base64.
        let signed = signature(b"what do ya want for nothing?", "Jefe");
        assert_eq!(signed, "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=");
    }
}
