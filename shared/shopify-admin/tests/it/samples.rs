//! What is fetched reads as what is delivered: each sample, written as the Admin API would answer it, comes out as
//! the order that its webhook is, and is planned as that is.

use mapping::{DEFAULT_FILE, Mapping, plan_journal, plan_order};
use serde_json::{Value, json};
use shopify::{
    Order,
    PersonalData::{Address, Email, Name, Phone},
    parse_order,
};

use crate::{
    reverse,
    world::{data, in_seconds, replies_for, shop},
};

fn rest(name: &str) -> Value {
    serde_json::from_slice(&testkit::sample(name)).unwrap()
}

pub(crate) async fn fetched(order: Value, zone: &str) -> Order {
    let (admin, _) = shop(replies_for(&order, zone));
    let document = admin.order(1, in_seconds(10)).await.unwrap().unwrap();
    parse_order(document.body.expose()).unwrap()
}

/// An order without the fields that the Admin API does not tell. No plan of an order depends on any of them.
pub(crate) fn told(mut order: Order) -> Order {
    order.merchant_business_entity_id = None;
    order.fulfillments.clear();
    for line in &mut order.line_items {
        line.fulfillable_quantity = None;
    }
    for refund in &mut order.refunds {
        refund.total_duties_set = None;
        refund.total_additional_fees_set = None;
    }
    if let Some(customer) = &mut order.customer {
        customer.currency = None;
        if let Some(address) = &mut customer.default_address {
            address.id = None;
        }
    }
    order
}

/// What is fetched must be the delivered order, and become the same documents.
pub(crate) fn assert_same(fetched: Order, delivered: Order, mappings: &[Mapping], name: &str) {
    let key = |kind: &str| format!("demo/shopify/{kind}/{}", delivered.id).parse().unwrap();
    assert_eq!(fetched.mismatches(), delivered.mismatches(), "{name}");
    for mapping in mappings {
        let plans = |order| {
            [plan_order(mapping, &key("order"), order), plan_journal(mapping, &key("journal"), order)]
        };
        assert_eq!(plans(&fetched), plans(&delivered), "{name}");
    }
    assert_eq!(told(fetched), told(delivered), "{name}");
}

pub(crate) fn mappings() -> [Mapping; 2] {
    let rules = testkit::root().join("shared/mapping/tests/samples/finance.toml");
    let rules = std::fs::read_to_string(rules).unwrap();
    [DEFAULT_FILE, &rules].map(|text| Mapping::parse(text).unwrap())
}

#[tokio::test(start_paused = true)]
async fn every_sample_is_the_same_order_whichever_way_it_comes() {
    let mappings = mappings();
    let mut compared = 0;
    for folder in ["events", "shared/shopify/tests/samples"] {
        for path in testkit::files(&testkit::root().join(folder), ".json") {
            let name = path.file_name().unwrap().to_string_lossy();
            let is_order = ["create", "updated", "paid"]
                .iter()
                .any(|word| name.starts_with(&format!("shopify-orders-{word}")));
            if !is_order || name.contains("expected") {
                continue;
            }
            let body = std::fs::read(&path).unwrap();
            let rest: Value = serde_json::from_slice(&body).unwrap();
            let is_utc = rest["created_at"].as_str().unwrap().ends_with('Z');
            let zone = if is_utc { "UTC" } else { "Europe/Berlin" };
            let fetched = fetched(reverse::order(&rest), zone).await;
            assert_same(fetched, parse_order(&body).unwrap(), &mappings, &name);
            compared += 1;
        }
    }
    assert!(compared >= 17, "only {compared} samples");
}

/// The same with orders that nobody here wrote, where they are beside the project.
#[tokio::test(start_paused = true)]
async fn published_orders_are_the_same_whichever_way_they_come() {
    let Some(fixtures) = testkit::fixtures() else { return };
    let mappings = mappings();
    let files = testkit::files(&fixtures.join("shopify/rest-2026-07"), ".json");
    let is_order =
        |file: &std::path::PathBuf| file.file_name().unwrap().to_string_lossy().starts_with("order_");
    for file in files.into_iter().filter(is_order) {
        let rest: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
        let rest = rest["order"].clone();
        let delivered = parse_order(rest.to_string().as_bytes()).unwrap();
        let fetched = fetched(reverse::order(&rest), "America/New_York").await;
        assert_same(fetched, delivered, &mappings, &file.display().to_string());
    }
}

/// Late on the 30th in Honolulu it is the 1st in UTC: books name the shop's own day.
#[tokio::test(start_paused = true)]
async fn the_day_is_the_shops_own() {
    let mut order = reverse::order(&rest("shopify-orders-create-two-lines.json"));
    order["processedAt"] = json!("2026-12-01T05:00:00Z");
    let order = fetched(order, "Pacific/Honolulu").await;
    assert_eq!(order.business_date().unwrap().to_string(), "2026-11-30");
}

/// Null is what Shopify's Admin API puts in the place of what it withholds; a webhook has no key there, and that is
/// how an order is known that must not become half a customer.
#[tokio::test(start_paused = true)]
async fn withheld_data_is_missing_and_not_empty() {
    let order = reverse::order(&rest("shopify-orders-create-two-lines.json"));
    let kinds = |paths: &'static [&'static str]| {
        let mut order = order.clone();
        let errors: Vec<_> = paths
            .iter()
            .map(|path| {
                *order.pointer_mut(&format!("/{path}")).unwrap() = Value::Null;
                let steps: Vec<_> = std::iter::once("order").chain(path.split('/')).collect();
                let message = "This app is not approved to use the field.";
                json!({ "message": message, "path": steps, "extensions": { "code": "ACCESS_DENIED" } })
            })
            .collect();
        async move {
            let data = json!({ "shop": { "ianaTimezone": "Europe/Berlin" }, "order": order });
            let (admin, _) = shop([Ok((200, json!({ "data": data, "errors": errors }).to_string()))]);
            let document = admin.order(1, in_seconds(10)).await.unwrap().unwrap();
            parse_order(document.body.expose()).unwrap().withheld()
        }
    };
    assert_eq!(kinds(&[]).await, []);
    assert_eq!(kinds(&["email", "customer/defaultEmailAddress"]).await, [Email]);
    assert_eq!(kinds(&["shippingAddress"]).await, [Name, Address]);
    assert_eq!(kinds(&["customer", "email", "phone"]).await, [Name, Email, Phone]);
    assert_eq!(
        kinds(&["billingAddress/address1", "billingAddress/zip", "billingAddress/city"]).await,
        [Address]
    );
}

#[tokio::test(start_paused = true)]
async fn an_order_between_businesses_names_its_firm() {
    let mut rest = rest("shopify-orders-create-two-lines.json");
    rest["company"] = json!({ "id": 7, "location_id": 8 });
    rest["po_number"] = json!("PO 4711");
    let mut order = reverse::order(&rest);
    order["paymentTerms"] = json!({
        "id": "gid://shopify/PaymentTerms/5", "paymentTermsName": "Net 30", "paymentTermsType": "NET", "dueInDays": 30,
        "paymentSchedules": reverse::connection(&json!([{
            "id": "gid://shopify/PaymentSchedule/6", "issuedAt": "2026-11-11T09:15:41Z", "dueAt": "2026-12-11T09:15:41Z",
            "completedAt": null, "totalBalance": { "amount": "69.85", "currencyCode": "EUR" }
        }])),
    });
    let (admin, _) = shop([data(json!({ "shop": { "ianaTimezone": "Europe/Berlin" }, "order": order }))]);
    let document = admin.order(1, in_seconds(10)).await.unwrap().unwrap();
    let parsed = parse_order(document.body.expose()).unwrap();
    assert_eq!(
        (parsed.company.unwrap().location_id, parsed.po_number.as_deref()),
        (Some(8), Some("PO 4711"))
    );
    let written: Value = serde_json::from_slice(document.body.expose()).unwrap();
    assert_eq!(
        written["payment_terms"],
        json!({
            "id": 5, "payment_terms_name": "Net 30", "payment_terms_type": "net", "due_in_days": 30,
            "payment_schedules": [{
                "id": 6, "amount": "69.85", "currency": "EUR", "total_balance": "69.85",
                "issued_at": "2026-11-11T10:15:41+01:00", "due_at": "2026-12-11T10:15:41+01:00", "completed_at": null
            }]
        })
    );
}

/// A tip has no mark in the Admin API: it is told by its amount, and by its title where that is not enough.
#[tokio::test(start_paused = true)]
async fn the_line_of_a_tip_is_marked() {
    let with_tip = |titles: &[&str]| {
        let mut order = reverse::order(&rest("shopify-orders-create-two-lines.json"));
        let side = json!({ "amount": "5.0", "currencyCode": "EUR" });
        let bag = json!({ "shopMoney": side, "presentmentMoney": side });
        order["totalTipReceivedSet"] = bag.clone();
        let mut line = order["lineItems"]["nodes"][0].clone();
        for (key, value) in
            [("product", Value::Null), ("variant", Value::Null), ("requiresShipping", json!(false))]
        {
            line[key] = value;
        }
        line["originalUnitPriceSet"] = bag;
        for title in titles {
            line["title"] = json!(title);
            order["lineItems"]["nodes"].as_array_mut().unwrap().push(line.clone());
        }
        async move {
            let parsed = fetched(order, "Europe/Berlin").await;
            parsed.line_items.iter().skip(2).map(|line| line.is_tip).collect::<Vec<_>>()
        }
    };
    assert_eq!(with_tip(&["Trinkgeld"]).await, [true]);
    assert_eq!(with_tip(&["Engraving", "Tip"]).await, [false, true]);
    assert_eq!(with_tip(&["Engraving", "Wrapping"]).await, [false, false]);
}

#[tokio::test(start_paused = true)]
async fn a_code_tells_what_it_took_off() {
    let order = reverse::order(&rest("shopify-orders-create-order-discount.json"));
    let (admin, _) = shop([data(json!({ "shop": { "ianaTimezone": "Europe/Berlin" }, "order": order }))]);
    let document = admin.order(1, in_seconds(10)).await.unwrap().unwrap();
    let written: Value = serde_json::from_slice(document.body.expose()).unwrap();
    let delivered = rest("shopify-orders-create-order-discount.json");
    assert_eq!(written["discount_codes"], delivered["discount_codes"]);
    for key in ["type", "value_type", "target_type", "allocation_method", "target_selection", "code"] {
        assert_eq!(
            written["discount_applications"][0][key], delivered["discount_applications"][0][key],
            "{key}"
        );
    }
}
