//! A tenant's way to ShipBob's API, made from a secret.

use std::sync::Arc;

use domain::{Finding, Private, TenantId};
use ledger::Ledger;
use platform::{Clock, Secrets};
use remote::{Https, HttpsError, Transport};
use shipbob_api::{Access, LIMITS, ShipBob};

use crate::{
    set_up::{Kind, SetUp},
    shared::InLedger,
};

/// How the way to ShipBob's servers is made, of the certificate authority (PEM) that the secret names, if it names one.
pub type ReachShipBob = Arc<dyn Fn(Option<&str>) -> Result<Arc<dyn Transport>, HttpsError> + Send + Sync>;

/// A tenant's ShipBob: its API, none, or what keeps it from being used.
#[derive(Clone, Default)]
pub struct Fulfilment {
    /// The API; nothing if the tenant has no credentials for it, or none that can be used.
    pub api: Option<Arc<ShipBob>>,
    /// Why it cannot be used although there is a secret for it.
    pub fault: Option<Finding>,
}

/// ShipBob's API for tenants, from the secrets `<prefix>/shipbob-api/<tenant>`.
pub struct ShipBobs {
    ledger: Arc<dyn Ledger>,
    clock: Arc<dyn Clock>,
    reach: ReachShipBob,
    prefix: String,
}

impl ShipBobs {
    /// ShipBob, reached over HTTPS. What instances share about its rate and its tokens is kept in the ledger, by this
    /// clock.
    pub fn new(ledger: Arc<dyn Ledger>, prefix: String, clock: Arc<dyn Clock>) -> Self {
        Self { ledger, clock, reach: Arc::new(https), prefix }
    }

    /// The same, reached in another way: a simulation opens no sockets.
    #[must_use]
    pub fn reached_by(self, reach: ReachShipBob) -> Self {
        Self { reach, ..self }
    }

    /// A tenant's API, set up from its secret.
    pub async fn shipbob(&self, id: &TenantId, secrets: &Secrets<Private<String>>) -> Fulfilment {
        let SetUp { api, fault, .. } = self.set_up(id, secrets, None).await;
        Fulfilment { api, fault }
    }

    /// Sets a tenant's API up anew unless the secret is the one remembered.
    pub(crate) async fn set_up(
        &self,
        id: &TenantId,
        secrets: &Secrets<Private<String>>,
        before: Option<&SetUp<ShipBob>>,
    ) -> SetUp<ShipBob> {
        let kind = Kind {
            what: "shipbob-api",
            name: &format!("{}/shipbob-api/{id}", self.prefix),
            help: "store the root user's personal access token, or the app's credentials, as a JSON object; \
                   infra/RUNBOOK.md shows one of each kind",
        };
        SetUp::of(kind, secrets, before, |secret| self.connect(id, secret)).await
    }

    fn connect(&self, id: &TenantId, secret: &Private<String>) -> Result<ShipBob, String> {
        let access = Access::parse(secret).map_err(|error| error.problems.join("; "))?;
        let (ledger, clock) = (self.ledger.clone(), self.clock.clone());
        let shared = Arc::new(InLedger::new(ledger, clock, access.client(id.as_str())));
        let transport = (self.reach)(access.certificate_authority.as_deref());
        let transport = transport.map_err(|error| error.to_string())?;
        ShipBob::new(access, transport, shared, LIMITS).map_err(|error| error.to_string())
    }
}

/// The way that is used in production.
fn https(certificate_authority: Option<&str>) -> Result<Arc<dyn Transport>, HttpsError> {
    Ok(Arc::new(Https::new(certificate_authority)?))
}
