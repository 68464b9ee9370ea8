//! Where amounts are booked, and what goes to the general ledger.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Exact;

/// Dimensions by their place in the accounting string (M3: 2 to 7 for AIT2 to AIT7); the account is place 1.
pub type Dimensions = BTreeMap<u8, String>;

/// Where amounts of a kind are booked.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GlRule {
    /// What kind of amount.
    pub kind: GlKind,
    /// Which amounts of the kind. All conditions that are named must hold; none are named: every amount.
    pub when: GlWhen,
    /// The account (M3: AIT1). Needed, unless each part of a split names its own.
    pub account: String,
    /// The dimensions beside it.
    pub dimensions: Dimensions,
    /// The parts, if the amount is booked in several. They come to 100.
    pub split: Vec<Split>,
}

/// What kind of amount a rule is for.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum GlKind {
    /// What lines come to after discounts or, where a rule for discounts matches, before.
    #[default]
    Line,
    /// Shipping.
    Shipping,
    /// Discounts on lines.
    Discount,
    /// Taxes that are entered as a charge, or given back.
    Tax,
    /// Duties.
    Duty,
    /// Tips.
    Tip,
    /// Gift cards that are sold.
    GiftCard,
    /// Fees that are neither duty nor tax.
    Fee,
    /// What is given back of lines, and differences between what is given back and what was owed.
    Refund,
    /// Goods that ShipBob shipped: accounts of the issue from stock, not of an amount.
    Issue,
    /// Goods that ShipBob restocked: accounts of what comes back to stock.
    Restock,
    /// What ShipBob charges, or gives back.
    WarehouseFee,
    /// Taxes on what ShipBob charges.
    WarehouseTax,
}

/// Which amounts a rule is for. Each condition is a list of which one must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GlWhen {
    /// The company (M3: CONO).
    pub company: Vec<u16>,
    /// The country that the goods go to, or, where nothing is shipped, of the bill (ISO 3166-1, two letters).
    pub country: Vec<String>,
    /// One of the order's tags, in capitals or not.
    pub tag: Vec<String>,
    /// The product's vendor.
    pub vendor: Vec<String>,
    /// The product's type; only in payloads of shops that add it.
    pub product_type: Vec<String>,
    /// The SKU; `*` stands for any characters, `?` for one.
    pub sku: Vec<String>,
    /// The tax's name, such as `VAT`; for taxes only.
    pub tax_title: Vec<String>,
    /// ShipBob's name of the fee, such as `Per Pick Fee`; for what ShipBob charges only.
    pub fee: Vec<String>,
    /// ShipBob's name of the fulfilment centre, such as `Cicero (IL)`; for what ShipBob does only.
    pub fulfillment_center: Vec<String>,
}

/// A part of an amount.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Split {
    /// How much of the amount, in percent. Needed.
    pub percent: Exact,
    /// The account; empty for the rule's.
    pub account: String,
    /// The dimensions, besides the rule's or in their place.
    pub dimensions: Dimensions,
}

/// What goes to the general ledger as a journal entry.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Journal {
    /// Whether what the rules say of an order's amounts is booked by a journal entry beside the order.
    pub allocations: bool,
    /// What becomes of refunds.
    pub refunds: Refunds,
    /// The interface by which CloudSuite reads journal entries (M3: INTN of GLS850). Needed for journal entries.
    pub interface: String,
    /// The account that journal entries balance against. Needed for journal entries.
    pub clearing_account: String,
    /// The dimensions beside it.
    pub clearing_dimensions: Dimensions,
    /// Tax code (M3: VTCD) of every line; empty for none.
    pub tax_code: String,
}

/// What becomes of refunds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Refunds {
    /// They are noted with the order.
    #[default]
    Note,
    /// They become journal entries.
    Journal,
}
