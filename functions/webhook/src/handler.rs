//! The story of one delivery: address, headers, secret, signature, shop, topic, queue, answer.

use std::{sync::Arc, time::Duration};

use domain::{Source, TenantId};
use lambda_http::{
    LambdaEvent, Request, RequestExt as _,
    aws_lambda_events::apigw::ApiGatewayV2httpResponse,
    http::{Method, header::CONTENT_LENGTH},
};
use platform::{
    Body, Clock, Envelope, LARGEST_BODY, LARGEST_MESSAGE, Mailbox, Outgoing, Secrets,
    telemetry::{self, Metric},
};
use serde_json::value::RawValue;
use shopify::{Context, DeliveryHeaders, Shop};

use crate::{Accepted, Refusal, answer, event};

/// Shopify hangs up after 5 s; whatever AWS does, there is an answer before.
const PATIENCE: Duration = Duration::from_millis(4_500);
/// Room in a message for attributes that count to its size.
const MESSAGE_MARGIN: usize = 1_024;

/// The webhook function.
pub struct Webhook {
    /// The tenants' shops.
    pub shops: Secrets<Shop>,
    /// What the names of all secrets begin with.
    pub secret_prefix: String,
    /// The queue to the poster.
    pub queue: Arc<dyn Mailbox>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl Webhook {
    /// Answers one event of the gateway. There is always an answer.
    pub async fn answer(
        &self,
        event: LambdaEvent<Box<RawValue>>,
    ) -> Result<ApiGatewayV2httpResponse, std::convert::Infallible> {
        let result = match event::read(&event.payload) {
            Ok(request) => match tokio::time::timeout(PATIENCE, self.receive(&request)).await {
                Ok(result) => result,
                Err(_) => Err(Refusal::TooSlow),
            },
            Err(refusal) => Err(refusal),
        };
        if let Err(refusal) = &result {
            tracing::warn!(status = refusal.status(), cause = refusal.cause(), "refused a delivery");
        }
        Ok(answer::response(&result))
    }

    async fn receive(&self, request: &Request) -> Result<Accepted, Refusal> {
        let tenant = tenant_of(request)?;
        let values = |name: &str| {
            request.headers().get_all(name).iter().map(|value| value.to_str().ok()).collect::<Vec<_>>()
        };
        let headers = DeliveryHeaders::read(values)?;
        let body: &[u8] = request.body().as_ref();
        if body.is_empty() {
            return Err(Refusal::NoBody);
        }
        let shop = self.verified_shop(&tenant, request, &headers.signature).await?;
        if headers.shop_domain != shop.domain {
            return Err(Refusal::OtherShop);
        }
        if !shopify::is_needed(&headers.topic) {
            tracing::info!(%tenant, topic = headers.topic, correlation = headers.webhook_id, "not needed");
            return Ok(Accepted::NotNeeded);
        }
        self.enqueue(tenant, headers, body).await
    }

    /// The tenant's shop, once the signature holds under one of its live secrets. A signature that does not
    /// may mean that the secret was rotated, so the secret is read anew, at most once a minute.
    async fn verified_shop(
        &self,
        tenant: &TenantId,
        request: &Request,
        signature: &str,
    ) -> Result<Arc<Shop>, Refusal> {
        let body: &[u8] = request.body().as_ref();
        let name = format!("{}/webhook/{}/{tenant}", self.secret_prefix, Source::Shopify);
        let shop = self.shops.get(&name).await?.ok_or(Refusal::UnknownTenant)?;
        if shopify::verify(&shop.client_secrets, body, signature).is_ok() {
            return Ok(shop);
        }
        let newer = self.shops.get_newer(&name).await?.ok_or(Refusal::UnknownTenant)?;
        if shopify::verify(&newer.client_secrets, body, signature).is_ok() {
            return Ok(newer);
        }
        telemetry::count(Metric::SignatureRejected, tenant.as_str(), 1);
        let known = Context { content_length: content_length(request) };
        Err(Refusal::Signature(shopify::explain(&newer.client_secrets, body, signature, known)))
    }

    async fn enqueue(
        &self,
        tenant: TenantId,
        headers: DeliveryHeaders,
        body: &[u8],
    ) -> Result<Accepted, Refusal> {
        if body.len() > LARGEST_BODY {
            return Err(Refusal::TooLarge);
        }
        let (topic, delivery_id) = (headers.topic, headers.webhook_id);
        let span = tracing::info_span!("delivery", %tenant, topic, correlation = delivery_id);
        let received_at = self.clock.now();
        let mut envelope = Envelope::new(
            tenant.clone(),
            Source::Shopify,
            topic,
            delivery_id,
            received_at,
            Body::compress(body),
        );
        envelope.event_id = headers.event_id;
        envelope.api_version = headers.api_version;
        envelope.triggered_at = headers.triggered_at;
        let message = envelope.to_message();
        if message.len() > LARGEST_MESSAGE - MESSAGE_MARGIN {
            return Err(Refusal::TooLarge);
        }
        self.queue.send(Outgoing::event(&tenant, message)).await?;
        span.in_scope(|| tracing::info!(bytes = body.len(), "queued"));
        Ok(Accepted::Queued)
    }
}

/// How many bytes the sender announced, as far as the gateway tells.
fn content_length(request: &Request) -> Option<usize> {
    request.headers().get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// The tenant in `POST /webhooks/shopify/<tenant>`.
fn tenant_of(request: &Request) -> Result<TenantId, Refusal> {
    let path: Vec<&str> = request.raw_http_path().trim_start_matches('/').split('/').collect();
    match path[..] {
        ["webhooks", "shopify", tenant] if request.method() == Method::POST => Ok(tenant.parse()?),
        _ => Err(Refusal::NoSuchAddress),
    }
}
