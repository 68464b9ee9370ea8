//! The control side under `/_simulated/`: what happens in the warehouses, settings, time, and what is held. It is no part
//! of ShipBob's interface and asks for no token; it is meant for a loopback address.

mod happenings;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::http::HttpResponse;
use crate::oauth::Consent;
use crate::settings::Settings;
use crate::simulator::SimulatedShipBob;
use crate::warehouse::{Centre, Item, totals};
use crate::webhooks::Wanted;

type Done = Result<Value, String>;

pub(crate) fn handle(
    simulator: &mut SimulatedShipBob,
    method: &str,
    path: &str,
    query: &str,
    body: &[u8],
    now: Timestamp,
) -> HttpResponse {
    let parts: Vec<&str> = path.split('/').collect();
    let done = match (method, parts.as_slice()) {
        ("GET", ["totals"]) => return HttpResponse::json(200, &totals(&simulator.warehouse)),
        ("GET", ["state"]) => Ok(state(simulator, now)),
        ("GET", ["deliveries"]) => Ok(json!(simulator.deliveries())),
        ("GET", ["faults"]) => Ok(json!(simulator.faults)),
        ("POST", ["faults"]) => read(body).map(|faults| {
            simulator.faults.ask(faults);
            json!(simulator.faults)
        }),
        ("POST", ["webhook-faults"]) => read(body).map(|faults| {
            simulator.faults.ask_of_webhooks(faults);
            json!(simulator.faults)
        }),
        ("POST", ["authorise"]) => {
            let consent = if body.is_empty() { Ok(Consent::default()) } else { read(body) };
            consent.map(|consent| json!({ "code": simulator.authorise(consent, now) }))
        }
        ("DELETE", ["faults"]) => {
            simulator.faults.clear();
            Ok(json!(simulator.faults))
        }
        ("POST", ["settings"]) => read(body).and_then(|value| change_settings(simulator, value)),
        ("POST", ["clock"]) => read(body).map(|change| change_clock(simulator, &change, now)),
        ("POST", ["items"]) => read::<Vec<Item>>(body).map(|items| {
            let count = items.len();
            for item in items {
                simulator.warehouse.catalogue.put(item);
            }
            json!({ "items": count })
        }),
        ("POST", ["fulfillment-centers"]) => read::<Centre>(body).map(|centre| {
            let id = centre.id;
            simulator.warehouse.catalogue.centres.insert(id, centre);
            json!({ "id": id })
        }),
        ("POST", ["legacy-subscriptions"]) => read(body).and_then(|wanted| subscribe(simulator, wanted, now)),
        ("POST", ["subscriptions", id, "enable"]) => {
            number(id).map(|id| json!({ "enabled": simulator.subscriptions.enable(id) }))
        }
        ("POST", parts) => happenings::happen(simulator, parts, body, now).map(|(value, messages)| {
            if !is_silent(query) {
                simulator.publish(&messages, now);
            }
            value
        }),
        _ => return HttpResponse::json(404, &json!({ "error": "no such control path" })),
    };
    match done {
        Ok(value) => HttpResponse::json(200, &value),
        Err(reason) => HttpResponse::json(400, &json!({ "error": reason })),
    }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, String> {
    serde_json::from_slice(body).map_err(|error| error.to_string())
}

fn number(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("{text} is no id"))
}

/// Whether no webhook is to tell of it, as when somebody cancels by hand.
fn is_silent(query: &str) -> bool {
    form_urlencoded::parse(query.as_bytes()).any(|(key, value)| key == "silent" && value == "true")
}

/// A subscription of the retired versions: nothing signs its deliveries.
fn subscribe(simulator: &mut SimulatedShipBob, wanted: Wanted, now: Timestamp) -> Done {
    if let Some((field, message)) = wanted.fault(simulator.settings.delivery.plain_http_on_loopback) {
        return Err(format!("{field}: {message}"));
    }
    let now = simulator.clock.at(now);
    let id = simulator.subscriptions.create(wanted, None, now).id;
    Ok(json!({ "id": id }))
}

/// Counts of what it holds, its subscriptions and settings. Secrets are not shown.
fn state(simulator: &SimulatedShipBob, now: Timestamp) -> Value {
    let warehouse = &simulator.warehouse;
    json!({
        "time": simulator.time(now).to_string(),
        "pace": simulator.clock.pace(),
        "orders": warehouse.orders.len(),
        "shipments": warehouse.shipments.len(),
        "receiving": warehouse.receiving.len(),
        "returns": warehouse.returns.len(),
        "transactions": warehouse.transactions.len(),
        "items": warehouse.catalogue.items.len(),
        "subscriptions": simulator.subscriptions.all().collect::<Vec<_>>(),
        "deliveries": by_state(simulator),
        "answers_by_status": simulator.answers_by_status,
        "ignored_parameters": simulator.ignored,
        "settings": simulator.settings,
    })
}

fn by_state(simulator: &SimulatedShipBob) -> Value {
    let mut counts = BTreeMap::<String, u64>::new();
    for record in simulator.deliverer.records() {
        let state = json!(record.state);
        *counts.entry(state.as_str().unwrap_or_default().to_owned()).or_default() += 1;
    }
    json!(counts)
}

/// Replaces the keys that are given, those of `delivery` too.
fn change_settings(simulator: &mut SimulatedShipBob, changes: Map<String, Value>) -> Done {
    let mut merged = json!(simulator.settings);
    for (key, value) in changes {
        match (merged.get_mut(&key).and_then(Value::as_object_mut), value) {
            (Some(known), Value::Object(value)) => known.extend(value),
            (_, value) => merged[&key] = value,
        }
    }
    simulator.settings = Settings::deserialize(merged).map_err(|error| error.to_string())?;
    Ok(json!(simulator.settings))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct ClockChange {
    pace: Option<u32>,
    skip_seconds: Option<u32>,
}

fn change_clock(simulator: &mut SimulatedShipBob, change: &ClockChange, now: Timestamp) -> Value {
    if let Some(pace) = change.pace {
        simulator.set_pace(pace, now);
    }
    if let Some(seconds) = change.skip_seconds {
        simulator.skip(seconds);
    }
    json!({ "time": simulator.time(now).to_string(), "pace": simulator.clock.pace() })
}
