//! Bodies against topics: each is read by its own and refused by every other, because the topic's header is not
//! signed.

use proptest::prelude::*;
use shopify::{Event, ParseError, Subject, Topic, parse};

use crate::{own_samples, published};

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

#[test]
fn every_published_body_is_read_by_its_topic_or_refused_by_its_field() {
    let Some(bodies) = published("") else { return };
    let mut outcomes = Vec::new();
    for (name, body) in bodies {
        let (_, file) = name.rsplit_once('/').unwrap();
        let is_edit = body.windows(12).any(|part| part == br#""order_edit""#);
        let topic = if is_edit { Some(Topic::OrdersEdited) } else { topic_of(file) };
        if let Some(topic) = topic {
            outcomes.push(format!("{name}: {}: {}", topic.as_str(), outcome(topic, &body)));
        }
    }
    assert!(outcomes.len() > 70, "{}", outcomes.len());
    insta::assert_snapshot!("fixtures-by-topic", outcomes.join("\n"));
}

/// A sample's name is `shopify-<topic>-<situation>`, the topic with `-` in place of its slash.
fn topic_of_sample(name: &str) -> Topic {
    let rest = name.strip_prefix("shopify-").unwrap();
    Topic::all().find(|topic| rest.starts_with(&format!("{}-", topic.as_str().replace('/', "-")))).unwrap()
}

/// Whoever has one signed delivery may send its body again under any topic.
#[test]
fn a_body_is_read_by_the_topics_of_its_subject_and_refused_by_all_others() {
    let mut subjects = std::collections::BTreeSet::new();
    for (name, body) in own_samples() {
        let own = topic_of_sample(&name);
        subjects.insert(own.subject());
        for topic in Topic::all() {
            let result = parse(topic, &body);
            assert_eq!(result.is_ok(), topic.peek(&body).is_ok(), "{name} as {}", topic.as_str());
            if topic.subject() == own.subject() {
                assert_eq!(result.unwrap().subject(), own.subject(), "{name}");
                continue;
            }
            // A draft is not worked on, so it does not matter what a deleted order's id is taken for.
            let is_harmless = topic.subject() == Subject::DraftOrder;
            assert!(result.is_err() || is_harmless, "{name} as {}", topic.as_str());
        }
    }
    let all: std::collections::BTreeSet<_> = Topic::all().map(Topic::subject).collect();
    assert_eq!(subjects, all, "a sample of every subject");
}

#[test]
fn published_samples_are_refused_by_other_topics_too() {
    let Some(bodies) = published("") else { return };
    for (name, body) in bodies.iter().filter(|(name, _)| name.starts_with("docs-sample")) {
        let (_, file) = name.rsplit_once('/').unwrap();
        let own = Topic::all().find(|topic| file.starts_with(&topic.as_str().replace('/', "_")));
        for topic in Topic::all().filter(|topic| topic.subject() != Subject::DraftOrder) {
            let is_own = own.is_some_and(|own| own.subject() == topic.subject());
            assert_eq!(parse(topic, body).is_ok(), is_own, "{name} as {}", topic.as_str());
        }
    }
}

#[test]
fn the_quick_look_tells_id_time_and_name_of_every_subject() {
    let lines: Vec<_> = own_samples()
        .iter()
        .map(|(name, body)| {
            let topic = topic_of_sample(name);
            let peek = topic.peek(body).unwrap();
            let time = peek.updated_at.map_or_else(|| "no time".to_owned(), |time| time.to_string());
            format!("{name}: {}, {time}, {:?}", peek.id, peek.name)
        })
        .collect();
    insta::assert_snapshot!("quick-looks", lines.join("\n"));
}

#[test]
fn every_event_reads_as_shown_and_shows_nobody() {
    let personal =
        ["Mia", "mia.", "Muster", "Am Versuch", "Einkauf", "Olga", "owner@", "DE123456789", "+49895"];
    for (name, body) in own_samples() {
        let event = parse(topic_of_sample(&name), &body).unwrap();
        let shown = format!("{event:#?}");
        assert!(!personal.iter().any(|text| shown.contains(text)), "{name}");
        if !matches!(event, Event::Order(_)) {
            insta::assert_snapshot!(name, shown);
        }
    }
}

#[test]
fn a_changed_topic_is_told_with_the_field_that_gives_it_away() {
    let samples = own_samples();
    let error = |name: &str, topic: Topic| {
        let (_, body) = samples.iter().find(|(found, _)| found.contains(name)).unwrap();
        parse(topic, body).unwrap_err().to_string()
    };
    assert_eq!(
        error("orders-create-tip-line", Topic::OrdersDelete),
        "the body is not one of orders/delete: `created_at` is never there"
    );
    assert_eq!(
        error("customers-redact", Topic::ShopRedact),
        "the body is not one of shop/redact: `customer` is never there"
    );
    assert_eq!(
        error("companies-update", Topic::CompanyContactsUpdate),
        "the body is not one of company_contacts/update: `admin_graphql_api_id` names another kind of object"
    );
    assert_eq!(
        error("orders-delete", Topic::OrdersUpdated),
        "the body is not one of orders/updated: `line_items` is missing"
    );
}

#[test]
fn a_fault_in_another_field_does_not_lose_a_record() {
    let customer = br#"{"id":7,"state":3,"updated_at":"soon","addresses":"none"}"#;
    let peek = Topic::CustomersUpdate.peek(customer).unwrap();
    assert_eq!((peek.id, peek.updated_at), (7, None));
    let error = parse(Topic::CustomersUpdate, customer).unwrap_err();
    assert_eq!(error.finding().field, "state");
    let twice = br#"{"id":1,"id":2,"name":"A"}"#;
    assert_eq!(Topic::OrdersCreate.peek(twice).unwrap_err().finding().field, "id");
    let no_id = br#"{"id":{"a":1},"name":"A"}"#;
    assert_eq!(Topic::OrdersCreate.peek(no_id).unwrap_err().finding().field, "id");
}

/// The reader took such a request and the quick look did not, so it had no record and nobody answered it.
#[test]
fn a_request_for_data_that_names_its_customer_by_e_mail_alone_is_not_lost() {
    let body = r#"{"shop_id":7,"customer":{"email":"mia.muster@example.com"},"ORDERS":[]}"#;
    for (topic, orders) in
        [(Topic::CustomersDataRequest, "orders_requested"), (Topic::CustomersRedact, "orders_to_redact")]
    {
        let body = body.replace("ORDERS", orders);
        assert!(parse(topic, body.as_bytes()).is_ok());
        assert_eq!(topic.peek(body.as_bytes()).unwrap().id, 7, "{}", topic.as_str());
    }
}

#[test]
fn an_answer_of_the_admin_api_is_told_apart_by_every_topic() {
    for (topic, key) in [
        (Topic::OrdersPaid, "order"),
        (Topic::RefundsCreate, "refund"),
        (Topic::CustomersUpdate, "customers"),
    ] {
        let error = parse(topic, format!(r#"{{"{key}":{{"id":1}}}}"#).as_bytes()).unwrap_err();
        assert_eq!(error, ParseError::Wrapped { key });
    }
}

proptest! {
    #[test]
    fn changed_samples_are_no_panic_under_any_topic_and_show_nobody(
        name in prop::sample::select(own_sample_names()),
        topic in prop::sample::select(Topic::all().collect::<Vec<_>>()),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20),
    ) {
        let mut bytes = own_sample(&name);
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        let _ = topic.peek(&bytes);
        match parse(topic, &bytes) {
            Ok(Event::Order(order)) => drop(order.mismatches()),
            Ok(_) => {}
            Err(error) => prop_assert!(!error.finding().to_string().contains("example.com")),
        }
    }

    #[test]
    fn a_value_of_another_type_anywhere_is_no_panic(
        name in prop::sample::select(own_sample_names()),
        place in any::<prop::sample::Index>(),
        value in prop::sample::select(vec!["null", "[]", "{}", "true", "-1", "1e999", "\"\"", "\"x\"", "0.1"]),
    ) {
        let mut body: serde_json::Value = serde_json::from_slice(&own_sample(&name)).unwrap();
        let mut pointers = Vec::new();
        collect(&body, String::new(), &mut pointers);
        let pointer = place.get(&pointers).as_str();
        *body.pointer_mut(pointer).unwrap() = serde_json::from_str(value).unwrap_or_else(|_| "1e999".into());
        let bytes = serde_json::to_vec(&body).unwrap();
        let topic = topic_of_sample(&name);
        let _ = topic.peek(&bytes);
        match parse(topic, &bytes) {
            Ok(Event::Order(order)) => drop(order.mismatches()),
            Ok(_) => {}
            Err(error) => prop_assert!(!error.finding().field.is_empty(), "{pointer}: {error}"),
        }
    }
}

fn own_sample_names() -> Vec<String> {
    own_samples().into_iter().map(|(name, _)| name).collect()
}

fn own_sample(name: &str) -> Vec<u8> {
    own_samples().into_iter().find(|(found, _)| found == name).unwrap().1
}

fn collect(value: &serde_json::Value, at: String, pointers: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(object) => {
            object.iter().for_each(|(key, value)| collect(value, format!("{at}/{key}"), pointers));
        }
        serde_json::Value::Array(list) => {
            list.iter()
                .enumerate()
                .for_each(|(place, value)| collect(value, format!("{at}/{place}"), pointers));
        }
        _ => {}
    }
    if !at.is_empty() {
        pointers.push(at);
    }
}

#[test]
fn every_sample_cut_off_anywhere_is_refused() {
    for (name, body) in own_samples() {
        let topic = topic_of_sample(&name);
        let last = body.iter().rposition(|byte| *byte == b'}').unwrap();
        for length in (0..=last).step_by(if last > 2_000 { 37 } else { 1 }) {
            assert!(parse(topic, &body[..length]).is_err(), "{name} cut off after {length} bytes");
            assert!(topic.peek(&body[..length]).is_err(), "{name} cut off after {length} bytes");
        }
    }
}
