//! Orders that Shopify published, put into the shop and read back by GraphQL: the money is the same.

use rust_decimal::Decimal;
use serde_json::{Value, json};
use simulated_shopify::Settings;

use crate::bench::Bench;

const TOTALS: [(&str, &str); 7] = [
    ("total_price", "totalPriceSet"),
    ("subtotal_price", "subtotalPriceSet"),
    ("total_tax", "totalTaxSet"),
    ("total_discounts", "totalDiscountsSet"),
    ("total_shipping_price", "totalShippingPriceSet"),
    ("current_total_price", "currentTotalPriceSet"),
    ("current_total_tax", "currentTotalTaxSet"),
];

fn query(id: u64) -> String {
    let bag = "{ shopMoney { amount currencyCode } presentmentMoney { amount currencyCode } }";
    let totals: Vec<String> = TOTALS.iter().map(|(_, field)| format!("{field} {bag}")).collect();
    format!(
        "{{ order(id: \"gid://shopify/Order/{id}\") {{ id name createdAt {} tags currencyCode
            customer {{ id }} billingAddress {{ countryCodeV2 }} refunds {{ id totalRefundedSet {bag} }}
            taxLines {{ rate priceSet {bag} }} fulfillments {{ id status }} paymentTerms {{ paymentTermsType }}
            shippingLines(first: 10) {{ nodes {{ title discountedPriceSet {bag} }} }}
            lineItems(first: 50) {{ nodes {{ id sku quantity currentQuantity originalUnitPriceSet {bag}
                discountAllocations {{ allocatedAmountSet {bag} discountApplication {{ index }} }} }} }} }} }}",
        totals.join(" ")
    )
}

fn decimal(value: &Value) -> Option<Decimal> {
    value.as_str().and_then(|text| text.parse().ok())
}

/// Both amounts of a payload's set, or the plain one.
fn paid(holder: &Value, key: &str) -> Option<Decimal> {
    decimal(&holder[format!("{key}_set")]["shop_money"]["amount"]).or_else(|| decimal(&holder[key]))
}

fn read(bag: &Value) -> Option<Decimal> {
    decimal(&bag["shopMoney"]["amount"])
}

#[test]
fn published_orders_come_back_with_the_same_money() {
    let Some(folder) = testkit::fixtures() else { return };
    let mut compared = 0;
    let places = [
        "rest-2026-07",
        "docs-sample-2026-04",
        "docs-sample-exact-ids",
        "real-delivery-2020",
        "docs-sample-drift",
    ];
    let files = places.iter().flat_map(|place| testkit::files(&folder.join("shopify").join(place), ".json"));
    for path in files {
        let value: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let order = value.get("order").filter(|order| order.is_object()).unwrap_or(&value).clone();
        if !order["line_items"].is_array()
            || !order["total_price"].is_string()
            || order.get("order_number").is_none()
        {
            continue;
        }
        compare(&order, &path.display().to_string());
        compared += 1;
    }
    assert!(compared >= 12, "only {compared} orders were found");
}

fn compare(order: &Value, name: &str) {
    let scopes = ["read_orders", "read_all_orders"].map(str::to_owned).to_vec();
    let mut bench = Bench::with(Settings {
        scopes,
        max_query_cost: 10_000,
        bucket_points: 10_000,
        ..Settings::default()
    });
    let id = bench.put(order.clone());
    let body = bench.ask(&query(id));
    assert_eq!(body["errors"], Value::Null, "{name}");
    let found = &body["data"]["order"];
    for (key, field) in TOTALS {
        if let Some(amount) = paid(order, key) {
            assert_eq!(read(&found[field]), Some(amount), "{name}: {key}");
        }
    }
    assert_eq!(found["currencyCode"], order["currency"], "{name}");
    let lines = order["line_items"].as_array().unwrap();
    let nodes = found["lineItems"]["nodes"].as_array().unwrap();
    assert_eq!(lines.len(), nodes.len(), "{name}");
    for (line, node) in lines.iter().zip(nodes) {
        assert_eq!(read(&node["originalUnitPriceSet"]), paid(line, "price"), "{name}");
        assert_eq!((&node["quantity"], &node["sku"]), (&line["quantity"], &line["sku"]), "{name}");
        let allocated: Vec<_> = line["discount_allocations"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|one| paid(one, "amount"))
            .collect();
        let returned = node["discountAllocations"].as_array().unwrap();
        let returned: Vec<_> = returned.iter().map(|one| read(&one["allocatedAmountSet"])).collect();
        assert_eq!(returned, allocated, "{name}");
    }
}

#[test]
fn real_payloads_with_missing_keys_are_taken_and_read_without_a_panic() {
    let Some(folder) = testkit::fixtures() else { return };
    for path in testkit::files(&folder.join("shopify/anonymised-real"), ".json") {
        let mut order: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        if !path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("orders_")) {
            continue;
        }
        order["id"] = json!(123);
        let mut bench = Bench::with(Settings {
            scopes: vec!["read_orders".to_owned(), "read_all_orders".to_owned()],
            max_query_cost: 10_000,
            bucket_points: 10_000,
            ..Settings::default()
        });
        bench.subscribe("ORDERS_CREATE");
        bench.put(order);
        assert_eq!(bench.due().len(), 1);
        bench.ask(&query(123));
    }
}
