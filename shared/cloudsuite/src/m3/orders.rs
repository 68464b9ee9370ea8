//! Customer orders by batch entry: heads, then everything below them, then confirmation, each step for the
//! whole batch at once. A batch order is invisible to planning until it is confirmed, so one that cannot be
//! completed is taken out again.

use domain::{Finding, FindingCode, References, SalesOrder, Step};

use super::{
    Options,
    bulk::Bulk,
    customers::failed,
    outcome::{Nok, Reply},
    requests,
    wire::Transaction,
};
use crate::{CallError, Company, Outcome, Progress};

const PROGRAM: &str = "OIS100MI";

/// A batch order on its way: its place in the batch, the document, M3's temporary number.
struct Entry<'a> {
    index: usize,
    order: &'a SalesOrder,
    temporary: String,
}

/// One posting of sales orders.
pub(super) struct Posting<'a> {
    pub(super) bulk: &'a Bulk,
    pub(super) company: &'a Company,
    pub(super) options: Options,
    pub(super) progress: &'a dyn Progress,
    /// What became of the orders that are settled already, by their places in the batch.
    pub(super) outcomes: Vec<(usize, Outcome)>,
}

impl<'a> Posting<'a> {
    /// Posts sales orders; each comes with its place in the batch.
    pub(super) async fn run(mut self, orders: &[(usize, &'a SalesOrder)]) -> Vec<(usize, Outcome)> {
        let headed = self.add_heads(orders).await;
        let kept = self.keep_numbers(headed).await;
        let complete = self.add_rest(kept).await;
        self.confirm(complete).await;
        self.outcomes
    }

    async fn write(&self, transactions: Vec<Transaction>) -> Vec<Reply> {
        self.bulk.write(self.company, PROGRAM, transactions).await
    }

    /// Adds all heads in one request.
    async fn add_heads(&mut self, orders: &[(usize, &'a SalesOrder)]) -> Vec<Entry<'a>> {
        let heads = orders.iter().map(|(_, order)| requests::batch_head(order)).collect();
        let replies = self.write(heads).await;
        let mut headed = Vec::with_capacity(orders.len());
        for (&(index, order), reply) in orders.iter().zip(&replies) {
            match head_number(reply) {
                Ok(temporary) => headed.push(Entry { index, order, temporary }),
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
            // Nobody would know of this batch order: it is taken out, and its number is at least in the log.
            tracing::error!(temporary = entry.temporary, "the record was lost: the batch order is taken out");
            self.write(vec![requests::delete_batch(self.company.number, &entry.temporary)]).await;
            self.outcomes.push((entry.index, Outcome::Abandoned));
        }
        held.into_iter().map(|(entry, _)| entry).collect()
    }

    /// Adds lines, charges, addresses and texts of all orders, in as few requests as allowed.
    async fn add_rest(&mut self, entries: Vec<Entry<'a>>) -> Vec<Entry<'a>> {
        let rests: Vec<_> =
            entries.iter().map(|e| requests::batch_rest(e.order, &e.temporary, self.options)).collect();
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

    /// Takes an order that cannot be completed out of M3 again, unless nobody knows what is there.
    async fn take_out(&self, entry: &Entry<'_>, outcome: Outcome) -> Outcome {
        if matches!(outcome, Outcome::InDoubt(..)) {
            return outcome;
        }
        let deleted = self.write(vec![requests::delete_batch(self.company.number, &entry.temporary)]).await;
        match (deleted.first(), outcome) {
            (Some(Reply::Done(_)), outcome) => outcome,
            (_, Outcome::Rejected(mut findings)) => {
                findings.push(left_behind(&entry.temporary));
                Outcome::Rejected(findings)
            }
            _ => Outcome::InDoubt(Step::Lines, "the incomplete batch order could not be taken out".into()),
        }
    }

    /// Confirms all complete orders in one request. What certainly was not confirmed is taken out again.
    async fn confirm(&mut self, entries: Vec<Entry<'a>>) {
        let company = self.company.number;
        let confirms = entries.iter().map(|entry| requests::confirm(company, &entry.temporary)).collect();
        let replies = self.write(confirms).await;
        for (entry, reply) in entries.into_iter().zip(replies) {
            let outcome = match confirmed(&reply, &entry.temporary) {
                outcome @ (Outcome::Later(_) | Outcome::Rejected(_)) => self.take_out(&entry, outcome).await,
                outcome => outcome,
            };
            self.outcomes.push((entry.index, outcome));
        }
    }
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
    for (place, (transaction, reply)) in rest.iter().zip(replies).enumerate() {
        match reply {
            Reply::Done(rows) if is_added(transaction, rows.first()) => {}
            Reply::Done(_) => return Some(Outcome::InDoubt(Step::Lines, "M3 gave no line number".into())),
            Reply::Nok(nok) => findings.push(refused(nok, transaction, order, place)),
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

/// The finding of one refused transaction: lines come first, so its place leads to the source's line.
fn refused(nok: &Nok, transaction: &Transaction, order: &SalesOrder, place: usize) -> Finding {
    let field = order.lines.get(place).map_or("order", |line| line.path.as_str());
    nok.finding(field, transaction.name)
}

/// What became of a confirmed batch order. Whatever M3 refuses here stays in OIS275, where the confirmation
/// job finds its status and messages.
fn confirmed(reply: &Reply, temporary: &str) -> Outcome {
    let posted = |number| Outcome::Posted(References { temporary: Some(temporary.to_owned()), number });
    match reply {
        Reply::Done(rows) => posted(rows.first().and_then(|row| row.required("ORNO")).map(str::to_owned)),
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
