//! ShipBob's own orders become sales orders in the simulated M3, once each, whoever told of them.

use domain::{Event, FindingCode, Record, State};
use serde_json::{Value, json};

use crate::{
    shipbob::{changed, delivery, record},
    support::{World, order, world_with},
};

/// Orders of any channel are of the first customer that M3 makes; those of channel 433 come by Shopify.
async fn world() -> World {
    let world = world_with(|mapping| {
        let changes = [
            ("[shipbob.orders.channels]", "[shipbob.orders.channels]\n433 = { becomes = \"nothing\" }"),
            (
                "customer = \"\"\n\n[shipbob.orders.units]",
                "customer = \"E00000001\"\n\n[shipbob.orders.units]",
            ),
        ];
        changed(mapping, &changes)
    })
    .await;
    assert!(world.post(&[order(1, 1)]).await.is_empty());
    world.confirm_after(60).await;
    world
}

fn polled(reference: &str, status: &str, channel: u64, quantity: u32) -> Value {
    json!({
        "id": 500, "order_number": "SB-500", "reference_id": reference, "status": status, "type": "DTC",
        "created_date": "2026-11-20T08:00:00Z", "purchase_date": "2026-11-20T07:00:00Z",
        "channel": { "id": channel, "name": "a channel" },
        "recipient": { "name": "Ada Lovelace", "address": {
            "address1": "Unter den Linden 6", "city": "Berlin", "country": "DE", "zip_code": "10117" } },
        "products": [{ "id": 1, "sku": "CANDLE-SOY", "quantity": quantity, "unit_price": 12.5,
                       "quantity_unit_of_measure_code": "EA", "external_line_id": 1 }]
    })
}

/// What the poller found; the record afterwards.
async fn told(world: &World, id: &str, body: &Value) -> Record {
    assert!(world.post_messages(vec![delivery("order.polled", id, body)]).await.is_empty(), "{id}");
    world.confirm_after(60).await;
    record(world, "order/500").await
}

fn orders_in_m3(world: &World) -> usize {
    world.state()["orders"].as_object().map_or(0, serde_json::Map::len)
}

#[tokio::test]
async fn an_order_of_shipbobs_is_entered_once_amended_and_cancelled() {
    let world = world().await;
    let first = told(&world, "p-1", &polled("web-500", "Processing", 9, 2)).await;
    assert_eq!((first.state, orders_in_m3(&world)), (State::Confirmed, 2));
    let shipped = told(&world, "p-2", &polled("web-500", "Fulfilled", 9, 2)).await;
    assert_eq!(shipped.trail.last().map(|entry| entry.event), Some(Event::Unchanged));
    let more = told(&world, "p-3", &polled("web-500", "Processing", 9, 3)).await;
    assert_eq!(more.trail.last().map(|entry| entry.event), Some(Event::Amended));
    let cancelled = told(&world, "p-4", &polled("web-500", "Cancelled", 9, 3)).await;
    assert_eq!((cancelled.state, orders_in_m3(&world)), (State::Cancelled, 1));
}

#[tokio::test]
async fn an_order_that_comes_by_shopify_too_is_not_entered_twice() {
    let world = world().await;
    // Shopify's order 1 is there already; that of channel 433 may come before Shopify's delivery or after it.
    for (reference, channel) in [("1", 9), ("6123456789012", 433)] {
        let record = told(&world, reference, &polled(reference, "Processing", channel, 2)).await;
        assert!(matches!(record.state, State::Skipped { .. }), "{reference}: {:?}", record.state);
    }
    assert_eq!(orders_in_m3(&world), 1);
}

/// Entered at once, it would be a second order as soon as Shopify's delivery comes.
#[tokio::test]
async fn an_order_that_may_yet_come_by_shopify_waits_for_a_person() {
    let world = world().await;
    let body = polled("6123456789012", "Processing", 9, 2);
    let record = told(&world, "p-1", &body).await;
    let State::Rejected { findings } = &record.state else { panic!("{:?}", record.state) };
    assert_eq!(findings[0].code, FindingCode::UnknownOrder);
    assert_eq!((orders_in_m3(&world), world.reasons().len()), (1, 1));
    // Shopify's delivery comes at last: the order is entered by that, and ShipBob's becomes nothing.
    assert!(world.post(&[order(6_123_456_789_012, 1)]).await.is_empty());
    world.confirm_after(60).await;
    let record = told(&world, "p-2", &polled("6123456789012", "Fulfilled", 9, 2)).await;
    assert!(matches!(record.state, State::Skipped { .. }), "{:?}", record.state);
    assert_eq!(orders_in_m3(&world), 2);
}
