//! Documents as M3 transactions. Pure.
//!
//! Field names and lengths as in M3's interface description (OIS100MI, CRS610MI).

use std::collections::BTreeSet;

use domain::{Address, Customer, OrderLine, SalesOrder};
use rust_decimal::Decimal;

use super::{
    options::{DiscountAs, Options},
    text::{address_fields, chunks, cut, day, decimal, phone},
    wire::Transaction,
};

/// The field of a batch order line that holds our number of it: 1 for the document's first.
pub(super) const LINE_NUMBER: &str = "CUPO";
/// How many characters a text of `AddBatchText` holds.
const TEXT: usize = 240;

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
            ("OREF", our_reference(order)),
            ("NREF", source_reference(order)),
            ("CUCD", order.currency.to_string()),
            ("TEPY", order.payment_terms.clone()),
            ("ORDT", day(order.order_date)),
        ],
        &["ORNO"],
    )
}

/// What stands in OREF: the buyer's own order number or, without one, the name at the source.
pub(super) fn our_reference(order: &SalesOrder) -> String {
    let named = [&order.buyer_reference, &order.source_name].into_iter().find(|name| !name.is_empty());
    named.map(|name| cut(name, 30)).unwrap_or_default()
}

/// What stands in NREF: the name at the source, where OREF has the buyer's own number.
fn source_reference(order: &SalesOrder) -> String {
    if order.buyer_reference.is_empty() { String::new() } else { cut(&order.source_name, 20) }
}

/// Everything that is to be written below the head of a batch order whose lines `present` are there.
///
/// Charges, address and texts come first and lines last, because only lines can be listed afterwards: where one
/// of them is, all else is too.
pub(super) fn batch_rest(
    order: &SalesOrder,
    temporary: &str,
    present: &BTreeSet<u32>,
    options: &Options,
) -> Vec<Transaction> {
    let missing = (1..).zip(&order.lines).filter(|(number, _)| !present.contains(number));
    let lines = missing.map(|(number, line)| batch_line(order, temporary, number, line, options));
    let beside = if present.is_empty() { beside_lines(order, temporary, options) } else { Vec::new() };
    beside.into_iter().chain(lines).collect()
}

/// Charges, delivery address and note.
fn beside_lines(order: &SalesOrder, temporary: &str, options: &Options) -> Vec<Transaction> {
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
                // 1: text of the head; 1: before the lines.
                ("TYPE", "1".to_owned()),
                ("TYTR", "1".to_owned()),
                ("TXHE", options.order_text.class.clone()),
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
    options: &Options,
) -> Transaction {
    let fields = line_fields(order, temporary, number, line, options);
    Transaction::new("AddBatchLine", fields, &["PONR", "POSX"])
}

/// A line of a batch order, or of an order that is there, with our number of it.
pub(super) fn line_fields(
    order: &SalesOrder,
    order_number: &str,
    number: u32,
    line: &OrderLine,
    options: &Options,
) -> [(&'static str, String); 10] {
    [
        ("CONO", order.company.to_string()),
        ("ORNO", order_number.to_owned()),
        ("ITNO", line.item.clone()),
        ("WHLO", order.warehouse.clone()),
        ("ORQT", decimal(line.quantity)),
        ("ALUN", line.unit.clone()),
        ("SAPR", decimal(line.price.amount)),
        ("DIA1", if line.discount.is_zero() { String::new() } else { decimal(discount(line, options)) }),
        (LINE_NUMBER, number.to_string()),
        ("EXHE", cut(&line.source_id, 36)),
    ]
}

/// What stands in DIA1: the discount of the line or of one unit.
pub(super) fn discount(line: &OrderLine, options: &Options) -> Decimal {
    match options.discount {
        DiscountAs::LineAmount => line.discount.amount,
        DiscountAs::UnitAmount if line.quantity.is_zero() => Decimal::ZERO,
        DiscountAs::UnitAmount => (line.discount.amount / line.quantity).round_dp(4),
    }
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

pub(super) fn order_only(
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

#[cfg(test)]
#[path = "requests_tests.rs"]
mod tests;
