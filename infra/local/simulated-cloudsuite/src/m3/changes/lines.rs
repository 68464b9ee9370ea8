//! Lines of a customer order: added, changed, deleted, closed.

use super::{CLOSED, require_below};
use crate::m3::batch_lines::{NUMBERS, check_quantity, in_warehouse, usable_item};
use crate::m3::state::{Line, M3};
use crate::m3::{Input, Nok, Outcome};
use crate::master::{Record, field, record};

/// Adds a line, reserved (status 22). A number that was given before is not given again; the caller may name one.
pub(super) fn add(m3: &mut M3, input: &Input<'_>) -> Result<Record, Nok> {
    let order = m3.order(input.get("ORNO"))?;
    require_below(m3.settings.order_changes.add_line_below, order.reached(), "The order")?;
    let item = usable_item(m3, input.get("ITNO"))?;
    let warehouse = input.or("WHLO", &[field(&order.content.head, "WHLO")]);
    in_warehouse(m3, item, warehouse)?;
    check_quantity(input, item)?;
    input.numbers(&NUMBERS)?;
    input.dates(&["DWDT", "CODT", "DWDZ", "CODZ", "PLDT"])?;
    let number = match input.given("PONR") {
        Some(text) => text.parse().map_err(|_| Nok::known("WPO0303", "PONR", text))?,
        None => order.last_line + 1,
    };
    if number == 0 || order.content.lines.iter().any(|line| line.number == number) {
        return Err(Nok::generic("PONR", format!("Order line {number} exists already")));
    }
    let mut fields = input.stored();
    fields.retain(|name, _| !["ORNO", "PONR", "IGWA"].contains(&name.as_str()));
    for (name, value) in [
        ("WHLO", warehouse),
        ("ITDS", input.or("ITDS", &[field(&item.fields, "ITDS")])),
        ("SAPR", input.or("SAPR", &[field(&item.fields, "SAPR")])),
    ] {
        fields.insert(name.to_owned(), value.to_owned());
    }
    let order = m3.order_mut(input.get("ORNO"))?;
    order.last_line = order.last_line.max(number);
    order.content.lines.push(Line { number, status: "22".to_owned(), fields, charges: Vec::new() });
    order.sum_up();
    Ok(record(&[("PONR", &number.to_string()), ("POSX", "0"), ("ATNR", "0")]))
}

/// `ChgLineBatchEnt`: fields that are not given stay. No unit conversion is simulated, so ORQA is ORQT.
pub(super) fn change(m3: &mut M3, input: &Input<'_>) -> Result<Record, Nok> {
    let limit = m3.settings.order_changes.change_line_below;
    let number = editable(m3, input, limit)?;
    if input.number("ORQA")?.is_some_and(|quantity| quantity <= rust_decimal::Decimal::ZERO) {
        return Err(Nok::generic("ORQA", "Ordered quantity must be greater than zero"));
    }
    input.dates(&["DWDZ"])?;
    let mut changes = input.stored();
    changes.retain(|name, _| !["ORNO", "PONR", "POSX"].contains(&name.as_str()));
    for (from, to) in [("ORQA", "ORQT"), ("DWDZ", "DWDT")] {
        if let Some(value) = input.given(from) {
            changes.insert(to.to_owned(), value.to_owned());
        }
    }
    with_line(m3, input, number, |line| line.fields.extend(changes))?;
    Ok(Record::new())
}

/// `DelLine`, `DelLineBatchEnt`: the line is gone.
pub(super) fn delete(m3: &mut M3, input: &Input<'_>) -> Result<Record, Nok> {
    let limit = m3.settings.order_changes.delete_line_below;
    let number = editable(m3, input, limit)?;
    let order = m3.order_mut(input.get("ORNO"))?;
    order.content.lines.retain(|line| line.number != number);
    order.content.texts.retain(|text| {
        field(text, "TYPE") != "2" || field(text, "PONR").trim_start_matches('0') != number.to_string()
    });
    order.sum_up();
    Ok(Record::new())
}

/// `CloLine`: the line stays, closed undelivered (99).
pub(super) fn close(m3: &mut M3, input: &Input<'_>) -> Outcome {
    let limit = m3.settings.order_changes.close_line_below;
    let number = editable(m3, input, limit)?;
    with_line(m3, input, number, |line| CLOSED.clone_into(&mut line.status))?;
    Ok(Vec::new())
}

/// `UpdPriceInfo`: price and discounts; what is not given stays.
pub(super) fn change_price(m3: &mut M3, input: &Input<'_>) -> Outcome {
    let limit = m3.settings.order_changes.price_below;
    let number = editable(m3, input, limit)?;
    input.dates(&["MPRD"])?;
    let mut changes = input.stored();
    changes.retain(|name, _| !["ORNO", "PONR", "POSX", "RSC5", "MPRD"].contains(&name.as_str()));
    with_line(m3, input, number, |line| line.fields.extend(changes))?;
    Ok(Vec::new())
}

/// `ChgWarehouse`: of one line, or of all. Whether the price is found anew (RCSP) is not simulated.
pub(super) fn change_warehouse(m3: &mut M3, input: &Input<'_>) -> Outcome {
    input.refuse(&["RCSP"])?;
    let (number, warehouse) = (input.get("ORNO"), input.get("WHLO"));
    let wanted = input.given("PONR");
    let order = m3.order(number)?;
    if let Some(line) = wanted {
        order.line(line, "")?;
    }
    let limit = m3.settings.order_changes.change_line_below;
    let is_meant = |line: &Line| wanted.is_none_or(|number| line.has(number));
    for line in order.content.lines.iter().filter(|line| is_meant(line)) {
        require_below(limit, &line.status, &format!("Line {}", line.number))?;
        in_warehouse(m3, usable_item(m3, field(&line.fields, "ITNO"))?, warehouse)?;
    }
    let order = m3.order_mut(number)?;
    for line in order.content.lines.iter_mut().filter(|line| is_meant(line)) {
        line.fields.insert("WHLO".to_owned(), warehouse.to_owned());
    }
    Ok(vec![record(&[("ORNO", number), ("PONR", wanted.unwrap_or_default()), ("STAT", "90")])])
}

/// `UpdCnfDlyDate`.
pub(super) fn confirm_date(m3: &mut M3, input: &Input<'_>) -> Outcome {
    let limit = m3.settings.order_changes.date_below;
    let number = editable(m3, input, limit)?;
    input.dates(&["PLDT", "DSDT", "CODT"])?;
    let mut changes = input.stored();
    changes.retain(|name, _| !["ORNO", "PONR"].contains(&name.as_str()));
    with_line(m3, input, number, |line| line.fields.extend(changes))?;
    Ok(Vec::new())
}

/// The number of the line that the record names, if it is below this status.
fn editable(m3: &M3, input: &Input<'_>, limit: u8) -> Result<u32, Nok> {
    let line = m3.order(input.get("ORNO"))?.line(input.get("PONR"), input.get("POSX"))?;
    require_below(limit, &line.status, &format!("Line {}", line.number))?;
    Ok(line.number)
}

fn with_line(m3: &mut M3, input: &Input<'_>, number: u32, apply: impl FnOnce(&mut Line)) -> Result<(), Nok> {
    let order = m3.order_mut(input.get("ORNO"))?;
    if let Some(line) = order.content.lines.iter_mut().find(|line| line.number == number) {
        apply(line);
    }
    order.sum_up();
    Ok(())
}
