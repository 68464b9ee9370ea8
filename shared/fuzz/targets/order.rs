//! Everything that the body of a delivery about an order passes through: quick look, drift, parser, sums, plan.
#![no_main]

use std::sync::LazyLock;

use fuzz::{MAPPINGS, event, key, look_at, topics};
use libfuzzer_sys::fuzz_target;
use mapping::{plan_journal, plan_order, plan_refund};
use shopify::{Event, Order, Subject, Topic};

const SUBJECTS: [Subject; 5] =
    [Subject::Order, Subject::OrderEdit, Subject::OrderDelete, Subject::Refund, Subject::DraftOrder];
static TOPICS: LazyLock<Vec<Topic>> = LazyLock::new(|| topics(&SUBJECTS).collect());

/// The order that refunds are planned for; its line is that of the sample refund.
static REFUNDED: LazyLock<Order> = LazyLock::new(|| {
    let body = br#"{"id":1,"currency":"EUR","presentment_currency":"EUR","line_items":[{"id":15201000020022,
        "sku":"MUG-BLUE-12","vendor":"Harbour Goods","quantity":2,"price":"14.90"}]}"#;
    shopify::parse_order(body).unwrap_or_else(|error| panic!("an order of the project: {error}"))
});

fuzz_target!(|body: &[u8]| {
    let _ = shopify::peek(body);
    for topic in &*TOPICS {
        match event(*topic, body) {
            Some(Event::Order(order)) => plan(&order),
            Some(Event::Refund(refund)) => {
                for mapping in &*MAPPINGS {
                    look_at(&plan_refund(mapping, &key("shopify/refund"), &REFUNDED, &refund));
                }
            }
            _ => {}
        }
    }
});

fn plan(order: &Order) {
    let _ = (order.mismatches(), order.withheld(), order.business_date());
    for mapping in &*MAPPINGS {
        look_at(&plan_order(mapping, &key("shopify/order"), order));
        look_at(&plan_journal(mapping, &key("shopify/journal"), order));
        for refund in &order.refunds {
            look_at(&plan_refund(mapping, &key("shopify/refund"), order, refund));
        }
    }
}
