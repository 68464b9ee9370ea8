//! Stock at the control interface: what is held, and a count by hand.

use std::str::FromStr;

use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::simulator::SimulatedCloudSuite;

/// A count by hand.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Count {
    whlo: String,
    itno: String,
    #[serde(default)]
    bano: String,
    /// As text, so that no digit is lost.
    quantity: String,
}

/// Balances, transactions, receipts and messages, all or those of the warehouse (`whlo`) and item (`itno`). Messages are
/// those with `pmsn`, if that is given.
pub(super) fn view(simulator: &SimulatedCloudSuite, query: &str) -> Value {
    let asked = |name: &str| {
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    };
    let (warehouse, item, external) = (asked("whlo"), asked("itno"), asked("pmsn"));
    let meant = |own: &str, wanted: &Option<String>| wanted.as_deref().is_none_or(|wanted| wanted == own);
    let mut balances = simulator.stock();
    balances.retain(|row| meant(&row.warehouse, &warehouse) && meant(&row.item, &item));
    let mut transactions = simulator.stock_transactions();
    transactions.retain(|row| meant(&row.warehouse, &warehouse) && meant(&row.item, &item));
    let mut receipts = simulator.goods_receipts();
    receipts.retain(|row| meant(&row.warehouse, &warehouse) && meant(&row.item, &item));
    let mut messages = simulator.stock_messages();
    messages.retain(|row| meant(&row.external, &external));
    json!({ "balances": balances, "transactions": transactions, "receipts": receipts, "messages": messages })
}

/// Sets what is on hand.
pub(super) fn count(simulator: &mut SimulatedCloudSuite, value: Value) -> Result<Value, String> {
    let Count { whlo, itno, bano, quantity } =
        Count::deserialize(value).map_err(|error| error.to_string())?;
    let quantity = Decimal::from_str(&quantity).map_err(|error| error.to_string())?;
    simulator.count_stock(&whlo, &itno, &bano, quantity)?;
    Ok(json!({ "on_hand": simulator.on_hand(&whlo, &itno) }))
}
