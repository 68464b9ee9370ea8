//! MMS850MI: internal stock messages: adjustments, counts, moves, reclassifications, and what became of them.

use super::entry::{Work, add_line, item_number};
use super::messages::{Book, MessageLine, StockMessage};
use crate::m3::state::M3;
use crate::m3::{Call, Input, Nok, Outcome, not_simulated};
use crate::master::{Record, field, record};

pub(super) fn run(m3: &mut M3, call: &Call<'_>) -> Outcome {
    let rows = match call.transaction {
        "AddAdjust" => return add(m3, call, Work::Adjust),
        "AddQty" => return add(m3, call, Work::Count),
        "AddMove" => return add(m3, call, Work::Relocate),
        "AddReclass" => return add(m3, call, Work::Reclassify),
        "GetStkHead" => head(m3, m3.message(Book::Internal, call.input.get("MSNR"))?),
        "GetStkId" | "GetStkIns" => line(m3, &call.input)?,
        _ => return Err(not_simulated(call)),
    };
    m3.ask_messages();
    Ok(vec![rows])
}

/// Adds a line; whether it can be posted is found out when it is processed.
fn add(m3: &mut M3, call: &Call<'_>, work: Work) -> Outcome {
    let input = &call.input;
    input.refuse(&["CAMU", "TOCA", "REPN", "CAWE", "STAS", "TASN"])?;
    input.dates(&["GEDT", "QLDT", "PRDT"])?;
    super::entry::partner(m3, input)?;
    let item = item_number(m3, input)?;
    if input.given("QLQT").is_none() {
        return Err(Nok::generic("QLQT", "Quantity must be entered"));
    }
    let mut fields = input.stored();
    fields.insert("ITNO".to_owned(), item);
    let added = add_line(m3, call, work, fields)?;
    let company = m3.master.company.to_string();
    let line = added.line.to_string();
    Ok(vec![record(&[("CONO", &company), ("MSNR", &added.message), ("MSLN", &line), ("MSGS", "1")])])
}

fn head(m3: &M3, message: &StockMessage) -> Record {
    let mut row = message.head.clone();
    let facility = m3.warehouse(&message.warehouse).map_or("", |place| field(place, "FACI"));
    for (name, value) in [
        ("CONO", m3.master.company.to_string().as_str()),
        ("MSNR", &message.number),
        ("E0IO", "I"),
        ("FACI", facility),
        ("STAT", &message.lowest()),
        ("STLO", &message.lowest()),
        ("STHI", &message.highest()),
        ("E0PB", &message.sender),
    ] {
        row.insert(name.to_owned(), value.to_owned());
    }
    row
}

/// `GetStkId`, `GetStkIns`: a line and why it is not posted.
fn line(m3: &M3, input: &Input<'_>) -> Result<Record, Nok> {
    let message = m3.message(Book::Internal, input.get("MSNR"))?;
    let MessageLine { number, status, reason, fields, .. } = message.line("", input.get("MSLN"))?;
    let mut row = fields.clone();
    for (name, value) in [
        ("CONO", m3.master.company.to_string().as_str()),
        ("MSNR", &message.number),
        ("MSLN", &number.to_string()),
        ("MSGS", "1"),
        ("QLFR", message.work.qualifier()),
        ("STAT", status),
        ("STLO", status),
        ("STHI", status),
        ("MSID", reason.as_ref().map_or("", |reason| &reason.id)),
        ("MSGD", reason.as_ref().map_or("", |reason| &reason.text)),
    ] {
        row.insert(name.to_owned(), value.to_owned());
    }
    Ok(row)
}
