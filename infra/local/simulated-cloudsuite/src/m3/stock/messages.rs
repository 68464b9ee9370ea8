//! Messages: what MMS850MI and MHS850MI keep until it is processed, and how they are found again by the sender's own
//! number (PMSN).

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::Serialize;

use super::entry::Work;
use crate::m3::purchasing::Reason;
use crate::m3::state::{M3, Pending};
use crate::m3::{Call, Nok, Outcome, not_simulated};
use crate::master::{Record, record};

/// The status of a line that is posted.
pub(super) const DONE: &str = "90";

/// Which of the two programs a message belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) enum Book {
    /// MMS850MI.
    Internal,
    /// MHS850MI.
    Received,
}

/// The messages of one program.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Messages {
    /// By number (MSNR, MSGN).
    pub(crate) by_number: BTreeMap<String, StockMessage>,
    /// The numbers of those that are yet to be processed by themselves.
    pub(crate) pending: BTreeSet<String>,
}

/// A message.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct StockMessage {
    pub(crate) number: String,
    /// E0PA.
    pub(crate) partner: String,
    /// E0PB.
    pub(crate) sender: String,
    /// E065.
    pub(crate) kind: String,
    /// PMSN, "" if there is none.
    pub(crate) external: String,
    pub(crate) warehouse: String,
    /// What its lines are: one message holds one kind of transaction only.
    pub(crate) work: Work,
    pub(crate) entered: Timestamp,
    pub(crate) head: Record,
    /// Packages by PACN.
    pub(crate) packages: BTreeMap<String, Record>,
    pub(crate) lines: Vec<MessageLine>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pending: Option<Pending>,
}

/// A line of a message.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct MessageLine {
    /// MSLN.
    pub(crate) number: u32,
    /// PACN, "" in MMS850MI.
    pub(crate) package: String,
    /// 90 is posted, everything below is not.
    pub(crate) status: String,
    /// Why it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<Reason>,
    pub(crate) fields: Record,
}

pub(super) fn run(m3: &mut M3, call: &Call<'_>) -> Outcome {
    let book = Book::of(call.program);
    match call.transaction {
        "GetMvxMsg" => get(m3, call, book),
        "LstMvxMsg" => Ok(list(m3, call, book)),
        "DeleteStkTran" | "DeleteWhsTran" => delete(m3, call, book),
        _ => Err(not_simulated(call)),
    }
}

/// `GetMvxMsg`: the first message with this number of the partner. Which message M3 gives if there is none is
/// UNCONFIRMED.
fn get(m3: &mut M3, call: &Call<'_>, book: Book) -> Outcome {
    let wanted = call.input.get("PMSN");
    let found = m3.messages(book).of(call.input.get("E0PB")).find(|message| message.external == wanted);
    let row = match found {
        Some(message) => record(&[("CONO", &m3.master.company.to_string()), ("MSGN", &message.number)]),
        None => return Err(Nok::known("WMS3703", "PMSN", wanted)),
    };
    m3.ask_messages();
    Ok(vec![row])
}

/// `LstMvxMsg`: the partner's messages, those with this number and status if they are given.
fn list(m3: &mut M3, call: &Call<'_>, book: Book) -> Vec<Record> {
    let input = &call.input;
    let company = m3.master.company.to_string();
    let wanted = |message: &&StockMessage| {
        input.given("PMSN").is_none_or(|number| message.external == number)
            && input.given("STAT").is_none_or(|status| message.lowest() == status)
    };
    let found = m3.messages(book).of(input.get("E0PB")).filter(wanted);
    let rows = found
        .map(|message| record(&[("CONO", &company), ("MSGN", &message.number), ("STAT", &message.lowest())]));
    let rows = rows.collect();
    m3.ask_messages();
    rows
}

/// `DeleteStkTran`, `DeleteWhsTran`: a message or a line of it, as long as it is not posted.
fn delete(m3: &mut M3, call: &Call<'_>, book: Book) -> Outcome {
    let input = &call.input;
    let number = book.number(call);
    let message = m3.message(book, number)?;
    let picked = |line: &MessageLine| {
        input.given("PACN").is_none_or(|package| line.package == package)
            && input.given("MSLN").is_none_or(|wanted| line.has(wanted))
    };
    if message.lines.iter().any(|line| picked(line) && line.status == DONE) {
        return Err(Nok::known("MH85009", book.number_field(), number));
    }
    let whole = input.given("PACN").is_none() && input.given("MSLN").is_none();
    let messages = m3.messages_mut(book);
    if let Some(message) = messages.by_number.get_mut(number) {
        message.lines.retain(|line| !picked(line));
    }
    if whole {
        messages.by_number.remove(number);
        messages.pending.remove(number);
    }
    Ok(Vec::new())
}

impl Book {
    /// The book of a program.
    pub(super) fn of(program: &str) -> Self {
        if program == "MMS850MI" { Self::Internal } else { Self::Received }
    }

    /// The field that holds a message's number.
    pub(super) fn number_field(self) -> &'static str {
        match self {
            Self::Internal => "MSNR",
            Self::Received => "MSGN",
        }
    }

    /// The number that a call names.
    pub(super) fn number<'a>(self, call: &'a Call<'_>) -> &'a str {
        call.input.get(self.number_field())
    }
}

impl Messages {
    /// Those of a partner id (E0PB).
    fn of(&self, sender: &str) -> impl Iterator<Item = &StockMessage> {
        self.by_number.values().filter(move |message| message.sender == sender)
    }
}

impl StockMessage {
    /// The lowest status of its lines.
    pub(crate) fn lowest(&self) -> String {
        self.lines.iter().map(|line| line.status.clone()).min().unwrap_or_else(|| "10".to_owned())
    }

    /// The highest status of its lines.
    pub(crate) fn highest(&self) -> String {
        self.lines.iter().map(|line| line.status.clone()).max().unwrap_or_else(|| "10".to_owned())
    }

    /// The line of this number, in this package if one is named.
    pub(super) fn line(&self, package: &str, number: &str) -> Result<&MessageLine, Nok> {
        let is_meant =
            |line: &&MessageLine| line.has(number) && (package.is_empty() || line.package == package);
        self.lines.iter().find(is_meant).ok_or_else(|| Nok::known("WMS4003", "MSLN", number))
    }
}

impl MessageLine {
    /// Whether it has this number.
    pub(super) fn has(&self, number: &str) -> bool {
        self.number.to_string() == number.trim_start_matches('0')
    }
}

impl M3 {
    pub(super) fn messages(&self, book: Book) -> &Messages {
        match book {
            Book::Internal => &self.stock.internal,
            Book::Received => &self.stock.received,
        }
    }

    pub(super) fn messages_mut(&mut self, book: Book) -> &mut Messages {
        match book {
            Book::Internal => &mut self.stock.internal,
            Book::Received => &mut self.stock.received,
        }
    }

    /// The message of this number.
    pub(super) fn message(&self, book: Book, number: &str) -> Result<&StockMessage, Nok> {
        let found = self.messages(book).by_number.get(number);
        found.ok_or_else(|| Nok::known("WMS3703", book.number_field(), number))
    }

    /// A read of messages: it counts towards what is processed after so many.
    pub(super) fn ask_messages(&mut self) {
        for book in [Book::Internal, Book::Received] {
            for message in self.messages_mut(book).by_number.values_mut() {
                if let Some(pending) = &mut message.pending {
                    pending.ask();
                }
            }
        }
    }
}
