//! Amending customer orders that M3 has: read, compare field by field, change what the state allows, read again.
//!
//! Nothing is believed to be changed that M3 does not show afterwards, so an amendment is convergent: done twice, it
//! does nothing the second time, and what a lost answer leaves in doubt is settled by the next one's reading. An
//! order is changed only while its highest status is at most [`Options::amendable_to`], and a line only while its own
//! is; what no transaction changes (customer, order type, currency, terms of payment, address, dates) needs a person.
//! A batch order that is no order yet is not changed: it is entered anew, which the posting does.
//!
//! UNCONFIRMED, and what is done about it:
//! - from which status on M3 refuses changes: [`Options::amendable_to`], and what M3 refuses is reported;
//! - where `AddText` puts the note of an order: [`Options::order_text`];
//! - whether `UpdPriceInfo` reads DIA1 as `AddBatchLine` does, and whether `DelHead` takes an order with lines: what
//!   M3 does not show afterwards is reported; an order that it does not delete is tried again without its lines.
//!
//! [`Options::amendable_to`]: super::Options
//! [`Options::order_text`]: super::Options

mod change;
mod compare;
mod has;
mod lines;
mod requests;

use domain::{Document, SalesOrder};

use self::change::{Changing, Known};
use super::{
    bulk::Bulk,
    options::Options,
    orders::left_of,
    outcome::{self, BatchStatus, Reply},
    requests as batch, temporary,
};
use crate::{Amended, Amendment, Begun, CallError, Company, Difference, Outcome, Progress};

/// Amends documents of one company; one answer for each, in order.
pub(super) async fn amend(
    bulk: &Bulk,
    company: &Company,
    options: &Options,
    batch: &[Amendment],
    progress: &dyn Progress,
) -> Vec<Amended> {
    let amending = Amending { bulk, company, options, progress };
    let mut answers: Vec<Option<Amended>> = batch.iter().map(not_an_order).collect();
    let numbers = amending.numbers(batch, &mut answers).await;
    let orders: Vec<_> = batch
        .iter()
        .enumerate()
        .zip(&numbers)
        .filter_map(|((index, amendment), number)| {
            let (Document::SalesOrder(order), Some(number)) = (&amendment.document, number) else {
                return None;
            };
            let before = amendment.before.as_ref().and_then(as_order);
            Some(Known { index, amendment, order, before, number })
        })
        .collect();
    let changing = Changing { bulk, company, options, progress };
    for (index, answer) in changing.run(orders).await {
        answers[index] = Some(answer);
    }
    let unanswered = || Amended::InDoubt("it was not handled to its end".into());
    answers.into_iter().map(|answer| answer.unwrap_or_else(unanswered)).collect()
}

fn as_order(document: &Document) -> Option<&SalesOrder> {
    match document {
        Document::SalesOrder(order) => Some(order),
        _ => None,
    }
}

/// Of documents other than customer orders nothing is amended: a person compares.
fn not_an_order(amendment: &Amendment) -> Option<Amended> {
    let kind = amendment.document.kind();
    let number = amendment.references.number.clone().or_else(|| amendment.references.temporary.clone());
    if matches!(amendment.document, Document::SalesOrder(_)) {
        return None;
    }
    let difference = Difference { field: kind.to_string(), has: number, wanted: None };
    Some(Amended::NeedsReview(vec![difference]))
}

struct Amending<'a> {
    bulk: &'a Bulk,
    company: &'a Company,
    options: &'a Options,
    progress: &'a dyn Progress,
}

impl Amending<'_> {
    /// The number of each order that is there. The others are asked for by their batch orders, and answered if they
    /// are no orders yet.
    async fn numbers(&self, batch: &[Amendment], answers: &mut [Option<Amended>]) -> Vec<Option<String>> {
        let mut numbers: Vec<_> = batch.iter().map(|one| one.references.number.clone()).collect();
        let open: Vec<_> =
            (0..batch.len()).filter(|index| answers[*index].is_none() && numbers[*index].is_none()).collect();
        let mut begun = Vec::new();
        for index in open {
            match batch[index].references.temporary.as_deref().map(temporary::number) {
                Some(number) => begun.push((index, number)),
                None => answers[index] = Some(Amended::InDoubt("no number of it is known".into())),
            }
        }
        let asked = begun.iter().map(|(_, number)| batch::batch_status(number)).collect();
        let replies = match self.bulk.read(self.company, "OIS275MI", asked).await {
            Ok(replies) => replies,
            Err(error) => {
                for (index, _) in begun {
                    answers[index] = Some(Amended::Later(error.clone()));
                }
                return numbers;
            }
        };
        let mut cancelled = Vec::new();
        for ((index, number), reply) in begun.into_iter().zip(&replies) {
            match outcome::batch_status(reply, self.options) {
                BatchStatus::Created(number) => numbers[index] = Some(number),
                BatchStatus::Open(_) | BatchStatus::Trouble(..) if batch[index].cancel => {
                    cancelled.push((index, number));
                }
                BatchStatus::Open(_) | BatchStatus::Trouble(..) => answers[index] = Some(anew(number)),
                BatchStatus::Pending(why) => answers[index] = Some(Amended::Later(CallError::NotSent(why))),
            }
        }
        self.take_out(cancelled, answers).await;
        numbers
    }

    /// Takes out batch orders that are no orders yet and are not to become any, in one request.
    async fn take_out(&self, cancelled: Vec<(usize, &str)>, answers: &mut [Option<Amended>]) {
        let company = self.company.number;
        let deletions = cancelled.iter().map(|(_, number)| batch::delete_batch(company, number)).collect();
        let replies: Vec<Reply> =
            self.bulk.write(self.company, "OIS100MI", deletions, self.progress.until()).await;
        for ((index, number), reply) in cancelled.into_iter().zip(&replies) {
            answers[index] = Some(match left_of(number, reply) {
                None => Amended::Cancelled,
                Some(Outcome::Later(error)) => Amended::Later(error),
                Some(Outcome::InDoubt(_, why)) => Amended::InDoubt(why),
                Some(_) => Amended::InDoubt(format!("batch order {number} could not be taken out")),
            });
        }
    }
}

/// What the posting needs to enter a batch order anew.
fn anew(number: &str) -> Amended {
    Amended::Anew(Begun { temporary: number.to_owned(), lines: [].into(), outdated: true })
}

#[cfg(test)]
mod small;
#[cfg(test)]
mod tests;
