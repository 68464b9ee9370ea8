//! What all transactions that add a line to a message have in common: the partner's set-up, the message's number, and
//! what must exist.

use std::collections::BTreeMap;

use serde::Serialize;

use super::messages::{Book, MessageLine, StockMessage};
use crate::m3::state::M3;
use crate::m3::{Call, Input, Nok};
use crate::master::{Record, field};
use crate::master_stock::MessagePartner;

/// What a message's lines do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Work {
    /// `AddAdjust`: adds to or takes from a balance.
    Adjust,
    /// `AddQty`: sets a balance.
    Count,
    /// `AddMove`.
    Relocate,
    /// `AddReclass`.
    Reclassify,
    /// `AddCOPick`.
    CustomerPick,
    /// `AddCOReturn`.
    CustomerReturn,
    /// `AddDO`.
    Distribution,
    /// `AddPOReceipt`, and lines of qualifier 20.
    PurchaseReceipt,
}

impl Work {
    /// The qualifier (QLFR). Published is 20; the others are UNCONFIRMED.
    pub(super) fn qualifier(self) -> &'static str {
        match self {
            Self::PurchaseReceipt => "20",
            Self::CustomerPick => "31",
            Self::CustomerReturn => "32",
            Self::Distribution => "51",
            Self::Adjust => "90",
            Self::Count => "91",
            Self::Reclassify => "92",
            Self::Relocate => "97",
        }
    }
}

/// The number of the message a line was added to, and the line's.
pub(super) struct Added {
    pub(super) message: String,
    pub(super) line: u32,
}

/// Adds a line with these fields to the message that the call names, or to a new one.
pub(super) fn add_line(m3: &mut M3, call: &Call<'_>, work: Work, fields: Record) -> Result<Added, Nok> {
    let input = &call.input;
    let book = Book::of(call.program);
    let number = open_message(m3, call, work)?;
    let package = match book {
        Book::Internal => String::new(),
        Book::Received => input.or("PACN", &[&number]).to_owned(),
    };
    let line = push_line(m3, book, &number, &package, input.given("MSLN"), fields)?;
    if let Some(message) = m3.messages_mut(book).by_number.get_mut(&number) {
        message.packages.entry(package).or_default();
    }
    if m3.settings.stock_messages.add_processes {
        let flag = input.or("PRFL", &[optional(input, "PRMD")]);
        super::process::start(m3, book, &number, flag);
    }
    Ok(Added { message: number, line })
}

fn optional<'a>(input: &Input<'a>, name: &str) -> &'a str {
    input.given(name).unwrap_or_default()
}

/// Adds a line to a message that exists; its number is the next unless one is asked for, which must be free.
pub(super) fn push_line(
    m3: &mut M3,
    book: Book,
    message: &str,
    package: &str,
    wanted: Option<&str>,
    fields: Record,
) -> Result<u32, Nok> {
    let status = m3.settings.stock_messages.entered_status.to_string();
    let Some(message) = m3.messages_mut(book).by_number.get_mut(message) else {
        return Err(Nok::known("WMS3703", book.number_field(), message));
    };
    let lines = &mut message.lines;
    let next = lines.iter().map(|line| line.number).max().unwrap_or(0) + 1;
    let number = match wanted {
        Some(text) => text.parse().map_err(|_| Nok::known("WMS4003", "MSLN", text))?,
        None => next,
    };
    if lines.iter().any(|line| line.number == number) {
        return Err(Nok::generic("MSLN", format!("Message line number {number} already exists")));
    }
    lines.push(MessageLine { number, package: package.to_owned(), status, reason: None, fields });
    Ok(number)
}

/// The message that the call names if it is open for such lines, or a new one.
fn open_message(m3: &mut M3, call: &Call<'_>, work: Work) -> Result<String, Nok> {
    let input = &call.input;
    let book = Book::of(call.program);
    let partner = partner(m3, input)?;
    let (sender, warehouse) = (partner.id.clone(), input.get("WHLO"));
    m3.warehouse(warehouse)?;
    check_flag(input)?;
    let asked = book.number(call);
    if let Some(message) = m3.messages(book).by_number.get(asked) {
        let closed = message.pending.is_some() || message.lowest() == super::messages::DONE;
        let other = message.sender != sender || message.warehouse != warehouse;
        if closed || other {
            return Err(Nok::known("WMS3804", book.number_field(), asked));
        }
        if message.work != work {
            return Err(Nok::known("WMS4301", book.number_field(), work.qualifier()));
        }
        return Ok(asked.to_owned());
    }
    check_external(m3, book, &sender, input)?;
    Ok(create(m3, call, work, sender))
}

/// Makes a message without lines. The number is the caller's, or the series'.
pub(super) fn create(m3: &mut M3, call: &Call<'_>, work: Work, sender: String) -> String {
    let input = &call.input;
    let book = Book::of(call.program);
    let number = match book.number(call) {
        "" => free_number(m3, book),
        given => given.to_owned(),
    };
    let message = StockMessage {
        number: number.clone(),
        partner: input.get("E0PA").to_owned(),
        sender,
        kind: input.get("E065").to_owned(),
        external: input.get("PMSN").to_owned(),
        warehouse: input.get("WHLO").to_owned(),
        work,
        entered: m3.now,
        head: input.stored(),
        packages: BTreeMap::new(),
        lines: Vec::new(),
        pending: None,
    };
    m3.messages_mut(book).by_number.insert(number.clone(), message);
    number
}

fn free_number(m3: &mut M3, book: Book) -> String {
    loop {
        let number = m3.series.stock_message(book);
        if !m3.messages(book).by_number.contains_key(&number) {
            return number;
        }
    }
}

/// The partner and the message type must be set up (MMS865).
pub(super) fn partner<'a>(m3: &'a M3, input: &Input<'_>) -> Result<&'a MessagePartner, Nok> {
    let name = input.get("E0PA");
    let found = m3.master.stock.partners.iter().find(|partner| partner.name == name);
    let partner = found.ok_or_else(|| Nok::known("WE00A03", "E0PA", name))?;
    if let Some(id) = input.given("E0PB").filter(|id| partner.id != *id) {
        return Err(Nok::known("WE00A03", "E0PB", id));
    }
    let kind = input.get("E065");
    if !partner.types.iter().any(|known| known == kind) {
        return Err(Nok::known("ED01016", "E065", kind));
    }
    Ok(partner)
}

/// Whether a second message may carry this number of the sender.
pub(super) fn check_external(m3: &M3, book: Book, sender: &str, input: &Input<'_>) -> Result<(), Nok> {
    let Some(number) = input.given("PMSN") else { return Ok(()) };
    let is_twin = |message: &StockMessage| message.sender == sender && message.external == number;
    if m3.settings.stock_messages.unique_external_number && m3.messages(book).by_number.values().any(is_twin)
    {
        return Err(Nok::known("WMS3804", "PMSN", number));
    }
    Ok(())
}

/// The process flag: `*EXE`, `*AUT` or none.
pub(super) fn check_flag(input: &Input<'_>) -> Result<(), Nok> {
    for name in ["PRFL", "PRMD"] {
        if let Some(flag) = input.given(name).filter(|flag| !["*EXE", "*AUT"].contains(flag)) {
            return Err(Nok::generic(name, format!("Process flag {flag} is invalid")));
        }
    }
    Ok(())
}

/// The responsible must be known.
pub(crate) fn check_responsible(m3: &M3, name: &str) -> Result<(), Nok> {
    let is_user = field(&m3.master.user, "ZZUSID") == name;
    if is_user || m3.master.stock.responsibles.iter().any(|known| known == name) {
        return Ok(());
    }
    Err(Nok::known("WRE0103", "RESP", name))
}

/// The item that a record names by its number or by an alias.
pub(super) fn item_number(m3: &M3, input: &Input<'_>) -> Result<String, Nok> {
    match (input.given("ITNO"), input.given("POPN")) {
        (Some(number), _) => m3.item(number).map(|_| number.to_owned()),
        (None, Some(number)) => alias(m3, input, number).map(|row| field(row, "ITNO").to_owned()),
        (None, None) => Err(Nok::known("WIT0102", "ITNO", "")),
    }
}

/// An alias of this number, of the category (ALWT) and qualifier (ALWQ) if they are given.
pub(crate) fn alias<'a>(m3: &'a M3, input: &Input<'_>, number: &str) -> Result<&'a Record, Nok> {
    let same = |row: &Record, name: &str| {
        let clean = |text: &str| text.trim().trim_start_matches('0').to_owned();
        input.given(name).is_none_or(|wanted| clean(field(row, name)) == clean(wanted))
    };
    let wanted = |row: &&Record| field(row, "POPN") == number && same(row, "ALWT") && same(row, "ALWQ");
    let found = m3.master.stock.aliases.iter().find(wanted);
    found.ok_or_else(|| Nok::known("WPO0403", "POPN", number))
}
