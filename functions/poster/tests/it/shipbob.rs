//! What happens in ShipBob's warehouses becomes stock and ledger transactions in the simulated M3.

use domain::{Event, FindingCode, Record, Source, State};
use platform::{Body, Envelope};
use serde_json::{Value, json};
use simulated_cloudsuite::{Effect, Fault};

use crate::support::{World, world_with};

/// Two fulfilment centres of M3's demo data, fees to accounts of it, and ShipBob as M3's partner.
pub(crate) async fn world() -> World {
    world_and(&[]).await
}

/// The same with more of the mapping file changed.
pub(crate) async fn world_and(more: &[(&str, &str)]) -> World {
    world_with(|mapping| {
        let changes = [
            ("own_partner = \"M3\"", "own_partner = \"SHIPBOB\""),
            ("adjustment = \"WMSADJ\"", "adjustment = \"WHSTRN\""),
            ("requisition = \"WMSREQ\"", "requisition = \"WHSTRN\""),
            ("delivery = \"WMSCOP\"", "delivery = \"WHSTRN\""),
            ("receipt = \"WMSPOR\"", "receipt = \"WHSTRN\""),
            ("requisition_type = \"R01\"", "requisition_type = \"SBI\""),
            (
                "[shipbob.fulfillment_centers]",
                "[shipbob.fulfillment_centers]\n8 = { warehouse = \"SBE\", time_zone = \"America/Chicago\" }",
            ),
            ("[shipbob.items]", "[shipbob.items]\n71 = \"CANDLE-SOY\"\n72 = \"BALM-LIP\""),
        ];
        changed(&changed(mapping, &changes), more)
    })
    .await
}

/// The mapping file with each of these texts replaced.
pub(crate) fn changed(mapping: &str, changes: &[(&str, &str)]) -> String {
    changes.iter().fold(mapping.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    })
}

pub(crate) fn delivery(topic: &str, id: &str, body: &Value) -> String {
    let (tenant, at) = ("demo".parse().unwrap(), "2026-11-22T10:00:00Z".parse().unwrap());
    let body = Body::compress(body.to_string().as_bytes());
    Envelope::new(tenant, Source::Shipbob, topic.into(), id.into(), at, body).to_message()
}

pub(crate) fn shipment(id: u64, status: &str, minute: u32, items: &Value) -> Value {
    json!({
        "id": id, "order_id": 500, "status": status, "created_date": "2026-11-20T08:00:00Z",
        "last_update_at": format!("2026-11-22T03:{minute:02}:00.1234567Z"),
        "actual_fulfillment_date": "2026-11-22T03:00:00Z",
        "location": { "id": 8, "name": "Cicero (IL)" },
        "products": [{ "id": 1, "sku": "CANDLE-SOY", "inventory_items": items }]
    })
}

pub(crate) fn candles(quantity: u32) -> Value {
    json!([{ "id": 71, "quantity": quantity }])
}

pub(crate) async fn record(world: &World, key: &str) -> Record {
    let key = format!("demo/shipbob/{key}").parse().unwrap();
    ledger::Ledger::record(&*world.ledger, &key).await.unwrap().unwrap_or_else(|| panic!("no record {key}"))
}

/// What M3 has of an item in the fulfilment centre's warehouse.
pub(crate) fn on_hand(world: &World, item: &str) -> rust_decimal::Decimal {
    world.m3.simulator().on_hand("SBE", item)
}

pub(crate) async fn told(world: &World, topic: &str, id: &str, body: &Value) {
    assert!(world.post_messages(vec![delivery(topic, id, body)]).await.is_empty(), "{id}");
}

#[tokio::test]
async fn a_shipment_is_issued_once_however_often_it_is_told() {
    let world = world().await;
    let before = on_hand(&world, "CANDLE-SOY");
    let shipped = shipment(9, "Completed", 1, &candles(3));
    told(&world, "order.shipped", "msg_1", &shipped).await;
    assert_eq!(record(&world, "shipment/9").await.state, State::Posted);
    assert_eq!(world.confirm_after(60).await.confirmed, 1);
    told(&world, "order.shipment.delivered", "msg_2", &shipped).await;
    let tracked = shipment(9, "Completed", 9, &candles(3));
    told(&world, "order.shipment.tracking.updated", "msg_3", &tracked).await;
    assert_eq!(before - on_hand(&world, "CANDLE-SOY"), 3.into());
    let record = record(&world, "shipment/9").await;
    assert_eq!((record.state, record.movements.count), (State::Confirmed, 1));
}

#[tokio::test]
async fn what_shipbob_corrects_or_cancels_is_corrected() {
    let world = world().await;
    let before = on_hand(&world, "CANDLE-SOY");
    for (minute, status, quantity, left) in
        [(1, "Completed", 5, 5), (2, "Completed", 4, 4), (3, "Completed", 6, 6), (4, "Cancelled", 6, 0)]
    {
        let body = shipment(9, status, minute, &candles(quantity));
        told(&world, "shipment.polled", &format!("p-{minute}"), &body).await;
        world.confirm_after(60).await;
        assert_eq!(before - on_hand(&world, "CANDLE-SOY"), left.into(), "{minute}");
    }
    // Older than what was taken in: nothing.
    told(&world, "shipment.polled", "late", &shipment(9, "Completed", 2, &candles(4))).await;
    assert_eq!(on_hand(&world, "CANDLE-SOY"), before);
    assert_eq!(record(&world, "shipment/9").await.movements.count, 4);
}

#[tokio::test]
async fn an_order_that_was_split_posts_each_parcel_once() {
    let world = world().await;
    let before = on_hand(&world, "CANDLE-SOY");
    let order = |second: &str| {
        json!({
            "id": 500, "status": "PartiallyFulfilled",
            "shipments": [shipment(9, "Completed", 1, &candles(2)), shipment(10, second, 2, &candles(1))]
        })
    };
    // Each shipment of a split order repeats the whole order.
    for (id, body) in [("msg_1", order("Processing")), ("msg_2", order("Completed"))] {
        told(&world, "order.shipped", id, &body).await;
        for _ in 0..3 {
            assert!(world.post_queue().await.is_empty());
        }
        world.confirm_after(60).await;
    }
    assert_eq!(before - on_hand(&world, "CANDLE-SOY"), 3.into());
    for id in [9, 10] {
        let record = record(&world, &format!("shipment/{id}")).await;
        assert_eq!((record.state, record.movements.count), (State::Confirmed, 1), "{id}");
    }
}

pub(crate) fn receipt(minute: u32, stowed: &[(u64, u32)], purchase_order: &str) -> Value {
    let quantity = |(id, stowed): &(u64, u32)| json!({ "inventory_id": id, "expected_quantity": 100, "received_quantity": stowed, "stowed_quantity": stowed });
    json!({ "receipt": {
        "id": 40, "status": "Processing", "purchase_order_number": purchase_order,
        "insert_date": "2026-11-20T00:00:00", "last_updated_date": format!("2026-11-22T03:{minute:02}:00"),
        "fulfillment_center": { "id": 8, "name": "Cicero (IL)" },
        "inventory_quantities": stowed.iter().map(quantity).collect::<Vec<_>>(),
    }, "boxes": [] })
}

#[tokio::test]
async fn receipts_in_parts_come_to_what_is_stowed() {
    let world = world().await;
    let before = on_hand(&world, "CANDLE-SOY");
    for (minute, stowed, expected) in [(1, 40, 40), (2, 40, 40), (5, 100, 100), (3, 70, 100)] {
        let body = receipt(minute, &[(71, stowed)], "1900001");
        told(&world, "wro.fetched", &format!("w-{minute}"), &body).await;
        world.confirm_after(60).await;
        assert_eq!(on_hand(&world, "CANDLE-SOY") - before, expected.into(), "{minute}");
    }
    let record = record(&world, "receipt/40").await;
    assert_eq!((record.state, record.movements.count), (State::Confirmed, 2));
}

#[tokio::test]
async fn what_cannot_be_matched_is_parked_and_nothing_is_created() {
    let world = world().await;
    let before = world.state()["stock"].clone();
    let unknown = json!([{ "id": 99, "quantity": 1 }]);
    let mut kit =
        shipment(11, "Completed", 1, &json!([{ "id": 98, "quantity": 1 }, { "id": 99, "quantity": 2 }]));
    kit["products"][0]["sku"] = json!("A-KIT");
    let mut elsewhere = shipment(12, "Completed", 1, &candles(1));
    elsewhere["location"]["id"] = json!(77);
    let mut nameless = shipment(13, "Completed", 1, &unknown);
    nameless["products"][0]["sku"] = json!("GHOST-SKU");
    let no_quantity = shipment(14, "Completed", 1, &json!([{ "id": 71 }]));
    let order = json!({ "id": 600, "status": "Processing", "purchase_date": "2026-11-20T08:00:00Z",
        "products": [{ "id": 1, "sku": "CANDLE-SOY", "quantity": 1, "unit_price": 9.5 }] });
    let cases = [
        ("order.polled", "order/600", order, FindingCode::UnknownCustomer),
        ("shipment.polled", "shipment/11", kit, FindingCode::UnknownItem),
        ("shipment.polled", "shipment/12", elsewhere, FindingCode::UnknownWarehouse),
        ("shipment.polled", "shipment/13", nameless, FindingCode::UnknownItem),
        ("shipment.polled", "shipment/14", no_quantity, FindingCode::MissingField),
        ("wro.fetched", "receipt/40", receipt(1, &[(71, 1)], "1234567"), FindingCode::UnknownOrder),
        ("wro.fetched", "receipt/40", receipt(2, &[(71, 500)], "1900001"), FindingCode::OverReceipt),
    ];
    for (place, (topic, key, body, expected)) in cases.into_iter().enumerate() {
        told(&world, topic, &format!("d-{place}"), &body).await;
        let record = record(&world, key).await;
        let State::Rejected { findings } = &record.state else { panic!("{key}: {:?}", record.state) };
        assert!(findings.iter().any(|finding| finding.code == expected), "{key}: {findings:?}");
        assert!(findings.iter().all(|finding| !finding.help.is_empty()));
    }
    assert_eq!(world.state()["stock"], before);
    assert_eq!((world.orders_in_m3(), world.transactions("CRS610MI/Add")), ((0, 0), 0));
}

#[tokio::test]
async fn only_what_was_restocked_comes_back() {
    let world = world().await;
    let before = on_hand(&world, "CANDLE-SOY");
    let body = json!({
        "id": 60, "status": "Completed", "insert_date": "2026-11-20T00:00:00Z",
        "completed_date": "2026-11-22T04:00:00Z", "fulfillment_center": { "id": 8, "name": "Cicero (IL)" },
        "inventory": [{ "id": 71, "sku": "CANDLE-SOY", "quantity": 3, "action_taken": [
            { "action": "Restock", "quantity_processed": 2 }, { "action": "Dispose", "quantity_processed": 1 }
        ] }]
    });
    told(&world, "return.completed", "r-1", &body).await;
    world.confirm_after(60).await;
    assert_eq!(on_hand(&world, "CANDLE-SOY") - before, 2.into());
    assert_eq!(record(&world, "return/60").await.state, State::Confirmed);
}

#[tokio::test]
async fn a_lost_answer_moves_nothing_twice() {
    let writes = [("AddAdjust", 0), ("AddAdjust", 1), ("PrcStkTran", 0)];
    for (lost, skip) in writes {
        let world = world().await;
        let before = on_hand(&world, "CANDLE-SOY");
        let items = json!([{ "id": 71, "quantity": 3 }, { "id": 72, "quantity": 1, "lot": "LOT-A" }]);
        world.fault(Fault::once(Effect::DropAfter).only("MMS850MI", lost).after(skip));
        let message = delivery("shipment.polled", "p-1", &shipment(9, "Completed", 1, &items));
        world.post_messages(vec![message.clone()]).await;
        for _ in 0..6 {
            world.clock.advance(400);
            world.post_messages(vec![message.clone()]).await;
            world.confirm_after(60).await;
        }
        let record = record(&world, "shipment/9").await;
        let events: Vec<_> = record.trail.iter().map(|entry| entry.event).collect();
        assert_eq!(before - on_hand(&world, "CANDLE-SOY"), 3.into(), "{lost}: {events:?} {:?}", record.state);
        assert!(events.contains(&Event::Confirmed), "{lost}: {events:?}");
    }
}
