//! Refunds, transactions and fulfilments of an order in the shape of GraphQL.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::lines::{line, shipping};
use super::shapes::{bag, bag_or_zero, both, flag, float, gid, items, reference, text, unsigned, upper, utc};
use crate::shop::{amount_of, id_of};

/// `Refund` as a part of its order. Of the order it knows the head alone.
pub(super) fn refund(order: &Value, refund: &Value) -> Value {
    let transactions = items(&refund["transactions"]).iter();
    let refunded: Decimal = transactions
        .clone()
        .filter(|one| one["kind"] == "refund" && one["status"] == "success")
        .filter_map(|one| amount_of(&one["amount"]))
        .sum();
    let processed = match utc(&refund["processed_at"]) {
        Value::Null => utc(&refund["created_at"]),
        time => time,
    };
    json!({
        "__typename": "Refund",
        "id": gid("Refund", &refund["id"]),
        "legacyResourceId": unsigned(&refund["id"]),
        "order": head(order),
        "createdAt": utc(&refund["created_at"]),
        "processedAt": processed,
        "updatedAt": processed,
        "note": text(&refund["note"]),
        "totalRefundedSet": both(order, &json!(refunded.to_string())),
        "duties": [],
        "refundLineItems": items(&refund["refund_line_items"]).iter().map(|one| refunded_line(order, one)).collect::<Value>(),
        "refundShippingLines": items(&refund["refund_shipping_lines"]).iter().map(|one| refunded_shipping(order, one)).collect::<Value>(),
        "orderAdjustments": items(&refund["order_adjustments"]).iter().map(|one| adjustment(order, one)).collect::<Value>(),
        "transactions": transactions.map(|one| transaction(order, one)).collect::<Value>(),
    })
}

/// What tells which order it is, and in which state.
fn head(order: &Value) -> Value {
    json!({
        "__typename": "Order",
        "id": gid("Order", &order["id"]),
        "legacyResourceId": unsigned(&order["id"]),
        "name": order["name"],
        "updatedAt": utc(&order["updated_at"]),
    })
}

fn refunded_line(order: &Value, refunded: &Value) -> Value {
    let id = refunded["line_item_id"].as_u64();
    let of_order = items(&order["line_items"]).iter().find(|one| id.is_some() && id_of(one) == id);
    let refunded_line = of_order.unwrap_or(&refunded["line_item"]);
    json!({
        "id": gid("RefundLineItem", &refunded["id"]),
        "lineItem": line(order, refunded_line),
        "quantity": refunded["quantity"],
        "restockType": match upper(&refunded["restock_type"]) {
            Value::Null => json!("NO_RESTOCK"),
            kind => kind,
        },
        "restocked": refunded["restock_type"] != "no_restock",
        "location": reference("Location", &refunded["location_id"]),
        "priceSet": bag_or_zero(order, refunded_line, "price"),
        "subtotalSet": bag_or_zero(order, refunded, "subtotal"),
        "totalTaxSet": bag_or_zero(order, refunded, "total_tax"),
    })
}

fn refunded_shipping(order: &Value, refunded: &Value) -> Value {
    json!({
        "id": gid("RefundShippingLine", &refunded["id"]),
        "shippingLine": shipping(order, &refunded["shipping_line"]),
        "subtotalAmountSet": bag_or_zero(order, refunded, "subtotal_amount"),
        "taxAmountSet": bag_or_zero(order, refunded, "tax_amount"),
    })
}

fn adjustment(order: &Value, adjustment: &Value) -> Value {
    json!({
        "id": gid("OrderAdjustment", &adjustment["id"]),
        "reason": match adjustment["kind"].as_str() {
            Some("refund_discrepancy") => json!("REFUND_DISCREPANCY"),
            _ => Value::Null,
        },
        "amountSet": bag_or_zero(order, adjustment, "amount"),
        "taxAmountSet": bag_or_zero(order, adjustment, "tax_amount"),
    })
}

/// `OrderTransaction`.
pub(super) fn transaction(order: &Value, transaction: &Value) -> Value {
    json!({
        "__typename": "OrderTransaction",
        "id": gid("OrderTransaction", &transaction["id"]),
        "kind": upper(&transaction["kind"]),
        "status": upper(&transaction["status"]),
        "gateway": text(&transaction["gateway"]),
        "test": flag(&transaction["test"]),
        "createdAt": utc(&transaction["created_at"]),
        "processedAt": utc(&transaction["processed_at"]),
        "amountSet": bag(order, transaction, "amount"),
    })
}

/// `Fulfillment`.
pub(super) fn fulfilment(fulfilment: &Value) -> Value {
    let numbers = items(&fulfilment["tracking_numbers"]).iter().enumerate().map(|(at, number)| {
        let url = items(&fulfilment["tracking_urls"]).get(at).map_or(Value::Null, text);
        json!({ "company": text(&fulfilment["tracking_company"]), "number": text(number), "url": url })
    });
    json!({
        "__typename": "Fulfillment",
        "id": gid("Fulfillment", &fulfilment["id"]),
        "legacyResourceId": unsigned(&fulfilment["id"]),
        "name": fulfilment["name"].as_str().unwrap_or_default(),
        "status": upper(&fulfilment["status"]),
        "createdAt": utc(&fulfilment["created_at"]),
        "updatedAt": utc(&fulfilment["updated_at"]),
        "location": reference("Location", &fulfilment["location_id"]),
        "trackingInfo": numbers.collect::<Value>(),
    })
}

/// `PaymentTerms`; null without them.
pub(super) fn payment_terms(terms: &Value) -> Value {
    if !terms.is_object() {
        return Value::Null;
    }
    let schedules = items(&terms["payment_schedules"]).iter().enumerate().map(|(at, schedule)| {
        let id = schedule["id"].as_u64().map_or_else(|| json!(at + 1), |id| json!(id));
        json!({
            "id": gid("PaymentSchedule", &id),
            "amount": super::shapes::money(&schedule["amount"], &schedule["currency"]),
            "totalBalance": super::shapes::money(&schedule["amount"], &schedule["currency"]),
            "balanceDue": match &schedule["completed_at"] {
                Value::Null => super::shapes::money(&schedule["amount"], &schedule["currency"]),
                _ => super::shapes::money(&json!("0"), &schedule["currency"]),
            },
            "issuedAt": utc(&schedule["issued_at"]),
            "dueAt": utc(&schedule["due_at"]),
            "completedAt": utc(&schedule["completed_at"]),
        })
    });
    json!({
        "id": gid("PaymentTerms", &match &terms["id"] { Value::Null => json!(1), id => id.clone() }),
        "paymentTermsName": terms["payment_terms_name"].as_str().unwrap_or_default(),
        "paymentTermsType": upper(&terms["payment_terms_type"]),
        "dueInDays": terms["due_in_days"],
        "overdue": flag(&terms["overdue"]),
        "paymentSchedules": schedules.collect::<Value>(),
    })
}

/// A weight in grams as the text that `UnsignedInt64` is.
pub(super) fn weight(value: &Value) -> Value {
    match unsigned(value) {
        Value::Null => float(value).as_f64().map_or(Value::Null, |grams| json!(format!("{grams:.0}"))),
        grams => grams,
    }
}
