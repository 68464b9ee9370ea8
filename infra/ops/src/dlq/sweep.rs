//! One sweep through a queue: every message once, and at the end all that was left is visible again.
//!
//! SQS has no listing. To see a message is to receive it, which hides it for a while and counts; so what was seen
//! is remembered by its id, and the sweep is over once a whole pass brought nothing new.

use std::collections::{HashMap, HashSet};

use futures::{StreamExt as _, stream};
use platform::{MOST_AT_ONCE, Mailbox, QueueError, Received};

/// After so many empty receives in a row the queue counts as empty.
const EMPTY: usize = 2;
/// How many messages are made visible again at a time.
const AT_A_TIME: usize = 8;

/// A sweep that is under way.
pub(crate) struct Sweep<'a> {
    mailbox: &'a dyn Mailbox,
    visibility_seconds: u32,
    /// What was seen and is still there: by message id the latest receipt.
    left: HashMap<String, String>,
    /// The ids of what was taken off.
    taken: HashSet<String>,
}

impl<'a> Sweep<'a> {
    /// Begins a sweep; each message seen is hidden for so many seconds.
    pub(crate) fn new(mailbox: &'a dyn Mailbox, visibility_seconds: u32) -> Self {
        Self { mailbox, visibility_seconds, left: HashMap::new(), taken: HashSet::new() }
    }

    /// Some messages that were not seen before; none once the sweep is over.
    pub(crate) async fn next(&mut self) -> Result<Vec<Received>, QueueError> {
        let (mut empty, mut known) = (0, 0);
        // What is hidden no longer comes again among what is new: so many receives bring all of it once more.
        while empty < EMPTY && known <= EMPTY + self.left.len() / usize::from(MOST_AT_ONCE) {
            let received = self.mailbox.receive(MOST_AT_ONCE, self.visibility_seconds).await?;
            if received.is_empty() {
                empty += 1;
                continue;
            }
            let new = self.remember(received).await;
            if !new.is_empty() {
                return Ok(new);
            }
            (empty, known) = (0, known + 1);
        }
        Ok(Vec::new())
    }

    /// Keeps the receipts of messages and returns those that are new.
    async fn remember(&mut self, received: Vec<Received>) -> Vec<Received> {
        let mut new = Vec::new();
        for message in received {
            if self.taken.contains(&message.message_id) {
                // It was to be deleted and came again. Should this fail too, it comes another time.
                let _ = self.mailbox.delete(&message.receipt).await;
                continue;
            }
            let before = self.left.insert(message.message_id.clone(), message.receipt.clone());
            if before.is_none() {
                new.push(message);
            }
        }
        new
    }

    /// Takes a message that was seen off the queue. It is not made visible again, whether SQS does this or not.
    pub(crate) async fn take(&mut self, message_id: &str) -> Result<(), QueueError> {
        let Some((id, receipt)) = self.left.remove_entry(message_id) else { return Ok(()) };
        self.taken.insert(id);
        self.mailbox.delete(&receipt).await
    }

    /// Makes everything that was left visible again. Returns how much of it stays hidden, until its time is over,
    /// because SQS did not do it.
    pub(crate) async fn put_back(self) -> usize {
        let mailbox = self.mailbox;
        let back = stream::iter(self.left.into_values()).map(|receipt| async move {
            match mailbox.hide(&receipt, 0).await {
                Ok(()) | Err(QueueError::StaleReceipt { .. }) => 0,
                Err(QueueError::Failed { .. }) => 1,
            }
        });
        back.buffer_unordered(AT_A_TIME).fold(0, |all, one| async move { all + one }).await
    }
}
