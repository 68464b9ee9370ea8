//! The catalogue: which inventory item is which SKU (schemas `Inventory.InventoryResponse` and
//! `Products.VariantInternalViewModelV5`).
//!
//! A product and its variants are records of one sales channel. The inventory item is the goods themselves; several
//! variants may share one, and ShipBob may merge variants, by which their item changes.

use rust_decimal::Decimal;
use serde::Deserialize;

use crate::wire;

/// An inventory item: goods on a shelf.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct InventoryItem {
    /// Its id.
    #[serde(deserialize_with = "wire::whole")]
    pub inventory_id: u64,
    /// The SKU.
    #[serde(default, deserialize_with = "wire::loose_text")]
    pub sku: Option<String>,
    /// Its name.
    #[serde(default, deserialize_with = "wire::text")]
    pub name: Option<String>,
    /// Whether it is kept by lots.
    #[serde(default)]
    pub is_lot: Option<bool>,
}

/// A product of a sales channel.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Product {
    /// Its id.
    #[serde(deserialize_with = "wire::whole")]
    pub id: u64,
    /// Its name.
    #[serde(default, deserialize_with = "wire::text")]
    pub name: Option<String>,
    /// Its variants.
    #[serde(default)]
    pub variants: Option<Vec<Variant>>,
}

/// A variant of a product.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Variant {
    /// Its id.
    #[serde(deserialize_with = "wire::whole")]
    pub id: u64,
    /// The SKU.
    #[serde(default, deserialize_with = "wire::loose_text")]
    pub sku: Option<String>,
    /// The goods behind it; kits have none.
    #[serde(default)]
    pub inventory: Option<VariantInventory>,
    /// The parts of a kit.
    #[serde(default)]
    pub bundle_definition: Option<Vec<BundlePart>>,
}

/// The goods behind a variant.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct VariantInventory {
    /// The inventory item's id.
    #[serde(deserialize_with = "wire::optional_whole")]
    pub inventory_id: Option<u64>,
}

/// A part of a kit.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct BundlePart {
    /// The variant's id.
    #[serde(deserialize_with = "wire::whole")]
    pub variant_id: u64,
    /// The variant's SKU.
    #[serde(default, deserialize_with = "wire::loose_text")]
    pub variant_sku: Option<String>,
    /// How many of it are in one kit.
    #[serde(default, deserialize_with = "wire::decimal")]
    pub quantity: Option<Decimal>,
}
