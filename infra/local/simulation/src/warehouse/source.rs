//! ShipBob: what happens in its warehouses, and how it delivers.

use std::{sync::Arc, time::Duration};

use platform::Clock as _;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use simulated_shipbob::{Delivery, Outcome};
use tokio::time::timeout;

use super::{
    setting::purchase_order,
    stories::{BALM, CANDLE, CENTERS, LOT, Parcel, Story},
};
use crate::{
    World,
    source::{Webhooks, answer, event},
    world::TENANT,
};

/// How long ShipBob waits for an answer.
const PATIENCE: Duration = Duration::from_secs(15);
/// How often it looks for what is due.
const LOOK: Duration = Duration::from_secs(1);
/// How long goods take from one step to the next.
const STEP: Duration = Duration::from_secs(300);

/// Lets one thing happen, step by step.
pub(super) async fn happen(world: Arc<World>, story: Story) {
    match story {
        Story::Order { id, at, parcels } => {
            world.around.time.reach(at).await;
            order(&world, id, &parcels).await;
        }
        Story::Receipt { place, at, parts } => {
            world.around.time.reach(at).await;
            receipt(&world, place, &parts).await;
        }
        Story::Return { at, restocked, disposed } => {
            world.around.time.reach(at).await;
            come_back(&world, restocked, disposed).await;
        }
        Story::Fee { at, cents, tax, name, is_silent } => {
            world.around.time.reach(at).await;
            let kind = if cents < 0 { "Credit" } else { "Charge" };
            let taxes = if tax == 0 {
                json!([])
            } else {
                json!([{ "tax_type": "GST", "tax_rate": 10, "tax_amount": money(tax) }])
            };
            let charge = json!([{ "amount": money(cents), "transaction_fee": name, "transaction_type": kind, "taxes": taxes }]);
            world.shipbob.happens(&quietly("transactions".to_owned(), is_silent), &charge);
        }
    }
}

async fn order(world: &World, id: u64, parcels: &[Parcel]) {
    let products = parcels.iter().zip(1..).map(|(parcel, line)| {
        let sku = parcel.item.1;
        json!({ "id": line, "reference_id": sku, "sku": sku, "quantity": parcel.quantity, "unit_price": 12.5,
                "quantity_unit_of_measure_code": "EA", "external_line_id": line })
    });
    let order = json!({
        "id": id, "order_number": format!("W{id}"), "reference_id": format!("W{id}"), "type": "DTC",
        "recipient": { "name": "Ada", "address": { "address1": "a", "city": "b", "country": "US" } },
        "products": products.collect::<Vec<_>>(),
    });
    world.shipbob.happens("orders", &order);
    for (place, parcel) in parcels.iter().enumerate() {
        tokio::time::sleep(parcel.after).await;
        let shipped = ship(world, id, parcel);
        let Some(shipment) = shipped["shipments"][place].as_u64() else { continue };
        let Some(corrected) = parcel.corrected else { continue };
        tokio::time::sleep(STEP).await;
        if corrected == 0 {
            world
                .shipbob
                .happens(&quietly(format!("shipments/{shipment}/cancel"), parcel.is_silent), &Value::Null);
        } else {
            let items = json!({ "items": [{ "inventory_id": parcel.item.0, "lot": lot(parcel.item), "quantity": corrected }] });
            world
                .shipbob
                .happens(&quietly(format!("shipments/{shipment}/correct"), parcel.is_silent), &items);
        }
    }
}

fn ship(world: &World, order: u64, parcel: &Parcel) -> Value {
    let pick = json!({ "sku": parcel.item.1, "quantity": parcel.quantity, "lot": lot(parcel.item) });
    let parcels =
        json!({ "parcels": [{ "fulfillment_center_id": CENTERS[parcel.center].0, "picks": [pick] }] });
    world.shipbob.happens(&quietly(format!("orders/{order}/ship"), parcel.is_silent), &parcels)
}

async fn receipt(world: &World, place: usize, parts: &[u64]) {
    let items = |quantity: u64| json!([{ "sku": CANDLE.1, "quantity": quantity }]);
    let announced = json!({
        "purchase_order_number": purchase_order(place), "fulfillment_center_id": CENTERS[0].0,
        "boxes": [{ "tracking_number": format!("T{place}"), "items": items(parts.iter().sum()) }],
    });
    let receiving = world.shipbob.happens("receiving", &announced);
    let (Some(id), Some(carton)) = (receiving["id"].as_u64(), receiving["boxes"][0].as_u64()) else { return };
    tokio::time::sleep(STEP).await;
    world.shipbob.happens(&format!("receiving/{id}/arrive"), &Value::Null);
    for part in parts {
        tokio::time::sleep(STEP).await;
        let stowed = json!({ "boxes": [{ "box_id": carton, "items": items(*part) }] });
        world.shipbob.happens(&format!("receiving/{id}/stow"), &stowed);
    }
    tokio::time::sleep(STEP).await;
    world.shipbob.happens(&format!("receiving/{id}/complete"), &Value::Null);
}

async fn come_back(world: &World, restocked: u64, disposed: u64) {
    if restocked + disposed == 0 {
        return;
    }
    let arriving = json!({ "fulfillment_center_id": CENTERS[0].0,
                           "inventory": [{ "sku": CANDLE.1, "quantity": restocked + disposed }] });
    let returned = world.shipbob.happens("returns", &arriving);
    let Some(id) = returned["id"].as_u64() else { return };
    for step in ["arrive", "process"] {
        tokio::time::sleep(STEP).await;
        world.shipbob.happens(&format!("returns/{id}/{step}"), &Value::Null);
    }
    tokio::time::sleep(STEP).await;
    let action =
        |action: &str, quantity: u64| json!({ "sku": CANDLE.1, "action": action, "quantity": quantity });
    let actions =
        [("Restock", restocked), ("Dispose", disposed)].into_iter().filter(|(_, quantity)| *quantity > 0);
    let actions: Vec<_> = actions.map(|(word, quantity)| action(word, quantity)).collect();
    world.shipbob.happens(&format!("returns/{id}/complete"), &json!({ "actions": actions }));
}

fn lot(item: (u64, &str)) -> Option<&'static str> {
    (item == BALM).then_some(LOT)
}

fn money(cents: i64) -> Value {
    serde_json::from_str(&Decimal::new(cents, 2).to_string()).unwrap_or_default()
}

fn quietly(path: String, is_silent: bool) -> String {
    if is_silent { format!("{path}?silent=true") } else { path }
}

/// Delivers what is due, for ever.
pub(super) async fn deliver_for_ever(world: Arc<World>) {
    let webhooks = Arc::new(Webhooks::default());
    loop {
        let due = world.shipbob.simulator().due_deliveries(world.around.time.now());
        for delivery in due {
            tokio::spawn(deliver(world.clone(), webhooks.clone(), delivery));
        }
        tokio::time::sleep(LOOK).await;
    }
}

async fn deliver(world: Arc<World>, webhooks: Arc<Webhooks>, delivery: Delivery) {
    world.around.counts.one("deliveries sent");
    let headers = delivery.headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), json!(value)));
    let body = String::from_utf8_lossy(&delivery.body).into_owned();
    let event = event(&format!("/webhooks/shipbob/{TENANT}"), &Value::Object(headers.collect()), &body);
    let answered = tokio::spawn(answer(world.clone(), webhooks.one(&world), event));
    let status = timeout(PATIENCE, answered).await.ok().and_then(Result::ok).flatten();
    world
        .around
        .log
        .say("shipbob", || format!("{} {:?}: {status:?}", delivery.topic, delivery.header("webhook-id")));
    let outcome = match status.and_then(|status| u16::try_from(status).ok()) {
        Some(status) => Outcome::Answered { status, milliseconds: 5 },
        None => Outcome::NoAnswer,
    };
    if status == Some(200) {
        world.around.counts.one("deliveries accepted");
        if let Some(id) = delivery.header("webhook-id") {
            world.accounts.accepted(id);
        }
    }
    world.shipbob.simulator().delivered(delivery.id, outcome, world.around.time.now());
}
