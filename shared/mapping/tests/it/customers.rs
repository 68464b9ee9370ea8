//! Customers and firms by their own events.

use domain::FindingCode;
use mapping::{B2b, Plan, plan_company, plan_company_location, plan_customer};
use serde_json::{Value, json};
use shopify::{CompanyLocation, CompanyRecord, Customer, Event, Topic};

use crate::{finance, key, shown};

fn body(name: &str) -> Value {
    let path = testkit::root().join("shared/shopify/tests/samples").join(name);
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn customer(body: &Value) -> Box<Customer> {
    match shopify::parse(Topic::CustomersUpdate, body.to_string().as_bytes()) {
        Ok(Event::Customer { customer, .. }) => customer,
        other => panic!("{other:?}"),
    }
}

fn company(change: &Value) -> Box<CompanyRecord> {
    let mut body = body("shopify-companies-update-with-number.json");
    body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    match shopify::parse(Topic::CompaniesUpdate, body.to_string().as_bytes()) {
        Ok(Event::Company(company)) => company,
        other => panic!("{other:?}"),
    }
}

fn location() -> Box<CompanyLocation> {
    let body = body("shopify-company_locations-create-both-addresses.json");
    match shopify::parse(Topic::CompanyLocationsCreate, body.to_string().as_bytes()) {
        Ok(Event::CompanyLocation(location)) => location,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_customer_becomes_a_customer_of_the_general_company() {
    let customer = customer(&body("shopify-customers-update-with-address.json"));
    let plan = plan_customer(&finance(), &key("customer", 7), &customer);
    insta::assert_json_snapshot!("customer", shown(&plan));
}

#[test]
fn a_customer_without_an_address_comes_with_the_first_order() {
    let mut body = body("shopify-customers-update-with-address.json");
    body["default_address"] = json!(null);
    body["addresses"] = json!([]);
    let plan = plan_customer(&finance(), &key("customer", 7), &customer(&body));
    assert!(matches!(plan, Plan::Skip(_)), "{plan:?}");
}

#[test]
fn a_customer_whose_name_is_withheld_is_no_half_customer() {
    let mut body = body("shopify-customers-update-with-address.json");
    for key in ["first_name", "last_name"] {
        body.as_object_mut().unwrap().remove(key);
    }
    let Plan::Reject(findings) = plan_customer(&finance(), &key("customer", 7), &customer(&body)) else {
        panic!()
    };
    assert_eq!(findings[0].code, FindingCode::DataNotGranted);
}

#[test]
fn a_location_becomes_a_customer_where_the_mapping_says_so() {
    let mut mapping = finance();
    let key = "demo/shopify/customer/location-601".parse().unwrap();
    insta::assert_json_snapshot!("location", shown(&plan_company_location(&mapping, &key, &location())));
    for b2b in [B2b::Person, B2b::Company] {
        mapping.customers.b2b = b2b;
        assert!(matches!(plan_company_location(&mapping, &key, &location()), Plan::Skip(_)));
    }
}

#[test]
fn the_external_id_is_the_customer_number_where_the_mapping_says_so() {
    let mut mapping = finance();
    assert!(matches!(plan_company(&mapping, &company(&json!({}))), Plan::Skip(_)));
    mapping.customers.b2b = B2b::ExternalId;
    let plan = |external_id: Value| plan_company(&mapping, &company(&json!({ "external_id": external_id })));
    assert_eq!(plan(json!("C100")), Plan::Known { number: "C100".into() });
    assert!(matches!(plan(json!(null)), Plan::Skip(_)));
    let Plan::Reject(findings) = plan(json!("A-NUMBER-TOO-LONG")) else { panic!() };
    assert_eq!((findings[0].code, findings[0].field.as_str()), (FindingCode::TooLong, "external_id"));
}
