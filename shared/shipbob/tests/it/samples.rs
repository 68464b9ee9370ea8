//! The project's own sample bodies: what is read of each, and what its views say.

use std::fmt::Write as _;

use shipbob::{Event, Topic, check, parse, peek, stowed};

use crate::samples;

/// What the view of an event says.
fn view(event: &Event) -> String {
    match event {
        Event::Order(order) => {
            let shipments = order.shipments.iter().flatten();
            shipments.fold(String::new(), |mut out, shipment| {
                writeln!(out, "shipment {}: {:#?}", shipment.id, shipment.issued()).unwrap();
                out
            })
        }
        Event::Shipment(shipment) => format!("{:#?}", shipment.issued()),
        Event::Receipt { receipt, boxes } => format!("{:#?}", stowed(receipt, boxes.as_deref())),
        Event::Box(boxed) => format!("{boxed:#?}"),
        Event::Return(returned) => format!("{:#?}", returned.restocked()),
        Event::Transaction(fee) => format!("amount {:?}\ntaxes {:?}", fee.amount(), fee.taxes()),
    }
}

#[test]
fn every_sample_is_read_as_its_topic_says() {
    for (name, topic, body) in samples() {
        let event = parse(topic, &body).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(check(topic, &event), Ok(()), "{name}");
        let peek = peek(topic, &body).unwrap();
        insta::assert_snapshot!(name, format!("{peek:#?}\n{event:#?}\n{}", view(&event)));
    }
}

/// Those that `make run` plays: each body is one of its topic.
#[test]
fn every_sample_delivery_is_one_of_its_topic() {
    let expectations = testkit::files(&testkit::root().join("events"), ".expected.json");
    let mut seen = 0;
    for path in expectations {
        let name =
            path.file_name().unwrap().to_str().unwrap().strip_suffix(".expected.json").unwrap().to_owned();
        if !name.starts_with("shipbob-") {
            continue;
        }
        let expected: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let topic = expected["topic"].as_str().unwrap();
        assert!(name.starts_with(&format!("shipbob-{}-", topic.replace('.', "-"))), "{name}: {topic}");
        let topic = Topic::parse(topic).unwrap();
        let event = parse(topic, &testkit::sample(&format!("{name}.json"))).unwrap();
        assert_eq!(check(topic, &event), Ok(()), "{name}");
        seen += 1;
    }
    assert!(seen >= 10, "{seen}");
}

#[test]
fn no_personal_value_is_shown() {
    let mut seen = 0;
    for (name, topic, body) in samples() {
        let shown = format!("{:?}", parse(topic, &body).unwrap());
        seen += usize::from(shown.contains("***"));
        for personal in
            ["Sample Person", "sample@example.com", "555-0100", "1 Example Way", "Springfield", "62701"]
        {
            assert!(!shown.contains(personal), "{name} shows {personal}");
        }
    }
    assert!(seen > 0, "no sample holds anything personal");
}

/// Somebody who replays a true body under another topic is found out, wherever the body tells.
#[test]
fn a_sample_under_a_topic_of_another_subject_is_refused() {
    for (name, topic, body) in samples() {
        for other in Topic::all().filter(|other| other.subject() != topic.subject()) {
            let is_alike = matches!(
                (topic, other),
                (Topic::WroUpdated, Topic::WroBoxArrived | Topic::WroBoxScanned | Topic::WroBoxStowed)
            );
            let is_shipment = name.starts_with("order.shipped-one") || name.starts_with("order.shipment");
            if is_alike || is_shipment {
                continue;
            }
            let event = parse(other, &body).unwrap();
            assert!(check(other, &event).is_err(), "{name} as {}", other.as_str());
        }
    }
}
