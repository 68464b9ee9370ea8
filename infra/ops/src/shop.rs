//! The tenant's secret at the source: which shop it is and with which key its deliveries are signed.

use domain::{Private, Source, TenantId};
use platform::{SecretError, SecretSource};
use serde::Deserialize;

use crate::OpsError;

/// A tenant's shop.
#[derive(Debug, Clone, Deserialize)]
pub struct Shop {
    /// The shop's own domain, `*.myshopify.com`.
    #[serde(rename = "shop_domain")]
    pub domain: String,
    /// The app's client secret.
    pub client_secret: Private<String>,
}

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
    let Some(current) = versions.first() else { return Err(OpsError::NoSecret(name)) };
    // The parser's own words could quote the secret.
    serde_json::from_str(current.expose()).map_err(|_| {
        let why = "it must be JSON with shop_domain and client_secret".to_owned();
        SecretError::Unusable { name, why }.into()
    })
}
