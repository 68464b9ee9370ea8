//! What the functions logged while all other cases ran, searched for the people in the samples.

use std::{collections::BTreeSet, sync::Arc};

use libtest_mimic::Failed;
use serde_json::Value;
use stack::Stack;

use crate::cases::expect;

/// Fields of an order that hold personal data.
const PERSONAL: [&str; 9] =
    ["email", "contact_email", "phone", "first_name", "last_name", "address1", "address2", "company", "note"];
/// Shorter values stand in logs by chance.
const MEANINGFUL: usize = 4;

pub(crate) async fn logs_hold_no_personal_data(stack: Arc<Stack>) -> Result<(), Failed> {
    let logs = stack.logs().await?.to_lowercase();
    // The logs of all three functions were really read.
    for function in ["webhook", "poster", "poller"] {
        expect(
            logs.contains(&format!("\"function\": \"{function}\"")) || logs.contains(function),
            "no logs",
        )?;
    }
    let values = personal_values()?;
    expect(values.len() > 10, "the samples hold no people to search for")?;
    let found: Vec<&String> = values.iter().filter(|value| logs.contains(value.as_str())).collect();
    expect(found.is_empty(), &format!("personal data in the logs: {found:?}"))?;
    expect(!logs.contains("panicked"), "a function panicked: see the logs")
}

fn personal_values() -> Result<BTreeSet<String>, Failed> {
    let mut values = BTreeSet::new();
    let fixtures = testkit::fixtures().map(|folder| folder.join("shopify/rest-2026-07"));
    let folders = [Some(testkit::root().join("events")), fixtures];
    for path in folders.iter().flatten().flat_map(|folder| testkit::files(folder, ".json")) {
        // A sample that is not JSON on purpose names nobody.
        if let Ok(order) = serde_json::from_slice(&std::fs::read(path)?) {
            collect(&order, &mut values);
        }
    }
    Ok(values)
}

fn collect(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| collect(value, found)),
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(text) if PERSONAL.contains(&name.as_str()) && text.len() >= MEANINGFUL => {
                        found.insert(text.to_lowercase());
                    }
                    other => collect(other, found),
                }
            }
        }
        _ => {}
    }
}
