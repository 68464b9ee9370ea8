//! What is not an order: refunds, customers, firms, drafts, edits, and the journal entry that follows an order.

use domain::{Event, FindingCode, Record, State};
use serde_json::{Value, json};

use crate::support::{World, message, order, world, world_with};

/// Deliveries go to the poster until the queue is empty.
async fn work_off(world: &World) {
    for _ in 0..10 {
        if world.events.messages().is_empty() {
            return;
        }
        world.post_queue().await;
        world.clock.advance(400);
    }
}

async fn record(world: &World, key: &str) -> Record {
    ledger::Ledger::record(&*world.ledger, &key.parse().unwrap()).await.unwrap().unwrap()
}

fn refund() -> Value {
    let money = |amount: &str| {
        json!({ "shop_money": { "amount": amount, "currency_code": "EUR" },
                                       "presentment_money": { "amount": amount, "currency_code": "EUR" } })
    };
    json!({
        "id": 901, "order_id": 1, "created_at": "2026-11-21T10:00:00+01:00",
        "processed_at": "2026-11-21T10:00:00+01:00", "note": null, "restock": true, "duties": [],
        "refund_line_items": [{
            "id": 1, "line_item_id": 100, "quantity": 1, "restock_type": "return", "subtotal": "10.00",
            "subtotal_set": money("10.00"), "total_tax": "0.00", "total_tax_set": money("0.00"),
            "line_item": { "id": 100, "sku": "MUG-BLUE-12" } }],
        "order_adjustments": [],
        "transactions": [{ "id": 5, "kind": "refund", "status": "success", "amount": "10.00", "currency": "EUR" }]
    })
}

/// The default mapping with rules for the general ledger, in the accounts of the simulated M3.
fn with_ledger(file: &str) -> String {
    let file = file
        .replace("allocations = false", "allocations = true")
        .replace("refunds = \"note\"", "refunds = \"journal\"")
        .replace("clearing_account = \"\"", "clearing_account = \"1510\"")
        .replace("interface = \"\"", "interface = \"ECOM-FLD\"")
        .replace("division = \"\"", "division = \"AAA\"");
    format!(
        "{file}\n[[gl]]\naccount = \"3520\"\n\n[[gl]]\nkind = \"shipping\"\naccount = \"3520\"\n\n\
         [[gl]]\nkind = \"refund\"\naccount = \"3520\"\n"
    )
}

#[tokio::test]
async fn a_refund_is_noted_and_costs_nothing() {
    let world = world().await;
    world.post(&[order(1, 2)]).await;
    let before = world.gateway_requests();
    assert!(world.post_messages(vec![message(&refund().to_string(), "refunds/create")]).await.is_empty());
    let State::Skipped { reason } = record(&world, "demo/shopify/refund/901").await.state else { panic!() };
    assert!(reason.starts_with("noted"), "{reason}");
    assert_eq!(world.gateway_requests(), before);
}

#[tokio::test]
async fn a_refund_becomes_a_journal_entry_once_its_order_is_there() {
    let world = world_with(with_ledger).await;
    let body = message(&refund().to_string(), "refunds/create");
    assert_eq!(world.post_messages(vec![body.clone()]).await, ["m-0"], "its order was not heard of yet");
    assert!(world.m3.simulator().vouchers().is_empty());
    world.post(&[order(1, 2)]).await;
    world.confirm_after(60).await;
    world.clock.advance(400);
    assert!(world.post_messages(vec![body.clone()]).await.is_empty());
    world.confirm_after(60).await;
    let booked = record(&world, "demo/shopify/refund/901").await;
    assert_eq!(booked.state, State::Confirmed);
    let turnover = domain::Quantities::from([("EUR".to_owned(), 10.into())]);
    assert_eq!((booked.movements.count, booked.movements.done), (1, turnover));
    let vouchers = world.m3.simulator().vouchers();
    let amounts: Vec<_> =
        vouchers.iter().flat_map(|one| &one.lines).map(|line| line.amount.to_string()).collect();
    assert_eq!(amounts, ["10", "-10"]);
    assert!(world.post_messages(vec![body]).await.is_empty());
    assert_eq!(world.m3.simulator().vouchers().len(), 1, "a second delivery books nothing");
    assert_eq!(record(&world, "demo/shopify/refund/901").await.movements.count, 1);
}

/// What the order's lines cannot carry in M3 follows as a journal entry, through the same queue, once.
#[tokio::test]
async fn an_orders_allocations_follow_as_a_journal_entry() {
    let world = world_with(with_ledger).await;
    world.send(&order(1, 2)).await;
    work_off(&world).await;
    world.confirm_after(60).await;
    let entry = record(&world, "demo/shopify/journal/1").await;
    assert_eq!(entry.state, State::Confirmed, "{:?}", entry.trail);
    let vouchers = world.m3.simulator().vouchers();
    assert_eq!(vouchers.len(), 1);
    let sum: rust_decimal::Decimal = vouchers[0].lines.iter().map(|line| line.amount).sum();
    assert!(sum.is_zero());
    assert_eq!(record(&world, "demo/shopify/order/1").await.state, State::Confirmed);
    world.send(&order(1, 2)).await;
    work_off(&world).await;
    assert_eq!(world.m3.simulator().vouchers().len(), 1);
}

fn customer(street: &str) -> Value {
    let address = json!({ "first_name": "Ada", "last_name": "Lovelace", "name": "Ada Lovelace", "company": null,
        "address1": street, "address2": null, "zip": "10117", "city": "Berlin", "province_code": null,
        "country_code": "DE", "phone": "+49 30 901820" });
    json!({ "id": 7, "email": "Ada@example.com ", "phone": null, "first_name": "Ada", "last_name": "Lovelace",
            "state": "enabled", "verified_email": true, "tax_exempt": false, "currency": "EUR",
            "created_at": "2026-11-20T10:00:00+01:00", "updated_at": "2026-11-20T10:00:00+01:00",
            "addresses": [address.clone()], "default_address": address })
}

/// The customer that an order brought and the customer's own event are one record and one customer.
#[tokio::test]
async fn a_customers_own_event_changes_the_customer_that_an_order_made() {
    let world = world().await;
    world.post(&[order(1, 1)]).await;
    let count = |world: &World| world.state()["customers"].as_object().unwrap().len();
    let before = (count(&world), world.gateway_requests());
    let same = message(&customer("Unter den Linden 6").to_string(), "customers/update");
    assert!(world.post_messages(vec![same]).await.is_empty());
    assert_eq!((count(&world), world.gateway_requests()), before, "it says nothing new");
    let moved = message(&customer("Neue Gasse 5").to_string(), "customers/update");
    assert!(world.post_messages(vec![moved]).await.is_empty());
    assert_eq!(count(&world), before.0);
    let customers = world.state()["customers"].to_string();
    assert!(customers.contains("Neue Gasse 5"), "{customers}");
}

#[tokio::test]
async fn customers_that_are_gone_contacts_and_drafts_are_left_alone_with_a_reason() {
    let world = world().await;
    let before = world.gateway_requests();
    let bodies = [
        (json!({ "id": 7, "tax_exemptions": [] }), "customers/delete", "customer/gone-7"),
        (
            json!({ "id": 11, "note": null, "email": "a@example.com", "currency": "EUR", "invoice_sent_at": null,
                    "line_items": [], "name": "#D1", "status": "open", "created_at": "2026-11-20T10:00:00+01:00",
                    "updated_at": "2026-11-20T10:00:00+01:00", "order_id": null, "invoice_url": "x", "applied_discount": null,
                    "invoice_sent_at": null }),
            "draft_orders/create",
            "request/draft-11",
        ),
    ];
    for (body, topic, key) in bodies {
        assert!(world.post_messages(vec![message(&body.to_string(), topic)]).await.is_empty(), "{topic}");
        let record = record(&world, &format!("demo/shopify/{key}")).await;
        assert!(matches!(record.state, State::Skipped { .. }), "{topic}: {:?}", record.state);
    }
    assert_eq!(world.gateway_requests(), before);
}

/// A delivery that says only what was added to an order.
fn edit_of(order: u64) -> Value {
    json!({ "order_edit": { "id": 3, "app_id": 1, "order_id": order, "user_id": null, "staff_note": "",
        "notify_customer": false, "created_at": "2026-11-20T10:00:00+01:00",
        "committed_at": "2026-11-20T10:00:01+01:00",
        "line_items": { "additions": [{ "id": 5, "delta": 1 }], "removals": [] },
        "discounts": { "line_item": { "additions": [], "removals": [] } },
        "shipping_lines": { "additions": [], "removals": [] } } })
}

#[tokio::test]
async fn an_edit_without_admin_credentials_is_left_to_the_whole_order() {
    let world = world().await;
    let body = edit_of(1);
    assert!(world.post_messages(vec![message(&body.to_string(), "orders/edited")]).await.is_empty());
    let State::Skipped { reason } = record(&world, "demo/shopify/request/edit-3").await.state else {
        panic!()
    };
    assert!(reason.contains("orders/updated"), "{reason}");
}

#[tokio::test]
async fn a_topic_that_nobody_knows_is_told_and_not_taken_for_an_order() {
    let world = world().await;
    let body = message(&order(1, 1).to_string(), "products/update");
    assert!(world.post_messages(vec![body]).await.is_empty());
    assert_eq!(world.reasons(), [format!("rejected: {}", FindingCode::UnreadablePayload)]);
    assert_eq!(world.orders_in_m3(), (0, 0));
}

/// A purchase order instead of a sales order, by the mapping's strategy.
#[tokio::test]
async fn an_order_becomes_a_purchase_order_if_the_mapping_says_so() {
    let world = world_with(|file| {
        file.replace("strategy = \"customer_order\"", "strategy = \"purchase_order\"")
            .replace("supplier = \"\"", "supplier = \"S00001\"")
            .replace("batch_origin = \"\"", "batch_origin = \"ECOM\"")
            .replace("facility = \"\"", "facility = \"A01\"")
    })
    .await;
    assert!(world.post(&[order(1, 2)]).await.is_empty(), "{:?}", world.reasons());
    world.confirm_after(60).await;
    let record = world.record(1).await;
    assert_eq!(record.state, State::Confirmed, "{:?}", record.trail);
    let purchases = world.m3.simulator().purchase_orders();
    assert_eq!(purchases.len(), 1);
    assert_eq!(world.orders_in_m3(), (0, 0));
    assert!(record.trail.iter().any(|entry| entry.event == Event::Posted));
}

/// A delivery of an edit holds no prices, so the order is fetched and goes the usual way.
#[tokio::test]
async fn an_edited_order_is_fetched_and_goes_its_own_way_once() {
    let world = world().await;
    world.may_fetch();
    let mut order: Value =
        serde_json::from_slice(&testkit::sample("shopify-orders-create-two-lines.json")).unwrap();
    order["id"] = json!(77);
    let now = platform::Clock::now(&*world.clock);
    world.shopify.0.lock().unwrap().put_order_silently(order, now).unwrap();
    let edited = message(&edit_of(77).to_string(), "orders/edited");
    assert!(world.post_messages(vec![edited.clone()]).await.is_empty());
    let edit = record(&world, "demo/shopify/request/edit-3").await;
    assert!(edit.trail.iter().any(|entry| entry.event == Event::Fetched), "{:?}", edit.trail);
    assert_eq!(world.events.messages().len(), 2, "the edit, which is done with, and the order");
    work_off(&world).await;
    world.confirm_after(60).await;
    assert_eq!(world.record(77).await.state, State::Confirmed);
    assert!(world.post_messages(vec![edited]).await.is_empty());
    work_off(&world).await;
    assert_eq!(world.orders_in_m3(), (1, 0), "a second delivery of the edit is a duplicate");
}

/// A clerk may take days to release what was only entered.
#[tokio::test]
async fn an_import_document_waits_for_its_clerk_for_a_week() {
    let world =
        world_with(|file| file.replace("strategy = \"customer_order\"", "strategy = \"import_document\""))
            .await;
    assert!(world.post(&[order(1, 2)]).await.is_empty());
    assert_eq!(world.orders_in_m3(), (0, 1));
    for _ in 0..3 * 24 {
        world.confirm_after(3_700).await;
    }
    let entered = world.record(1).await;
    assert_eq!(entered.state, State::Posted, "after three days");
    let temporary = entered.references.temporary.unwrap();
    world.release(temporary.split('/').next().unwrap());
    world.confirm_after(3_700).await;
    assert_eq!(world.record(1).await.state, State::Confirmed);
    assert_eq!(world.orders_in_m3(), (1, 0));
}
