//! A tenant's way to its shop's Admin API, made from a secret.

use std::sync::Arc;

use domain::{Finding, Private, TenantId};
use ledger::Ledger;
use platform::{Clock, Secrets};
use serde::Deserialize;
use shopify_admin::{Admin, AdminError, Credentials, Https, Transport};

use crate::{
    set_up::{Kind, SetUp},
    shared::InLedger,
};

/// How the way to a shop's servers is made, of the certificate authority (PEM) that its secret names, if it names one.
pub type ReachShop = Arc<dyn Fn(Option<&str>) -> Result<Arc<dyn Transport>, AdminError> + Send + Sync>;

/// A tenant's shop: its Admin API, none, or what keeps it from being used.
#[derive(Clone, Default)]
pub struct Shop {
    /// The Admin API; nothing if the tenant has no credentials for it, or none that can be used.
    pub admin: Option<Arc<Admin>>,
    /// Why it cannot be used although there is a secret for it.
    pub fault: Option<Finding>,
}

/// Shops from the secrets `<prefix>/shopify-admin/<tenant>`.
pub struct Shops {
    ledger: Arc<dyn Ledger>,
    clock: Arc<dyn Clock>,
    reach: ReachShop,
    prefix: String,
}

/// What the secret says beside the credentials.
#[derive(Deserialize)]
struct Place {
    shop_domain: String,
    /// For a simulated Shopify only.
    #[serde(default)]
    base_url: Option<String>,
    /// The authority (PEM) that alone is trusted there; the public ones if it is absent.
    #[serde(default)]
    certificate_authority: Option<String>,
}

impl Shops {
    /// Shops that are reached over HTTPS. What instances share about the tokens of their apps is kept in the ledger,
    /// by this clock.
    pub fn new(ledger: Arc<dyn Ledger>, prefix: String, clock: Arc<dyn Clock>) -> Self {
        Self { ledger, clock, reach: Arc::new(https), prefix }
    }

    /// The same shops, reached in another way: a simulation opens no sockets.
    #[must_use]
    pub fn reached_by(self, reach: ReachShop) -> Self {
        Self { reach, ..self }
    }

    /// A tenant's shop, set up from its secret.
    pub async fn shop(&self, id: &TenantId, secrets: &Secrets<Private<String>>) -> Shop {
        let SetUp { api: admin, fault, .. } = self.set_up(id, secrets, None).await;
        Shop { admin, fault }
    }

    /// Sets a tenant's shop up anew unless the secret is the one remembered.
    pub(crate) async fn set_up(
        &self,
        id: &TenantId,
        secrets: &Secrets<Private<String>>,
        before: Option<&SetUp<Admin>>,
    ) -> SetUp<Admin> {
        let kind = Kind {
            what: "shopify-admin",
            name: &format!("{}/shopify-admin/{id}", self.prefix),
            help: "store the app's credentials with the shop's domain as a JSON object; infra/RUNBOOK.md shows one of \
                   each kind",
        };
        SetUp::of(kind, secrets, before, |secret| self.connect(secret)).await
    }

    fn connect(&self, secret: &Private<String>) -> Result<Admin, String> {
        let credentials = Credentials::parse(secret).map_err(|error| error.problems.join("; "))?;
        // The words of the parser may quote what it found.
        let place: Place = serde_json::from_str(secret.expose()).map_err(|_| {
            "shop_domain is missing, or it, base_url or certificate_authority is not a text".to_owned()
        })?;
        let (ledger, clock) = (self.ledger.clone(), self.clock.clone());
        let shared = InLedger::app(ledger, clock, &place.shop_domain, &credentials);
        let transport =
            (self.reach)(place.certificate_authority.as_deref()).map_err(|error| error.to_string())?;
        Admin::new(&place.shop_domain, place.base_url.as_deref(), credentials, transport, Arc::new(shared))
            .map_err(|error| error.to_string())
    }
}

/// The way that is used in production.
fn https(certificate_authority: Option<&str>) -> Result<Arc<dyn Transport>, AdminError> {
    Ok(Arc::new(Https::new(certificate_authority)?))
}
