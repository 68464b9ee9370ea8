//! What can be set: the credentials that are accepted, what the app was granted, and the behaviours that Shopify
//! leaves open or that differ by plan.

use serde::{Deserialize, Serialize};

use crate::random;

/// How the cost of a connection follows from its `first`. Shopify documents "sized by `first` and `last`" and no formula.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionCost {
    /// 2, and `first` times its node, as Shopify's engineers described it ("Rate limiting GraphQL APIs by calculating
    /// query complexity"), with `pageInfo` as one more object, and a plain list with `first` sized likewise. The
    /// strictest of all readings, so what fits it fits the others.
    #[default]
    PerNode,
    /// 2, and the whole part of twice the natural logarithm of `first` times its node, `pageInfo` free, a plain list as
    /// one object: what Shopify's staff told of in its developer community in 2025 (topic 24364), and what fits the one
    /// breakdown that was published (`first: 250` with two objects a node costs 24). UNCONFIRMED, and not documented.
    Logarithmic,
}

/// What answers a refresh token that was used before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UsedRefreshToken {
    /// 400 `invalid_grant`, as RFC 6749 says and most reports do.
    #[default]
    InvalidGrant,
    /// 401 `invalid_request`, "This request requires an active `refresh_token`", as one report of 2026 has it.
    InvalidRequest,
}

/// Which failures in a row remove a subscription. Shopify speaks of "8 consecutive failures" and says no more.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailuresCounted {
    /// All attempts for the subscription, of whatever delivery: the harder reading.
    #[default]
    OfSubscription,
    /// The attempts of one delivery.
    OfDelivery,
}

/// Protected customer data that the app was approved for (Shopify documentation, protected customer data).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a grant of its own")]
pub struct ProtectedData {
    /// Level 1: orders and customers at all.
    pub approved: bool,
    /// Names.
    pub name: bool,
    /// Addresses beyond country and province.
    pub address: bool,
    /// Phone numbers.
    pub phone: bool,
    /// E-mail addresses.
    pub email: bool,
}

impl Default for ProtectedData {
    fn default() -> Self {
        Self { approved: true, name: true, address: true, phone: true, email: true }
    }
}

/// How webhooks are delivered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DeliverySettings {
    /// Milliseconds of real time until an answer counts as none. Shopify: 5 s.
    pub budget_milliseconds: u32,
    /// Milliseconds of real time until a connection must stand. Shopify: 1 s. Read once, when the serving begins.
    pub connect_milliseconds: u32,
    /// Simulated seconds from each failure to the next attempt. Shopify: 8 retries over 4 hours with exponential
    /// back-off; the steps are UNCONFIRMED.
    pub retry_after_seconds: Vec<u32>,
    /// Failures in a row after which a subscription that was made by the Admin API is removed.
    pub removal_after: u32,
    /// Which failures count for that.
    pub failures_counted: FailuresCounted,
    /// Whether each attempt has a webhook id of its own. UNCONFIRMED.
    pub new_webhook_id_on_retry: bool,
    /// How many of a hundred deliveries are never attempted.
    pub lose_percent: u8,
    /// How many of a hundred deliveries are made twice, with the same ids.
    pub duplicate_percent: u8,
    /// How many of a hundred deliveries are held back, so that later ones come first.
    pub reorder_percent: u8,
    /// Simulated seconds that one is held back at most.
    pub reorder_seconds: u32,
    /// Attempts that may be under way at once.
    pub at_once: usize,
    /// Whether declared addresses on 127.0.0.1 may be plain HTTP, as those of an AWS emulator are. Shopify delivers by
    /// HTTPS alone.
    pub plain_http_on_loopback: bool,
}

impl Default for DeliverySettings {
    fn default() -> Self {
        Self {
            budget_milliseconds: 5000,
            connect_milliseconds: 1000,
            // Each twice the one before, together 4 hours.
            retry_after_seconds: vec![56, 113, 226, 452, 904, 1807, 3614, 7228],
            removal_after: 8,
            failures_counted: FailuresCounted::default(),
            new_webhook_id_on_retry: false,
            lose_percent: 0,
            duplicate_percent: 0,
            reorder_percent: 0,
            reorder_seconds: 30,
            at_once: 16,
            plain_http_on_loopback: false,
        }
    }
}

/// The behaviour of the shop, the Admin API and the token endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Versions that are served, oldest first; the last one is the current stable one. Older ones fall forward to the
    /// oldest.
    pub versions: Vec<String>,
    /// The next version, which is served too.
    pub release_candidate: String,
    /// The version that webhooks are written in.
    pub webhook_version: String,
    /// Minutes that the shop's local time is ahead of UTC: payloads carry this offset.
    pub utc_offset_minutes: i32,
    /// What new tokens may do.
    pub scopes: Vec<String>,
    /// Protected customer data that the app was approved for.
    pub protected_data: ProtectedData,
    /// Seconds a token of the client credentials grant lives. Shopify: 24 hours; 86399 is UNCONFIRMED.
    pub token_seconds: u32,
    /// Seconds an expiring offline token lives. Shopify: 60 minutes.
    pub offline_token_seconds: u32,
    /// Seconds its refresh token lives. Shopify: 90 days.
    pub refresh_token_seconds: u32,
    /// Seconds in which a used refresh token still brings what it brought before. Undocumented; 0: never.
    pub refresh_grace_seconds: u32,
    /// What answers a refresh token that was used before.
    pub used_refresh_token: UsedRefreshToken,
    /// Points in the full bucket. Shopify's standard plans: 2000.
    pub bucket_points: u32,
    /// Points that come back in a simulated second. Standard 100, Advanced 200, Plus 1000, Enterprise 2000.
    pub restore_rate: u32,
    /// The most points one query may cost.
    pub max_query_cost: u32,
    /// How the cost of a connection follows from its `first`.
    pub connection_cost: ConnectionCost,
    /// Milliseconds each request to the Admin API takes.
    pub latency_milliseconds: u32,
    /// How webhooks are delivered.
    pub delivery: DeliverySettings,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            versions: ["2026-01", "2026-04", "2026-07", "2026-10"].map(str::to_owned).to_vec(),
            release_candidate: "2027-01".to_owned(),
            webhook_version: "2026-10".to_owned(),
            utc_offset_minutes: -300,
            scopes: ["read_orders", "read_customers"].map(str::to_owned).to_vec(),
            protected_data: ProtectedData::default(),
            token_seconds: 86_399,
            offline_token_seconds: 3600,
            refresh_token_seconds: 90 * 86_400,
            refresh_grace_seconds: 0,
            used_refresh_token: UsedRefreshToken::default(),
            bucket_points: 2000,
            restore_rate: 100,
            max_query_cost: 1000,
            connection_cost: ConnectionCost::default(),
            latency_milliseconds: 0,
            delivery: DeliverySettings::default(),
        }
    }
}

/// The shop and the app that is installed in it. The secret opens nothing but the simulation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The shop's domain, `*.myshopify.com`.
    pub shop: String,
    /// The app's client id.
    pub client_id: String,
    /// The app's client secret, which also signs webhooks.
    pub client_secret: String,
}

impl Credentials {
    /// Credentials for a shop, always the same ones: a secret stays valid over a restart.
    pub fn for_shop(domain: &str) -> Self {
        let mut random = fastrand::Rng::with_seed(0x5409);
        Self {
            shop: domain.to_owned(),
            client_id: random::hex(&mut random, 32),
            client_secret: format!("shpss_{}", random::hex(&mut random, 32)),
        }
    }
}

impl Default for Credentials {
    fn default() -> Self {
        Self::for_shop("demo-tst.myshopify.com")
    }
}
