//! Shopify: sends each delivery, and sends it again as long as it is not answered with 200 in time.

use std::{sync::Arc, time::Duration};

use lambda_http::LambdaEvent;
use lambda_runtime::Context;
use serde_json::{Value, json, value::to_raw_value};
use shopify::Shop;
use tokio::time::timeout;
use webhook::Webhook;

use crate::{
    Time, World,
    lambda::{Slot, invoke},
    scenario::{Delivery, Scenario, Version},
    world::{SHOP, TENANT},
};

/// How long Shopify waits for an answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// The webhook's time limit (the template's).
const LIMIT: Duration = Duration::from_secs(6);
/// The pauses before Shopify's eight retries, in seconds: about four hours together.
const RETRIES: [u64; 8] = [10, 30, 60, 300, 900, 2_400, 3_600, 7_200];

/// The two webhook functions.
pub(crate) struct Webhooks([Arc<Slot<Webhook>>; 2]);

impl Webhooks {
    /// One of them.
    pub(crate) fn one(&self, world: &World) -> Arc<Slot<Webhook>> {
        self.0[usize::from(world.around.pace.strikes(500))].clone()
    }
}

impl Default for Webhooks {
    fn default() -> Self {
        Self([1, 2].map(|number| Arc::new(Slot::new(format!("webhook-{number}")))))
    }
}

/// Sends everything of a scenario; returns when Shopify has nothing left to send.
pub(crate) async fn send_all(world: &Arc<World>, scenario: &Arc<Scenario>) {
    let webhooks = Arc::new(Webhooks::default());
    let sending =
        scenario.deliveries.iter().enumerate().flat_map(|(place, delivery)| {
            delivery.times.iter().map(move |&at| (place, at)).collect::<Vec<_>>()
        });
    let tasks: Vec<_> = sending
        .map(|(place, at)| {
            let (world, scenario, webhooks) = (world.clone(), scenario.clone(), webhooks.clone());
            tokio::spawn(async move {
                world.around.time.reach(at).await;
                send(&world, &webhooks, &scenario, &scenario.deliveries[place]).await;
            })
        })
        .collect();
    for task in tasks {
        // A panic of the webhook is a failure of the run, and shows as a delivery that was never accepted.
        if task.await.is_err() {
            world.around.counts.one("panics");
        }
    }
}

async fn send(world: &Arc<World>, webhooks: &Webhooks, scenario: &Scenario, delivery: &Delivery) {
    let version = scenario.version_of(delivery);
    for pause in [0].into_iter().chain(RETRIES) {
        tokio::time::sleep(Duration::from_secs(pause)).await;
        world.around.counts.one("deliveries sent");
        let answered = tokio::spawn(answer(world.clone(), webhooks.one(world), signed(delivery, version)));
        let status = timeout(PATIENCE, answered).await.ok().and_then(Result::ok).flatten();
        world.around.log.say("shopify", || format!("{} {}: {status:?}", delivery.topic, delivery.id));
        if status == Some(200) {
            world.accounts.accepted(&delivery.id);
            world.around.counts.one("deliveries accepted");
            return;
        }
    }
    world.around.counts.one("deliveries given up by the source");
}

/// One invocation of a webhook; the status of its answer.
pub(crate) async fn answer(world: Arc<World>, slot: Arc<Slot<Webhook>>, event: Value) -> Option<i64> {
    let event = to_raw_value(&event).ok()?;
    let (instance, webhook) = slot.get(&world, |instance| world.webhook(instance));
    let answered =
        invoke(&instance, LIMIT, webhook.answer(LambdaEvent::new(event, Context::default()))).await?;
    answered.ok().map(|answer| answer.status_code)
}

/// A delivery as Shopify signs it.
fn signed(delivery: &Delivery, version: &Version) -> Value {
    let (body, triggered) = (&version.body, Time::at(version.updated));
    let headers = json!({
        "content-type": "application/json",
        "x-shopify-topic": delivery.topic,
        "x-shopify-hmac-sha256": Shop::new(SHOP.0, SHOP.1).sign(body.as_bytes()),
        "x-shopify-shop-domain": SHOP.0,
        "x-shopify-webhook-id": delivery.id,
        "x-shopify-api-version": "2026-10",
        "x-shopify-triggered-at": triggered.to_string(),
    });
    event(&format!("/webhooks/shopify/{TENANT}"), &headers, body)
}

/// The event that API Gateway makes of a delivery.
pub(crate) fn event(path: &str, headers: &Value, body: &str) -> Value {
    let route = "POST /webhooks/{source}/{tenant}";
    json!({
        "version": "2.0", "routeKey": route, "rawPath": path, "rawQueryString": "",
        "headers": headers,
        "requestContext": {
            "accountId": "000000000000", "apiId": "api", "domainName": "api.example", "domainPrefix": "api",
            "http": { "method": "POST", "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1",
                      "userAgent": "a source" },
            "requestId": "r-1", "routeKey": route, "stage": "$default",
            "time": "22/Nov/2026:10:00:00 +0000", "timeEpoch": 1_795_341_600_000_u64,
        },
        "body": body,
        "isBase64Encoded": false,
    })
}
