//! A look at the dead-letter queue.

use std::collections::BTreeMap;

use platform::{Mailbox, QueueError};

use super::{Letter, Selection, sweep::Sweep};

/// For how many seconds what is looked at is hidden from others.
const LOOK: u32 = 60;

/// What a look at the dead-letter queue showed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DeadLetters {
    /// The messages that were meant, oldest first.
    pub letters: Vec<Letter>,
    /// How many of them there are for each reason.
    pub reasons: BTreeMap<String, usize>,
    /// How many messages were looked at.
    pub looked_at: usize,
    /// About how many messages the queue holds.
    pub about: u64,
    /// How many could not be made visible again; they are so a minute later by themselves.
    pub still_hidden: usize,
}

/// Looks at up to `most` messages and makes them visible again afterwards, whatever happens. Each look counts as a
/// receive.
pub async fn list_dead_letters(
    dead_letters: &dyn Mailbox,
    selection: &Selection,
    most: usize,
) -> Result<DeadLetters, QueueError> {
    let about = dead_letters.approximate_depth().await?;
    let mut sweep = Sweep::new(dead_letters, LOOK);
    let looked = look(&mut sweep, selection, most).await;
    let still_hidden = sweep.put_back().await;
    let (looked_at, mut letters) = looked?;
    letters.sort_by_key(|letter| letter.sent_at);
    let mut reasons = BTreeMap::new();
    for letter in &letters {
        *reasons.entry(letter.reason.to_string()).or_default() += 1;
    }
    Ok(DeadLetters { letters, reasons, looked_at, about, still_hidden })
}

/// How many messages were looked at, and those that were meant.
async fn look(
    sweep: &mut Sweep<'_>,
    selection: &Selection,
    most: usize,
) -> Result<(usize, Vec<Letter>), QueueError> {
    let (mut looked_at, mut letters) = (0, Vec::new());
    while looked_at < most {
        let received = sweep.next().await?;
        if received.is_empty() {
            break;
        }
        let new = received.iter().take(most - looked_at);
        looked_at += new.len();
        letters.extend(new.map(Letter::read).filter(|letter| selection.holds(letter)));
    }
    Ok((looked_at, letters))
}

#[cfg(test)]
#[path = "list_tests.rs"]
mod tests;
