//! Redrive: moving dead letters back to the queue of events, chosen, at a rate, and with a trace of who did it.
//!
//! A message is sent before it is deleted. Interrupted in between, it is sent a second time by the next run, and
//! the guards of its record make the second one harmless. SQS's own move cannot choose and leaves no trace.

use std::{
    collections::{BTreeMap, HashSet},
    num::NonZeroU32,
};

use domain::{Digest, Event, RecordKey};
use jiff::Timestamp;
use ledger::{Ledger, LedgerError, WriteError};
use platform::{Clock, Outgoing, QueueError, Queues, Received};

use super::{Letter, Selection, sweep::Sweep};
use crate::{OpsError, pace::Pace};

/// For how many seconds what was seen is hidden from others, unless it is made visible before.
const HIDDEN: u32 = 300;
/// How often the entry in the trail is tried on top of what others wrote in between.
const TRIES: usize = 3;
/// After so many failures in a row it is not the messages' fault.
const FAILURES: usize = 5;
/// After so many messages each time there is news.
const NEWS: usize = 100;

/// What is to be moved, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redrive {
    /// Which dead letters.
    pub selection: Selection,
    /// At most so many a second.
    pub per_second: NonZeroU32,
    /// At most so many; all if nothing is said.
    pub limit: Option<usize>,
    /// Only say what would be moved.
    pub dry_run: bool,
    /// Who does it, for the records' trails.
    pub by: String,
}

/// What a redrive did, counted by reasons.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Redriven {
    /// Moved, or to be moved by what was only tried.
    pub moved: BTreeMap<String, usize>,
    /// Not meant, and therefore left.
    pub left: BTreeMap<String, usize>,
    /// Meant and not moved, or not wholly, by what happened.
    pub failed: BTreeMap<String, usize>,
    /// How many could not be made visible again; they are so a few minutes later by themselves.
    pub still_hidden: usize,
    /// Why it ended before the end, if it did.
    pub stopped: Option<String>,
}

impl Redriven {
    /// How many messages were looked at.
    pub fn looked_at(&self) -> usize {
        [&self.moved, &self.left, &self.failed].map(|counts| counts.values().sum::<usize>()).iter().sum()
    }

    /// Whether everything that was meant was moved.
    pub fn is_whole(&self) -> bool {
        self.failed.is_empty() && self.stopped.is_none()
    }
}

/// Moves dead letters back to the queue of events. `on_news` is called after every hundred messages.
///
/// It ends once a whole pass brought nothing new. What comes to the dead-letter queue after the start is left, by
/// the clock and, because clocks differ, by the message itself if it was sent in this run.
pub async fn redrive(
    queues: &Queues,
    ledger: &dyn Ledger,
    clock: &dyn Clock,
    wish: &Redrive,
    mut on_news: impl FnMut(&Redriven),
) -> Redriven {
    let mut run = Run {
        queues,
        ledger,
        clock,
        wish,
        started: clock.now(),
        pace: Pace::per_second(wish.per_second),
        sweep: Sweep::new(&*queues.dead_letters, HIDDEN),
        sent: HashSet::new(),
        done: Redriven::default(),
    };
    if let Err(error) = run.go(&mut on_news).await {
        run.done.stopped = Some(error.to_string());
    }
    Redriven { still_hidden: run.sweep.put_back().await, ..run.done }
}

struct Run<'a> {
    queues: &'a Queues,
    ledger: &'a dyn Ledger,
    clock: &'a dyn Clock,
    wish: &'a Redrive,
    started: Timestamp,
    pace: Pace,
    sweep: Sweep<'a>,
    /// The bodies that were sent in this run.
    sent: HashSet<Digest>,
    done: Redriven,
}

/// What became of one message.
enum Fate {
    Moved,
    Left(&'static str),
    NotMeant,
}

impl Run<'_> {
    async fn go(&mut self, on_news: &mut impl FnMut(&Redriven)) -> Result<(), OpsError> {
        let (mut moved, mut failures) = (0, 0);
        loop {
            let received = self.sweep.next().await?;
            if received.is_empty() {
                return Ok(());
            }
            for message in received {
                if self.wish.limit.is_some_and(|limit| moved >= limit) {
                    return Ok(());
                }
                let letter = Letter::read(&message);
                match self.handle(&message, &letter).await {
                    Ok(fate) => {
                        failures = 0;
                        moved += usize::from(matches!(fate, Fate::Moved));
                        self.count(&letter, &fate);
                    }
                    Err(error) => {
                        failures += 1;
                        *self.done.failed.entry(error.to_string()).or_default() += 1;
                        if failures == FAILURES {
                            return Err(error);
                        }
                    }
                }
                if self.done.looked_at().is_multiple_of(NEWS) {
                    on_news(&self.done);
                }
            }
        }
    }

    async fn handle(&mut self, message: &Received, letter: &Letter) -> Result<Fate, OpsError> {
        if !self.wish.selection.holds(letter) {
            return Ok(Fate::NotMeant);
        }
        if letter.sent_at > self.started {
            return Ok(Fate::Left("came after the start"));
        }
        let body = Digest::of(message.body.as_bytes());
        if self.sent.contains(&body) {
            return Ok(Fate::Left("the same was moved in this run"));
        }
        if !self.wish.dry_run {
            self.pace.next().await;
            self.note(letter.record.as_ref()).await?;
            self.send(message, letter).await?;
        }
        self.sent.insert(body);
        if !self.wish.dry_run {
            self.sweep.take(&message.message_id).await?;
        }
        Ok(Fate::Moved)
    }

    fn count(&mut self, letter: &Letter, fate: &Fate) {
        let reason = letter.reason.to_string();
        let (counts, word) = match fate {
            Fate::Moved => (&mut self.done.moved, reason),
            Fate::NotMeant => (&mut self.done.left, reason),
            Fate::Left(why) => (&mut self.done.left, (*why).to_owned()),
        };
        *counts.entry(word).or_default() += 1;
    }

    /// Says in the record's trail who moved the message, before it is moved: afterwards the poster may hold the
    /// record already. A record that is held, or that was never made, is not told.
    async fn note(&self, record: Option<&RecordKey>) -> Result<(), LedgerError> {
        let Some(key) = record else { return Ok(()) };
        for _ in 0..TRIES {
            let now = self.clock.now();
            let Some(record) = self.ledger.record(key).await? else { return Ok(()) };
            if record.lease.is_some_and(|lease| lease.until > now) {
                return Ok(());
            }
            let noted = record.noted(now, Event::Redriven, format!("by {}", self.wish.by));
            match self.ledger.write(noted).await {
                Ok(_) => return Ok(()),
                Err(WriteError::Conflict(_)) => {}
                Err(WriteError::Ledger(error)) => return Err(error),
            }
        }
        Err(LedgerError::Contended { key: key.clone() })
    }

    /// Sends the message as it is, with no receives counted.
    async fn send(&self, message: &Received, letter: &Letter) -> Result<(), QueueError> {
        let group = letter.tenant.as_ref().map(ToString::to_string).or_else(|| message.group.clone());
        let outgoing = Outgoing { body: message.body.clone(), group, ..Outgoing::default() };
        self.queues.events.send(outgoing).await
    }
}

#[cfg(test)]
#[path = "redrive_tests.rs"]
mod tests;
