//! OIS100MI batch entry, line level.

use rust_decimal::Decimal;

use super::batch::{check_charge, put};
use super::state::{Line, M3};
use super::{Input, Nok, Outcome};
use crate::master::{Item, field, record};

/// Text fields of a line that must hold numbers.
pub(super) const NUMBERS: [&str; 13] =
    ["SAPR", "DIA1", "DIA2", "DIA3", "DIA4", "DIA5", "DIA6", "DIP1", "DIP2", "DIP3", "DIP4", "DIP5", "DIP6"];

/// `AddBatchLine`. Lines are numbered from 1 on; a deleted number at the end is used again.
pub(super) fn add_line(m3: &mut M3, input: &Input<'_>) -> Outcome {
    let order = input.get("ORNO");
    let head_warehouse = field(&m3.open_batch(order)?.content.head, "WHLO").to_owned();
    let item = usable_item(m3, input.get("ITNO"))?;
    let warehouse = input.or("WHLO", &[&head_warehouse]);
    in_warehouse(m3, item, warehouse)?;
    check_quantity(input, item)?;
    input.numbers(&NUMBERS)?;
    input.dates(&["DWDT", "CODT", "DWDZ", "CODZ"])?;
    let mut fields = input.stored();
    for (name, value) in [
        ("WHLO", warehouse),
        ("ITDS", input.or("ITDS", &[field(&item.fields, "ITDS")])),
        ("SAPR", input.or("SAPR", &[field(&item.fields, "SAPR")])),
    ] {
        fields.insert(name.to_owned(), value.to_owned());
    }
    let lines = &mut m3.open_batch(order)?.content.lines;
    let number = lines.iter().map(|line| line.number).max().unwrap_or(0) + 1;
    lines.push(Line { number, status: String::new(), fields, charges: Vec::new() });
    Ok(vec![record(&[("PONR", &number.to_string()), ("POSX", "0"), ("ATNR", "0")])])
}

/// The item, if it exists and may be sold (status 20 to 50).
pub(super) fn usable_item<'a>(m3: &'a M3, number: &str) -> Result<&'a Item, Nok> {
    let item = m3.item(number)?;
    let status = field(&item.fields, "STAT");
    if !("20"..="50").contains(&status) {
        return Err(Nok::generic("ITNO", format!("Item number {number} has status {status}")));
    }
    Ok(item)
}

/// The warehouse must exist and hold the item.
pub(super) fn in_warehouse(m3: &M3, item: &Item, warehouse: &str) -> Result<(), Nok> {
    m3.warehouse(warehouse)?;
    if item.warehouses.iter().any(|code| code == warehouse) {
        return Ok(());
    }
    Err(Nok::known("WIT0101", "ITNO", field(&item.fields, "ITNO")))
}

/// The quantity must be above zero, in a unit of the item.
pub(super) fn check_quantity(input: &Input<'_>, item: &Item) -> Result<(), Nok> {
    let quantity = input.number("ORQT")?.unwrap_or_default();
    if quantity <= Decimal::ZERO {
        return Err(Nok::generic("ORQT", "Ordered quantity must be greater than zero"));
    }
    match input.given("ALUN").filter(|unit| !item.has_unit(unit)) {
        Some(unit) => {
            let number = field(&item.fields, "ITNO");
            Err(Nok::generic("ALUN", format!("Alternate unit {unit} is not set up for item {number}")))
        }
        None => Ok(()),
    }
}

/// `AddBatchLineChg`. A second charge of an id replaces the first.
pub(super) fn add_line_charge(m3: &mut M3, input: &Input<'_>) -> Outcome {
    check_charge(m3, input)?;
    let appends = m3.settings.repeats_count;
    let line = m3.open_batch(input.get("ORNO"))?.content.line(input.get("PONR"))?;
    put(&mut line.charges, "CRID", input.stored(), appends);
    Ok(Vec::new())
}

/// `DelBatchLine`.
pub(super) fn delete_line(m3: &mut M3, input: &Input<'_>) -> Outcome {
    let content = &mut m3.open_batch(input.get("ORNO"))?.content;
    let number = content.line(input.get("PONR"))?.number;
    content.lines.retain(|line| line.number != number);
    Ok(Vec::new())
}
