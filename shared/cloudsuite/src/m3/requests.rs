//! Documents as M3 transactions. Pure.
//!
//! Field names and lengths as in M3's interface description (OIS100MI, CRS610MI).

use std::collections::BTreeSet;

use domain::{Address, Customer, OrderLine, Private, SalesOrder};
use rust_decimal::Decimal;

use super::{Options, wire::Transaction};

/// How many characters an address line of M3 holds (CUA1 to CUA4, CUNM).
const LINE: usize = 36;
/// How many address lines M3 holds.
const LINES: usize = 4;
/// The field of a batch order line that holds our number of it: 1 for the document's first.
pub(super) const LINE_NUMBER: &str = "CUPO";
/// How many characters a text of `AddBatchText` holds.
const TEXT: usize = 240;

/// How a discount is written on a batch order line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DiscountAs {
    /// DIA1 is the discount of the whole line. Whether M3 reads it so depends on the discount model and is not
    /// documented publicly: try it in the tenant's test environment.
    #[default]
    LineAmount,
    /// DIA1 is the discount of one unit.
    UnitAmount,
}

/// The head of a batch order.
pub(super) fn batch_head(order: &SalesOrder) -> Transaction {
    let reference = order.reference.to_string();
    Transaction::new(
        "AddBatchHead",
        [
            ("CONO", order.company.to_string()),
            ("CUNO", order.customer.clone()),
            ("ORTP", order.order_type.clone()),
            ("FACI", order.facility.clone()),
            ("WHLO", order.warehouse.clone()),
            ("CUOR", reference.clone()),
            ("YREF", reference),
            ("OREF", cut(&order.source_name, 30)),
            ("CUCD", order.currency.to_string()),
            ("ORDT", order.order_date.strftime("%Y%m%d").to_string()),
        ],
        &["ORNO"],
    )
}

/// Everything that is to be written below the head of a batch order whose lines `present` are there.
///
/// Charges, address and texts come first and lines last, because only lines can be listed afterwards: where one
/// of them is, all else is too.
pub(super) fn batch_rest(
    order: &SalesOrder,
    temporary: &str,
    present: &BTreeSet<u32>,
    options: Options,
) -> Vec<Transaction> {
    let missing = (1..).zip(&order.lines).filter(|(number, _)| !present.contains(number));
    let lines = missing.map(|(number, line)| batch_line(order, temporary, number, line, options));
    let beside = if present.is_empty() { beside_lines(order, temporary) } else { Vec::new() };
    beside.into_iter().chain(lines).collect()
}

/// Charges, delivery address and note.
fn beside_lines(order: &SalesOrder, temporary: &str) -> Vec<Transaction> {
    let charges = order.charges.iter().map(|charge| {
        Transaction::new(
            "AddBatchHeadChg",
            [
                ("CONO", order.company.to_string()),
                ("ORNO", temporary.to_owned()),
                ("CRID", charge.id.clone()),
                ("CRAM", decimal(charge.amount.amount)),
                ("CRD0", cut(&charge.text, 30)),
                ("CUCD", charge.amount.currency.to_string()),
            ],
            &[],
        )
    });
    let address = order.ship_to.iter().map(|address| batch_address(order, temporary, address));
    let texts = chunks(order.note.expose(), TEXT).into_iter().map(|text| {
        Transaction::new(
            "AddBatchText",
            [
                ("CONO", order.company.to_string()),
                ("ORNO", temporary.to_owned()),
                // 1: text of the head; 1: before the lines; CO01: the document class of order texts.
                ("TYPE", "1".to_owned()),
                ("TYTR", "1".to_owned()),
                ("TXHE", "CO01".to_owned()),
                ("PARM", text),
            ],
            &[],
        )
    });
    charges.chain(address).chain(texts).collect()
}

fn batch_line(
    order: &SalesOrder,
    temporary: &str,
    number: u32,
    line: &OrderLine,
    options: Options,
) -> Transaction {
    let discount = match options.discount {
        _ if line.discount.is_zero() => String::new(),
        DiscountAs::LineAmount => decimal(line.discount.amount),
        DiscountAs::UnitAmount => decimal((line.discount.amount / line.quantity).round_dp(4)),
    };
    Transaction::new(
        "AddBatchLine",
        [
            ("CONO", order.company.to_string()),
            ("ORNO", temporary.to_owned()),
            ("ITNO", line.item.clone()),
            ("WHLO", order.warehouse.clone()),
            ("ORQT", decimal(line.quantity)),
            ("ALUN", line.unit.clone()),
            ("SAPR", decimal(line.price.amount)),
            ("DIA1", discount),
            (LINE_NUMBER, number.to_string()),
            ("EXHE", cut(&line.source_id, 36)),
        ],
        &["PONR", "POSX"],
    )
}

/// Delivery address of one order (ADRT 1), so that a buyer's other addresses stay as they are.
fn batch_address(order: &SalesOrder, temporary: &str, address: &Address) -> Transaction {
    let head = [
        ("CONO", order.company.to_string()),
        ("ORNO", temporary.to_owned()),
        ("ADRT", "1".to_owned()),
        ("PHN2", phone(&address.phone)),
    ];
    Transaction::new("AddBatchAddress", head.into_iter().chain(address_fields(address)), &[])
}

/// Confirms a batch order: M3 makes a customer order of it.
pub(super) fn confirm(company: u16, temporary: &str) -> Transaction {
    order_only("Confirm", Some(company), temporary, &["ORNO", "STAT"])
}

/// Takes a batch order that is not confirmed out of M3 again.
pub(super) fn delete_batch(company: u16, temporary: &str) -> Transaction {
    order_only("DelBatchHead", Some(company), temporary, &[])
}

/// The program that [`batch_status`] is of.
pub(super) const STATUS_PROGRAM: &str = "OIS275MI";

/// Asks for the status of a batch order. This transaction has no CONO field: the envelope's holds.
pub(super) fn batch_status(temporary: &str) -> Transaction {
    order_only("GetTmpOrderStat", None, temporary, &["ORNO", "ORNR", "STAT"])
}

/// Asks for the lines of a batch order, by our own numbers of them (CUPO).
pub(super) fn batch_lines(company: u16, temporary: &str) -> Transaction {
    order_only("LstBatchLine", Some(company), temporary, &["PONR", "CUPO"])
}

/// Asks for a customer's batch orders.
pub(super) fn batch_heads_of(company: u16, customer: &str) -> Transaction {
    of_customer("LstBatchHead", company, customer, &["ORNO", "CUOR", "YREF", "STAT", "ORNR"])
}

/// Asks for a customer's orders.
pub(super) fn orders_of(company: u16, customer: &str) -> Transaction {
    of_customer("LstHead", company, customer, &["ORNO", "CUOR", "YREF"])
}

fn of_customer(
    transaction: &'static str,
    company: u16,
    customer: &str,
    columns: &'static [&'static str],
) -> Transaction {
    Transaction::new(transaction, [("CONO", company.to_string()), ("CUNO", customer.to_owned())], columns)
}

/// Asks for the customers from a search key on.
pub(super) fn customers_from(company: u16, key: &str) -> Transaction {
    let fields = [("CONO", company.to_string()), ("ALCU", key.to_owned())];
    Transaction::new("LstBySearchKey", fields, &["CUNO", "ALCU", "YREF"])
}

/// Asks for the messages of a batch order.
pub(super) fn error_messages(company: u16, temporary: &str) -> Transaction {
    order_only("LstErrMsgOrder", Some(company), temporary, &["LEVL", "MSID"])
}

fn order_only(
    transaction: &'static str,
    company: Option<u16>,
    number: &str,
    columns: &'static [&'static str],
) -> Transaction {
    let company = company.map(|company| company.to_string()).unwrap_or_default();
    Transaction::new(transaction, [("CONO", company), ("ORNO", number.to_owned())], columns)
}

/// A new customer, made from a template; M3 gives the number.
pub(super) fn add_customer(customer: &Customer) -> Transaction {
    let fields = customer_fields(customer).chain([("CUTM", customer.template.clone())]);
    Transaction::new("Add", fields, &["CUNO", "ERRM"])
}

/// A customer that exists, brought up to date.
pub(super) fn change_customer(customer: &Customer, number: &str) -> Transaction {
    let fields = customer_fields(customer).chain([("CUNO", number.to_owned())]);
    Transaction::new("ChgBasicData", fields, &["CUNO"])
}

fn customer_fields(customer: &Customer) -> impl Iterator<Item = (&'static str, String)> {
    let own = [
        ("CONO", customer.company.to_string()),
        ("PHNO", phone(&customer.address.phone)),
        ("MAIL", customer.email.expose().clone()),
        ("ALCU", customer.search_key.clone()),
        ("YREF", customer.reference.to_string()),
    ];
    own.into_iter().chain(address_fields(&customer.address))
}

/// Name and address, as CRS610MI and OIS100MI both name them. Streets are wrapped over four lines.
fn address_fields(address: &Address) -> impl Iterator<Item = (&'static str, String)> {
    let streets = streets(address.lines.expose());
    let streets = ["CUA1", "CUA2", "CUA3", "CUA4"].into_iter().zip(streets);
    let rest = [
        ("CUNM", cut(address.name.expose(), LINE)),
        ("PONO", cut(address.postal_code.expose(), 10)),
        ("TOWN", cut(address.town.expose(), 20)),
        // A code that does not fit is left out: its first letters would name another area or none.
        ("ECAR", Some(address.area.expose().clone()).filter(|area| area.len() <= 2).unwrap_or_default()),
        ("CSCD", address.country.clone()),
    ];
    rest.into_iter().chain(streets)
}

/// Street lines in M3's four. Each keeps a line of its own if that fits; else they are joined, and, if broken
/// between words they still do not fit, broken where the line ends.
fn streets(lines: &[String]) -> Vec<String> {
    let apart: Vec<_> = lines.iter().flat_map(|line| chunks(line, LINE)).collect();
    if apart.len() <= LINES {
        return apart;
    }
    let joined = lines.join(", ");
    let together = chunks(&joined, LINE);
    if together.len() <= LINES {
        return together;
    }
    let letters: Vec<char> = joined.chars().collect();
    letters.chunks(LINE).map(|piece| piece.iter().collect::<String>().trim().to_owned()).collect()
}

/// A telephone number in M3's 16 characters: digits and plus only; one that is still longer is left out.
fn phone(number: &Private<String>) -> String {
    let dialled: String = number.expose().chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    if dialled.len() <= 16 { dialled } else { String::new() }
}

/// A decimal as M3 reads it: a point, no exponent, no zeros at the end.
fn decimal(value: Decimal) -> String {
    value.normalize().to_string()
}

/// The first characters of a text.
fn cut(text: &str, most: usize) -> String {
    text.trim().chars().take(most).collect::<String>().trim_end().to_owned()
}

/// A text in pieces of at most so many characters, broken between words where that is possible.
fn chunks(text: &str, most: usize) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let mut word: Vec<char> = word.chars().collect();
        while !word.is_empty() {
            let room = pieces.last().map_or(0, |piece| most.saturating_sub(piece.chars().count() + 1));
            match pieces.last_mut() {
                Some(piece) if word.len() <= room => {
                    piece.push(' ');
                    piece.extend(word.drain(..));
                }
                _ => pieces.push(word.drain(..word.len().min(most)).collect()),
            }
        }
    }
    pieces
}

#[cfg(test)]
#[path = "requests_tests.rs"]
mod tests;
