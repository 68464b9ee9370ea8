//! Protected customer data: missing in webhooks, null with an error in GraphQL.

use serde_json::{Value, json};
use simulated_shopify::{ProtectedData, Settings};

use crate::bench::{Bench, ORDER, order};

fn shop(protected_data: ProtectedData) -> Bench {
    Bench::with(Settings { protected_data, ..Settings::default() })
}

const NOTHING: ProtectedData =
    ProtectedData { approved: true, name: false, address: false, phone: false, email: false };

#[test]
fn webhooks_lack_the_keys_that_were_not_granted() {
    let mut bench = shop(NOTHING);
    bench.subscribe("ORDERS_CREATE");
    bench.put(order());
    let body: Value = serde_json::from_slice(&bench.due()[0].body).unwrap();
    let address = json!({ "country": "Australia", "country_code": "AU", "province_code": "WA" });
    assert_eq!(body["shipping_address"], address);
    for key in ["email", "first_name", "last_name"] {
        assert_eq!((body.get(key), body["customer"].get(key)), (None, None), "{key}");
    }
    assert_eq!((&body["name"], &body["line_items"][0]["name"]), (&json!("#1001"), &json!("Cap - red")));
}

#[test]
fn graphql_says_null_and_access_denied_and_gives_the_rest() {
    let mut bench = shop(ProtectedData { email: false, ..ProtectedData::default() });
    bench.put(order());
    let body = bench.ask(&format!(
        "{{ order(id: \"gid://shopify/Order/{ORDER}\") {{ name email customer {{ firstName email }} shippingAddress {{ city }} }} }}"
    ));
    assert_eq!(
        body["data"]["order"],
        json!({ "name": "#1001", "email": null, "customer": { "firstName": "Ada", "email": null },
            "shippingAddress": { "city": "Perth" } })
    );
    let errors = body["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 2);
    assert_eq!(errors[0]["extensions"]["code"], "ACCESS_DENIED");
    assert_eq!(errors[0]["path"], json!(["order", "email"]));
    assert!(errors[0]["message"].as_str().unwrap().contains("not approved to use the email field"));
}

#[test]
fn without_any_approval_orders_are_denied_and_not_told() {
    let mut bench = shop(ProtectedData { approved: false, ..NOTHING });
    bench.put(order());
    let (code, message) = bench.refused("{ orders(first: 1) { nodes { id } } }");
    assert_eq!(code, "ACCESS_DENIED");
    assert!(message.starts_with("This app is not approved to access the Order object."));
}
