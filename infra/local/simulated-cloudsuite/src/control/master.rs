//! Changes of the master data at run time.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::master::{BatchOrigin, Customer, Item, LedgerInterface, OrderType, Record, field};
use crate::master_stock::{MessagePartner, OpenPurchaseOrder};
use crate::simulator::SimulatedCloudSuite;

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
    suppliers: Vec<Record>,
    origins: Vec<BatchOrigin>,
    interfaces: Vec<LedgerInterface>,
    accounts: Vec<Record>,
    open_periods: Vec<Record>,
    exchange_rates: Vec<Record>,
    purchase_orders: Vec<OpenPurchaseOrder>,
    partners: Vec<MessagePartner>,
    locations: Vec<Record>,
    lots: Vec<Record>,
    aliases: Vec<Record>,
    returns: Vec<Record>,
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
    suppliers: Vec<String>,
    origins: Vec<String>,
    interfaces: Vec<String>,
    /// AITM, in whichever dimension.
    accounts: Vec<String>,
    /// DIVI.
    open_periods: Vec<String>,
    /// CUCD.
    exchange_rates: Vec<String>,
    /// E0PA.
    partners: Vec<String>,
    /// POPN.
    aliases: Vec<String>,
}

/// Removes rows, then adds others.
pub(super) fn change_master(simulator: &mut SimulatedCloudSuite, value: Value) -> Result<Value, String> {
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
    let purchasing = &mut master.purchasing;
    purchasing.suppliers.retain(|row| !gone(&keys.suppliers, row, "SUNO"));
    purchasing.origins.retain(|origin| !keys.origins.contains(&origin.name));
    let ledger = &mut master.ledger;
    ledger.interfaces.retain(|interface| !keys.interfaces.contains(&interface.name));
    ledger.accounts.retain(|row| !gone(&keys.accounts, row, "AITM"));
    ledger.open_periods.retain(|row| !gone(&keys.open_periods, row, "DIVI"));
    ledger.exchange_rates.retain(|row| !gone(&keys.exchange_rates, row, "CUCD"));
    let stock = &mut master.stock;
    stock.partners.retain(|partner| !keys.partners.contains(&partner.name));
    stock.aliases.retain(|row| !gone(&keys.aliases, row, "POPN"));
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
    master.purchasing.suppliers.extend(rows.suppliers);
    master.purchasing.origins.extend(rows.origins);
    let ledger = &mut master.ledger;
    ledger.interfaces.extend(rows.interfaces);
    ledger.accounts.extend(rows.accounts);
    ledger.open_periods.extend(rows.open_periods);
    ledger.exchange_rates.extend(rows.exchange_rates);
    let stock = &mut master.stock;
    stock.partners.extend(rows.partners);
    stock.locations.extend(rows.locations);
    stock.aliases.extend(rows.aliases);
    stock.returns.extend(rows.returns);
    for row in rows.lots {
        m3.stock.lots.insert((field(&row, "ITNO").to_owned(), field(&row, "BANO").to_owned()));
    }
    for order in rows.purchase_orders {
        m3.open_purchase_order(order);
    }
}
