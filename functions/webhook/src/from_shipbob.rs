//! ShipBob's part of the story: headers, signature, topic.

use std::sync::Arc;

use domain::{Digest, Source, TenantId};
use lambda_http::Request;
use platform::telemetry::{self, Metric};
use shipbob::{DeliveryHeaders, Endpoint, SignatureError, Topic};

use crate::{
    Refusal, Webhook,
    authentic::{Authentic, values},
};

impl Webhook {
    /// What a delivery says of itself, once its signature holds or, unsigned, it is one that the tenant accepts by name;
    /// nothing if its topic is not needed. `token` is what stands behind the tenant in the path.
    pub(crate) async fn receive_from_shipbob(
        &self,
        tenant: &TenantId,
        token: Option<&str>,
        request: &Request,
    ) -> Result<Option<Authentic>, Refusal> {
        let headers = DeliveryHeaders::read(|name| values(request, name))?;
        if request.body().is_empty() {
            return Err(Refusal::NoBody);
        }
        let delivery_id = match &headers {
            DeliveryHeaders::Signed { id, .. } => {
                self.verify_shipbob(tenant, &headers, request).await?;
                id.clone()
            }
            DeliveryHeaders::Legacy { topic, .. } => {
                let endpoint = self.endpoint(tenant).await?;
                if !endpoint.accepts_unsigned(topic, token) {
                    return Err(Refusal::Unsigned);
                }
                // Without an id of its own, the same body is the same delivery.
                format!("unsigned-{}", Digest::of(request.body().as_ref()).short())
            }
        };
        let topic = headers.topic();
        // Our own topics are spoken by the poller, never from outside.
        let known = Topic::parse(topic).filter(|topic| topic.is_needed() && !topic.is_internal());
        let Some(topic) = known else {
            tracing::info!(%tenant, topic, correlation = delivery_id, "not needed");
            return Ok(None);
        };
        let topic = topic.as_str().to_owned();
        Ok(Some(Authentic { topic, delivery_id, event_id: None, api_version: None, triggered_at: None }))
    }

    /// Checks the signature under every live secret. One that does not hold may mean that a secret was added, so the
    /// secret is read anew, at most once a minute.
    async fn verify_shipbob(
        &self,
        tenant: &TenantId,
        headers: &DeliveryHeaders,
        request: &Request,
    ) -> Result<(), Refusal> {
        let DeliveryHeaders::Signed { id, timestamp, signature, .. } = headers else {
            return Err(Refusal::Unsigned);
        };
        let (body, now): (&[u8], _) = (request.body().as_ref(), self.clock.now());
        let verify =
            |endpoint: &Endpoint| shipbob::verify(&endpoint.secrets, id, timestamp, signature, body, now);
        let mut endpoint = self.endpoint(tenant).await?;
        let mut verified = verify(&endpoint);
        if let Err(SignatureError::Mismatch | SignatureError::NoSecret) = verified {
            let name = self.secret_name(Source::Shipbob, tenant);
            let newer = self.endpoints.get_newer(&name).await?;
            endpoint = newer.ok_or(Refusal::UnknownTenant(Source::Shipbob))?;
            verified = verify(&endpoint);
        }
        if verified.is_ok() {
            return Ok(());
        }
        telemetry::count(Metric::SignatureRejected, tenant.as_str(), 1);
        let cause = shipbob::explain(&endpoint.secrets, headers, body, now);
        Err(Refusal::Signature(format!("{}: {cause}", cause.as_str())))
    }

    async fn endpoint(&self, tenant: &TenantId) -> Result<Arc<Endpoint>, Refusal> {
        let name = self.secret_name(Source::Shipbob, tenant);
        self.endpoints.get(&name).await?.ok_or(Refusal::UnknownTenant(Source::Shipbob))
    }
}
