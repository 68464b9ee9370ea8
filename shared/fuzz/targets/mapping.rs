//! The reader of mapping files, and the plans of the project's samples under every file that it accepts.
#![no_main]

use std::sync::LazyLock;

use fuzz::{key, look_at, show};
use libfuzzer_sys::fuzz_target;
use mapping::{
    Mapping, plan_company, plan_company_location, plan_customer, plan_journal, plan_order, plan_refund,
};
use shopify::{Event, Topic};

macro_rules! sample {
    ($topic:ident, $path:literal) => {
        (Topic::$topic, include_bytes!(concat!("../../../", $path)).as_slice())
    };
}

const SAMPLES: [(Topic, &[u8]); 10] = [
    sample!(OrdersCreate, "events/shopify-orders-create-two-lines.json"),
    sample!(OrdersCreate, "events/shopify-orders-create-order-discount.json"),
    sample!(OrdersCreate, "events/shopify-orders-create-custom-line-without-sku.json"),
    sample!(OrdersCreate, "shared/shopify/tests/samples/shopify-orders-create-b2b-net-30.json"),
    sample!(OrdersCreate, "shared/shopify/tests/samples/shopify-orders-create-duties-two-currencies.json"),
    sample!(OrdersCreate, "shared/shopify/tests/samples/shopify-orders-create-tip-line.json"),
    sample!(RefundsCreate, "shared/shopify/tests/samples/shopify-refunds-create-line-and-shipping.json"),
    sample!(CustomersUpdate, "shared/shopify/tests/samples/shopify-customers-update-with-address.json"),
    sample!(CompaniesUpdate, "shared/shopify/tests/samples/shopify-companies-update-with-number.json"),
    sample!(
        CompanyLocationsCreate,
        "shared/shopify/tests/samples/shopify-company_locations-create-both-addresses.json"
    ),
];

static EVENTS: LazyLock<Vec<Event>> = LazyLock::new(|| {
    let read = |(topic, body)| {
        shopify::parse(topic, body).unwrap_or_else(|error| panic!("a sample of the project: {error}"))
    };
    SAMPLES.into_iter().map(read).collect()
});

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match Mapping::parse(text) {
        Ok(mapping) => plan(&mapping),
        Err(findings) => {
            assert!(!findings.is_empty(), "refused for nothing");
            show(&findings);
        }
    }
});

fn plan(mapping: &Mapping) {
    let _ = mapping.item("MUG-BLUE-12");
    for event in &*EVENTS {
        match event {
            Event::Order(order) => {
                look_at(&plan_order(mapping, &key("order"), order));
                look_at(&plan_journal(mapping, &key("journal"), order));
            }
            Event::Refund(refund) => {
                let orders = EVENTS.iter().filter_map(|event| match event {
                    Event::Order(order) => Some(order),
                    _ => None,
                });
                for order in orders.take(2) {
                    look_at(&plan_refund(mapping, &key("refund"), order, refund));
                }
            }
            Event::Customer { customer, .. } => {
                look_at(&plan_customer(mapping, &key("customer"), customer));
            }
            Event::Company(company) => look_at(&plan_company(mapping, company)),
            Event::CompanyLocation(location) => {
                look_at(&plan_company_location(mapping, &key("customer"), location));
            }
            _ => {}
        }
    }
}
