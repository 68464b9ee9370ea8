//! The values that the client sends are held against the schemas of ShipBob's own `OpenAPI` document, where it stands
//! beside the project: bodies whole, and the parameters of queries one by one.

use remote::{Method, Request};
use serde_json::{Value, json};

use crate::openapi::{asked_of_everything, document, operation};

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
            if object.get("nullable") == Some(&json!(true))
                && let Some(kind) = object.get("type").filter(|kind| kind.is_string()).cloned()
            {
                object.insert("type".to_owned(), json!([kind, "null"]));
            }
            object.values_mut().for_each(speak_json_schema);
        }
        _ => {}
    }
}

fn faults(document: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let mut schema = schema.clone();
    schema["components"] = document["components"].clone();
    let validator = jsonschema::validator_for(&schema).unwrap();
    validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// A value of a query as its schema means it.
fn read(text: &str, schema: &Value) -> Value {
    let is_text = schema["type"] == "string" || schema["type"] == "array" || schema.get("$ref").is_some();
    let parsed = serde_json::from_str(text).ok().filter(|_| !is_text);
    parsed.unwrap_or_else(|| json!(text))
}

fn wrong(document: &Value, request: &Request) -> Vec<String> {
    let method = match request.method {
        Method::Get => "GET",
        Method::Post => "POST",
        Method::Delete => "DELETE",
    };
    let below = request.url.path().splitn(3, '/').nth(2).unwrap();
    let (_, operation) = operation(document, method, &format!("/2026-01/{below}")).unwrap();
    let mut found = Vec::new();
    if !request.body.expose().is_empty() {
        let content = operation["requestBody"]["content"].as_object().unwrap();
        let schema = &content.values().next().unwrap()["schema"];
        found.extend(faults(document, schema, &serde_json::from_slice(request.body.expose()).unwrap()));
    }
    for (name, value) in request.url.query_pairs() {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let mut known = parameters.filter(|parameter| parameter["name"] == *name);
        let Some(schema) = known.next().map(|parameter| &parameter["schema"]) else { continue };
        // A list is one text with commas, which its schema does not say.
        if schema["type"] != "array" {
            let faults = faults(document, schema, &read(&value, schema));
            found.extend(faults.into_iter().map(|fault| format!("{name} {fault}")));
        }
    }
    found.into_iter().map(|fault| format!("{method} /{below}: {fault}")).collect()
}

#[tokio::test(start_paused = true)]
async fn every_value_that_is_sent_fits_its_schema() {
    let Some(mut document) = document() else { return };
    speak_json_schema(&mut document);
    let found: Vec<_> =
        asked_of_everything().await.iter().flat_map(|request| wrong(&document, request)).collect();
    assert!(found.is_empty(), "{found:#?}");
}

/// The test above could not fail if a wrong value passed.
#[tokio::test(start_paused = true)]
async fn a_value_of_another_type_is_found() {
    let Some(mut document) = document() else { return };
    speak_json_schema(&mut document);
    let requests = asked_of_everything().await;
    let mark = requests.iter().find(|request| request.url.path().ends_with("setExternalSync")).unwrap();
    let body = br#"{"ids":"1","is_external_sync":true}"#.to_vec();
    assert_eq!(wrong(&document, &Request { body: body.into(), ..mark.clone() }).len(), 1);
    let url = requests[0].url.join("/2026-01/order?Page=first").unwrap();
    assert_eq!(wrong(&document, &Request { url, ..requests[0].clone() }).len(), 1);
}
