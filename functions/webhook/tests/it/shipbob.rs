//! Deliveries of ShipBob's: signed ones, and unsigned ones that a tenant accepts by name.

use ::shipbob::Secret;
use domain::Source;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::support::{World, event, world};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OTHER: &str = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
const TOKEN: &str = "0123456789abcdef01234567";
const BODY: &str = r#"{"id":77,"order_id":5,"status":"Completed","products":[]}"#;

fn tenant(secret: &Value) -> World {
    let world = world();
    world.secrets.set("test/webhook/shipbob/demo", &[&secret.to_string()]);
    world
}

fn signed(secret: &str, topic: &str, at: Timestamp) -> Value {
    let signature = ::shipbob::sign(&Secret::parse(secret).unwrap(), "msg_1", at, BODY.as_bytes());
    event(
        "/webhooks/shipbob/demo",
        BODY,
        json!({
            "webhook-id": "msg_1", "webhook-timestamp": at.as_second().to_string(),
            "webhook-signature": signature, "x-webhook-topic": topic,
        }),
    )
}

fn unsigned(path: &str, topic: &str) -> Value {
    event(path, BODY, json!({ "shipbob-topic": topic, "shipbob-subscription-id": "9" }))
}

#[tokio::test]
async fn an_authentic_shipment_is_queued_byte_for_byte() {
    let world = tenant(&json!({ "secrets": [OTHER, SECRET] }));
    let answer = world.send(&signed(SECRET, "order.shipped", Timestamp::now())).await;
    assert_eq!(answer.0, 200, "{answer:?}");
    let [envelope] = &world.queued()[..] else { panic!("one envelope") };
    assert_eq!(envelope.body.bytes().unwrap(), BODY.as_bytes());
    assert_eq!((envelope.source, envelope.topic.as_str()), (Source::Shipbob, "order.shipped"));
    assert_eq!(envelope.delivery_id, "msg_1");
}

#[tokio::test]
async fn what_is_not_shipbobs_is_refused() {
    let world = tenant(&json!({ "secrets": [SECRET] }));
    let now = Timestamp::now();
    let late = now.checked_sub(SignedDuration::from_secs(400)).unwrap();
    for (event, expected) in [
        (signed(OTHER, "order.shipped", now), 401),
        (signed(SECRET, "order.shipped", late), 401),
        // Unsigned, and nobody said that such are accepted.
        (unsigned(&format!("/webhooks/shipbob/demo/{TOKEN}"), "order_shipped"), 401),
        (unsigned("/webhooks/shipbob/demo", "order_shipped"), 401),
        (event("/webhooks/shipbob/demo", BODY, json!({})), 400),
        (
            event(
                "/webhooks/shipbob/nobody",
                BODY,
                json!({ "shipbob-topic": "a", "shipbob-subscription-id": "9" }),
            ),
            404,
        ),
        (event("/webhooks/shopify/demo/token", BODY, json!({})), 404),
    ] {
        let answer = world.send(&event).await;
        // 410 would make ShipBob give the subscription up.
        assert_eq!(answer.0, expected, "{answer:?}");
    }
    assert!(world.queued().is_empty());
}

#[tokio::test]
async fn unsigned_deliveries_are_accepted_by_name_and_token_alone() {
    let legacy = json!({ "topics": ["order_shipped"], "path_token": TOKEN });
    let world = tenant(&json!({ "secrets": [SECRET], "legacy": legacy }));
    let path = format!("/webhooks/shipbob/demo/{TOKEN}");
    assert_eq!(world.send(&unsigned(&path, "order_shipped")).await.0, 200);
    assert_eq!(world.send(&unsigned(&path, "shipment_delivered")).await.0, 401);
    assert_eq!(
        world.send(&unsigned("/webhooks/shipbob/demo/other-other-other-other-1", "order_shipped")).await.0,
        401
    );
    let [envelope] = &world.queued()[..] else { panic!("one envelope") };
    assert_eq!(envelope.topic, "order.shipped");
    assert!(envelope.delivery_id.starts_with("unsigned-"), "{}", envelope.delivery_id);
}

/// Topics that the poller speaks are none of ShipBob's; answered with anything but 200, it would try for a day.
#[tokio::test]
async fn topics_of_our_own_and_unknown_ones_are_not_queued() {
    let world = tenant(&json!({ "secrets": [SECRET] }));
    for topic in ["order.polled", "wro.fetched", "inventory.changed"] {
        assert_eq!(world.send(&signed(SECRET, topic, Timestamp::now())).await.0, 200, "{topic}");
    }
    assert!(world.queued().is_empty());
}

#[tokio::test]
async fn a_secret_that_was_added_is_found() {
    let world = tenant(&json!({ "secrets": [OTHER] }));
    assert_eq!(world.send(&signed(SECRET, "order.shipped", Timestamp::now())).await.0, 401);
    world.secrets.set("test/webhook/shipbob/demo", &[&json!({ "secrets": [OTHER, SECRET] }).to_string()]);
    assert_eq!(
        world.send(&signed(SECRET, "order.shipped", Timestamp::now())).await.0,
        401,
        "read a moment ago"
    );
}
