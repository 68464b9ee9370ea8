//! Bodies that nobody here wrote: the examples of ShipBob's specification, real answers, and what others made up.
//! Each is read, or refused with the name of a field.

use std::path::Path;

use serde::de::DeserializeOwned;
use serde_json::Value;
use shipbob::{Event, InventoryItem, ParseError, Product, Topic, parse, peek, stowed};

/// A JSON file of the fixtures, if they are there.
fn fixture(path: &str) -> Option<Value> {
    let path = testkit::fixtures()?.join("shipbob").join(path);
    Some(serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap())
}

/// The objects of an answer: one, a list, or a page.
fn objects(answer: &Value) -> Vec<&Value> {
    let page = ["items", "data", "results"].into_iter().find_map(|key| answer[key].as_array());
    match page.or_else(|| answer.as_array()) {
        Some(list) => list.iter().collect(),
        None => vec![answer],
    }
}

fn read(topic: Topic, body: &Value) -> Result<Event, ParseError> {
    parse(topic, body.to_string().as_bytes())
}

/// What the answers of an operation are bodies of.
fn topic_of(operation: &str) -> Option<Topic> {
    let path = operation.split(' ').nth(1)?.trim_start_matches("/2026-01/");
    Some(match path {
        "order" | "order/{orderId}" => Topic::OrderPolled,
        "shipment/{shipmentId}" | "order/{orderId}/shipment" | "order/{orderId}/shipment/{shipmentId}" => {
            Topic::ShipmentPolled
        }
        "receiving" | "receiving/{id}" | "receiving/{id}:cancel" => Topic::WroUpdated,
        "receiving/{id}/boxes" => Topic::WroBoxStowed,
        "return" | "return/{id}" => Topic::ReturnUpdated,
        "invoices/{invoiceId}/transactions" | "transactions:query" => Topic::TransactionPolled,
        _ => return None,
    })
}

#[test]
fn every_example_of_the_specification_is_read() {
    let Some(examples) = fixture("openapi/examples-2026-01.json") else { return };
    let mut count = 0;
    for (operation, answer) in examples.as_object().unwrap() {
        let Some(topic) = topic_of(operation) else { continue };
        let answer = if answer["example"].is_null() { answer } else { &answer["example"] };
        for body in objects(answer) {
            let event = read(topic, body).unwrap_or_else(|error| panic!("{operation}: {error}"));
            assert_eq!(event.subject(), topic.subject(), "{operation}");
            count += 1;
        }
    }
    assert!(count >= 15, "only {count} examples were read");
}

fn check<T: DeserializeOwned>(operation: &str, bodies: Vec<Value>) {
    assert!(!bodies.is_empty(), "{operation}");
    for body in bodies {
        let read = serde_json::from_str::<T>(&body.to_string());
        assert!(read.is_ok(), "{operation}: {:?}", read.err());
    }
}

#[test]
fn every_example_of_the_catalogue_is_read() {
    let Some(examples) = fixture("openapi/examples-2026-01.json") else { return };
    let all = |operation: &str| {
        let answer = &examples[operation];
        let answer = if answer["example"].is_null() { answer } else { &answer["example"] };
        objects(answer).into_iter().cloned().collect::<Vec<_>>()
    };
    check::<InventoryItem>("GET /2026-01/inventory 200", all("GET /2026-01/inventory 200"));
    check::<Product>("GET /2026-01/product 200", all("GET /2026-01/product 200"));
}

/// The same receiving order says 0 received while its box says 100: what is stowed is right in both.
#[test]
fn a_real_receiving_order_and_its_boxes_are_read() {
    let (Some(order), Some(boxes)) =
        (fixture("node-sdk/wro_1.json"), fixture("node-sdk/wro_boxes_response_stowing.json"))
    else {
        return;
    };
    let combined = serde_json::json!({"receipt": order, "boxes": boxes});
    let Event::Receipt { receipt, boxes } = read(Topic::WroFetched, &combined).unwrap() else {
        panic!("not a receiving order")
    };
    let alone = stowed(&receipt, None);
    let quantities = |goods: &[shipbob::Goods]| -> Vec<_> {
        goods.iter().map(|goods| (goods.of.inventory_id, goods.quantity.unwrap().to_string())).collect()
    };
    let all = |numbers: [&str; 3]| {
        [8_588_331, 8_588_349, 8_588_348].into_iter().zip(numbers.map(str::to_owned)).collect::<Vec<_>>()
    };
    assert_eq!(quantities(&alone.goods), all(["100", "100", "100"]));
    let by_box = stowed(&receipt, boxes.as_deref());
    assert_eq!(quantities(&by_box.goods), all(["50", "0", "0"]));
    assert_eq!((by_box.differences.len(), by_box.gaps.len()), (3, 0));
}

#[test]
fn real_fees_are_read_to_the_cent() {
    let Some(page) = fixture("jetpack/transaction.pending.json") else { return };
    let Event::Transaction(fee) = read(Topic::TransactionPolled, &page["items"][0]).unwrap() else {
        panic!("not a fee")
    };
    assert_eq!(fee.amount().unwrap().amount.to_string(), "6.58");
    assert_eq!(fee.charge_date.unwrap().to_string(), "2025-11-26");
    let partial = fixture("jetpack/transaction.storage.partial.json").unwrap();
    let error = read(Topic::BillingChargeCreated, &partial).unwrap_err();
    assert_eq!(error.finding().field, "transaction_id");
}

/// A shipment's products of this connector have a quantity that the specification does not know.
#[test]
fn the_deliveries_that_a_connector_made_up_are_read() {
    let Some(all) = fixture("flowrunner/sample-results.json") else { return };
    for (name, topic) in [
        ("onOrderShipped", Topic::OrderShipped),
        ("onShipmentDelivered", Topic::ShipmentDelivered),
        ("onShipmentException", Topic::ShipmentException),
        ("onShipmentOnHold", Topic::ShipmentOnHold),
        ("onReturnCompleted", Topic::ReturnCompleted),
        ("getOrder", Topic::OrderPolled),
        ("getShipment", Topic::ShipmentPolled),
        ("getWRO", Topic::WroUpdated),
    ] {
        let event = read(topic, &all[name]).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(shipbob::check(topic, &event), Ok(()), "{name}");
        if let Event::Shipment(shipment) = event {
            assert!(!shipment.issued().gaps.is_empty(), "{name} does not say what is in it");
        }
    }
}

/// Whatever file of the fixtures comes under whatever topic: it is read or refused with a field, and never lost by a
/// panic.
#[test]
fn any_file_under_any_topic_is_read_or_refused_with_its_field() {
    let Some(folder) = testkit::fixtures() else { return };
    let files = testkit::files(&folder.join("shipbob"), ".json");
    assert!(files.len() > 10);
    for path in files.iter().filter(|path| !is_specification(path)) {
        let answer: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        for (topic, body) in
            Topic::all().flat_map(|topic| objects(&answer).into_iter().map(move |body| (topic, body)))
        {
            let text = body.to_string();
            let _ = peek(topic, text.as_bytes());
            match parse(topic, text.as_bytes()) {
                Ok(event) => assert!(peek(topic, text.as_bytes()).is_ok(), "{event:?}"),
                Err(ParseError::Field { path: field, .. }) => {
                    assert!(!field.is_empty(), "{}", path.display());
                }
                Err(other) => assert!(
                    matches!(other, ParseError::Wrapped { .. } | ParseError::NotAnObject { .. }),
                    "{other}"
                ),
            }
        }
    }
}

fn is_specification(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("openapi-"))
}
