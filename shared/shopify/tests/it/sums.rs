//! Which orders add up, to the cent: the project's samples, the published ones, and what a changed cent does.

use std::fs;

use serde_json::{Value, json};
use shopify::{Order, Side, parse_order};

use crate::{own_samples, published};

fn order(value: &Value) -> Order {
    parse_order(value.to_string().as_bytes()).unwrap()
}

fn sample(name: &str) -> Value {
    let samples = own_samples();
    let (_, body) = samples.iter().find(|(found, _)| found.contains(name)).unwrap();
    serde_json::from_slice(body).unwrap()
}

/// The fields of the totals that do not hold, with their side.
fn faults(value: &Value) -> Vec<(&'static str, Side)> {
    order(value).mismatches().iter().map(|mismatch| (mismatch.field, mismatch.side)).collect()
}

#[test]
fn every_sample_adds_up() {
    let mut count = 0;
    let events = crate::sample_names().into_iter().map(|name| (name.clone(), crate::body(&name)));
    for (name, body) in events.chain(own_samples()) {
        if name.contains("shopify-orders-create") || name.contains("orders-updated") {
            assert_eq!(parse_order(&body).unwrap().mismatches(), [], "{name}");
            count += 1;
        }
    }
    assert!(count >= 18, "{count}");
}

/// The documentation's samples take 20.00 off without saying where, and the oldest library's takes off 5.00.
#[test]
fn of_the_published_orders_only_the_known_ones_do_not_add_up() {
    let Some(orders) = published("order") else { return };
    let mut wrong = Vec::new();
    let mut right = 0;
    for (name, body) in orders {
        let Ok(order) = parse_order(&body) else { continue };
        match order.mismatches().as_slice() {
            [] => right += 1,
            mismatches => {
                let shown: Vec<_> = mismatches.iter().map(ToString::to_string).collect();
                wrong.push(format!("{name}: {}", shown.join("; ")));
            }
        }
    }
    assert!(right >= 12, "{right}");
    insta::assert_snapshot!("published-orders-that-do-not-add-up", wrong.join("\n"));
}

#[test]
fn each_total_that_is_a_cent_off_is_named() {
    let cases = [
        ("tip-line", "/total_line_items_price", "total_line_items_price"),
        ("tip-line", "/total_tip_received", "total_tip_received"),
        ("taxes-included", "/total_discounts", "total_discounts"),
        ("taxes-included", "/total_tax", "total_tax"),
        ("gift-card-line", "/total_price", "total_price"),
        ("gift-card-line", "/total_shipping_price_set/shop_money/amount", "total_shipping_price_set"),
        ("duties", "/original_total_duties_set/shop_money/amount", "original_total_duties_set"),
    ];
    for (name, pointer, field) in cases {
        let mut body = sample(name);
        let amount = body.pointer_mut(pointer).unwrap();
        let decimal: rust_decimal::Decimal = amount.as_str().unwrap().parse().unwrap();
        *amount = json!((decimal + rust_decimal::Decimal::new(1, 2)).to_string());
        assert!(faults(&body).contains(&(field, Side::Shop)), "{name} {field}: {:?}", faults(&body));
    }
}

#[test]
fn the_buyers_currency_is_judged_by_itself() {
    let mut body = sample("duties-two-currencies");
    body["total_price_set"]["presentment_money"]["amount"] = json!("97.24");
    let found = order(&body).mismatches();
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].field, found[0].side), ("total_price", Side::Presentment));
    assert_eq!(found[0].to_string(), "`total_price` is 97.24 USD, and its parts come to 96.25 USD");
    assert!(!found[0].may_be_conversion);
    body["total_price_set"]["presentment_money"]["amount"] = json!("96.26");
    assert!(order(&body).mismatches()[0].may_be_conversion);
}

#[test]
fn a_cent_is_no_conversion_where_there_is_one_currency() {
    let mut body = sample("gift-card-only");
    body["total_price"] = json!("50.01");
    let found = order(&body).mismatches();
    assert_eq!(found.len(), 1);
    assert!(!found[0].may_be_conversion);
}

#[test]
fn what_is_missing_or_no_amount_is_not_judged() {
    assert!(faults(&json!({ "id": 1 })).is_empty());
    assert!(faults(&json!({ "id": 1, "total_price": "5.00", "line_items": [{ "quantity": 1 }] })).is_empty());
    assert!(faults(&json!({ "id": 1, "total_price": "free" })).is_empty());
    let huge = "79228162514264337593543950335";
    let line = json!({ "quantity": u64::MAX, "price": huge });
    assert!(faults(&json!({ "id": 1, "total_price": huge, "line_items": [line] })).is_empty());
    let lines = json!([{ "quantity": 1, "price": "5.00" }]);
    let found = faults(&json!({ "id": 1, "total_price": "5.01", "line_items": lines }));
    assert_eq!(found, [("total_price", Side::Shop)]);
}

/// The order of a till that counts its tip among the lines.
#[test]
fn tips_may_be_part_of_the_lines_total() {
    let mut body = sample("tip-line");
    body["total_line_items_price"] = json!("19.90");
    assert_eq!(faults(&body), []);
    body["total_tip_received"] = json!("1.00");
    assert_eq!(faults(&body), [("total_tip_received", Side::Shop)]);
}

#[test]
fn an_edited_order_adds_up_by_what_is_left_or_not_at_all() {
    let mut body = sample("line-added-by-edit");
    assert_eq!(faults(&body), []);
    body["current_total_price"] = json!("1.00");
    assert!(faults(&body).contains(&("total_price", Side::Shop)));
    let mut body = sample("line-added-by-edit");
    body["current_total_discounts"] = json!("1.00");
    assert!(!faults(&body).is_empty());
    let mut body = sample("line-added-by-edit");
    body["total_price"] = json!("20.00");
    assert!(faults(&body).contains(&("total_price", Side::Shop)), "totals that do not fit each other");
}

#[test]
fn removed_shipping_is_not_paid() {
    let mut body = sample("gift-card-line");
    body["shipping_lines"][0]["is_removed"] = json!(true);
    assert!(faults(&body).contains(&("total_price", Side::Shop)));
}

#[test]
fn sample_files_are_all_read_here() {
    let folder = testkit::root().join("shared/shopify/tests/samples");
    let files = fs::read_dir(folder).unwrap().count();
    assert_eq!(own_samples().len(), files - 1, "all but the README");
}
