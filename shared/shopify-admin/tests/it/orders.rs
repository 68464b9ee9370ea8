//! Orders: lists by window, whole orders whatever their number of lines, several together.

use serde_json::{Value, json};
use shopify::parse_order;
use shopify_admin::{AdminError, Window};

use crate::{
    reverse,
    world::{Reply, data, error, in_seconds, replies_for, shop},
};

fn an_order(id: u64) -> Value {
    let mut rest: Value =
        serde_json::from_slice(&testkit::sample("shopify-orders-create-two-lines.json")).unwrap();
    rest["id"] = json!(id);
    reverse::order(&rest)
}

fn lines(range: std::ops::Range<u64>) -> Value {
    let line = an_order(1)["lineItems"]["nodes"][0].clone();
    let numbered = range.map(|number| {
        let mut line = line.clone();
        line["id"] = json!(format!("gid://shopify/LineItem/{number}"));
        line
    });
    numbered.collect()
}

fn connection(nodes: &Value, cursor: Option<&str>) -> Value {
    json!({ "nodes": nodes, "pageInfo": { "hasNextPage": cursor.is_some(), "endCursor": cursor } })
}

fn first(order: &Value) -> Reply {
    data(json!({ "shop": { "ianaTimezone": "Europe/Berlin" }, "order": order }))
}

fn further(nodes: &Value, cursor: Option<&str>, updated_at: &Value) -> Reply {
    data(json!({ "order": { "updatedAt": updated_at, "lineItems": connection(nodes, cursor) } }))
}

/// An order of 500 lines, of which the first 250 come with it.
fn of_500_lines() -> Value {
    let mut order = an_order(1);
    order["lineItems"] = connection(&lines(0..250), Some("c1"));
    order
}

#[tokio::test(start_paused = true)]
async fn a_window_is_asked_for_in_shopifys_own_search_syntax() {
    let node = json!({ "id": "gid://shopify/Order/820982911946154508", "name": "#1001", "updatedAt": "2026-11-22T10:00:01Z" });
    let page = json!({ "orders": connection(&json!([node]), Some("c1")) });
    let (admin, script) = shop([data(page), data(json!({ "orders": connection(&json!([]), None) }))]);
    let window = Window {
        from: "2026-11-22T10:00:00.9Z".parse().unwrap(),
        until: "2026-11-22T10:59:59.1Z".parse().unwrap(),
    };
    let page = admin.orders_updated(window, None, 1_000, in_seconds(10)).await.unwrap();
    assert_eq!((page.orders[0].id, page.orders[0].name.as_str()), (820_982_911_946_154_508, "#1001"));
    let last = admin.orders_updated(window, page.cursor.as_deref(), 50, in_seconds(10)).await.unwrap();
    assert!(last.orders.is_empty() && last.cursor.is_none());
    let query = "updated_at:>='2026-11-22T10:00:00Z' updated_at:<'2026-11-22T11:00:00Z'";
    assert_eq!(script.variables()[0], json!({ "query": query, "first": 250, "after": null }));
    assert_eq!(script.variables()[1], json!({ "query": query, "first": 50, "after": "c1" }));
}

#[tokio::test(start_paused = true)]
async fn an_order_that_is_not_there_is_none() {
    let (admin, script) = shop([first(&Value::Null)]);
    assert_eq!(admin.order(7, in_seconds(10)).await, Ok(None));
    assert_eq!(script.variables()[0], json!({ "id": "gid://shopify/Order/7", "first": 25 }));
}

#[tokio::test(start_paused = true)]
async fn all_500_lines_come() {
    let order = of_500_lines();
    let more = further(&lines(250..500), None, &order["updatedAt"]);
    let (admin, script) = shop([first(&order), more]);
    let document = admin.order(1, in_seconds(10)).await.unwrap().unwrap();
    let parsed = parse_order(document.body.expose()).unwrap();
    let ids: Vec<_> = parsed.line_items.iter().filter_map(|line| line.id).collect();
    assert_eq!(ids, (0..500).collect::<Vec<_>>());
    assert_eq!(script.variables()[1], json!({ "id": "gid://shopify/Order/1", "first": 30, "after": "c1" }));
    assert_eq!((document.id, document.name.as_str()), (1, "#1001"));
}

#[tokio::test(start_paused = true)]
async fn an_order_that_changes_between_its_pages_is_begun_anew() {
    let order = of_500_lines();
    let changed = || further(&lines(250..500), None, &json!("2026-11-22T12:00:00Z"));
    let whole = further(&lines(250..500), None, &order["updatedAt"]);
    let (admin, _) = shop([first(&order.clone()), changed(), first(&order.clone()), whole]);
    let document = admin.order(1, in_seconds(10)).await.unwrap().unwrap();
    assert_eq!(parse_order(document.body.expose()).unwrap().line_items.len(), 500);
    let restless = (0..3).flat_map(|_| [first(&order.clone()), changed()]);
    let (admin, _) = shop(restless);
    assert!(matches!(admin.order(1, in_seconds(10)).await, Err(AdminError::Unreachable(_))));
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_whole_is_an_error_and_never_cut() {
    let with = |change: fn(&mut Value)| {
        let mut order = an_order(1);
        change(&mut order);
        first(&order)
    };
    let empty = of_500_lines();
    let updated_at = empty["updatedAt"].clone();
    let many = |count: usize| json!({ "updatedAt": updated_at, "refunds": vec![json!({ "id": "gid://shopify/Refund/1" }); count] });
    let three =
        || with(|order| order["refunds"] = Value::Array(vec![json!({ "id": "gid://shopify/Refund/1" }); 3]));
    for replies in [
        vec![first(&empty), further(&json!([]), Some("c1"), &updated_at)],
        vec![three(), data(json!({ "order": many(250) }))],
    ] {
        let (admin, _) = shop(replies);
        let error = admin.order(1, in_seconds(10)).await.unwrap_err();
        assert!(matches!(error, AdminError::Incomplete(_)), "{error}");
    }
    for replies in [
        vec![with(|order| order["shippingLines"]["pageInfo"]["hasNextPage"] = json!(true))],
        vec![with(|order| order["discountApplications"]["pageInfo"]["hasNextPage"] = json!(true))],
        vec![three(), data(json!({ "order": many(4) })), data(json!({ "nodes": [] }))],
    ] {
        let (admin, _) = shop(replies);
        let error = admin.order(1, in_seconds(10)).await.unwrap_err();
        assert!(matches!(error, AdminError::Unreadable(_)), "{error}");
    }
    let endless = lines(0..250);
    let pages = (0..9).map(|_| further(&endless, Some("c"), &updated_at));
    let (admin, _) = shop(std::iter::once(first(&of_500_lines())).chain(pages));
    let error = admin.order(1, in_seconds(10)).await.unwrap_err();
    assert!(error.to_string().contains("more than 2000"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn refunds_come_with_all_their_lines() {
    let money = |amount: &str| {
        let side = json!({ "amount": amount, "currencyCode": "EUR" });
        json!({ "shopMoney": side, "presentmentMoney": side })
    };
    let refunded = |id: u64| {
        json!({
            "id": format!("gid://shopify/RefundLineItem/{id}"), "quantity": 1, "restockType": "RETURN",
            "lineItem": { "id": "gid://shopify/LineItem/15201000010011" }, "location": null,
            "subtotalSet": money("14.9"), "totalTaxSet": money("2.83")
        })
    };
    let none = || connection(&json!([]), None);
    let mut order = an_order(1);
    order["refunds"] = json!([{
        "id": "gid://shopify/Refund/9", "legacyResourceId": "9", "note": "damaged", "createdAt": "2026-11-22T10:00:00Z",
        "processedAt": "2026-11-22T10:00:00Z",
        "refundLineItems": connection(&json!([refunded(1)]), Some("r1")), "refundShippingLines": none(),
        "orderAdjustments": none(), "transactions": none()
    }]);
    let more = data(json!({ "refund": {
        "order": { "updatedAt": order["updatedAt"] }, "refundLineItems": connection(&json!([refunded(2)]), None)
    } }));
    let (admin, script) = shop(replies_for(&order, "Europe/Berlin").into_iter().chain([more]));
    let document = admin.order(1, in_seconds(10)).await.unwrap().unwrap();
    let written: Value = serde_json::from_slice(document.body.expose()).unwrap();
    let refund = &written["refunds"][0];
    assert_eq!((&refund["id"], &refund["order_id"]), (&json!(9), &json!(1)));
    assert_eq!(refund["refund_line_items"].as_array().unwrap().len(), 2);
    assert_eq!(refund["refund_line_items"][1]["restock_type"], "return");
    // These two are bare numbers in a webhook.
    assert!(String::from_utf8(document.body.expose().clone()).unwrap().contains("\"subtotal\":14.90"));
    let asked = script.variables();
    assert_eq!(asked[1], json!({ "ids": ["gid://shopify/Refund/9"] }));
    assert_eq!(asked[2], json!({ "id": "gid://shopify/Refund/9", "first": 90, "after": "r1" }));
}

#[tokio::test(start_paused = true)]
async fn several_orders_come_together_and_in_the_order_asked_for() {
    let zone = json!({ "ianaTimezone": "Europe/Berlin" });
    let part = |nodes: Value| data(json!({ "shop": zone, "nodes": nodes }));
    let (admin, script) = shop([part(json!([an_order(2), null, an_order(1)])), part(json!([{}]))]);
    let found = admin.orders(&[1, 3, 2, 4], in_seconds(10)).await.unwrap();
    assert_eq!(found.iter().map(|order| order.id).collect::<Vec<_>>(), [1, 2]);
    let gids = ["gid://shopify/Order/1", "gid://shopify/Order/3", "gid://shopify/Order/2"];
    assert_eq!(script.variables()[0], json!({ "ids": gids, "first": 6 }));
}

#[tokio::test(start_paused = true)]
async fn what_costs_too_much_together_is_asked_for_in_smaller_parts() {
    let zone = || json!({ "ianaTimezone": "Europe/Berlin" });
    let part = |ids: std::ops::Range<u64>| {
        data(json!({ "shop": zone(), "nodes": ids.map(an_order).collect::<Vec<_>>() }))
    };
    let (admin, script) = shop([error("MAX_COST_EXCEEDED"), part(1..3), part(3..5), part(5..6)]);
    let ids: Vec<_> = (1..6).collect();
    assert_eq!(admin.orders(&ids, in_seconds(10)).await.unwrap().len(), 5);
    let sizes: Vec<_> = script.variables().iter().map(|v| v["ids"].as_array().unwrap().len()).collect();
    assert_eq!(sizes, [3, 2, 2, 1]);
    let order = of_500_lines();
    let more = further(&lines(250..500), None, &order["updatedAt"]);
    let too_costly = || error("MAX_COST_EXCEEDED");
    let (admin, script) = shop([too_costly(), first(&order), too_costly(), too_costly(), more]);
    assert!(admin.order(1, in_seconds(10)).await.is_ok());
    let sizes: Vec<_> =
        script.variables().iter().map(|variables| variables["first"].as_u64().unwrap()).collect();
    assert_eq!(sizes, [25, 7, 30, 8, 2]);
}

/// Whatever shows another state of the order than its head did: a page of its lines, its refunds, a refund that is gone.
#[tokio::test(start_paused = true)]
async fn refunds_of_another_state_of_the_order_are_not_taken() {
    let mut order = an_order(1);
    order["refunds"] = json!([{ "id": "gid://shopify/Refund/9" }]);
    let later = json!({ "id": "gid://shopify/Refund/9", "order": { "updatedAt": "2026-11-22T12:00:00Z" } });
    for refund in [Value::Null, json!({}), later] {
        let changed = data(json!({ "nodes": [refund] }));
        let (admin, script) = shop([first(&order), changed, first(&an_order(1))]);
        assert!(admin.order(1, in_seconds(10)).await.unwrap().is_some());
        assert_eq!(script.asked().len(), 3);
    }
}

#[tokio::test(start_paused = true)]
async fn an_order_of_another_shape_is_told_and_shows_nobody() {
    let mut order = an_order(1);
    order["customer"]["legacyResourceId"] = json!("Anna");
    let (admin, _) = shop([first(&order)]);
    let error = admin.order(1, in_seconds(10)).await.unwrap_err();
    assert!(matches!(&error, AdminError::Unreadable(why) if why.contains("legacyResourceId")), "{error}");
    assert!(!error.to_string().contains("Anna"));
}

#[tokio::test(start_paused = true)]
async fn a_document_prints_nobody() {
    let (admin, _) = shop([first(&an_order(1))]);
    let document = admin.order(1, in_seconds(10)).await.unwrap();
    let shown = format!("{document:?}");
    assert!(shown.contains("#1001") && !shown.contains("Anna") && !shown.contains("example.com"), "{shown}");
}
