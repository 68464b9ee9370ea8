//! Movements that no order asks for: adjustments, counts, moves, reclassifications; and MMS310MI's quick count.

use rust_decimal::Decimal;

use super::messages::StockMessage;
use super::{Direction, Movement, Place, check_lot, location, to_basic};
use crate::m3::state::M3;
use crate::m3::{Call, Input, Nok, Outcome};
use crate::master::{Item, Record, field, record};

/// `AddAdjust`: the quantity is a difference.
pub(super) fn adjust(m3: &mut M3, message: &StockMessage, fields: &Record) -> Result<Record, Nok> {
    let input = Input(fields);
    check_reason(m3, &input)?;
    let quantity = quantity(m3, &input)?;
    if quantity.is_zero() {
        return Err(Nok::generic("QLQT", "Quantity must be entered"));
    }
    let direction = if quantity.is_sign_negative() { Direction::Out } else { Direction::In };
    let place = place(m3, &message.warehouse, &input, direction)?;
    if direction == Direction::Out {
        m3.check_on_hand(&place, -quantity, "MM42103", "QLQT")?;
    }
    let made = record(&[("WHSL", &place.location)]);
    let kind = m3.settings.stock.transaction_types.inventory;
    m3.move_goods(place, quantity, kind, &input, message);
    Ok(made)
}

/// `AddQty`: the quantity is what was counted.
pub(super) fn set(m3: &mut M3, message: &StockMessage, fields: &Record) -> Result<Record, Nok> {
    let input = Input(fields);
    check_reason(m3, &input)?;
    let counted = quantity(m3, &input)?;
    if counted.is_sign_negative() {
        return Err(Nok::known("XNU0003", "QLQT", ""));
    }
    let place = place(m3, &message.warehouse, &input, Direction::In)?;
    let made = record(&[("WHSL", &place.location)]);
    m3.count(place, counted, noted(&input, message));
    Ok(made)
}

/// `AddMove`: to another location of the warehouse.
pub(super) fn relocate(m3: &mut M3, message: &StockMessage, fields: &Record) -> Result<Record, Nok> {
    let input = Input(fields);
    let quantity = positive(m3, &input)?;
    let from = place(m3, &message.warehouse, &input, Direction::Out)?;
    let Some(to) = input.given("TWSL") else { return Err(Nok::known("WTW0402", "TWSL", "")) };
    let to = Place { location: location(m3, &message.warehouse, to)?, ..from.clone() };
    m3.check_on_hand(&from, quantity, "MM42103", "QLQT")?;
    let kind = m3.settings.stock.transaction_types.location_move;
    m3.move_goods(from, -quantity, kind, &input, message);
    m3.move_goods(to, quantity, kind, &input, message);
    Ok(Record::new())
}

/// `AddReclass`: to another item or lot.
pub(super) fn reclassify(m3: &mut M3, message: &StockMessage, fields: &Record) -> Result<Record, Nok> {
    let input = Input(fields);
    check_reason(m3, &input)?;
    let quantity = positive(m3, &input)?;
    let from = place(m3, &message.warehouse, &input, Direction::Out)?;
    let item = m3.item(input.or("NITN", &[&from.item]))?;
    let lot = input.or("NBAN", &[&from.lot]);
    in_stock(m3, item, &message.warehouse)?;
    check_lot(m3, item, lot, Direction::In)?;
    let to = Place { item: field(&item.fields, "ITNO").to_owned(), lot: lot.to_owned(), ..from.clone() };
    if to == from {
        return Err(Nok::generic("NBAN", "Neither item nor lot is changed"));
    }
    m3.check_on_hand(&from, quantity, "MM42103", "QLQT")?;
    let kind = m3.settings.stock.transaction_types.reclassification;
    m3.move_goods(from, -quantity, kind, &input, message);
    m3.move_goods(to, quantity, kind, &input, message);
    Ok(Record::new())
}

/// `MMS310MI/Update`: a quick count; without a quantity the count is not reported, so nothing changes.
pub(super) fn update(m3: &mut M3, call: &Call<'_>) -> Outcome {
    let input = &call.input;
    input.refuse(&["CAMU", "REPN", "CAWI", "STAG", "TRPR"])?;
    input.dates(&["STDI", "PRDT"])?;
    check_reason(m3, input)?;
    m3.warehouse(input.get("WHLO"))?;
    let place = place(m3, input.get("WHLO"), input, Direction::In)?;
    let Some(counted) = input.number("STQI")? else {
        return Err(Nok::generic("STQI", "Physical inventory quantity must be entered"));
    };
    let item = m3.item(&place.item)?;
    let counted = to_basic(item, counted, "", "STQI")?;
    if counted.is_sign_negative() {
        return Err(Nok::known("XNU0003", "STQI", ""));
    }
    let mut noted = record(&[("RSCD", input.get("RSCD")), ("RFTX", input.get("BREM"))]);
    noted.insert("TRDT".to_owned(), input.get("STDI").to_owned());
    m3.count(place, counted, noted);
    Ok(Vec::new())
}

/// The place that a record names; item, location and lot must be usable.
fn place(m3: &M3, warehouse: &str, input: &Input<'_>, direction: Direction) -> Result<Place, Nok> {
    let item = m3.item(input.get("ITNO"))?;
    in_stock(m3, item, warehouse)?;
    check_lot(m3, item, input.get("BANO"), direction)?;
    let location = location(m3, warehouse, input.get("WHSL"))?;
    Ok(Place::of(warehouse, input.get("ITNO"), &location, input.get("BANO")))
}

/// The item must be kept in the warehouse and be neither preliminary nor deleted.
pub(crate) fn in_stock(m3: &M3, item: &Item, warehouse: &str) -> Result<(), Nok> {
    crate::m3::batch_lines::in_warehouse(m3, item, warehouse)?;
    let status = field(&item.fields, "STAT");
    if ("20"..="80").contains(&status) { Ok(()) } else { Err(Nok::known("XIT0107", "ITNO", status)) }
}

fn quantity(m3: &M3, input: &Input<'_>) -> Result<Decimal, Nok> {
    let quantity = input.number("QLQT")?.unwrap_or_default();
    to_basic(m3.item(input.get("ITNO"))?, quantity, input.get("QLUN"), "QLUN")
}

fn positive(m3: &M3, input: &Input<'_>) -> Result<Decimal, Nok> {
    match quantity(m3, input)? {
        quantity if quantity > Decimal::ZERO => Ok(quantity),
        _ => Err(Nok::known("XNU0003", "QLQT", "")),
    }
}

/// The transaction reason must be known, if reasons are kept.
pub(super) fn check_reason(m3: &M3, input: &Input<'_>) -> Result<(), Nok> {
    let known = &m3.master.stock.reasons;
    match input.given("RSCD").filter(|code| !known.is_empty() && !known.iter().any(|own| own == code)) {
        Some(code) => Err(Nok::generic("RSCD", format!("Transaction reason {code} does not exist"))),
        None => Ok(()),
    }
}

/// What a transaction shows of its line. That the remark becomes the reference text is UNCONFIRMED.
pub(super) fn noted(input: &Input<'_>, message: &StockMessage) -> Record {
    let mut row = record(&[
        ("RFTX", input.get("BREM")),
        ("TRDT", input.or("QLDT", &[input.get("RPDT"), input.get("GEDT")])),
        ("PMSN", &message.external),
        ("MSGN", &message.number),
    ]);
    for name in [
        "RSCD", "RESP", "BREF", "BRE2", "RIDN", "RIDL", "RIDX", "RIDI", "PLSX", "REPN", "TRTP", "SUDO",
        "RORC", "RORN", "RORL", "RORX", "PACN", "PROJ", "ELNO",
    ] {
        if let Some(value) = input.given(name) {
            row.insert(name.to_owned(), value.to_owned());
        }
    }
    row
}

impl M3 {
    /// The place in a warehouse that a record names, where goods may come in.
    pub(crate) fn place_of(&self, warehouse: &str, fields: &Record) -> Result<Place, Nok> {
        place(self, warehouse, &Input(fields), Direction::In)
    }

    /// Moves goods that have been checked.
    pub(super) fn move_goods(
        &mut self,
        place: Place,
        quantity: Decimal,
        kind: u8,
        input: &Input<'_>,
        message: &StockMessage,
    ) {
        let fields = noted(input, message);
        let accounts = accounts(input);
        let date = field(&fields, "TRDT").to_owned();
        self.post_movement(Movement { place, quantity, kind, date, fields, accounts });
    }
}

/// Accounting objects by the names of the dimensions.
pub(super) fn accounts(input: &Input<'_>) -> Record {
    let dimensions = crate::m3::accounts::DIMENSIONS.iter().zip(super::received::ACCOUNTS);
    let given = dimensions.filter_map(|(to, from)| Some(((*to).to_owned(), input.given(from)?.to_owned())));
    given.collect()
}
