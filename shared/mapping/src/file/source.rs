//! What is asked of Shopify.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is asked of Shopify.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Shopify {
    /// Whether a webhook subscription that Shopify has removed is made again.
    pub restore_subscriptions: bool,
    /// How orders are looked for that were never delivered.
    pub reconcile: Reconcile,
}

/// How orders are looked for that were never delivered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Reconcile {
    /// Whether they are looked for at all.
    pub enabled: bool,
    /// How many minutes before the end of the last window the next begins (5 to 2880).
    pub overlap_minutes: u16,
    /// How many orders one run compares at most (1 to 50000).
    pub most_orders: u32,
}

impl Default for Reconcile {
    fn default() -> Self {
        Self { enabled: true, overlap_minutes: 60, most_orders: 2_000 }
    }
}
