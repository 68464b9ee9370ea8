//! Shopify's part of the story: headers, signature, shop, topic.

use std::sync::Arc;

use domain::{Source, TenantId};
use lambda_http::{Request, http::header::CONTENT_LENGTH};
use platform::telemetry::{self, Metric};
use shopify::{Context, DeliveryHeaders, Shop};

use crate::{
    Refusal, Webhook,
    authentic::{Authentic, values},
};

impl Webhook {
    /// What a delivery says of itself, once its signature holds and it is of the tenant's shop; nothing if its topic is
    /// not needed.
    pub(crate) async fn receive_from_shopify(
        &self,
        tenant: &TenantId,
        request: &Request,
    ) -> Result<Option<Authentic>, Refusal> {
        let headers = DeliveryHeaders::read(|name| values(request, name))?;
        if request.body().is_empty() {
            return Err(Refusal::NoBody);
        }
        let shop = self.verified_shop(tenant, request, &headers.signature).await?;
        if headers.shop_domain != shop.domain {
            return Err(Refusal::OtherShop);
        }
        if !shopify::is_needed(&headers.topic) {
            tracing::info!(%tenant, topic = headers.topic, correlation = headers.webhook_id, "not needed");
            return Ok(None);
        }
        Ok(Some(Authentic {
            topic: headers.topic,
            delivery_id: headers.webhook_id,
            event_id: headers.event_id,
            api_version: headers.api_version,
            triggered_at: headers.triggered_at,
        }))
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
        let name = self.secret_name(Source::Shopify, tenant);
        let shop = self.shops.get(&name).await?.ok_or(Refusal::UnknownTenant(Source::Shopify))?;
        if shopify::verify(&shop.client_secrets, body, signature).is_ok() {
            return Ok(shop);
        }
        let newer = self.shops.get_newer(&name).await?.ok_or(Refusal::UnknownTenant(Source::Shopify))?;
        if shopify::verify(&newer.client_secrets, body, signature).is_ok() {
            return Ok(newer);
        }
        telemetry::count(Metric::SignatureRejected, tenant.as_str(), 1);
        let known = Context { content_length: content_length(request) };
        let cause = shopify::explain(&newer.client_secrets, body, signature, known);
        Err(Refusal::Signature(format!("{}: {cause}", cause.as_str())))
    }
}

/// How many bytes the sender announced, as far as the gateway tells.
fn content_length(request: &Request) -> Option<usize> {
    request.headers().get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}
