//! Situations that real shops have (Shopify's edge cases): each is a change of one plain order.
//!
//! Hand-made: nobody publishes an order with a tip, a gift card, duties or filled terms of payment.

use serde_json::{Value, json};

/// Every situation by its name.
pub(crate) fn all() -> Vec<(&'static str, Value)> {
    [lines(), money(), buyers(), history()]
        .concat()
        .into_iter()
        .map(|(name, change)| (name, changed(&change)))
        .collect()
}

/// The plain order with a change: keys of objects are changed one by one, all else is replaced (RFC 7396).
pub(crate) fn changed(change: &Value) -> Value {
    let mut order: Value = serde_json::from_str(&crate::sample("order.json")).unwrap();
    merge(&mut order, change);
    order
}

fn merge(target: &mut Value, change: &Value) {
    let Value::Object(change) = change else {
        *target = change.clone();
        return;
    };
    for (key, value) in change {
        if value == "(gone)" {
            target.as_object_mut().unwrap().remove(key);
        } else {
            merge(&mut target[key.as_str()], value);
        }
    }
}

type Situations = Vec<(&'static str, Value)>;

/// A line of goods.
fn line(id: u64, sku: &str, quantity: u64, price: &str) -> Value {
    json!({ "id": id, "sku": sku, "variant_id": 1, "product_id": 2, "vendor": "Harbour Goods", "quantity": quantity,
            "current_quantity": quantity, "price": price })
}

fn with(mut line: Value, change: &Value) -> Value {
    merge(&mut line, change);
    line
}

fn lines() -> Situations {
    let custom = json!({ "id": 12, "sku": null, "variant_id": null, "product_id": null, "title": "Engraving",
                         "quantity": 1, "current_quantity": 1, "price": "5.00" });
    vec![
        ("plain", json!({})),
        ("custom-line", json!({ "line_items": [custom] })),
        ("variant-without-sku", json!({ "line_items": [with(line(11, "", 1, "9.00"), &json!({}))] })),
        (
            "sku-of-a-deleted-variant",
            json!({
                "source_name": "shopify_draft_order",
                "line_items": [with(line(11, "MUG-1", 1, "9.00"), &json!({ "variant_id": null, "product_id": null }))]
            }),
        ),
        ("alias", json!({ "line_items": [line(11, "LONG-SKU-OF-MORE-THAN-15", 1, "9.00")] })),
        ("unit-that-does-not-divide", json!({ "line_items": [line(11, "TEA-CRATE", 1, "10.00")] })),
        (
            "bundle",
            json!({ "line_items": [with(line(11, "GIFT-SET", 3, "25.01"),
            &json!({ "discount_allocations": [{ "amount": "5.00" }] }))] }),
        ),
        (
            "free-line",
            json!({ "line_items": [line(11, "MUG-1", 1, "9.00"), line(12, "PRESENT", 1, "0.00")] }),
        ),
        (
            "properties-of-odd-shape",
            json!({ "line_items": [with(line(11, "MUG-1", 1, "9.00"), &json!({ "properties": {} }))] }),
        ),
        (
            "tip-line",
            json!({ "line_items": [line(11, "MUG-1", 1, "9.00"),
            { "id": 12, "sku": null, "quantity": 1, "price": "2.00", "tip_payment_gateway": null }] }),
        ),
        (
            "gift-card-line",
            json!({ "line_items": [with(line(11, "", 1, "50.00"), &json!({ "gift_card": true }))] }),
        ),
        (
            "eighteen-digits",
            json!({ "id": 820_982_911_946_154_508_u64,
            "line_items": [with(line(11, "MUG-1", 1, "9.00"), &json!({ "id": 866_550_311_766_439_020_u64 }))] }),
        ),
    ]
}

fn money() -> Situations {
    let set = |shop: &str, buyer: &str| {
        json!({ "shop_money": { "amount": shop, "currency_code": "AUD" },
                "presentment_money": { "amount": buyer, "currency_code": "USD" } })
    };
    let vat = |price: &str| json!({ "title": "VAT", "price": price, "rate": 0.19, "channel_liable": false });
    let remitted =
        |price: &str| json!({ "title": "State tax", "price": price, "rate": 0.05, "channel_liable": true });
    vec![
        (
            "two-currencies",
            json!({
                "currency": "AUD", "presentment_currency": "USD",
                "line_items": [with(line(11, "MUG-1", 2, "15.00"), &json!({ "price_set": set("15.00", "10.01") }))],
                "shipping_lines": [{ "id": 21, "title": "Standard", "price": "6.00", "price_set": set("6.00", "4.00") }]
            }),
        ),
        (
            "order-discount-of-three-lines",
            json!({ "line_items": [
            with(line(11, "MUG-1", 1, "33.40"), &json!({ "total_discount": "0.00", "discount_allocations": [{ "amount": "3.34" }] })),
            with(line(12, "CAP-2", 1, "33.30"), &json!({ "total_discount": "0.00", "discount_allocations": [{ "amount": "3.33" }] })),
            with(line(13, "CAP-3", 1, "33.30"), &json!({ "total_discount": "0.00", "discount_allocations": [{ "amount": "3.33" }] })),
        ] }),
        ),
        (
            "stacked-discounts",
            json!({ "line_items": [with(line(11, "CAP-1", 3, "10.00"),
            &json!({ "discount_allocations": [{ "amount": "4.50" }, { "amount": "2.55" }] }))] }),
        ),
        (
            "taxes-on-top",
            json!({ "total_tax": "5.68",
            "line_items": [with(line(11, "MUG-1", 2, "12.50"), &json!({ "tax_lines": [vat("4.75")] }))],
            "shipping_lines": [{ "id": 21, "title": "Standard", "price": "4.90", "tax_lines": [vat("0.93")] }] }),
        ),
        (
            "taxes-included",
            json!({ "taxes_included": true,
            "line_items": [with(line(11, "MUG-1", 3, "11.90"), &json!({ "tax_lines": [vat("5.70")] }))] }),
        ),
        (
            "taxes-of-a-marketplace",
            json!({ "line_items": [with(line(11, "MUG-1", 2, "12.50"),
            &json!({ "tax_lines": [vat("4.75"), remitted("1.25")] }))] }),
        ),
        (
            "taxes-of-a-marketplace-included",
            json!({ "taxes_included": true, "line_items": [with(line(11, "MUG-1", 2, "12.60"),
            &json!({ "tax_lines": [remitted("1.20")], "discount_allocations": [{ "amount": "0.20" }] }))] }),
        ),
        (
            "duties-and-fees",
            json!({
            "original_total_duties_set": { "shop_money": { "amount": "3.10", "currency_code": "EUR" } },
            "original_total_additional_fees_set": { "shop_money": { "amount": "0.50", "currency_code": "EUR" } } }),
        ),
        (
            "yen",
            json!({ "currency": "JPY", "presentment_currency": "JPY",
            "line_items": [line(11, "MUG-1", 1, "1000")], "shipping_lines": [] }),
        ),
        (
            "totals-that-do-not-add-up",
            json!({ "test": true, "total_price": "404.95", "total_line_items_price": "414.95" }),
        ),
    ]
}

fn buyers() -> Situations {
    let gone = "(gone)";
    let place = json!({ "name": gone, "first_name": gone, "last_name": gone, "address1": gone, "zip": gone, "city": gone });
    vec![
        ("guest", json!({ "customer": null })),
        (
            "guest-without-email",
            json!({ "customer": null, "email": "", "contact_email": null,
            "billing_address": null, "shipping_address": null }),
        ),
        ("customer-removed-later", json!({ "customer": gone })),
        (
            "phone-only",
            json!({ "email": "", "contact_email": null, "phone": "+49 30 1234567",
            "customer": { "email": null, "phone": "+49 30 1234567" } }),
        ),
        (
            "phone-only-guest",
            json!({ "email": "", "contact_email": null, "phone": "+49 30 1234567", "customer": null }),
        ),
        (
            "withheld",
            json!({ "email": gone, "contact_email": gone, "phone": gone, "customer": { "email": gone,
            "phone": gone, "first_name": gone, "last_name": gone }, "billing_address": place, "shipping_address": place }),
        ),
        (
            "firm-on-terms",
            json!({ "company": { "id": 501, "location_id": 601 }, "po_number": "PO-2026-17",
            "financial_status": "pending", "tags": "Wholesale, VIP", "billing_address": { "company": "Analytical Engines Ltd" },
            "payment_terms": { "payment_terms_name": "Net 30", "payment_terms_type": "net", "due_in_days": 30 } }),
        ),
        ("other-company", json!({ "shipping_address": { "country_code": "CH" } })),
        (
            "sold-at-the-till",
            json!({ "source_name": "pos", "location_id": 655_441_491_u64, "billing_address": null,
            "shipping_address": null, "shipping_lines": [] }),
        ),
    ]
}

fn history() -> Situations {
    let reduced = |current: u64, allocated: &str| {
        let change =
            json!({ "current_quantity": current, "discount_allocations": [{ "amount": allocated }] });
        with(line(11, "CAP-1", 3, "10.00"), &change)
    };
    let refund = |subtotal: f64| json!([{ "id": 1, "refund_line_items": [{ "line_item_id": 11, "quantity": 1, "subtotal": subtotal }] }]);
    vec![
        (
            "nothing-left",
            json!({ "line_items": [with(line(11, "MUG-1", 1, "9.00"), &json!({ "current_quantity": 0 }))] }),
        ),
        (
            "one-line-gone",
            json!({ "line_items": [line(11, "MUG-1", 1, "9.00"),
            with(line(12, "CAP-1", 1, "9.00"), &json!({ "current_quantity": 0 }))] }),
        ),
        (
            "reduced-with-a-discount-that-refunds-tell",
            json!({ "line_items": [reduced(2, "3.00")], "refunds": refund(9.0) }),
        ),
        ("reduced-with-a-discount-that-nobody-tells", json!({ "line_items": [reduced(2, "3.00")] })),
        (
            "cancelled-with-refunds",
            json!({ "cancelled_at": "2026-11-21T00:00:00Z", "refunds": refund(10.0) }),
        ),
        (
            "shipping-given-back",
            json!({ "financial_status": "partially_refunded", "refunds": [{ "id": 1,
            "refund_line_items": [], "order_adjustments": [{ "kind": "shipping_refund", "amount": "-4.90" }] }] }),
        ),
        ("partly-paid", json!({ "financial_status": "partially_paid", "total_outstanding": "10.00" })),
        (
            "removed-shipping",
            json!({ "shipping_lines": [
            { "id": 21, "title": "Standard", "price": "4.90" },
            { "id": 22, "title": "Bulky", "price": "7.00" },
            { "id": 23, "title": "Express", "price": "9.90", "is_removed": true }] }),
        ),
    ]
}
