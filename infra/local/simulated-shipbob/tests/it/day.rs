//! A whole day: as much as a busy merchant has, in less than a second of work.

use std::time::Duration;

use serde_json::{Value, json};

use crate::bench::Bench;

const ORDERS: u64 = 1000;
const SPLIT: u64 = 100;
const RECEIPTS: u64 = 40;
const FEES: u64 = 3000;

/// Time that this thread was at work: how busy the machine is does not count. Nothing where the system does not tell.
fn processor_time() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = told.split_whitespace().next().and_then(|text| text.parse().ok());
    Duration::from_nanos(nanoseconds.unwrap_or_default())
}

#[test]
fn a_day_of_orders_shipments_receipts_and_fees_takes_less_than_a_second() {
    let mut bench = Bench::new();
    bench.subscribe(&["order.shipped", "wro.completed", "billing.charge.created"]);
    let start = processor_time();
    for number in 0..ORDERS {
        let id = bench.order(&[("MUG", 2), ("TEA", 1)]);
        let parcels = if number < SPLIT {
            json!({ "parcels": [{ "picks": [{ "sku": "MUG", "quantity": 1 }] }, {}] })
        } else {
            Value::Null
        };
        bench.does(&format!("orders/{id}/ship"), &parcels);
        bench.pass(30);
    }
    for _ in 0..RECEIPTS {
        let item = json!({ "sku": "TEA", "quantity": 100, "lot_number": "A" });
        let id = bench.does("receiving", &json!({ "boxes": [{ "items": [item] }] }))["id"].clone();
        bench.does(&format!("receiving/{id}/stow"), &json!({ "boxes": [{ "items": [item] }] }));
        bench.does(&format!("receiving/{id}/complete"), &Value::Null);
    }
    let fees: Vec<Value> =
        (0..FEES).map(|_| json!({ "amount": 0.01, "transaction_fee": "Per Pick Fee" })).collect();
    bench.does("transactions", &json!(fees));
    let took = processor_time().saturating_sub(start);
    let mut delivered = 0;
    loop {
        let due = bench.deliver(200).len();
        if due == 0 {
            break;
        }
        delivered += due;
    }
    assert_eq!(delivered, usize::try_from(ORDERS + SPLIT + RECEIPTS + FEES).unwrap());
    let moved = |item: u64, lot: Value, shipped: u64, stowed: u64| json!({ "fulfillment_center_id": 10, "inventory_id": item, "lot": lot, "shipped": shipped, "stowed": stowed, "restocked": 0 });
    let totals = bench.totals();
    let stock = [
        moved(501, Value::Null, 2 * ORDERS, 0),
        moved(502, Value::Null, ORDERS, 0),
        moved(502, json!("A"), 0, 100 * RECEIPTS),
    ];
    assert_eq!(totals["stock"], json!(stock));
    assert_eq!((&totals["fees"][0]["amount"], &totals["fees"][0]["count"]), (&json!(30.0), &json!(FEES)));
    assert!(took < Duration::from_secs(1), "{took:?}");
}
