//! Receiving orders that do not agree with their purchase order: what is told, and what a person can do.

use domain::{FindingCode, State};
use rust_decimal::Decimal;
use serde_json::json;

use crate::{
    receipts::lots,
    shipbob::{delivery, on_hand, receipt, record, shipment, told, world, world_and},
};

#[tokio::test]
async fn more_than_was_ordered_is_parked_until_it_is_corrected() {
    let world = world().await;
    let before = on_hand(&world, "CANDLE-SOY");
    told(&world, "wro.fetched", "w-1", &receipt(1, &[(71, 130)], "1900001")).await;
    let State::Rejected { findings } = record(&world, "receipt/40").await.state else { panic!() };
    assert_eq!(findings[0].code, FindingCode::OverReceipt);
    assert!(findings[0].help.contains("PPS200"));
    assert_eq!(on_hand(&world, "CANDLE-SOY"), before);
    // A person corrects the receiving order: what arrived is received.
    told(&world, "wro.fetched", "w-2", &receipt(2, &[(71, 120)], "1900001")).await;
    world.confirm_after(60).await;
    assert_eq!(on_hand(&world, "CANDLE-SOY") - before, 120.into());
}

/// The simulated M3 takes no more than was ordered: what it says is told, and nothing is moved in part.
#[tokio::test]
async fn more_than_was_ordered_is_left_to_m3_where_the_mapping_says_so() {
    let world = world_and(&[("over = \"reject\"", "over = \"receive\"")]).await;
    let before = on_hand(&world, "CANDLE-SOY");
    let message = delivery("wro.fetched", "w-1", &receipt(1, &[(71, 130)], "1900001"));
    for _ in 0..3 {
        world.post_messages(vec![message.clone()]).await;
        world.confirm_after(400).await;
    }
    let record = record(&world, "receipt/40").await;
    let State::Failed { findings } = record.state else { panic!("{:?}", record.trail) };
    assert!(findings[0].help.contains("MHS850"), "{}", findings[0]);
    assert_eq!(on_hand(&world, "CANDLE-SOY"), before);
}

/// What M3 allows beyond the order is received, and counted on the order.
#[tokio::test]
async fn more_than_was_ordered_is_received_where_m3_and_the_mapping_allow_it() {
    let world = world_and(&[("over = \"reject\"", "over = \"receive\"")]).await;
    world.m3.simulator().settings.purchasing.over_receipt_percent = 10;
    let before = on_hand(&world, "CANDLE-SOY");
    told(&world, "wro.fetched", "w-1", &receipt(1, &[(71, 130)], "1900001")).await;
    world.confirm_after(60).await;
    assert_eq!(record(&world, "receipt/40").await.state, State::Confirmed);
    assert_eq!(on_hand(&world, "CANDLE-SOY") - before, 130.into());
    let receipts = world.m3.simulator().goods_receipts();
    assert_eq!(receipts.iter().map(|receipt| receipt.quantity).sum::<Decimal>(), 130.into());
}

#[tokio::test]
async fn a_receiving_order_that_ends_short_is_received_and_told() {
    let world = world().await;
    let before = on_hand(&world, "CANDLE-SOY");
    let mut body = receipt(1, &[(71, 90)], "1900001");
    told(&world, "wro.fetched", "w-1", &body).await;
    world.confirm_after(60).await;
    let told_of = |record: &domain::Record| {
        let of = |entry: &&domain::Entry| entry.event == domain::Event::NeedsReview;
        record.trail.iter().find(of).map(|entry| entry.detail.clone())
    };
    assert_eq!(told_of(&record(&world, "receipt/40").await), None, "the rest may still come");
    body = receipt(2, &[(71, 95)], "1900001");
    body["receipt"]["status"] = json!("Completed");
    told(&world, "wro.fetched", "w-2", &body).await;
    world.confirm_after(60).await;
    let record = record(&world, "receipt/40").await;
    let said = told_of(&record).unwrap();
    assert!(said.contains("5 of inventory item 71") && said.contains("PPS200"), "{said}");
    assert_eq!((record.state, on_hand(&world, "CANDLE-SOY") - before), (State::Confirmed, 95.into()));
}

/// A purchase order may be entered after its goods arrived.
#[tokio::test]
async fn what_lacks_a_purchase_order_or_an_item_is_received_by_itself_once_it_is_there() {
    let world = world_and(&[("71 = \"CANDLE-SOY\"", "71 = \"CANDLE-SOY\"\n73 = \"GHOST-SKU\"")]).await;
    told(&world, "wro.fetched", "w-1", &receipt(1, &[(71, 5)], "1999999")).await;
    let ghosts = shipment(9, "Completed", 1, &json!([{ "id": 73, "quantity": 2 }]));
    told(&world, "shipment.polled", "s-1", &ghosts).await;
    world.events.clear();
    assert!(world.m3.simulator().stock_messages().is_empty(), "nothing is created");
    for (key, code) in [("receipt/40", FindingCode::UnknownOrder), ("shipment/9", FindingCode::UnknownItem)] {
        let State::Rejected { findings } = record(&world, key).await.state else { panic!() };
        assert!(findings.iter().all(|finding| finding.code == code), "{findings:?}");
    }
    assert_eq!(world.settle_after(901).await.taken_up, 2, "tried again in vain");
    assert!(world.post_queue().await.is_empty());
    assert_eq!(world.reasons().len(), 2, "people are told once");
    {
        let mut m3 = world.m3.simulator();
        m3.add_item("GHOST-SKU");
        m3.count_stock("SBE", "GHOST-SKU", "", 10.into()).unwrap();
    }
    assert_eq!(world.settle_after(1_801).await.taken_up, 2);
    assert!(world.post_queue().await.is_empty());
    world.confirm_after(60).await;
    let shipped = record(&world, "shipment/9").await;
    assert_eq!((shipped.state, on_hand(&world, "GHOST-SKU")), (State::Confirmed, 8.into()));
    assert!(matches!(record(&world, "receipt/40").await.state, State::Rejected { .. }));
}

/// M3 keeps balm by lots.
#[tokio::test]
async fn an_item_without_its_lot_is_a_finding() {
    let world = world().await;
    let before = lots(&world, "BALM-LIP");
    told(&world, "wro.fetched", "w-1", &receipt(1, &[(72, 24)], "1900004")).await;
    let balm = shipment(9, "Completed", 1, &json!([{ "id": 72, "quantity": 1 }]));
    told(&world, "shipment.polled", "s-1", &balm).await;
    for key in ["receipt/40", "shipment/9"] {
        let State::Rejected { findings } = record(&world, key).await.state else { panic!() };
        assert_eq!(findings[0].code, FindingCode::MissingLot, "{key}");
    }
    assert_eq!(lots(&world, "BALM-LIP"), before);
}

/// Whether M3 takes QTY in the basic unit or in the order's is not documented: a wrong guess would be wrong 24 times.
#[tokio::test]
async fn goods_that_were_ordered_in_another_unit_are_a_finding() {
    let world = world().await;
    let before = lots(&world, "BALM-LIP");
    let mut body = receipt(1, &[(72, 24)], "1900001");
    body["boxes"] = json!([{ "box_id": 1, "box_items": [
        { "inventory_id": 72, "lot_number": "LOT-A", "stowed_quantity": 24 }] }]);
    told(&world, "wro.fetched", "w-1", &body).await;
    let State::Rejected { findings } = record(&world, "receipt/40").await.state else { panic!() };
    assert!(findings[0].message.contains("ordered in BOX"), "{}", findings[0]);
    assert_eq!(lots(&world, "BALM-LIP"), before);
}

/// Each names the same purchase order: what one took is open for the other no more.
#[tokio::test]
async fn several_receiving_orders_for_one_purchase_order_share_what_is_open() {
    let world = world().await;
    let before = on_hand(&world, "CANDLE-SOY");
    let of = |id: u64, stowed| {
        let mut body = receipt(1, &[(71, stowed)], "1900001");
        body["receipt"]["id"] = json!(id);
        body
    };
    // The first two come in one batch; the third finds ten open.
    let both =
        [(40, 70), (41, 40)].map(|(id, stowed)| delivery("wro.fetched", &id.to_string(), &of(id, stowed)));
    assert!(world.post_messages(both.to_vec()).await.is_empty());
    world.confirm_after(60).await;
    assert_eq!(on_hand(&world, "CANDLE-SOY") - before, 110.into());
    told(&world, "wro.fetched", "42", &of(42, 11)).await;
    let State::Rejected { findings } = record(&world, "receipt/42").await.state else { panic!() };
    assert_eq!(findings[0].code, FindingCode::OverReceipt);
    assert!(findings[0].message.contains("1 more"), "{}", findings[0]);
}
