//! Which field of a webhook's order comes from which field of the Admin API's.
//!
//! Not written, because the Admin API does not tell it or nobody here needs it and it would cost points: browser and
//! landing page, tokens and links of the checkout, the app, fulfilments and their state on each line, returns, weights,
//! the staff member, the legal entity (its id is spelled otherwise), the customer's currency, selling plans, discounted
//! prices of shipping (its price and its allocations are there). No plan of an order depends on any of them.

use super::form::{
    Field,
    Form::{
        Amount, Each, Id, IsThere, Joined, Lower, One, OrEmpty, Same, Set, Shop, ShopNumber, Side, Time, Word,
    },
    field,
};

#[rustfmt::skip]
pub(super) const ORDER: &[Field] = &[
    field("id", "legacyResourceId", Id),
    field("admin_graphql_api_id", "id", Same),
    field("name", "name", Same),
    field("order_number", "number", Same),
    field("confirmation_number", "confirmationNumber", Same),
    field("email", "email", OrEmpty),
    field("contact_email", "email", Same),
    field("phone", "phone", Same),
    field("note", "note", Same),
    field("tags", "tags", Joined),
    field("created_at", "createdAt", Time),
    field("updated_at", "updatedAt", Time),
    field("processed_at", "processedAt", Time),
    field("cancelled_at", "cancelledAt", Time),
    field("closed_at", "closedAt", Time),
    field("cancel_reason", "cancelReason", Lower),
    field("confirmed", "confirmed", Same),
    field("test", "test", Same),
    field("financial_status", "displayFinancialStatus", Lower),
    field("fulfillment_status", "displayFulfillmentStatus", Word(fulfillment)),
    field("currency", "currencyCode", Same),
    field("presentment_currency", "presentmentCurrencyCode", Same),
    field("taxes_included", "taxesIncluded", Same),
    field("tax_exempt", "taxExempt", Same),
    field("duties_included", "dutiesIncluded", Same),
    field("estimated_taxes", "estimatedTaxes", Same),
    field("source_name", "sourceName", Same),
    field("source_identifier", "sourceIdentifier", Same),
    field("customer_locale", "customerLocale", Same),
    field("payment_gateway_names", "paymentGatewayNames", Same),
    field("po_number", "poNumber", Same),
    field("location_id", "retailLocation.id", Id),
    field("note_attributes", "customAttributes", Each(ATTRIBUTE)),
    field("subtotal_price", "subtotalPriceSet", Shop),
    field("subtotal_price_set", "subtotalPriceSet", Set),
    field("total_price", "totalPriceSet", Shop),
    field("total_price_set", "totalPriceSet", Set),
    field("total_tax", "totalTaxSet", Shop),
    field("total_tax_set", "totalTaxSet", Set),
    field("total_discounts", "totalDiscountsSet", Shop),
    field("total_discounts_set", "totalDiscountsSet", Set),
    field("total_shipping_price_set", "totalShippingPriceSet", Set),
    field("total_tip_received", "totalTipReceivedSet", Shop),
    field("total_outstanding", "totalOutstandingSet", Shop),
    field("current_subtotal_price", "currentSubtotalPriceSet", Shop),
    field("current_subtotal_price_set", "currentSubtotalPriceSet", Set),
    field("current_total_price", "currentTotalPriceSet", Shop),
    field("current_total_price_set", "currentTotalPriceSet", Set),
    field("current_total_tax", "currentTotalTaxSet", Shop),
    field("current_total_tax_set", "currentTotalTaxSet", Set),
    field("current_total_discounts", "currentTotalDiscountsSet", Shop),
    field("current_total_discounts_set", "currentTotalDiscountsSet", Set),
    field("current_shipping_price_set", "currentShippingPriceSet", Set),
    field("current_total_duties_set", "currentTotalDutiesSet", Set),
    field("current_total_additional_fees_set", "currentTotalAdditionalFeesSet", Set),
    field("original_total_duties_set", "originalTotalDutiesSet", Set),
    field("original_total_additional_fees_set", "originalTotalAdditionalFeesSet", Set),
    field("tax_lines", "taxLines", Each(TAX)),
    field("billing_address", "billingAddress", One(ADDRESS)),
    field("shipping_address", "shippingAddress", One(ADDRESS)),
    field("customer", "customer", One(CUSTOMER)),
    field("payment_terms", "paymentTerms", One(PAYMENT_TERMS)),
    field("shipping_lines", "shippingLines.nodes", Each(SHIPPING)),
    field("line_items", "lineItems.nodes", Each(LINE)),
    field("refunds", "refunds", Each(REFUND)),
];

/// The firm of an order between businesses.
pub(super) const COMPANY: &[Field] =
    &[field("id", "company.id", Id), field("location_id", "location.id", Id)];

#[rustfmt::skip]
const ADDRESS: &[Field] = &[
    field("first_name", "firstName", Same),
    field("last_name", "lastName", Same),
    field("name", "name", Same),
    field("company", "company", Same),
    field("address1", "address1", Same),
    field("address2", "address2", Same),
    field("city", "city", Same),
    field("zip", "zip", Same),
    field("province", "province", Same),
    field("province_code", "provinceCode", Same),
    field("country", "country", Same),
    field("country_code", "countryCodeV2", Same),
    field("phone", "phone", Same),
    field("latitude", "latitude", Same),
    field("longitude", "longitude", Same),
];

#[rustfmt::skip]
const CUSTOMER: &[Field] = &[
    field("id", "legacyResourceId", Id),
    field("admin_graphql_api_id", "id", Same),
    field("first_name", "firstName", Same),
    field("last_name", "lastName", Same),
    field("email", "defaultEmailAddress.emailAddress", Same),
    field("phone", "defaultPhoneNumber.phoneNumber", Same),
    field("created_at", "createdAt", Time),
    field("updated_at", "updatedAt", Time),
    field("state", "state", Lower),
    field("note", "note", Same),
    field("verified_email", "verifiedEmail", Same),
    field("tax_exempt", "taxExempt", Same),
    field("default_address", "defaultAddress", One(ADDRESS)),
];

#[rustfmt::skip]
const LINE: &[Field] = &[
    field("id", "id", Id),
    field("admin_graphql_api_id", "id", Same),
    field("name", "name", Same),
    field("title", "title", Same),
    field("variant_title", "variantTitle", Same),
    field("sku", "sku", Same),
    field("vendor", "vendor", Same),
    field("quantity", "quantity", Same),
    field("current_quantity", "currentQuantity", Same),
    field("requires_shipping", "requiresShipping", Same),
    field("taxable", "taxable", Same),
    field("gift_card", "isGiftCard", Same),
    field("product_id", "product.id", Id),
    field("product_exists", "product", IsThere),
    field("variant_id", "variant.id", Id),
    field("sales_line_item_group_id", "lineItemGroup.id", Id),
    field("properties", "customAttributes", Each(ATTRIBUTE)),
    field("price", "originalUnitPriceSet", Shop),
    field("price_set", "originalUnitPriceSet", Set),
    field("total_discount", "totalDiscountSet", Shop),
    field("discount_allocations", "discountAllocations", Each(ALLOCATION)),
    field("tax_lines", "taxLines", Each(TAX)),
    field("duties", "duties", Each(DUTY)),
];

const ATTRIBUTE: &[Field] = &[field("name", "key", Same), field("value", "value", Same)];

const ALLOCATION: &[Field] = &[
    field("amount", "allocatedAmountSet", Shop),
    field("amount_set", "allocatedAmountSet", Set),
    field("discount_application_index", "discountApplication.index", Same),
];

const TAX: &[Field] = &[
    field("title", "title", Same),
    field("rate", "rate", Same),
    field("channel_liable", "channelLiable", Same),
    field("price", "priceSet", Shop),
    field("price_set", "priceSet", Set),
];

const DUTY: &[Field] = &[
    field("id", "id", Id),
    field("harmonized_system_code", "harmonizedSystemCode", Same),
    field("country_code_of_origin", "countryCodeOfOrigin", Same),
    field("shop_money", "price.shopMoney", Side),
    field("presentment_money", "price.presentmentMoney", Side),
    field("tax_lines", "taxLines", Each(TAX)),
];

#[rustfmt::skip]
const SHIPPING: &[Field] = &[
    field("id", "id", Id),
    field("title", "title", Same),
    field("code", "code", Same),
    field("source", "source", Same),
    field("phone", "phone", Same),
    field("carrier_identifier", "carrierIdentifier", Same),
    field("is_removed", "isRemoved", Same),
    field("price", "originalPriceSet", Shop),
    field("price_set", "originalPriceSet", Set),
    field("discount_allocations", "discountAllocations", Each(ALLOCATION)),
    field("tax_lines", "taxLines", Each(TAX)),
];

const PAYMENT_TERMS: &[Field] = &[
    field("id", "id", Id),
    field("payment_terms_name", "paymentTermsName", Same),
    field("payment_terms_type", "paymentTermsType", Lower),
    field("due_in_days", "dueInDays", Same),
    field("payment_schedules", "paymentSchedules.nodes", Each(SCHEDULE)),
];

const SCHEDULE: &[Field] = &[
    field("id", "id", Id),
    field("amount", "totalBalance", Amount),
    field("currency", "totalBalance.currencyCode", Same),
    field("total_balance", "totalBalance", Amount),
    field("issued_at", "issuedAt", Time),
    field("due_at", "dueAt", Time),
    field("completed_at", "completedAt", Time),
];

#[rustfmt::skip]
const REFUND: &[Field] = &[
    field("id", "legacyResourceId", Id),
    field("admin_graphql_api_id", "id", Same),
    field("note", "note", Same),
    field("created_at", "createdAt", Time),
    field("processed_at", "processedAt", Time),
    field("refund_line_items", "refundLineItems.nodes", Each(REFUND_LINE)),
    field("refund_shipping_lines", "refundShippingLines.nodes", Each(REFUND_SHIPPING)),
    field("order_adjustments", "orderAdjustments.nodes", Each(ADJUSTMENT)),
    field("transactions", "transactions.nodes", Each(TRANSACTION)),
];

const REFUND_LINE: &[Field] = &[
    field("id", "id", Id),
    field("line_item_id", "lineItem.id", Id),
    field("quantity", "quantity", Same),
    field("location_id", "location.id", Id),
    field("restock_type", "restockType", Lower),
    field("subtotal", "subtotalSet", ShopNumber),
    field("subtotal_set", "subtotalSet", Set),
    field("total_tax", "totalTaxSet", ShopNumber),
    field("total_tax_set", "totalTaxSet", Set),
];

const REFUND_SHIPPING: &[Field] =
    &[field("id", "id", Id), field("subtotal_amount_set", "subtotalAmountSet", Set)];

const ADJUSTMENT: &[Field] = &[
    field("id", "id", Id),
    field("kind", "reason", Lower),
    field("reason", "reason", Lower),
    field("amount", "amountSet", Shop),
    field("amount_set", "amountSet", Set),
    field("tax_amount", "taxAmountSet", Shop),
    field("tax_amount_set", "taxAmountSet", Set),
];

const TRANSACTION: &[Field] = &[
    field("id", "id", Id),
    field("kind", "kind", Lower),
    field("status", "status", Lower),
    field("gateway", "gateway", Same),
    field("test", "test", Same),
    field("created_at", "createdAt", Time),
    field("processed_at", "processedAt", Time),
    field("amount", "amountSet", Shop),
    field("currency", "amountSet.shopMoney.currencyCode", Same),
];

/// A webhook knows three words for how far an order is fulfilled; null is not at all.
fn fulfillment(status: &str) -> Option<&'static str> {
    match status {
        "PARTIALLY_FULFILLED" => Some("partial"),
        "FULFILLED" => Some("fulfilled"),
        "RESTOCKED" => Some("restocked"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query;

    fn paths(fields: &[Field]) -> Vec<&'static str> {
        let nested = |field: &Field| match field.form {
            One(fields) | Each(fields) => paths(fields),
            _ => Vec::new(),
        };
        fields.iter().flat_map(|field| std::iter::once(field.from).chain(nested(field))).collect()
    }

    /// A field that no query asks for would be missing for ever, and look as if Shopify withheld it.
    #[test]
    fn every_field_that_is_written_is_asked_for() {
        let ask_for = |query: query::Query, tables: &[&[Field]]| {
            let asked: Vec<_> = query.text.split(|c: char| !c.is_ascii_alphanumeric()).collect();
            for key in tables.iter().flat_map(|table| paths(table)).flat_map(|path| path.split('.')) {
                assert!(asked.contains(&key), "{} does not ask for {key}", query.name);
            }
        };
        let head: Vec<_> = ORDER.iter().filter(|field| field.to != "refunds").copied().collect();
        for query in [query::ORDER, query::ORDERS] {
            ask_for(query, &[&head, COMPANY]);
        }
        ask_for(query::ORDER_LINES, &[LINE]);
        ask_for(query::ORDER_SHIPPING, &[SHIPPING]);
        ask_for(query::ORDER_SCHEDULES, &[SCHEDULE]);
        ask_for(query::REFUNDS, &[REFUND]);
        ask_for(query::REFUND_LINES, &[REFUND_LINE]);
        ask_for(query::REFUND_SHIPPING, &[REFUND_SHIPPING]);
        ask_for(query::REFUND_ADJUSTMENTS, &[ADJUSTMENT]);
        ask_for(query::REFUND_TRANSACTIONS, &[TRANSACTION]);
    }
}
