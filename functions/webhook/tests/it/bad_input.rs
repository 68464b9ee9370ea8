//! A malformed event of any kind is an answer, never a panic.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{BODY, SECRET, delivery, in_base64, world};

fn status_of(event: &Value) -> i64 {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async { world().send(event).await.0 })
}

/// The event library panics on this one; found in its source, and it must not end the process.
#[test]
fn a_body_that_only_says_it_is_base64_is_a_bad_request() {
    let mut event = delivery(BODY, SECRET);
    event["isBase64Encoded"] = json!(true);
    assert_eq!(status_of(&event), 400);
}

#[test]
fn events_of_other_shapes_are_bad_requests() {
    for event in [json!(null), json!(1), json!("x"), json!([]), json!({}), json!({ "version": "2.0" })] {
        let status = status_of(&event);
        assert!((400..500).contains(&status), "{event}: {status}");
    }
}

#[test]
fn an_event_without_body_is_a_bad_request() {
    let mut event = delivery(BODY, SECRET);
    event["body"] = json!(null);
    assert_eq!(status_of(&event), 400);
}

#[test]
fn bytes_that_are_no_utf8_are_verified_as_they_are() {
    let mut event = in_base64(delivery(BODY, SECRET));
    event["body"] = json!("//4A");
    assert_eq!(status_of(&event), 401);
}

#[test]
fn every_part_may_be_missing_or_of_another_type() {
    let good = delivery(BODY, SECRET);
    for key in good.as_object().unwrap().keys() {
        for value in [json!(null), json!(7), json!("x"), json!([]), json!({})] {
            let mut event = good.clone();
            event[key] = value.clone();
            let status = status_of(&event);
            assert!((200..504).contains(&status), "{key}={value}: {status}");
        }
        let mut event = good.clone();
        event.as_object_mut().unwrap().remove(key);
        status_of(&event);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn random_headers_and_bodies_get_an_answer(
        headers in proptest::collection::hash_map("[a-zA-Z-]{1,24}|x-shopify-[a-z-]{1,16}", ".{0,40}", 0..8),
        body in ".{0,200}",
        is_base64 in any::<bool>(),
    ) {
        let mut event = delivery(BODY, SECRET);
        event["headers"] = json!(headers);
        event["body"] = json!(body);
        event["isBase64Encoded"] = json!(is_base64);
        let status = status_of(&event);
        prop_assert!((400..500).contains(&status), "{}", status);
    }
}
