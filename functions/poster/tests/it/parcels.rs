//! Shipments of one order: each parcel is issued once, and what ShipBob takes back comes back.

use domain::{FindingCode, State};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{
    receipts::{any_order, are_single, few, run},
    shipbob::{candles, delivery, on_hand, record, shipment, told, world},
    support::World,
};

/// What ShipBob tells of an order that it splits: each shipment repeats the whole order, and shipments are listed too.
fn told_of_a_split_order() -> Vec<(&'static str, Value)> {
    let order = |first: Value, second: Value| json!({ "id": 500, "status": "PartiallyFulfilled", "shipments": [first, second] });
    let first = |minute| shipment(9, "Completed", minute, &candles(2));
    let second = |status, minute| shipment(10, status, minute, &candles(1));
    vec![
        ("order.shipped", order(first(1), second("Processing", 0))),
        ("order.shipped", order(first(1), second("Completed", 2))),
        ("order.shipment.tracking.updated", first(3)),
        ("order.shipment.delivered", second("Completed", 4)),
        ("shipment.polled", first(3)),
    ]
}

/// The queue is worked off, what waits included.
async fn work_off(world: &World) {
    for _ in 0..20 {
        if world.events.messages().is_empty() {
            return;
        }
        world.post_queue().await;
        world.confirm_after(400).await;
    }
    panic!("some are never done with");
}

proptest! {
    #![proptest_config(few())]

    #[test]
    fn a_split_order_posts_each_parcel_once_in_whatever_order(order in any_order(5)) {
        run(async {
            let world = world().await;
            let before = on_hand(&world, "CANDLE-SOY");
            let bodies = told_of_a_split_order();
            for (time, (place, asks)) in order.into_iter().enumerate() {
                let (topic, body) = &bodies[place];
                world.post_messages(vec![delivery(topic, &format!("p-{place}-{}", time % 2), body)]).await;
                work_off(&world).await;
                if asks {
                    world.confirm_after(60).await;
                }
            }
            world.confirm_after(60).await;
            prop_assert_eq!(before - on_hand(&world, "CANDLE-SOY"), 3.into());
            for id in [9, 10] {
                let record = record(&world, &format!("shipment/{id}")).await;
                prop_assert_eq!((record.state, record.movements.count), (State::Confirmed, 1), "{}", id);
            }
            prop_assert!(are_single(&world, 2));
            Ok(())
        })?;
    }
}

/// ShipBob may say no more of a shipment than that it is cancelled.
#[tokio::test]
async fn a_cancelled_shipment_that_names_no_goods_is_never_taken_for_settled() {
    let world = world().await;
    let before = on_hand(&world, "CANDLE-SOY");
    let cancelled = |id: u64, products: Value| {
        let mut body = shipment(id, "Cancelled", 5, &candles(1));
        body["products"] = products;
        body
    };
    told(&world, "shipment.polled", "p-1", &shipment(9, "Completed", 1, &candles(5))).await;
    world.confirm_after(60).await;
    told(&world, "shipment.polled", "p-2", &cancelled(9, json!([]))).await;
    let State::Rejected { findings } = record(&world, "shipment/9").await.state else { panic!() };
    assert_eq!(findings[0].code, FindingCode::MissingField);
    assert_eq!(before - on_hand(&world, "CANDLE-SOY"), 5.into(), "nobody knows what came back");
    // Of one that never left, nothing is to come back.
    told(&world, "shipment.polled", "p-3", &cancelled(10, json!(null))).await;
    assert!(matches!(record(&world, "shipment/10").await.state, State::Skipped { .. }));
}

/// The same item is picked as a product and as a part of a kit.
#[tokio::test]
async fn an_item_that_is_in_a_kit_and_a_product_as_well_is_issued_for_both() {
    let world = world().await;
    let before = (on_hand(&world, "CANDLE-SOY"), on_hand(&world, "BALM-LIP"));
    let mut body = shipment(9, "Completed", 1, &candles(1));
    body["products"] = json!([
        { "id": 1, "sku": "CANDLE-SOY", "inventory_items": [{ "id": 71, "quantity": 1 }] },
        { "id": 2, "sku": "A-KIT", "inventory_items": [
            { "id": 71, "quantity": 2 }, { "id": 72, "quantity": 3, "lot": "LOT-A" }] },
    ]);
    told(&world, "shipment.polled", "p-1", &body).await;
    world.confirm_after(60).await;
    let after = (on_hand(&world, "CANDLE-SOY"), on_hand(&world, "BALM-LIP"));
    assert_eq!((before.0 - after.0, before.1 - after.1), (3.into(), 3.into()));
}

/// Items that this instance found usable lately are not asked for again.
#[tokio::test]
async fn ten_shipments_of_known_items_cost_at_most_six_requests() {
    let world = world().await;
    told(&world, "shipment.polled", "warm", &shipment(1, "Completed", 1, &candles(1))).await;
    let before = world.gateway_requests();
    let ten = (10..20).map(|id| {
        delivery("shipment.polled", &format!("p-{id}"), &shipment(id, "Completed", 1, &candles(2)))
    });
    assert!(world.post_messages(ten.collect()).await.is_empty());
    let requests = world.gateway_requests() - before;
    assert!(requests <= 6, "{requests} requests");
    assert_eq!(world.confirm_after(60).await.confirmed, 11);
    let confirming = world.gateway_requests() - before - requests;
    assert!(requests + confirming <= 6, "{requests} requests to post, {confirming} to confirm");
}
