//! The types against ShipBob's own specification (`shipbob/openapi/openapi-2026-01.json` of the fixtures): a body made
//! of every field of a schema fills every field of ours, or ours has a name or a type that ShipBob does not know.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use shipbob::{Event, InventoryItem, Product, Topic, Variant, parse, peek};

/// The schemas, if the fixtures are there.
struct Schemas(Value);

impl Schemas {
    fn read() -> Option<Self> {
        let path = testkit::fixtures()?.join("shipbob/openapi/openapi-2026-01.json");
        let document: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        Some(Self(document["components"]["schemas"].clone()))
    }

    fn named(&self, name: &str) -> &Value {
        let schema = &self.0[name];
        assert!(schema.is_object(), "there is no schema {name}");
        schema
    }

    /// A body with every field of a schema.
    fn sample(&self, name: &str) -> Value {
        self.value(self.named(name), 0)
    }

    /// A value with everything that a schema names, down to a depth that no body of ours reaches.
    fn value(&self, schema: &Value, depth: usize) -> Value {
        if depth > 12 {
            return Value::Null;
        }
        if let Some(reference) = schema["$ref"].as_str() {
            return self.value(self.named(reference.rsplit('/').next().unwrap()), depth + 1);
        }
        if let Some(word) = schema["enum"].as_array().and_then(|words| words.first()) {
            return word.clone();
        }
        let choices =
            ["allOf", "oneOf", "anyOf"].into_iter().filter_map(|key| schema[key].as_array()).flatten();
        let mut fields = Map::new();
        for choice in choices {
            match self.value(choice, depth + 1) {
                Value::Object(more) => fields.extend(more),
                other if schema["properties"].is_null() => return other,
                _ => {}
            }
        }
        let named = schema["properties"].as_object().into_iter().flatten();
        fields.extend(named.map(|(key, schema)| (key.clone(), self.value(schema, depth + 1))));
        if fields.is_empty() { self.simple(schema, depth) } else { Value::Object(fields) }
    }

    fn simple(&self, schema: &Value, depth: usize) -> Value {
        match (schema["type"].as_str(), schema["format"].as_str()) {
            (Some("array"), _) => json!([self.value(&schema["items"], depth + 1)]),
            (Some("integer"), _) => json!(7),
            (Some("number"), _) => json!(1.25),
            (Some("boolean"), _) => json!(true),
            (Some("string"), Some("date-time")) => json!("2026-11-20T10:00:00.1234567+00:00"),
            (Some("string"), _) => json!("2026-11-20"),
            _ => json!({}),
        }
    }
}

/// The fields of a value that nothing filled, by its `Debug`; those that the schema has not are left out.
fn unfilled(shown: &str, allowed: &[&str]) -> Vec<String> {
    let lines = shown.lines().filter_map(|line| line.trim().strip_suffix(": None,"));
    lines.filter(|field| !allowed.contains(field)).map(str::to_owned).collect()
}

#[test]
fn every_field_of_a_body_is_in_its_schema() {
    let Some(schemas) = Schemas::read() else { return };
    for (topic, schema, allowed) in [
        // A channel or a fulfilment centre of these has no time zone; an order's recipient has no full name.
        (Topic::OrderPolled, "Orders.OrderViewModel", &["timezone", "full_name"][..]),
        (Topic::ShipmentPolled, "Orders.ShipmentViewModel", &["timezone"]),
        (Topic::WroUpdated, "Receiving.V2.WarehouseReceivingOrderViewModel", &[]),
        (Topic::WroBoxStowed, "Receiving.BoxViewModel", &[]),
        (Topic::ReturnUpdated, "Returns.PublicReturnDto", &["timezone"]),
        (Topic::TransactionPolled, "Billing.TransactionDtoV3", &[]),
    ] {
        let body = schemas.sample(schema).to_string();
        let event = parse(topic, body.as_bytes()).unwrap_or_else(|error| panic!("{schema}: {error}"));
        assert_eq!(event.subject(), topic.subject(), "{schema}");
        let found = unfilled(&format!("{event:#?}").replace("boxes: None", "boxes: none"), allowed);
        assert_eq!(found, Vec::<String>::new(), "{schema} has no such field, or of another type");
        let peek = peek(topic, body.as_bytes()).unwrap();
        let has_time = matches!(event, Event::Transaction(_)) || peek.updated_at.is_some();
        assert!(has_time, "{schema} has no time");
    }
}

fn check_type<T: DeserializeOwned + std::fmt::Debug>(schemas: &Schemas, schema: &str) {
    let body = schemas.sample(schema).to_string();
    let value: T = serde_json::from_str(&body).unwrap_or_else(|error| panic!("{schema}: {error}"));
    let found = unfilled(&format!("{value:#?}"), &[]);
    assert_eq!(found, Vec::<String>::new(), "{schema} has no such field, or of another type");
}

#[test]
fn every_field_of_the_catalogue_is_in_its_schema() {
    let Some(schemas) = Schemas::read() else { return };
    check_type::<InventoryItem>(&schemas, "Inventory.InventoryResponse");
    check_type::<Product>(&schemas, "Products.ProductViewModelV5");
    check_type::<Variant>(&schemas, "Products.VariantInternalViewModelV5");
}

/// Without this, a word that ShipBob documents could be one that is not known here.
#[test]
fn every_word_of_the_specification_is_known() {
    let Some(schemas) = Schemas::read() else { return };
    for (schema, topic, template) in [
        ("Orders.OrderStatus", Topic::OrderPolled, r#"{"id":1,"shipments":[],"status":WORD}"#),
        ("Orders.OrderType", Topic::OrderPolled, r#"{"id":1,"shipments":[],"type":WORD}"#),
        ("Orders.OrderStatusEnum", Topic::ShipmentPolled, r#"{"id":1,"order_id":2,"status":WORD}"#),
        (
            "Receiving.ReceivingStatus",
            Topic::WroUpdated,
            r#"{"id":1,"inventory_quantities":[],"status":WORD}"#,
        ),
        ("Receiving.BoxStatus", Topic::WroBoxStowed, r#"{"box_id":1,"box_status":WORD}"#),
        (
            "Returns.ReturnAction",
            Topic::ReturnUpdated,
            r#"{"id":1,"inventory":[{"id":2,"action_taken":[{"action":WORD}]}]}"#,
        ),
    ] {
        let words = schemas.named(schema)["enum"].as_array().unwrap();
        assert!(!words.is_empty(), "{schema}");
        for word in words {
            let event = parse(topic, template.replace("WORD", &word.to_string()).as_bytes()).unwrap();
            assert!(!format!("{event:?}").contains("Other("), "{schema}: {word} is not known");
        }
    }
}
