//! MHS850MI reads: heads and lines of messages, with their statuses.

use super::messages::{Book, MessageLine, StockMessage};
use crate::m3::state::M3;
use crate::m3::{Call, Nok, Outcome, not_simulated};
use crate::master::{Record, field};

/// Accounting objects of a line.
pub(super) const ACCOUNTS: [&str; 7] = ["ACC1", "ACC2", "ACC3", "ACC4", "ACC5", "ACC6", "ACC7"];

pub(super) fn run(m3: &mut M3, call: &Call<'_>) -> Outcome {
    let rows = match call.transaction {
        "GetWhsHead" => vec![head(m3, message(m3, call)?)],
        "GetWhsLine" | "GetWhsLine1" => {
            let message = message(m3, call)?;
            vec![row(m3, message, message.line(call.input.get("PACN"), call.input.get("MSLN"))?)]
        }
        "LstWhsLine" => lines(m3, call)?,
        _ => return Err(not_simulated(call)),
    };
    m3.ask_messages();
    Ok(rows)
}

fn message<'a>(m3: &'a M3, call: &Call<'_>) -> Result<&'a StockMessage, Nok> {
    m3.message(Book::Received, call.input.get("MSGN"))
}

/// `LstWhsLine`: the lines of a message, those of the package and of the number on if they are given.
fn lines(m3: &M3, call: &Call<'_>) -> Outcome {
    let input = &call.input;
    input.refuse(&["UTCM"])?;
    let first = input.number("MSLN")?.unwrap_or_default();
    let message = message(m3, call)?;
    let wanted = |line: &&MessageLine| {
        input.given("PACN").is_none_or(|package| line.package == package) && first <= line.number.into()
    };
    Ok(message.lines.iter().filter(wanted).map(|line| row(m3, message, line)).collect())
}

fn head(m3: &M3, message: &StockMessage) -> Record {
    let mut row = message.head.clone();
    for (name, value) in [("TRSL", message.lowest()), ("TRSH", message.highest())] {
        row.insert(name.to_owned(), value);
    }
    shared(m3, message, &mut row);
    row.insert("STAT".to_owned(), message.lowest());
    row
}

fn row(m3: &M3, message: &StockMessage, line: &MessageLine) -> Record {
    let mut row = line.fields.clone();
    shared(m3, message, &mut row);
    let item = m3.items.get(field(&line.fields, "ITNO"));
    let of_item = |name| item.map_or("", |item| field(&item.fields, name));
    let reason = line.reason.as_ref();
    for (name, value) in [
        ("PACN", line.package.as_str()),
        ("MSLN", &line.number.to_string()),
        ("STAT", &line.status),
        ("ITDS", of_item("ITDS")),
        ("UNIT", of_item("UNMS")),
        ("MSID", reason.map_or("", |reason| &reason.id)),
        ("MSGD", reason.map_or("", |reason| &reason.text)),
    ] {
        row.insert(name.to_owned(), value.to_owned());
    }
    row
}

fn shared(m3: &M3, message: &StockMessage, row: &mut Record) {
    let place = m3.warehouse(&message.warehouse);
    let of_place = |name| place.as_ref().map_or("", |place| field(place, name));
    for (name, value) in [
        ("CONO", m3.master.company.to_string().as_str()),
        ("DIVI", of_place("DIVI")),
        ("FACI", of_place("FACI")),
        ("WHLO", &message.warehouse),
        ("MSGN", &message.number),
        ("E0PB", &message.sender),
        ("QLFR", message.work.qualifier()),
    ] {
        row.insert(name.to_owned(), value.to_owned());
    }
}
