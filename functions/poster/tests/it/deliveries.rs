//! Shipments of sales orders that CloudSuite has: they are delivered for the order, and a shipment that comes before its
//! order is settled waits for it.

use domain::State;
use serde_json::{Value, json};

use crate::{
    shipbob::{candles, delivery, on_hand, record, shipment, told, world_and},
    support::{World, order},
};

/// The id of the order in the shop, which ShipBob keeps as the order's reference.
const ORDER: u64 = 6_123_456_789_012;

/// Orders leave from the fulfilment centre's warehouse.
async fn world() -> World {
    world_and(&[("warehouse = \"100\"", "warehouse = \"SBE\"")]).await
}

fn candles_ordered() -> Value {
    let mut order = order(ORDER, 1);
    order["line_items"][0]["sku"] = json!("CANDLE-SOY");
    order
}

/// A parcel of two of the order's candles.
fn parcel(id: u64) -> Value {
    let mut parcel = shipment(id, "Completed", 1, &candles(2));
    parcel["reference_id"] = json!(ORDER.to_string());
    parcel
}

/// The order's number in M3, once it is confirmed and its picking list printed.
async fn ordered(world: &World) -> String {
    assert!(world.post(&[candles_ordered()]).await.is_empty());
    world.confirm_after(60).await;
    let number = world.record(ORDER).await.references.number.unwrap();
    world.m3.simulator().advance_order(&number, None, Some("44")).unwrap();
    number
}

#[tokio::test]
async fn a_shipment_is_delivered_for_the_order_that_came_by_shopify() {
    let world = world().await;
    let number = ordered(&world).await;
    let before = on_hand(&world, "CANDLE-SOY");
    told(&world, "shipment.polled", "p-1", &parcel(9)).await;
    assert_eq!(world.confirm_after(60).await.confirmed, 1);
    assert_eq!((world.transactions("MHS850MI/AddCOPick"), world.transactions("MMS850MI/AddAdjust")), (1, 0));
    assert_eq!(before - on_hand(&world, "CANDLE-SOY"), 2.into());
    let moved = world.m3.simulator().stock_transactions();
    assert_eq!(moved.iter().filter(|moved| moved.order == number).count(), 1);
    assert_eq!(record(&world, "shipment/9").await.state, State::Confirmed);
}

/// What was delivered for an order and is cancelled comes back by an adjustment: nothing takes a delivery back.
#[tokio::test]
async fn a_cancelled_delivery_comes_back_to_stock() {
    let world = world().await;
    ordered(&world).await;
    let before = on_hand(&world, "CANDLE-SOY");
    told(&world, "shipment.polled", "p-1", &parcel(9)).await;
    world.confirm_after(60).await;
    let mut cancelled = parcel(9);
    cancelled["status"] = json!("Cancelled");
    cancelled["last_update_at"] = json!("2026-11-22T05:00:00Z");
    told(&world, "shipment.polled", "p-2", &cancelled).await;
    world.confirm_after(60).await;
    assert_eq!(on_hand(&world, "CANDLE-SOY"), before);
    assert_eq!((world.transactions("MHS850MI/AddCOPick"), world.transactions("MMS850MI/AddAdjust")), (1, 1));
}

/// Issued without its order, the order would stay open in M3 for ever.
#[tokio::test]
async fn a_shipment_waits_for_an_order_that_is_on_its_way() {
    let world = world().await;
    drop(world.vanish_over(&candles_ordered()).await);
    let stays = world.post_messages(vec![delivery("shipment.polled", "p-1", &parcel(9))]).await;
    assert_eq!(stays.len(), 1, "its message waits");
    let record = record(&world, "shipment/9").await;
    assert!(matches!(record.state, State::Waiting { .. }), "{:?}", record.state);
    assert_eq!((world.transactions("MHS850MI/AddCOPick"), world.transactions("MMS850MI/AddAdjust")), (0, 0));
}
