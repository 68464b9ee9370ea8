//! The control side under `/_simulated/`: faults, master data, settings, and what is held. It is no part of
//! Infor's interface and asks for no token; it is meant for a loopback address.

mod master;
mod stock;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::control::master::change_master;
use crate::faults::Fault;
use crate::http::HttpResponse;
use crate::settings::Settings;
use crate::simulator::SimulatedCloudSuite;
use crate::view;

pub(crate) fn handle(
    simulator: &mut SimulatedCloudSuite,
    method: &str,
    path: &str,
    query: &str,
    body: &[u8],
) -> HttpResponse {
    let done = match (method, path) {
        ("GET", "state") => Ok(view::state(simulator)),
        ("GET", "orders") => Ok(view::orders(simulator, query)),
        ("GET", "purchase_orders") => Ok(view::purchase_orders(simulator, query)),
        ("GET", "vouchers") => Ok(view::vouchers(simulator, query)),
        ("GET", "stock") => Ok(stock::view(simulator, query)),
        ("POST", "stock") => read(body).and_then(|value| stock::count(simulator, value)),
        ("GET", "faults") => Ok(json!(simulator.faults.all())),
        ("POST", "faults") => read(body).and_then(|value| add_faults(simulator, &value)),
        ("DELETE", "faults") => {
            simulator.faults.clear();
            Ok(json!({ "faults": [] }))
        }
        ("POST", "master") => read(body).and_then(|value| change_master(simulator, value)),
        ("POST", "settings") => read(body).and_then(|value| change_settings(simulator, value)),
        ("POST", "release") => read(body).and_then(|value| release(simulator, &value)),
        ("POST", "advance") => read(body).and_then(|value| advance(simulator, value)),
        _ => return HttpResponse::fault(404, "no such control path"),
    };
    match done {
        Ok(value) => HttpResponse::json(200, &value),
        Err(reason) => HttpResponse::json(400, &json!({ "error": reason })),
    }
}

fn read(body: &[u8]) -> Result<Value, String> {
    serde_json::from_slice(body).map_err(|error| error.to_string())
}

/// One fault, or a list of them.
fn add_faults(simulator: &mut SimulatedCloudSuite, value: &Value) -> Result<Value, String> {
    let one = std::slice::from_ref(value);
    let faults = value.as_array().map_or(one, Vec::as_slice);
    let faults: Vec<Fault> = faults.iter().map(Fault::read).collect::<Result<_, _>>()?;
    for fault in faults {
        simulator.faults.add(fault);
    }
    Ok(json!({ "faults": simulator.faults.all() }))
}

/// Merges the keys that are given into the settings.
fn change_settings(simulator: &mut SimulatedCloudSuite, value: Value) -> Result<Value, String> {
    let mut merged = json!(simulator.settings);
    let (Value::Object(changes), Some(settings)) = (value, merged.as_object_mut()) else {
        return Err("settings must be an object".to_owned());
    };
    settings.extend(changes);
    simulator.settings = Settings::deserialize(merged).map_err(|error| error.to_string())?;
    Ok(json!(simulator.settings))
}

/// A person corrects a batch order in OIS275, or a batch purchase order in PPS370, and releases it.
fn release(simulator: &mut SimulatedCloudSuite, value: &Value) -> Result<Value, String> {
    if let Some(number) = value["puno"].as_str() {
        simulator.m3.release_purchase(number).map_err(|nok| nok.text)?;
        return Ok(json!(simulator.m3.purchasing.batches.get(number)));
    }
    let number = value["orno"].as_str().ok_or("orno or puno is missing")?;
    simulator.m3.release(number).map_err(|nok| nok.text)?;
    Ok(json!(simulator.m3.batches.get(number)))
}

/// A customer order to move on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    orno: String,
    #[serde(default)]
    line: Option<u32>,
    #[serde(default)]
    to: Option<String>,
}

fn advance(simulator: &mut SimulatedCloudSuite, value: Value) -> Result<Value, String> {
    let Advance { orno, line, to } = Advance::deserialize(value).map_err(|error| error.to_string())?;
    simulator.advance_order(&orno, line, to.as_deref())?;
    Ok(json!(simulator.m3.orders.get(&orno)))
}
