//! The discounts of an order: what they are, and what part of each falls where.

use rust_decimal::Decimal;
use serde::Deserialize;

use crate::{Amount, AmountError, MoneySet, wire};

/// The part of one discount that falls on a line.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct DiscountAllocation {
    /// The amount, in the shop's currency.
    pub amount: Option<Amount>,
    /// The amount in both currencies.
    pub amount_set: Option<MoneySet>,
    /// Which discount: the place in the order's `discount_applications`, counted from 0.
    #[serde(deserialize_with = "wire::optional_whole")]
    pub discount_application_index: Option<u64>,
}

/// A discount on an order. Shopify has split it over lines and shipping: see [`DiscountAllocation`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct DiscountApplication {
    /// Where it comes from: `discount_code`, `manual`, `automatic` or `script`.
    #[serde(rename = "type", deserialize_with = "wire::text")]
    pub kind: Option<String>,
    /// The code, for those by code.
    #[serde(deserialize_with = "wire::text")]
    pub code: Option<String>,
    /// The title, for the others.
    #[serde(deserialize_with = "wire::text")]
    pub title: Option<String>,
    /// The merchant's words for it.
    #[serde(deserialize_with = "wire::text")]
    pub description: Option<String>,
    /// The amount or the percentage.
    pub value: Option<Amount>,
    /// Which of the two: `fixed_amount` or `percentage`.
    #[serde(deserialize_with = "wire::text")]
    pub value_type: Option<String>,
    /// On what: `line_item` or `shipping_line`.
    #[serde(deserialize_with = "wire::text")]
    pub target_type: Option<String>,
    /// On which of them: `all`, `entitled` or `explicit`.
    #[serde(deserialize_with = "wire::text")]
    pub target_selection: Option<String>,
    /// How it is split: `across`, `each` or `one`.
    #[serde(deserialize_with = "wire::text")]
    pub allocation_method: Option<String>,
}

/// A discount that the buyer got by a code.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct DiscountCode {
    /// The code: any text of the merchant's.
    #[serde(deserialize_with = "wire::text")]
    pub code: Option<String>,
    /// What it took off, in the shop's currency.
    pub amount: Option<Amount>,
    /// `fixed_amount`, `percentage` or `shipping`.
    #[serde(rename = "type", deserialize_with = "wire::text")]
    pub kind: Option<String>,
}

/// The sum of what falls on a line.
pub(crate) fn allocated(allocations: &[DiscountAllocation]) -> Result<Decimal, AmountError> {
    let mut total = Decimal::ZERO;
    for (place, allocation) in allocations.iter().enumerate() {
        let Some(amount) = &allocation.amount else { continue };
        let field = || format!("discount_allocations[{place}].amount");
        let amount = amount.decimal().map_err(|error| AmountError { field: field(), error })?;
        total = total.checked_add(amount).ok_or_else(|| overflow(field()))?;
    }
    Ok(total)
}

/// A sum that no decimal holds has a part that cannot be an amount.
pub(crate) fn overflow(field: String) -> AmountError {
    AmountError { field, error: domain::MoneyError::Amount }
}
