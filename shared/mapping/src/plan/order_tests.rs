use serde_json::{Value, json};

use domain::{SalesOrder, SourceId};

use super::{super::Buyer, *};
use crate::DEFAULT_FILE;

fn mapping() -> Mapping {
    Mapping::parse(DEFAULT_FILE).unwrap()
}

fn payload() -> Value {
    let address = json!({
        "first_name": "Ada", "last_name": "Lovelace", "name": "Ada Lovelace", "company": null,
        "address1": "Unter den Linden 6", "address2": "", "zip": "10117", "city": "Berlin",
        "province_code": null, "country_code": "DE", "phone": null
    });
    json!({
        "id": 820_982_911_946_154_508_u64, "name": "#1001", "currency": "EUR", "email": "Ada@Example.com",
        "contact_email": "ada@example.com", "phone": null, "note": "Ring twice", "test": false,
        "created_at": "2026-11-20T23:30:00-05:00", "processed_at": "2026-11-20T23:30:00-05:00",
        "billing_address": address, "shipping_address": address,
        "customer": { "id": 7, "email": "ada@example.com", "phone": null, "first_name": "Ada", "last_name": "Lovelace" },
        "line_items": [
            { "id": 11, "sku": "MUG-BLUE-12", "quantity": 2, "current_quantity": 2, "price": "12.50",
              "discount_allocations": [{ "amount": "1.00" }] },
            { "id": 12, "sku": "CAP-RED", "quantity": 1, "current_quantity": 0, "price": "9.00" }
        ],
        "shipping_lines": [
            { "id": 21, "title": "Standard", "price": "4.90", "discount_allocations": [] },
            { "id": 22, "title": "Express", "price": "9.90", "is_removed": true }
        ]
    })
}

fn plan_with(mapping: &Mapping, payload: &Value) -> Plan {
    let order = shopify::parse_order(payload.to_string().as_bytes()).unwrap();
    plan_order(mapping, &format!("demo/shopify/order/{}", order.id).parse().unwrap(), &order)
}

fn plan(payload: &Value) -> Plan {
    plan_with(&mapping(), payload)
}

fn posted(plan: Plan) -> (SalesOrder, Buyer) {
    match plan {
        Plan::Planned { document, buyer: Some(buyer), findings } if findings.is_empty() => match *document {
            Document::SalesOrder(order) => (order, *buyer),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

fn codes(plan: Plan) -> Vec<(FindingCode, String)> {
    match plan {
        Plan::Planned { findings, .. } | Plan::Reject(findings) if !findings.is_empty() => {
            findings.into_iter().map(|finding| (finding.code, finding.field)).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_order_becomes_a_sales_order_and_its_buyer_a_customer() {
    let (order, buyer) = posted(plan(&payload()));
    assert_eq!(order.reference.as_str(), "S820982911946154508");
    assert_eq!(order.order_date.to_string(), "2026-11-20");
    assert_eq!(order.lines.len(), 1, "a line with nothing left is left out");
    assert_eq!(order.lines[0].discount.amount.to_string(), "1.00");
    assert_eq!(order.charges.len(), 1, "removed shipping is left out");
    let Buyer::Customer { key, document } = buyer else { panic!() };
    assert_eq!(key.id, SourceId::of_email("ada@example.com"));
    assert_eq!(document.email.expose(), "ada@example.com");
    assert_eq!(document.address.lines.expose().len(), 1);
}

/// The same buyer under two spellings must not become two customers.
#[test]
fn a_buyer_is_recognised_by_the_address_however_it_is_written() {
    let mut other = payload();
    other["email"] = json!(" ADA@example.COM ");
    let key = |plan| match posted(plan).1 {
        Buyer::Customer { key, .. } => key,
        other => panic!("{other:?}"),
    };
    assert_eq!(key(plan(&payload())), key(plan(&other)));
}

#[test]
fn test_orders_and_cancelled_orders_are_skipped() {
    let mut test = payload();
    test["test"] = json!(true);
    assert_eq!(plan(&test), Plan::Skip("test order".into()));
    let mut mapping = mapping();
    mapping.orders.test_orders = TestOrders::Post;
    posted(plan_with(&mapping, &test));
    let mut cancelled = payload();
    cancelled["cancelled_at"] = json!("2026-11-21T00:00:00Z");
    assert!(matches!(plan(&cancelled), Plan::Skip(_)));
}

/// Operators want every fault of an order in one report, not one for each attempt.
#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let mut order = payload();
    order["line_items"][0]["sku"] = json!(null);
    order["line_items"][0]["price"] = json!("free");
    order["line_items"][1] = json!({ "sku": "A-SKU-THAT-IS-TOO-LONG", "quantity": 1 });
    order["billing_address"]["address1"] = json!("");
    let mut mapping = mapping();
    mapping.shipping.charge = String::new();
    let found = codes(plan_with(&mapping, &order));
    let expected = [
        (FindingCode::MissingField, "line_items[0].sku"),
        (FindingCode::InvalidField, "line_items[0].price"),
        (FindingCode::TooLong, "line_items[1].sku"),
        (FindingCode::MissingField, "line_items[1].price"),
        (FindingCode::Mapping, "shipping_lines[0]"),
        (FindingCode::MissingField, "billing_address.address1"),
    ];
    assert_eq!(found, expected.map(|(code, field)| (code, field.to_owned())));
}

/// What is left of a discount once units were taken off is not told: guessing would book a wrong amount.
#[test]
fn a_reduced_line_with_a_discount_is_a_finding() {
    let mut order = payload();
    order["line_items"][0]["current_quantity"] = json!(1);
    let field = "line_items[0].discount_allocations".to_owned();
    assert_eq!(codes(plan(&order)), [(FindingCode::InvalidField, field)]);
}

/// Published trap: M3's e-mail field holds 50 characters.
#[test]
fn an_email_address_that_does_not_fit_is_a_finding() {
    let mut order = payload();
    order["email"] = json!(format!("{}@example.com", "a".repeat(50)));
    assert_eq!(codes(plan(&order)), [(FindingCode::TooLong, "email".to_owned())]);
}

/// M3 may keep only one charge of an id: split shipping must not lose a part.
#[test]
fn two_shipping_lines_become_one_charge() {
    let mut order = payload();
    order["shipping_lines"][1] = json!({ "id": 23, "title": "Bulky goods", "price": "7.00" });
    let (order, _) = posted(plan(&order));
    let [charge] = &order.charges[..] else { panic!("{:?}", order.charges) };
    assert_eq!(
        (charge.amount.amount.to_string(), charge.text.as_str()),
        ("11.90".into(), "Standard + Bulky goods")
    );
}

#[test]
fn a_street_that_does_not_fit_is_a_finding() {
    let mut order = payload();
    order["shipping_address"]["address1"] = json!("x".repeat(150));
    assert_eq!(codes(plan(&order)), [(FindingCode::TooLong, "shipping_address".to_owned())]);
}

#[test]
fn withheld_data_makes_no_half_customer() {
    let mut order = payload();
    for party in ["billing_address", "shipping_address"] {
        order[party] = json!({ "country_code": "DE" });
    }
    order["customer"] = json!({ "id": 7 });
    for key in ["email", "contact_email", "phone"] {
        order.as_object_mut().unwrap().remove(key);
    }
    assert_eq!(codes(plan(&order)), [(FindingCode::DataNotGranted, "customer".to_owned())]);
}

#[test]
fn an_order_that_names_nobody_goes_to_the_fallback_or_is_rejected() {
    let mut order = payload();
    for key in ["customer", "billing_address", "shipping_address", "contact_email"] {
        order[key] = json!(null);
    }
    order["email"] = json!("");
    assert_eq!(codes(plan(&order)), [(FindingCode::MissingField, "customer".to_owned())]);
    let mut mapping = mapping();
    mapping.customers.fallback = "CASH".into();
    assert_eq!(posted(plan_with(&mapping, &order)).1, Buyer::Fallback("CASH".into()));
}

#[test]
fn no_published_order_makes_the_plan_panic() {
    let Some(fixtures) = testkit::fixtures() else { return };
    let key = "demo/shopify/order/1".parse().unwrap();
    let mut planned = 0;
    for path in testkit::files(&fixtures.join("shopify"), ".json") {
        let bytes = std::fs::read(&path).unwrap();
        let value: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        let bare = value.get("order").unwrap_or(&value).to_string();
        if let Ok(order) = shopify::parse_order(bare.as_bytes()) {
            plan_order(&mapping(), &key, &order);
            planned += 1;
        }
    }
    assert!(planned > 40, "only {planned} orders were planned");
}
