//! What can only go wrong in DynamoDB: damaged items, lost answers, tables that are not there.

use std::sync::atomic::{AtomicUsize, Ordering};

use aws_sdk_dynamodb::{
    config::{
        ConfigBag, Intercept, RuntimeComponents, http::HttpResponse,
        interceptors::BeforeDeserializationInterceptorContextMut,
    },
    error::BoxError,
    types::AttributeValue,
};
use ledger::{Awaiting, DynamoDb, Ledger, LedgerError};

use crate::{
    contract::{at, claim_of, held, key, payload},
    emulator::Store,
};

async fn damage(store: &Store, table: &str, sort: &str, attribute: &str, value: Option<AttributeValue>) {
    let change = if value.is_some() { "SET #name = :value" } else { "REMOVE #name" };
    let request = store
        .client
        .update_item()
        .table_name(table)
        .key("pk", AttributeValue::S(key(1).to_string()))
        .key("sk", AttributeValue::S(sort.to_owned()))
        .update_expression(change)
        .expression_attribute_names("#name", attribute);
    let request = match value {
        Some(value) => request.expression_attribute_values(":value", value),
        None => request,
    };
    request.send().await.unwrap();
}

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

#[tokio::test]
async fn a_damaged_head_is_named_with_its_attribute() {
    let number = |digits: &str| AttributeValue::N(digits.to_owned());
    let entry = AttributeValue::L(vec![AttributeValue::N("1".into()), AttributeValue::S("eaten".into())]);
    let cases = [
        ("v", Some(text("one"))),
        ("v", None),
        ("f", Some(number("-1"))),
        ("s", Some(text("lost"))),
        ("b", Some(text("digest"))),
        ("c", None),
        ("l", Some(number("999999999999999999"))),
        ("gr", Some(text("yesterday"))),
        ("h", Some(AttributeValue::L(vec![entry]))),
        ("h", None),
    ];
    for (attribute, value) in cases {
        let store = Store::in_process().await;
        held(&store.ledger(), 1).await;
        damage(&store, &store.records, "head", attribute, value.clone()).await;
        let error = store.ledger().record(&key(1)).await.unwrap_err();
        let LedgerError::Damaged { item, attribute: named, .. } = &error else { panic!("{error}") };
        assert_eq!((item.as_str(), named.as_str()), ("demo/shopify/order/1 head", attribute), "{value:?}");
        assert!(!error.is_retryable());
    }
}

#[tokio::test]
async fn a_page_or_a_part_that_is_missing_is_named() {
    let store = Store::in_process().await;
    let ledger = store.ledger();
    let mut record = held(&ledger, 1).await.record;
    for n in 0..40 {
        record = ledger.write(record.noted(at(n), domain::Event::Duplicate, n.to_string())).await.unwrap();
    }
    remove(&store, &store.records, "trail/000000").await;
    let error = ledger.trail(&record).await.unwrap_err();
    assert!(matches!(&error, LedgerError::Damaged { attribute, .. } if attribute == "sk"), "{error}");
    remove(&store, &store.records, "trail/000016").await;
    let error = ledger.trail(&record).await.unwrap_err();
    assert!(matches!(&error, LedgerError::Damaged { attribute, .. } if attribute == "g"), "{error}");

    let payload = payload(900_000);
    ledger.archive(&key(1), &payload).await.unwrap();
    remove(&store, &store.payloads, &format!("{}/0001", payload.body)).await;
    let error = ledger.payload(&key(1), &payload.body).await.unwrap_err();
    assert!(error.to_string().contains("part 1 of 3 is missing"), "{error}");
}

async fn remove(store: &Store, table: &str, sort: &str) {
    let request = store
        .client
        .delete_item()
        .table_name(table)
        .key("pk", AttributeValue::S(key(1).to_string()))
        .key("sk", AttributeValue::S(sort.to_owned()));
    request.send().await.unwrap();
}

/// Turns the first answers into a server's failure after the server did what it was asked.
#[derive(Debug)]
struct LoseAnswers(AtomicUsize);

impl Intercept for LoseAnswers {
    fn name(&self) -> &'static str {
        "LoseAnswers"
    }

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if self.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok() {
            let failure = r#"{"__type":"InternalServerError"}"#;
            *context.response_mut() = HttpResponse::new(500.try_into()?, failure.into());
        }
        Ok(())
    }
}

/// The SDK repeats a put whose answer was lost. The repeated one met the first, was refused, and a claim that had
/// succeeded was taken for one that somebody else holds: the record stayed locked until the lease ran out.
#[tokio::test]
async fn a_put_that_was_stored_before_its_answer_was_lost_is_no_conflict() {
    let store = Store::in_process().await;
    let ledger = store.ledger_with(LoseAnswers(AtomicUsize::new(1)));
    let held = held(&ledger, 1).await;
    assert_eq!(store.ledger().record(&key(1)).await.unwrap(), Some(held.record));
}

/// The same with a shared value: a grant that was stored would be taken for somebody else's.
#[tokio::test]
async fn a_swap_that_was_stored_before_its_answer_was_lost_is_no_conflict() {
    let store = Store::in_process().await;
    let client = domain::Digest::of(b"client");
    for before in [0, 1] {
        let ledger = store.ledger_with(LoseAnswers(AtomicUsize::new(1)));
        assert_eq!(ledger.swap_shared(&client, "gate", before, "{}").await, Ok(before + 1));
    }
    assert_eq!(store.ledger().shared(&client, "gate").await.unwrap().unwrap().version, 2);
}

#[tokio::test]
async fn an_endpoint_that_keeps_failing_is_unavailable() {
    let store = Store::in_process().await;
    let ledger = store.ledger_with(LoseAnswers(AtomicUsize::new(usize::MAX)));
    let error = ledger.record(&key(1)).await.unwrap_err();
    assert!(matches!(error, LedgerError::Unavailable { .. }), "{error}");
}

#[tokio::test]
async fn a_table_that_is_not_there_is_refused_for_good() {
    let store = Store::in_process().await;
    let ledger = DynamoDb::new(store.client.clone(), "no-such-table", "nor-this");
    let error = ledger::claim(&ledger, &claim_of(1, "a"), at(0)).await.unwrap_err();
    assert!(matches!(error, LedgerError::Refused { .. }), "{error}");
    assert!(error.to_string().contains("ResourceNotFoundException"), "{error}");
}

#[tokio::test]
async fn payload_items_say_when_they_may_be_deleted() {
    let store = Store::in_process().await;
    let ledger = store.ledger().with_retention(jiff::SignedDuration::from_secs(60));
    let payload = payload(10);
    ledger.archive(&key(1), &payload).await.unwrap();
    let items = store.client.scan().table_name(&store.payloads).send().await.unwrap().items.unwrap();
    let expires_at = items[0]["expires_at"].as_n().unwrap();
    assert_eq!(*expires_at, (payload.received_at.as_second() + 60).to_string());
}

/// One entry that nobody can read must not keep the others from being confirmed.
#[tokio::test]
async fn a_damaged_entry_of_the_index_is_passed_over() {
    let store = Store::in_process().await;
    for order in [1, 2] {
        held(&store.ledger(), order).await;
    }
    for (order, time) in [(1, "0 is no time"), (2, "2026-01-01T00:00:00.000Z")] {
        for (name, value) in [("ga", "await/0"), ("gt", time)] {
            let request = store
                .client
                .update_item()
                .table_name(&store.records)
                .key("pk", AttributeValue::S(key(order).to_string()))
                .key("sk", text("head"))
                .update_expression("SET #name = :value")
                .expression_attribute_names("#name", name)
                .expression_attribute_values(":value", text(value));
            request.send().await.unwrap();
        }
    }
    let now = "2026-06-01T00:00:00Z".parse().unwrap();
    assert_eq!(store.ledger().due(Awaiting::Confirmation, now, 10).await.unwrap(), [key(2)]);
}
