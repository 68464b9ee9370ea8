//! What M3 has of a customer order that is there.

use domain::SalesOrder;

use super::requests;
use crate::m3::{
    outcome::Reply,
    wire::{Row, Transaction},
};

/// The rows that answer one question, or why they are not known.
pub(super) type Rows = Result<Vec<Row>, String>;

/// What M3 has of an order. What was not asked for, because the source did not change it, is nothing.
#[derive(Debug, Clone)]
pub(super) struct Has {
    pub(super) head: Row,
    pub(super) lines: Vec<Row>,
    pub(super) address: Option<Rows>,
    pub(super) text: Option<Rows>,
    pub(super) charges: Option<Rows>,
}

/// What is to be asked of an order, beside its head and lines.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asking {
    address: bool,
    text: bool,
    charges: bool,
}

impl Asking {
    /// Everything that the source changed. Where it is not known what it had before, everything that it has: what
    /// it has not may be M3's own.
    pub(super) fn for_changes(order: &SalesOrder, before: Option<&SalesOrder>) -> Self {
        Self {
            address: order.ship_to.is_some() && before.is_none_or(|before| before.ship_to != order.ship_to),
            text: before.is_none_or(|before| before.note != order.note),
            charges: before.is_none_or(|before| before.charges != order.charges),
        }
    }

    /// Only whether it is there, and how far.
    pub(super) fn for_cancelling() -> Self {
        Self { address: false, text: false, charges: false }
    }

    /// The questions, in the order in which [`Self::read`] takes the answers.
    pub(super) fn questions(self, company: u16, number: &str) -> Vec<Transaction> {
        let always = [requests::head(company, number), requests::lines(company, number)];
        let address = self.address.then(|| requests::address(company, number));
        let text = self.text.then(|| requests::text(company, number));
        let charges = self.charges.then(|| requests::charges(number));
        always.into_iter().chain(address).chain(text).chain(charges).collect()
    }

    /// Reads the answers. Nothing if M3 does not have the order; the error says why its answers do not tell.
    pub(super) fn read(self, replies: &mut impl Iterator<Item = Reply>) -> Result<Option<Has>, String> {
        let mut next = |asked: &str| -> Answer { answer(replies.next(), asked) };
        let (head, lines) = (next("GetHead"), next("LstLine"));
        let mut ask = |is_asked: bool, name| is_asked.then(|| next(name).rows());
        let address = ask(self.address, "GetAddress");
        let text = ask(self.text, "LstHeadText");
        let charges = ask(self.charges, "LstConnCOCharge");
        let head = match head {
            Answer::Missing => return Ok(None),
            Answer::Rows(rows) => rows.into_iter().next().ok_or("GetHead: no record and no message")?,
            Answer::Unclear(why) => return Err(why),
        };
        Ok(Some(Has { head, lines: lines.rows()?, address, text, charges }))
    }
}

enum Answer {
    Rows(Vec<Row>),
    Missing,
    Unclear(String),
}

impl Answer {
    /// What is not there has no rows.
    fn rows(self) -> Rows {
        match self {
            Self::Rows(rows) => Ok(rows),
            Self::Missing => Ok(Vec::new()),
            Self::Unclear(why) => Err(why),
        }
    }
}

fn answer(reply: Option<Reply>, asked: &str) -> Answer {
    match reply {
        Some(Reply::Done(rows)) => Answer::Rows(rows),
        Some(Reply::Nok(nok)) if nok.says_missing() => Answer::Missing,
        Some(Reply::Nok(nok)) => Answer::Unclear(format!("{asked}: {}", nok.name())),
        Some(Reply::Failed(error)) => Answer::Unclear(error.to_string()),
        None => Answer::Unclear(format!("{asked}: no answer")),
    }
}
