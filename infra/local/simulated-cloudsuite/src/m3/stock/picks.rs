//! Lines that an order asks for: picks for a customer order, returns of a customer, receipts for a purchase order.

use std::str::FromStr;

use rust_decimal::Decimal;

use super::messages::{MessageLine, StockMessage};
use super::movements::in_stock;
use super::{Direction, Place, check_lot, location, to_basic};
use crate::m3::purchasing::{GoodsIn, receive_goods};
use crate::m3::state::{Line, M3};
use crate::m3::{Input, Nok};
use crate::master::{Record, field, record};

/// The picking list that an order line is on; each line has one.
const PICKING_LIST: &str = "1";

/// `AddCOPick`: the goods leave, and the order line is delivered or partly so.
pub(super) fn pick(m3: &mut M3, message: &StockMessage, fields: &Record) -> Result<Record, Nok> {
    let input = Input(fields);
    let order = m3.order(input.get("RIDN"))?;
    if order.content.customer != input.get("CUNO") {
        return Err(Nok::known("XIM0002", "CUNO", input.get("CUNO")));
    }
    let line = order.line(input.get("RIDL"), input.get("RIDX"))?;
    check_picking(m3, line, &input)?;
    if field(&line.fields, "WHLO") != message.warehouse {
        return Err(Nok::known("WWH0101", "WHLO", &message.warehouse));
    }
    let item = m3.item(input.get("ITNO"))?;
    in_stock(m3, item, &message.warehouse)?;
    let quantity = to_basic(item, input.number("QTYP")?.unwrap_or_default(), "", "QTYP")?;
    if quantity <= Decimal::ZERO {
        return Err(Nok::generic("QTYP", "Quantity must be entered"));
    }
    let ordered = to_basic(item, number(line, "ORQT"), field(&line.fields, "ALUN"), "ALUN")?;
    let delivered = number(line, "DLQT") + quantity;
    if delivered > ordered && !m3.settings.stock.over_pick {
        return Err(Nok::known("MH85008", "QTYP", ""));
    }
    check_lot(m3, item, input.get("BANO"), Direction::Out)?;
    let location = location(m3, &message.warehouse, input.get("WHSL"))?;
    let place = Place::of(&message.warehouse, input.get("ITNO"), &location, input.get("BANO"));
    m3.check_on_hand(&place, quantity, "MW42223", "QTYP")?;
    let complete = delivered >= ordered || input.get("OEND") == "1";
    let kind = m3.settings.stock.transaction_types.customer_order;
    m3.move_goods(place, -quantity, kind, &input, message);
    deliver(m3, &input, delivered, complete);
    Ok(record(&[("WHSL", &location)]))
}

/// The line must be on a picking list and not be delivered yet.
fn check_picking(m3: &M3, line: &Line, input: &Input<'_>) -> Result<(), Nok> {
    let suffix = input.get("PLSX").trim_start_matches('0');
    let highest = line.status.parse::<u8>().unwrap_or_default();
    let is_listed = highest >= m3.settings.stock.pick_from;
    if highest >= 66 {
        return Err(Nok::known("WPO0301", "RIDL", input.get("RIDL")));
    }
    if suffix != PICKING_LIST || !is_listed {
        return Err(Nok::known("WPL1803", "PLSX", input.get("PLSX")));
    }
    Ok(())
}

/// The line's delivered quantity goes up; its status is 66 when all is delivered, 46 as long as some is left.
fn deliver(m3: &mut M3, input: &Input<'_>, delivered: Decimal, complete: bool) {
    let now = m3.now;
    let Some(order) = m3.orders.get_mut(input.get("RIDN")) else { return };
    order.changed = now;
    if let Some(line) = order.content.lines.iter_mut().find(|line| line.has(input.get("RIDL"))) {
        line.fields.insert("DLQT".to_owned(), delivered.normalize().to_string());
        (if complete { "66" } else { "46" }).clone_into(&mut line.status);
    }
    order.sum_up();
}

fn number(line: &Line, name: &str) -> Decimal {
    Decimal::from_str(field(&line.fields, name)).unwrap_or_default()
}

/// `AddCOReturn`: a return that is expected comes in, whole.
pub(super) fn take_back(m3: &mut M3, message: &StockMessage, fields: &Record) -> Result<Record, Nok> {
    let input = Input(fields);
    let (number, line) = (input.get("REPN"), input.get("RELI"));
    let expected = m3.expected_return(number, line)?.clone();
    if field(&expected, "CUNO") != input.get("CUNO") {
        return Err(Nok::known("XIM0002", "CUNO", input.get("CUNO")));
    }
    if field(&expected, "WHLO") != message.warehouse {
        return Err(Nok::known("WWH0101", "WHLO", &message.warehouse));
    }
    let clean = |text: &str| text.trim_start_matches('0').to_owned();
    let key = (clean(number), clean(line));
    if m3.stock.returned.contains(&key) {
        return Err(Nok::generic(
            "REPN",
            format!("Receiving number {number} line {line} is reported already"),
        ));
    }
    let item = m3.item(input.get("ITNO"))?;
    in_stock(m3, item, &message.warehouse)?;
    let quantity = to_basic(item, input.number("QTY")?.unwrap_or_default(), "", "QTY")?;
    if quantity != Decimal::from_str(field(&expected, "QTY")).unwrap_or_default() {
        return Err(Nok::known("S_00573", "QTY", ""));
    }
    check_lot(m3, item, input.get("BANO"), Direction::In)?;
    let location = location(m3, &message.warehouse, input.get("WHSL"))?;
    let place = Place::of(&message.warehouse, input.get("ITNO"), &location, input.get("BANO"));
    let kind = m3.settings.stock.transaction_types.customer_return;
    m3.move_goods(place, quantity, kind, &input, message);
    m3.stock.returned.insert(key);
    Ok(record(&[("WHSL", &location)]))
}

/// `AddPOReceipt` and lines of qualifier 20. That QTY is in the order line's unit is UNCONFIRMED.
pub(super) fn receive(m3: &mut M3, message: &StockMessage, line: &MessageLine) -> Result<Record, Nok> {
    let input = Input(&line.fields);
    let names = ["QTY", "RVQA", "DLQT"];
    let name = names.iter().find(|name| input.given(name).is_some()).copied().unwrap_or("QTY");
    let goods = GoodsIn {
        order: input.get("RIDN"),
        line: input.get("RIDL"),
        subline: input.get("RIDX"),
        item: input.get("ITNO"),
        warehouse: &message.warehouse,
        quantity: input.number(name)?.unwrap_or_default(),
        quantity_field: name,
        // DLQT is in the basic unit, RVQA in the purchase order's unit or the one beside it.
        unit: if name == "DLQT" { Some("") } else { input.given("PUUN") },
        date: input.or("RPDT", &[input.get("GEDT")]),
        location: input.get("WHSL"),
        lot: input.get("BANO"),
        finishes: input.get("OEND") == "1",
        fields: super::movements::noted(&input, message),
    };
    let received = receive_goods(m3, &goods)?;
    Ok(record(&[("REPN", &received.number), ("WHSL", &received.location)]))
}
