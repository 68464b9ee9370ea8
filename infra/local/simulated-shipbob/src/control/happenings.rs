//! What can happen, by its path: orders, shipments, receiving orders, returns, transactions.

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{number, read};
use crate::simulator::SimulatedShipBob;
use crate::warehouse::{
    Action, Charge, Correction, Members, Moment, Number, Parcel, ReturnStatus, ShipmentStatus, Split,
    Stowing, Warehouse,
};
use crate::webhooks::Message;

/// What is answered, and what is told.
type Happened = (Value, Vec<Message>);

/// Something happens in a warehouse; the messages are to be published.
pub(super) fn happen(
    simulator: &mut SimulatedShipBob,
    parts: &[&str],
    body: &[u8],
    now: Timestamp,
) -> Result<Happened, String> {
    let at = Moment::of(simulator.time(now));
    let hours = simulator.settings.invoice_amount_after_hours;
    simulator.warehouse.unbilled.after = SignedDuration::from_hours(i64::from(hours));
    let warehouse = &mut simulator.warehouse;
    let happened: Happened = match *parts {
        ["orders"] => (done(warehouse.put_order(read::<Members>(body)?, at)?), Vec::new()),
        ["orders", id, "ship"] => {
            let (id, Ship { parcels }) = (number(id)?, said(body)?);
            let messages = warehouse.ship(id, &parcels, at)?;
            let shipments = warehouse.orders.get(&id).map(|order| order.shipments.clone());
            (json!({ "id": id, "shipments": shipments }), messages)
        }
        ["orders", id, "cancel"] => (done(number(id)?), warehouse.cancel_order(number(id)?, at)?),
        ["shipments", id, step] => {
            (done(number(id)?), step_shipment(warehouse, number(id)?, step, body, at)?)
        }
        ["receiving"] => {
            let (id, message) = warehouse.announce(&read(body)?, at)?;
            let boxes = warehouse.receiving.get(&id).into_iter().flat_map(|order| &order.boxes);
            (json!({ "id": id, "boxes": boxes.map(|one| one.box_id).collect::<Vec<_>>() }), vec![message])
        }
        ["receiving", id, "split"] => {
            let (ids, messages) = warehouse.split(number(id)?, &read::<Split>(body)?, at)?;
            (json!({ "ids": ids }), messages)
        }
        ["unidentified", id, "associate"] => {
            let Associate { receiving_id } = read(body)?;
            (done(number(id)?), warehouse.associate(number(id)?, receiving_id, at)?)
        }
        ["receiving", id, step] => {
            (done(number(id)?), step_receiving(warehouse, number(id)?, step, body, at)?)
        }
        ["returns"] => {
            let (id, message) = warehouse.expect_return(&read(body)?, at)?;
            (done(id), vec![message])
        }
        ["returns", id, step] => (done(number(id)?), step_return(warehouse, number(id)?, step, body, at)?),
        ["transactions"] => {
            let (mut ids, mut messages) = (Vec::new(), Vec::new());
            for charge in read::<Vec<Charge>>(body)? {
                let (id, message) = warehouse.charge(charge, &mut simulator.random, at);
                ids.push(id);
                messages.extend(message);
            }
            (json!({ "ids": ids }), messages)
        }
        ["invoice"] => {
            let (id, count) = warehouse.invoice(at);
            (json!({ "id": id, "transactions": count }), Vec::new())
        }
        _ => return Err("no such control path".to_owned()),
    };
    Ok(happened)
}

fn done(id: u64) -> Value {
    json!({ "id": id })
}

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Ship {
    parcels: Vec<Parcel>,
}

impl Default for Ship {
    /// Everything in one parcel.
    fn default() -> Self {
        Self { parcels: vec![Parcel::default()] }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Correct {
    items: Vec<Correction>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Bill {
    invoice_amount: Number,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Arrive {
    box_id: Option<u64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Associate {
    receiving_id: u64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stow {
    boxes: Vec<Stowing>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Complete {
    actions: Vec<Action>,
}

/// What the body says; without a body, what goes without saying.
fn said<T: Default + serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, String> {
    if body.is_empty() { Ok(T::default()) } else { read(body) }
}

type Told = Result<Vec<Message>, String>;

fn step_shipment(warehouse: &mut Warehouse, id: u64, step: &str, body: &[u8], at: Moment) -> Told {
    match step {
        "deliver" => warehouse.deliver(id, at),
        "cancel" => warehouse.cancel_shipment(id, at),
        "hold" => warehouse.stop(id, ShipmentStatus::OnHold, at),
        "exception" => warehouse.stop(id, ShipmentStatus::Exception, at),
        "correct" => warehouse.correct(id, &read::<Correct>(body)?.items, at),
        "bill" => warehouse.bill(id, read::<Bill>(body)?.invoice_amount, at).map(|()| Vec::new()),
        _ => Err(format!("{step} is none of deliver, cancel, hold, exception, correct, bill")),
    }
}

fn step_receiving(warehouse: &mut Warehouse, id: u64, step: &str, body: &[u8], at: Moment) -> Told {
    match step {
        "arrive" => warehouse.arrive(id, said::<Arrive>(body)?.box_id, at),
        "count" => warehouse.count(id, &read::<Stow>(body)?.boxes, at),
        "stow" => warehouse.stow(id, &read::<Stow>(body)?.boxes, at),
        "complete" => warehouse.complete_receiving(id, at),
        "cancel" => warehouse.cancel_receiving(id, at),
        _ => Err(format!("{step} is none of arrive, count, split, stow, complete, cancel")),
    }
}

fn step_return(warehouse: &mut Warehouse, id: u64, step: &str, body: &[u8], at: Moment) -> Told {
    match step {
        "arrive" => warehouse.move_return(id, ReturnStatus::Arrived, at),
        "process" => warehouse.move_return(id, ReturnStatus::Processing, at),
        "cancel" => warehouse.move_return(id, ReturnStatus::Cancelled, at),
        "complete" => warehouse.complete_return(id, &said::<Complete>(body)?.actions, at),
        _ => Err(format!("{step} is none of arrive, process, complete, cancel")),
    }
}
