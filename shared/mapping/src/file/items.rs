//! How SKUs become item numbers, units and parts of bundles.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Exact;

/// How SKUs become item numbers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Items {
    /// What stands before every item number and not in the SKU.
    pub prefix: String,
    /// Item number of custom lines, which name no product; empty to reject them.
    pub custom: String,
    /// Item number of products without a SKU; empty to reject them.
    pub without_sku: String,
    /// SKUs that have another item number.
    pub aliases: BTreeMap<String, String>,
    /// SKUs that are counted in another unit.
    pub units: BTreeMap<String, Unit>,
    /// SKUs that stand for several items, each with its parts. Others are posted as they are.
    pub bundles: BTreeMap<String, Vec<Component>>,
}

/// How a SKU is counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Unit {
    /// How many of the unit one of the SKU is.
    pub factor: Exact,
    /// The unit (M3: ALUN); empty for the item's basic unit.
    pub unit: String,
}

impl Default for Unit {
    fn default() -> Self {
        Self { factor: Exact(Decimal::ONE), unit: String::new() }
    }
}

/// A part of a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Component {
    /// The part's SKU, to which aliases, prefix and units apply. Needed.
    pub sku: String,
    /// How many of it one bundle holds.
    pub quantity: Exact,
    /// Which part of the bundle's price it has. The parts of a bundle come to 100. Needed.
    pub percent: Exact,
}

impl Default for Component {
    fn default() -> Self {
        Self { sku: String::new(), quantity: Exact(Decimal::ONE), percent: Exact(Decimal::ZERO) }
    }
}
