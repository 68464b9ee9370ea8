//! What the functions logged while all other cases ran: no person of the samples in it, and one correlation id
//! from the webhook to the confirmation.

use std::{collections::BTreeSet, sync::Arc};

use libtest_mimic::Failed;
use serde_json::Value;
use stack::Stack;

use crate::cases::{FOREIGN, REPEATED, expect, key};

/// Fields of an order that hold personal data.
const PERSONAL: [&str; 10] = [
    "email",
    "contact_email",
    "phone",
    "phone_number",
    "first_name",
    "last_name",
    "address1",
    "address2",
    "company",
    "note",
];
/// Shorter values, such as "Test", stand in logs by chance.
const MEANINGFUL: usize = 5;

pub(crate) async fn logs_hold_no_personal_data(stack: Arc<Stack>) -> Result<(), Failed> {
    let values = personal_values()?;
    expect(values.len() > 10, "the samples hold no people to search for")?;
    let record = stack.ledger().record(&key(&stack, REPEATED)).await?.ok_or("no order was repeated")?;
    for function in ["WebhookFunction", "PosterFunction", "PollerFunction"] {
        let logs = stack.logs(function).await?.join("\n").to_lowercase();
        let found: Vec<&String> = values.iter().filter(|value| holds(&logs, value)).collect();
        expect(found.is_empty(), &format!("personal data in the logs of {function}: {found:?}"))?;
        expect(!logs.contains("panicked"), &format!("{function} panicked"))?;
        let traced = logs.contains(&record.correlation.to_lowercase());
        expect(traced, &format!("{function} does not log the correlation id {}", record.correlation))?;
    }
    Ok(())
}

/// Whether a text holds a value as words of its own, not as a part of a longer one.
fn holds(text: &str, value: &str) -> bool {
    text.match_indices(value).any(|(start, found)| {
        let before = text[..start].chars().next_back();
        let after = text[start + found.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

/// What identifies the people in everything that was delivered.
fn personal_values() -> Result<BTreeSet<String>, Failed> {
    let mut values = BTreeSet::new();
    let mut delivered = testkit::files(&testkit::root().join("events"), ".json");
    delivered.extend(testkit::fixtures().map(|folder| folder.join(FOREIGN)));
    for path in delivered {
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
