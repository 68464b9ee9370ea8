//! How a value of the Admin API is written in a webhook: ids as numbers, times in the shop's own offset, amounts and
//! money bags, enums in small letters.

use std::collections::BTreeMap;

use jiff::{Timestamp, tz::TimeZone};

use super::tree::Tree;
use crate::AdminError;

/// How a field of the Admin API becomes one of a webhook. Null stays null in all of them.
#[derive(Debug, Clone, Copy)]
pub(super) enum Form {
    /// As it is.
    Same,
    /// A text, empty where there is none.
    OrEmpty,
    /// `gid://shopify/Order/1`, or its digits alone, as the number 1.
    Id,
    /// An instant, in the shop's own offset.
    Time,
    /// An enum, in small letters.
    Lower,
    /// An enum, in the webhook's own words; what has no word is null.
    Word(fn(&str) -> Option<&'static str>),
    /// The amount of a money bag in the shop's currency.
    Shop,
    /// That amount as a bare number: two fields of a refund have it so.
    ShopNumber,
    /// A money bag with both its sides.
    Set,
    /// One side of a money bag.
    Side,
    /// An amount, of an object that has one.
    Amount,
    /// Texts, joined by a comma and a blank.
    Joined,
    /// An object, by its own table.
    One(&'static [Field]),
    /// A list of objects, by their own table.
    Each(&'static [Field]),
    /// Whether there is anything.
    IsThere,
}

/// One field: where it goes, where it comes from (keys joined by dots), and how.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    pub(super) to: &'static str,
    pub(super) from: &'static str,
    pub(super) form: Form,
}

/// A row of a table.
pub(super) const fn field(to: &'static str, from: &'static str, form: Form) -> Field {
    Field { to, from, form }
}

/// Writes an object by its table. A key that is missing stays missing: it was withheld.
pub(super) fn object(fields: &[Field], from: &Tree, zone: &TimeZone) -> Result<Tree, AdminError> {
    let mut object = BTreeMap::new();
    for Field { to, from: path, form } in fields {
        let Some(value) = from.at(path) else { continue };
        let written = write(*form, value, zone);
        let written = written.map_err(|problem| AdminError::Unreadable(format!("`{path}` {problem}")))?;
        object.insert((*to).to_owned(), written);
    }
    Ok(Tree::Object(object))
}

fn write(form: Form, value: &Tree, zone: &TimeZone) -> Result<Tree, String> {
    let nested = |error: AdminError| format!("holds what cannot be read: {error}");
    Ok(match (form, value) {
        (Form::IsThere, value) => Tree::Bool(*value != Tree::Null),
        (Form::OrEmpty, Tree::Null) => Tree::Text(String::new()),
        (_, Tree::Null) => Tree::Null,
        (Form::Same | Form::OrEmpty, value) => value.clone(),
        (Form::Id, Tree::Text(gid)) => Tree::Number(number(gid).ok_or("is not an id")?),
        (Form::Time, Tree::Text(text)) => Tree::Text(local(text, zone).ok_or("is not a time")?),
        (Form::Lower, Tree::Text(word)) => Tree::Text(word.to_ascii_lowercase()),
        (Form::Word(words), Tree::Text(word)) => {
            words(word).map_or(Tree::Null, |word| Tree::Text(word.to_owned()))
        }
        (Form::Shop, bag) => Tree::Text(amount(bag, "shopMoney.amount")?),
        (Form::ShopNumber, bag) => Tree::Number(amount(bag, "shopMoney.amount")?),
        (Form::Amount, money) => Tree::Text(amount(money, "amount")?),
        (Form::Side, money) => side(money, "")?,
        (Form::Set, bag) => {
            let sides = [
                ("shop_money", side(bag, "shopMoney.")?),
                ("presentment_money", side(bag, "presentmentMoney.")?),
            ];
            Tree::Object(sides.map(|(key, side)| (key.to_owned(), side)).into())
        }
        (Form::Joined, Tree::List(items)) => {
            let texts = items
                .iter()
                .filter_map(|item| if let Tree::Text(text) = item { Some(text.as_str()) } else { None });
            Tree::Text(texts.collect::<Vec<_>>().join(", "))
        }
        (Form::One(fields), value @ Tree::Object(_)) => object(fields, value, zone).map_err(nested)?,
        (Form::Each(fields), Tree::List(items)) => {
            let items = items.iter().map(|item| object(fields, item, zone));
            Tree::List(items.collect::<Result<_, _>>().map_err(nested)?)
        }
        _ => return Err("has another shape than the schema says".to_owned()),
    })
}

/// The number at the end of a gid, by its digits. Some gids have a query behind it.
fn number(gid: &str) -> Option<String> {
    let last = gid.rsplit('/').next()?.split('?').next()?;
    last.parse::<u64>().ok().map(|number| number.to_string())
}

/// An instant as the shop's clock shows it: a webhook tells the shop's own day.
fn local(text: &str, zone: &TimeZone) -> Option<String> {
    let at: Timestamp = text.parse().ok()?;
    Some(at.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string())
}

/// An amount with two decimals where the Admin API writes one: a webhook writes `14.90`, the Admin API `14.9`.
fn amount(money: &Tree, path: &str) -> Result<String, String> {
    let text = money.text(path).ok_or("is no money")?;
    let is_decimal = text.parse::<rust_decimal::Decimal>().is_ok();
    let one_decimal = text.rsplit_once('.').is_some_and(|(_, decimals)| decimals.len() == 1);
    match (is_decimal, one_decimal) {
        (false, _) => Err("is not an amount".to_owned()),
        (true, true) => Ok(format!("{text}0")),
        (true, false) => Ok(text.to_owned()),
    }
}

fn side(money: &Tree, prefix: &str) -> Result<Tree, String> {
    let currency = money.text(&format!("{prefix}currencyCode")).ok_or("has no currency")?;
    let fields =
        [("amount", amount(money, &format!("{prefix}amount"))?), ("currency_code", currency.to_owned())];
    Ok(Tree::Object(fields.map(|(key, text)| (key.to_owned(), Tree::Text(text))).into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(form: Form, json: &str) -> Result<String, String> {
        let zone = TimeZone::get("America/New_York").unwrap();
        let tree = write(form, &Tree::parse(json).unwrap(), &zone)?;
        Ok(serde_json::to_string(&tree).unwrap())
    }

    #[test]
    fn each_form_is_written_as_a_webhook_writes_it() {
        let bag = r#"{"shopMoney":{"amount":"14.9","currencyCode":"EUR"},"presentmentMoney":{"amount":"1600","currencyCode":"JPY"}}"#;
        let set = r#"{"presentment_money":{"amount":"1600","currency_code":"JPY"},"shop_money":{"amount":"14.90","currency_code":"EUR"}}"#;
        let cases = [
            (Form::Id, r#""gid://shopify/Order/820982911946154508""#, "820982911946154508"),
            (Form::Id, r#""gid://shopify/MailingAddress/7?model_name=CustomerAddress""#, "7"),
            (Form::Id, r#""6201000001001""#, "6201000001001"),
            (Form::Id, "null", "null"),
            (Form::Time, r#""2022-01-01T00:00:00Z""#, r#""2021-12-31T19:00:00-05:00""#),
            (Form::Time, r#""2021-07-01T00:00:00Z""#, r#""2021-06-30T20:00:00-04:00""#),
            (Form::Lower, r#""PARTIALLY_PAID""#, r#""partially_paid""#),
            (Form::Shop, bag, r#""14.90""#),
            (Form::ShopNumber, bag, "14.90"),
            (Form::Set, bag, set),
            (Form::Joined, r#"["b2b","vip"]"#, r#""b2b, vip""#),
            (Form::Joined, "[]", r#""""#),
            (Form::OrEmpty, "null", r#""""#),
            (Form::IsThere, "null", "false"),
            (Form::Same, "0.0725", "0.0725"),
        ];
        for (form, json, expected) in cases {
            assert_eq!(written(form, json).as_deref(), Ok(expected), "{form:?} {json}");
        }
    }

    #[test]
    fn what_has_another_shape_is_told_without_being_shown() {
        for (form, json) in [
            (Form::Id, r#""gid://shopify/Order/anna""#),
            (Form::Time, r#""anna""#),
            (Form::Shop, r#"{"shopMoney":{"amount":"anna"}}"#),
            (Form::Set, r#"{"shopMoney":{"amount":"1.00"}}"#),
            (Form::Each(&[]), r#""anna""#),
            (Form::One(&[]), "7"),
        ] {
            let problem = written(form, json).unwrap_err();
            assert!(!problem.contains("anna"), "{problem}");
        }
    }
}
