//! The order of the Admin API, written as a webhook would have sent it.

mod discounts;
mod form;
mod tables;
mod tree;
mod withheld;

use domain::Private;
use jiff::{Timestamp, tz::TimeZone};
use rust_decimal::Decimal;

pub(crate) use self::tree::Tree;
use self::withheld::take_out;
use crate::{AdminError, answer::Step};

/// An order that was fetched: the bytes that the body of a webhook about it would have.
///
/// What differs from a real body: keys that the Admin API does not tell are missing, `discount_codes` and
/// `total_line_items_price` with its set are added up from the lines (the latter of an edited order from its other
/// totals), and a tip's line is told by its amount. It is planned as the delivered order is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderDocument {
    /// The order's id.
    pub id: u64,
    /// The name that people use, such as `#1001`.
    pub name: String,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// The body: JSON of the shape of the webhook topics about orders. Protected customer data that Shopify withholds
    /// is missing from it as it is missing from a webhook.
    pub body: Private<Vec<u8>>,
}

/// Takes what Shopify withheld out of an answer's data.
pub(crate) fn without_withheld(data: &mut Tree, paths: &[Vec<Step>]) {
    for path in paths {
        take_out(data, path);
    }
}

/// Writes an order, all its lines included, with times as the shop's clock shows them.
pub(crate) fn document(order: &Tree, zone: &TimeZone) -> Result<OrderDocument, AdminError> {
    let mut written = form::object(tables::ORDER, order, zone)?;
    written.set("company", company(order, zone)?);
    for (key, list) in discounts::write(order)? {
        written.set(key, list);
    }
    let tip = mark_tip(&mut written);
    for (key, total) in total_of_lines(order, tip)? {
        written.set(key, total);
    }
    name_order_in_refunds(&mut written);
    let body = serde_json::to_vec(&written).map_err(|_| unreadable("order"))?;
    let id = match written.at("id") {
        Some(Tree::Number(letters)) => letters.parse().ok(),
        _ => None,
    };
    let updated_at = order.text("updatedAt").and_then(|text| text.parse().ok());
    Ok(OrderDocument {
        id: id.ok_or_else(|| unreadable("order.legacyResourceId"))?,
        name: order.text("name").unwrap_or_default().to_owned(),
        updated_at: updated_at.ok_or_else(|| unreadable("order.updatedAt"))?,
        body: Private::new(body),
    })
}

/// The time zone of the shop, by its name in the IANA database.
pub(crate) fn zone(name: &str) -> Result<TimeZone, AdminError> {
    TimeZone::get(name).map_err(|_| unreadable("shop.ianaTimezone"))
}

/// Only an order between businesses has a firm; for all others a webhook says null.
fn company(order: &Tree, zone: &TimeZone) -> Result<Tree, AdminError> {
    match order.at("purchasingEntity") {
        Some(entity) if entity.at("company.id").is_some_and(|id| *id != Tree::Null) => {
            form::object(tables::COMPANY, entity, zone)
        }
        _ => Ok(Tree::Null),
    }
}

/// The sum of the lines before discounts, as ordered, in both currencies: the Admin API does not tell it any more.
/// `tip` is the place of the tip's line, which is no part of it.
fn total_of_lines(order: &Tree, tip: Option<usize>) -> Result<[(&'static str, Tree); 2], AdminError> {
    let side = |side: &str, currency: &str| {
        let total = match goods_before_edits(order, side) {
            Some(total) => total,
            None => sum_of_lines(order, tip, side)?,
        };
        let total = Tree::Text(discounts::two_decimals(total));
        let currency = order.at(currency).cloned().unwrap_or(Tree::Null);
        let fields = [("amount", total.clone()), ("currency_code", currency)];
        Ok::<_, AdminError>((total, Tree::Object(fields.map(|(key, value)| (key.to_owned(), value)).into())))
    };
    let (total, shop) = side("shopMoney", "currencyCode")?;
    let (_, presentment) = side("presentmentMoney", "presentmentCurrencyCode")?;
    let sides = [("shop_money", shop), ("presentment_money", presentment)];
    let set = Tree::Object(sides.map(|(key, side)| (key.to_owned(), side)).into());
    Ok([("total_line_items_price", total), ("total_line_items_price_set", set)])
}

fn sum_of_lines(order: &Tree, tip: Option<usize>, side: &str) -> Result<Decimal, AdminError> {
    let lines = order.list("lineItems.nodes").iter().enumerate().filter(|(place, _)| Some(*place) != tip);
    lines.map(|(_, line)| line).try_fold(Decimal::ZERO, |total, line| {
        let price = discounts::amount_in(line, "originalUnitPriceSet", side)?;
        let worth = price.checked_mul(quantity(line)?);
        worth.and_then(|worth| total.checked_add(worth)).ok_or_else(discounts::too_much)
    })
}

/// How many of a line were ordered.
fn quantity(line: &Tree) -> Result<Decimal, AdminError> {
    match line.at("quantity") {
        Some(Tree::Number(letters)) => {
            Decimal::from_str_exact(letters).map_err(|_| unreadable("lineItems.quantity"))
        }
        _ => Err(unreadable("lineItems.quantity")),
    }
}

/// What the lines of an edited order came to before its edits, which leave the totals as ordered: the subtotal and
/// the discounts that are taken off in it. Nothing for an order that was not edited, or does not tell them.
fn goods_before_edits(order: &Tree, side: &str) -> Option<Decimal> {
    if !order.is_true("edited") {
        return None;
    }
    let amount = |tree: &Tree, bag: &str| discounts::amount_in(tree, bag, side).ok();
    let shipping = order.list("shippingLines.nodes").iter().filter(|line| !line.is_true("isRemoved"));
    let on_shipping = shipping.flat_map(|line| line.list("discountAllocations"));
    let goods = amount(order, "subtotalPriceSet")?.checked_add(amount(order, "totalDiscountsSet")?)?;
    on_shipping
        .map(|allocation| amount(allocation, "allocatedAmountSet"))
        .try_fold(goods, |goods, part| goods.checked_sub(part?))
}

/// Marks the line of a tip, which a webhook tells by a key of its own and the Admin API not at all: the one custom
/// line of the tip's amount, by its title where there are several. UNCONFIRMED: no order with a tip was at hand. A
/// tip without such a line stays one without a line. Returns the line's place.
fn mark_tip(order: &mut Tree) -> Option<usize> {
    let decimal =
        |tree: &Tree, path: &str| tree.text(path).and_then(|text| Decimal::from_str_exact(text).ok());
    let tip = decimal(order, "total_tip_received").filter(|tip| !tip.is_zero())?;
    let Some(Tree::List(lines)) = order.at_mut("line_items") else { return None };
    let is_null = |line: &Tree, key: &str| matches!(line.at(key), None | Some(Tree::Null));
    let is_candidate = |line: &Tree| {
        is_null(line, "variant_id")
            && is_null(line, "product_id")
            && !line.is_true("requires_shipping")
            && decimal(line, "price") == Some(tip)
    };
    let mut candidates: Vec<_> =
        lines.iter_mut().enumerate().filter(|(_, line)| is_candidate(line)).collect();
    if candidates.len() > 1 {
        candidates
            .retain(|(_, line)| line.text("title").is_some_and(|title| title.eq_ignore_ascii_case("tip")));
    }
    match candidates.as_mut_slice() {
        [(place, line)] => {
            line.set("tip_payment_gateway", Tree::Null);
            Some(*place)
        }
        _ => None,
    }
}

/// A webhook repeats the order's id in each refund.
fn name_order_in_refunds(order: &mut Tree) {
    let Some(id) = order.at("id").cloned() else { return };
    if let Some(Tree::List(refunds)) = order.at_mut("refunds") {
        for refund in refunds {
            refund.set("order_id", id.clone());
        }
    }
}

fn unreadable(what: &str) -> AdminError {
    AdminError::Unreadable(format!("`{what}` is missing or has another shape than the schema says"))
}
