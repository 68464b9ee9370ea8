//! Customers, addresses and companies in the shape of GraphQL. What the app was not approved for is marked as denied.

use serde_json::{Value, json};

use super::shapes::{denied, flag, float, gid, items, text, unsigned, upper, utc};
use crate::settings::ProtectedData;

/// The value if it was granted; else the field is denied, even where there is nothing to see.
pub(super) fn granted(granted: bool, field: &str, value: Value) -> Value {
    if granted { value } else { denied(&not_approved_for_field(field)) }
}

fn not_approved_for_field(field: &str) -> String {
    format!(
        "This app is not approved to use the {field} field. \
         See https://shopify.dev/docs/apps/launch/protected-customer-data for more details."
    )
}

/// `Customer`; null without one.
pub(super) fn customer(customer: &Value, protected: ProtectedData) -> Value {
    if customer["id"].is_null() {
        return Value::Null;
    }
    let (name, email, phone) = (protected.name, protected.email, protected.phone);
    let full =
        [&customer["first_name"], &customer["last_name"]].map(|part| part.as_str().unwrap_or_default());
    let mail = text(&customer["email"]);
    let number = text(&customer["phone"]);
    let held = |value: &Value, key: &str| if value.is_null() { Value::Null } else { json!({ key: value }) };
    let addresses = items(&customer["addresses"]).iter().map(|one| address(one, protected));
    json!({
        "__typename": "Customer",
        "id": gid("Customer", &customer["id"]),
        "legacyResourceId": unsigned(&customer["id"]),
        "displayName": granted(name, "displayName", json!(full.join(" ").trim())),
        "firstName": granted(name, "firstName", text(&customer["first_name"])),
        "lastName": granted(name, "lastName", text(&customer["last_name"])),
        "defaultEmailAddress": granted(email, "defaultEmailAddress", held(&mail, "emailAddress")),
        "defaultPhoneNumber": granted(phone, "defaultPhoneNumber", held(&number, "phoneNumber")),
        "email": granted(email, "email", mail),
        "phone": granted(phone, "phone", number),
        "createdAt": utc(&customer["created_at"]),
        "updatedAt": utc(&customer["updated_at"]),
        "note": text(&customer["note"]),
        "tags": tags(&customer["tags"]),
        "state": match upper(&customer["state"]) { Value::Null => json!("DISABLED"), state => state },
        "taxExempt": flag(&customer["tax_exempt"]),
        "taxExemptions": items(&customer["tax_exemptions"]),
        "verifiedEmail": flag(&customer["verified_email"]),
        "defaultAddress": address(&customer["default_address"], protected),
        "addresses": addresses.collect::<Value>(),
    })
}

/// Tags are one text in webhooks and a list in GraphQL.
pub(super) fn tags(value: &Value) -> Value {
    let text = value.as_str().unwrap_or_default();
    text.split(',').map(str::trim).filter(|tag| !tag.is_empty()).collect()
}

/// `MailingAddress`; null without one.
pub(super) fn address(address: &Value, protected: ProtectedData) -> Value {
    if !address.is_object() {
        return Value::Null;
    }
    let place = |field: &str, key: &str| granted(protected.address, field, text(&address[key]));
    let name = |field: &str, key: &str| granted(protected.name, field, text(&address[key]));
    // The address of an order has no id of its own in webhooks.
    let id = address["id"].as_u64().unwrap_or(1);
    json!({
        "__typename": "MailingAddress",
        "id": format!("gid://shopify/MailingAddress/{id}?model_name=Address"),
        "firstName": name("firstName", "first_name"),
        "lastName": name("lastName", "last_name"),
        "name": name("name", "name"),
        "company": place("company", "company"),
        "address1": place("address1", "address1"),
        "address2": place("address2", "address2"),
        "city": place("city", "city"),
        "zip": place("zip", "zip"),
        "province": text(&address["province"]),
        "provinceCode": text(&address["province_code"]),
        "country": text(&address["country"]),
        "countryCodeV2": text(&address["country_code"]),
        "phone": granted(protected.phone, "phone", text(&address["phone"])),
        "latitude": granted(protected.address, "latitude", float(&address["latitude"])),
        "longitude": granted(protected.address, "longitude", float(&address["longitude"])),
    })
}

/// `Company`.
pub(super) fn company(company: &Value) -> Value {
    json!({
        "__typename": "Company",
        "id": gid("Company", &company["id"]),
        "name": company["name"].as_str().unwrap_or_default(),
        "externalId": text(&company["external_id"]),
        "note": text(&company["note"]),
        "createdAt": utc(&company["created_at"]),
        "updatedAt": utc(&company["updated_at"]),
    })
}

/// `CompanyLocation`.
pub(super) fn location(location: &Value, of: &Value) -> Value {
    json!({
        "__typename": "CompanyLocation",
        "id": gid("CompanyLocation", &location["id"]),
        "name": location["name"].as_str().unwrap_or_default(),
        "externalId": text(&location["external_id"]),
        "note": text(&location["note"]),
        "phone": text(&location["phone"]),
        "company": of,
        "createdAt": utc(&location["created_at"]),
        "updatedAt": utc(&location["updated_at"]),
        "billingAddress": place(&location["billing_address"]),
        "shippingAddress": place(&location["shipping_address"]),
    })
}

fn place(address: &Value) -> Value {
    if !address.is_object() {
        return Value::Null;
    }
    json!({
        "id": match gid("CompanyAddress", &address["id"]) {
            Value::Null => json!("gid://shopify/CompanyAddress/1"),
            id => id,
        },
        "companyName": address["company_name"].as_str().unwrap_or_default(),
        "recipient": text(&address["recipient"]),
        "firstName": text(&address["first_name"]),
        "lastName": text(&address["last_name"]),
        "address1": text(&address["address1"]),
        "address2": text(&address["address2"]),
        "city": text(&address["city"]),
        "zip": text(&address["zip"]),
        "province": text(&address["province"]),
        "zoneCode": text(&address["zone_code"]),
        "country": text(&address["country"]),
        "countryCode": text(&address["country_code"]),
        "phone": text(&address["phone"]),
    })
}
