//! MHS850MI: messages built level by level: head, package, line. Qualifier 20 (receipt for a purchase order with direct
//! put-away) is simulated.

use super::entry::{Work, check_external, create, partner, push_line};
use super::messages::{Book, DONE, StockMessage};
use crate::m3::state::M3;
use crate::m3::{Call, Nok, Outcome, not_simulated};
use crate::master::record;

pub(super) fn run(m3: &mut M3, call: &Call<'_>) -> Outcome {
    match call.transaction {
        "AddWhsHead" => add_head(m3, call),
        "AddWhsPack" => add_package(m3, call),
        "AddWhsLine" => add_line(m3, call),
        _ => Err(not_simulated(call)),
    }
}

/// `AddWhsHead`. The number may be the caller's, if it is free.
fn add_head(m3: &mut M3, call: &Call<'_>) -> Outcome {
    let input = &call.input;
    input.refuse(&["STAT", "TRSL", "TRSH"])?;
    let sender = partner(m3, input)?.id.clone();
    m3.warehouse(input.get("WHLO"))?;
    let qualifier = input.get("QLFR");
    if qualifier != Work::PurchaseReceipt.qualifier() {
        return Err(Nok::known("WMS4303", "QLFR", qualifier));
    }
    if let Some(number) = input.given("MSGN").filter(|number| m3.message(Book::Received, number).is_ok()) {
        return Err(Nok::known("WMS3804", "MSGN", number));
    }
    check_external(m3, Book::Received, &sender, input)?;
    let number = create(m3, call, Work::PurchaseReceipt, sender);
    Ok(vec![record(&[("CONO", &m3.master.company.to_string()), ("MSGN", &number)])])
}

/// `AddWhsPack`. Without a package number the message's is taken; UNCONFIRMED.
fn add_package(m3: &mut M3, call: &Call<'_>) -> Outcome {
    let input = &call.input;
    input.refuse(&["STAT", "TRSL", "TRSH"])?;
    let message = open(m3, call)?;
    let (number, package) = (message.number.clone(), input.or("PACN", &[&message.number]).to_owned());
    if message.packages.contains_key(&package) {
        return Err(Nok::known("WGR0601", "PACN", &package));
    }
    if let Some(message) = m3.stock.received.by_number.get_mut(&number) {
        message.packages.insert(package.clone(), input.stored());
    }
    Ok(vec![record(&[("CONO", &m3.master.company.to_string()), ("MSGN", &number), ("PACN", &package)])])
}

/// `AddWhsLine`. The order number is demanded, although the catalogue does not say so.
fn add_line(m3: &mut M3, call: &Call<'_>) -> Outcome {
    let input = &call.input;
    input.refuse(&["STAT", "CAMU", "TOCA", "CAWE", "POCY", "UTCM", "ALUN", "DLQA"])?;
    input.dates(&["RPDT", "EXPI", "DNDT", "MFDT", "SEDT"])?;
    let message = open(m3, call)?;
    let (number, package) = (message.number.clone(), input.get("PACN"));
    if !message.packages.contains_key(package) {
        return Err(Nok::known("WPA5103", "PACN", package));
    }
    if input.given("RIDN").is_none() {
        return Err(Nok::known("WRI0102", "RIDN", ""));
    }
    let line = push_line(m3, Book::Received, &number, package, input.given("MSLN"), input.stored())?;
    Ok(vec![record(&[
        ("CONO", &m3.master.company.to_string()),
        ("MSGN", &number),
        ("PACN", package),
        ("MSLN", &line.to_string()),
    ])])
}

/// The message that a package or line is for: open, of the same warehouse and qualifier.
fn open<'a>(m3: &'a M3, call: &Call<'_>) -> Result<&'a StockMessage, Nok> {
    let input = &call.input;
    let number = input.get("MSGN");
    let message = m3.message(Book::Received, number)?;
    if message.pending.is_some() || message.lowest() == DONE {
        return Err(Nok::known("MH85009", "MSGN", number));
    }
    if message.warehouse != input.get("WHLO") {
        return Err(Nok::known("WWH0101", "WHLO", input.get("WHLO")));
    }
    if message.work.qualifier() != input.get("QLFR") {
        return Err(Nok::known("WMS4301", "QLFR", input.get("QLFR")));
    }
    Ok(message)
}
