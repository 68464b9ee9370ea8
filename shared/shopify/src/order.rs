//! The order: the body of the webhook topics about orders.
//!
//! Only what is needed is read, every field may be missing or null, and fields that are not named here may hold
//! anything: Shopify adds, moves and removes fields with each quarterly version.

use domain::Private;
use jiff::civil::Date;
use serde::Deserialize;

use crate::{
    AdditionalFee, Address, Amount, Company, Customer, DiscountApplication, DiscountCode, Fulfillment,
    LineItem, MoneySet, PaymentTerms, Property, Refund, ShippingLine, ShopTime, TaxLine, wire,
};

/// An order. Plain amounts are in the shop's currency. In a personal field, nothing means a missing key.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a field of Shopify's")]
pub struct Order {
    /// The order's id, unique over all shops.
    #[serde(deserialize_with = "wire::whole")]
    pub id: u64,
    /// The name that people use, such as `#1001`. Prefix and suffix are the merchant's; not unique over shops.
    #[serde(default, deserialize_with = "wire::text")]
    pub name: Option<String>,
    /// The number behind the name, without prefix and suffix.
    #[serde(default, deserialize_with = "wire::optional_whole")]
    pub order_number: Option<u64>,
    /// The code that the buyer was shown.
    #[serde(default, deserialize_with = "wire::text")]
    pub confirmation_number: Option<String>,
    /// E-mail address for this order.
    #[serde(default, deserialize_with = "wire::personal")]
    pub email: Option<Private<String>>,
    /// E-mail address that Shopify writes to about this order.
    #[serde(default, deserialize_with = "wire::personal")]
    pub contact_email: Option<Private<String>>,
    /// Telephone number for this order.
    #[serde(default, deserialize_with = "wire::personal")]
    pub phone: Option<Private<String>>,
    /// The buyer's note or the merchant's.
    #[serde(default, deserialize_with = "wire::personal")]
    pub note: Option<Private<String>>,
    /// What the checkout or the shop added to the order.
    #[serde(default, deserialize_with = "wire::lenient_list")]
    pub note_attributes: Vec<Property>,
    /// When the order came into the shop's system.
    #[serde(default)]
    pub created_at: Option<ShopTime>,
    /// When it last changed, to the second.
    #[serde(default)]
    pub updated_at: Option<ShopTime>,
    /// When it was placed; an import dates it back.
    #[serde(default)]
    pub processed_at: Option<ShopTime>,
    /// When it was cancelled.
    #[serde(default)]
    pub cancelled_at: Option<ShopTime>,
    /// Why it was cancelled: `customer`, `declined`, `fraud`, `inventory`, `staff` or `other`.
    #[serde(default, deserialize_with = "wire::text")]
    pub cancel_reason: Option<String>,
    /// When it was closed, which archives it and says nothing about money or goods.
    #[serde(default)]
    pub closed_at: Option<ShopTime>,
    /// Whether it is a test.
    #[serde(default, deserialize_with = "wire::or_default")]
    pub test: bool,
    /// How far it is paid, such as `paid` or `pending`.
    #[serde(default, deserialize_with = "wire::text")]
    pub financial_status: Option<String>,
    /// How far it is fulfilled: `partial`, `fulfilled` or `restocked`; nothing while nothing is.
    #[serde(default, deserialize_with = "wire::text")]
    pub fulfillment_status: Option<String>,
    /// The shop's currency.
    #[serde(default, deserialize_with = "wire::text")]
    pub currency: Option<String>,
    /// The currency that the buyer saw and paid.
    #[serde(default, deserialize_with = "wire::text")]
    pub presentment_currency: Option<String>,
    /// Whether the prices contain the taxes.
    #[serde(default, deserialize_with = "wire::or_default")]
    pub taxes_included: bool,
    /// Whether the buyer pays no taxes on it.
    #[serde(default, deserialize_with = "wire::or_default")]
    pub tax_exempt: bool,
    /// Whether the prices contain the duties; not in payloads before 2024-10.
    #[serde(default, deserialize_with = "wire::or_default")]
    pub duties_included: bool,
    /// The taxes of the whole order.
    #[serde(default, deserialize_with = "wire::or_default")]
    pub tax_lines: Vec<TaxLine>,
    /// Sum of the lines before discounts, as ordered.
    #[serde(default)]
    pub total_line_items_price: Option<Amount>,
    /// The same in both currencies.
    #[serde(default)]
    pub total_line_items_price_set: Option<MoneySet>,
    /// Sum of all discounts, those on shipping among them, as ordered.
    #[serde(default)]
    pub total_discounts: Option<Amount>,
    /// The same in both currencies.
    #[serde(default)]
    pub total_discounts_set: Option<MoneySet>,
    /// Sum of the lines after discounts, before shipping, taxes, duties and tips, as ordered.
    #[serde(default)]
    pub subtotal_price: Option<Amount>,
    /// The same in both currencies.
    #[serde(default)]
    pub subtotal_price_set: Option<MoneySet>,
    /// Sum of the taxes, as ordered.
    #[serde(default)]
    pub total_tax: Option<Amount>,
    /// The same in both currencies.
    #[serde(default)]
    pub total_tax_set: Option<MoneySet>,
    /// Sum of the shipping before discounts, as ordered.
    #[serde(default)]
    pub total_shipping_price_set: Option<MoneySet>,
    /// Sum of the duties, as ordered; nothing where none were charged.
    #[serde(default)]
    pub original_total_duties_set: Option<MoneySet>,
    /// Sum of the additional fees, as ordered; nothing where none were charged.
    #[serde(default)]
    pub original_total_additional_fees_set: Option<MoneySet>,
    /// Sum of the tips; the lines that are tips hold the same money.
    #[serde(default)]
    pub total_tip_received: Option<Amount>,
    /// What the buyer owes, as ordered.
    #[serde(default)]
    pub total_price: Option<Amount>,
    /// The same in both currencies.
    #[serde(default)]
    pub total_price_set: Option<MoneySet>,
    /// What the buyer has yet to pay.
    #[serde(default)]
    pub total_outstanding: Option<Amount>,
    /// Sum of all discounts after edits and refunds.
    #[serde(default)]
    pub current_total_discounts: Option<Amount>,
    /// The same in both currencies.
    #[serde(default)]
    pub current_total_discounts_set: Option<MoneySet>,
    /// Sum of the lines after discounts, edits and refunds.
    #[serde(default)]
    pub current_subtotal_price: Option<Amount>,
    /// The same in both currencies.
    #[serde(default)]
    pub current_subtotal_price_set: Option<MoneySet>,
    /// Sum of the taxes after edits and refunds.
    #[serde(default)]
    pub current_total_tax: Option<Amount>,
    /// The same in both currencies.
    #[serde(default)]
    pub current_total_tax_set: Option<MoneySet>,
    /// Sum of the shipping after edits and refunds; not in payloads before 2024-10.
    #[serde(default)]
    pub current_shipping_price_set: Option<MoneySet>,
    /// Sum of the duties after edits and refunds.
    #[serde(default)]
    pub current_total_duties_set: Option<MoneySet>,
    /// Sum of the additional fees after edits and refunds.
    #[serde(default)]
    pub current_total_additional_fees_set: Option<MoneySet>,
    /// What the buyer owes after edits and refunds.
    #[serde(default)]
    pub current_total_price: Option<Amount>,
    /// The same in both currencies.
    #[serde(default)]
    pub current_total_price_set: Option<MoneySet>,
    /// Discounts by their codes; what they come to stands in the allocations.
    #[serde(default, deserialize_with = "wire::or_default")]
    pub discount_codes: Vec<DiscountCode>,
    /// Every discount; the allocations name it by its place in this list.
    #[serde(default, deserialize_with = "wire::or_default")]
    pub discount_applications: Vec<DiscountApplication>,
    /// Fees that are neither duty nor tax. Shopify documents the totals only: what cannot be read is left out.
    #[serde(default, deserialize_with = "wire::lenient_list")]
    pub additional_fees: Vec<AdditionalFee>,
    /// How it was or will be paid, such as `gift_card` or `manual`; may be empty.
    #[serde(default, deserialize_with = "wire::or_default")]
    pub payment_gateway_names: Vec<String>,
    /// When it is to be paid; nothing where it was due at once.
    #[serde(default)]
    pub payment_terms: Option<PaymentTerms>,
    /// Where it was sold: `web`, `pos`, `shopify_draft_order`, or the number of an app.
    #[serde(default, deserialize_with = "wire::text")]
    pub source_name: Option<String>,
    /// The shop's location that sold it; nothing for most orders from the web.
    #[serde(default, deserialize_with = "wire::optional_whole")]
    pub location_id: Option<u64>,
    /// Which of the merchant's legal entities sold it, for merchants with several; not in payloads before 2024-10.
    #[serde(default, deserialize_with = "wire::text")]
    pub merchant_business_entity_id: Option<String>,
    /// The buyer's language, such as `de-DE`.
    #[serde(default, deserialize_with = "wire::text")]
    pub customer_locale: Option<String>,
    /// The merchant's tags, joined by commas: see [`Order::tag_list`].
    #[serde(default, deserialize_with = "wire::text")]
    pub tags: Option<String>,
    /// The buyer's own order number (business to business).
    #[serde(default, deserialize_with = "wire::text")]
    pub po_number: Option<String>,
    /// The buying firm (business to business).
    #[serde(default)]
    pub company: Option<Company>,
    /// The customer; nothing for guests, sales at the till and removed customers.
    #[serde(default)]
    pub customer: Option<Customer>,
    /// Where the bill goes.
    #[serde(default)]
    pub billing_address: Option<Address>,
    /// Where the goods go; nothing where nothing is shipped.
    #[serde(default)]
    pub shipping_address: Option<Address>,
    /// What was sold.
    #[serde(default, deserialize_with = "wire::or_default")]
    pub line_items: Vec<LineItem>,
    /// How it is shipped. Removed ones are among them: see [`Order::shipping`].
    #[serde(default, deserialize_with = "wire::or_default")]
    pub shipping_lines: Vec<ShippingLine>,
    /// What was given back. Grows with the order's history.
    #[serde(default, deserialize_with = "wire::or_default")]
    pub refunds: Vec<Refund>,
    /// What was sent. Grows with the order's history.
    #[serde(default, deserialize_with = "wire::or_default")]
    pub fulfillments: Vec<Fulfillment>,
}

impl Order {
    /// Whether it is a test: no goods are to move for it.
    pub fn is_test(&self) -> bool {
        self.test
    }

    /// Whether it was cancelled. Shopify has no status for it, only the time.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled_at.is_some()
    }

    /// The day of the order in the shop's own offset: the day it was placed, else the day it came in.
    pub fn business_date(&self) -> Option<Date> {
        self.processed_at.or(self.created_at).map(|time| time.date)
    }

    /// The merchant's tags, each trimmed.
    pub fn tag_list(&self) -> impl Iterator<Item = &str> {
        let tags = self.tags.as_deref().unwrap_or_default();
        tags.split(',').map(str::trim).filter(|tag| !tag.is_empty())
    }

    /// The shipping lines that were not removed, each with its place in the payload.
    pub fn shipping(&self) -> impl Iterator<Item = (usize, &ShippingLine)> {
        self.shipping_lines.iter().enumerate().filter(|(_, line)| !line.is_removed)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn tags_are_told_one_by_one() {
        let tags = |json: &str| {
            let order = crate::parse_order(json.as_bytes()).unwrap();
            order.tag_list().map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(tags(r#"{"id":1,"tags":"VIP, B2B ,, Größe L"}"#), ["VIP", "B2B", "Größe L"]);
        for json in [r#"{"id":1}"#, r#"{"id":1,"tags":""}"#, r#"{"id":1,"tags":null}"#] {
            assert!(tags(json).is_empty(), "{json}");
        }
    }
}
