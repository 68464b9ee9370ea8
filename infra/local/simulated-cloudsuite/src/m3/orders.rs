//! OIS100MI and OIS275MI reads: batch orders, customer orders, order types.

use std::str::FromStr;

use rust_decimal::Decimal;

use super::state::{BatchOrder, Content, CustomerOrder, Line, M3, Message};
use super::{Call, Input, Nok, Outcome, not_simulated};
use crate::master::{Record, field, record};

pub(super) fn run(m3: &M3, call: &Call<'_>) -> Outcome {
    let input = &call.input;
    let number = input.get("ORNO");
    match call.transaction {
        "GetOrderNo" => {
            let order = m3.batch(number)?.order.as_deref().unwrap_or_default();
            Ok(vec![record(&[("ORNR", order)])])
        }
        "GetBatchHead" => Ok(vec![batch_row(m3.batch(number)?)]),
        "LstBatchHead" => list_batches(m3, input),
        "LstBatchLine" => Ok(line_rows(&m3.batch(number)?.content)),
        "LstErrMsgOrder" => messages(m3, number),
        "GetHead" => match m3.orders.get(number) {
            Some(order) => Ok(vec![order_row(m3, order)]),
            None => Err(Nok::known("WOR0303", "ORNO", number)),
        },
        "LstHead" => list_orders(m3, input),
        "LstOrderTypes" => Ok(m3.master.order_types.iter().map(|row| row.fields.clone()).collect()),
        "GetOrderType" => order_type_of(m3, input),
        _ => Err(not_simulated(call)),
    }
}

fn batch_row(batch: &BatchOrder) -> Record {
    let mut row = head_row(&batch.content, &batch.number, &batch.status);
    row.insert("ORNR".to_owned(), batch.order.clone().unwrap_or_default());
    row
}

pub(super) fn order_row(m3: &M3, order: &CustomerOrder) -> Record {
    let mut row = head_row(&order.content, &order.number, &order.status);
    row.insert("ORST".to_owned(), order.highest.clone());
    let facility = m3.facility(field(&row, "FACI")).map_or("", |found| field(found, "DIVI")).to_owned();
    let total = field(&row, "NTAM").to_owned();
    for (name, value) in
        [("DIVI", facility), ("OBLC", "0".to_owned()), ("TOAM", total.clone()), ("TOPY", total)]
    {
        row.insert(name.to_owned(), value);
    }
    row
}

fn head_row(content: &Content, number: &str, status: &str) -> Record {
    let mut row = content.head.clone();
    let net = net_amount(content).to_string();
    for (name, value) in [
        ("ORNO", number),
        ("CUNO", &content.customer),
        ("STAT", status),
        ("ORSL", status),
        ("ORST", status),
        ("NTAM", &net),
    ] {
        row.insert(name.to_owned(), value.to_owned());
    }
    row
}

/// The sum of the lines that are not closed.
fn net_amount(content: &Content) -> Decimal {
    content.lines.iter().filter(|line| line.status != "99").map(line_amount).sum()
}

/// Quantity times price, less the discount amounts (DIA1 to DIA6 are per unit in M3 only for some discount models; here
/// they are amounts of the line).
pub(super) fn line_amount(line: &Line) -> Decimal {
    let number = |name: &str| Decimal::from_str(field(&line.fields, name)).unwrap_or_default();
    let discounts: Decimal = (1..=6).map(|index| number(&format!("DIA{index}"))).sum();
    number("ORQT") * number("SAPR") - discounts
}

fn line_rows(content: &Content) -> Vec<Record> {
    let rows = content.lines.iter().map(|line| {
        let mut row = line.fields.clone();
        row.insert("PONR".to_owned(), line.number.to_string());
        row.insert("POSX".to_owned(), "0".to_owned());
        row.insert("ATNR".to_owned(), "0".to_owned());
        row
    });
    rows.collect()
}

/// Of a batch order, or of a customer order whose changes came to nothing.
fn messages(m3: &M3, number: &str) -> Outcome {
    match m3.orders.get(number) {
        Some(order) => Ok(message_rows(&order.messages)),
        None => Ok(message_rows(&m3.batch(number)?.messages)),
    }
}

fn message_rows(messages: &[Message]) -> Vec<Record> {
    let rows = messages.iter().map(|message| {
        record(&[
            ("LEVL", &message.level),
            ("MDTA", &message.data),
            ("TX60", &message.text),
            ("MSID", &message.id),
        ])
    });
    rows.collect()
}

/// `LstBatchHead`: ORSL and ORST bound the status.
fn list_batches(m3: &M3, input: &Input<'_>) -> Outcome {
    let number = input.get("CUNO");
    m3.customer(number)?;
    let own = m3.batches.values().filter(|batch| batch.content.customer == number);
    Ok(own.filter(|batch| in_range(input, &batch.status)).map(batch_row).collect())
}

/// `LstHead`: the final orders of a customer.
fn list_orders(m3: &M3, input: &Input<'_>) -> Outcome {
    let number = input.get("CUNO");
    m3.customer(number)?;
    let own = m3.orders.values().filter(|order| order.content.customer == number);
    let within = |order: &&CustomerOrder| in_range(input, &order.status) && in_range(input, &order.highest);
    Ok(own.filter(within).map(|order| order_row(m3, order)).collect())
}

fn in_range(input: &Input<'_>, status: &str) -> bool {
    input.or("ORSL", &["00"]) <= status && status <= input.or("ORST", &["99"])
}

/// `GetOrderType`: the customer's own order type, else the default one.
fn order_type_of(m3: &M3, input: &Input<'_>) -> Outcome {
    let own = match input.given("CUNO") {
        Some(number) => field(&m3.customer(number)?.fields, "ORTP"),
        None => "",
    };
    let order_type = if own.is_empty() { m3.master.default_order_type.as_str() } else { own };
    Ok(vec![record(&[("ORTP", order_type)])])
}
