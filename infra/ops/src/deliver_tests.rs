use std::sync::{Arc, Mutex};

use axum::{Router, body::Bytes, extract::State, http::HeaderMap, http::Uri, routing::post};
use domain::{Private, Source};
use platform::MemorySecrets;
use shopify::DeliveryHeaders;

use super::*;
use crate::sender_of;

type Seen = Arc<Mutex<Vec<(String, DeliveryHeaders, Bytes)>>>;

fn demo() -> TenantId {
    "demo".parse().unwrap()
}

fn shop() -> Sender {
    Sender::Shopify(Shop::new("demo.myshopify.com", "hush"))
}

fn client() -> reqwest::Client {
    // Another test may have installed it already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::new()
}

/// A webhook that takes everything and remembers it, read by the rules of the real one.
async fn webhook() -> (String, Seen) {
    let seen = Seen::default();
    let take = |State(seen): State<Seen>, uri: Uri, headers: HeaderMap, body: Bytes| async move {
        let values = |name: &str| headers.get_all(name).iter().map(|value| value.to_str().ok()).collect();
        let read = DeliveryHeaders::read(values).unwrap();
        seen.lock().unwrap().push((uri.path().to_owned(), read, body));
        "queued\n"
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let router = Router::new().fallback(take).with_state(Arc::clone(&seen));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, seen)
}

#[tokio::test]
async fn a_delivery_arrives_as_the_webhook_expects_it() {
    let (url, seen) = webhook().await;
    let body = b"{\"id\": 1,\r\n \"note\": \"\xc3\xb6 \xff\"}".to_vec();
    let now = "2026-11-20T09:15:01Z".parse().unwrap();
    let delivery = Delivery::new("orders/create", body.clone(), now);
    let answer = deliver(&client(), &url, &demo(), &shop(), delivery.clone()).await.unwrap();
    assert_eq!(answer, Answer { status: 200, body: "queued".into() });

    let (path, headers, sent) = seen.lock().unwrap()[0].clone();
    assert_eq!(path, "/webhooks/shopify/demo");
    assert_eq!(sent, body, "byte by byte");
    shopify::verify(&[Private::new("hush".to_owned())], &sent, &headers.signature).unwrap();
    let expected = DeliveryHeaders {
        topic: "orders/create".into(),
        signature: headers.signature.clone(),
        shop_domain: "demo.myshopify.com".into(),
        webhook_id: delivery.webhook_id,
        event_id: Some(delivery.event_id),
        api_version: Some("2026-10".into()),
        triggered_at: Some(now),
    };
    assert_eq!(headers, expected);
}

#[tokio::test]
async fn a_webhook_that_is_not_there_is_named() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let delivery = Delivery::new("orders/create", "{}", Timestamp::UNIX_EPOCH);
    let error = deliver(&client(), &url, &demo(), &shop(), delivery).await.unwrap_err().to_string();
    assert!(error.starts_with(&format!("{url}/webhooks/shopify/demo did not answer")), "{error}");
    assert!(error.contains("refused"), "the cause is told: {error}");
}

/// A secret of ShipBob's shape.
const WHSEC: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

#[tokio::test]
async fn a_delivery_of_shipbobs_is_signed_by_standard_webhooks() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let take = |State(seen): State<Arc<Mutex<Vec<shipbob::DeliveryHeaders>>>>, headers: HeaderMap| async move {
        let values = |name: &str| headers.get_all(name).iter().map(|value| value.to_str().ok()).collect();
        seen.lock().unwrap().push(shipbob::DeliveryHeaders::read(values).unwrap());
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let router = Router::new().route("/webhooks/shipbob/demo", post(take)).with_state(Arc::clone(&seen));
    tokio::spawn(async move { axum::serve(listener, router).await });
    let secret = shipbob::Secret::parse(WHSEC).unwrap();
    let now = "2026-11-20T09:15:01Z".parse().unwrap();
    let delivery = Delivery::new("order.shipped", b"{\"id\": 7}", now);
    let sender = Sender::Shipbob(secret.clone());
    assert_eq!(deliver(&client(), &url, &demo(), &sender, delivery).await.unwrap().status, 200);
    let headers = seen.lock().unwrap().pop().unwrap();
    let shipbob::DeliveryHeaders::Signed { id, timestamp, signature, topic } = headers else {
        panic!("unsigned")
    };
    assert_eq!(topic, "order.shipped");
    shipbob::verify(&[secret], &id, &timestamp, &signature, b"{\"id\": 7}", now).unwrap();
}

#[tokio::test]
async fn who_signs_is_read_from_the_tenants_secret() {
    let secrets = MemorySecrets::default();
    let json = r#"{"shop_domain":"demo.myshopify.com","client_secret":"hush"}"#;
    secrets.set("prod/webhook/shopify/demo", &[json]);
    secrets.set("prod/webhook/shopify/broken", &[r#"{"client_secret":"hush"#]);
    let signed = format!("{{\"secrets\": [\"{WHSEC}\"]}}");
    let unsigned = r#"{"legacy":{"topics":["order_shipped"],"path_token":"a-token-that-nobody-can-guess"}}"#;
    secrets.set("prod/webhook/shipbob/demo", &[signed.as_str()]);
    secrets.set("prod/webhook/shipbob/old", &[unsigned]);
    let of = async |source, tenant: &str| {
        sender_of(&secrets, "prod", source, &tenant.parse().unwrap()).await.map_err(|error| error.to_string())
    };
    let Sender::Shopify(shop) = of(Source::Shopify, "demo").await.unwrap() else { panic!("not a shop") };
    assert_eq!(
        (shop.domain.as_str(), shop.client_secrets[0].expose().as_str()),
        ("demo.myshopify.com", "hush")
    );
    assert!(matches!(of(Source::Shipbob, "demo").await.unwrap(), Sender::Shipbob(_)));
    let broken = of(Source::Shopify, "broken").await.unwrap_err();
    assert!(broken.contains("prod/webhook/shopify/broken") && !broken.contains("hush"), "{broken}");
    assert!(of(Source::Shopify, "other").await.unwrap_err().contains("no secret prod/webhook/shopify/other"));
    assert!(of(Source::Shipbob, "old").await.unwrap_err().contains("accepts unsigned deliveries only"));
}
