//! The lines of an order: what was sold, and how it is shipped.

use rust_decimal::Decimal;
use serde::{Deserialize, de::IgnoredAny};

use crate::{Amount, AmountError, wire};

/// One line of an order.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(default)]
pub struct LineItem {
    /// The line's id.
    #[serde(deserialize_with = "wire::optional_whole")]
    pub id: Option<u64>,
    /// The SKU, trimmed; nothing for a custom line (null) and for a variant without one (empty).
    #[serde(deserialize_with = "wire::text")]
    pub sku: Option<String>,
    /// The product's title.
    #[serde(deserialize_with = "wire::text")]
    pub title: Option<String>,
    /// The variant's title.
    #[serde(deserialize_with = "wire::text")]
    pub variant_title: Option<String>,
    /// The product's vendor.
    #[serde(deserialize_with = "wire::text")]
    pub vendor: Option<String>,
    /// The variant; nothing for a custom line and for a deleted variant.
    #[serde(deserialize_with = "wire::optional_whole")]
    pub variant_id: Option<u64>,
    /// The product; nothing for a custom line and for a deleted product.
    #[serde(deserialize_with = "wire::optional_whole")]
    pub product_id: Option<u64>,
    /// How many were ordered.
    #[serde(deserialize_with = "wire::optional_whole")]
    pub quantity: Option<u64>,
    /// How many are left after edits and refunds; not in payloads before 2024.
    #[serde(deserialize_with = "wire::optional_whole")]
    pub current_quantity: Option<u64>,
    /// Price of one before discounts, in the shop's currency.
    pub price: Option<Amount>,
    /// The parts of all discounts that fall on this line.
    #[serde(deserialize_with = "wire::or_default")]
    pub discount_allocations: Vec<DiscountAllocation>,
    /// The taxes on the line.
    #[serde(deserialize_with = "wire::or_default")]
    pub tax_lines: Vec<TaxLine>,
    /// Whether it is a gift card: a liability, not a sale.
    #[serde(deserialize_with = "wire::or_default")]
    pub gift_card: bool,
    /// There on tips only, even if null.
    #[serde(rename = "tip_payment_gateway", deserialize_with = "is_there")]
    pub is_tip: bool,
}

impl LineItem {
    /// How many are to be delivered: what is left, or what was ordered where Shopify does not say what is left.
    pub fn effective_quantity(&self) -> Option<u64> {
        self.current_quantity.or(self.quantity)
    }

    /// The discount on the whole line as ordered: the sum of its allocations. Shopify has split order-wide
    /// discounts to the cent; `total_discount` holds only those of the line itself, so it is not read. Where
    /// fewer are left than were ordered, Shopify does not say what part of the discount is left with them.
    pub fn discount(&self) -> Result<Decimal, AmountError> {
        sum(&self.discount_allocations)
    }
}

/// The part of one discount that falls on a line.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct DiscountAllocation {
    /// The amount, in the shop's currency.
    pub amount: Option<Amount>,
}

/// A tax on a line or an order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct TaxLine {
    /// The tax's name.
    #[serde(deserialize_with = "wire::text")]
    pub title: Option<String>,
    /// The amount, in the shop's currency.
    pub price: Option<Amount>,
    /// The rate as a fraction, such as 0.19; a bare number in JSON.
    pub rate: Option<Amount>,
    /// Whether a marketplace pays the tax on; null where nobody said.
    pub channel_liable: Option<bool>,
}

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
        sum(&self.discount_allocations)
    }

    /// What the shipping costs after discounts. A line without a price costs nothing.
    pub fn net(&self) -> Result<Decimal, AmountError> {
        let price = self.price.as_ref().map_or(Ok(Decimal::ZERO), Amount::decimal);
        let price = price.map_err(|error| AmountError { field: "price".to_owned(), error })?;
        let discount = self.discount()?;
        price.checked_sub(discount).ok_or_else(|| overflow("price".to_owned()))
    }
}

fn sum(allocations: &[DiscountAllocation]) -> Result<Decimal, AmountError> {
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
fn overflow(field: String) -> AmountError {
    AmountError { field, error: domain::MoneyError::Amount }
}

/// Called only where the key is there.
fn is_there<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(deserializer).map(|_| true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(json: &str) -> LineItem {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn the_discount_is_what_shopify_allocated_and_not_the_lines_own_field() {
        let json =
            r#"{"total_discount":"0.00","discount_allocations":[{"amount":"3.34"},{"amount":"1.00"}]}"#;
        assert_eq!(line(json).discount().unwrap().to_string(), "4.34");
        assert_eq!(line(r#"{"discount_allocations":null}"#).discount().unwrap(), Decimal::ZERO);
    }

    #[test]
    fn an_allocation_that_is_no_amount_is_named() {
        let error = line(r#"{"discount_allocations":[{},{"amount":"free"}]}"#).discount().unwrap_err();
        assert_eq!(error.field, "discount_allocations[1].amount");
        let much = r#"{"amount":"70000000000000000000000000000"}"#;
        let error = line(&format!(r#"{{"discount_allocations":[{much},{much}]}}"#)).discount().unwrap_err();
        assert_eq!(error.field, "discount_allocations[1].amount");
    }

    #[test]
    fn what_is_left_goes_before_what_was_ordered() {
        assert_eq!(line(r#"{"quantity":3,"current_quantity":0}"#).effective_quantity(), Some(0));
        assert_eq!(line(r#"{"quantity":3,"current_quantity":null}"#).effective_quantity(), Some(3));
        assert_eq!(line(r#"{"quantity":3}"#).effective_quantity(), Some(3));
        assert_eq!(line("{}").effective_quantity(), None);
    }

    #[test]
    fn a_line_without_sku_has_none_however_shopify_says_so() {
        for json in ["{}", r#"{"sku":null}"#, r#"{"sku":""}"#, r#"{"sku":"  "}"#] {
            assert_eq!(line(json).sku, None, "{json}");
        }
        assert_eq!(line(r#"{"sku":" MUG-BLUE-12 "}"#).sku.as_deref(), Some("MUG-BLUE-12"));
    }

    /// Old and odd payloads send properties as an object; what is not needed cannot break an order.
    #[test]
    fn odd_shapes_of_fields_that_are_not_needed_do_no_harm() {
        for properties in ["{}", "[]", "null", r#"{"name":2}"#, r#"[{"name":2}]"#, "3"] {
            let json = format!(r#"{{"id":"18446744073709551615","properties":{properties}}}"#);
            assert_eq!(line(&json).id, Some(u64::MAX), "{json}");
        }
        for id in ["null", "7", r#""abc""#] {
            let json = format!(r#"{{"requested_fulfillment_service_id":{id},"price":"5.00"}}"#);
            let shipping: ShippingLine = serde_json::from_str(&json).unwrap();
            assert_eq!(shipping.net().unwrap().to_string(), "5.00");
        }
    }

    #[test]
    fn a_tip_is_known_by_a_key_that_may_be_null() {
        assert!(line(r#"{"tip_payment_gateway":null}"#).is_tip);
        assert!(!line(r#"{"gift_card":null}"#).is_tip);
    }

    #[test]
    fn shipping_costs_its_price_less_its_allocations() {
        let json = r#"{"price":"4.90","discounted_price":"4.90","discount_allocations":[{"amount":"4.90"}]}"#;
        let shipping: ShippingLine = serde_json::from_str(json).unwrap();
        assert!(shipping.net().unwrap().is_zero());
    }
}
