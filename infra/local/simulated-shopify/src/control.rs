//! The control side under `/_simulated/`: what happens in the shop, faults, settings, time, and what is held. It is no
//! part of Shopify's interface and asks for no token; it is meant for a loopback address.

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::faults::Fault;
use crate::http::HttpResponse;
use crate::settings::Settings;
use crate::shop::{Kind, RefundLine, merge};
use crate::simulator::SimulatedShopify;
use crate::webhooks::DeclaredSubscription;

type Done = Result<Value, String>;

pub(crate) fn handle(
    simulator: &mut SimulatedShopify,
    method: &str,
    path: &str,
    query: &str,
    body: &[u8],
    now: Timestamp,
) -> HttpResponse {
    let parts: Vec<&str> = path.split('/').collect();
    let done = match (method, parts.as_slice()) {
        ("GET", ["state"]) => Ok(simulator.state(now)),
        ("GET", ["deliveries"]) => Ok(json!(simulator.deliveries())),
        ("GET", ["faults"]) => Ok(json!(simulator.faults.all())),
        ("POST", ["faults"]) => read(body).and_then(|value| add_faults(simulator, &value)),
        ("DELETE", ["faults"]) => {
            simulator.faults.clear();
            Ok(json!({ "faults": [] }))
        }
        ("POST", ["settings"]) => read(body).and_then(|value| change_settings(simulator, value)),
        ("POST", ["clock"]) => read(body).map(|change| change_clock(simulator, &change, now)),
        ("POST", ["orders"]) => read(body).and_then(|order| put_order(simulator, order, query, now)),
        ("GET", ["orders", id]) => number(id).and_then(|id| found(simulator.order(id), id)),
        ("DELETE", ["orders", id]) => {
            number(id).and_then(|id| simulator.delete_order(id, now).map(done_with(id)))
        }
        ("POST", ["orders", id, step]) => {
            number(id).and_then(|id| step_order(simulator, id, step, body, now).map(done_with(id)))
        }
        ("POST", ["offline-token"]) => Ok(json!(simulator.issue_offline_token(now))),
        ("POST", ["permanent-token"]) => Ok(json!({ "access_token": simulator.issue_permanent_token() })),
        ("POST", ["declare"]) => read::<Vec<DeclaredSubscription>>(body).map(|declared| {
            simulator.declare(&declared, now);
            json!({ "declared": declared.len() })
        }),
        ("POST", ["publish"]) => read::<Publish>(body).map(|message| {
            simulator.publish(&message.topic, message.payload, now);
            json!({ "published": message.topic })
        }),
        ("POST", ["uninstall"]) => {
            simulator.uninstall(now);
            Ok(json!({ "installed": false }))
        }
        ("POST", ["install"]) => {
            simulator.install();
            Ok(json!({ "installed": true }))
        }
        ("POST", [name]) => kind(name).and_then(|kind| {
            let value = read(body)?;
            simulator.put(kind, value, now).map(done_with_id)
        }),
        ("DELETE", [name, id]) => {
            kind(name).and_then(|kind| simulator.delete(kind, number(id)?, now).map(|()| json!({ "id": id })))
        }
        _ => return HttpResponse::errors(404, "no such control path"),
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

fn kind(name: &str) -> Result<Kind, String> {
    Kind::deserialize(json!(name)).map_err(|_| format!("{name} is no control path"))
}

fn done_with(id: u64) -> impl FnOnce(()) -> Value {
    move |()| done_with_id(id)
}

fn done_with_id(id: u64) -> Value {
    json!({ "id": id })
}

fn found(order: Option<&Value>, id: u64) -> Done {
    order.cloned().ok_or_else(|| format!("there is no order {id}"))
}

/// A message to publish as it is.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Publish {
    topic: String,
    payload: Value,
}

fn put_order(simulator: &mut SimulatedShopify, order: Value, query: &str, now: Timestamp) -> Done {
    let silent =
        form_urlencoded::parse(query.as_bytes()).any(|(key, value)| key == "silent" && value == "true");
    let put = if silent { simulator.put_order_silently(order, now) } else { simulator.put_order(order, now) };
    put.map(done_with_id)
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cancel {
    reason: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Refund {
    lines: Vec<RefundLine>,
}

fn step_order(
    simulator: &mut SimulatedShopify,
    id: u64,
    step: &str,
    body: &[u8],
    now: Timestamp,
) -> Result<(), String> {
    match step {
        "edit" => simulator.edit_order(id, read(body)?, now),
        "cancel" => simulator.cancel_order(id, &read::<Cancel>(body)?.reason, now),
        "pay" => simulator.pay_order(id, now),
        "fulfil" => simulator.fulfil_order(id, now),
        "refund" => simulator.refund_order(id, &read::<Refund>(body)?.lines, now),
        _ => Err(format!("{step} is none of edit, cancel, pay, fulfil, refund")),
    }
}

/// One fault, or a list of them.
fn add_faults(simulator: &mut SimulatedShopify, value: &Value) -> Done {
    let one = std::slice::from_ref(value);
    let faults = value.as_array().map_or(one, Vec::as_slice);
    let faults: Vec<Fault> = faults.iter().map(Fault::read).collect::<Result<_, _>>()?;
    for fault in faults {
        simulator.faults.add(fault);
    }
    Ok(json!({ "faults": simulator.faults.all() }))
}

/// Merges the keys that are given into the settings, those of `delivery` and `protected_data` too.
fn change_settings(simulator: &mut SimulatedShopify, changes: Value) -> Done {
    if !changes.is_object() {
        return Err("settings must be an object".to_owned());
    }
    let mut merged = json!(simulator.settings);
    merge(&mut merged, changes);
    simulator.settings = Settings::deserialize(merged).map_err(|error| error.to_string())?;
    Ok(json!(simulator.settings))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct ClockChange {
    pace: Option<u32>,
    skip_seconds: Option<u32>,
}

fn change_clock(simulator: &mut SimulatedShopify, change: &ClockChange, now: Timestamp) -> Value {
    if let Some(pace) = change.pace {
        simulator.set_pace(pace, now);
    }
    if let Some(seconds) = change.skip_seconds {
        simulator.skip(seconds);
    }
    json!({ "time": simulator.time(now).to_string(), "pace": simulator.clock.pace() })
}
