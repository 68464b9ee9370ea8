//! An order in the shape of GraphQL, made of the order in the shape of webhooks.

use serde_json::{Value, json};

use super::lines::{discounts, line, shipping, taxes};
use super::people::{address, company, customer, granted, location, tags};
use super::refunds::{fulfilment, payment_terms, refund, transaction, weight};
use super::shapes::{
    attributes, bag, bag_or_zero, both, flag, gid, id_in, items, money, text, unsigned, upper, utc,
};
use crate::settings::ProtectedData;
use crate::shop::{Kind, Shop, id_of};

/// The long lists of an order, and whether a query asks for them: what is not asked for is not made.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Asked {
    pub(super) lines: bool,
    pub(super) refunds: bool,
}

/// `Order`.
pub(super) fn order(order: &Value, shop: &Shop, protected: ProtectedData, asked: Asked) -> Value {
    let mut whole = json!({ "__typename": "Order" });
    for part in [
        identity(order, shop, protected),
        states(order, shop),
        parties(order, shop, protected),
        parts(order, asked),
        totals(order),
        current_totals(order),
    ] {
        if let (Some(whole), Value::Object(part)) = (whole.as_object_mut(), part) {
            whole.extend(part);
        }
    }
    whole
}

fn identity(order: &Value, shop: &Shop, protected: ProtectedData) -> Value {
    let page = format!("https://{}/orders/{}", shop.domain, order["id"]);
    let app = match gid("App", &order["app_id"]) {
        Value::Null => Value::Null,
        id => json!({ "id": id, "name": order["source_name"].as_str().unwrap_or_default() }),
    };
    let entity = order["merchant_business_entity_id"].as_str().unwrap_or("1");
    json!({
        "id": gid("Order", &order["id"]),
        "legacyResourceId": unsigned(&order["id"]),
        "name": order["name"],
        "number": order["order_number"],
        "confirmationNumber": text(&order["confirmation_number"]),
        "createdAt": utc(&order["created_at"]),
        "updatedAt": utc(&order["updated_at"]),
        "processedAt": utc(&order["processed_at"]),
        "currencyCode": order["currency"],
        "presentmentCurrencyCode": order["presentment_currency"],
        "email": granted(protected.email, "email", text(&order["email"])),
        "phone": granted(protected.phone, "phone", text(&order["phone"])),
        "note": text(&order["note"]),
        "poNumber": text(&order["po_number"]),
        "tags": tags(&order["tags"]),
        "sourceName": text(&order["source_name"]),
        "sourceIdentifier": text(&order["source_identifier"]),
        "customerLocale": text(&order["customer_locale"]),
        "statusPageUrl": order["order_status_url"].as_str().unwrap_or(&page),
        "customAttributes": attributes(&order["note_attributes"]),
        "paymentGatewayNames": items(&order["payment_gateway_names"]),
        "app": app,
        "retailLocation": super::shapes::reference("Location", &order["location_id"]),
        "merchantBusinessEntity": { "id": format!("gid://shopify/BusinessEntity/{entity}") },
    })
}

fn states(order: &Value, shop: &Shop) -> Value {
    let is_edited = id_of(order).is_some_and(|id| shop.edited.contains(&id));
    let fulfilled = match order["fulfillment_status"].as_str() {
        Some("fulfilled") => "FULFILLED",
        Some("partial") => "PARTIALLY_FULFILLED",
        Some("restocked") => "RESTOCKED",
        _ => "UNFULFILLED",
    };
    let paid = order["financial_status"].as_str();
    json!({
        "cancelledAt": utc(&order["cancelled_at"]),
        "cancelReason": upper(&order["cancel_reason"]),
        "closed": !order["closed_at"].is_null(),
        "closedAt": utc(&order["closed_at"]),
        "confirmed": flag(&order["confirmed"]),
        "test": flag(&order["test"]),
        "edited": is_edited,
        "displayFinancialStatus": upper(&order["financial_status"]),
        "displayFulfillmentStatus": fulfilled,
        "fullyPaid": paid == Some("paid"),
        "unpaid": matches!(paid, Some("pending" | "authorized" | "partially_paid")),
        "taxesIncluded": flag(&order["taxes_included"]),
        "taxExempt": flag(&order["tax_exempt"]),
        "estimatedTaxes": flag(&order["estimated_taxes"]),
        "dutiesIncluded": flag(&order["duties_included"]),
    })
}

fn parties(order: &Value, shop: &Shop, protected: ProtectedData) -> Value {
    let buyer = customer(&order["customer"], protected);
    let purchasing = match purchasing_company(&order["company"], shop) {
        Value::Null => buyer.clone(),
        company => company,
    };
    json!({
        "purchasingEntity": purchasing,
        "customer": buyer,
        "billingAddress": address(&order["billing_address"], protected),
        "shippingAddress": address(&order["shipping_address"], protected),
        "paymentTerms": payment_terms(&order["payment_terms"]),
    })
}

/// `PurchasingCompany`: webhooks carry ids alone; the names are the shop's, if it knows the company.
fn purchasing_company(ids: &Value, shop: &Shop) -> Value {
    let Some(id) = ids["id"].as_u64() else { return Value::Null };
    let blank = json!({ "id": id });
    let own = company(shop.other(Kind::Companies, id).unwrap_or(&blank));
    let blank_place = json!({ "id": ids["location_id"].as_u64().unwrap_or(1) });
    let place = ids["location_id"].as_u64().and_then(|id| shop.other(Kind::CompanyLocations, id));
    json!({
        "__typename": "PurchasingCompany",
        "location": location(place.unwrap_or(&blank_place), &own),
        "company": own,
        "contact": Value::Null,
    })
}

fn parts(order: &Value, asked: Asked) -> Value {
    let each = |key: &str, shape: &dyn Fn(&Value) -> Value| -> Value {
        items(&order[key]).iter().map(shape).collect()
    };
    let shipping_lines = each("shipping_lines", &|one| shipping(order, one));
    let first = items(&shipping_lines).iter().find(|one| one["isRemoved"] == false);
    let codes: Vec<&Value> = items(&order["discount_codes"]).iter().map(|one| &one["code"]).collect();
    let refunds = items(&order["refunds"]).iter();
    let transactions = refunds.flat_map(|one| items(&one["transactions"])).map(|one| transaction(order, one));
    json!({
        "lineItems": asked.lines.then(|| each("line_items", &|one| line(order, one))),
        "shippingLine": first,
        "taxLines": taxes(order, order),
        "currentTaxLines": taxes(order, order),
        "discountCode": codes.first(),
        "discountCodes": codes,
        "discountApplications": discounts(order),
        "refunds": asked.refunds.then(|| each("refunds", &|one| refund(order, one))),
        "fulfillments": each("fulfillments", &fulfilment),
        "transactions": transactions.collect::<Value>(),
        "shippingLines": shipping_lines,
        "subtotalLineItemsQuantity": quantities(order, "quantity"),
        "currentSubtotalLineItemsQuantity": quantities(order, "current_quantity"),
    })
}

fn quantities(order: &Value, key: &str) -> i64 {
    let of = |line: &Value| line[key].as_i64().or(line["quantity"].as_i64()).unwrap_or(0);
    items(&order["line_items"]).iter().map(of).sum()
}

fn totals(order: &Value) -> Value {
    let rounding = |kind: &str| bag_or_zero(order, order, &format!("total_cash_rounding_{kind}_adjustment"));
    json!({
        "totalWeight": weight(&order["total_weight"]),
        "subtotalPriceSet": bag(order, order, "subtotal_price"),
        "totalPriceSet": bag_or_zero(order, order, "total_price"),
        "originalTotalPriceSet": bag_or_zero(order, order, "total_price"),
        "totalTaxSet": bag(order, order, "total_tax"),
        "totalDiscountsSet": bag(order, order, "total_discounts"),
        "totalShippingPriceSet": bag_or_zero(order, order, "total_shipping_price"),
        "totalOutstandingSet": bag_or_zero(order, order, "total_outstanding"),
        "totalTipReceivedSet": both(order, order.get("total_tip_received").unwrap_or(&json!("0"))),
        "totalTipReceived": money(order.get("total_tip_received").unwrap_or(&json!("0")), &order["currency"]),
        "originalTotalDutiesSet": bag(order, order, "original_total_duties"),
        "originalTotalAdditionalFeesSet": bag(order, order, "original_total_additional_fees"),
        "totalCashRoundingAdjustment": {
            "paymentSet": rounding("payment"), "refundSet": rounding("refund"),
        },
    })
}

fn current_totals(order: &Value) -> Value {
    // A payload that says nothing about an amount as it is now has it as it was ordered.
    let now_or_then = |key: &str| match bag(order, order, &format!("current_{key}")) {
        Value::Null => bag_or_zero(order, order, key),
        now => now,
    };
    json!({
        "currentTotalWeight": weight(&order["total_weight"]),
        "currentSubtotalPriceSet": now_or_then("subtotal_price"),
        "currentTotalPriceSet": now_or_then("total_price"),
        "currentTotalTaxSet": now_or_then("total_tax"),
        "currentTotalDiscountsSet": now_or_then("total_discounts"),
        "currentShippingPriceSet": match bag(order, order, "current_shipping_price") {
            Value::Null => bag_or_zero(order, order, "total_shipping_price"),
            now => now,
        },
        "currentTotalDutiesSet": bag(order, order, "current_total_duties"),
        "currentTotalAdditionalFeesSet": bag(order, order, "current_total_additional_fees"),
    })
}

/// The object with this global id, if it is a customer, a company or a place of one.
pub(super) fn other(gid: &str, shop: &Shop, protected: ProtectedData) -> Value {
    let (kind, found) = Kind::ALL
        .into_iter()
        .find_map(|kind| Some((kind, shop.other(kind, id_in(gid, kind.graphql())?)?)))
        .map_or((Kind::Customers, None), |(kind, found)| (kind, Some(found)));
    let Some(found) = found else { return Value::Null };
    match kind {
        Kind::Customers => customer(found, protected),
        Kind::Companies => company(found),
        Kind::CompanyLocations => location(found, &company_of(found, shop)),
        Kind::CompanyContacts => Value::Null,
    }
}

fn company_of(place: &Value, shop: &Shop) -> Value {
    let id = place["company_id"].as_u64().or(place["company"]["id"].as_u64());
    let known = id.and_then(|id| shop.other(Kind::Companies, id));
    company(known.unwrap_or(&json!({ "id": id.unwrap_or(1) })))
}
