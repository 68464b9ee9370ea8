//! What happens in the simulated warehouses: ShipBob tells of it, in parts, or does not tell.

use std::{sync::Arc, time::Duration};

use domain::{Record, RecordKey, Reference, Source};
use libtest_mimic::Failed;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use stack::Stack;

use crate::cases::{SETTLE, expect};

/// The warehouse in CloudSuite of the fulfilment centre in which all of it happens (ShipBob's 8).
const CENTER: u64 = 8;
const WAREHOUSE: &str = "SBE";

/// An order that leaves in two parcels, one after the other: ShipBob repeats the whole order for each.
pub(crate) async fn shipped(stack: Arc<Stack>) -> Result<(), Failed> {
    let order = put_order(&stack, "WEB-7001", 5).await?;
    let mut shipments = Vec::new();
    for (place, quantity) in [2, 3].into_iter().enumerate() {
        let picks = json!([{ "sku": "CANDLE-SOY", "quantity": quantity }]);
        let parcel = json!({ "parcels": [{ "fulfillment_center_id": CENTER, "picks": picks }] });
        let shipped = stack.shipbob().happens(&format!("orders/{order}/ship"), &parcel).await?;
        // All of the order's, what is still to leave among them.
        shipments.push((id(&shipped["shipments"][place])?, quantity));
    }
    for (shipment, quantity) in shipments {
        let record = confirmed(&stack, &format!("shipment/{shipment}"), 1).await?;
        let moved = moved(&stack, &record).await?;
        expect(moved == [("CANDLE-SOY".to_owned(), -Decimal::from(quantity))], &format!("{moved:?}"))?;
    }
    Ok(())
}

/// A receiving order that is stowed in two parts.
pub(crate) async fn received(stack: Arc<Stack>) -> Result<(), Failed> {
    let items = |quantity: u32| json!([{ "sku": "CANDLE-SOY", "quantity": quantity }]);
    let announced = json!({
        "purchase_order_number": "1900001", "fulfillment_center_id": CENTER,
        "boxes": [{ "tracking_number": "T-1", "items": items(12) }],
    });
    let receiving = stack.shipbob().happens("receiving", &announced).await?;
    let (wro, carton) = (id(&receiving["id"])?, id(&receiving["boxes"][0])?);
    stack.shipbob().happens(&format!("receiving/{wro}/arrive"), &json!({})).await?;
    let key = format!("receipt/{wro}");
    for (movement, quantity) in [(1, 5), (2, 7)] {
        let stowed = json!({ "boxes": [{ "box_id": carton, "items": items(quantity) }] });
        stack.shipbob().happens(&format!("receiving/{wro}/stow"), &stowed).await?;
        if movement == 2 {
            stack.shipbob().happens(&format!("receiving/{wro}/complete"), &json!({})).await?;
        }
        let record = confirmed(&stack, &key, movement).await?;
        expect(record.movements.count == movement, &format!("{} movements", record.movements.count))?;
    }
    let record = confirmed(&stack, &key, 2).await?;
    let moved = moved(&stack, &record).await?;
    let expected = [5, 7].map(|quantity| ("CANDLE-SOY".to_owned(), Decimal::from(quantity)));
    expect(moved == expected, &format!("{moved:?}"))
}

/// What no webhook told of is found by the ingest job, through the poller as it is deployed.
pub(crate) async fn missed(stack: Arc<Stack>) -> Result<(), Failed> {
    let order = put_order(&stack, "WEB-7002", 1).await?;
    let parcel = json!({ "parcels": [{ "fulfillment_center_id": CENTER }] });
    let shipped = stack.shipbob().happens(&format!("orders/{order}/ship?silent=true"), &parcel).await?;
    let fee = json!([{
        "amount": 4.20, "transaction_fee": "Shipping", "transaction_type": "Charge",
        "reference_id": order.to_string(), "reference_type": "Shipment",
    }]);
    let charged = stack.shipbob().happens("transactions?silent=true", &fee).await?;
    let tenant = stack.tenant().as_str();
    stack.invoke("PollerFunction", &json!({ "job": "ingest", "tenants": tenant })).await?;
    let shipment = confirmed(&stack, &format!("shipment/{}", id(&shipped["shipments"][0])?), 1).await?;
    let left = moved(&stack, &shipment).await?;
    expect(left == [("CANDLE-SOY".to_owned(), Decimal::from(-1))], &format!("{left:?}"))?;
    let fee = charged["ids"][0].as_str().ok_or("no transaction was made")?;
    let fee = confirmed(&stack, &format!("fee/{fee}"), 0).await?;
    expect(fee.references.number.is_some(), "no voucher was made of the fee")
}

/// A parcel and its fee, told of by webhook: the operators' statement of the day has each with its CloudSuite number.
pub(crate) async fn stated(stack: Arc<Stack>) -> Result<(), Failed> {
    let order = put_order(&stack, "WEB-7003", 4).await?;
    let parcel = json!({ "parcels": [{ "fulfillment_center_id": CENTER }] });
    let shipped = stack.shipbob().happens(&format!("orders/{order}/ship"), &parcel).await?;
    let shipment = id(&shipped["shipments"][0])?;
    let fee = json!([{
        "amount": 7.35, "transaction_fee": "Shipping", "transaction_type": "Charge",
        "reference_id": shipment.to_string(), "reference_type": "Shipment",
    }]);
    let charged = stack.shipbob().happens("transactions", &fee).await?;
    let fee = charged["ids"][0].as_str().ok_or("no transaction was made")?;
    confirmed(&stack, &format!("shipment/{shipment}"), 1).await?;
    let voucher = confirmed(&stack, &format!("fee/{fee}"), 0).await?.references.number;

    // A day of some time zone: it may be yesterday's or tomorrow's here.
    let today = jiff::Zoned::now().date();
    let (from, to) = (today.yesterday()?.to_string(), today.tomorrow()?.to_string());
    let tenant = stack.tenant().as_str();
    let arguments =
        ["reconcile", "shipbob", "--tenant", tenant, "--from", &from, "--to", &to, "--format", "json"];
    // Its status speaks of the other cases too.
    let output = stack.operate(&arguments).await?;
    let statement: Value = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("{error}: {}", String::from_utf8_lossy(&output.stderr)))?;
    for (kind, id, figures) in [
        ("shipment", shipment.to_string(), json!({ "units": "4" })),
        ("fee", fee.to_owned(), json!({ "USD": "7.35" })),
    ] {
        let line = line_of(&statement, kind, &id).ok_or_else(|| format!("no {kind} {id}: {statement:#}"))?;
        for whose in ["shipbob", "posted", "confirmed"] {
            expect(line[whose] == figures, &format!("{whose}: {line}"))?;
        }
        expect(line["ties"] == true && line["cloudsuite"][0].is_string(), &line.to_string())?;
    }
    let line = line_of(&statement, "fee", fee).unwrap_or_default();
    expect(line["cloudsuite"][0].as_str() == voucher.as_deref(), &line.to_string())
}

/// The line of a statement that an object of ShipBob's has.
fn line_of(statement: &Value, kind: &str, id: &str) -> Option<Value> {
    let section = statement["sections"].as_array()?.iter().find(|section| section["kind"] == kind)?;
    section["lines"].as_array()?.iter().find(|line| line["id"] == id).cloned()
}

/// An order of one product; its number at ShipBob.
async fn put_order(stack: &Stack, name: &str, quantity: u32) -> Result<u64, Failed> {
    let order = json!({
        "order_number": name, "reference_id": name, "type": "DTC",
        "recipient": { "name": "Grace Okafor", "email": "grace.okafor@example.com", "address": {
            "address1": "12 Harbour Lane", "city": "Evanston", "state": "IL", "country": "US", "zip_code": "60201" } },
        "products": [{ "id": 1, "reference_id": "CANDLE-SOY", "sku": "CANDLE-SOY", "quantity": quantity,
                       "unit_price": 16.0, "quantity_unit_of_measure_code": "EA", "external_line_id": 1 }],
    });
    id(&stack.shipbob().happens("orders", &order).await?["id"])
}

fn id(value: &Value) -> Result<u64, Failed> {
    value.as_u64().or_else(|| value["id"].as_u64()).ok_or_else(|| format!("no id: {value}").into())
}

/// The record, once it is confirmed with so many movements.
async fn confirmed(stack: &Stack, end: &str, movements: u32) -> Result<Record, Failed> {
    let key: RecordKey = format!("{}/{}/{end}", stack.tenant(), Source::Shipbob).parse()?;
    let mut before = None;
    loop {
        let record = ops::follow(stack.ledger(), &key, before.as_ref(), SETTLE, |_| ()).await?;
        if record.state.word() == "confirmed" && record.movements.count >= movements {
            return Ok(record);
        }
        expect(
            matches!(record.state.word(), "confirmed" | "skipped"),
            &format!("{end}: {:?}", record.state),
        )?;
        before = Some(record);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// What the movements of a record did to the stock, in the order in which M3 made them.
async fn moved(stack: &Stack, record: &Record) -> Result<Vec<(String, Decimal)>, Failed> {
    let numbers = (1..=record.movements.count).map(|n| Reference::message_number_of(&record.key, n));
    let numbers: Vec<_> = numbers.collect();
    let all = stack.cloudsuite().moved().await?;
    let own =
        all.into_iter().filter(|moved| moved.warehouse == WAREHOUSE && numbers.contains(&moved.external));
    Ok(own.map(|moved| (moved.item, moved.quantity)).collect())
}
