//! Customer orders by batch entry: heads, then everything below them, then confirmation, each step for the
//! whole batch at once. A batch order is invisible to planning until it is confirmed, so one that cannot be
//! completed is taken out again.

use std::collections::BTreeSet;

use domain::{Finding, FindingCode, References, Release, SalesOrder, Step};

use super::{
    Options,
    bulk::Bulk,
    customers::failed,
    outcome::{Nok, Reply},
    requests, temporary,
    wire::Transaction,
};
use crate::{Begun, CallError, Company, Outcome, Progress};

const PROGRAM: &str = "OIS100MI";

/// An order to be posted: its place in the batch, the document, and what M3 has of it already.
pub(super) type Wanted<'a> = (usize, &'a SalesOrder, Option<&'a Begun>);

/// A batch order on its way.
struct Entry<'a> {
    /// Its place in the batch.
    index: usize,
    order: &'a SalesOrder,
    /// M3's temporary number.
    temporary: String,
    /// The lines that an earlier try left there.
    present: BTreeSet<u32>,
    is_new: bool,
}

/// One posting of sales orders.
pub(super) struct Posting<'a> {
    pub(super) bulk: &'a Bulk,
    pub(super) company: &'a Company,
    pub(super) options: &'a Options,
    pub(super) progress: &'a dyn Progress,
    /// What became of the orders that are settled already, by their places in the batch.
    pub(super) outcomes: Vec<(usize, Outcome)>,
}

impl<'a> Posting<'a> {
    /// Posts sales orders, each from where it is.
    pub(super) async fn run(mut self, orders: &[Wanted<'a>]) -> Vec<(usize, Outcome)> {
        let (mut new, mut outdated, mut begun) = (Vec::new(), Vec::new(), Vec::new());
        for &(index, order, earlier) in orders {
            match earlier {
                None => new.push((index, order)),
                Some(earlier) if is_outdated(earlier, order) => {
                    outdated.push((index, order, temporary::number(&earlier.temporary)));
                }
                Some(Begun { temporary, lines, .. }) => {
                    let (temporary, present) = (temporary::number(temporary).to_owned(), lines.clone());
                    begun.push(Entry { index, order, temporary, present, is_new: false });
                }
            }
        }
        new.extend(self.take_out_outdated(outdated).await);
        begun.extend(self.add_heads(new).await);
        let kept = self.keep_numbers(begun).await;
        let complete = self.add_rest(kept).await;
        let to_confirm = self.leave_to_clerk(complete);
        self.confirm(to_confirm).await;
        self.outcomes
    }

    async fn write(&self, transactions: Vec<Transaction>) -> Vec<Reply> {
        self.bulk.write(self.company, PROGRAM, transactions, self.progress.until()).await
    }

    /// Takes out in one request what earlier tries left, and then its numbers out of the ledger: from there on a
    /// head with our reference is a new one, and there is nothing below it. Gives the orders to be begun anew.
    async fn take_out_outdated(
        &mut self,
        outdated: Vec<(usize, &'a SalesOrder, &str)>,
    ) -> Vec<(usize, &'a SalesOrder)> {
        let company = self.company.number;
        let deletions = outdated.iter().map(|(.., number)| requests::delete_batch(company, number));
        let replies = self.write(deletions.collect()).await;
        let mut taken_out = Vec::with_capacity(outdated.len());
        for ((index, order, temporary), reply) in outdated.into_iter().zip(&replies) {
            match left_of(temporary, reply) {
                None => taken_out.push((index, order, temporary)),
                Some(outcome) => self.outcomes.push((index, outcome)),
            }
        }
        let gone = self.really_gone(taken_out).await;
        let forgetting =
            gone.iter().map(|(index, _)| self.progress.reached(*index, Step::Head, References::default()));
        let forgotten = futures::future::join_all(forgetting).await;
        let (held, lost): (Vec<_>, Vec<_>) =
            gone.into_iter().zip(forgotten).partition(|(_, forgotten)| forgotten.is_ok());
        self.outcomes.extend(lost.into_iter().map(|((index, _), _)| (index, Outcome::Abandoned)));
        held.into_iter().map(|(order, _)| order).collect()
    }

    /// Those whose batch orders M3 does not have any more. What it forgets to delete nobody would find again once a
    /// new one is confirmed.
    async fn really_gone(
        &mut self,
        taken_out: Vec<(usize, &'a SalesOrder, &str)>,
    ) -> Vec<(usize, &'a SalesOrder)> {
        let questions = taken_out.iter().map(|(.., number)| requests::batch_status(number)).collect();
        let answers = match self.bulk.read(self.company, requests::STATUS_PROGRAM, questions).await {
            Ok(answers) => answers,
            Err(error) => {
                let places = taken_out.into_iter().map(|(index, ..)| index);
                self.outcomes.extend(places.map(|index| (index, Outcome::Later(error.clone()))));
                return Vec::new();
            }
        };
        let mut gone = Vec::with_capacity(taken_out.len());
        for ((index, order, temporary), answer) in taken_out.into_iter().zip(answers) {
            if matches!(&answer, Reply::Nok(nok) if nok.is_unknown_order()) {
                gone.push((index, order));
            } else {
                let why = format!("batch order {temporary} was taken out, and M3 still has it");
                self.outcomes.push((index, Outcome::InDoubt(Step::Lines, why)));
            }
        }
        gone
    }

    /// Adds all heads in one request.
    async fn add_heads(&mut self, orders: Vec<(usize, &'a SalesOrder)>) -> Vec<Entry<'a>> {
        let heads = orders.iter().map(|(_, order)| requests::batch_head(order)).collect();
        let replies = self.write(heads).await;
        let mut headed = Vec::with_capacity(orders.len());
        for ((index, order), reply) in orders.into_iter().zip(&replies) {
            match head_number(reply) {
                Ok(temporary) => {
                    headed.push(Entry { index, order, temporary, present: BTreeSet::new(), is_new: true });
                }
                Err(outcome) => self.outcomes.push((index, outcome)),
            }
        }
        headed
    }

    /// Keeps every temporary number in the ledger before anything is written below it.
    async fn keep_numbers(&mut self, headed: Vec<Entry<'a>>) -> Vec<Entry<'a>> {
        let keeping = headed.iter().map(|entry| {
            let references = References { temporary: Some(entry.temporary.clone()), number: None };
            self.progress.reached(entry.index, Step::Lines, references)
        });
        let kept = futures::future::join_all(keeping).await;
        let (held, lost): (Vec<_>, Vec<_>) = headed.into_iter().zip(kept).partition(|(_, kept)| kept.is_ok());
        for (entry, _) in lost {
            if entry.is_new {
                // It is taken out while its number is known; should that fail, it is found by our reference.
                tracing::error!(
                    temporary = entry.temporary,
                    "the record was lost: the batch order is taken out"
                );
                self.delete(&entry.temporary).await;
            }
            self.outcomes.push((entry.index, Outcome::Abandoned));
        }
        held.into_iter().map(|(entry, _)| entry).collect()
    }

    /// Adds what is missing below the heads of all orders, in as few requests as allowed.
    async fn add_rest(&mut self, entries: Vec<Entry<'a>>) -> Vec<Entry<'a>> {
        let rests: Vec<_> = entries
            .iter()
            .map(|entry| requests::batch_rest(entry.order, &entry.temporary, &entry.present, self.options))
            .collect();
        let mut replies = self.write(rests.concat()).await.into_iter();
        let mut complete = Vec::with_capacity(entries.len());
        for (entry, rest) in entries.into_iter().zip(rests) {
            let replies: Vec<_> = replies.by_ref().take(rest.len()).collect();
            match judge_rest(&rest, &replies, entry.order) {
                None => complete.push(entry),
                Some(outcome) => {
                    let outcome = self.take_out(&entry, outcome).await;
                    self.outcomes.push((entry.index, outcome));
                }
            }
        }
        complete
    }

    /// Batch orders that a clerk releases are posted as they are; the number says so to the confirmation, which
    /// would else take them for orders whose confirmation was lost.
    fn leave_to_clerk(&mut self, entries: Vec<Entry<'a>>) -> Vec<Entry<'a>> {
        let (left, to_confirm): (Vec<_>, Vec<_>) =
            entries.into_iter().partition(|entry| entry.order.release == Release::ByClerk);
        self.outcomes.extend(left.into_iter().map(|entry| {
            let temporary = Some(temporary::join(&entry.temporary, temporary::BY_CLERK));
            (entry.index, Outcome::Posted(References { temporary, number: None }))
        }));
        to_confirm
    }

    async fn delete(&self, temporary: &str) -> Reply {
        let deleted = self.write(vec![requests::delete_batch(self.company.number, temporary)]).await;
        let unanswered = || Reply::Failed(CallError::Unknown("M3 gave no result".into()));
        deleted.into_iter().next().unwrap_or_else(unanswered)
    }

    /// Takes an order that M3 refuses out of it again. What is only put off stays: its number is in the ledger, and
    /// the next try continues it.
    async fn take_out(&self, entry: &Entry<'_>, outcome: Outcome) -> Outcome {
        let Outcome::Rejected(mut findings) = outcome else { return outcome };
        if left_of(&entry.temporary, &self.delete(&entry.temporary).await).is_some() {
            findings.push(left_behind(&entry.temporary));
        }
        Outcome::Rejected(findings)
    }

    /// Confirms all complete orders in one request.
    async fn confirm(&mut self, entries: Vec<Entry<'a>>) {
        let company = self.company.number;
        let confirms = entries.iter().map(|entry| requests::confirm(company, &entry.temporary)).collect();
        let replies = self.write(confirms).await;
        for (entry, reply) in entries.into_iter().zip(replies) {
            let outcome = self.take_out(&entry, confirmed(&reply, &entry.temporary)).await;
            self.outcomes.push((entry.index, outcome));
        }
    }
}

/// Whether what was begun is of no use: it was found so, or it has lines that the order does not have.
fn is_outdated(begun: &Begun, order: &SalesOrder) -> bool {
    let is_of_order = |number: &u32| (1..=order.lines.len()).contains(&(*number as usize));
    begun.outdated || !begun.lines.iter().all(is_of_order)
}

/// Nothing if a batch order was taken out or was not there; else what its order comes to. That the gateway refused
/// the request is no refusal of the order, of which something is there.
pub(super) fn left_of(temporary: &str, deleted: &Reply) -> Option<Outcome> {
    let why = match deleted {
        Reply::Done(_) => return None,
        Reply::Nok(nok) if nok.is_unknown_order() => return None,
        Reply::Nok(nok) => nok.name().to_owned(),
        Reply::Failed(error) if error.is_passing() => return Some(Outcome::Later(error.clone())),
        Reply::Failed(error) => error.to_string(),
    };
    let why = format!("batch order {temporary} could not be taken out: {why}");
    Some(Outcome::InDoubt(Step::Lines, why))
}

/// The temporary number that M3 gave to a head, or what else became of it.
fn head_number(reply: &Reply) -> Result<String, Outcome> {
    match reply {
        Reply::Done(rows) => match rows.first().and_then(|row| row.required("ORNO")) {
            Some(number) => Ok(number.to_owned()),
            None => Err(Outcome::InDoubt(Step::Head, "M3 gave no order number".into())),
        },
        Reply::Nok(nok) => Err(Outcome::Rejected(vec![nok.finding("order", "AddBatchHead")])),
        Reply::Failed(error) => Err(failed(error, Step::Head)),
    }
}

/// Nothing if everything below a head was added; else what keeps the order from being completed.
fn judge_rest(rest: &[Transaction], replies: &[Reply], order: &SalesOrder) -> Option<Outcome> {
    let mut findings = Vec::new();
    let mut broken: Option<&CallError> = None;
    for (transaction, reply) in rest.iter().zip(replies) {
        match reply {
            Reply::Done(rows) if is_added(transaction, rows.first()) => {}
            Reply::Done(_) => return Some(Outcome::InDoubt(Step::Lines, "M3 gave no line number".into())),
            Reply::Nok(nok) if nok.is_of_the_number() => return Some(unusable(Step::Lines, nok)),
            Reply::Nok(nok) => findings.push(refused(nok, transaction, order)),
            Reply::Failed(CallError::Unknown(why)) => {
                return Some(Outcome::InDoubt(Step::Lines, why.clone()));
            }
            Reply::Failed(error) => broken = Some(error),
        }
    }
    match (findings.is_empty(), broken) {
        (true, None) => None,
        (true, Some(error)) => Some(failed(error, Step::Lines)),
        (false, _) => Some(Outcome::Rejected(findings)),
    }
}

/// A line is added only if M3 gave it a number; the other transactions answer nothing.
fn is_added(transaction: &Transaction, row: Option<&super::wire::Row>) -> bool {
    transaction.name != "AddBatchLine" || row.and_then(|row| row.required("PONR")).is_some()
}

/// M3 gave a number and does not take it any more: what it answered was not committed, or the batch order is being
/// confirmed already. Neither is a refusal of the document.
fn unusable(step: Step, nok: &Nok) -> Outcome {
    let why = if nok.is_unknown_order() { "does not know" } else { "lets nothing be done to" };
    Outcome::InDoubt(step, format!("M3 {why} the batch order that it gave: {}", nok.name()))
}

/// The finding of one refused transaction; a line's own number leads to the source's line.
fn refused(nok: &Nok, transaction: &Transaction, order: &SalesOrder) -> Finding {
    let number =
        transaction.record.get(requests::LINE_NUMBER).and_then(|number| number.parse::<usize>().ok());
    let line = number.and_then(|number| order.lines.get(number.checked_sub(1)?));
    nok.finding(line.map_or("order", |line| line.path.as_str()), transaction.name)
}

/// What became of a confirmed batch order. Whatever M3 refuses here stays in OIS275, where the confirmation
/// job finds its status and messages.
fn confirmed(reply: &Reply, temporary: &str) -> Outcome {
    let posted = |number| Outcome::Posted(References { temporary: Some(temporary.to_owned()), number });
    match reply {
        Reply::Done(rows) => posted(rows.first().and_then(|row| row.required("ORNO")).map(str::to_owned)),
        Reply::Nok(nok) if nok.is_of_the_number() => unusable(Step::Confirm, nok),
        Reply::Nok(_) => posted(None),
        Reply::Failed(error) => failed(error, Step::Confirm),
    }
}

fn left_behind(temporary: &str) -> Finding {
    Finding::new(
        FindingCode::Refused,
        "order",
        format!("the incomplete batch order {temporary} could not be taken out of M3"),
        "delete it in OIS275; it is not confirmed, so nothing is shipped for it",
    )
}
