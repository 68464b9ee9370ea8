//! A refund of lines: what is paid back, and what the order looks like after it. The share of a line is its price less
//! its discount allocations, by quantity.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::amounts::{Side, number, set, sided, text};
use super::order::lines_mut;
use super::{Shop, id_of};

/// So much of a line is refunded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefundLine {
    /// Id of the order's line.
    pub line_item_id: u64,
    /// How many pieces.
    pub quantity: u32,
}

/// The refunded money on one side.
#[derive(Debug, Clone, Copy, Default)]
struct Share {
    subtotal: Decimal,
    tax: Decimal,
}

/// Makes the refund, and notes it in the order.
pub(super) fn make(
    shop: &mut Shop,
    order: &mut Value,
    lines: &[RefundLine],
    time: &str,
) -> Result<Value, String> {
    let (mut in_shop, mut presented) = (Decimal::ZERO, Decimal::ZERO);
    let taxes_included = order["taxes_included"] == true;
    let gross = |share: Share| share.subtotal + if taxes_included { Decimal::ZERO } else { share.tax };
    let mut refunded = Vec::new();
    for wanted in lines {
        let line = take(order, *wanted)?;
        let (here, there) = (share(&line, *wanted, Side::Shop), share(&line, *wanted, Side::Presentment));
        in_shop += gross(here);
        presented += gross(there);
        refunded.push(json!({
            "id": shop.new_id(), "line_item_id": wanted.line_item_id, "quantity": wanted.quantity,
            "location_id": null, "restock_type": "return",
            "subtotal": number(here.subtotal), "subtotal_set": set(order, here.subtotal, there.subtotal),
            "total_tax": number(here.tax), "total_tax_set": set(order, here.tax, there.tax),
            "line_item": line,
        }));
    }
    let id = shop.new_id();
    let transaction = shop.new_id();
    let refund = json!({
        "id": id, "admin_graphql_api_id": format!("gid://shopify/Refund/{id}"), "order_id": order["id"],
        "created_at": time, "processed_at": time, "note": null, "restock": true, "user_id": null,
        "refund_line_items": refunded, "order_adjustments": [], "duties": [], "additional_fees": [],
        "total_duties_set": set(order, Decimal::ZERO, Decimal::ZERO),
        "transactions": [{
            "id": transaction, "admin_graphql_api_id": format!("gid://shopify/OrderTransaction/{transaction}"),
            "order_id": order["id"], "kind": "refund", "status": "success", "gateway": "bogus", "test": true,
            "amount": text(in_shop), "currency": order["currency"],
            "created_at": time, "processed_at": time, "parent_id": null, "error_code": null,
        }],
    });
    note(order, &refund, in_shop, presented);
    Ok(refund)
}

/// Takes the pieces off the line's current quantity; returns the line as it was.
fn take(order: &mut Value, wanted: RefundLine) -> Result<Value, String> {
    let line = lines_mut(order).find(|line| id_of(line) == Some(wanted.line_item_id));
    let line = line.ok_or_else(|| format!("the order has no line {}", wanted.line_item_id))?;
    let before = line.clone();
    let current = line["current_quantity"].as_u64().or(line["quantity"].as_u64()).unwrap_or(0);
    let left = current.checked_sub(u64::from(wanted.quantity));
    let left = left.ok_or_else(|| format!("line {} has only {current} left", wanted.line_item_id))?;
    line["current_quantity"] = json!(left);
    Ok(before)
}

fn share(line: &Value, wanted: RefundLine, side: Side) -> Share {
    let all = Decimal::from(line["quantity"].as_u64().unwrap_or(1).max(1));
    let sum = |key: &str, amount: &str| -> Decimal {
        line[key].as_array().into_iter().flatten().map(|part| sided(part, amount, side)).sum()
    };
    let part = |whole: Decimal| (whole * Decimal::from(wanted.quantity) / all).round_dp(2);
    let discounted = sided(line, "price", side) * all - sum("discount_allocations", "amount");
    Share { subtotal: part(discounted), tax: part(sum("tax_lines", "price")) }
}

/// The order after the refund: its refunds, its current total, its financial status.
fn note(order: &mut Value, refund: &Value, in_shop: Decimal, presented: Decimal) {
    let left = |side, off: Decimal| (sided(order, "current_total_price", side) - off).max(Decimal::ZERO);
    let (shop, presentment) = (left(Side::Shop, in_shop), left(Side::Presentment, presented));
    let current = set(order, shop, presentment);
    order["current_total_price"] = json!(text(shop));
    order["current_total_price_set"] = current;
    let status = if shop.is_zero() { "refunded" } else { "partially_refunded" };
    order["financial_status"] = json!(status);
    match order["refunds"].as_array_mut() {
        Some(refunds) => refunds.push(refund.clone()),
        None => order["refunds"] = json!([refund]),
    }
}
