//! Plans of whole orders by whole mapping files: each situation that real shops have, and each mapping file that is
//! accepted.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends by panicking")]

mod customers;
mod documents;
mod money;
mod properties;
mod situations;
mod warehouse;

use std::path::Path;

use domain::{Document, RecordKey};
use mapping::{Buyer, Mapping, Plan};
use serde_json::{Value, json};
use shopify::Order;

/// A file below `tests/samples`.
fn sample(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples").join(name);
    std::fs::read_to_string(path).unwrap()
}

/// The mapping that uses everything.
fn finance() -> Mapping {
    Mapping::parse(&sample("finance.toml")).unwrap()
}

fn order(payload: &Value) -> Order {
    shopify::parse_order(payload.to_string().as_bytes()).unwrap()
}

fn key(kind: &str, id: u64) -> RecordKey {
    format!("demo/shopify/{kind}/{id}").parse().unwrap()
}

/// Every order that there is: the situations of these tests, the project's samples, and the published ones.
fn orders() -> Vec<(String, Order)> {
    let mut orders: Vec<_> =
        situations::all().into_iter().map(|(name, body)| (name.to_owned(), order(&body))).collect();
    let folders = [testkit::root().join("events"), testkit::root().join("shared/shopify/tests/samples")];
    let published = testkit::fixtures().map(|fixtures| fixtures.join("shopify"));
    for path in folders.iter().chain(&published).flat_map(|folder| testkit::files(folder, ".json")) {
        let Ok(value) = serde_json::from_slice::<Value>(&std::fs::read(&path).unwrap()) else { continue };
        let bare = value.get("order").unwrap_or(&value);
        if bare.get("line_items").is_none() && bare.get("created_at").is_none() {
            continue;
        }
        if let Ok(order) = shopify::parse_order(bare.to_string().as_bytes()) {
            orders.push((path.file_stem().unwrap().to_string_lossy().into_owned(), order));
        }
    }
    orders
}

/// A plan as it is kept in snapshots. The people in the samples are invented.
fn shown(plan: &Plan) -> Value {
    match plan {
        Plan::Planned { document, buyer, findings } => {
            let buyer = buyer.as_deref().map(|buyer| match buyer {
                Buyer::Customer { key, document } => json!({ "key": key, "customer": document }),
                Buyer::Firm { keys } => json!({ "firm": keys }),
                Buyer::Fallback(number) => json!({ "fallback": number }),
            });
            let findings: Vec<_> = findings.iter().map(ToString::to_string).collect();
            json!({ "document": document, "buyer": buyer, "findings": findings })
        }
        Plan::Known { number } => json!({ "known": number }),
        Plan::Skip(reason) => json!({ "skip": reason }),
        Plan::Reject(findings) => {
            json!({ "reject": findings.iter().map(ToString::to_string).collect::<Vec<_>>() })
        }
    }
}

fn document(plan: Plan) -> Option<Document> {
    match plan {
        Plan::Planned { document, findings, .. } if findings.is_empty() => Some(*document),
        _ => None,
    }
}
