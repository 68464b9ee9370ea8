//! Lines of an order, shipping, taxes and discounts in the shape of GraphQL.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::shapes::{
    attributes, bag, bag_of, bag_or_zero, both, flag, float, gid, items, money, reference, text, upper,
};
use crate::shop::{Side, amount_of};

/// `LineItem`.
pub(super) fn line(order: &Value, line: &Value) -> Value {
    let quantity = line["quantity"].as_i64().unwrap_or(0);
    let current = line["current_quantity"].as_i64().unwrap_or(quantity);
    let variant = match gid("ProductVariant", &line["variant_id"]) {
        Value::Null => Value::Null,
        id => json!({ "id": id, "sku": line["sku"] }),
    };
    json!({
        "__typename": "LineItem",
        "id": gid("LineItem", &line["id"]),
        "name": line["name"].as_str().or(line["title"].as_str()).unwrap_or_default(),
        "title": line["title"].as_str().unwrap_or_default(),
        "variantTitle": text(&line["variant_title"]),
        // A variant without a SKU has "", a custom line null: GraphQL keeps the difference.
        "sku": line["sku"],
        "vendor": text(&line["vendor"]),
        "quantity": quantity,
        "currentQuantity": current,
        "unfulfilledQuantity": line["fulfillable_quantity"].as_i64().unwrap_or(current),
        "refundableQuantity": current,
        "requiresShipping": flag(&line["requires_shipping"]),
        "taxable": flag(&line["taxable"]),
        "isGiftCard": flag(&line["gift_card"]),
        "product": reference("Product", &line["product_id"]),
        "variant": variant,
        "customAttributes": attributes(&line["properties"]),
        "originalUnitPriceSet": bag_or_zero(order, line, "price"),
        "originalTotalSet": total(order, line, false),
        "discountedTotalSet": total(order, line, true),
        "totalDiscountSet": bag_or_zero(order, line, "total_discount"),
        "discountAllocations": allocations(order, line),
        "taxLines": taxes(order, line),
        "duties": items(&line["duties"]).iter().map(|one| duty(order, one)).collect::<Value>(),
        "lineItemGroup": Value::Null,
        "sellingPlan": Value::Null,
    })
}

/// Price times quantity; if asked, less the line's own discount. Order-wide discounts and codes are never in it.
fn total(order: &Value, line: &Value, discounted: bool) -> Value {
    let quantity = Decimal::from(line["quantity"].as_i64().unwrap_or(0));
    let side = |side: Side| {
        let of = |key: &str| {
            let in_set = amount_of(&line[format!("{key}_set")][side.key()]["amount"]);
            in_set.or_else(|| amount_of(&line[key])).unwrap_or_default()
        };
        let off = if discounted { of("total_discount") } else { Decimal::ZERO };
        json!({ "amount": (of("price") * quantity - off).to_string(), "currency_code": currency(order, side) })
    };
    bag_of(&json!({ Side::Shop.key(): side(Side::Shop), Side::Presentment.key(): side(Side::Presentment) }))
}

fn currency(order: &Value, side: Side) -> &Value {
    match (side, &order["presentment_currency"]) {
        (Side::Shop, _) | (_, Value::Null) => &order["currency"],
        (Side::Presentment, currency) => currency,
    }
}

/// `ShippingLine`.
pub(super) fn shipping(order: &Value, line: &Value) -> Value {
    json!({
        "__typename": "ShippingLine",
        "id": gid("ShippingLine", &line["id"]),
        "title": line["title"].as_str().unwrap_or_default(),
        "code": text(&line["code"]),
        "source": text(&line["source"]),
        "phone": text(&line["phone"]),
        "carrierIdentifier": text(&line["carrier_identifier"]),
        "isRemoved": flag(&line["is_removed"]),
        "custom": line["code"] == "custom",
        "originalPriceSet": bag_or_zero(order, line, "price"),
        "discountedPriceSet": match bag(order, line, "discounted_price") {
            Value::Null => bag_or_zero(order, line, "price"),
            discounted => discounted,
        },
        "currentDiscountedPriceSet": match bag(order, line, "current_discounted_price") {
            Value::Null if flag(&line["is_removed"]) == true => both(order, &json!("0")),
            Value::Null => match bag(order, line, "discounted_price") {
                Value::Null => bag_or_zero(order, line, "price"),
                discounted => discounted,
            },
            current => current,
        },
        "taxLines": taxes(order, line),
        "discountAllocations": allocations(order, line),
    })
}

/// `TaxLine`s of an order, a line or a shipping line.
pub(super) fn taxes(order: &Value, holder: &Value) -> Value {
    let lines = items(&holder["tax_lines"]).iter().map(|tax| {
        let percent =
            amount_of(&tax["rate"]).map(|rate| (rate * Decimal::ONE_HUNDRED).normalize().to_string());
        json!({
            "title": tax["title"].as_str().unwrap_or_default(),
            "rate": float(&tax["rate"]),
            "ratePercentage": percent.map_or(Value::Null, |percent| float(&json!(percent))),
            "priceSet": bag_or_zero(order, tax, "price"),
            "channelLiable": tax["channel_liable"],
            "source": text(&tax["source"]),
        })
    });
    lines.collect()
}

fn duty(order: &Value, duty: &Value) -> Value {
    json!({
        "id": gid("Duty", &duty["id"]),
        "countryCodeOfOrigin": text(&duty["country_code_of_origin"]),
        "harmonizedSystemCode": text(&duty["harmonized_system_code"]),
        "price": bag_of(&json!({
            Side::Shop.key(): duty["shop_money"], Side::Presentment.key(): duty["presentment_money"],
        })),
        "taxLines": taxes(order, duty),
    })
}

fn allocations(order: &Value, line: &Value) -> Value {
    let allocated = items(&line["discount_allocations"]).iter().map(|allocation| {
        let index = allocation["discount_application_index"].as_u64().unwrap_or(0);
        let application =
            usize::try_from(index).ok().and_then(|at| items(&order["discount_applications"]).get(at));
        json!({
            "allocatedAmountSet": bag_or_zero(order, allocation, "amount"),
            "discountApplication": application.map_or(Value::Null, |one| discount(order, one, index)),
        })
    });
    allocated.collect()
}

/// All `DiscountApplication`s of an order.
pub(super) fn discounts(order: &Value) -> Value {
    let numbered = items(&order["discount_applications"]).iter().zip(0..);
    numbered.map(|(one, index)| discount(order, one, index)).collect()
}

fn discount(order: &Value, application: &Value, index: u64) -> Value {
    let kind = match application["type"].as_str() {
        Some("discount_code") => "DiscountCodeApplication",
        Some("automatic") => "AutomaticDiscountApplication",
        Some("script") => "ScriptDiscountApplication",
        _ => "ManualDiscountApplication",
    };
    let value = if application["value_type"] == "percentage" {
        json!({ "__typename": "PricingPercentageValue", "percentage": float(&application["value"]) })
    } else {
        money(&application["value"], &order["currency"])
    };
    let title = application["title"].as_str().or(application["description"].as_str()).unwrap_or_default();
    json!({
        "__typename": kind,
        "index": index,
        "allocationMethod": upper(&application["allocation_method"]),
        "targetSelection": upper(&application["target_selection"]),
        "targetType": upper(&application["target_type"]),
        "value": value,
        "code": application["code"].as_str().unwrap_or_default(),
        "title": title,
        "description": text(&application["description"]),
    })
}
