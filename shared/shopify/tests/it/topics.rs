//! Bodies against topics: each is read by its own and refused by every other, because the topic's header is not
//! signed.

use std::{fs, path::Path};

use serde_json::Value;
use shopify::{Event, ParseError, Subject, Topic, parse};

/// What a body comes to under a topic, without anything of its content.
fn outcome(topic: Topic, body: &[u8]) -> String {
    match (parse(topic, body), topic.peek(body)) {
        (Ok(event), Ok(peek)) => format!("{:?}, id {}", event.subject(), peek.id),
        (Ok(event), Err(error)) => panic!("{:?} has no quick look: {error}", event.subject()),
        (Err(error), peeked) => {
            assert!(!matches!((&error, peeked), (ParseError::OtherTopic { .. }, Ok(_))), "{error}");
            let finding = error.finding();
            format!("refused: {}: {}", finding.field, finding.message)
        }
    }
}

/// The topic that a fixture's name stands for.
fn topic_of(name: &str) -> Option<Topic> {
    let by_name = Topic::all().find(|topic| name.starts_with(&topic.as_str().replace('/', "_")));
    let families = [
        ("order_transactions", None),
        ("orderlineitems", None),
        ("orders_risk", None),
        ("orders", Some(Topic::OrdersUpdated)),
        ("order", Some(Topic::OrdersUpdated)),
        ("refund", Some(Topic::RefundsCreate)),
        ("customer.tags", None),
        ("customer", Some(Topic::CustomersUpdate)),
        ("company_contacts", Some(Topic::CompanyContactsUpdate)),
        ("company_locations", Some(Topic::CompanyLocationsUpdate)),
        ("companies", Some(Topic::CompaniesUpdate)),
        ("draft_order", Some(Topic::DraftOrdersUpdate)),
    ];
    by_name.or_else(|| families.into_iter().find(|(family, _)| name.starts_with(family))?.1)
}

/// The objects in an answer of the Admin API, or the body itself.
fn bodies(text: &[u8]) -> Vec<Vec<u8>> {
    let Ok(Value::Object(object)) = serde_json::from_slice(text) else { return vec![text.to_vec()] };
    let inner = match (object.len(), object.iter().next()) {
        (1, Some((key, Value::Array(items)))) if key != "properties" => items.clone(),
        (1, Some((key, inner @ Value::Object(_)))) if key != "order_edit" => vec![inner.clone()],
        _ => return vec![text.to_vec()],
    };
    inner.iter().map(|item| item.to_string().into_bytes()).collect()
}

#[test]
fn every_published_body_is_read_by_its_topic_or_refused_by_its_field() {
    let Some(folder) = testkit::fixtures().map(|folder| folder.join("shopify")) else { return };
    let mut outcomes = Vec::new();
    for path in testkit::files(&folder, ".json") {
        let name = path.strip_prefix(&folder).unwrap().display().to_string();
        let file = path.file_name().unwrap().to_string_lossy();
        if file.ends_with(".schema.json") || name.starts_with("hmac/") {
            continue;
        }
        let text = fs::read(&path).unwrap();
        let Some(topic) = topic_of(&file) else { continue };
        for body in bodies(&text) {
            outcomes.push(format!("{name}: {}: {}", topic.as_str(), outcome(topic, &body)));
        }
    }
    assert!(outcomes.len() > 70, "{}", outcomes.len());
    insta::assert_snapshot!("fixtures-by-topic", outcomes.join("\n"));
}
