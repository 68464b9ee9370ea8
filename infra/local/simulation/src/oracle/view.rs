//! What is there in the end, as the oracle reads it.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Entry, Record, RecordKey};
use ledger::Ledger as _;
use platform::{DeadLetter, Envelope};
use serde_json::Value;

use crate::{World, world::TENANT};

/// What is there in the end.
pub(super) struct View {
    /// Every record with its whole trail.
    pub(super) records: BTreeMap<RecordKey, (Record, Vec<Entry>)>,
    /// The delivery ids on the dead-letter queue.
    pub(super) dead: BTreeSet<String>,
    /// The records that dead letters name.
    pub(super) told: BTreeSet<String>,
    /// The delivery ids that the queue of events took.
    pub(super) sent: BTreeSet<String>,
    /// The customer orders in M3, by the customer's order number (CUOR).
    pub(super) orders: BTreeMap<String, Vec<Value>>,
    /// The batch orders in M3 that are not customer orders yet, likewise.
    pub(super) open: BTreeMap<String, Vec<Value>>,
    /// The customers in M3, by number.
    pub(super) customers: BTreeMap<String, Value>,
}

impl View {
    pub(super) async fn of(world: &World) -> Self {
        let mut records = BTreeMap::new();
        for record in world.ledger.records() {
            let trail = world.ledger.trail(&record).await.unwrap_or_default();
            records.insert(record.key.clone(), (record, trail));
        }
        let letters = world.dead_letters.messages();
        let told =
            letters.iter().filter_map(|letter| letter.attributes.get(DeadLetter::RECORD).cloned()).collect();
        let dead = letters.into_iter();
        let dead = dead.filter_map(|message| Envelope::from_message(&message.body).ok());
        let state = world.infor.simulator().state();
        let values = |key: &str| state[key].as_object().cloned().unwrap_or_default();
        let open = values("batch_orders").into_iter().filter(|(_, batch)| batch["order"].is_null());
        Self {
            records,
            dead: dead.map(|envelope| envelope.delivery_id).collect(),
            told,
            sent: world.accounts.all_sent(),
            orders: by_reference(values("orders").into_iter()),
            open: by_reference(open),
            customers: values("customers").into_iter().collect(),
        }
    }

    /// The record of an order.
    pub(super) fn record(&self, order: u64) -> Option<&(Record, Vec<Entry>)> {
        let key: RecordKey = format!("{TENANT}/shopify/order/{order}").parse().ok()?;
        self.records.get(&key)
    }
}

fn by_reference(orders: impl Iterator<Item = (String, Value)>) -> BTreeMap<String, Vec<Value>> {
    let mut sorted = BTreeMap::<_, Vec<_>>::new();
    for (_, order) in orders {
        let reference = field(&order["content"]["head"], "CUOR").to_owned();
        sorted.entry(reference).or_default().push(order);
    }
    sorted
}

/// A field of a row of M3; empty if it is not there.
pub(super) fn field<'a>(row: &'a Value, name: &str) -> &'a str {
    row[name].as_str().unwrap_or_default()
}
