//! Refunds: the body of `refunds/create`, and part of the order's history.

use serde::Deserialize;

use crate::{AdditionalFee, Amount, Duty, MoneySet, ShopTime, TaxLine, wire};

/// A refund: goods, shipping or an amount given back. It may move no money, as when goods are only taken back.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Refund {
    /// The refund's id.
    #[serde(deserialize_with = "wire::whole")]
    pub id: u64,
    /// The order's id; always there in a delivery, not always within an order.
    #[serde(default, deserialize_with = "wire::optional_whole")]
    pub order_id: Option<u64>,
    /// When it was entered.
    #[serde(default)]
    pub created_at: Option<ShopTime>,
    /// When it counts; an import dates it back.
    #[serde(default)]
    pub processed_at: Option<ShopTime>,
    /// What was given back of the lines; empty for shipping or an amount alone.
    #[serde(default, deserialize_with = "wire::or_default")]
    pub refund_line_items: Vec<RefundLine>,
    /// What was given back of the shipping.
    #[serde(default, deserialize_with = "wire::or_default")]
    pub refund_shipping_lines: Vec<RefundShipping>,
    /// What was given back beyond goods, with its sign: negative amounts go to the buyer.
    #[serde(default, deserialize_with = "wire::or_default")]
    pub order_adjustments: Vec<OrderAdjustment>,
    /// The duties given back. Shopify documents the total only: what cannot be read is left out.
    #[serde(default, deserialize_with = "wire::lenient_list")]
    pub duties: Vec<Duty>,
    /// The sum of the duties given back.
    #[serde(default)]
    pub total_duties_set: Option<MoneySet>,
    /// The sum of the fees given back.
    #[serde(default)]
    pub total_additional_fees_set: Option<MoneySet>,
    /// The fees given back. Shopify documents the total only: what cannot be read is left out.
    #[serde(default, deserialize_with = "wire::lenient_list")]
    pub additional_fees: Vec<AdditionalFee>,
    /// The money that moved.
    #[serde(default, deserialize_with = "wire::or_default")]
    pub transactions: Vec<Transaction>,
}

/// What was given back of one line.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct RefundLine {
    /// The refunded line's own id.
    #[serde(deserialize_with = "wire::optional_whole")]
    pub id: Option<u64>,
    /// The id of the order's line.
    #[serde(deserialize_with = "wire::optional_whole")]
    pub line_item_id: Option<u64>,
    /// How many.
    #[serde(deserialize_with = "wire::optional_whole")]
    pub quantity: Option<u64>,
    /// What they come to after discounts, in the shop's currency; a bare number in JSON.
    pub subtotal: Option<Amount>,
    /// The same in both currencies.
    pub subtotal_set: Option<MoneySet>,
    /// The taxes on it, in the shop's currency; a bare number in JSON.
    pub total_tax: Option<Amount>,
    /// The same in both currencies.
    pub total_tax_set: Option<MoneySet>,
    /// What becomes of the goods: `no_restock`, `cancel` (never left), `return` (was there) or `legacy_restock`: see
    /// [`crate::Order::quantity_sold`].
    #[serde(deserialize_with = "wire::text")]
    pub restock_type: Option<String>,
    /// The shop's location that takes them back.
    #[serde(deserialize_with = "wire::optional_whole")]
    pub location_id: Option<u64>,
}

/// What was given back of the shipping.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct RefundShipping {
    /// The refunded shipping's own id.
    #[serde(deserialize_with = "wire::optional_whole")]
    pub id: Option<u64>,
    /// The amount in both currencies.
    pub subtotal_amount_set: Option<MoneySet>,
    /// The taxes on it.
    #[serde(deserialize_with = "wire::lenient_list")]
    pub tax_lines: Vec<TaxLine>,
}

/// What was given back beyond goods.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct OrderAdjustment {
    /// The adjustment's id.
    #[serde(deserialize_with = "wire::optional_whole")]
    pub id: Option<u64>,
    /// `shipping_refund` or `refund_discrepancy`.
    #[serde(deserialize_with = "wire::text")]
    pub kind: Option<String>,
    /// The amount with its sign, in the shop's currency.
    pub amount: Option<Amount>,
    /// The same in both currencies.
    pub amount_set: Option<MoneySet>,
    /// The taxes on it with their sign, in the shop's currency.
    pub tax_amount: Option<Amount>,
    /// The same in both currencies.
    pub tax_amount_set: Option<MoneySet>,
}

/// Money that moved, or was to move.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Transaction {
    /// The transaction's id.
    #[serde(deserialize_with = "wire::optional_whole")]
    pub id: Option<u64>,
    /// `authorization`, `capture`, `sale`, `void` or `refund`.
    #[serde(deserialize_with = "wire::text")]
    pub kind: Option<String>,
    /// `pending`, `failure`, `success` or `error`. Only `success` moved money.
    #[serde(deserialize_with = "wire::text")]
    pub status: Option<String>,
    /// How much, never negative.
    pub amount: Option<Amount>,
    /// The currency of the amount.
    #[serde(deserialize_with = "wire::text")]
    pub currency: Option<String>,
    /// The way of payment, such as `gift_card`.
    #[serde(deserialize_with = "wire::text")]
    pub gateway: Option<String>,
    /// When it counts.
    pub processed_at: Option<ShopTime>,
}
