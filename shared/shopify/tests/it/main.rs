//! The parser and verifier against whole deliveries: the project's samples, the fixtures beside it, and what
//! chance makes of them.

#![cfg(test)]

mod bad_input;
mod drift;
mod explain;
mod fixtures;
mod gateway_event;
mod samples;
mod speed;
mod sums;
mod topics;
mod withheld;

/// The names of the project's sample deliveries of Shopify's, without their endings.
fn sample_names() -> Vec<String> {
    let expectations = testkit::files(&testkit::root().join("events"), ".expected.json");
    let name = |path: &std::path::PathBuf| {
        path.file_name()?.to_str()?.strip_suffix(".expected.json").map(str::to_owned)
    };
    expectations.iter().filter_map(name).filter(|name| name.starts_with("shopify-")).collect()
}

/// The body of a sample delivery.
fn body(name: &str) -> Vec<u8> {
    testkit::sample(&format!("{name}.json"))
}

/// The names and bodies of the samples that only these tests read.
fn own_samples() -> Vec<(String, Vec<u8>)> {
    let folder = testkit::root().join("shared/shopify/tests/samples");
    let named = |path: std::path::PathBuf| {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        (name, std::fs::read(&path).unwrap())
    };
    testkit::files(&folder, ".json").into_iter().map(named).collect()
}

/// The names and bodies of published files, by what their names begin with. Answers of the Admin API are unwrapped.
fn published(family: &str) -> Option<Vec<(String, Vec<u8>)>> {
    let folder = testkit::fixtures()?.join("shopify");
    let mut found = Vec::new();
    for path in testkit::files(&folder, ".json") {
        let file = path.file_name().unwrap().to_string_lossy();
        let name = path.strip_prefix(&folder).unwrap().display().to_string();
        if file.starts_with(family) && !file.ends_with(".schema.json") && !name.starts_with("hmac/") {
            let text = std::fs::read(&path).unwrap();
            found.extend(unwrapped(&text).into_iter().map(|body| (name.clone(), body)));
        }
    }
    Some(found)
}

/// The objects in an answer of the Admin API, or the body itself.
fn unwrapped(text: &[u8]) -> Vec<Vec<u8>> {
    use serde_json::{Value, value::RawValue};
    let bare = || vec![text.to_vec()];
    let keys =
        ["order", "orders", "refund", "refunds", "customer", "customers", "draft_order", "draft_orders"];
    let Ok(object) = serde_json::from_slice::<std::collections::BTreeMap<String, Box<RawValue>>>(text) else {
        return bare();
    };
    let is_bare = object.contains_key("id") || object.contains_key("shop_id");
    let Some(inner) = keys.into_iter().filter(|_| !is_bare).find_map(|key| object.get(key)) else {
        return bare();
    };
    let inner = inner.get();
    match serde_json::from_str::<Vec<Box<RawValue>>>(inner) {
        Ok(list) => list.iter().map(|item| item.get().as_bytes().to_vec()).collect(),
        Err(_) if serde_json::from_str::<Value>(inner).is_ok() => vec![inner.as_bytes().to_vec()],
        Err(_) => bare(),
    }
}
