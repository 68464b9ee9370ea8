//! A tenant's way to its shop's Admin API, made from a secret.
//!
//! A tenant may do without: then it has no such secret. A secret that cannot be used keeps nobody from posting: it
//! is a finding for whoever needs the shop.

use std::sync::Arc;

use domain::{Finding, FindingCode, Private, TenantId};
use ledger::Ledger;
use platform::{Clock, SecretError, Secrets};
use serde::Deserialize;
use shopify_admin::{Admin, AdminError, Credentials, Https, Transport};

use crate::shared::InLedger;

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

/// A shop with the secret that it was set up from.
#[derive(Clone, Default)]
pub(crate) struct SetUp {
    shop: Shop,
    secret: Option<Arc<Private<String>>>,
}

impl SetUp {
    pub(crate) fn admin(&self) -> Option<Arc<Admin>> {
        self.shop.admin.clone()
    }

    pub(crate) fn fault(&self) -> Option<Finding> {
        self.shop.fault.clone()
    }
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
        self.set_up(id, secrets, None).await.shop
    }

    /// Sets a tenant's shop up anew unless the secret is the one remembered: the Admin API holds open sockets, the
    /// access token and what it learned of the shop's limits.
    pub(crate) async fn set_up(
        &self,
        id: &TenantId,
        secrets: &Secrets<Private<String>>,
        before: Option<&SetUp>,
    ) -> SetUp {
        let name = format!("{}/shopify-admin/{id}", self.prefix);
        let secret = match secrets.get(&name).await {
            Ok(secret) => secret,
            Err(error) => return unread(&name, &error, before),
        };
        let Some(text) = &secret else { return SetUp::default() };
        if let Some(before) = before.filter(|before| before.secret == secret) {
            return before.clone();
        }
        let shop = match self.connect(text) {
            Ok(admin) => Shop { admin: Some(Arc::new(admin)), fault: None },
            Err(why) => faulty(&name, &why),
        };
        SetUp { shop, secret }
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

/// Without an answer the shop stays as it was; where it was not known yet, it is asked for again with the tenant.
fn unread(name: &str, error: &SecretError, before: Option<&SetUp>) -> SetUp {
    match before {
        Some(before) if before.shop.admin.is_some() => before.clone(),
        _ => SetUp { shop: faulty(name, &error.to_string()), secret: None },
    }
}

fn faulty(name: &str, why: &str) -> Shop {
    let finding = Finding::new(
        FindingCode::Credentials,
        "shopify-admin",
        format!("the secret {name} cannot be used: {why}"),
        "store the app's credentials with the shop's domain as a JSON object; infra/RUNBOOK.md shows one of each kind",
    );
    tracing::error!(%finding, "the shop's Admin API cannot be used; posting goes on without it");
    Shop { admin: None, fault: Some(finding) }
}
