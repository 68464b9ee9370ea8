//! The story of one delivery: address, the source's own part, queue, answer.

use std::{sync::Arc, time::Duration};

use domain::{Source, TenantId};
use lambda_http::{
    LambdaEvent, Request, RequestExt as _, aws_lambda_events::apigw::ApiGatewayV2httpResponse, http::Method,
};
use platform::{Body, Clock, Envelope, LARGEST_BODY, LARGEST_MESSAGE, Mailbox, Outgoing, Secrets};
use serde_json::value::RawValue;
use shipbob::Endpoint;
use shopify::Shop;

use crate::{Accepted, Refusal, answer, authentic::Authentic, event};

/// Shopify hangs up after 5 s; whatever AWS does, there is an answer before.
const PATIENCE: Duration = Duration::from_millis(4_500);
/// Room in a message for attributes that count to its size.
const MESSAGE_MARGIN: usize = 1_024;

/// The webhook function.
pub struct Webhook {
    /// The tenants' shops.
    pub shops: Secrets<Shop>,
    /// What the tenants accept of ShipBob's.
    pub endpoints: Secrets<Endpoint>,
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
        let Address { source, tenant, token } = address(request)?;
        let authentic = match source {
            Source::Shopify => self.receive_from_shopify(&tenant, request).await?,
            Source::Shipbob => self.receive_from_shipbob(&tenant, token.as_deref(), request).await?,
        };
        match authentic {
            Some(authentic) => self.enqueue(source, tenant, authentic, request.body().as_ref()).await,
            None => Ok(Accepted::NotNeeded),
        }
    }

    /// The name of the secret that a source's deliveries for a tenant are signed with.
    pub(crate) fn secret_name(&self, source: Source, tenant: &TenantId) -> String {
        format!("{}/webhook/{source}/{tenant}", self.secret_prefix)
    }

    async fn enqueue(
        &self,
        source: Source,
        tenant: TenantId,
        authentic: Authentic,
        body: &[u8],
    ) -> Result<Accepted, Refusal> {
        if body.len() > LARGEST_BODY {
            return Err(Refusal::TooLarge);
        }
        let Authentic { topic, delivery_id, event_id, api_version, triggered_at } = authentic;
        let span = tracing::info_span!("delivery", %tenant, topic, correlation = delivery_id);
        let (received_at, compressed) = (self.clock.now(), Body::compress(body));
        let mut envelope = Envelope::new(tenant.clone(), source, topic, delivery_id, received_at, compressed);
        envelope.event_id = event_id;
        envelope.api_version = api_version;
        envelope.triggered_at = triggered_at;
        let message = envelope.to_message();
        if message.len() > LARGEST_MESSAGE - MESSAGE_MARGIN {
            return Err(Refusal::TooLarge);
        }
        self.queue.send(Outgoing::event(&tenant, message)).await?;
        span.in_scope(|| tracing::info!(bytes = body.len(), "queued"));
        Ok(Accepted::Queued)
    }
}

/// Whom a delivery is for.
struct Address {
    source: Source,
    tenant: TenantId,
    /// What stands behind the tenant: for sources that do not sign.
    token: Option<String>,
}

/// The address in `POST /webhooks/<source>/<tenant>`, with or without a token behind it.
fn address(request: &Request) -> Result<Address, Refusal> {
    let path: Vec<&str> = request.raw_http_path().trim_start_matches('/').split('/').collect();
    let (source, tenant, token) = match path[..] {
        ["webhooks", source, tenant] => (source, tenant, None),
        ["webhooks", source, tenant, token] if !token.is_empty() => (source, tenant, Some(token.to_owned())),
        _ => return Err(Refusal::NoSuchAddress),
    };
    let source = source.parse().map_err(|_| Refusal::NoSuchAddress)?;
    // Only ShipBob has a token in its path.
    if request.method() != Method::POST || (token.is_some() && source != Source::Shipbob) {
        return Err(Refusal::NoSuchAddress);
    }
    Ok(Address { source, tenant: tenant.parse()?, token })
}
