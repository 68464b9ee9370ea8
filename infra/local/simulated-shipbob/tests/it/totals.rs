//! ShipBob's own figures.

use serde_json::{Value, json};

use crate::bench::Bench;

fn stock(bench: &mut Bench) -> Value {
    bench.totals()["stock"].clone()
}

fn row(centre: u64, item: u64, lot: Option<&str>, moved: [u64; 3]) -> Value {
    let [shipped, stowed, restocked] = moved;
    json!({ "fulfillment_center_id": centre, "inventory_id": item, "lot": lot, "shipped": shipped, "stowed": stowed, "restocked": restocked })
}

#[test]
fn a_kit_leaves_as_its_components() {
    let mut bench = Bench::new();
    let id = bench.order(&[("SET", 3), ("MUG", 1)]);
    assert_eq!(stock(&mut bench), json!([]));
    bench.does(&format!("orders/{id}/ship"), &Value::Null);
    assert_eq!(stock(&mut bench), json!([row(10, 501, None, [7, 0, 0]), row(10, 502, None, [3, 0, 0])]));
}

#[test]
fn quantities_that_are_not_shown_count_all_the_same() {
    let mut bench = Bench::new();
    let id = bench.order(&[("MUG", 4)]);
    bench.does(&format!("orders/{id}/ship"), &json!({ "parcels": [{ "without_quantities": true }] }));
    let shown = bench.get(&format!("order/{id}"));
    assert!(shown["shipments"][0]["products"][0]["inventory_items"][0].get("quantity").is_none());
    assert_eq!(stock(&mut bench), json!([row(10, 501, None, [4, 0, 0])]));
}

#[test]
fn corrected_and_cancelled_shipments_count_as_they_are_in_the_end() {
    let mut bench = Bench::new();
    let id = bench.order(&[("MUG", 4)]);
    let shipment = bench.does(&format!("orders/{id}/ship"), &Value::Null)["shipments"][0].clone();
    let correct = json!({ "items": [{ "inventory_id": 501, "quantity": 3 }] });
    bench.does(&format!("shipments/{shipment}/correct"), &correct);
    assert_eq!(stock(&mut bench), json!([row(10, 501, None, [3, 0, 0])]));
    bench.does(&format!("shipments/{shipment}/cancel"), &Value::Null);
    assert_eq!(stock(&mut bench), json!([]));
}

#[test]
fn stowed_pieces_count_by_lot_and_only_restocked_ones_come_back() {
    let mut bench = Bench::new();
    let announced = json!({ "fulfillment_center_id": 8, "boxes": [{ "items": [{ "sku": "TEA", "quantity": 11, "lot_number": "A" }] }] });
    let id = bench.does("receiving", &announced)["id"].clone();
    for (lot, quantity) in [("A", 4), ("A", 5), ("B", 2)] {
        let stow =
            json!({ "boxes": [{ "items": [{ "sku": "TEA", "quantity": quantity, "lot_number": lot }] }] });
        bench.does(&format!("receiving/{id}/stow"), &stow);
    }
    let back = json!({ "inventory": [{ "sku": "MUG", "quantity": 5 }] });
    let back = bench.does("returns", &back)["id"].clone();
    let actions = json!({ "actions": [
        { "sku": "MUG", "action": "Restock", "quantity": 3 },
        { "sku": "MUG", "action": "Dispose", "quantity": 2, "reason": "Damaged" },
    ] });
    bench.does(&format!("returns/{back}/complete"), &actions);
    let rows = json!([
        row(8, 502, Some("A"), [0, 9, 0]),
        row(8, 502, Some("B"), [0, 2, 0]),
        row(10, 501, None, [0, 0, 3])
    ]);
    assert_eq!(stock(&mut bench), rows);
}

#[test]
fn fees_count_by_currency_and_name_with_taxes_apart_to_the_cent() {
    let mut bench = Bench::new();
    let tax = json!([{ "tax_type": "GST", "tax_rate": 13, "tax_amount": 0.65 }]);
    bench.does(
        "transactions",
        &json!([
            { "amount": 6.58, "transaction_fee": "Shipping" },
            { "amount": 0.10, "transaction_fee": "Shipping" },
            { "amount": 0.20, "transaction_fee": "Shipping", "taxes": tax },
            { "amount": -6.58, "transaction_fee": "Shipping", "transaction_type": "Credit" },
            { "amount": 5, "transaction_fee": "Shipping", "currency_code": "CAD", "taxes": tax },
        ]),
    );
    let fees = bench.totals()["fees"].to_string();
    assert!(
        fees.contains(
            r#"{"amount":5,"count":1,"currency_code":"CAD","tax":0.65,"transaction_fee":"Shipping"}"#
        ),
        "{fees}"
    );
    assert!(
        fees.contains(
            r#"{"amount":0.3,"count":4,"currency_code":"USD","tax":0.65,"transaction_fee":"Shipping"}"#
        ),
        "{fees}"
    );
}
