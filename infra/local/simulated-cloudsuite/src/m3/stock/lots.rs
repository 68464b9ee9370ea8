//! Lots and locations: which must be named, which exist.

use super::is_lot_controlled;
use crate::m3::Nok;
use crate::m3::state::M3;
use crate::master::{Item, field};

/// Which way goods go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    /// Into stock.
    In,
    /// Out of stock.
    Out,
}

/// A lot-controlled item needs a lot that exists, any other must have none. What comes in may bring a new lot, if that
/// is set.
pub(crate) fn check_lot(m3: &M3, item: &Item, lot: &str, direction: Direction) -> Result<(), Nok> {
    let number = field(&item.fields, "ITNO");
    match (is_lot_controlled(item), lot) {
        (true, "") => Err(Nok::known("WBA0402", "BANO", "")),
        (false, "") => Ok(()),
        (false, lot) => {
            let code = if direction == Direction::In { "PP30029" } else { "CO30008" };
            Err(Nok::known(code, "BANO", lot))
        }
        (true, lot) => {
            let exists = m3.stock.lots.contains(&(number.to_owned(), lot.to_owned()));
            let may_be_new = direction == Direction::In && m3.settings.stock.lots_by_receipt;
            if exists || may_be_new { Ok(()) } else { Err(Nok::known("XBA0003", "BANO", lot)) }
        }
    }
}

/// The location that is named, which must exist, or the warehouse's first.
pub(crate) fn location(m3: &M3, warehouse: &str, given: &str) -> Result<String, Nok> {
    let mut own = m3.master.stock.locations.iter().filter(|row| field(row, "WHLO") == warehouse).peekable();
    let Some(first) = own.peek() else { return Ok(given.to_owned()) };
    if given.is_empty() {
        return Ok(field(first, "WHSL").to_owned());
    }
    if own.any(|row| field(row, "WHSL") == given) {
        return Ok(given.to_owned());
    }
    Err(Nok::known("WWS0103", "WHSL", given))
}
