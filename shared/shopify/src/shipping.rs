//! How an order is shipped: what the buyer chose, and what was sent.

use rust_decimal::Decimal;
use serde::Deserialize;

use crate::{
    Amount, AmountError, DiscountAllocation, MoneySet, ShopTime, TaxLine,
    discount::{allocated, overflow},
    wire,
};

/// A way of shipping that the buyer chose.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct ShippingLine {
    /// The shipping line's id.
    #[serde(deserialize_with = "wire::optional_whole")]
    pub id: Option<u64>,
    /// The name of the shipping method.
    #[serde(deserialize_with = "wire::text")]
    pub title: Option<String>,
    /// The code of the shipping method.
    #[serde(deserialize_with = "wire::text")]
    pub code: Option<String>,
    /// The price before discounts, in the shop's currency.
    pub price: Option<Amount>,
    /// The price before discounts, in both currencies.
    pub price_set: Option<MoneySet>,
    /// Where the price comes from, such as `shopify` or a carrier service.
    #[serde(deserialize_with = "wire::text")]
    pub source: Option<String>,
    /// The parts of all discounts that fall on this shipping line.
    #[serde(deserialize_with = "wire::or_default")]
    pub discount_allocations: Vec<DiscountAllocation>,
    /// The taxes on the shipping.
    #[serde(deserialize_with = "wire::or_default")]
    pub tax_lines: Vec<TaxLine>,
    /// Whether it was taken off the order again; not in payloads before 2024-04.
    #[serde(deserialize_with = "wire::or_default")]
    pub is_removed: bool,
}

impl ShippingLine {
    /// The discount on the shipping: the sum of its allocations.
    pub fn discount(&self) -> Result<Decimal, AmountError> {
        allocated(&self.discount_allocations)
    }

    /// What the shipping costs after discounts. A line without a price costs nothing.
    pub fn net(&self) -> Result<Decimal, AmountError> {
        let price = self.price.as_ref().map_or(Ok(Decimal::ZERO), Amount::decimal);
        let price = price.map_err(|error| AmountError { field: "price".to_owned(), error })?;
        let discount = self.discount()?;
        price.checked_sub(discount).ok_or_else(|| overflow("price".to_owned()))
    }
}

/// What was sent of an order in one go.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Fulfillment {
    /// The fulfilment's id.
    #[serde(deserialize_with = "wire::optional_whole")]
    pub id: Option<u64>,
    /// `pending`, `open`, `success`, `cancelled`, `error` or `failure`.
    #[serde(deserialize_with = "wire::text")]
    pub status: Option<String>,
    /// The shop's location that sent it.
    #[serde(deserialize_with = "wire::optional_whole")]
    pub location_id: Option<u64>,
    /// When it was made.
    pub created_at: Option<ShopTime>,
    /// The carrier.
    #[serde(deserialize_with = "wire::text")]
    pub tracking_company: Option<String>,
    /// The carrier's numbers of the parcels.
    #[serde(deserialize_with = "wire::or_default")]
    pub tracking_numbers: Vec<String>,
    /// What was sent.
    #[serde(deserialize_with = "wire::or_default")]
    pub line_items: Vec<FulfilledLine>,
}

/// What was sent of one line.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct FulfilledLine {
    /// The id of the order's line.
    #[serde(deserialize_with = "wire::optional_whole")]
    pub id: Option<u64>,
    /// How many were sent.
    #[serde(deserialize_with = "wire::optional_whole")]
    pub quantity: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shipping_costs_its_price_less_its_allocations() {
        let json = r#"{"price":"4.90","discounted_price":"4.90","discount_allocations":[{"amount":"4.90"}]}"#;
        let shipping: ShippingLine = serde_json::from_str(json).unwrap();
        assert!(shipping.net().unwrap().is_zero());
    }
}
