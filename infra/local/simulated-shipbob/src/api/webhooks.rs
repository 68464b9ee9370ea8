//! Webhook subscriptions. A secret is shown when its subscription is made, and never again.

use serde_json::{Value, json};

use super::{Answer, Call, paging, problem};
use crate::http::HttpResponse;
use crate::random::webhook_secret;
use crate::simulator::SimulatedShipBob;
use crate::warehouse::Moment;
use crate::webhooks::{Subscription, Wanted};

/// `POST /webhook`.
pub(super) fn create(simulator: &mut SimulatedShipBob, call: &Call<'_>) -> Answer {
    let wanted: Wanted =
        serde_json::from_slice(call.body).map_err(|error| problem::field(422, "", &error.to_string()))?;
    let plain = simulator.settings.delivery.plain_http_on_loopback;
    if let Some((field, message)) = wanted.fault(plain) {
        return Err(problem::field(422, field, message));
    }
    if let Some(topic) = wanted.topics.iter().find(|topic| !call.is_since(topic.since())) {
        let message = format!("{} is no topic of version {}.", topic.name(), call.version);
        return Err(problem::field(422, "Topics", &message));
    }
    let secret = wanted.secret.clone().unwrap_or_else(|| webhook_secret(&mut simulator.random));
    let made = simulator.subscriptions.create(wanted, Some(secret), call.now);
    let mut shown = shown(made);
    shown["secret"] = json!(made.secret);
    if let Some(shown) = shown.as_object_mut() {
        shown.remove("enabled");
    }
    Ok(HttpResponse::json(200, &shown))
}

/// `GET /webhook`.
pub(super) fn list(simulator: &SimulatedShipBob, call: &Call<'_>) -> Answer {
    let known: Vec<Value> =
        simulator.subscriptions.all().filter(|one| one.secret.is_some()).map(shown).collect();
    paging::listed(call.full, &call.query, &known)
}

/// `DELETE /webhook/{id}`; what still waits for it is dropped.
pub(super) fn delete(simulator: &mut SimulatedShipBob, id: &str) -> Answer {
    let id = id.parse().map_err(|_| HttpResponse::empty(404))?;
    if !simulator.subscriptions.delete(id) {
        return Err(HttpResponse::empty(404));
    }
    simulator.deliverer.drop_waiting(id);
    Ok(HttpResponse::empty(204))
}

fn shown(one: &Subscription) -> Value {
    json!({
        "id": one.id.to_string(),
        "url": one.url,
        "topics": one.topics,
        "description": one.description,
        "enabled": one.enabled,
        "created_at": Moment::of(one.created_at),
    })
}
