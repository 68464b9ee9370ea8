//! Shopify's addresses as addresses of documents, and who a buyer is among them.

use domain::{Address, Private};
use shopify::{CompanyLocation, Order};

/// A text of a personal field; empty where it is missing.
fn text(field: Option<&Private<String>>) -> &str {
    field.map(|text| text.expose().trim()).unwrap_or_default()
}

fn joined(first: &str, second: &str) -> String {
    format!("{first} {second}").trim().to_owned()
}

/// One of Shopify's addresses. Missing parts stay empty; empty street lines are left out.
pub(super) fn of(address: &shopify::Address) -> Address {
    let name = match text(address.name.as_ref()) {
        "" => joined(text(address.first_name.as_ref()), text(address.last_name.as_ref())),
        name => name.to_owned(),
    };
    let company = text(address.company.as_ref()).to_owned();
    let (name, care_of) = if company.is_empty() { (name, String::new()) } else { (company, name) };
    let streets = [&care_of, text(address.address1.as_ref()), text(address.address2.as_ref())];
    let lines = streets.into_iter().filter(|line| !line.is_empty()).map(str::to_owned).collect();
    let owned = |field: Option<&Private<String>>| Private::new(text(field).to_owned());
    Address {
        name: Private::new(name),
        lines: Private::new(lines),
        postal_code: owned(address.zip.as_ref()),
        town: owned(address.city.as_ref()),
        area: owned(address.province_code.as_ref()),
        country: address.country_code.clone().unwrap_or_default(),
        phone: owned(address.phone.as_ref()),
    }
}

/// Whether CloudSuite could make a customer of it: it needs a name and one line of address.
pub(super) fn is_complete(address: &Address) -> bool {
    !address.name.expose().is_empty() && !address.lines.expose().is_empty()
}

/// The person or firm that an order is billed to: the bill's address, else the customer's own, else where the
/// goods go. What that address does not say is taken from the customer and the order.
pub(super) fn of_buyer(order: &Order) -> Address {
    let customer = order.customer.as_ref();
    let default = customer.and_then(|customer| customer.default_address.as_ref());
    let source = order.billing_address.as_ref().or(default).or(order.shipping_address.as_ref());
    let mut address = source.map(of).unwrap_or_default();
    if address.name.expose().is_empty() {
        let first = text(customer.and_then(|customer| customer.first_name.as_ref()));
        let last = text(customer.and_then(|customer| customer.last_name.as_ref()));
        address.name = Private::new(joined(first, last));
    }
    if address.phone.expose().is_empty() {
        address.phone = order.identity().phone.unwrap_or_default();
    }
    address
}

/// The person of a customer's own event: the address to use, with the customer's name and telephone where it has none.
pub(super) fn of_customer(customer: &shopify::Customer) -> Address {
    let mut address = customer.address().map(of).unwrap_or_default();
    if address.name.expose().is_empty() {
        let (first, last) = (text(customer.first_name.as_ref()), text(customer.last_name.as_ref()));
        address.name = Private::new(joined(first, last));
    }
    if address.phone.expose().is_empty() {
        address.phone = Private::new(text(customer.phone.as_ref()).to_owned());
    }
    address
}

/// A firm's location: the firm's name, and the address that the bill goes to or else the goods.
pub(super) fn of_location(location: &CompanyLocation) -> Address {
    let firm = location.company.as_ref().and_then(|company| company.name.clone());
    let name = firm.or_else(|| location.name.clone()).unwrap_or_default();
    let source = location.billing_address.as_ref().or(location.shipping_address.as_ref());
    let Some(source) = source else { return Address { name: Private::new(name), ..Address::default() } };
    let streets = [&source.recipient, &source.address1, &source.address2].map(|line| text(line.as_ref()));
    let lines = streets.into_iter().filter(|line| !line.is_empty()).map(str::to_owned).collect();
    let owned = |field: &Option<Private<String>>| Private::new(text(field.as_ref()).to_owned());
    let phone = if text(source.phone.as_ref()).is_empty() { &location.phone } else { &source.phone };
    Address {
        name: Private::new(name),
        lines: Private::new(lines),
        postal_code: owned(&source.zip),
        town: owned(&source.city),
        area: owned(&source.zone_code),
        country: source.country_code.clone().unwrap_or_default(),
        phone: owned(phone),
    }
}
