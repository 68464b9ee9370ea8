//! Bodies that are not what they should be: each has an answer that names the place, never a panic, never a value.

use domain::FindingCode;
use proptest::prelude::*;
use serde_json::Value;
use shipbob::{ParseError, Topic, check, parse, peek, stowed};

use crate::samples;

/// The error of a full reading; the quick look must not panic either.
fn error(body: &[u8]) -> ParseError {
    let _ = peek(Topic::OrderShipped, body);
    parse(Topic::OrderShipped, body).unwrap_err()
}

#[test]
fn what_is_no_object_is_told_apart() {
    for (body, found) in [
        (r#"[{"id":1}]"#, "an array"),
        (r#" "order""#, "a text"),
        ("-1", "a number"),
        ("null", "something else"),
    ] {
        assert_eq!(error(body.as_bytes()), ParseError::NotAnObject { found });
    }
    assert_eq!((error(b""), error(b" \r\n")), (ParseError::Empty, ParseError::Empty));
    assert_eq!(error(b"{\"id\":1,\"x\":\"Zo\xeb\"}"), ParseError::NotUtf8 { at: 15 });
}

/// A connector of others expects such an envelope; ShipBob sends none.
#[test]
fn an_envelope_and_a_page_are_told_apart_from_a_body() {
    assert_eq!(error(br#"{"topic":"order.shipped","data":{"id":1}}"#), ParseError::Wrapped { key: "data" });
    assert_eq!(error(br#"{"items":[{"id":1}],"next":null}"#), ParseError::Wrapped { key: "items" });
}

#[test]
fn a_field_that_cannot_be_read_is_told_by_its_path_and_not_by_its_value() {
    for (body, path) in [
        ("{}", "id"),
        (r#"{"id":-1}"#, "id"),
        (r#"{"id":1,"id":2}"#, "id"),
        (r#"{"id":1,"recipient":{"name":["Ada"]}}"#, "recipient.name"),
        (r#"{"id":1,"products":[{"quantity":"Ada"}]}"#, "products[0].quantity"),
        (r#"{"id":1,"shipments":[{"id":2},{"id":3,"last_update_at":"Ada"}]}"#, "shipments[1].last_update_at"),
        (
            r#"{"id":1,"shipments":[{"id":2,"products":[{"inventory_items":[{"quantity":1}]}]}]}"#,
            "shipments[0].products[0].inventory_items[0].id",
        ),
    ] {
        let finding = error(body.as_bytes()).finding();
        assert_eq!((finding.code, finding.field.as_str()), (FindingCode::UnreadablePayload, path), "{body}");
        assert!(!format!("{finding:?}").contains("Ada"), "{finding:?}");
    }
}

#[test]
fn a_very_deep_body_is_refused() {
    for deep in ["[".repeat(100_000), "{\"a\":".repeat(100_000)] {
        let body = format!(r#"{{"id":1,"products":{deep}"#);
        assert!(parse(Topic::OrderShipped, body.as_bytes()).is_err());
        let _ = peek(Topic::OrderShipped, body.as_bytes());
    }
}

/// A record is claimed by its id even if another field cannot be read: the full reading finds that fault.
#[test]
fn a_fault_elsewhere_does_not_hide_the_id() {
    let body = br#"{"id":5,"order_number":7,"shipments":[{"id":"x","last_update_at":1}],"created_date":"?"}"#;
    let peek = peek(Topic::OrderShipped, body).unwrap();
    assert_eq!((peek.id.as_str(), peek.name.as_str(), peek.updated_at), ("5", "7", None));
    assert!(parse(Topic::OrderShipped, body).is_err());
}

/// Removes every key whose value is null.
fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let kept = fields.into_iter().filter(|(_, value)| !value.is_null());
            Value::Object(kept.map(|(key, value)| (key, without_nulls(value))).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(without_nulls).collect()),
        other => other,
    }
}

/// Every place of a value at which something optional may be null.
fn places(value: &Value) -> Vec<String> {
    let inner = |key: &str, value: &Value| {
        let here = std::iter::once(format!("/{key}"));
        here.chain(places(value).into_iter().map(|rest| format!("/{key}{rest}"))).collect::<Vec<_>>()
    };
    match value {
        Value::Object(fields) => fields.iter().flat_map(|(key, value)| inner(key, value)).collect(),
        Value::Array(items) => {
            let rows = items.iter().enumerate();
            rows.flat_map(|(at, item)| places(item).into_iter().map(move |rest| format!("/{at}{rest}")))
                .collect()
        }
        _ => Vec::new(),
    }
}

#[test]
fn null_is_the_same_as_a_missing_key_everywhere() {
    for (name, topic, body) in samples() {
        let whole: Value = serde_json::from_slice(&body).unwrap();
        for place in places(&whole) {
            let mut nulled = whole.clone();
            *nulled.pointer_mut(&place).unwrap() = Value::Null;
            let missing = without_nulls(nulled.clone());
            let read = |value: &Value| parse(topic, value.to_string().as_bytes());
            match (read(&nulled), read(&missing)) {
                (Ok(nulled), Ok(missing)) => assert_eq!(nulled, missing, "{name} {place}"),
                (nulled, missing) => assert!(nulled.is_err() && missing.is_err(), "{name} {place}"),
            }
        }
    }
}

fn one_sample() -> impl Strategy<Value = (String, Topic, Vec<u8>)> {
    prop::sample::select(samples())
}

/// Everything that reads a body, and all that is done with what was read.
fn use_all(topic: Topic, body: &[u8]) {
    use shipbob::Event;
    let _ = peek(topic, body);
    let Ok(event) = parse(topic, body) else { return };
    let _ = check(topic, &event);
    match event {
        Event::Order(order) => order.shipments.iter().flatten().for_each(|shipment| drop(shipment.issued())),
        Event::Shipment(shipment) => drop(shipment.issued()),
        Event::Receipt { receipt, boxes } => drop(stowed(&receipt, boxes.as_deref())),
        Event::Box(_) => {}
        Event::Return(returned) => drop(returned.restocked()),
        Event::Transaction(fee) => drop((fee.amount(), fee.taxes())),
    }
}

proptest! {
    #[test]
    fn a_truncated_body_is_an_error(sample in one_sample(), at: prop::sample::Index) {
        let (name, topic, body) = sample;
        let end = at.index(body.iter().rposition(|byte| *byte == b'}').unwrap());
        prop_assert!(parse(topic, &body[..end]).is_err(), "{name} up to {end}");
    }

    #[test]
    fn a_mutated_body_is_never_a_panic(
        sample in one_sample(), at: prop::sample::Index, with in prop::collection::vec(any::<u8>(), 0..4)
    ) {
        let (_, topic, mut body) = sample;
        let place = at.index(body.len());
        body.splice(place..(place + 1).min(body.len()), with);
        use_all(topic, &body);
    }

    #[test]
    fn a_value_of_another_type_is_never_a_panic_and_never_shown(
        sample in one_sample(), at: prop::sample::Index,
        with in prop::sample::select(vec!["\"Ada 4,20\"", "-1", "1e400", "[]", "{}", "true", "1e-28", "79228162514264337593543950335"])
    ) {
        let (_, topic, body) = sample;
        let mut value: Value = serde_json::from_slice(&body).unwrap();
        let all = places(&value);
        let place = &all[at.index(all.len())];
        *value.pointer_mut(place).unwrap() = Value::String("PLACE".into());
        let body = value.to_string().replacen("\"PLACE\"", with, 1);
        use_all(topic, body.as_bytes());
        if let Err(error) = parse(topic, body.as_bytes()) {
            let shown = format!("{error} {:?}", error.finding());
            prop_assert!(!shown.contains("Ada 4"), "{}", shown);
        }
    }
}
