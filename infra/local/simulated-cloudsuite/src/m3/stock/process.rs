//! `PrcStkTran` and `PrcWhsTran`: the lines of a message are posted, each by itself; one that fails keeps its reason and
//! does not stop the others. Whether M3 posts the sound lines of a message with a faulty one is UNCONFIRMED.

use super::entry::{Work, check_flag};
use super::messages::{Book, DONE, MessageLine, StockMessage};
use super::{distribution, movements, picks};
use crate::m3::purchasing::Reason;
use crate::m3::state::{M3, Pending};
use crate::m3::{Call, Nok, Outcome};
use crate::master::Record;
use crate::settings::Processing;

pub(super) fn run(m3: &mut M3, call: &Call<'_>) -> Outcome {
    let input = &call.input;
    let book = Book::of(call.program);
    let number = book.number(call);
    check_flag(input)?;
    let message = m3.message(book, number)?;
    if message.lines.is_empty() {
        return Err(Nok::generic(book.number_field(), format!("Message {number} has no lines")));
    }
    if let Some(line) = input.given("MSLN") {
        message.line(input.get("PACN"), line)?;
    }
    let only = Only { package: input.get("PACN"), line: input.given("MSLN") };
    if message.lines.iter().filter(|line| only.means(line)).all(|line| line.status == DONE) {
        return Err(Nok::known("MH85009", book.number_field(), number));
    }
    if message.pending.is_some() {
        return Ok(Vec::new());
    }
    let settings = m3.settings.stock_messages;
    let when = if input.get("PRFL") == "*AUT" { settings.auto_job } else { settings.processing };
    match when {
        Processing::Immediate => match process(m3, book, number, &only) {
            Some(nok) if !settings.silent_processing => Err(nok),
            _ => Ok(Vec::new()),
        },
        Processing::Later { .. } => {
            defer(m3, book, number, when);
            Ok(Vec::new())
        }
    }
}

/// A message is started by the transaction that added its line.
pub(super) fn start(m3: &mut M3, book: Book, number: &str, flag: &str) {
    match flag {
        "*EXE" => drop(process(m3, book, number, &Only::default())),
        "*AUT" => defer(m3, book, number, m3.settings.stock_messages.auto_job),
        _ => {}
    }
}

fn defer(m3: &mut M3, book: Book, number: &str, when: Processing) {
    let pending = Pending::of(when, m3.now);
    if let Some(message) = m3.messages_mut(book).by_number.get_mut(number) {
        message.pending = pending;
    }
    m3.messages_mut(book).pending.insert(number.to_owned());
}

/// Which lines of a message are meant.
#[derive(Debug, Default)]
struct Only<'a> {
    package: &'a str,
    line: Option<&'a str>,
}

impl Only<'_> {
    fn means(&self, line: &MessageLine) -> bool {
        (self.package.is_empty() || self.package == line.package)
            && self.line.is_none_or(|number| line.has(number))
    }
}

/// Posts the lines that are meant and not posted yet; gives the first reason of those that failed.
fn process(m3: &mut M3, book: Book, number: &str, only: &Only<'_>) -> Option<Nok> {
    let mut message = m3.messages(book).by_number.get(number).cloned()?;
    let mut first = None;
    let mut lines = std::mem::take(&mut message.lines);
    for line in lines.iter_mut().filter(|line| only.means(line) && line.status != DONE) {
        match post(m3, &message, line) {
            Ok(made) => {
                DONE.clone_into(&mut line.status);
                line.reason = None;
                line.fields.extend(made);
            }
            Err(nok) => {
                line.status = m3.settings.stock_messages.error_status.to_string();
                line.reason = Some(Reason::from(&nok));
                first.get_or_insert(nok);
            }
        }
    }
    message.lines = lines;
    message.pending = None;
    m3.messages_mut(book).by_number.insert(number.to_owned(), message);
    first
}

/// Posts one line; what M3 adds to it is given back.
fn post(m3: &mut M3, message: &StockMessage, line: &MessageLine) -> Result<Record, Nok> {
    let fields = &line.fields;
    match message.work {
        Work::Adjust => movements::adjust(m3, message, fields),
        Work::Count => movements::set(m3, message, fields),
        Work::Relocate => movements::relocate(m3, message, fields),
        Work::Reclassify => movements::reclassify(m3, message, fields),
        Work::CustomerPick => picks::pick(m3, message, fields),
        Work::CustomerReturn => picks::take_back(m3, message, fields),
        Work::Distribution => distribution::issue(m3, message, fields),
        Work::PurchaseReceipt => picks::receive(m3, message, line),
    }
}

impl M3 {
    /// Processes the messages whose time has come.
    pub(crate) fn settle_stock(&mut self) {
        for book in [Book::Internal, Book::Received] {
            let messages = self.messages(book);
            let is_due = |number: &&String| {
                let message = messages.by_number.get(*number);
                message.and_then(|message| message.pending).is_none_or(|pending| pending.is_due(self.now))
            };
            let ready: Vec<String> = messages.pending.iter().filter(is_due).cloned().collect();
            for number in ready {
                self.messages_mut(book).pending.remove(&number);
                // The reasons stay with the lines.
                drop(process(self, book, &number, &Only::default()));
            }
        }
    }
}
