//! How all that is not goods is entered: shipping, tips, duties, fees, taxes, discounts, gift cards.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How something is entered that is a charge on the order's head.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Charged {
    /// Charge (M3: CRID) that it is entered as; empty to reject orders that have it.
    pub charge: String,
}

/// How discounts are entered.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Discounts {
    /// What the discount amount of an order line means.
    pub write_as: Discount,
}

/// What the discount amount of an order line means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Discount {
    /// The discount of the whole line.
    #[default]
    LineAmount,
    /// The discount of one unit.
    UnitAmount,
}

/// How taxes are entered.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Taxes {
    /// How prices that contain taxes are entered.
    pub included: IncludedTaxes,
    /// What becomes of taxes that a marketplace pays on.
    pub marketplace: MarketplaceTaxes,
    /// Charge (M3: CRID) that taxes on top of prices are entered as; empty to leave taxes to CloudSuite.
    pub charge: String,
}

/// How prices that contain taxes are entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum IncludedTaxes {
    /// As the shop shows them, taxes contained.
    #[default]
    AsShown,
    /// Without the taxes.
    Net,
}

/// What becomes of taxes that a marketplace pays on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MarketplaceTaxes {
    /// They are left out, and taken out of prices that contain them: they are nothing of the merchant's.
    #[default]
    LeaveOut,
    /// They are entered like any other tax.
    AsTax,
}

/// How gift cards that are sold are entered. A gift card is a liability and never revenue.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GiftCards {
    /// Item number that a gift card is entered as; empty to use the charge.
    pub item: String,
    /// Charge (M3: CRID) that gift cards are entered as. Item and charge are both empty to reject orders of them.
    pub charge: String,
    /// Account of the liability, where no rule of the kind `gift_card` names another. Needed with item or charge.
    pub account: String,
}
