//! Writes an order of a webhook as the Admin API would answer it: for tests that compare both ways.

use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

/// Keys that are renamed or moved; all others are only spelled in camel case.
pub(crate) fn order(rest: &Value) -> Value {
    let mut order = json!({
        "id": gid("Order", &rest["id"]),
        "legacyResourceId": rest["id"].to_string(),
        "number": rest["order_number"],
        "email": rest["email"].as_str().filter(|email| !email.is_empty()),
        "tags": rest["tags"].as_str().unwrap_or_default().split(", ").filter(|tag| !tag.is_empty()).collect::<Vec<_>>(),
        "displayFinancialStatus": upper(&rest["financial_status"]),
        "displayFulfillmentStatus": match rest["fulfillment_status"].as_str() {
            None => "UNFULFILLED",
            Some("partial") => "PARTIALLY_FULFILLED",
            Some(_) => "FULFILLED",
        },
        "currencyCode": rest["currency"],
        "presentmentCurrencyCode": rest["presentment_currency"],
        "retailLocation": rest["location_id"].as_u64().map(|_| json!({ "id": gid("Location", &rest["location_id"]) })),
        "customAttributes": attributes(&rest["note_attributes"]),
        "totalTipReceivedSet": plain(rest, "total_tip_received"),
        "totalOutstandingSet": plain(rest, "total_outstanding"),
        "taxLines": list(&rest["tax_lines"], tax),
        "billingAddress": address(&rest["billing_address"]),
        "shippingAddress": address(&rest["shipping_address"]),
        "customer": customer(&rest["customer"]),
        "purchasingEntity": rest["company"].is_object().then(|| json!({
            "company": { "id": gid("Company", &rest["company"]["id"]) },
            "location": { "id": gid("CompanyLocation", &rest["company"]["location_id"]) }
        })),
        "paymentTerms": terms(&rest["payment_terms"]),
        "discountApplications": connection(&applications(&rest["discount_applications"])),
        "shippingLines": connection(&list(&rest["shipping_lines"], shipping)),
        "lineItems": connection(&list(&rest["line_items"], line)),
        "refunds": list(&rest["refunds"], refund),
        "cancelReason": upper(&rest["cancel_reason"]),
        "sourceIdentifier": rest["source_identifier"],
        "edited": is_edited(rest),
    });
    for key in ["name", "phone", "note", "test", "confirmed"] {
        order[key] = rest[key].clone();
    }
    for key in ["created_at", "updated_at", "processed_at", "cancelled_at", "closed_at"] {
        order[camel(key)] = instant(&rest[key]);
    }
    for key in [
        "taxes_included",
        "tax_exempt",
        "duties_included",
        "estimated_taxes",
        "source_name",
        "po_number",
        "confirmation_number",
        "customer_locale",
        "payment_gateway_names",
    ] {
        order[camel(key)] = rest[key].clone();
    }
    for key in [
        "subtotal_price",
        "total_price",
        "total_tax",
        "total_discounts",
        "total_shipping_price",
        "original_total_duties",
        "original_total_additional_fees",
        "current_subtotal_price",
        "current_total_price",
        "current_total_tax",
        "current_total_discounts",
        "current_shipping_price",
        "current_total_duties",
        "current_total_additional_fees",
    ] {
        order[format!("{}Set", camel(key))] = set(&rest[format!("{key}_set")], Some(&rest[key]), rest);
    }
    order
}

/// Whether the lines come to more than was ordered.
fn is_edited(rest: &Value) -> bool {
    let decimal = |value: &Value| value.as_str().unwrap().parse::<Decimal>().unwrap();
    let lines = rest["line_items"].as_array().unwrap().iter();
    let goods = lines.filter(|line| line.get("tip_payment_gateway").is_none());
    let total: Decimal =
        goods.map(|line| decimal(&line["price"]) * Decimal::from(line["quantity"].as_u64().unwrap())).sum();
    total > decimal(&rest["total_line_items_price"])
}

/// A money bag of an amount that a webhook tells in the shop's currency only.
fn plain(rest: &Value, key: &str) -> Value {
    bag(rest, rest[key].as_str().unwrap_or("0.00"))
}

fn terms(rest: &Value) -> Value {
    if rest.is_null() {
        return Value::Null;
    }
    let schedule = |rest: &Value| {
        let money = |key: &str| json!({ "amount": rest[key], "currencyCode": rest["currency"] });
        json!({
            "id": gid("PaymentSchedule", &rest["id"]), "issuedAt": instant(&rest["issued_at"]),
            "dueAt": instant(&rest["due_at"]), "completedAt": instant(&rest["completed_at"]),
            "totalBalance": money("total_balance"),
        })
    };
    json!({
        "id": gid("PaymentTerms", &rest["id"]), "paymentTermsName": rest["payment_terms_name"],
        "paymentTermsType": upper(&rest["payment_terms_type"]), "dueInDays": rest["due_in_days"],
        "paymentSchedules": connection(&list(&rest["payment_schedules"], schedule)),
    })
}

fn refund(rest: &Value) -> Value {
    let line = |line: &Value| {
        json!({
            "id": gid("RefundLineItem", &line["id"]), "quantity": line["quantity"],
            "restockType": upper(&line["restock_type"]),
            "lineItem": { "id": gid("LineItem", &line["line_item_id"]) },
            "location": line["location_id"].as_u64().map(|_| json!({ "id": gid("Location", &line["location_id"]) })),
            "subtotalSet": set(&line["subtotal_set"], None, rest),
            "totalTaxSet": set(&line["total_tax_set"], None, rest),
        })
    };
    let adjustment = |one: &Value| {
        json!({
            "id": gid("OrderAdjustment", &one["id"]), "reason": upper(&one["kind"]),
            "amountSet": set(&one["amount_set"], None, rest), "taxAmountSet": set(&one["tax_amount_set"], None, rest),
        })
    };
    let transaction = |one: &Value| {
        let side = json!({ "amount": one["amount"], "currencyCode": one["currency"] });
        json!({
            "id": gid("OrderTransaction", &one["id"]), "kind": upper(&one["kind"]), "status": upper(&one["status"]),
            "gateway": one["gateway"], "test": one["test"], "createdAt": instant(&one["created_at"]),
            "processedAt": instant(&one["processed_at"]),
            "amountSet": { "shopMoney": side, "presentmentMoney": side },
        })
    };
    json!({
        "id": gid("Refund", &rest["id"]), "legacyResourceId": rest["id"].to_string(), "note": rest["note"],
        "createdAt": instant(&rest["created_at"]), "processedAt": instant(&rest["processed_at"]),
        "refundLineItems": connection(&list(&rest["refund_line_items"], line)),
        "refundShippingLines": connection(&json!([])),
        "orderAdjustments": connection(&list(&rest["order_adjustments"], adjustment)),
        "transactions": connection(&list(&rest["transactions"], transaction)),
    })
}

fn duty(rest: &Value) -> Value {
    json!({
        "id": gid("Duty", &rest["id"]), "harmonizedSystemCode": rest["harmonized_system_code"],
        "countryCodeOfOrigin": rest["country_code_of_origin"],
        "price": { "shopMoney": money(&rest["shop_money"]), "presentmentMoney": money(&rest["presentment_money"]) },
        "taxLines": list(&rest["tax_lines"], tax),
    })
}

/// A connection of one page.
pub(crate) fn connection(nodes: &Value) -> Value {
    json!({ "nodes": nodes, "pageInfo": { "hasNextPage": false, "endCursor": null } })
}

fn line(rest: &Value) -> Value {
    let mut line = json!({
        "id": gid("LineItem", &rest["id"]),
        "isGiftCard": rest["gift_card"],
        "product": rest["product_id"].as_u64().map(|_| json!({ "id": gid("Product", &rest["product_id"]) })),
        "variant": rest["variant_id"].as_u64().map(|_| json!({ "id": gid("ProductVariant", &rest["variant_id"]) })),
        "customAttributes": attributes(&rest["properties"]),
        "originalUnitPriceSet": set(&rest["price_set"], None, rest),
        "totalDiscountSet": set(&rest["total_discount_set"], None, rest),
        "discountAllocations": list(&rest["discount_allocations"], allocation),
        "taxLines": list(&rest["tax_lines"], tax),
        "duties": list(&rest["duties"], duty),
        "lineItemGroup": null,
    });
    for key in ["name", "title", "sku", "vendor", "quantity", "taxable"] {
        line[key] = rest[key].clone();
    }
    for key in ["variant_title", "current_quantity", "requires_shipping"] {
        line[camel(key)] = rest[key].clone();
    }
    line
}

fn shipping(rest: &Value) -> Value {
    json!({
        "id": gid("ShippingLine", &rest["id"]), "title": rest["title"], "code": rest["code"], "source": rest["source"],
        "phone": rest["phone"], "carrierIdentifier": rest["carrier_identifier"], "isRemoved": rest["is_removed"],
        "originalPriceSet": set(&rest["price_set"], None, rest),
        "discountAllocations": list(&rest["discount_allocations"], allocation),
        "taxLines": list(&rest["tax_lines"], tax),
    })
}

fn applications(rest: &Value) -> Value {
    let one = |(index, rest): (usize, &Value)| {
        let name = match rest["type"].as_str().unwrap() {
            "discount_code" => "DiscountCodeApplication",
            "manual" => "ManualDiscountApplication",
            _ => "AutomaticDiscountApplication",
        };
        let value = if rest["value_type"] == "percentage" {
            json!({ "percentage": serde_json::from_str::<Value>(rest["value"].as_str().unwrap()).unwrap() })
        } else {
            json!({ "amount": rest["value"], "currencyCode": "EUR" })
        };
        json!({
            "__typename": name, "index": index, "value": value, "code": rest["code"], "title": rest["title"],
            "allocationMethod": upper(&rest["allocation_method"]), "targetType": upper(&rest["target_type"]),
            "targetSelection": upper(&rest["target_selection"]),
        })
    };
    Value::Array(rest.as_array().map(|all| all.iter().enumerate().map(one).collect()).unwrap_or_default())
}

fn allocation(rest: &Value) -> Value {
    json!({
        "allocatedAmountSet": set(&rest["amount_set"], None, rest),
        "discountApplication": { "index": rest["discount_application_index"] },
    })
}

fn tax(rest: &Value) -> Value {
    json!({
        "title": rest["title"], "rate": rest["rate"], "channelLiable": rest["channel_liable"],
        "priceSet": set(&rest["price_set"], None, rest),
    })
}

fn customer(rest: &Value) -> Value {
    if rest.is_null() {
        return Value::Null;
    }
    json!({
        "id": gid("Customer", &rest["id"]), "legacyResourceId": rest["id"].to_string(),
        "firstName": rest["first_name"], "lastName": rest["last_name"], "state": upper(&rest["state"]),
        "createdAt": instant(&rest["created_at"]), "updatedAt": instant(&rest["updated_at"]), "note": rest["note"],
        "verifiedEmail": rest["verified_email"], "taxExempt": rest["tax_exempt"],
        "defaultEmailAddress": rest["email"].as_str().map(|email| json!({ "emailAddress": email })),
        "defaultPhoneNumber": rest["phone"].as_str().map(|phone| json!({ "phoneNumber": phone })),
        "defaultAddress": address(&rest["default_address"]),
    })
}

fn address(rest: &Value) -> Value {
    if rest.is_null() {
        return Value::Null;
    }
    let keys = [
        "first_name",
        "last_name",
        "name",
        "company",
        "address1",
        "address2",
        "city",
        "zip",
        "province",
        "province_code",
        "country",
        "phone",
        "latitude",
        "longitude",
    ];
    let mut fields: Map<_, _> = keys.iter().map(|key| (camel(key), rest[*key].clone())).collect();
    fields.insert("countryCodeV2".to_owned(), rest["country_code"].clone());
    Value::Object(fields)
}

fn attributes(rest: &Value) -> Value {
    list(rest, |pair| json!({ "key": pair["name"], "value": pair["value"] }))
}

fn list(rest: &Value, each: impl Fn(&Value) -> Value) -> Value {
    Value::Array(rest.as_array().map(|items| items.iter().map(each).collect()).unwrap_or_default())
}

/// A money bag, or one of a plain amount where the webhook has no bag.
fn set(rest: &Value, plain: Option<&Value>, order: &Value) -> Value {
    match (rest.is_object(), plain.and_then(Value::as_str)) {
        (true, _) => {
            json!({ "shopMoney": money(&rest["shop_money"]), "presentmentMoney": money(&rest["presentment_money"]) })
        }
        (false, Some(amount)) => bag(order, amount),
        (false, None) => Value::Null,
    }
}

/// The Admin API writes no zero at the end of an amount where that leaves one decimal.
fn money(rest: &Value) -> Value {
    let amount = rest["amount"].as_str().unwrap();
    let amount = amount
        .strip_suffix('0')
        .filter(|short| short.contains('.') && !short.ends_with('.'))
        .unwrap_or(amount);
    json!({ "amount": amount, "currencyCode": rest["currency_code"] })
}

fn bag(order: &Value, amount: &str) -> Value {
    let side = json!({ "amount": amount, "currencyCode": order["currency"] });
    json!({ "shopMoney": side, "presentmentMoney": side })
}

/// Some ids are numbers in texts.
fn gid(kind: &str, id: &Value) -> String {
    id.as_str()
        .map_or_else(|| format!("gid://shopify/{kind}/{id}"), |id| format!("gid://shopify/{kind}/{id}"))
}

fn upper(word: &Value) -> Value {
    word.as_str().map(str::to_ascii_uppercase).into()
}

/// The Admin API tells times in UTC.
fn instant(time: &Value) -> Value {
    time.as_str().map(|text| text.parse::<jiff::Timestamp>().unwrap().to_string()).into()
}

fn camel(key: &str) -> String {
    let mut words = key.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| name + &word[..1].to_ascii_uppercase() + &word[1..])
}
