//! What Shopify withholds shows as missing keys; what a buyer did not give shows as null or an empty text.

use serde_json::{Value, json};
use shopify::{Order, PersonalData, parse_order};

fn without(keys: &[&str]) -> Order {
    let mut body: Value = serde_json::from_slice(&crate::body("shopify-orders-create-two-lines")).unwrap();
    for place in ["", "/customer", "/customer/default_address", "/shipping_address", "/billing_address"] {
        let object = body.pointer_mut(place).and_then(Value::as_object_mut).unwrap();
        let is_lines_own_name = place.is_empty();
        object.retain(|key, _| !keys.contains(&key.as_str()) || (is_lines_own_name && key == "name"));
    }
    parse_order(&serde_json::to_vec(&body).unwrap()).unwrap()
}

#[test]
fn each_kind_of_withheld_data_is_recognised_by_itself() {
    let cases: [(&[&str], &[PersonalData]); 5] = [
        (&[], &[]),
        (&["name", "first_name", "last_name"], &[PersonalData::Name]),
        (&["address1", "address2", "zip", "city"], &[PersonalData::Address]),
        (&["email", "contact_email"], &[PersonalData::Email]),
        (&["phone"], &[PersonalData::Phone]),
    ];
    for (keys, expected) in cases {
        let order = without(keys);
        assert_eq!(order.withheld(), expected, "{keys:?}");
        assert_eq!(order.is_redacted(), !expected.is_empty());
    }
}

#[test]
fn nothing_given_is_not_withheld() {
    let nobody = json!({
        "id": 1, "email": "", "contact_email": null, "phone": null, "billing_address": null,
        "customer": { "id": 2, "email": null, "phone": null, "first_name": null, "last_name": "" },
        "shipping_address": { "name": "", "address1": null, "zip": null, "city": null }
    });
    let order = parse_order(nobody.to_string().as_bytes()).unwrap();
    assert_eq!(order.withheld(), []);
    assert!(!order.identity().is_unknown() && order.identity().email.is_none());
}

#[test]
fn an_order_of_nobody_is_unknown_and_not_redacted() {
    for body in [r#"{"id":1}"#, r#"{"id":1,"customer":null,"email":"","phone":" "}"#] {
        let order = parse_order(body.as_bytes()).unwrap();
        assert!(order.identity().is_unknown() && !order.is_redacted(), "{body}");
    }
}

#[test]
fn every_kind_has_the_word_of_shopifys_settings() {
    let kinds = [PersonalData::Name, PersonalData::Address, PersonalData::Email, PersonalData::Phone];
    assert_eq!(kinds.map(PersonalData::as_str), ["name", "address", "email", "phone"]);
}
