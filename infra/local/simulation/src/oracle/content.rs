//! Whether an order in M3 says what a payload of Shopify says.

use rust_decimal::Decimal;
use serde_json::Value;

use super::view::{View, field};

/// A difference between an order in M3 and a payload.
pub(super) struct Difference {
    /// How the fields are named by which a person is told of it: what their names begin with.
    pub(super) fields: &'static [&'static str],
    /// What it is, in words.
    pub(super) words: String,
}

/// Everything in which an order in M3 says something else than a payload.
pub(super) fn differences(view: &View, order: &Value, payload: &Value) -> Vec<Difference> {
    let content = &order["content"];
    let all: [(&[&str], Option<String>); 5] = [
        (&["customer"], customer(view, content, payload)),
        (&["line"], lines(content, payload)),
        (&["charges"], charges(content, payload)),
        (&["ship_to"], address(content, payload)),
        (&["note"], note(content, payload)),
    ];
    let differing = all.into_iter().filter_map(|(fields, words)| Some(Difference { fields, words: words? }));
    differing.collect()
}

fn customer(view: &View, content: &Value, payload: &Value) -> Option<String> {
    let customer = view.customers.get(field(content, "customer"));
    let email = customer.map(|customer| field(customer, "MAIL")).unwrap_or_default();
    let wanted = field(payload, "email");
    (email != wanted).then(|| format!("its customer is {email}, not {wanted}"))
}

fn lines(content: &Value, payload: &Value) -> Option<String> {
    let mut wanted: Vec<_> = rows(payload, "line_items")
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
    let mut there: Vec<_> = rows(content, "lines")
        .iter()
        .map(|line| {
            let fields = &line["fields"];
            (field(fields, "ITNO"), decimal(field(fields, "ORQT")), decimal(field(fields, "SAPR")))
        })
        .collect();
    // A line that was added later stands behind the others.
    wanted.sort_unstable();
    there.sort_unstable();
    (wanted != there).then(|| format!("its lines are {there:?}, not {wanted:?}"))
}

fn charges(content: &Value, payload: &Value) -> Option<String> {
    let price = |line: &Value| decimal(field(line, "price"));
    let wanted: Vec<_> = rows(payload, "shipping_lines").iter().map(price).collect();
    let there: Vec<_> =
        rows(content, "charges").iter().map(|charge| decimal(field(charge, "CRAM"))).collect();
    (wanted != there).then(|| format!("its charges are {there:?}, not {wanted:?}"))
}

fn address(content: &Value, payload: &Value) -> Option<String> {
    let wanted = vec![field(&payload["shipping_address"], "address1")];
    let there: Vec<_> = rows(content, "addresses").iter().map(|address| field(address, "CUA1")).collect();
    (wanted != there).then(|| format!("its addresses are {there:?}, not {wanted:?}"))
}

fn note(content: &Value, payload: &Value) -> Option<String> {
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
