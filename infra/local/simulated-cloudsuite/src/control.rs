//! The control side under `/_simulated/`: faults, master data, settings, and what is held. It is no part of
//! Infor's interface and asks for no token; it is meant for a loopback address.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::faults::Fault;
use crate::http::HttpResponse;
use crate::master::{Customer, Item, OrderType, Record, field};
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
        ("GET", "faults") => Ok(json!(simulator.faults.all())),
        ("POST", "faults") => read(body).and_then(|value| add_faults(simulator, &value)),
        ("DELETE", "faults") => {
            simulator.faults.clear();
            Ok(json!({ "faults": [] }))
        }
        ("POST", "master") => read(body).and_then(|value| change_master(simulator, value)),
        ("POST", "settings") => read(body).and_then(|value| change_settings(simulator, value)),
        ("POST", "release") => read(body).and_then(|value| release(simulator, &value)),
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

/// A person corrects a batch order in OIS275 and releases it.
fn release(simulator: &mut SimulatedCloudSuite, value: &Value) -> Result<Value, String> {
    let number = value["orno"].as_str().ok_or("orno is missing")?;
    simulator.m3.release(number).map_err(|nok| nok.text)?;
    Ok(json!(simulator.m3.batches.get(number)))
}

/// Rows to add (or replace) and keys to remove.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct MasterChange {
    add: Rows,
    remove: Keys,
    order_entry_settings: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Rows {
    items: Vec<Item>,
    customers: Vec<Customer>,
    warehouses: Vec<Record>,
    facilities: Vec<Record>,
    templates: Vec<Record>,
    order_types: Vec<OrderType>,
    charges: Vec<String>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Keys {
    items: Vec<String>,
    customers: Vec<String>,
    warehouses: Vec<String>,
    facilities: Vec<String>,
    templates: Vec<String>,
    order_types: Vec<String>,
    charges: Vec<String>,
}

fn change_master(simulator: &mut SimulatedCloudSuite, value: Value) -> Result<Value, String> {
    let change = MasterChange::deserialize(value).map_err(|error| error.to_string())?;
    remove(simulator, &change.remove);
    add(simulator, change.add);
    if let Some(exist) = change.order_entry_settings {
        simulator.m3.master.order_entry_settings = exist;
    }
    Ok(json!({ "master": "changed" }))
}

fn remove(simulator: &mut SimulatedCloudSuite, keys: &Keys) {
    let m3 = &mut simulator.m3;
    m3.items.retain(|number, _| !keys.items.contains(number));
    m3.customers.retain(|number, _| !keys.customers.contains(number));
    let master = &mut m3.master;
    let gone = |gone: &[String], row: &Record, key: &str| gone.iter().any(|code| code == field(row, key));
    master.warehouses.retain(|row| !gone(&keys.warehouses, row, "WHLO"));
    master.facilities.retain(|row| !gone(&keys.facilities, row, "FACI"));
    master.templates.retain(|row| !gone(&keys.templates, row, "CUNO"));
    master.order_types.retain(|row| !gone(&keys.order_types, &row.fields, "ORTP"));
    master.charges.retain(|charge| !keys.charges.contains(charge));
}

fn add(simulator: &mut SimulatedCloudSuite, rows: Rows) {
    let m3 = &mut simulator.m3;
    for item in rows.items {
        m3.put_item(item);
    }
    for customer in rows.customers {
        m3.put_customer(customer);
    }
    let master = &mut m3.master;
    master.warehouses.extend(rows.warehouses);
    master.facilities.extend(rows.facilities);
    master.templates.extend(rows.templates);
    master.order_types.extend(rows.order_types);
    master.charges.extend(rows.charges);
}
