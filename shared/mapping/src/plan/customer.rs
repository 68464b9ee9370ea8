//! Customers and firms by their own events, without an order.

use domain::{Address, Customer, Document, Finding, FindingCode, Private, RecordKey, Reference};
use shopify::{CompanyLocation, CompanyRecord};

use super::{
    Plan, address,
    buyer::{LONGEST_EMAIL, is_too_long, template},
};
use crate::{B2b, Mapping, Strategy};

/// How many characters M3's customer number holds (CUNO).
const LONGEST_NUMBER: usize = 10;
/// Why firms are of no interest.
const NO_FIRMS: &str = "the mapping recognises firms by the person who orders";

/// Plans a customer by the source's own event, for the general company. A customer without an address comes with the
/// first order. `key` is that of the buyer's record in orders, by e-mail address where there is one.
pub fn plan_customer(mapping: &Mapping, key: &RecordKey, customer: &shopify::Customer) -> Plan {
    if mapping.orders.strategy == Strategy::PurchaseOrder {
        return Plan::Skip("orders become purchase orders, which have no customer".to_owned());
    }
    if customer.first_name.is_none() && customer.last_name.is_none() {
        let help = "ask for access to protected customer data in the app's settings at Shopify, then redrive";
        let message = "Shopify withholds the customer's name from the app";
        return Plan::Reject(vec![Finding::new(FindingCode::DataNotGranted, "customer", message, help)]);
    }
    let address = address::of_customer(customer);
    let email = customer.email.as_ref().map(|email| email.expose().trim().to_lowercase()).unwrap_or_default();
    document(mapping, key, address, email, false)
}

/// Plans a firm by its own event. A firm has no address, so it becomes no customer by itself: it may say its number.
pub fn plan_company(mapping: &Mapping, company: &CompanyRecord) -> Plan {
    match mapping.customers.b2b {
        B2b::ExternalId => known(company.external_id.as_deref()),
        B2b::Company => Plan::Skip("a firm becomes a customer with its first order".to_owned()),
        B2b::Location => Plan::Skip("the mapping makes customers of the firm's locations".to_owned()),
        B2b::Person => Plan::Skip(NO_FIRMS.to_owned()),
    }
}

/// Plans a firm's location by its own event, for the general company.
pub fn plan_company_location(mapping: &Mapping, key: &RecordKey, location: &CompanyLocation) -> Plan {
    match mapping.customers.b2b {
        B2b::ExternalId => known(location.external_id.as_deref()),
        B2b::Location => document(mapping, key, address::of_location(location), String::new(), true),
        B2b::Company => Plan::Skip("a firm becomes a customer with its first order".to_owned()),
        B2b::Person => Plan::Skip(NO_FIRMS.to_owned()),
    }
}

/// A number in CloudSuite that the merchant entered at the source.
fn known(number: Option<&str>) -> Plan {
    match number {
        Some(number) if number.chars().count() > LONGEST_NUMBER => {
            let message =
                format!("the external id has more than {LONGEST_NUMBER} characters: no customer number has");
            let help = "enter the customer's number in M3 as the external id in Shopify";
            Plan::Reject(vec![Finding::new(FindingCode::TooLong, "external_id", message, help)])
        }
        Some(number) => Plan::Known { number: number.to_owned() },
        None => Plan::Skip("no external id, so no customer number, was entered".to_owned()),
    }
}

fn document(mapping: &Mapping, key: &RecordKey, address: Address, email: String, is_firm: bool) -> Plan {
    if !address::is_complete(&address) {
        return Plan::Skip("no name and address yet: the customer comes with the first order".to_owned());
    }
    let mut findings = Vec::new();
    let help = "shorten it in Shopify";
    if is_too_long(&address) {
        let message = "the street is longer than the customer's address lines";
        findings.push(Finding::new(FindingCode::TooLong, "default_address", message, help));
    }
    if email.chars().count() > LONGEST_EMAIL {
        let message = format!("the e-mail address has more than {LONGEST_EMAIL} characters");
        findings.push(Finding::new(FindingCode::TooLong, "email", message, help));
    }
    let customer = Customer {
        reference: Reference::of(key),
        search_key: Reference::search_key_of(key),
        company: mapping.cloudsuite.company,
        division: mapping.cloudsuite.division.clone(),
        template: template(mapping, &address.country, is_firm).to_owned(),
        address,
        email: Private::new(email),
    };
    Plan::of(Document::Customer(customer), findings)
}
