//! The tenant's secret at the source: which shop it is and with which key its deliveries are signed.

use domain::{Source, TenantId};
use platform::{SecretError, SecretSource};
use shopify::Shop;

use crate::OpsError;

/// Reads the secret `{prefix}/webhook/{source}/{tenant}`.
pub async fn shop_of(
    secrets: &dyn SecretSource,
    prefix: &str,
    source: Source,
    tenant: &TenantId,
) -> Result<Shop, OpsError> {
    let name = format!("{prefix}/webhook/{source}/{tenant}");
    if source != Source::Shopify {
        return Err(OpsError::Source(source));
    }
    let versions = secrets.versions(&name).await?.unwrap_or_default();
    if versions.is_empty() {
        return Err(OpsError::NoSecret(name));
    }
    Shop::parse(&versions).map_err(|why| SecretError::Unusable { name, why }.into())
}
