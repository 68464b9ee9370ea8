use super::*;
use crate::parse;

fn judge(topic: &str, body: &str) -> Result<(), Mismatch> {
    let topic = Topic::parse(topic).unwrap();
    check(topic, &parse(topic, body.as_bytes()).unwrap())
}

const BODIES: [(Subject, &str); 6] = [
    (Subject::Order, r#"{"id":1,"shipments":[]}"#),
    (Subject::Shipment, r#"{"id":1,"order_id":2}"#),
    (Subject::Receipt, r#"{"id":1,"inventory_quantities":[]}"#),
    (Subject::Box, r#"{"box_id":1}"#),
    (Subject::Return, r#"{"id":1,"inventory":[]}"#),
    (Subject::Fee, r#"{"transaction_id":"01KAYV6C5T8FSYNG67B5PTAP50"}"#),
];

#[test]
fn every_topic_takes_the_bodies_of_its_subject_and_no_others() {
    for topic in Topic::all() {
        let accepted: Vec<_> = BODIES
            .into_iter()
            .filter(|(_, body)| judge(topic.as_str(), body).is_ok())
            .map(|pair| pair.0)
            .collect();
        let expected = match topic.subject() {
            Subject::Order if topic == Topic::OrderShipped => vec![Subject::Order, Subject::Shipment],
            Subject::Box => vec![Subject::Receipt, Subject::Box],
            subject => vec![subject],
        };
        assert_eq!(accepted, expected, "{}", topic.as_str());
    }
}

#[test]
fn a_mismatch_says_what_was_expected_and_what_was_found() {
    let error = judge("return.completed", BODIES[1].1).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the body is not one of return.completed: a return was expected, and it is a shipment"
    );
    let error =
        judge("order.shipment.cancelled", r#"{"id":1,"order_id":2,"status":"Completed"}"#).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the body is not one of order.shipment.cancelled: a shipment that is cancelled was expected, and it is \
         Completed"
    );
    assert_eq!((error.finding().field.as_str(), error.field), ("status", "status"));
}

#[test]
fn a_status_that_contradicts_the_topic_is_refused() {
    for (topic, status, is_accepted) in [
        ("order.shipped", "Completed", true),
        ("order.shipped", "LabeledCreated", true),
        ("order.shipped", "Processing", true),
        ("order.shipped", "OnHold", false),
        ("order.shipped", "Cancelled", false),
        ("order.shipment.delivered", "Exception", false),
        ("order.shipment.exception", "Exception", true),
        ("order.shipment.exception", "Processing", true),
        ("order.shipment.exception", "Completed", false),
        ("order.shipment.on_hold", "OnHold", true),
        ("order.shipment.on_hold", "Cancelled", false),
        ("order.shipment.cancelled", "Cancelled", true),
        ("order.shipment.cancelled", "Processing", false),
        ("order.shipment.cancelled", "Vanished", true),
        ("order.shipment.cancelled", "", true),
        ("order.shipment.tracking.updated", "Cancelled", true),
        ("shipment.polled", "Cancelled", true),
    ] {
        let body = format!(r#"{{"id":1,"order_id":2,"status":"{status}"}}"#);
        assert_eq!(judge(topic, &body).is_ok(), is_accepted, "{topic} {status}");
    }
}

#[test]
fn orders_receipts_returns_and_fees_are_judged_by_their_own_words() {
    let order = |status: &str| format!(r#"{{"id":1,"shipments":[],"status":"{status}"}}"#);
    let left = r#"{"id":1,"status":"Cancelled","shipments":[{"id":2,"actual_fulfillment_date":"2026-11-20T10:00:00Z"}]}"#;
    let receipt = |status: &str| format!(r#"{{"id":1,"inventory_quantities":[],"status":"{status}"}}"#);
    let returned = |status: &str| format!(r#"{{"id":1,"inventory":[],"status":"{status}"}}"#);
    let fee = |kind: &str| format!(r#"{{"transaction_id":"01K","transaction_type":"{kind}"}}"#);
    for (topic, body, is_accepted) in [
        ("order.shipped", order("Processing"), true),
        ("order.shipped", order("Cancelled"), false),
        ("order.shipped", left.to_owned(), true),
        ("order.polled", order("Cancelled"), true),
        ("order.delivered", order("ImportReview"), false),
        ("wro.updated", receipt("Awaiting"), true),
        ("wro.completed", receipt("Awaiting"), false),
        ("wro.completed", receipt("Incomplete"), true),
        ("return.completed", returned("Awaiting Arrival"), false),
        ("return.updated", returned("Awaiting Arrival"), true),
        ("return.completed", returned("Completed"), true),
        ("billing.charge.created", fee("Charge"), true),
        ("billing.charge.created", fee("Credit"), false),
        ("billing.credit.created", fee("Refund"), false),
        ("billing.refund.created", fee("Rebate"), true),
        ("transaction.polled", fee("Payment"), true),
    ] {
        assert_eq!(judge(topic, &body).is_ok(), is_accepted, "{topic} {body}");
    }
}

#[test]
fn only_the_poller_sends_a_receiving_order_with_its_boxes() {
    let body = r#"{"receipt":{"id":1},"boxes":[]}"#;
    assert_eq!(judge("wro.fetched", body), Ok(()));
    assert_eq!(judge("wro.updated", body).unwrap_err().field, "boxes");
    assert_eq!(judge("wro.fetched", BODIES[2].1), Ok(()));
}
