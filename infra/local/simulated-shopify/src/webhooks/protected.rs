//! Protected customer data in payloads: what the app was not approved for is not null, its keys are missing (seen in
//! anonymised real payloads).

use serde_json::{Map, Value};

use crate::settings::ProtectedData;

/// Whether a topic (as GraphQL writes it) is only for apps that were approved for protected customer data.
pub(crate) fn needs_approval(topic: &str) -> bool {
    const PREFIXES: [&str; 9] = [
        "ORDERS_",
        "ORDER_TRANSACTIONS_",
        "REFUNDS_",
        "CUSTOMERS_",
        "CUSTOMER_",
        "DRAFT_ORDERS_",
        "CHECKOUTS_",
        "FULFILLMENTS_",
        "COMPANY_",
    ];
    PREFIXES.iter().any(|prefix| topic.starts_with(prefix))
}

/// Removes the keys that the app may not see.
pub(super) fn redact(payload: &mut Value, granted: ProtectedData) {
    let nothing = !(granted.name || granted.address || granted.phone || granted.email);
    walk(payload, "", granted);
    if nothing && let Some(order) = payload.as_object_mut() {
        order.remove("order_status_url");
    }
}

fn walk(value: &mut Value, key: &str, granted: ProtectedData) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| walk(item, key, granted)),
        Value::Object(object) => {
            remove(object, key, granted);
            for (key, value) in object {
                walk(value, key, granted);
            }
        }
        _ => {}
    }
}

fn remove(object: &mut Map<String, Value>, key: &str, granted: ProtectedData) {
    let address = key.ends_with("address") || key == "addresses";
    let person = address || key == "customer" || key.is_empty() && object.contains_key("verified_email");
    let mut without = |keys: &[&str]| keys.iter().for_each(|key| drop(object.remove(*key)));
    if !granted.email {
        without(&["email", "contact_email"]);
    }
    if !granted.phone {
        without(&["phone"]);
    }
    if !granted.name && person {
        without(&["first_name", "last_name", "name"]);
    }
    if !granted.address && address {
        without(&["address1", "address2", "city", "zip", "company", "latitude", "longitude"]);
    }
}
