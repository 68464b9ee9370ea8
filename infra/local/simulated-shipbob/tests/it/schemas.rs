//! What the API answers fits the schemas of ShipBob's `OpenAPI` document, where that is beside the project.

use serde_json::{Value, json};

use crate::bench::{Bench, parsed};

/// The document with its nullable members in the words of JSON Schema.
fn document() -> Option<Value> {
    let path = testkit::fixtures()?.join("shipbob/openapi/openapi-2026-01.json");
    let mut document = serde_json::from_slice(&std::fs::read(path).ok()?).unwrap();
    speak_json_schema(&mut document);
    Some(document)
}

/// `OpenAPI` 3.0 says `nullable`, and lets nothing stand beside `$ref`.
fn speak_json_schema(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(speak_json_schema),
        Value::Object(object) => {
            if let Some(reference) = object.get("$ref").cloned() {
                object.clear();
                object.insert("$ref".to_owned(), reference);
                return;
            }
            if object.get("nullable") == Some(&json!(true)) {
                if let Some(kind) = object.get("type").filter(|kind| kind.is_string()).cloned() {
                    object.insert("type".to_owned(), json!([kind, "null"]));
                }
                if let Some(Value::Array(values)) = object.get_mut("enum") {
                    values.push(Value::Null);
                }
            }
            // The document denies every member beside "one of" and "all of", which nothing could fit.
            if ["allOf", "anyOf", "oneOf"].iter().any(|name| object.contains_key(*name)) {
                object.remove("additionalProperties");
            }
            object.values_mut().for_each(speak_json_schema);
        }
        _ => {}
    }
}

fn check(document: &Value, method: &str, path: &str, status: &str, answer: &Value) {
    let operation = &document["paths"][format!("/2026-01/{path}")][method];
    let schema = &operation["responses"][status]["content"]["application/json"]["schema"];
    fits(document, schema.clone(), &format!("{method} {path} {status}"), answer);
}

fn fits(document: &Value, mut schema: Value, what: &str, answer: &Value) {
    assert!(schema.is_object(), "{what} has a schema");
    schema["components"] = document["components"].clone();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(answer).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{what}: {errors:#?}\n{answer:#}");
}

/// An account in which something of every kind has happened.
fn busy() -> (Bench, u64, u64, u64, u64) {
    let mut bench = Bench::new();
    let order = bench.order(&[("MUG", 3), ("SET", 1)]);
    bench.order(&[("MUG", 1)]);
    let parcels = json!({ "parcels": [
        { "picks": [{ "sku": "MUG", "quantity": 2, "lot": "L1", "expiration_date": "2027-01-01T00:00:00Z" }], "invoice_amount": 6.58 },
        { "fulfillment_center_id": 8, "without_quantities": true },
    ] });
    let shipments = bench.does(&format!("orders/{order}/ship"), &parcels);
    let shipment = shipments["shipments"][0].as_u64().unwrap();
    bench.does(&format!("shipments/{shipment}/deliver"), &Value::Null);
    let announced = json!({ "purchase_order_number": "PO1", "boxes": [
        { "tracking_number": "T1", "items": [{ "sku": "TEA", "quantity": 10, "lot_number": "A", "lot_date": "2027-01-01T00:00:00Z" }] },
    ] });
    let receiving = bench.does("receiving", &announced)["id"].as_u64().unwrap();
    let stow = json!({ "boxes": [{ "items": [{ "sku": "TEA", "quantity": 4, "lot_number": "A" }] }] });
    bench.does(&format!("receiving/{receiving}/stow"), &stow);
    let back = json!({ "original_shipment_id": shipment, "inventory": [{ "sku": "MUG", "quantity": 1 }] });
    let back = bench.does("returns", &back)["id"].as_u64().unwrap();
    bench.does(&format!("returns/{back}/complete"), &Value::Null);
    bench.does("transactions", &json!([
        { "amount": 6.58, "transaction_fee": "Shipping", "reference_id": shipment.to_string(), "reference_type": "Shipment",
          "taxes": [{ "tax_type": "GST", "tax_rate": 13, "tax_amount": 0.65 }] },
    ]));
    bench.does("invoice", &Value::Null);
    bench.does("clock", &json!({ "skip_seconds": 86_400 }));
    (bench, order, shipment, receiving, back)
}

#[test]
fn every_answer_fits_the_openapi_document() {
    let Some(document) = document() else { return };
    let (mut bench, order, shipment, receiving, back) = busy();
    let cases = [
        ("order", "order".to_owned()),
        ("order/{orderId}", format!("order/{order}")),
        ("order/{orderId}/shipment/{shipmentId}", format!("order/{order}/shipment/{shipment}")),
        ("shipment/{shipmentId}", format!("shipment/{shipment}")),
        ("receiving", "receiving".to_owned()),
        ("receiving/{id}", format!("receiving/{receiving}")),
        ("receiving/{id}/boxes", format!("receiving/{receiving}/boxes")),
        ("return", "return".to_owned()),
        ("return/{id}", format!("return/{back}")),
        ("inventory", "inventory".to_owned()),
        ("inventory/{inventoryId}", "inventory/503".to_owned()),
        ("channel", "channel".to_owned()),
        ("fulfillment-center", "fulfillment-center".to_owned()),
    ];
    for (template, path) in cases {
        let answer = bench.get(&path);
        check(&document, "get", template, "200", &answer);
    }
    let found = parsed(&bench.call("POST", "transactions:query", &json!({})));
    assert_eq!(found["items"].as_array().unwrap().len(), 1);
    check(&document, "post", "transactions:query", "200", &found);
    let made = bench.subscribe(&["order.shipped", "billing.charge.created"]);
    check(&document, "post", "webhook", "200", &made);
    let listed = bench.get("webhook");
    check(&document, "get", "webhook", "200", &listed);
}

#[test]
fn every_header_that_the_document_declares_is_there() {
    let Some(document) = document() else { return };
    let (mut bench, ..) = busy();
    let mut checked = 0;
    for path in ["order", "receiving", "return", "inventory", "channel", "product", "webhook"] {
        let answer = bench.call("GET", &format!("{path}?Limit=1"), &Value::Null);
        let declared = &document["paths"][format!("/2026-01/{path}")]["get"]["responses"]["200"]["headers"];
        for (name, _) in declared.as_object().into_iter().flatten() {
            // The last page names no next one.
            let is_there = answer.header(name).is_some() || name == "Next-Page";
            assert!(is_there, "{path}: {name}");
            checked += 1;
        }
    }
    assert_eq!(checked, 9);
}

/// The list of an order's shipments is an array of "one of two shapes", which both fit: each is checked on its own.
#[test]
fn the_shipments_of_an_order_are_shipments() {
    let Some(document) = document() else { return };
    let (mut bench, order, ..) = busy();
    let shipments = bench.get(&format!("order/{order}/shipment"));
    assert_eq!(shipments.as_array().unwrap().len(), 2);
    for shipment in shipments.as_array().unwrap() {
        check(&document, "get", "shipment/{shipmentId}", "200", shipment);
    }
}

/// The document's two shapes of a variant deny each other's members, so nothing fits: the shape below both is checked.
#[test]
fn products_and_their_variants_fit_what_is_below_them() {
    let Some(document) = document() else { return };
    let mut products = Bench::new().get("product");
    for product in products["items"].as_array_mut().unwrap() {
        let mut variants = std::mem::replace(&mut product["variants"], json!([]));
        assert_eq!(variants.as_array().unwrap().len(), 1);
        // The one member that the shape below does not have.
        assert!(variants[0].as_object_mut().unwrap().remove("barcodes").is_some());
        let base = json!({ "$ref": "#/components/schemas/Products.VariantViewModelBase" });
        fits(&document, base, "variant", &variants[0]);
    }
    check(&document, "get", "product", "200", &products);
}

#[test]
fn refusals_fit_it_too() {
    let Some(document) = document() else { return };
    let mut bench = Bench::new();
    let missing = bench.call("GET", "return/1", &Value::Null);
    assert_eq!(missing.status, 404);
    check(&document, "get", "return/{id}", "404", &parsed(&missing));
    let missing = bench.call("GET", "receiving/1", &Value::Null);
    check(&document, "get", "receiving/{id}", "404", &parsed(&missing));
}
