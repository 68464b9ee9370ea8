//! What ShipBob's warehouses do, document by document.

use domain::{DeliveredOrder, RecordKey};
use mapping::{Mapping, Plan, Skus, plan_fee, plan_receipt, plan_return, plan_shipbob_order, plan_shipment};
use serde_json::{Value, json};
use shipbob::{Event, Topic};

use crate::{sample, shown};

fn mapping() -> Mapping {
    Mapping::parse(&(sample("finance.toml") + &sample("warehouse.toml"))).unwrap()
}

/// The plan of a body; `was_moved` says whether goods were moved for it before.
fn plan_after(topic: Topic, body: &Value, was_moved: bool) -> Plan {
    let mapping = mapping();
    let skus = Skus::from([(73, "CANDLE-SOY".to_owned())]);
    let key = |kind: &str, id: &dyn std::fmt::Display| -> RecordKey {
        format!("demo/shipbob/{kind}/{id}").parse().unwrap()
    };
    match shipbob::parse(topic, body.to_string().as_bytes()).unwrap() {
        Event::Order(order) => plan_shipbob_order(&mapping, &key("order", &order.id), &order),
        Event::Shipment(shipment) => {
            let order = DeliveredOrder { number: "0001000001".into(), customer: "C00001".into() };
            let key = key("shipment", &shipment.id);
            plan_shipment(&mapping, &key, &shipment, &skus, Some(order), was_moved)
        }
        Event::Receipt { receipt, boxes } => {
            let key = key("receipt", &receipt.id);
            plan_receipt(&mapping, &key, &receipt, boxes.as_deref(), &skus, was_moved)
        }
        Event::Return(returned) => {
            plan_return(&mapping, &key("return", &returned.id), &returned, &skus, was_moved)
        }
        Event::Transaction(fee) => plan_fee(&mapping, &key("fee", fee.transaction_id.source_id()), &fee),
        Event::Box(_) => panic!("a box is planned with its receiving order"),
    }
}

fn plan(topic: Topic, body: &Value) -> Value {
    shown(&plan_after(topic, body, false))
}

fn shipment(status: &str, products: &Value) -> Value {
    json!({
        "id": 9, "order_id": 500, "status": status, "created_date": "2026-11-20T08:00:00Z",
        "last_update_at": "2026-11-22T03:01:00.1234567Z", "actual_fulfillment_date": "2026-11-22T03:00:00Z",
        "location": { "id": 8, "name": "Cicero (IL)" }, "products": products
    })
}

fn product(sku: &str, items: &Value) -> Value {
    json!({ "id": 1, "sku": sku, "inventory_items": items })
}

#[test]
fn shipments_become_issues_of_what_was_picked() {
    let situations = [
        // In Chicago it is still the day before.
        ("shipment", json!([product("MUG-BLUE-12", &json!([{ "id": 71, "quantity": 3 }]))])),
        (
            "shipment-kit-exploded",
            json!([
                product("MUG-BLUE-12", &json!([{ "id": 71, "quantity": 1 }])),
                product(
                    "A-KIT",
                    &json!([{ "id": 71, "quantity": 2 }, { "id": 72, "quantity": 1 }, { "id": 73, "quantity": 4 }])
                ),
            ]),
        ),
        (
            "shipment-kit-of-unknown-parts",
            json!([product("A-KIT", &json!([{ "id": 71, "quantity": 2 }, { "id": 72, "quantity": 1 }]))]),
        ),
        ("shipment-in-another-unit", json!([product("TEA-CRATE", &json!([{ "id": 74, "quantity": 2 }]))])),
        (
            "shipment-of-lots",
            json!([product(
                "MUG-BLUE-12",
                &json!([
                    { "id": 71, "lot": "L-1", "expiration_date": "2027-01-31T00:00:00Z", "quantity": 2 },
                    { "id": 71, "lot": "L-2", "quantity": 1 },
                ])
            )]),
        ),
    ];
    for (name, products) in situations {
        insta::assert_json_snapshot!(name, plan(Topic::ShipmentPolled, &shipment("Completed", &products)));
    }
}

#[test]
fn what_came_to_nothing_is_a_correction_only_after_something_was_moved() {
    let products = json!([product("MUG-BLUE-12", &json!([{ "id": 71, "quantity": 3 }]))]);
    let cancelled = |products: &Value| shipment("Cancelled", products);
    let bodies = [
        (Topic::ShipmentPolled, cancelled(&products)),
        (Topic::WroFetched, receipt(0, 0)),
        (Topic::ReturnPolled, returned(0)),
    ];
    for (topic, body) in bodies {
        assert!(matches!(plan_after(topic, &body, false), Plan::Skip(_)), "{topic:?}");
        let Plan::Planned { document, findings, .. } = plan_after(topic, &body, true) else { panic!() };
        assert_eq!(findings, []);
        assert!(document.goods().iter().all(|line| line.quantity.is_zero()), "{topic:?}");
    }
    let Plan::Planned { findings, .. } = plan_after(Topic::ShipmentPolled, &cancelled(&json!([])), true)
    else {
        panic!()
    };
    assert_eq!(findings[0].code, domain::FindingCode::MissingField);
}

fn receipt(of_orders: u32, in_boxes: u32) -> Value {
    json!({ "receipt": {
        "id": 40, "status": "Processing", "purchase_order_number": "1900001",
        "insert_date": "2026-11-20T00:00:00", "last_updated_date": "2026-11-22T12:00:00",
        "fulfillment_center": { "id": 8, "name": "Cicero (IL)" },
        "inventory_quantities": [
            { "inventory_id": 71, "sku": "MUG-BLUE-12", "expected_quantity": 9, "received_quantity": 9, "stowed_quantity": of_orders },
            { "inventory_id": 74, "sku": "TEA-CRATE", "expected_quantity": 2, "received_quantity": 2, "stowed_quantity": of_orders },
        ]
    }, "boxes": [{ "box_id": 1, "box_items": [
        { "inventory_id": 71, "lot_number": "L-1", "lot_date": "2027-01-31T00:00:00", "stowed_quantity": in_boxes },
    ] }] })
}

fn returned(restocked: u32) -> Value {
    json!({
        "id": 60, "status": "Completed", "insert_date": "2026-11-20T00:00:00Z",
        "completed_date": "2026-11-22T04:00:00Z", "fulfillment_center": { "id": 8, "name": "Cicero (IL)" },
        "inventory": [{ "id": 71, "sku": "MUG-BLUE-12", "quantity": 3, "action_taken": [
            { "action": "Restock", "quantity_processed": restocked },
            { "action": "Dispose", "quantity_processed": 1 }
        ] }]
    })
}

/// The boxes know lots; what no box has is taken from the order's own numbers, even where both differ.
#[test]
fn a_receipt_is_what_is_stowed_by_box_and_lot() {
    insta::assert_json_snapshot!(
        "receipt-that-differs-from-its-boxes",
        plan(Topic::WroFetched, &receipt(2, 5))
    );
}

#[test]
fn of_a_return_only_what_was_restocked_comes_back() {
    insta::assert_json_snapshot!("return-restocked-only", plan(Topic::ReturnPolled, &returned(2)));
}

#[test]
fn fees_become_journal_entries_by_their_charge_dates() {
    let fee = |change: &Value| {
        let mut body = json!({
            "transaction_id": "01K9ZQ7T9S", "amount": 7.01, "currency_code": "USD", "charge_date": "2026-10-31",
            "transaction_fee": "Shipping", "transaction_type": "Charge", "reference_id": "900101",
            "reference_type": "Shipment", "fulfillment_center": "Cicero (IL)", "taxes": []
        });
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        body
    };
    let credit = json!({ "transaction_id": "01K9ZQ7T9V", "amount": -7.01, "charge_date": "2026-11-02",
                         "transaction_type": "Credit" });
    let taxes = json!({ "taxes": [{ "tax_type": "GST", "tax_rate": 5.0, "tax_amount": 0.35 },
                                  { "tax_type": "PST", "tax_rate": 7.0, "tax_amount": 0.49 }] });
    for (name, change) in [("fee", json!({})), ("fee-credit", credit), ("fee-with-taxes", taxes)] {
        insta::assert_json_snapshot!(name, plan(Topic::TransactionPolled, &fee(&change)));
    }
}

#[test]
fn an_order_of_shipbobs_is_sold_or_replenishes() {
    let order = |channel: u64| {
        json!({
            "id": 500, "order_number": "B-500", "status": "Processing", "created_date": "2026-11-20T08:00:00Z",
            "purchase_date": "2026-11-19T22:30:00Z", "channel": { "id": channel, "name": "Shop" },
            "recipient": { "name": "Ada Lovelace", "phone_number": "+1 312 555 0100", "address": {
                "address1": "1 Wacker Drive", "city": "Chicago", "state": "IL", "zip_code": "60601", "country": "US" } },
            "products": [
                { "id": 1, "sku": "MUG-BLUE-12", "quantity": 2, "unit_price": 10.5, "external_line_id": 7 },
                { "id": 2, "sku": "TEA-CRATE", "quantity": 1, "unit_price": 24.0 },
                { "id": 3, "sku": "CANDLE-SOY", "quantity": 1, "quantity_unit_of_measure_code": "CS", "unit_price": 60 },
            ]
        })
    };
    for (name, channel) in [("shipbob-order-sold", 1), ("shipbob-order-that-replenishes", 433)] {
        insta::assert_json_snapshot!(name, plan(Topic::OrderPolled, &order(channel)));
    }
}
