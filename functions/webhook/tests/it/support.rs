//! A webhook function on twins, and events for it.

use std::sync::{Arc, atomic::Ordering::Relaxed};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::Private;
use lambda_http::{Context, LambdaEvent};
use platform::{Envelope, MemoryMailbox, MemorySecrets, Secrets, SystemClock};
use serde_json::{Value, json};
use shipbob::Endpoint;
use shopify::Shop;
use webhook::Webhook;

pub(crate) const SECRET: &str = "hush";
pub(crate) const BODY: &str = r#"{"id":820982911946154508,"email":"léon@example.com","note":"a\n"}"#;

/// The function and its twins.
pub(crate) struct World {
    pub(crate) webhook: Webhook,
    pub(crate) secrets: Arc<MemorySecrets>,
    pub(crate) queue: Arc<MemoryMailbox>,
}

pub(crate) fn shop(secret: &str) -> String {
    json!({ "shop_domain": "demo.myshopify.com", "client_secret": secret }).to_string()
}

pub(crate) fn world() -> World {
    let secrets = Arc::new(MemorySecrets::default());
    secrets.set("test/webhook/shopify/demo", &[&shop(SECRET)]);
    let queue = Arc::new(MemoryMailbox::new("events", Arc::new(SystemClock)));
    let webhook = Webhook {
        shops: Secrets::new(secrets.clone(), |versions| Shop::parse(versions)),
        endpoints: Secrets::new(secrets.clone(), |versions| Endpoint::parse(versions)),
        secret_prefix: "test".into(),
        queue: queue.clone(),
        clock: Arc::new(SystemClock),
    };
    World { webhook, secrets, queue }
}

impl World {
    /// Sends an event; the status and text of the answer.
    pub(crate) async fn send(&self, event: &Value) -> (i64, String) {
        let event = serde_json::value::to_raw_value(event).unwrap();
        let answer = self.webhook.answer(LambdaEvent::new(event, Context::default())).await.unwrap();
        let answer = serde_json::to_value(answer).unwrap();
        (answer["statusCode"].as_i64().unwrap(), answer["body"].as_str().unwrap().to_owned())
    }

    /// Everything that was queued.
    pub(crate) fn queued(&self) -> Vec<Envelope> {
        let sent = self.queue.messages();
        sent.iter().map(|message| Envelope::from_message(&message.body).unwrap()).collect()
    }

    pub(crate) fn asked(&self) -> usize {
        self.secrets.asked.load(Relaxed)
    }
}

/// A delivery as Shopify sends it, signed with a secret.
pub(crate) fn delivery(body: &str, secret: &str) -> Value {
    let signature = shopify::sign(&Private::new(secret.to_owned()), body.as_bytes());
    let headers = json!({
        "x-shopify-topic": "orders/create",
        "x-shopify-hmac-sha256": signature,
        "x-shopify-shop-domain": "demo.myshopify.com",
        "x-shopify-webhook-id": "d-1",
        "x-shopify-event-id": "e-1",
        "x-shopify-api-version": "2026-10",
    });
    event("/webhooks/shopify/demo", body, headers)
}

/// The event that API Gateway makes of a request to a path.
pub(crate) fn event(path: &str, body: &str, headers: Value) -> Value {
    let mut event = json!({
        "version": "2.0",
        "routeKey": "POST /webhooks/{source}/{tenant}",
        "rawPath": path,
        "rawQueryString": "",
        "requestContext": {
            "accountId": "000000000000", "apiId": "api", "domainName": "api.example", "domainPrefix": "api",
            "http": { "method": "POST", "path": path, "protocol": "HTTP/1.1",
                      "sourceIp": "192.0.2.1", "userAgent": "a source" },
            "requestId": "r-1", "routeKey": "POST /webhooks/{source}/{tenant}", "stage": "$default",
            "time": "22/Nov/2026:10:00:00 +0000", "timeEpoch": 1_795_341_600_000_u64,
        },
        "body": body,
        "isBase64Encoded": false,
    });
    event["headers"] = headers;
    event["headers"]["content-type"] = json!("application/json");
    event
}

/// The same delivery with its body in base64, as API Gateway sends all but a few content types.
pub(crate) fn in_base64(mut event: Value) -> Value {
    event["body"] = json!(STANDARD.encode(event["body"].as_str().unwrap()));
    event["isBase64Encoded"] = json!(true);
    event
}

/// The event with one header changed; `null` takes it away.
pub(crate) fn with_header(mut event: Value, name: &str, value: Value) -> Value {
    let headers = event["headers"].as_object_mut().unwrap();
    if value.is_null() {
        headers.remove(name)
    } else {
        headers.insert(name.to_owned(), value)
    };
    event
}

/// The event with another path.
pub(crate) fn at(mut event: Value, path: &str) -> Value {
    event["rawPath"] = json!(path);
    event["requestContext"]["http"]["path"] = json!(path);
    event
}
