//! What is held and what was counted, for people and tests. Secrets and tokens are not shown.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::simulator::SimulatedShopify;

/// Everything, as JSON.
pub(crate) fn state(simulator: &SimulatedShopify, now: Timestamp) -> Value {
    let shop = &simulator.shop;
    let others: BTreeMap<_, Vec<_>> =
        shop.others.iter().map(|(kind, known)| (kind, known.values().collect())).collect();
    json!({
        "shop": shop.domain,
        "installed": shop.installed,
        "time": now.to_string(),
        "pace": simulator.clock.pace(),
        "orders": shop.orders.values().collect::<Vec<_>>(),
        "others": others,
        "subscriptions": simulator.subscriptions.all().collect::<Vec<_>>(),
        "active_tokens": simulator.tokens.active(now),
        "deliveries": by_state(simulator),
        "counters": simulator.counters,
        "settings": simulator.settings,
    })
}

fn by_state(simulator: &SimulatedShopify) -> Value {
    let mut counts = BTreeMap::<String, u64>::new();
    for record in simulator.deliverer.records() {
        let state = json!(record.state);
        *counts.entry(state.as_str().unwrap_or_default().to_owned()).or_default() += 1;
    }
    json!(counts)
}
