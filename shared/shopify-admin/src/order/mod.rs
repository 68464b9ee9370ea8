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
/// `total_line_items_price` are added up from the lines, and a tip's line is told by its amount.
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
    let total = discounts::two_decimals(total_of_lines(order)?);
    written.set("total_line_items_price", Tree::Text(total));
    mark_tip(&mut written);
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

/// The sum of the lines before discounts, as ordered: the Admin API does not tell it any more.
fn total_of_lines(order: &Tree) -> Result<Decimal, AdminError> {
    let mut total = Decimal::ZERO;
    for line in order.list("lineItems.nodes") {
        let line = discounts::amount(line, "originalTotalSet")?;
        total = total.checked_add(line).ok_or_else(discounts::too_much)?;
    }
    Ok(total)
}

/// Marks the line of a tip, which a webhook tells by a key of its own and the Admin API not at all: the one custom
/// line of the tip's amount, by its title where there are several. UNCONFIRMED: no order with a tip was at hand. A
/// tip without such a line stays one without a line.
fn mark_tip(order: &mut Tree) {
    let decimal =
        |tree: &Tree, path: &str| tree.text(path).and_then(|text| Decimal::from_str_exact(text).ok());
    let Some(tip) = decimal(order, "total_tip_received").filter(|tip| !tip.is_zero()) else { return };
    let Some(Tree::List(lines)) = order.at_mut("line_items") else { return };
    let is_null = |line: &Tree, key: &str| matches!(line.at(key), None | Some(Tree::Null));
    let is_candidate = |line: &Tree| {
        is_null(line, "variant_id")
            && is_null(line, "product_id")
            && !line.is_true("requires_shipping")
            && decimal(line, "price") == Some(tip)
    };
    let mut candidates: Vec<_> = lines.iter_mut().filter(|line| is_candidate(line)).collect();
    if candidates.len() > 1 {
        candidates.retain(|line| line.text("title").is_some_and(|title| title.eq_ignore_ascii_case("tip")));
    }
    if let [line] = candidates.as_mut_slice() {
        line.set("tip_payment_gateway", Tree::Null);
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
