//! Which answer each situation gets.

use std::{sync::atomic::Ordering::Relaxed, time::Duration};

use async_trait::async_trait;
use platform::{SecretError, SecretSource, SecretVersions, Secrets};
use serde_json::json;
use shopify::Shop;

use crate::support::{BODY, SECRET, at, delivery, in_base64, shop, with_header, world};

#[tokio::test]
async fn an_authentic_order_is_queued_byte_for_byte() {
    for event in [delivery(BODY, SECRET), in_base64(delivery(BODY, SECRET))] {
        let world = world();
        assert_eq!(world.send(&event).await.0, 200);
        let [envelope] = &world.queued()[..] else { panic!("one envelope") };
        assert_eq!(envelope.body.bytes().unwrap(), BODY.as_bytes());
        assert_eq!((envelope.topic.as_str(), envelope.delivery_id.as_str()), ("orders/create", "d-1"));
        assert_eq!(envelope.event_id.as_deref(), Some("e-1"));
    }
}

#[tokio::test]
async fn when_shopify_began_to_tell_of_it_goes_with_the_delivery() {
    let world = world();
    let time = "2026-11-22T10:00:00.250123Z";
    for (header, expected) in [(json!(time), Some(time.parse().unwrap())), (json!("yesterday"), None)] {
        world.send(&with_header(delivery(BODY, SECRET), "x-shopify-triggered-at", header)).await;
        assert_eq!(world.queued().last().unwrap().triggered_at, expected);
    }
}

/// Once the secret is remembered, an accepted delivery costs one AWS call: the one to SQS.
#[tokio::test]
async fn a_warm_delivery_asks_for_no_secret() {
    let world = world();
    for _ in 0..20 {
        world.send(&delivery(BODY, SECRET)).await;
    }
    assert_eq!((world.asked(), world.queued().len()), (1, 20));
}

#[tokio::test]
async fn each_refusal_has_its_status() {
    let good = || delivery(BODY, SECRET);
    let without = |name: &str| with_header(good(), name, json!(null));
    let cases = [
        (without("x-shopify-hmac-sha256"), 400),
        (without("x-shopify-topic"), 400),
        (without("x-shopify-shop-domain"), 400),
        (with_header(good(), "x-shopify-hmac-sha256", json!("")), 400),
        (with_header(good(), "x-shopify-hmac-sha256", json!("a,b")), 400),
        (with_header(good(), "x-shopify-topic", json!("x".repeat(5_000))), 400),
        (delivery("", SECRET), 400),
        (delivery(BODY, "another secret"), 401),
        (with_header(good(), "x-shopify-hmac-sha256", json!("wronghash")), 401),
        (with_header(good(), "x-shopify-shop-domain", json!("other.myshopify.com")), 403),
        (at(good(), "/webhooks/shopify/nobody"), 404),
        (at(good(), "/webhooks/shopify/No%20body"), 404),
        (at(good(), "/webhooks/shopify/"), 404),
        (at(good(), "/webhooks/magento/demo"), 404),
        (at(good(), "/"), 404),
    ];
    let world = world();
    for (event, status) in cases {
        let (answered, text) = world.send(&event).await;
        assert_eq!(answered, status, "{text} {}", event["headers"]);
    }
    assert!(world.queued().is_empty());
}

#[tokio::test]
async fn a_topic_that_is_not_needed_is_accepted_and_not_queued() {
    let world = world();
    for topic in ["products/update", "draft_orders/create", "no/such_topic"] {
        let event = with_header(delivery(BODY, SECRET), "x-shopify-topic", json!(topic));
        assert_eq!(world.send(&event).await.0, 200, "{topic}");
    }
    assert!(world.queued().is_empty());
}

#[tokio::test]
async fn the_signature_header_is_trimmed() {
    let event = delivery(BODY, SECRET);
    let padded = format!(" {}\t ", event["headers"]["x-shopify-hmac-sha256"].as_str().unwrap());
    assert_eq!(world().send(&with_header(event, "x-shopify-hmac-sha256", json!(padded))).await.0, 200);
}

/// Shopify takes up to an hour until it signs with a new secret: both must hold.
#[tokio::test]
async fn current_and_previous_secret_are_both_live() {
    let world = world();
    world.secrets.set("test/webhook/shopify/demo", &[&shop("new"), &shop(SECRET)]);
    assert_eq!(world.send(&delivery(BODY, SECRET)).await.0, 200);
    assert_eq!(world.send(&delivery(BODY, "new")).await.0, 200);
    assert_eq!(world.send(&delivery(BODY, "older still")).await.0, 401);
}

#[tokio::test(start_paused = true)]
async fn a_rotation_takes_effect_within_a_minute() {
    let world = world();
    assert_eq!(world.send(&delivery(BODY, SECRET)).await.0, 200);
    world.secrets.set("test/webhook/shopify/demo", &[&shop("new"), &shop(SECRET)]);
    tokio::time::advance(Duration::from_secs(61)).await;
    assert_eq!(world.send(&delivery(BODY, "new")).await.0, 200);
}

/// A 200 given before SQS has the delivery would lose it: with SQS down Shopify must try again.
#[tokio::test]
async fn while_aws_is_down_shopify_is_asked_to_try_again() {
    let world = world();
    world.queue.set_down(true);
    assert_eq!(world.send(&delivery(BODY, SECRET)).await.0, 503);
    world.queue.set_down(false);
    world.secrets.down.store(true, Relaxed);
    assert_eq!(world.send(&at(delivery(BODY, SECRET), "/webhooks/shopify/other")).await.0, 503);
    // The secret as last read still serves.
    assert_eq!(world.send(&delivery(BODY, SECRET)).await.0, 200);
}

struct Silent;

#[async_trait]
impl SecretSource for Silent {
    async fn versions(&self, _: &str) -> Result<Option<SecretVersions>, SecretError> {
        std::future::pending().await
    }
}

#[tokio::test(start_paused = true)]
async fn there_is_an_answer_within_five_seconds_whatever_aws_does() {
    let mut world = world();
    world.webhook.shops = Secrets::new(std::sync::Arc::new(Silent), |versions| Shop::parse(versions));
    let started = tokio::time::Instant::now();
    assert_eq!(world.send(&delivery(BODY, SECRET)).await.0, 503);
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn what_does_not_fit_the_queue_even_compressed_is_too_large() {
    // Bytes that do not compress: hexadecimal digits of a counter's digests.
    let noise: String = (0..40_000_u32).map(|n| domain::Digest::of(&n.to_le_bytes()).to_string()).collect();
    let body = json!({ "id": 1, "note": noise }).to_string();
    let world = world();
    assert_eq!(world.send(&delivery(&body, SECRET)).await.0, 413);
    let spaces = json!({ "id": 1, "note": " ".repeat(4_000_000) }).to_string();
    assert_eq!(world.send(&delivery(&spaces, SECRET)).await.0, 200);
    assert_eq!(world.queued().len(), 1);
}

/// The gateway's event as it stands among the samples, with every key that API Gateway sends.
#[tokio::test]
async fn the_sample_of_the_gateways_event_is_accepted() {
    let world = world();
    world.secrets.set("test/webhook/shopify/demo", &[&shop("shpss_sample_secret")]);
    let event: serde_json::Value =
        serde_json::from_slice(&testkit::sample("apigateway-http-shopify-orders-create.json")).unwrap();
    assert_eq!(world.send(&event).await, (200, "queued\n".to_owned()));
    let body = event["body"].as_str().unwrap();
    assert_eq!(world.queued()[0].body.bytes().unwrap(), body.as_bytes());
}
