//! Whether an order in M3 says what a payload of Shopify says.

use rust_decimal::Decimal;
use serde_json::Value;

use super::view::{View, field};

/// The first difference between an order in M3 and a payload; nothing if they say the same.
pub(super) fn difference(view: &View, order: &Value, payload: &Value) -> Option<String> {
    let content = &order["content"];
    let customer = view.customers.get(field(content, "customer"));
    let email = customer.map(|customer| field(customer, "MAIL")).unwrap_or_default();
    let wanted = field(payload, "email");
    if email != wanted {
        return Some(format!("its customer is {email}, not {wanted}"));
    }
    lines(content, payload).or_else(|| charges(content, payload)).or_else(|| rest(content, payload))
}

fn lines(content: &Value, payload: &Value) -> Option<String> {
    let wanted: Vec<_> = rows(payload, "line_items")
        .iter()
        .filter(|line| line["current_quantity"] != 0)
        .map(|line| {
            (
                field(line, "sku"),
                decimal(&line["current_quantity"].to_string()),
                decimal(field(line, "price")),
            )
        })
        .collect();
    let there: Vec<_> = rows(content, "lines")
        .iter()
        .map(|line| {
            let fields = &line["fields"];
            (field(fields, "ITNO"), decimal(field(fields, "ORQT")), decimal(field(fields, "SAPR")))
        })
        .collect();
    (wanted != there).then(|| format!("its lines are {there:?}, not {wanted:?}"))
}

fn charges(content: &Value, payload: &Value) -> Option<String> {
    let price = |line: &Value| decimal(field(line, "price"));
    let wanted: Vec<_> = rows(payload, "shipping_lines").iter().map(price).collect();
    let there: Vec<_> =
        rows(content, "charges").iter().map(|charge| decimal(field(charge, "CRAM"))).collect();
    (wanted != there).then(|| format!("its charges are {there:?}, not {wanted:?}"))
}

/// Delivery address and note.
fn rest(content: &Value, payload: &Value) -> Option<String> {
    let wanted = vec![field(&payload["shipping_address"], "address1")];
    let there: Vec<_> = rows(content, "addresses").iter().map(|address| field(address, "CUA1")).collect();
    if wanted != there {
        return Some(format!("its addresses are {there:?}, not {wanted:?}"));
    }
    let wanted: Vec<_> = payload["note"].as_str().into_iter().collect();
    let there: Vec<_> = rows(content, "texts").iter().map(|text| field(text, "PARM")).collect();
    (wanted != there).then(|| format!("its texts are {there:?}, not {wanted:?}"))
}

fn rows<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map(Vec::as_slice).unwrap_or_default()
}

fn decimal(text: &str) -> Option<Decimal> {
    text.parse::<Decimal>().ok().map(|value| value.normalize())
}
