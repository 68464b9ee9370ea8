//! Everything that the body of a delivery about a buyer passes through: customers, firms, their locations and
//! contacts, and the topics about privacy and the app itself.
#![no_main]

use std::sync::LazyLock;

use fuzz::{MAPPINGS, event, key, look_at, topics};
use libfuzzer_sys::fuzz_target;
use mapping::{plan_company, plan_company_location, plan_customer};
use shopify::{Event, Subject, Topic};

const SUBJECTS: [Subject; 10] = [
    Subject::Customer,
    Subject::CustomerDelete,
    Subject::CustomerMerge,
    Subject::Company,
    Subject::CompanyLocation,
    Subject::CompanyContact,
    Subject::AppUninstalled,
    Subject::CustomersDataRequest,
    Subject::CustomersRedact,
    Subject::ShopRedact,
];
static TOPICS: LazyLock<Vec<Topic>> = LazyLock::new(|| topics(&SUBJECTS).collect());

fuzz_target!(|body: &[u8]| {
    for topic in &*TOPICS {
        let Some(event) = event(*topic, body) else { continue };
        for mapping in &*MAPPINGS {
            match &event {
                Event::Customer { customer, .. } => {
                    look_at(&plan_customer(mapping, &key("shopify/customer"), customer));
                }
                Event::Company(company) => look_at(&plan_company(mapping, company)),
                Event::CompanyLocation(location) => {
                    look_at(&plan_company_location(mapping, &key("shopify/customer"), location));
                }
                _ => {}
            }
        }
    }
});
