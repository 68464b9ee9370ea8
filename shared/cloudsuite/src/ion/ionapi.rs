//! The `.ionapi` file: credentials and addresses of an authorized app of one Infor tenant.
//!
//! Key names as in Infor's documentation (Infor OS API Gateway administration guide, "Client credentials
//! file"). Addresses come from this file only and are checked before anything is sent to them.

use std::fmt;

use domain::{Finding, FindingCode, Private};
use reqwest::Url;
use serde::Deserialize;

/// Host suffixes of Infor's clouds.
const INFOR_SUFFIXES: [&str; 2] = [".inforcloudsuite.com", ".inforgov.com"];

/// Why a credentials file cannot be used. No variant holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IonApiError {
    /// Not the JSON of a credentials file.
    #[error("the .ionapi file is not readable JSON (line {line}, column {column})")]
    Unreadable {
        /// Line of the fault.
        line: usize,
        /// Column of the fault.
        column: usize,
    },
    /// A key is missing or empty.
    #[error("the .ionapi file lacks `{0}`")]
    Missing(&'static str),
    /// The file of an app that signs people in, not of a service.
    #[error("the .ionapi file is of a web, native or hybrid app (it has `ru` and no service account)")]
    NotABackendService,
    /// An address that is not an https URL.
    #[error("`{0}` in the .ionapi file is not an https address without user and query")]
    BadAddress(&'static str),
    /// An address outside the allow-list.
    #[error("`{key}` in the .ionapi file leads to {host}, which is neither Infor's nor named by the mapping")]
    HostNotAllowed {
        /// The key of the file.
        key: &'static str,
        /// The host.
        host: String,
    },
}

impl IonApiError {
    /// What the person who supplied the file can do.
    pub fn help(&self) -> &'static str {
        match self {
            Self::NotABackendService => {
                "in Infor ION API, create an authorized app of type Backend Service, download its credentials \
                 with Create Service Account on, and store that file"
            }
            Self::HostNotAllowed { .. } => {
                "if this is the tenant's own gateway, name the host under cloudsuite.allowed_hosts in the mapping file"
            }
            _ => "download the credentials file again from Infor ION API and store it unchanged",
        }
    }

    /// The finding that keeps a tenant's records from being posted.
    pub fn finding(&self) -> Finding {
        Finding::new(FindingCode::Credentials, "ionapi", self.to_string(), self.help())
    }
}

/// How a token is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Grant {
    /// With a service account: `saak` and `sask`.
    Password {
        /// The service account's access key.
        username: Private<String>,
        /// The service account's secret key.
        password: Private<String>,
    },
    /// With the client's own id and secret.
    ClientCredentials,
}

/// Hosts that may be called besides Infor's own: named by the tenant's configuration, such as an on-premises
/// gateway. An entry is `host` or `host:port`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AllowedHosts(Vec<String>);

impl AllowedHosts {
    /// The hosts named.
    pub fn new(hosts: impl IntoIterator<Item = String>) -> Self {
        Self(hosts.into_iter().map(|host| host.to_ascii_lowercase()).collect())
    }

    fn allows(&self, url: &Url) -> bool {
        let Some(host) = url.host_str() else { return false };
        let with_port = format!("{host}:{}", url.port_or_known_default().unwrap_or_default());
        INFOR_SUFFIXES.iter().any(|suffix| host.ends_with(suffix))
            || self.0.iter().any(|allowed| *allowed == host || *allowed == with_port)
    }
}

/// Checked credentials and addresses of one Infor tenant.
#[derive(Clone, PartialEq, Eq)]
pub struct IonApi {
    /// Tenant id, the first segment of every path (`ti`).
    pub tenant: String,
    /// OAuth client id (`ci`).
    pub client_id: String,
    /// OAuth client secret (`cs`).
    pub client_secret: Private<String>,
    /// Base address of the gateway (`iu`), without a slash at the end.
    pub gateway: Url,
    /// Address of the token endpoint (`pu` and `ot`).
    pub token_url: Url,
    /// How a token is asked for.
    pub grant: Grant,
    /// Scopes to ask for (`sc`), present where the tenant enforces them.
    pub scopes: Vec<String>,
}

impl fmt::Debug for IonApi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IonApi")
            .field("tenant", &self.tenant)
            .field("gateway", &self.gateway.as_str())
            .finish_non_exhaustive()
    }
}

/// The file as it is written. Unknown keys are tolerated: later versions add some.
#[derive(Deserialize)]
struct File {
    #[serde(default)]
    ti: String,
    #[serde(default)]
    ci: String,
    #[serde(default)]
    cs: Private<String>,
    #[serde(default)]
    iu: String,
    #[serde(default)]
    pu: String,
    #[serde(default)]
    ot: String,
    ru: Option<String>,
    #[serde(default)]
    sc: Vec<String>,
    #[serde(default)]
    saak: Private<String>,
    #[serde(default)]
    sask: Private<String>,
}

impl IonApi {
    /// Reads and checks a credentials file.
    pub fn parse(text: &str, allowed: &AllowedHosts) -> Result<Self, IonApiError> {
        let file: File = serde_json::from_str(text.trim_start_matches('\u{feff}'))
            .map_err(|error| IonApiError::Unreadable { line: error.line(), column: error.column() })?;
        let grant = grant(&file)?;
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"_-.".contains(&b);
        if file.ti.is_empty() || !file.ti.bytes().all(plain) {
            return Err(IonApiError::Missing("ti"));
        }
        require("ci", &file.ci)?;
        require("cs", file.cs.expose())?;
        require("ot", &file.ot)?;
        let gateway = address("iu", &file.iu, allowed)?;
        let token = format!("{}/{}", file.pu.trim_end_matches('/'), file.ot.trim_start_matches('/'));
        require("pu", &file.pu)?;
        let token_url = address("pu", &token, allowed)?;
        Ok(Self {
            tenant: file.ti,
            client_id: file.ci,
            client_secret: file.cs,
            gateway,
            token_url,
            grant,
            scopes: file.sc,
        })
    }
}

fn grant(file: &File) -> Result<Grant, IonApiError> {
    match (file.saak.expose().is_empty(), file.sask.expose().is_empty()) {
        (false, false) => Ok(Grant::Password { username: file.saak.clone(), password: file.sask.clone() }),
        (false, true) => Err(IonApiError::Missing("sask")),
        (true, false) => Err(IonApiError::Missing("saak")),
        (true, true) if file.ru.is_some() => Err(IonApiError::NotABackendService),
        (true, true) => Ok(Grant::ClientCredentials),
    }
}

fn require(key: &'static str, value: &str) -> Result<(), IonApiError> {
    if value.is_empty() { Err(IonApiError::Missing(key)) } else { Ok(()) }
}

fn address(key: &'static str, text: &str, allowed: &AllowedHosts) -> Result<Url, IonApiError> {
    require(key, text)?;
    let url = Url::parse(text.trim_end_matches('/')).map_err(|_| IonApiError::BadAddress(key))?;
    let bare = url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    if url.scheme() != "https" || !bare {
        return Err(IonApiError::BadAddress(key));
    }
    if !allowed.allows(&url) {
        let host = url.host_str().unwrap_or_default().to_owned();
        return Err(IonApiError::HostNotAllowed { key, host });
    }
    Ok(url)
}

#[cfg(test)]
#[path = "ionapi_tests.rs"]
mod tests;
