//! The lines of an order: what was sold.

use domain::Private;
use rust_decimal::Decimal;
use serde::{Deserialize, de::IgnoredAny};

use crate::{Amount, AmountError, DiscountAllocation, Duty, MoneySet, TaxLine, discount::allocated, wire};

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
    /// The titles of product and variant together.
    #[serde(deserialize_with = "wire::text")]
    pub name: Option<String>,
    /// The product's vendor.
    #[serde(deserialize_with = "wire::text")]
    pub vendor: Option<String>,
    /// The product's type; only in payloads of shops that add it.
    #[serde(deserialize_with = "wire::text")]
    pub product_type: Option<String>,
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
    /// How many are yet to be fulfilled.
    #[serde(deserialize_with = "wire::optional_whole")]
    pub fulfillable_quantity: Option<u64>,
    /// How far it is fulfilled: `partial` or `fulfilled`; nothing while nothing is, and in fetched orders.
    #[serde(deserialize_with = "wire::text")]
    pub fulfillment_status: Option<String>,
    /// Price of one before discounts, in the shop's currency.
    pub price: Option<Amount>,
    /// Price of one before discounts, in both currencies.
    pub price_set: Option<MoneySet>,
    /// The discounts of the line itself only. Not used: those of the whole order are missing here, see
    /// [`LineItem::discount`].
    pub total_discount: Option<Amount>,
    /// The parts of all discounts that fall on this line.
    #[serde(deserialize_with = "wire::or_default")]
    pub discount_allocations: Vec<DiscountAllocation>,
    /// The taxes on the line.
    #[serde(deserialize_with = "wire::or_default")]
    pub tax_lines: Vec<TaxLine>,
    /// The duties on the line.
    #[serde(deserialize_with = "wire::or_default")]
    pub duties: Vec<Duty>,
    /// Whether it is taxed at all; nothing where Shopify does not say.
    pub taxable: Option<bool>,
    /// Whether it is sent by post or carrier; nothing where Shopify does not say.
    pub requires_shipping: Option<bool>,
    /// Whether it is a gift card: a liability, not a sale.
    #[serde(deserialize_with = "wire::or_default")]
    pub gift_card: bool,
    /// There on tips only, even if null.
    #[serde(rename = "tip_payment_gateway", deserialize_with = "is_there")]
    pub is_tip: bool,
    /// What the buyer or the shop added to the line. Old payloads send other shapes than a list: they are left out.
    #[serde(deserialize_with = "wire::lenient_list")]
    pub properties: Vec<Property>,
    /// Joins the lines that were sold as one, such as a bundle or a product and its warranty.
    #[serde(deserialize_with = "wire::optional_whole")]
    pub sales_line_item_group_id: Option<u64>,
}

impl LineItem {
    /// How many are to be delivered: what is left, or what was ordered where Shopify does not say what is left.
    pub fn effective_quantity(&self) -> Option<u64> {
        self.current_quantity.or(self.quantity)
    }

    /// How many were ordered.
    pub(crate) fn ordered(&self) -> Option<u64> {
        self.quantity
    }

    /// The discount on the whole line as ordered: the sum of its allocations. Shopify has split order-wide
    /// discounts to the cent; `total_discount` holds only those of the line itself, so it is not read. Where
    /// fewer are left than were ordered, Shopify does not say what part of the discount is left with them.
    pub fn discount(&self) -> Result<Decimal, AmountError> {
        allocated(&self.discount_allocations)
    }
}

/// What the buyer or the shop added to a line or an order, such as an engraving.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Property {
    /// The property's name.
    #[serde(deserialize_with = "wire::lenient")]
    pub name: Option<String>,
    /// Its value, which a buyer may have written; nothing where it is neither text, number nor truth value.
    #[serde(deserialize_with = "wire::loose_text")]
    pub value: Option<Private<String>>,
}

impl Property {
    /// Whether it is for the shop's programs and not shown to buyers: its name begins with `_`.
    pub fn is_hidden(&self) -> bool {
        self.name.as_deref().is_some_and(|name| name.starts_with('_'))
    }
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
            let shipping: crate::ShippingLine = serde_json::from_str(&json).unwrap();
            assert_eq!(shipping.net().unwrap().to_string(), "5.00");
        }
    }

    #[test]
    fn properties_are_read_one_by_one_and_keep_numbers_as_written() {
        let json = r#"{"properties":[{"name":"_bundle","value":7.10},3,{"name":"Engraving","value":"Zoë"},
            {"name":1,"value":{"a":1}},{"value":true}]}"#;
        let properties = line(json).properties;
        let shown: Vec<_> = properties
            .iter()
            .map(|property| {
                (property.name.as_deref(), property.value.as_ref().map(|value| value.expose().as_str()))
            })
            .collect();
        let expected = [
            (Some("_bundle"), Some("7.10")),
            (Some("Engraving"), Some("Zoë")),
            (None, None),
            (None, Some("true")),
        ];
        assert_eq!(shown, expected);
        assert!(properties[0].is_hidden() && !properties[1].is_hidden() && !properties[3].is_hidden());
        assert!(!format!("{properties:?}").contains("Zoë"));
    }

    #[test]
    fn a_tip_is_known_by_a_key_that_may_be_null() {
        assert!(line(r#"{"tip_payment_gateway":null}"#).is_tip);
        assert!(!line(r#"{"gift_card":null}"#).is_tip);
    }
}
