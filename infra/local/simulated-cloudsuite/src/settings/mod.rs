//! What can be set: the credentials that are accepted and the behaviours that Infor leaves open or lets an
//! administrator choose.

mod programs;
mod stock;

use serde::{Deserialize, Serialize};

pub use programs::{HeadDeletion, Journals, OrderChanges, Purchasing};
pub use stock::{MessageHandling, Stock, TransactionTypes};

use crate::random::Random;

/// How `OIS100MI/Confirm` behaves. Infor does not document whether it is synchronous.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "mode", rename_all = "snake_case", deny_unknown_fields)]
pub enum ConfirmMode {
    /// The final number and status 90 are in the answer.
    Immediate,
    /// The final number is in the answer, the status is not (seen in production).
    WithoutStatus,
    /// The final number appears later: after so many seconds and so many `GetTmpOrderStat` that did not
    /// show it.
    Later {
        /// Seconds from Confirm on.
        #[serde(default)]
        seconds: u32,
        /// Requests for the status that are answered with "not yet".
        #[serde(default)]
        asks: u32,
    },
}

/// When something is done that M3 may do at once or in a job of its own. Infor does not document how long it takes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "mode", rename_all = "snake_case", deny_unknown_fields)]
pub enum Processing {
    /// Before the answer goes out.
    #[default]
    Immediate,
    /// After so many seconds and so many reads that did not show it.
    Later {
        /// Seconds from the request on.
        #[serde(default)]
        seconds: u32,
        /// Reads that are answered with "not yet".
        #[serde(default)]
        asks: u32,
    },
}

/// Rate smoothing, a throttling policy of the gateway: above so many requests in a period, each one is delayed
/// (Infor documentation, ION API throttling policy).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateSmoothing {
    /// Requests that pass undelayed in a period.
    pub requests: u32,
    /// Seconds of a period; it starts at its first request.
    pub seconds: u32,
    /// Milliseconds that each further request waits.
    pub delay_milliseconds: u32,
}

/// The behaviour of the token endpoint, the gateway and M3.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Seconds an access token lives. Infor's default is two hours.
    pub token_lifetime_seconds: u32,
    /// Requests a minute and client; above it the gateway answers 429. `None`: no limit. The default is
    /// the published entitlement of Infor OS Essentials.
    pub requests_per_minute: Option<u32>,
    /// Whether a 429 of the limit carries `Retry-After`. Infor does not document it.
    pub retry_after: bool,
    /// Milliseconds each M3 request takes.
    pub latency_milliseconds: u32,
    /// The most transactions in one bulk request.
    pub max_transactions: usize,
    /// How `OIS100MI/Confirm` behaves.
    pub confirm: ConfirmMode,
    /// Whether what is sent twice counts twice: a second charge of an id and a second address of a type stand beside
    /// the first, and a second Confirm of an order is refused. Infor does not document it; otherwise the second
    /// replaces the first, and Confirm answers as before.
    pub repeats_count: bool,
    /// Access tokens granted in a day; above it the token endpoint answers 429. `None`: no limit. The default is the
    /// published entitlement of Infor OS Essentials; the status of the refusal is not documented.
    pub tokens_per_day: Option<u32>,
    /// The gateway's rate smoothing; `None`: no request is delayed.
    pub rate_smoothing: Option<RateSmoothing>,
    /// Seconds until the index of the search transactions knows a new order or a change. Infor documents that the index
    /// lags, not by how much.
    pub search_lag_seconds: u32,
    /// How customer orders can be changed.
    pub order_changes: OrderChanges,
    /// How purchase order batch entry behaves.
    pub purchasing: Purchasing,
    /// How the general ledger's interface behaves.
    pub journals: Journals,
    /// How stock is picked, received and counted.
    pub stock: Stock,
    /// How the messages of MMS850MI and MHS850MI behave.
    pub stock_messages: MessageHandling,
    /// Whether answers have the fields that tenants were seen to have and the catalogue of 2020 has not: MSID and MSGD of
    /// `MHS850MI/LstWhsLine`.
    pub newer_fields: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            token_lifetime_seconds: 7200,
            requests_per_minute: Some(3000),
            retry_after: true,
            latency_milliseconds: 0,
            max_transactions: 100,
            confirm: ConfirmMode::Immediate,
            repeats_count: false,
            tokens_per_day: Some(100),
            rate_smoothing: None,
            search_lag_seconds: 30,
            order_changes: OrderChanges::default(),
            purchasing: Purchasing::default(),
            journals: Journals::default(),
            stock: Stock::default(),
            stock_messages: MessageHandling::default(),
            newer_fields: true,
        }
    }
}

/// The credentials of one authorized app of type Backend Service. They open nothing but the simulation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// Tenant, the first segment of every gateway path.
    pub tenant: String,
    /// OAuth client id (`ci`).
    pub client_id: String,
    /// OAuth client secret (`cs`).
    pub client_secret: String,
    /// Service account's access key (`saak`), the user name of the password grant.
    pub access_key: String,
    /// Service account's secret key (`sask`), the password of the password grant.
    pub secret_key: String,
}

impl Credentials {
    /// Credentials for a tenant, always the same ones: a `.ionapi` file stays valid over a restart.
    pub fn for_tenant(tenant: &str) -> Self {
        let mut random = Random::new(0x10_4a_91);
        Self {
            tenant: tenant.to_owned(),
            client_id: format!("{tenant}~{}", random.text(43)),
            client_secret: random.text(86),
            access_key: format!("{tenant}#{}", random.text(86)),
            // A plus sign and a percent sign show whether a client encodes its form.
            secret_key: format!("{}+%{}", random.text(42), random.text(42)),
        }
    }

    /// The `.ionapi` file of the password grant, layout 1.1, for a server at this base address.
    pub fn ionapi_json(&self, base: &str) -> String {
        let Self { tenant, client_id, client_secret, access_key, secret_key } = self;
        let file = serde_json::json!({
            "ti": tenant, "cn": "simulated-backend-service", "dt": "12",
            "ci": client_id, "cs": client_secret,
            "iu": base, "pu": format!("{base}/{tenant}/as/"),
            "oa": "authorization.oauth2", "ot": "token.oauth2", "or": "revoke_token.oauth2",
            "ev": "V1480769020", "v": "1.1",
            "saak": access_key, "sask": secret_key,
        });
        format!("{file:#}\n")
    }
}

impl Default for Credentials {
    fn default() -> Self {
        Self::for_tenant("DEMO_TST")
    }
}
