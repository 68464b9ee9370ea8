//! Entering purchase orders: start, heads, lines with their accounting strings, finish, each step for the whole batch
//! at once.

use std::collections::BTreeSet;

use domain::{Finding, FindingCode, PurchaseOrder, References, Step};

use super::{PROGRAM, requests};
use crate::{
    Begun, CallError, Company, Outcome, Progress,
    m3::{bulk::Bulk, customers::failed, outcome::Reply, temporary, wire::Transaction},
};

/// A purchase order to be posted: its place in the batch, the document, and what M3 has of it already.
pub(in crate::m3) type Wanted<'a> = (usize, &'a PurchaseOrder, Option<&'a Begun>);

/// An entry on its way.
struct Entry<'a> {
    /// Its place in the batch.
    index: usize,
    order: &'a PurchaseOrder,
    /// The entry's message number.
    message: String,
    /// The order's number; empty before the head is there.
    number: String,
    /// How many of its first lines an earlier try left there.
    present: usize,
    is_new: bool,
}

/// One posting of purchase orders.
pub(in crate::m3) struct Posting<'a> {
    pub(in crate::m3) bulk: &'a Bulk,
    pub(in crate::m3) company: &'a Company,
    pub(in crate::m3) progress: &'a dyn Progress,
    /// What became of the orders that are settled already, by their places in the batch.
    pub(in crate::m3) outcomes: Vec<(usize, Outcome)>,
}

impl<'a> Posting<'a> {
    /// Posts purchase orders, each from where it is.
    pub(in crate::m3) async fn run(mut self, orders: &[Wanted<'a>]) -> Vec<(usize, Outcome)> {
        let (mut new, mut outdated, mut headed) = (Vec::new(), Vec::new(), Vec::new());
        for &(index, order, earlier) in orders {
            match earlier.map(|earlier| (earlier, continued(index, order, earlier))) {
                None => new.push((index, order)),
                Some((_, Some(entry))) => headed.push(entry),
                Some((earlier, None)) => outdated.push((index, order, temporary::number(&earlier.temporary))),
            }
        }
        new.extend(self.take_out_outdated(outdated).await);
        let started = self.start(new).await;
        let started = self.keep_numbers(started).await;
        headed.extend(self.add_heads(started).await);
        let headed = self.keep_numbers(headed).await;
        let complete = self.add_lines(headed).await;
        self.finish(complete).await;
        self.outcomes
    }

    async fn write(&self, transactions: Vec<Transaction>) -> Vec<Reply> {
        self.bulk.write(self.company, PROGRAM, transactions, self.progress.until()).await
    }

    /// Takes out what earlier tries left, and then its numbers out of the ledger. Gives the orders to be begun anew.
    async fn take_out_outdated(
        &mut self,
        outdated: Vec<(usize, &'a PurchaseOrder, &str)>,
    ) -> Vec<(usize, &'a PurchaseOrder)> {
        let deletions = outdated.iter().map(|(.., message)| requests::delete_entry(message)).collect();
        let replies = self.write(deletions).await;
        let mut anew = Vec::with_capacity(outdated.len());
        for ((index, order, message), reply) in outdated.into_iter().zip(&replies) {
            match left_of(message, reply) {
                Some(outcome) => self.outcomes.push((index, outcome)),
                None => match self.progress.reached(index, Step::Head, References::default()).await {
                    Ok(()) => anew.push((index, order)),
                    Err(_) => self.outcomes.push((index, Outcome::Abandoned)),
                },
            }
        }
        anew
    }

    /// Starts an entry of its own for each order, so that one that is refused can be taken out alone. An entry whose
    /// number was lost stays empty, and nothing comes of it.
    async fn start(&mut self, orders: Vec<(usize, &'a PurchaseOrder)>) -> Vec<Entry<'a>> {
        let starts = orders.iter().map(|(_, order)| requests::start_entry(order)).collect();
        let replies = self.write(starts).await;
        let mut started = Vec::with_capacity(orders.len());
        for ((index, order), reply) in orders.into_iter().zip(&replies) {
            match given(reply, "MSGN", "StartEntry") {
                Ok(message) => started.push(Entry {
                    index,
                    order,
                    message,
                    number: String::new(),
                    present: 0,
                    is_new: true,
                }),
                Err(outcome) => self.outcomes.push((index, outcome)),
            }
        }
        started
    }

    /// Keeps every number in the ledger before anything is written below it.
    async fn keep_numbers(&mut self, entries: Vec<Entry<'a>>) -> Vec<Entry<'a>> {
        let keeping = entries.iter().map(|entry| {
            let references = References { temporary: Some(entry.temporary()), number: None };
            self.progress.reached(entry.index, Step::Lines, references)
        });
        let kept = futures::future::join_all(keeping).await;
        let (held, lost): (Vec<_>, Vec<_>) =
            entries.into_iter().zip(kept).partition(|(_, kept)| kept.is_ok());
        // What was only begun here is taken out while its number is known; what that leaves comes to nothing.
        let new = lost.iter().filter(|(entry, _)| entry.is_new);
        let deletions = new.map(|(entry, _)| requests::delete_entry(&entry.message)).collect();
        self.write(deletions).await;
        self.outcomes.extend(lost.into_iter().map(|(entry, _)| (entry.index, Outcome::Abandoned)));
        held.into_iter().map(|(entry, _)| entry).collect()
    }

    async fn add_heads(&mut self, entries: Vec<Entry<'a>>) -> Vec<Entry<'a>> {
        let heads = entries.iter().map(|entry| requests::head(entry.order, &entry.message)).collect();
        let replies = self.write(heads).await;
        let (mut headed, mut refused) = (Vec::with_capacity(entries.len()), Vec::new());
        for (entry, reply) in entries.into_iter().zip(&replies) {
            match given(reply, "PUNO", "AddHead") {
                Ok(number) => headed.push(Entry { number, ..entry }),
                Err(outcome) => refused.push((entry, outcome)),
            }
        }
        self.take_out(refused).await;
        headed
    }

    /// Adds the lines that are missing of all orders, in as few requests as allowed.
    async fn add_lines(&mut self, entries: Vec<Entry<'a>>) -> Vec<Entry<'a>> {
        let lines: Vec<_> = entries
            .iter()
            .map(|entry| requests::lines(entry.order, &entry.message, &entry.number, entry.present))
            .collect();
        let mut replies = self.write(lines.concat()).await.into_iter();
        let (mut complete, mut refused) = (Vec::with_capacity(entries.len()), Vec::new());
        for (entry, lines) in entries.into_iter().zip(lines) {
            let replies: Vec<_> = replies.by_ref().take(lines.len()).collect();
            match judge_lines(&lines, &replies, entry.order) {
                None => complete.push(entry),
                Some(outcome) => refused.push((entry, outcome)),
            }
        }
        self.take_out(refused).await;
        complete
    }

    async fn finish(&mut self, entries: Vec<Entry<'a>>) {
        let finishes = entries.iter().map(|entry| requests::finish_entry(&entry.message)).collect();
        let replies = self.write(finishes).await;
        let mut refused = Vec::new();
        for (entry, reply) in entries.into_iter().zip(&replies) {
            let outcome = match reply {
                Reply::Done(_) => {
                    let references = References { temporary: Some(entry.temporary()), number: None };
                    self.outcomes.push((entry.index, Outcome::Posted(references)));
                    continue;
                }
                Reply::Nok(nok) if nok.is_of_the_entry() => {
                    let why = format!("M3 does not take entry {} any more: {}", entry.message, nok.name());
                    Outcome::InDoubt(Step::Confirm, why)
                }
                Reply::Nok(nok) => Outcome::Rejected(vec![nok.finding("order", "FinishEntry")]),
                Reply::Failed(error) => failed(error, Step::Confirm),
            };
            refused.push((entry, outcome));
        }
        self.take_out(refused).await;
    }

    /// Takes entries that M3 refuses out of it again, all in one request. What is only put off, or in doubt, stays.
    async fn take_out(&mut self, refused: Vec<(Entry<'a>, Outcome)>) {
        let is_rejected = |outcome: &Outcome| matches!(outcome, Outcome::Rejected(_));
        let rejected = refused.iter().filter(|(_, outcome)| is_rejected(outcome));
        let deletions = rejected.map(|(entry, _)| requests::delete_entry(&entry.message)).collect();
        let mut replies = self.write(deletions).await.into_iter();
        for (entry, outcome) in refused {
            let outcome = match outcome {
                Outcome::Rejected(mut findings) => {
                    let deleted = replies.next();
                    if deleted.is_none_or(|reply| left_of(&entry.message, &reply).is_some()) {
                        findings.push(left_behind(&entry.message));
                    }
                    Outcome::Rejected(findings)
                }
                other => other,
            };
            self.outcomes.push((entry.index, outcome));
        }
    }
}

impl Entry<'_> {
    /// What the ledger keeps: the message number, then the order's.
    fn temporary(&self) -> String {
        match self.number.as_str() {
            "" => self.message.clone(),
            number => temporary::join(&self.message, number),
        }
    }
}

/// An entry to go on with; nothing if it has to be begun anew: it is of another content, its head is not known, its
/// lines are not the document's first ones, or its last line may lack its accounting string, which M3 does not show.
fn continued<'a>(index: usize, order: &'a PurchaseOrder, begun: &Begun) -> Option<Entry<'a>> {
    let number = temporary::beside(&begun.temporary)?.to_owned();
    let message = temporary::number(&begun.temporary).to_owned();
    let present = begun.lines.len();
    let first: BTreeSet<u32> = (1..).take(present).collect();
    let last = present.checked_sub(1).map(|last| order.lines.get(last));
    let is_whole = last.is_none_or(|line| line.is_some_and(|line| line.accounts.is_empty()));
    let goes_on = !begun.outdated && begun.lines == first && is_whole;
    goes_on.then_some(Entry { index, order, message, number, present, is_new: false })
}

/// The number that M3 gave, or what else became of it.
fn given(reply: &Reply, field: &str, transaction: &str) -> Result<String, Outcome> {
    match reply {
        Reply::Done(rows) => match rows.first().and_then(|row| row.required(field)) {
            Some(number) => Ok(number.to_owned()),
            None => Err(Outcome::InDoubt(Step::Head, format!("{transaction}: M3 gave no number"))),
        },
        Reply::Nok(nok) if nok.is_of_the_entry() => {
            Err(Outcome::InDoubt(Step::Head, format!("{transaction}: {}", nok.name())))
        }
        Reply::Nok(nok) => Err(Outcome::Rejected(vec![nok.finding("order", transaction)])),
        Reply::Failed(error) => Err(failed(error, Step::Head)),
    }
}

/// Nothing if all lines were added under our numbers; else what keeps the order from being completed.
fn judge_lines(lines: &[Transaction], replies: &[Reply], order: &PurchaseOrder) -> Option<Outcome> {
    let mut findings = Vec::new();
    let mut broken: Option<&CallError> = None;
    for (transaction, reply) in lines.iter().zip(replies) {
        let ours = transaction.record.get(requests::LINE_NUMBER).map(String::as_str).unwrap_or_default();
        let path = path_of(ours, order);
        match reply {
            Reply::Done(rows) if transaction.name == "AddLine" => {
                match rows.first().and_then(|row| row.required(requests::LINE_NUMBER)) {
                    Some(given) if given.trim_start_matches('0') == ours => {}
                    Some(given) => findings.push(numbered_otherwise(path, ours, given)),
                    None => return Some(Outcome::InDoubt(Step::Lines, "M3 gave no line number".into())),
                }
            }
            Reply::Done(_) => {}
            Reply::Nok(nok) if nok.is_of_the_entry() => {
                let why = format!("M3 does not take the entry that it gave: {}", nok.name());
                return Some(Outcome::InDoubt(Step::Lines, why));
            }
            Reply::Nok(nok) => findings.push(nok.finding(path, transaction.name)),
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

/// Where a line stands in the source's payload.
fn path_of<'a>(number: &str, order: &'a PurchaseOrder) -> &'a str {
    let place = number.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    place.and_then(|place| order.lines.get(place)).map_or("order", |line| line.path.as_str())
}

fn numbered_otherwise(path: &str, ours: &str, given: &str) -> Finding {
    Finding::new(
        FindingCode::Refused,
        path,
        format!("M3 gave number {given} to line {ours}: its accounting string would reach another line"),
        "this installation of M3 does not take our line numbers (PNLI): report it",
    )
}

/// Nothing if an entry was taken out or was not there; else what its order comes to.
fn left_of(message: &str, deleted: &Reply) -> Option<Outcome> {
    let why = match deleted {
        Reply::Done(_) => return None,
        Reply::Nok(nok) if nok.says_missing() => return None,
        Reply::Nok(nok) => nok.name().to_owned(),
        Reply::Failed(error) if error.is_passing() => return Some(Outcome::Later(error.clone())),
        Reply::Failed(error) => error.to_string(),
    };
    Some(Outcome::InDoubt(Step::Lines, format!("entry {message} could not be taken out: {why}")))
}

fn left_behind(message: &str) -> Finding {
    Finding::new(
        FindingCode::Refused,
        "order",
        format!("the incomplete purchase order entry {message} could not be taken out of M3"),
        "delete it in PPS370; it is not finished, so no purchase order is made of it",
    )
}
