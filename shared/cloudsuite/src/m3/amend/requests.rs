//! Reading and changing customer orders that are there, as M3 transactions. Pure.
//!
//! Field names and lengths as in M3's interface description (OIS100MI). A line is added by `AddLineBatchEnt`, because
//! only that takes our line number (CUPO), by which a line is known again after a lost answer; `AddOrderLine` does
//! not.

use domain::{Charge, OrderLine, SalesOrder};
use rust_decimal::Decimal;

use crate::m3::{
    options::{Options, OrderText, TextKey},
    requests::{discount, line_fields, order_only, our_reference},
    text::{cut, decimal},
    wire::{Row, Transaction},
};

/// The address type of a delivery address.
const DELIVERY: &str = "1";
/// The texts before the lines.
const BEFORE_LINES: &str = "1";
/// How many characters a text of `AddText` holds.
pub(super) const TEXT: usize = 600;

pub(super) fn head(company: u16, number: &str) -> Transaction {
    let columns =
        &["ORNO", "CUNO", "ORTP", "FACI", "CUOR", "YREF", "OREF", "CUCD", "TEPY", "ORDT", "ORSL", "ORST"];
    order_only("GetHead", Some(company), number, columns)
}

pub(super) fn lines(company: u16, number: &str) -> Transaction {
    let columns = &["PONR", "POSX", "CUPO", "ITNO", "ORQT", "ORQA", "ALUN", "WHLO", "SAPR", "DIA1", "ORST"];
    order_only("LstLine", Some(company), number, columns)
}

pub(super) fn address(company: u16, number: &str) -> Transaction {
    let fields = of_order(company, number).into_iter().chain([("ADRT", DELIVERY.to_owned())]);
    let columns = &["CUNM", "CUA1", "CUA2", "CUA3", "CUA4", "PONO", "TOWN", "ECAR", "CSCD"];
    Transaction::new("GetAddress", fields, columns)
}

pub(super) fn text(company: u16, number: &str) -> Transaction {
    let fields = of_order(company, number).into_iter().chain([("TYTR", BEFORE_LINES.to_owned())]);
    Transaction::new("LstHeadText", fields, &["LINO", "TX60"])
}

pub(super) fn charges(number: &str) -> Transaction {
    order_only("LstConnCOCharge", None, number, &["CRID", "CRAM"])
}

pub(super) fn delete_order(company: u16, number: &str) -> Transaction {
    order_only("DelHead", Some(company), number, &[])
}

/// Takes a line out of an order that is to be cancelled.
pub(super) fn delete_line(company: u16, number: &str, row: &Row) -> Transaction {
    Transaction::new("DelLine", of_order(company, number).into_iter().chain(of_line(row)), &[])
}

/// Takes a line out of an order that stays.
pub(super) fn remove_line(company: u16, number: &str, row: &Row) -> Transaction {
    let fields = of_order(company, number).into_iter().chain(of_line(row));
    Transaction::new("DelLineBatchEnt", fields, &["ORNO", "STAT"])
}

pub(super) fn add_line(
    order: &SalesOrder,
    number: &str,
    place: u32,
    line: &OrderLine,
    options: &Options,
) -> Transaction {
    let fields = line_fields(order, number, place, line, options);
    Transaction::new("AddLineBatchEnt", fields, &["ORNO", "STAT", "PONR", "POSX"])
}

/// Another quantity, in the unit that the line has.
pub(super) fn change_quantity(company: u16, number: &str, row: &Row, quantity: Decimal) -> Transaction {
    let fields = of_order(company, number).into_iter().chain(of_line(row));
    Transaction::new("ChgLineBatchEnt", fields.chain([("ORQA", decimal(quantity))]), &["ORNO", "STAT"])
}

/// Another price and discount. This transaction has no company field: the envelope's holds.
pub(super) fn change_price(number: &str, row: &Row, line: &OrderLine, options: &Options) -> Transaction {
    let own = [
        ("ORNO", number.to_owned()),
        ("SAPR", decimal(line.price.amount)),
        ("DIA1", decimal(discount(line, options))),
    ];
    Transaction::new("UpdPriceInfo", own.into_iter().chain(of_line(row)), &[])
}

/// Another warehouse for one line, at the price that it has. This transaction takes no line suffix.
pub(super) fn change_warehouse(company: u16, number: &str, row: &Row, warehouse: &str) -> Transaction {
    let own = [("PONR", row.get("PONR").to_owned()), ("WHLO", warehouse.to_owned())];
    let fields = of_order(company, number).into_iter().chain(own);
    Transaction::new("ChgWarehouse", fields, &["ORNO", "PONR", "STAT"])
}

/// The buyer's own number of the order, or the name at the source. This transaction has no company field.
pub(super) fn change_reference(order: &SalesOrder, number: &str) -> Transaction {
    let fields = [("ORNO", number.to_owned()), ("OREF", our_reference(order))];
    Transaction::new("ChgOrderRef", fields, &[])
}

/// The note, in place of the present one if there is one.
pub(super) fn change_text(
    order: &SalesOrder,
    number: &str,
    place: &OrderText,
    is_there: bool,
) -> Transaction {
    let key = match place.key {
        TextKey::CompanyAndOrder => format!("{:03}{number}", order.company),
        TextKey::Order => number.to_owned(),
    };
    let own = [("FILE", place.table.clone()), ("FLDN", place.field.clone()), ("KFLD", key)];
    let replace = is_there.then(|| ("REPL", "1".to_owned()));
    let fields = own.into_iter().chain(replace).chain([("TEXT", cut(order.note.expose(), TEXT))]);
    Transaction::new("AddText", fields, &[])
}

/// A charge that the order does not have, or has with another amount.
pub(super) fn set_charge(number: &str, charge: &Charge, is_there: bool) -> Transaction {
    let fields = [
        ("ORNO", number.to_owned()),
        ("CRID", charge.id.clone()),
        ("CRAM", decimal(charge.amount.amount)),
        ("CRD0", cut(&charge.text, 30)),
    ];
    Transaction::new(if is_there { "UpdConnCOCharge" } else { "AddConnCOCharge" }, fields, &[])
}

pub(super) fn delete_charge(number: &str, id: &str) -> Transaction {
    Transaction::new("DelConnCOCharge", [("ORNO", number.to_owned()), ("CRID", id.to_owned())], &[])
}

fn of_order(company: u16, number: &str) -> [(&'static str, String); 2] {
    [("CONO", company.to_string()), ("ORNO", number.to_owned())]
}

/// Number and suffix of a line.
fn of_line(row: &Row) -> [(&'static str, String); 2] {
    [("PONR", row.get("PONR").to_owned()), ("POSX", row.get("POSX").to_owned())]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::m3::samples;

    #[test]
    fn a_note_goes_to_the_place_that_is_configured() {
        let order = SalesOrder { company: 7, ..samples::order(1, &["MUG"]) };
        let default = OrderText::default();
        let other = OrderText {
            table: "OXHEAD".into(),
            field: "OATXID".into(),
            key: TextKey::Order,
            ..default.clone()
        };
        for (place, expected) in
            [(default, ["OOHEAD00", "OAPRTX", "0070001001"]), (other, ["OXHEAD", "OATXID", "0001001"])]
        {
            let text = change_text(&order, "0001001", &place, true);
            assert_eq!(["FILE", "FLDN", "KFLD"].map(|field| text.record[field].as_str()), expected);
        }
    }
}
