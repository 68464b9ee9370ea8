//! Money in payloads: decimal text, in the shop's and the buyer's currency.

use rust_decimal::Decimal;
use serde_json::{Value, json};

/// Which of the two amounts of a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Shop,
    Presentment,
}

impl Side {
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Shop => "shop_money",
            Self::Presentment => "presentment_money",
        }
    }
}

/// An amount as text or number.
pub(crate) fn amount_of(value: &Value) -> Option<Decimal> {
    match value {
        Value::String(text) => text.parse().ok(),
        Value::Number(number) => number.to_string().parse().ok(),
        _ => None,
    }
}

/// The amount of `{key}_set` on this side; if there is no set, the plain amount stands for both.
pub(super) fn sided(value: &Value, key: &str, side: Side) -> Decimal {
    let in_set = amount_of(&value[format!("{key}_set")][side.key()]["amount"]);
    in_set.or_else(|| amount_of(&value[key])).unwrap_or_default()
}

/// An amount with two decimal places, as payloads have it.
pub(super) fn text(amount: Decimal) -> String {
    format!("{:.2}", amount.round_dp(2))
}

/// An amount as the JSON number that refund lines carry.
pub(super) fn number(amount: Decimal) -> Value {
    serde_json::from_str(&text(amount).parse::<Decimal>().unwrap_or_default().normalize().to_string())
        .unwrap_or(Value::Null)
}

/// A set of both amounts.
pub(super) fn set(order: &Value, shop: Decimal, presentment: Decimal) -> Value {
    json!({
        "shop_money": { "amount": text(shop), "currency_code": order["currency"] },
        "presentment_money": { "amount": text(presentment), "currency_code": presentment_currency(order) },
    })
}

fn presentment_currency(order: &Value) -> &Value {
    match &order["presentment_currency"] {
        Value::Null => &order["currency"],
        currency => currency,
    }
}
