//! Everything that the body of a delivery of ShipBob's passes through: quick look, parser, comparison with its topic,
//! sums, plan.
#![no_main]

use std::{collections::BTreeSet, sync::LazyLock};

use domain::{DeliveredOrder, RecordKey};
use fuzz::{RULES, key, look_at, mapping};
use libfuzzer_sys::fuzz_target;
use mapping::{
    DEFAULT_FILE, Mapping, Skus, plan_fee, plan_receipt, plan_return, plan_shipbob_order, plan_shipment,
};
use shipbob::{Event, Goods, Topic, check, parse, peek, stowed};

/// The default mapping, which does nothing of ShipBob's, and one that does everything.
static MAPPINGS: LazyLock<[Mapping; 2]> = LazyLock::new(|| {
    let warehouse = include_str!("../../mapping/tests/samples/warehouse.toml");
    [DEFAULT_FILE.to_owned(), format!("{RULES}\n{warehouse}")].map(|text| mapping(&text))
});

static RECORD: LazyLock<RecordKey> = LazyLock::new(|| key("shipbob/shipment"));

fuzz_target!(|body: &[u8]| {
    let mut seen = BTreeSet::new();
    for topic in Topic::all() {
        let quick = peek(topic, body);
        match parse(topic, body) {
            Ok(event) => {
                let agrees = check(topic, &event);
                if let Err(mismatch) = &agrees {
                    let _ = mismatch.finding().to_string();
                }
                let quick = quick.map(|quick| quick.subject);
                assert_eq!(quick, Ok(event.subject()), "{}", topic.as_str());
                // A body is most often the same whatever its topic is.
                if agrees.is_ok() && seen.insert(event.subject().as_str()) {
                    plan(&event);
                }
            }
            Err(error) => {
                let _ = (error.to_string(), error.finding().to_string());
            }
        }
    }
});

fn plan(event: &Event) {
    for mapping in &*MAPPINGS {
        for was_moved in [false, true] {
            let key = &*RECORD;
            match event {
                Event::Order(order) => {
                    look_at(&plan_shipbob_order(mapping, key, order));
                    for shipment in order.shipments.iter().flatten() {
                        let (skus, order) = (named(&shipment.issued().goods), delivered(was_moved));
                        look_at(&plan_shipment(mapping, key, shipment, &skus, order, was_moved));
                    }
                }
                Event::Shipment(shipment) => {
                    let (skus, order) = (named(&shipment.issued().goods), delivered(was_moved));
                    look_at(&plan_shipment(mapping, key, shipment, &skus, order, was_moved));
                }
                Event::Receipt { receipt, boxes } => {
                    let boxes = boxes.as_deref();
                    let skus = named(&stowed(receipt, boxes).goods);
                    look_at(&plan_receipt(mapping, key, receipt, boxes, &skus, was_moved));
                }
                Event::Return(returned) => {
                    let skus = named(&returned.restocked().goods);
                    look_at(&plan_return(mapping, key, returned, &skus, was_moved));
                }
                Event::Transaction(transaction) => look_at(&plan_fee(mapping, key, transaction)),
                Event::Box(_) => {}
            }
        }
    }
}

/// The SKU of every other item, so that items without one come up too.
fn named(goods: &[Goods]) -> Skus {
    let even = goods.iter().map(|goods| goods.of.inventory_id).filter(|id| id % 2 == 0);
    even.map(|id| (id, format!("SKU-{id}"))).collect()
}

fn delivered(is_for_order: bool) -> Option<DeliveredOrder> {
    is_for_order.then(|| DeliveredOrder { number: "0010000001".to_owned(), customer: "CUST01".to_owned() })
}
