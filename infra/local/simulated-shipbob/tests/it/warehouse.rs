//! What happens in the warehouses, and what is told of it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::bench::Bench;

const ALL: [&str; 19] = [
    "order.shipped",
    "order.delivered",
    "order.shipment.delivered",
    "order.shipment.exception",
    "order.shipment.on_hold",
    "order.shipment.cancelled",
    "order.shipment.tracking.updated",
    "return.created",
    "return.updated",
    "return.completed",
    "wro.created",
    "wro.updated",
    "wro.completed",
    "wro.box.arrived",
    "wro.box.scanned",
    "wro.box.stowed",
    "billing.charge.created",
    "billing.refund.created",
    "billing.credit.created",
];

fn watched() -> Bench {
    let mut bench = Bench::new();
    bench.subscribe(&ALL);
    bench
}

/// Topics and bodies of what was told since the last time.
fn told(bench: &mut Bench) -> Vec<(String, Value)> {
    let due = bench.deliver(200).into_iter();
    due.map(|one| (one.topic, serde_json::from_slice(&one.body).unwrap())).collect()
}

fn topics(bench: &mut Bench) -> Vec<String> {
    told(bench).into_iter().map(|(topic, _)| topic).collect()
}

#[test]
fn a_split_order_is_told_whole_with_each_parcel() {
    let mut bench = watched();
    let id = bench.order(&[("MUG", 3)]);
    assert_eq!(bench.get(&format!("order/{id}"))["status"], "Processing");
    bench.does(
        &format!("orders/{id}/ship"),
        &json!({ "parcels": [{ "picks": [{ "sku": "MUG", "quantity": 1 }] }] }),
    );
    let first = told(&mut bench);
    assert_eq!((first.len(), &first[0].1["status"]), (1, &json!("PartiallyFulfilled")));
    let statuses = |order: &Value| -> Vec<String> {
        order["shipments"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["status"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(statuses(&first[0].1), ["Completed", "Processing"]);
    bench.does(&format!("orders/{id}/ship"), &Value::Null);
    let second = told(&mut bench);
    assert_eq!((second.len(), &second[0].1["status"]), (1, &json!("Fulfilled")));
    assert_eq!(statuses(&second[0].1), ["Completed", "Completed"]);
    let (status, error) = bench.tries(&format!("orders/{id}/ship"), &Value::Null);
    assert_eq!((status, &error["error"]), (400, &json!("nothing is left to ship")));
}

#[test]
fn more_than_was_ordered_cannot_be_shipped() {
    let mut bench = Bench::new();
    let id = bench.order(&[("MUG", 3)]);
    let picks = json!({ "parcels": [{ "picks": [{ "sku": "MUG", "quantity": 2, "lot": "A" }, { "sku": "MUG", "quantity": 2, "lot": "B" }] }] });
    assert_eq!(bench.tries(&format!("orders/{id}/ship"), &picks).0, 400);
    let fitting = json!({ "parcels": [{ "picks": [{ "sku": "MUG", "quantity": 2, "lot": "A" }, { "sku": "MUG", "quantity": 1, "lot": "B" }] }] });
    bench.does(&format!("orders/{id}/ship"), &fitting);
    let order = bench.get(&format!("order/{id}"));
    let items = order["shipments"][0]["products"][0]["inventory_items"].as_array().unwrap();
    let lots: Vec<_> = items
        .iter()
        .map(|item| (item["lot"].as_str().unwrap(), item["quantity"].as_u64().unwrap()))
        .collect();
    assert_eq!(lots, [("A", 2), ("B", 1)]);
}

#[test]
fn an_order_is_delivered_with_its_last_shipment() {
    let mut bench = watched();
    let id = bench.order(&[("MUG", 2)]);
    let parcels = json!({ "parcels": [{ "picks": [{ "sku": "MUG", "quantity": 1 }] }, {}] });
    let shipments = bench.does(&format!("orders/{id}/ship"), &parcels)["shipments"].clone();
    assert_eq!(topics(&mut bench), ["order.shipped", "order.shipped"]);
    bench.does(&format!("shipments/{}/deliver", shipments[0]), &Value::Null);
    assert_eq!(topics(&mut bench), ["order.shipment.tracking.updated", "order.shipment.delivered"]);
    bench.does(&format!("shipments/{}/deliver", shipments[1]), &Value::Null);
    assert_eq!(topics(&mut bench).last().unwrap(), "order.delivered");
}

#[test]
fn a_shipment_is_held_then_cancelled() {
    let mut bench = watched();
    let id = bench.order(&[("MUG", 2)]);
    let shipment = bench.get(&format!("order/{id}/shipment"))[0]["id"].clone();
    bench.does(&format!("shipments/{shipment}/hold"), &Value::Null);
    bench.does(&format!("shipments/{shipment}/exception"), &Value::Null);
    bench.does(&format!("orders/{id}/cancel"), &Value::Null);
    let told = told(&mut bench);
    let told: Vec<_> =
        told.iter().map(|(topic, body)| (topic.as_str(), body["status"].as_str().unwrap())).collect();
    assert_eq!(
        told,
        [
            ("order.shipment.on_hold", "OnHold"),
            ("order.shipment.exception", "Exception"),
            ("order.shipment.cancelled", "Cancelled"),
        ]
    );
    assert_eq!(bench.get(&format!("order/{id}"))["status"], "Cancelled");
}

#[test]
fn an_order_with_an_unknown_product_waits_in_import_review() {
    let mut bench = watched();
    let id = bench.order(&[("NEW", 2)]);
    assert_eq!(bench.get(&format!("order/{id}"))["status"], "ImportReview");
    assert_eq!(bench.tries(&format!("orders/{id}/ship"), &Value::Null).0, 400);
    assert!(topics(&mut bench).is_empty());
}

#[test]
fn goods_are_stowed_in_parts_and_the_order_lags_behind_its_boxes() {
    let mut bench = watched();
    let boxes = json!([{ "items": [{ "sku": "MUG", "quantity": 10 }] }, { "items": [{ "sku": "MUG", "quantity": 5 }] }]);
    let made = bench.does("receiving", &json!({ "purchase_order_number": "PO1", "boxes": boxes }));
    let (id, first, second) = (made["id"].clone(), made["boxes"][0].clone(), made["boxes"][1].clone());
    bench.does(&format!("receiving/{id}/arrive"), &json!({ "box_id": first }));
    assert_eq!(bench.get(&format!("receiving/{id}"))["status"], "PartiallyArrived");
    let stow = |id: &Value, quantity: u64| json!({ "boxes": [{ "box_id": id, "items": [{ "sku": "MUG", "quantity": quantity }] }] });
    bench.does(&format!("receiving/{id}/stow"), &stow(&first, 4));
    bench.does(&format!("receiving/{id}/stow"), &stow(&second, 7));
    let order = bench.get(&format!("receiving/{id}"));
    let quantities = json!([{ "inventory_id": 501, "sku": "MUG", "expected_quantity": 15, "received_quantity": 0, "stowed_quantity": 11 }]);
    assert_eq!((&order["status"], &order["inventory_quantities"]), (&json!("Processing"), &quantities));
    let shown = bench.get(&format!("receiving/{id}/boxes"));
    assert_eq!((&shown[0]["box_status"], &shown[1]["box_status"]), (&json!("Stowing"), &json!("Completed")));
    bench.does(&format!("receiving/{id}/complete"), &Value::Null);
    assert_eq!(bench.get(&format!("receiving/{id}"))["inventory_quantities"][0]["received_quantity"], 11);
    let expected = [
        "wro.created",
        "wro.box.arrived",
        "wro.updated",
        "wro.box.stowed",
        "wro.updated",
        "wro.box.stowed",
        "wro.updated",
        "wro.completed",
    ];
    assert_eq!(topics(&mut bench), expected);
    assert_eq!(bench.tries(&format!("receiving/{id}/stow"), &stow(&first, 1)).0, 400);
}

#[test]
fn a_return_and_each_kind_of_fee_are_told() {
    let mut bench = watched();
    let id = bench.does("returns", &json!({ "inventory": [{ "sku": "MUG", "quantity": 1 }] }))["id"].clone();
    for step in ["arrive", "process", "complete"] {
        bench.does(&format!("returns/{id}/{step}"), &Value::Null);
    }
    let fees: Vec<Value> = ["Charge", "Refund", "Credit", "Payment"]
        .map(|kind| json!({ "amount": 1.5, "transaction_fee": "Shipping", "transaction_type": kind }))
        .to_vec();
    bench.does("transactions", &json!(fees));
    let expected = [
        "return.created",
        "return.updated",
        "return.updated",
        "return.completed",
        "billing.charge.created",
        "billing.refund.created",
        "billing.credit.created",
    ];
    assert_eq!(topics(&mut bench), expected);
    assert_eq!(bench.tries(&format!("returns/{id}/complete"), &Value::Null).0, 400);
}

#[test]
fn what_cannot_be_is_refused_and_changes_nothing() {
    let mut bench = watched();
    for (path, body) in [
        ("orders/1/ship", json!({})),
        ("shipments/1/deliver", json!(null)),
        ("receiving", json!({ "boxes": [{ "items": [{ "sku": "NONE", "quantity": 1 }] }] })),
        ("returns", json!({ "fulfillment_center_id": 99, "inventory": [] })),
        ("transactions", json!([{ "amount": "many", "transaction_fee": "Shipping" }])),
        ("orders", json!({ "products": [{ "sku": "MUG" }] })),
        ("settings", json!({ "unknown": 1 })),
        ("nowhere", json!({})),
    ] {
        assert_eq!(bench.tries(path, &body).0, 400, "{path}");
    }
    assert!(topics(&mut bench).is_empty());
    assert_eq!(bench.totals(), json!({ "fees": [], "stock": [] }));
}

/// A failure at the second of two must not leave the first done and untold.
#[test]
fn what_fails_half_way_changes_nothing() {
    let mut bench = watched();
    let id = bench.order(&[("MUG", 2)]);
    let parcel = |quantity: u64| json!({ "picks": [{ "sku": "MUG", "quantity": quantity }] });
    let before = bench.get(&format!("order/{id}"));
    let too_many = json!({ "parcels": [parcel(1), parcel(2)] });
    assert_eq!(bench.tries(&format!("orders/{id}/ship"), &too_many).0, 400);
    assert_eq!(bench.get(&format!("order/{id}")), before);
    bench.does(&format!("orders/{id}/cancel?silent=true"), &Value::Null);
    assert_eq!(bench.tries(&format!("orders/{id}/ship"), &Value::Null).0, 400);
    let back = json!({ "inventory": [{ "sku": "MUG", "quantity": 1 }] });
    let back = bench.does("returns?silent=true", &back)["id"].clone();
    let actions = json!({ "actions": [
        { "sku": "MUG", "action": "Restock", "quantity": 1 }, { "sku": "TEA", "action": "Restock", "quantity": 1 },
    ] });
    assert_eq!(bench.tries(&format!("returns/{back}/complete"), &actions).0, 400);
    assert_eq!(bench.get(&format!("return/{back}"))["inventory"][0]["action_taken"], json!([]));
    assert!(topics(&mut bench).is_empty());
}

#[test]
fn times_have_none_to_seven_digits_and_either_offset() {
    let mut bench = Bench::new();
    let (mut seen, mut offsets) = (BTreeSet::new(), BTreeSet::new());
    for _ in 0..40 {
        let id = bench.order(&[("MUG", 1)]);
        let time = bench.get(&format!("order/{id}"))["created_date"].as_str().unwrap().to_owned();
        let (_, tail) = time.split_at("2026-11-22T12:00:00".len());
        let offset = if tail.ends_with('Z') { "Z" } else { "+00:00" };
        seen.insert(tail.strip_suffix(offset).unwrap().to_owned());
        offsets.insert(offset);
        bench.pass(1);
    }
    let digits = ["", ".1", ".12", ".123", ".1234", ".12345", ".123456", ".1234567"];
    assert_eq!(seen, digits.map(str::to_owned).into());
    assert_eq!(offsets, ["Z", "+00:00"].into());
}

#[test]
fn an_invoice_amount_appears_a_day_after_the_parcel_left_and_no_webhook_tells_of_it() {
    let mut bench = Bench::new();
    bench.subscribe(&ALL);
    let id = bench.order(&[("MUG", 1)]);
    let parcel = json!({ "parcels": [{ "invoice_amount": 6.50 }] });
    let shipment = bench.does(&format!("orders/{id}/ship"), &parcel)["shipments"][0].clone();
    assert!(!bench.deliver(200).is_empty());
    let shown = |bench: &mut Bench| {
        let shipment = bench.get(&format!("shipment/{shipment}"));
        (shipment["invoice_amount"].to_string(), shipment["invoice_currency_code"].clone())
    };
    bench.pass(24 * 3600 - 1);
    assert_eq!(shown(&mut bench), ("null".to_owned(), Value::Null));
    bench.pass(1);
    assert_eq!(shown(&mut bench), ("6.5".to_owned(), json!("USD")));
    assert!(bench.deliver(200).is_empty());
}

#[test]
fn values_that_nobody_knows_stand_in_answers_and_webhooks_alike() {
    let mut bench = Bench::new();
    bench.subscribe(&["order.shipped"]);
    bench.does("settings", &json!({ "unknown_values": { "Fulfilled": "Teleported" } }));
    let id = bench.order(&[("MUG", 1)]);
    bench.does(&format!("orders/{id}/ship"), &Value::Null);
    assert_eq!(bench.get(&format!("order/{id}"))["status"], "Teleported");
    let told: Value = serde_json::from_slice(&bench.deliver(200)[0].body).unwrap();
    assert_eq!(told["status"], "Teleported");
}
