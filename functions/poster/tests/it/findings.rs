//! What CloudSuite does not know is a finding: all of an order in one report, and nothing written.

use domain::{FindingCode, State};
use serde_json::{Value, json};
use simulated_cloudsuite::{Effect, Fault};

use crate::support::{World, order, world};

async fn findings(world: &World, order: Value) -> Vec<(FindingCode, String)> {
    let id = order["id"].as_u64().unwrap();
    assert!(world.post(&[order]).await.is_empty(), "a rejected message leaves the queue");
    match world.record(id).await.state {
        State::Rejected { findings } => findings.into_iter().map(|f| (f.code, f.field)).collect(),
        other => panic!("{other:?}"),
    }
}

async fn push_mapping(world: &World, change: (&str, &str)) {
    let tenant = "demo".parse().unwrap();
    let stored = ledger::Ledger::mapping(&*world.ledger, &tenant).await.unwrap().unwrap();
    let text = stored.text.replace(change.0, change.1);
    assert_ne!(text, stored.text);
    let now = "2026-11-22T10:00:00Z".parse().unwrap();
    ledger::Ledger::push_mapping(&*world.ledger, &tenant, &text, "test", now).await.unwrap();
}

#[tokio::test]
async fn all_unknown_items_are_told_at_once_and_nothing_is_written() {
    let world = world().await;
    let mut bad = order(1, 1);
    for sku in ["GHOST-SKU", "MUG-OLD", "LAMP-DESK"] {
        let line = json!({ "id": 9, "sku": sku, "quantity": 1, "price": "1.00" });
        bad["line_items"].as_array_mut().unwrap().push(line);
    }
    let found = findings(&world, bad).await;
    let expected = [
        (FindingCode::UnknownItem, "line_items[1].sku"),
        (FindingCode::ItemNotUsable, "line_items[2].sku"),
        (FindingCode::ItemNotUsable, "line_items[3].sku"),
    ];
    assert_eq!(found, expected.map(|(code, field)| (code, field.to_owned())));
    assert_eq!((world.orders_in_m3(), world.transactions("CRS610MI/Add")), ((0, 0), 0));
    let buried = &world.dead_letters.messages()[0].attributes;
    assert_eq!(buried["reason"], "rejected: item_not_usable, unknown_item");
    assert_eq!(buried["record"], "demo/shopify/order/1");
}

/// One report says what the payload lacks and what M3 does not know.
#[tokio::test]
async fn findings_of_the_plan_and_of_m3_stand_in_one_report() {
    let world = world().await;
    let mut bad = order(1, 1);
    for line in [
        json!({ "sku": null, "quantity": 1, "price": "1.00" }),
        json!({ "sku": "GHOST-SKU", "quantity": 1, "price": "1.00" }),
    ] {
        bad["line_items"].as_array_mut().unwrap().push(line);
    }
    let found = findings(&world, bad).await;
    let expected =
        [(FindingCode::MissingField, "line_items[1].sku"), (FindingCode::UnknownItem, "line_items[2].sku")];
    assert_eq!(found, expected.map(|(code, field)| (code, field.to_owned())));
}

#[tokio::test]
async fn what_the_mapping_names_and_m3_does_not_know_is_told_at_once() {
    let world = world().await;
    push_mapping(&world, ("order_type = \"ECO\"", "order_type = \"XXX\"")).await;
    push_mapping(&world, ("template = \"ECOMTPL\"", "template = \"NOTEMPL\"")).await;
    push_mapping(&world, ("facility = \"\"", "facility = \"Z99\"")).await;
    push_mapping(&world, ("warehouse = \"100\"", "warehouse = \"999\"")).await;
    let found: Vec<_> = findings(&world, order(1, 1)).await.into_iter().map(|(code, _)| code).collect();
    let expected = [
        FindingCode::UnknownWarehouse,
        FindingCode::UnknownOrderType,
        FindingCode::UnknownFacility,
        FindingCode::UnknownCustomerTemplate,
    ];
    assert_eq!(found[..4], expected);
    assert_eq!((world.orders_in_m3(), world.transactions("CRS610MI/Add")), ((0, 0), 0));
}

/// Operators correct the master data and move the message back: it must go through then.
#[tokio::test]
async fn a_corrected_order_goes_through_when_it_comes_again() {
    let world = world().await;
    let mut bad = order(1, 1);
    bad["line_items"][0]["sku"] = json!("GHOST-SKU");
    findings(&world, bad.clone()).await;
    world.m3.simulator().add_item("GHOST-SKU");
    assert!(world.post(&[bad]).await.is_empty());
    assert_eq!(world.record(1).await.state, State::Posted);
}

#[tokio::test]
async fn a_stopped_or_unreleased_customer_is_a_finding() {
    let world = world().await;
    let mut incomplete = order(1, 1);
    incomplete["billing_address"]["city"] = json!("");
    let found = findings(&world, incomplete).await;
    assert_eq!(found[0].0, FindingCode::CustomerNotUsable);
    assert_eq!(world.orders_in_m3(), (0, 0));
    // The customer exists now, still in status 12: the next order says so without creating another.
    let mut again = order(2, 1);
    again["billing_address"]["city"] = json!("");
    assert_eq!(findings(&world, again).await[0].0, FindingCode::CustomerNotUsable);
    assert_eq!(world.transactions("CRS610MI/Add"), 1);
}

/// Whatever M3 refuses while an order is being entered, nothing of the order may stay.
#[tokio::test]
async fn an_order_that_m3_refuses_in_part_is_taken_out_again() {
    for (transaction, code) in [
        ("AddBatchHead", "WCU0203"),
        ("AddBatchLine", "WIT0103"),
        ("AddBatchHeadChg", "CPF9898"),
        ("AddBatchAddress", "WAD1001"),
    ] {
        let world = world().await;
        world.post(&[order(1, 1)]).await;
        let nok = Effect::Nok { code: code.into(), text: "Ada Lovelace".into(), field: String::new() };
        world.fault(Fault::once(nok).only("OIS100MI", transaction));
        let found = findings(&world, order(2, 3)).await;
        assert_eq!(found[0].0, FindingCode::Refused, "{transaction}");
        assert_eq!(world.orders_in_m3(), (1, 0), "{transaction}");
        let record = world.record(2).await;
        assert!(format!("{:?}", record.state).contains(code), "{:?}", record.state);
        assert!(!format!("{record:?}").contains("Lovelace"));
    }
}

#[tokio::test]
async fn a_tenant_that_is_not_set_up_is_told_what_to_do() {
    let world = world().await;
    let body = order(1, 1).to_string();
    let message =
        crate::support::message(&body, "orders/create").replace("\"tenant\":\"demo\"", "\"tenant\":\"new\"");
    assert!(world.post_messages(vec![message]).await.is_empty());
    let key = "new/shopify/order/1".parse().unwrap();
    let record = ledger::Ledger::record(&*world.ledger, &key).await.unwrap().unwrap();
    let State::Rejected { findings } = record.state else { panic!() };
    assert_eq!(findings[0].code, FindingCode::Mapping);
    assert!(findings[0].help.contains("ops mapping push --tenant new"));
}

/// What M3 refuses for reasons that no look-up tells beforehand is a finding with M3's own message id.
#[tokio::test]
async fn each_refusal_of_m3_is_told_with_its_message_id() {
    let changes = [
        ("company = 100", "company = 200", "XAU0008"),
        ("order_type = \"ECO\"", "order_type = \"B01\"", "M3 refused AddBatchHead"),
    ];
    for (from, to, told) in changes {
        let world = world().await;
        push_mapping(&world, (from, to)).await;
        let id = order(1, 1);
        findings(&world, id).await;
        let State::Rejected { findings } = world.record(1).await.state else { panic!() };
        assert!(findings.iter().any(|finding| finding.to_string().contains(told)), "{told}: {findings:?}");
        assert_eq!(world.orders_in_m3(), (0, 0), "{to}");
    }
}

#[tokio::test]
async fn what_lacked_master_data_is_posted_by_itself_once_that_has_appeared() {
    let world = world().await;
    let mut bad = order(1, 1);
    bad["line_items"][0]["sku"] = json!("GHOST-SKU");
    findings(&world, bad).await;
    // What was handled is deleted by Lambda.
    world.events.clear();
    // Tried again in vain; whoever looks after dead letters is told once.
    for seconds in [901, 1_801] {
        assert_eq!(world.settle_after(60).await.taken_up, 0);
        assert_eq!(world.settle_after(seconds).await.taken_up, 1);
        assert!(world.post_queue().await.is_empty());
        assert!(matches!(world.record(1).await.state, State::Rejected { .. }));
        assert_eq!(world.reasons().len(), 1);
    }
    world.m3.simulator().add_item("GHOST-SKU");
    assert_eq!(world.settle_after(3_601).await.taken_up, 1);
    assert!(world.post_queue().await.is_empty());
    assert_eq!(world.record(1).await.state, State::Posted);
    assert_eq!(world.record(1).await.parked, 0);
    // The dead letter is of no harm: redriven, it says nothing new.
    assert_eq!(world.orders_in_m3().0, 1);
}

#[tokio::test]
async fn what_the_source_lacks_waits_for_a_person() {
    let world = world().await;
    let mut bad = order(1, 1);
    bad["line_items"][0]["sku"] = json!(null);
    findings(&world, bad).await;
    assert_eq!(world.settle_after(1_000_000).await.taken_up, 0);
}
