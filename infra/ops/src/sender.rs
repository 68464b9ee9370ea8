//! What a source signs its deliveries for a tenant with, from the tenant's secret.

use domain::{Source, TenantId};
use platform::{SecretError, SecretSource};
use shipbob::Endpoint;
use shopify::Shop;

use crate::OpsError;

/// Who signs deliveries for a tenant.
#[derive(Debug, Clone)]
pub enum Sender {
    /// The tenant's shop.
    Shopify(Shop),
    /// A webhook subscription at ShipBob.
    Shipbob(shipbob::Secret),
}

impl Sender {
    /// Of which source it is.
    pub fn source(&self) -> Source {
        match self {
            Self::Shopify(_) => Source::Shopify,
            Self::Shipbob(_) => Source::Shipbob,
        }
    }
}

/// Who signs for a tenant, by the secret `{prefix}/webhook/{source}/{tenant}`: of several live secrets the first.
pub async fn sender_of(
    secrets: &dyn SecretSource,
    prefix: &str,
    source: Source,
    tenant: &TenantId,
) -> Result<Sender, OpsError> {
    match source {
        Source::Shopify => Ok(Sender::Shopify(shop_of(secrets, prefix, tenant).await?)),
        Source::Shipbob => {
            let secret = endpoint_of(secrets, prefix, tenant).await?.secrets.into_iter().next();
            let why = "it accepts unsigned deliveries only".to_owned();
            let name = name_of(prefix, source, tenant);
            secret.map(Sender::Shipbob).ok_or_else(|| SecretError::Unusable { name, why }.into())
        }
    }
}

/// The tenant's shop, by the secret `{prefix}/webhook/shopify/{tenant}`.
pub async fn shop_of(secrets: &dyn SecretSource, prefix: &str, tenant: &TenantId) -> Result<Shop, OpsError> {
    let name = name_of(prefix, Source::Shopify, tenant);
    let versions = versions(secrets, &name).await?;
    Shop::parse(&versions).map_err(|why| SecretError::Unusable { name, why }.into())
}

/// What the tenant accepts of ShipBob's, by the secret `{prefix}/webhook/shipbob/{tenant}`.
pub async fn endpoint_of(
    secrets: &dyn SecretSource,
    prefix: &str,
    tenant: &TenantId,
) -> Result<Endpoint, OpsError> {
    let name = name_of(prefix, Source::Shipbob, tenant);
    let versions = versions(secrets, &name).await?;
    Endpoint::parse(&versions).map_err(|why| SecretError::Unusable { name, why }.into())
}

fn name_of(prefix: &str, source: Source, tenant: &TenantId) -> String {
    format!("{prefix}/webhook/{source}/{tenant}")
}

async fn versions(secrets: &dyn SecretSource, name: &str) -> Result<Vec<domain::Private<String>>, OpsError> {
    let versions = secrets.versions(name).await?.unwrap_or_default();
    if versions.is_empty() { Err(OpsError::NoSecret(name.to_owned())) } else { Ok(versions) }
}
