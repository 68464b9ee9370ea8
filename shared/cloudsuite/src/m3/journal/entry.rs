//! Posting journal entries: heads, lines, control, update, each step for the whole batch at once. Every step but the
//! last may be done again: what M3 has under the same key and line number is what an earlier try wrote.

use domain::{Finding, FindingCode, JournalEntry, References, Step};

use super::{PROGRAM, requests};
use crate::{
    Begun, CallError, Company, Outcome, Progress,
    m3::{
        bulk::Bulk,
        customers::failed,
        options::JournalOptions,
        outcome::{Nok, Reply},
        temporary,
        text::day,
        wire::Transaction,
    },
};

/// A journal entry to be posted: its place in the batch, the document, and what M3 has of it already.
pub(in crate::m3) type Wanted<'a> = (usize, &'a JournalEntry, Option<&'a Begun>);

/// One posting of journal entries.
pub(in crate::m3) struct Posting<'a> {
    pub(in crate::m3) bulk: &'a Bulk,
    pub(in crate::m3) company: &'a Company,
    pub(in crate::m3) options: &'a JournalOptions,
    pub(in crate::m3) progress: &'a dyn Progress,
    /// What became of the entries that are settled already, by their places in the batch.
    pub(in crate::m3) outcomes: Vec<(usize, Outcome)>,
}

impl<'a> Posting<'a> {
    /// Posts journal entries, each from where it is.
    pub(in crate::m3) async fn run(mut self, entries: &[Wanted<'a>]) -> Vec<(usize, Outcome)> {
        let (mut open, mut written) = (Vec::new(), Vec::new());
        for &(index, entry, begun) in entries {
            match begun.filter(|begun| temporary::beside(&begun.temporary).is_some()) {
                Some(begun) if begun.outdated => self.outcomes.push((index, posted_otherwise(entry))),
                Some(_) => written.push((index, entry)),
                None => open.push((index, entry, begun)),
            }
        }
        let headed = self.add_heads(open).await;
        let headed = self.keep(headed, Step::Lines, |entry| entry.batch_key.clone()).await;
        let complete = self.add_lines(headed).await;
        written.extend(self.control(complete).await);
        let written = self.keep(written, Step::Confirm, updating).await;
        self.update(written).await;
        self.outcomes
    }

    async fn write(&self, transactions: Vec<Transaction>) -> Vec<Reply> {
        self.bulk.write(self.company, PROGRAM, transactions, self.progress.until()).await
    }

    /// Adds all heads in one request. A key that M3 has is ours, because it is made of the record's; but only who
    /// came back for what was begun may go on under it.
    async fn add_heads(&mut self, entries: Vec<Wanted<'a>>) -> Vec<(usize, &'a JournalEntry)> {
        let heads = entries.iter().map(|(_, entry, _)| requests::batch_head(entry)).collect();
        let replies = self.write(heads).await;
        let mut headed = Vec::with_capacity(entries.len());
        for ((index, entry, begun), reply) in entries.into_iter().zip(&replies) {
            let outcome = match (reply, begun) {
                (Reply::Done(_), _) => None,
                (Reply::Nok(nok), Some(begun)) if is_there(nok, "KEY1", self.options) && !begun.outdated => {
                    None
                }
                (Reply::Nok(nok), Some(_)) if is_there(nok, "KEY1", self.options) => {
                    Some(left_of_another(entry))
                }
                (Reply::Nok(nok), None) if is_there(nok, "KEY1", self.options) => {
                    let why = format!("M3 has a journal batch {} already: {}", entry.batch_key, nok.name());
                    Some(Outcome::InDoubt(Step::Head, why))
                }
                (Reply::Nok(nok), _) => Some(Outcome::Rejected(vec![nok.finding("journal", "AddBatchHead")])),
                (Reply::Failed(error), _) => Some(failed(error, Step::Head)),
            };
            match outcome {
                None => headed.push((index, entry)),
                Some(outcome) => self.outcomes.push((index, outcome)),
            }
        }
        headed
    }

    /// Tells the ledger how far the entries have come; those whose lease is lost go no further.
    async fn keep(
        &mut self,
        entries: Vec<(usize, &'a JournalEntry)>,
        step: Step,
        number: fn(&JournalEntry) -> String,
    ) -> Vec<(usize, &'a JournalEntry)> {
        let keeping = entries.iter().map(|(index, entry)| {
            let references = References { temporary: Some(number(entry)), number: None };
            self.progress.reached(*index, step, references)
        });
        let kept = futures::future::join_all(keeping).await;
        let (held, lost): (Vec<_>, Vec<_>) =
            entries.into_iter().zip(kept).partition(|(_, kept)| kept.is_ok());
        self.outcomes.extend(lost.into_iter().map(|((index, _), _)| (index, Outcome::Abandoned)));
        held.into_iter().map(|(entry, _)| entry).collect()
    }

    /// Adds the lines of all entries; a line that is there was written by an earlier try.
    async fn add_lines(&mut self, entries: Vec<(usize, &'a JournalEntry)>) -> Vec<(usize, &'a JournalEntry)> {
        let lines: Vec<_> = entries.iter().map(|(_, entry)| requests::lines(entry, self.options)).collect();
        let mut replies = self.write(lines.concat()).await.into_iter();
        let mut complete = Vec::with_capacity(entries.len());
        for ((index, entry), lines) in entries.into_iter().zip(lines) {
            let replies: Vec<_> = replies.by_ref().take(lines.len()).collect();
            match judge_lines(&lines, &replies, entry, self.options) {
                None => complete.push((index, entry)),
                Some(outcome) => self.outcomes.push((index, outcome)),
            }
        }
        complete
    }

    /// Has M3 check all batches; what it does not accept stays there and is never posted.
    async fn control(&mut self, entries: Vec<(usize, &'a JournalEntry)>) -> Vec<(usize, &'a JournalEntry)> {
        let controls = entries.iter().map(|(_, entry)| requests::control(entry)).collect();
        let replies = self.write(controls).await;
        let mut accepted = Vec::with_capacity(entries.len());
        for ((index, entry), reply) in entries.into_iter().zip(&replies) {
            let outcome = match reply {
                Reply::Done(_) => {
                    accepted.push((index, entry));
                    continue;
                }
                Reply::Nok(nok) => refused(entry, vec![nok.finding("journal", "CtrlBatch")]),
                // Lines are there: whatever befell the request, it is no refusal of the entry.
                Reply::Failed(error) => stopped(error, Step::Lines),
            };
            self.outcomes.push((index, outcome));
        }
        accepted
    }

    /// Has M3 post all batches. A refusal is no word on the entry: an earlier update may be under way or done.
    async fn update(&mut self, entries: Vec<(usize, &'a JournalEntry)>) {
        let updates = entries.iter().map(|(_, entry)| requests::update(entry)).collect();
        let replies = self.write(updates).await;
        for ((index, entry), reply) in entries.into_iter().zip(&replies) {
            let outcome = match reply {
                Reply::Done(_) => {
                    Outcome::Posted(References { temporary: Some(updating(entry)), number: None })
                }
                Reply::Nok(nok) => {
                    let why =
                        format!("M3 refused to update journal batch {}: {}", entry.batch_key, nok.name());
                    Outcome::InDoubt(Step::Confirm, why)
                }
                Reply::Failed(error) => stopped(error, Step::Confirm),
            };
            self.outcomes.push((index, outcome));
        }
    }
}

/// What the ledger keeps once the update may be sent.
fn updating(entry: &JournalEntry) -> String {
    temporary::join(&entry.batch_key, &day(entry.date))
}

/// Whether M3 says that it has a batch or a line already. Which message says so is not public, but keys and line numbers
/// are made here, and there is nothing else to refuse of them.
fn is_there(nok: &Nok, number: &str, options: &JournalOptions) -> bool {
    nok.says_exists() || nok.is_one_of(&options.exists) || nok.field == number
}

/// Nothing if all lines are there; else what keeps the entry from being posted.
fn judge_lines(
    lines: &[Transaction],
    replies: &[Reply],
    entry: &JournalEntry,
    options: &JournalOptions,
) -> Option<Outcome> {
    let mut findings = Vec::new();
    let mut broken: Option<&CallError> = None;
    for (transaction, reply) in lines.iter().zip(replies) {
        match reply {
            Reply::Done(_) => {}
            Reply::Nok(nok) if is_there(nok, requests::LINE_NUMBER, options) => {}
            // What M3 answered to the head was not committed.
            Reply::Nok(nok) if nok.field == "KEY1" || nok.says_missing() && nok.field.is_empty() => {
                let why =
                    format!("M3 does not take lines of journal batch {}: {}", entry.batch_key, nok.name());
                return Some(Outcome::InDoubt(Step::Lines, why));
            }
            Reply::Nok(nok) => findings.push(nok.finding(path_of(transaction, entry), transaction.name)),
            Reply::Failed(CallError::Unknown(why)) => {
                return Some(Outcome::InDoubt(Step::Lines, why.clone()));
            }
            Reply::Failed(error) => broken = Some(error),
        }
    }
    match (findings.is_empty(), broken) {
        (true, None) => None,
        (true, Some(error)) => Some(stopped(error, Step::Lines)),
        (false, _) => Some(refused(entry, findings)),
    }
}

/// Where a line comes from in the source's payload.
fn path_of<'a>(transaction: &Transaction, entry: &'a JournalEntry) -> &'a str {
    let number =
        transaction.record.get(requests::LINE_NUMBER).and_then(|number| number.parse::<usize>().ok());
    let line = number.and_then(|number| entry.lines.get(number.checked_sub(1)?));
    line.map_or("journal", |line| line.path.as_str())
}

/// What the failure of a request means for a batch that is there.
fn stopped(error: &CallError, step: Step) -> Outcome {
    match failed(error, step) {
        Outcome::Rejected(_) => Outcome::InDoubt(step, error.to_string()),
        other => other,
    }
}

/// M3 does not accept the batch. No transaction takes one out again.
fn refused(entry: &JournalEntry, mut findings: Vec<Finding>) -> Outcome {
    findings.push(Finding::new(
        FindingCode::Refused,
        "journal",
        format!("journal batch {} stays in M3, not posted", entry.batch_key),
        "correct the master data and redrive, or delete the batch in GLS840, correct the mapping and redrive",
    ));
    Outcome::Failed(References { temporary: Some(entry.batch_key.clone()), number: None }, findings)
}

/// A batch of another content has our key.
fn left_of_another(entry: &JournalEntry) -> Outcome {
    let finding = Finding::new(
        FindingCode::Refused,
        "journal",
        format!("journal batch {} in M3, not posted, is of an earlier content", entry.batch_key),
        "delete the batch in GLS840, then redrive",
    );
    Outcome::Failed(References { temporary: Some(entry.batch_key.clone()), number: None }, vec![finding])
}

/// The update of a batch of another content was sent.
fn posted_otherwise(entry: &JournalEntry) -> Outcome {
    let finding = Finding::new(
        FindingCode::Refused,
        "journal",
        format!("journal batch {} was sent to be posted with an earlier content", entry.batch_key),
        "look for its voucher in GLS200; if there is one, enter the difference by hand",
    );
    Outcome::Failed(References { temporary: Some(updating(entry)), number: None }, vec![finding])
}
