//! What happens in the shop, and what it publishes.

use serde_json::{Value, json};
use simulated_shopify::{Kind, RefundLine};

use crate::bench::{Bench, ORDER, order};

const TOPICS: [&str; 13] = [
    "ORDERS_CREATE",
    "ORDERS_UPDATED",
    "ORDERS_PAID",
    "ORDERS_EDITED",
    "ORDERS_CANCELLED",
    "ORDERS_FULFILLED",
    "ORDERS_DELETE",
    "REFUNDS_CREATE",
    "CUSTOMERS_CREATE",
    "CUSTOMERS_UPDATE",
    "CUSTOMERS_DELETE",
    "COMPANIES_CREATE",
    "APP_UNINSTALLED",
];

fn shop() -> Bench {
    let mut bench = Bench::new();
    for topic in TOPICS {
        bench.subscribe(topic);
    }
    bench
}

fn told(bench: &mut Bench) -> Vec<(String, Value)> {
    let due = bench.due();
    for one in &due {
        bench.answer(one, 200);
    }
    due.into_iter().map(|one| (one.topic, serde_json::from_slice(&one.body).unwrap())).collect()
}

fn topics(bench: &mut Bench) -> Vec<String> {
    told(bench).into_iter().map(|(topic, _)| topic).collect()
}

#[test]
fn a_new_order_keeps_what_it_carries_and_gets_what_it_lacks() {
    let mut bench = shop();
    let id = bench.put(json!({ "order": { "total_price": "5.00", "line_items": [{ "quantity": 1 }] } }));
    let kept = bench.simulator.order(id).unwrap();
    assert_eq!(kept["name"], "#1001");
    assert_eq!(kept["updated_at"], "2026-11-22T07:00:00-05:00", "in the shop's offset");
    assert_eq!(kept["admin_graphql_api_id"], format!("gid://shopify/Order/{id}"));
    assert!(kept["line_items"][0]["id"].is_u64());
    assert_eq!(bench.put(order()), ORDER);
    assert_eq!(bench.simulator.order(ORDER).unwrap()["updated_at"], order()["updated_at"]);
    assert!(bench.simulator.put_order(json!({ "id": "17" }), bench.now).is_err());
    assert!(bench.simulator.put_order(json!([]), bench.now).is_err());
}

#[test]
fn each_change_moves_updated_at_and_publishes_its_topics() {
    let mut bench = shop();
    bench.put(order());
    assert_eq!(topics(&mut bench), ["orders/create", "orders/updated"]);
    let step = |bench: &mut Bench, expected: &[&str]| {
        let told = told(bench);
        let topics: Vec<&str> = told.iter().map(|(topic, _)| topic.as_str()).collect();
        assert_eq!(topics, expected);
        let updated = &bench.simulator.order(ORDER).unwrap()["updated_at"];
        assert_eq!(
            updated,
            &json!(
                bench
                    .now
                    .to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(-5)))
                    .strftime("%FT%T%:z")
                    .to_string()
            )
        );
        bench.pass(60);
    };
    bench.pass(60);
    bench.simulator.edit_order(ORDER, json!({ "note": "ring" }), bench.now).unwrap();
    step(&mut bench, &["orders/updated"]);
    bench.simulator.pay_order(ORDER, bench.now).unwrap();
    step(&mut bench, &["orders/paid", "orders/updated"]);
    bench.simulator.fulfil_order(ORDER, bench.now).unwrap();
    step(&mut bench, &["orders/fulfilled", "orders/updated"]);
    bench.simulator.refund_order(ORDER, &[RefundLine { line_item_id: 11, quantity: 1 }], bench.now).unwrap();
    step(&mut bench, &["refunds/create", "orders/updated"]);
    bench.simulator.cancel_order(ORDER, "customer", bench.now).unwrap();
    step(&mut bench, &["orders/cancelled", "orders/updated"]);
    bench.put(order());
    step(&mut bench, &["orders/updated"]);
}

#[test]
fn changed_lines_publish_an_edit_that_is_a_delta_and_no_order() {
    let mut bench = shop();
    bench.put(order());
    topics(&mut bench);
    let mut lines = order()["line_items"].clone();
    lines[0]["current_quantity"] = json!(1);
    lines.as_array_mut().unwrap().push(json!({ "id": 12, "title": "Belt", "quantity": 3, "price": "5.00" }));
    bench.simulator.edit_order(ORDER, json!({ "line_items": lines }), bench.now).unwrap();
    let told = told(&mut bench);
    let (topic, edit) = told.last().unwrap();
    assert_eq!((topic.as_str(), &edit["order_edit"]["order_id"]), ("orders/edited", &json!(ORDER)));
    assert_eq!(
        edit["order_edit"]["line_items"],
        json!({ "additions": [{ "id": 12, "delta": 3 }], "removals": [{ "id": 11, "delta": 1 }] })
    );
    assert_eq!(edit["total_price"], Value::Null);
}

#[test]
fn only_an_edit_of_lines_makes_an_order_edited() {
    let mut bench = shop();
    bench.put(order());
    let edited = |bench: &mut Bench| {
        let query = format!("{{ order(id: \"gid://shopify/Order/{ORDER}\") {{ edited }} }}");
        bench.data(&query)["order"]["edited"].as_bool().unwrap()
    };
    bench.simulator.edit_order(ORDER, json!({ "note": "ring" }), bench.now).unwrap();
    let one = RefundLine { line_item_id: 11, quantity: 1 };
    bench.simulator.refund_order(ORDER, &[one], bench.now).unwrap();
    assert!(!edited(&mut bench));
    let mut lines = bench.simulator.order(ORDER).unwrap()["line_items"].clone();
    lines.as_array_mut().unwrap().push(json!({ "id": 12, "title": "Belt", "quantity": 1, "price": "5.00" }));
    topics(&mut bench);
    bench.simulator.edit_order(ORDER, json!({ "line_items": lines }), bench.now).unwrap();
    assert_eq!(topics(&mut bench), ["orders/updated", "orders/edited"]);
    assert!(edited(&mut bench));
    bench.simulator.pay_order(ORDER, bench.now).unwrap();
    assert!(edited(&mut bench));
    assert_eq!(bench.simulator.order(ORDER).unwrap().get("edited"), None, "a webhook does not tell it");
}

#[test]
fn a_refund_is_read_by_its_own_id_with_the_head_of_its_order() {
    let mut bench = shop();
    bench.put(order());
    let one = RefundLine { line_item_id: 11, quantity: 1 };
    bench.simulator.refund_order(ORDER, &[one], bench.now).unwrap();
    let id = bench.simulator.order(ORDER).unwrap()["refunds"][0]["id"].clone();
    let gid = format!("gid://shopify/Refund/{id}");
    let fields = "id order { name updatedAt } processedAt refundLineItems(first: 1) { nodes { quantity } }";
    let expected = json!({
        "id": gid, "order": { "name": "#1001", "updatedAt": "2026-11-22T12:00:00Z" },
        "processedAt": "2026-11-22T12:00:00Z", "refundLineItems": { "nodes": [{ "quantity": 1 }] },
    });
    let read = bench.data(&format!(
        "{{ refund(id: \"{gid}\") {{ {fields} }} node(id: \"{gid}\") {{ ... on Refund {{ {fields} }} }}
            nodes(ids: [\"{gid}\", \"gid://shopify/Refund/1\"]) {{ ... on Refund {{ {fields} }} }}
            order(id: \"gid://shopify/Order/{ORDER}\") {{ refunds(first: 1) {{ {fields} }} }} }}"
    ));
    assert_eq!((&read["refund"], &read["node"]), (&expected, &expected));
    assert_eq!(read["nodes"], json!([expected, null]));
    assert_eq!(read["order"]["refunds"], json!([expected]));
    assert_eq!(bench.data("{ refund(id: \"gid://shopify/Refund/1\") { id } }")["refund"], Value::Null);
    let wrong = bench.ask("{ refund(id: \"gid://shopify/Order/1\") { id } }");
    assert_eq!(wrong["errors"][0]["extensions"]["code"], "argumentLiteralsIncompatible");
}

#[test]
fn a_refund_is_the_lines_share_of_price_discount_and_tax() {
    let mut bench = shop();
    bench.put(order());
    topics(&mut bench);
    let one = RefundLine { line_item_id: 11, quantity: 1 };
    bench.simulator.refund_order(ORDER, &[one], bench.now).unwrap();
    let (_, refund) = told(&mut bench).remove(0);
    let line = &refund["refund_line_items"][0];
    // (2 × 22.00 − 4.00) / 2 and 3.64 / 2; these two are JSON numbers, as Shopify has them.
    assert_eq!((&line["subtotal"], &line["total_tax"]), (&json!(20), &json!(1.82)));
    assert_eq!(refund["transactions"][0]["amount"], "21.82");
    let kept = bench.simulator.order(ORDER).unwrap().clone();
    assert_eq!(
        (&kept["financial_status"], &kept["current_total_price"]),
        (&json!("partially_refunded"), &json!("18.18"))
    );
    assert_eq!(kept["line_items"][0]["current_quantity"], 1);
    assert_eq!(
        (&kept["total_price"], &kept["line_items"][0]["quantity"]),
        (&json!("40.00"), &json!(2)),
        "as ordered"
    );
    assert!(bench.simulator.refund_order(ORDER, &[RefundLine { quantity: 2, ..one }], bench.now).is_err());
    let read = bench.data(&format!(
        "{{ order(id: \"gid://shopify/Order/{ORDER}\") {{ currentTotalPriceSet {{ shopMoney {{ amount }} }} refunds {{
            totalRefundedSet {{ shopMoney {{ amount }} }}
            refundLineItems(first: 5) {{ nodes {{ quantity lineItem {{ sku }} subtotalSet {{ shopMoney {{ amount }} }} }} }} }} }} }}"
    ));
    assert_eq!(
        read["order"],
        json!({
            "currentTotalPriceSet": { "shopMoney": { "amount": "18.18" } },
            "refunds": [{
                "totalRefundedSet": { "shopMoney": { "amount": "21.82" } },
                "refundLineItems": { "nodes": [{
                    "quantity": 1, "lineItem": { "sku": "CAP-RED" }, "subtotalSet": { "shopMoney": { "amount": "20.0" } },
                }] },
            }],
        })
    );
}

#[test]
fn a_deleted_order_is_told_by_its_id_alone() {
    let mut bench = shop();
    bench.put(order());
    topics(&mut bench);
    bench.simulator.delete_order(ORDER, bench.now).unwrap();
    assert_eq!(told(&mut bench), [("orders/delete".to_owned(), json!({ "id": ORDER }))]);
    assert!(bench.simulator.delete_order(ORDER, bench.now).is_err());
    assert!(bench.simulator.pay_order(ORDER, bench.now).is_err());
}

#[test]
fn an_order_is_cancelled_once_and_for_a_known_reason() {
    let mut bench = shop();
    bench.put(order());
    assert!(bench.simulator.cancel_order(ORDER, "whim", bench.now).is_err());
    bench.simulator.cancel_order(ORDER, "fraud", bench.now).unwrap();
    assert!(bench.simulator.cancel_order(ORDER, "fraud", bench.now).is_err());
    let read = bench
        .data(&format!("{{ order(id: \"gid://shopify/Order/{ORDER}\") {{ cancelReason cancelledAt }} }}"));
    assert_eq!(read["order"], json!({ "cancelReason": "FRAUD", "cancelledAt": "2026-11-22T12:00:00Z" }));
}

#[test]
fn customers_and_companies_are_created_updated_and_deleted() {
    let mut bench = shop();
    let id = bench.simulator.put(Kind::Customers, json!({ "first_name": "Ada" }), bench.now).unwrap();
    bench.simulator.put(Kind::Customers, json!({ "id": id, "first_name": "Bea" }), bench.now).unwrap();
    let read = bench.data(&format!("{{ customer(id: \"gid://shopify/Customer/{id}\") {{ firstName }} }}"));
    assert_eq!(read["customer"]["firstName"], "Bea");
    bench.simulator.delete(Kind::Customers, id, bench.now).unwrap();
    bench.simulator.put(Kind::Companies, json!({ "name": "Acme" }), bench.now).unwrap();
    let told = told(&mut bench);
    let topics: Vec<&str> = told.iter().map(|(topic, _)| topic.as_str()).collect();
    assert_eq!(topics, ["customers/create", "customers/update", "customers/delete", "companies/create"]);
    assert_eq!(
        told[2].1,
        json!({ "id": id, "admin_graphql_api_id": format!("gid://shopify/Customer/{id}") })
    );
}

#[test]
fn an_uninstallation_is_told_and_takes_the_subscriptions_of_the_api_with_it() {
    let mut bench = shop();
    bench.simulator.uninstall(bench.now);
    let (topic, body) = told(&mut bench).remove(0);
    assert_eq!(
        (topic.as_str(), &body["myshopify_domain"]),
        ("app/uninstalled", &json!("demo-tst.myshopify.com"))
    );
    bench.put(order());
    assert_eq!(bench.due(), []);
}
