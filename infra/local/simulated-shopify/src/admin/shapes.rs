//! From the shape of webhooks to the shape of GraphQL: camelCase, global ids, upper-case enums, both currencies in one
//! bag, times in UTC. Nothing of a shop is known here.

use serde_json::{Value, json};

use crate::shop::{Side, amount_of, time_of};

/// A value that the app may not see: the field becomes null and this text an error.
pub(super) fn denied(message: &str) -> Value {
    json!({ DENIED: message })
}

/// The key that marks such a value.
pub(super) const DENIED: &str = "__denied";

/// The global id of a numeric id; null stays null.
pub(super) fn gid(kind: &str, id: &Value) -> Value {
    match id.as_u64() {
        Some(id) => json!(format!("gid://shopify/{kind}/{id}")),
        None => Value::Null,
    }
}

/// An object that is known by its id alone.
pub(super) fn reference(kind: &str, id: &Value) -> Value {
    match gid(kind, id) {
        Value::Null => Value::Null,
        id => json!({ "id": id }),
    }
}

/// The numeric id in a global id of this kind.
pub(super) fn id_in(gid: &str, kind: &str) -> Option<u64> {
    let rest = gid.strip_prefix("gid://shopify/")?.strip_prefix(kind)?.strip_prefix('/')?;
    rest.split('?').next()?.parse().ok()
}

/// A time in UTC; what is no time is null.
pub(super) fn utc(time: &Value) -> Value {
    time_of(time).map_or(Value::Null, |time| json!(time.to_string()))
}

/// An enum value; "" and null are null.
pub(super) fn upper(value: &Value) -> Value {
    value.as_str().filter(|text| !text.is_empty()).map_or(Value::Null, |text| json!(text.to_uppercase()))
}

/// A text; "" is null, as in GraphQL.
pub(super) fn text(value: &Value) -> Value {
    value.as_str().filter(|text| !text.is_empty()).map_or(Value::Null, |text| json!(text))
}

/// A flag; what is missing is false.
pub(super) fn flag(value: &Value) -> Value {
    json!(value == &Value::Bool(true))
}

/// A number as the text that `UnsignedInt64` is.
pub(super) fn unsigned(value: &Value) -> Value {
    value.as_u64().map_or(Value::Null, |number| json!(number.to_string()))
}

/// A number as `Float`.
pub(super) fn float(value: &Value) -> Value {
    let number = value.as_f64().or_else(|| value.as_str()?.parse().ok());
    number.map_or(Value::Null, |number| json!(number))
}

/// The items of a list; what is no list has none.
pub(super) fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// `MoneyV2`: a decimal with at least one place, as GraphQL writes it ("199.0").
pub(super) fn money(amount: &Value, currency: &Value) -> Value {
    let Some(amount) = amount_of(amount) else { return Value::Null };
    let mut amount = amount.normalize();
    if amount.scale() == 0 {
        amount.rescale(1);
    }
    json!({ "__typename": "MoneyV2", "amount": amount.to_string(), "currencyCode": currency })
}

/// `MoneyBag` of `{key}_set`, or of the plain amount where there is no set. The order tells the currencies.
pub(super) fn bag(order: &Value, holder: &Value, key: &str) -> Value {
    let set = &holder[format!("{key}_set")];
    if set.is_object() {
        return bag_of(set);
    }
    both(order, &holder[key])
}

/// `MoneyBag` of a set.
pub(super) fn bag_of(set: &Value) -> Value {
    let side = |side: Side| {
        let money_of = &set[side.key()];
        let currency = match &money_of["currency_code"] {
            Value::Null => &money_of["currency"],
            code => code,
        };
        money(&money_of["amount"], currency)
    };
    let (shop, presentment) = (side(Side::Shop), side(Side::Presentment));
    if shop.is_null() {
        return Value::Null;
    }
    json!({ "shopMoney": shop, "presentmentMoney": if presentment.is_null() { &shop } else { &presentment } })
}

/// `MoneyBag` of one amount that stands for both currencies.
pub(super) fn both(order: &Value, amount: &Value) -> Value {
    let presentment = match &order["presentment_currency"] {
        Value::Null => &order["currency"],
        currency => currency,
    };
    match money(amount, &order["currency"]) {
        Value::Null => Value::Null,
        shop => json!({ "shopMoney": shop, "presentmentMoney": money(amount, presentment) }),
    }
}

/// `MoneyBag` that is 0 where the payload says nothing.
pub(super) fn bag_or_zero(order: &Value, holder: &Value, key: &str) -> Value {
    match bag(order, holder, key) {
        Value::Null => both(order, &json!("0")),
        bag => bag,
    }
}

/// Name and value pairs; a list is expected, anything else has none.
pub(super) fn attributes(value: &Value) -> Value {
    let pairs = items(value).iter().map(|pair| {
        let value = match &pair["value"] {
            Value::String(text) => json!(text),
            Value::Null => Value::Null,
            other => json!(other.to_string()),
        };
        json!({ "key": pair["name"].as_str().unwrap_or_default(), "value": value })
    });
    pairs.collect()
}
