//! How the simulation behaves. The defaults are what ShipBob documents, or where it does not, what others have seen.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::random;

/// How webhooks are delivered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DeliverySettings {
    /// Milliseconds of real time until an answer counts as none. ShipBob: 15 s.
    pub budget_milliseconds: u32,
    /// Milliseconds of real time until a connection must stand. Read once, when the serving begins.
    pub connect_milliseconds: u32,
    /// Simulated seconds from each failure to the next attempt. ShipBob: immediately, 5 s, 5 min, 30 min, 2 h, 5 h,
    /// 10 h, 10 h, the first of which is the delivery itself.
    pub retry_after_seconds: Vec<u32>,
    /// Simulated hours of nothing but failures after which a subscription is disabled. ShipBob: about five days.
    pub disabled_after_hours: u32,
    /// How many of a hundred deliveries are never attempted.
    pub lose_percent: u8,
    /// How many of a hundred deliveries are made twice, with the same id.
    pub duplicate_percent: u8,
    /// How many of a hundred deliveries are held back, so that later ones come first.
    pub reorder_percent: u8,
    /// Simulated seconds that one is held back at most.
    pub reorder_seconds: u32,
    /// Attempts that may be under way at once.
    pub at_once: usize,
    /// Whether addresses on 127.0.0.1 may be plain HTTP, as those of an AWS emulator are. ShipBob takes HTTPS alone.
    pub plain_http_on_loopback: bool,
    /// Whether `webhook-timestamp` is the machine's time, for receivers that know no other while the simulated time is
    /// faster or further on. Else it is the simulated time, like everything else.
    pub timestamps_by_machine_time: bool,
}

impl Default for DeliverySettings {
    fn default() -> Self {
        Self {
            budget_milliseconds: 15_000,
            connect_milliseconds: 5_000,
            retry_after_seconds: vec![5, 300, 1800, 7200, 18_000, 36_000, 36_000],
            disabled_after_hours: 120,
            lose_percent: 0,
            duplicate_percent: 0,
            reorder_percent: 0,
            reorder_seconds: 30,
            at_once: 16,
            plain_http_on_loopback: false,
            timestamps_by_machine_time: false,
        }
    }
}

/// The behaviour of the API and of the warehouses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Dated versions that are served; all of them answer in the same shapes.
    pub versions: Vec<String>,
    /// What the token may do; an endpoint whose scope is missing answers 403.
    pub scopes: Vec<String>,
    /// Requests within a sliding minute, all endpoints together, for the token and for the app each. ShipBob: 150, per
    /// user and application.
    pub requests_a_minute: u32,
    /// Whether orders and receipts come unsorted within a page, as ShipBob does not promise an order.
    pub unsorted: bool,
    /// Simulated hours from the shipping of a parcel until its `invoice_amount` is shown, null before. ShipBob: others saw
    /// it final after 24 to 48 h.
    pub invoice_amount_after_hours: u32,
    /// Words of answers and webhooks that are replaced, such as `{"Processing": "Teleporting"}`: ShipBob's own sources
    /// disagree on the values of its enumerations, and new ones appear.
    pub unknown_values: BTreeMap<String, String>,
    /// How webhooks are delivered.
    pub delivery: DeliverySettings,
}

/// The scopes that the documents name, and `billing_read`, which only a token made for it has.
const SCOPES: [&str; 8] = [
    "billing_read",
    "channels_read",
    "inventory_read",
    "locations_read",
    "orders_read",
    "products_read",
    "receiving_read",
    "returns_read",
];

impl Default for Settings {
    fn default() -> Self {
        let mut scopes = SCOPES.map(str::to_owned).to_vec();
        scopes.extend(["receiving_write", "webhooks_read", "webhooks_write"].map(str::to_owned));
        Self {
            versions: ["2025-07", "2026-01", "2026-07"].map(str::to_owned).to_vec(),
            scopes,
            requests_a_minute: 150,
            unsorted: true,
            invoice_amount_after_hours: 24,
            unknown_values: BTreeMap::new(),
            delivery: DeliverySettings::default(),
        }
    }
}

/// The merchant's account. Its secrets open nothing but the simulation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The personal access token.
    pub access_token: String,
    /// The id of the app that the merchant can authorise.
    pub client_id: String,
    /// The app's secret.
    pub client_secret: String,
    /// A secret for subscriptions, in ShipBob's pattern: `whsec_` and 24 bytes in base64.
    pub webhook_secret: String,
}

impl Default for Credentials {
    /// Always the same ones: a secret stays valid over a restart.
    fn default() -> Self {
        let mut random = fastrand::Rng::with_seed(0x51b0);
        Self {
            access_token: random::hex(&mut random, 64).to_uppercase(),
            webhook_secret: random::webhook_secret(&mut random),
            client_id: random::hex(&mut random, 32),
            client_secret: random::hex(&mut random, 48),
        }
    }
}
