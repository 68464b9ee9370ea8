//! What a tenant is set up with: its mapping file and its way to CloudSuite, remembered between invocations.
//!
//! Poster and poller both start from here; nothing here posts or records.

pub mod installation;
mod m3_options;
mod set_up;
mod shared;
mod shipbobs;
mod shops;

use std::{collections::HashMap, sync::Arc, time::Duration};

use async_trait::async_trait;
use cloudsuite::{
    CallError, Company, ProductLine,
    ion::{AllowedHosts, Connection, Gateway, Https, IonApi, Limits, Transport},
    m3::M3,
};
use domain::{Digest, Finding, FindingCode, Private, TenantId};
use ledger::Ledger;
use mapping::{Mapping, ProductLineName};
use platform::{Clock, SecretError, SecretVersions, Secrets};
use shipbob_api::ShipBob;
use shopify_admin::Admin;
use tokio::{sync::Mutex, time::Instant};

use self::{m3_options::m3_options, set_up::SetUp, shared::InLedger};

pub use self::{
    shipbobs::{Fulfilment, ReachShipBob, ShipBobs},
    shops::{ReachShop, Shop, Shops},
};

/// How long a tenant's mapping is used before the ledger is asked for the active version.
const FRESH: Duration = Duration::from_secs(60);

/// A tenant that is ready to be posted for.
pub struct Tenant {
    /// Its mapping file.
    pub mapping: Mapping,
    /// The version of the mapping file.
    pub version: Digest,
    /// Its CloudSuite.
    pub line: Arc<dyn ProductLine>,
    /// Its shop's Admin API; nothing if the tenant has no credentials for it, or none that can be used.
    pub shop: Option<Arc<Admin>>,
    /// Why its shop's Admin API cannot be used although it has credentials for it.
    pub shop_fault: Option<Finding>,
    /// ShipBob's API for it; nothing if the tenant has no credentials for it, or none that can be used.
    pub shipbob: Option<Arc<ShipBob>>,
    /// Why ShipBob's API cannot be used although the tenant has credentials for it.
    pub shipbob_fault: Option<Finding>,
}

impl Tenant {
    /// The company that its documents are of.
    pub fn company(&self) -> Company {
        let cloudsuite = &self.mapping.cloudsuite;
        Company { number: cloudsuite.company, division: cloudsuite.division.clone() }
    }
}

/// Why a tenant cannot be posted for.
#[derive(Debug, Clone, thiserror::Error)]
pub enum TenantError {
    /// A person has to set something right.
    #[error("the tenant cannot be set up: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Findings(Vec<Finding>),
    /// Something did not answer; a later try may succeed.
    #[error("{0}")]
    Unavailable(String),
}

/// Where tenants come from.
#[async_trait]
pub trait TenantSource: Send + Sync {
    /// The tenant of that name, set up.
    async fn tenant(&self, id: &TenantId) -> Result<Arc<Tenant>, TenantError>;
}

/// How the way to a tenant's servers is made.
pub type Reach = Arc<dyn Fn(&Connection) -> Result<Arc<dyn Transport>, CallError> + Send + Sync>;

/// Tenants from the ledger and Secrets Manager.
pub struct Tenants {
    ledger: Arc<dyn Ledger>,
    clock: Arc<dyn Clock>,
    reach: Reach,
    shops: Shops,
    shipbobs: ShipBobs,
    credentials: Secrets<Private<String>>,
    secret_prefix: String,
    known: Mutex<HashMap<TenantId, Remembered>>,
}

/// A tenant as it was set up, with what it was set up from.
#[derive(Clone)]
struct Remembered {
    tenant: Arc<Tenant>,
    credentials: Arc<Private<String>>,
    sources: Sources,
    since: Instant,
}

/// The APIs of a tenant's sources.
#[derive(Clone)]
struct Sources {
    shop: SetUp<Admin>,
    shipbob: SetUp<ShipBob>,
}

impl Sources {
    /// A tenant that has these.
    fn tenant(&self, mapping: Mapping, version: Digest, line: Arc<dyn ProductLine>) -> Arc<Tenant> {
        let Self { shop, shipbob } = self.clone();
        let (shop, shop_fault) = (shop.api, shop.fault);
        let (shipbob, shipbob_fault) = (shipbob.api, shipbob.fault);
        Arc::new(Tenant { mapping, version, line, shop, shop_fault, shipbob, shipbob_fault })
    }
}

impl Remembered {
    /// The same, remembered anew, with its sources as they are set up now.
    fn with(&self, sources: Sources) -> Self {
        let Tenant { mapping, version, line, .. } = &*self.tenant;
        let tenant = sources.tenant(mapping.clone(), *version, line.clone());
        Self { tenant, credentials: self.credentials.clone(), sources, since: Instant::now() }
    }
}

/// Takes the text of a secret, such as the `.ionapi` file, out of the secret's versions.
pub fn parse_credentials(versions: &SecretVersions) -> Result<Private<String>, String> {
    versions.first().cloned().ok_or_else(|| "it has no current version".to_owned())
}

impl Tenants {
    /// Tenants whose mapping files are in a ledger and whose `.ionapi` files are in the secrets
    /// `<prefix>/ionapi/<tenant>`, those of their shops in `<prefix>/shopify-admin/<tenant>`, those of ShipBob in
    /// `<prefix>/shipbob-api/<tenant>`. They are reached over HTTPS. What instances share about a client of theirs is kept in the ledger, by this clock.
    pub fn new(
        ledger: Arc<dyn Ledger>,
        credentials: Secrets<Private<String>>,
        secret_prefix: String,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let shops = Shops::new(ledger.clone(), secret_prefix.clone(), clock.clone());
        let shipbobs = ShipBobs::new(ledger.clone(), secret_prefix.clone(), clock.clone());
        let known = Mutex::default();
        Self { ledger, clock, reach: Arc::new(https), shops, shipbobs, credentials, secret_prefix, known }
    }

    /// The same tenants, reached in another way: a simulation opens no sockets.
    #[must_use]
    pub fn reached_by(self, reach: Reach) -> Self {
        Self { reach, ..self }
    }

    /// The same tenants, whose shops are reached in another way.
    #[must_use]
    pub fn shops_reached_by(self, reach: ReachShop) -> Self {
        Self { shops: self.shops.reached_by(reach), ..self }
    }

    /// The same tenants, for whom ShipBob is reached in another way.
    #[must_use]
    pub fn shipbob_reached_by(self, reach: ReachShipBob) -> Self {
        Self { shipbobs: self.shipbobs.reached_by(reach), ..self }
    }

    /// Sets a tenant up anew unless mapping and credentials are the ones remembered: a connection holds open
    /// sockets, the access token and what was found in the master data.
    async fn set_up(&self, id: &TenantId, before: Option<&Remembered>) -> Result<Remembered, TenantError> {
        let stored =
            self.ledger.mapping(id).await.map_err(|error| TenantError::Unavailable(error.to_string()))?;
        let stored = stored.ok_or_else(|| no_mapping(id))?;
        let credentials = self.credentials(id).await?;
        let sources = self.sources(id, before.map(|before| &before.sources)).await;
        let is_same = |r: &&Remembered| r.tenant.version == stored.version && r.credentials == credentials;
        if let Some(remembered) = before.filter(is_same) {
            return Ok(remembered.with(sources));
        }
        let mapping = Mapping::parse(&stored.text).map_err(TenantError::Findings)?;
        let line = self
            .connect(&mapping, credentials.expose())
            .map_err(|finding| TenantError::Findings(vec![finding]))?;
        let tenant = sources.tenant(mapping, stored.version, line);
        Ok(Remembered { tenant, credentials, sources, since: Instant::now() })
    }

    /// The APIs of a tenant's sources.
    async fn sources(&self, id: &TenantId, before: Option<&Sources>) -> Sources {
        let shop = self.shops.set_up(id, &self.credentials, before.map(|before| &before.shop)).await;
        let shipbob = self.shipbobs.set_up(id, &self.credentials, before.map(|before| &before.shipbob)).await;
        Sources { shop, shipbob }
    }

    /// The way to a tenant's CloudSuite.
    fn connect(&self, mapping: &Mapping, ionapi: &str) -> Result<Arc<dyn ProductLine>, Finding> {
        let cloudsuite = &mapping.cloudsuite;
        let allowed = AllowedHosts::new(cloudsuite.allowed_hosts.iter().cloned());
        let ion = IonApi::parse(ionapi, &allowed).map_err(|error| error.finding())?;
        let authority = cloudsuite.certificate_authority.as_str();
        let certificate_authority = Some(authority.to_owned()).filter(|pem| !pem.trim().is_empty());
        let connection = Connection { ion, certificate_authority };
        let transport = (self.reach)(&connection).map_err(|error| error.finding())?;
        let ion = connection.ion;
        let shared = Arc::new(InLedger::ion(self.ledger.clone(), self.clock.clone(), &ion));
        let limits = Limits { requests_per_minute: cloudsuite.requests_per_minute, burst: cloudsuite.burst };
        let gateway = Gateway::new(ion, transport, shared, limits);
        match cloudsuite.product_line {
            ProductLineName::M3 => Ok(Arc::new(M3::new(gateway, m3_options(mapping)))),
        }
    }

    async fn credentials(&self, id: &TenantId) -> Result<Arc<Private<String>>, TenantError> {
        let name = format!("{}/ionapi/{id}", self.secret_prefix);
        match self.credentials.get(&name).await {
            Ok(Some(credentials)) => Ok(credentials),
            Ok(None) => Err(no_credentials(&name)),
            Err(SecretError::Unusable { name, why }) => Err(unusable_credentials(&name, &why)),
            Err(error) => Err(TenantError::Unavailable(error.to_string())),
        }
    }
}

#[async_trait]
impl TenantSource for Tenants {
    async fn tenant(&self, id: &TenantId) -> Result<Arc<Tenant>, TenantError> {
        let mut known = self.known.lock().await;
        let before = known.get(id);
        if let Some(remembered) = before.filter(|remembered| remembered.since.elapsed() < FRESH) {
            return Ok(remembered.tenant.clone());
        }
        let remembered = self.set_up(id, before).await?;
        let tenant = remembered.tenant.clone();
        known.insert(id.clone(), remembered);
        Ok(tenant)
    }
}

/// The way that is used in production.
fn https(connection: &Connection) -> Result<Arc<dyn Transport>, CallError> {
    Ok(Arc::new(Https::new(connection.certificate_authority.as_deref())?))
}

fn no_mapping(id: &TenantId) -> TenantError {
    TenantError::Findings(vec![Finding::new(
        FindingCode::Mapping,
        "",
        format!("tenant {id} has no mapping file"),
        format!("write one (infra/ops shows the default) and push it: ops mapping push --tenant {id} <file>"),
    )])
}

fn no_credentials(name: &str) -> TenantError {
    TenantError::Findings(vec![Finding::new(
        FindingCode::Credentials,
        "ionapi",
        format!("there is no secret {name}"),
        "store the tenant's .ionapi file, unchanged, as the text of that secret",
    )])
}

fn unusable_credentials(name: &str, why: &str) -> TenantError {
    TenantError::Findings(vec![Finding::new(
        FindingCode::Credentials,
        "ionapi",
        format!("the secret {name} cannot be used: {why}"),
        "store the tenant's .ionapi file, unchanged, as the text of that secret",
    )])
}
