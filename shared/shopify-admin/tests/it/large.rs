//! Orders in the shape of their webhook, as long as needed.

use serde_json::{Value, json};

pub(crate) fn money(amount: &str) -> Value {
    let side = json!({ "amount": amount, "currency_code": "EUR" });
    json!({ "shop_money": side, "presentment_money": side })
}

fn rate() -> Value {
    serde_json::from_str("0.19").unwrap()
}

/// An order of so many lines of 10.00 each, with 1.60 tax in them, as its webhook would tell it.
pub(crate) fn of_lines(id: u64, count: u64) -> Value {
    let line = |number: u64| {
        let tax = json!({ "title": "VAT", "rate": rate(), "price": "1.60", "price_set": money("1.60"), "channel_liable": false });
        json!({
            "id": id * 100_000 + number, "sku": format!("SKU-{number}"), "title": "Mug", "name": "Mug", "vendor": "Demo",
            "quantity": 1, "current_quantity": 1, "price": "10.00", "price_set": money("10.00"),
            "total_discount": "0.00", "product_id": 7, "variant_id": 8, "taxable": true, "requires_shipping": true,
            "gift_card": false, "properties": [], "duties": [], "discount_allocations": [], "tax_lines": [tax],
        })
    };
    let (goods, tax) = (format!("{}.00", count * 10), format!("{}.{}0", count * 16 / 10, count * 16 % 10));
    let mut order: Value =
        serde_json::from_slice(&testkit::sample("shopify-orders-create-two-lines.json")).unwrap();
    let times = json!("2026-11-22T09:00:00+00:00");
    for (key, value) in [
        ("id", json!(id)),
        ("admin_graphql_api_id", json!(format!("gid://shopify/Order/{id}"))),
        ("name", json!(format!("#{id}"))),
        ("line_items", (0..count).map(line).collect()),
        ("shipping_lines", json!([])),
        ("discount_applications", json!([])),
        ("discount_codes", json!([])),
        ("refunds", json!([])),
        ("taxes_included", json!(true)),
        ("created_at", times.clone()),
        ("updated_at", times.clone()),
        ("processed_at", times),
    ] {
        order[key] = value;
    }
    order["tax_lines"] = json!([{ "title": "VAT", "rate": rate(), "price": tax, "price_set": money(&tax), "channel_liable": false }]);
    for (total, amount) in [
        ("total_line_items_price", goods.as_str()),
        ("subtotal_price", &goods),
        ("total_price", &goods),
        ("total_tax", &tax),
        ("total_discounts", "0.00"),
        ("total_shipping_price", "0.00"),
        ("current_subtotal_price", &goods),
        ("current_total_price", &goods),
        ("current_total_tax", &tax),
        ("current_total_discounts", "0.00"),
        ("current_shipping_price", "0.00"),
    ] {
        order[total] = json!(amount);
        order[format!("{total}_set")] = money(amount);
    }
    order
}

/// A refund of so many lines, each of its pieces given back one by one.
fn refund(order: &Value, id: u64, lines: u64) -> Value {
    let order_lines = order["line_items"].as_array().unwrap();
    let refunded = |number: u64| {
        let place = usize::try_from(number).unwrap() % order_lines.len();
        json!({
            "id": id * 1_000 + number, "line_item_id": order_lines[place]["id"], "quantity": 1,
            "restock_type": "return", "location_id": 5,
            "subtotal": 10.25, "subtotal_set": money("10.25"), "total_tax": 1.64, "total_tax_set": money("1.64"),
        })
    };
    let adjustment = |number: u64| {
        json!({
            "id": id * 1_000 + number, "order_id": order["id"], "kind": "refund_discrepancy",
            "reason": "refund_discrepancy", "amount": "-1.00", "amount_set": money("-1.00"), "tax_amount": "0.00",
            "tax_amount_set": money("0.00"),
        })
    };
    let shipping = |number: u64| json!({ "id": id * 1_000 + number, "subtotal_amount_set": money("1.00") });
    let transaction = |number: u64| {
        json!({
            "id": id * 1_000 + number, "order_id": order["id"], "kind": "refund", "status": "success",
            "gateway": "bogus", "test": false, "amount": "5.00", "currency": "EUR",
            "created_at": "2026-11-22T09:30:00+00:00", "processed_at": "2026-11-22T09:30:00+00:00",
        })
    };
    // Each list of a refund is longer than a first page for some refunds, and than a further one for the largest.
    let few = |most: u64| id % (most + 1);
    json!({
        "id": id, "admin_graphql_api_id": format!("gid://shopify/Refund/{id}"), "order_id": order["id"],
        "note": "damaged", "created_at": "2026-11-22T09:30:00+00:00", "processed_at": "2026-11-22T09:30:00+00:00",
        "refund_line_items": (0..lines).map(refunded).collect::<Vec<_>>(),
        "refund_shipping_lines": (0..few(2)).map(shipping).collect::<Vec<_>>(),
        "order_adjustments": (0..few(3)).map(adjustment).collect::<Vec<_>>(),
        "transactions": (0..=few(4)).map(transaction).collect::<Vec<_>>(),
    })
}

/// An order that is longer than a page in every list it has.
pub(crate) fn of_500_lines_and_60_refunds() -> Value {
    let mut order = of_lines(1, 500);
    let refunds = (1..=60).map(|id| refund(&order, id, if id % 20 == 0 { 200 } else { id % 9 }));
    order["refunds"] = refunds.collect::<Vec<_>>().into();
    let code = |number: u64| {
        json!({
            "type": "manual", "title": format!("Part {number}"), "value": "0.0", "value_type": "fixed_amount",
            "allocation_method": "across", "target_selection": "all", "target_type": "line_item",
        })
    };
    order["discount_applications"] = (0..7).map(code).collect::<Vec<_>>().into();
    let shipping = |number: u64| {
        json!({
            "id": number, "title": "Parcel", "code": "parcel", "source": "shopify", "price": "0.00", "price_set": money("0.00"),
            "discounted_price": "0.00", "discounted_price_set": money("0.00"), "is_removed": number.is_multiple_of(2),
            "discount_allocations": [], "tax_lines": [],
        })
    };
    order["shipping_lines"] = (1..=60).map(shipping).collect::<Vec<_>>().into();
    let schedule = |number: u64| {
        json!({
            "id": number, "amount": "1000.00", "currency": "EUR", "issued_at": "2026-11-22T09:00:00+00:00",
            "due_at": format!("2027-0{number}-01T09:00:00+00:00"), "completed_at": null,
        })
    };
    order["payment_terms"] = json!({
        "id": 5, "payment_terms_name": "Instalments", "payment_terms_type": "fixed", "due_in_days": null,
        "payment_schedules": (1..=5).map(schedule).collect::<Vec<_>>(),
    });
    order
}
