//! The queue in memory, for tests and simulations: times by an injected clock, deliveries by a [`Picker`].
//!
//! It is as strict as SQS where SQS is strict (sizes, receipts), and keeps everything until it is deleted:
//! retention is not played.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

use super::{
    LONGEST_DELAY, LONGEST_HIDING, MOST_AT_ONCE, Mailbox, OldestFirst, Outgoing, Pick, Picker, QueueError,
    Received,
};
use crate::{Clock, LARGEST_MESSAGE};

/// The most attributes of one message (AWS, SQS message metadata).
const MOST_ATTRIBUTES: usize = 10;

/// A queue in memory.
pub struct MemoryMailbox {
    name: &'static str,
    clock: Arc<dyn Clock>,
    picker: Arc<dyn Picker>,
    redrive: Option<Redrive>,
    down: AtomicBool,
    kept: Mutex<Kept>,
}

/// What becomes of a message that is received and received and never deleted.
struct Redrive {
    max_receive_count: u32,
    to: Arc<MemoryMailbox>,
}

#[derive(Default)]
struct Kept {
    /// Oldest first.
    messages: Vec<KeptMessage>,
    sent: u64,
    receipts: u64,
}

/// A message as the twin keeps it.
#[derive(Clone, PartialEq, Eq)]
pub struct KeptMessage {
    /// What it says.
    pub body: String,
    /// The attributes that it was sent with.
    pub attributes: BTreeMap<String, String>,
    /// Whose message it is.
    pub group: Option<String>,
    /// When it was sent.
    pub sent_at: Timestamp,
    /// From when on a receive may bring it.
    pub visible_at: Timestamp,
    /// How often it was received.
    pub receive_count: u32,
    /// The queue that it was sent to, and its number there.
    id: (&'static str, u64),
    /// The number of the latest receipt; 0 before the first receive.
    receipt: u64,
}

impl MemoryMailbox {
    /// An empty queue. The name distinguishes its messages from those of other queues.
    pub fn new(name: &'static str, clock: Arc<dyn Clock>) -> Self {
        let (picker, kept) = (Arc::new(OldestFirst), Mutex::default());
        Self { name, clock, picker, redrive: None, down: AtomicBool::new(false), kept }
    }

    /// The queue, with its deliveries chosen by somebody.
    #[must_use]
    pub fn picking(self, picker: Arc<dyn Picker>) -> Self {
        Self { picker, ..self }
    }

    /// The queue, moving a message to another once it was received so often (SQS: `maxReceiveCount`) and would be
    /// received again.
    #[must_use]
    pub fn giving_up_after(self, max_receive_count: u32, to: Arc<MemoryMailbox>) -> Self {
        Self { redrive: Some(Redrive { max_receive_count, to }), ..self }
    }

    /// Every message that is there, hidden ones included, oldest first.
    pub fn messages(&self) -> Vec<KeptMessage> {
        self.kept().messages.clone()
    }

    /// Takes everything off the queue.
    pub fn clear(&self) {
        self.kept().messages.clear();
    }

    /// Whether every call fails from now on.
    pub fn set_down(&self, down: bool) {
        self.down.store(down, Relaxed);
    }

    /// A poisoned lock only means that a test panicked elsewhere; what is kept is whole after each call.
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn up(&self, what: &'static str) -> Result<(), QueueError> {
        if self.down.load(Relaxed) {
            return Err(QueueError::Failed { what, why: "it is down".to_owned() });
        }
        Ok(())
    }

    /// A message that SQS moves here: its id, its receives and the time it was sent at stay (AWS, SQS dead-letter
    /// queues).
    fn take_over(&self, message: KeptMessage) {
        self.kept().messages.push(message);
    }
}

impl Kept {
    /// Gives out the messages picked, and takes out those that were received too often.
    fn give(
        &mut self,
        picks: &[(usize, bool)],
        hidden_until: Timestamp,
        redrive: Option<&Redrive>,
    ) -> (Vec<Received>, Vec<KeptMessage>) {
        let is_spent =
            |message: &KeptMessage| redrive.is_some_and(|to| message.receive_count >= to.max_receive_count);
        let (mut given, mut spent) = (Vec::new(), Vec::new());
        for &(place, twice) in picks {
            let message = &mut self.messages[place];
            if is_spent(message) {
                spent.push(place);
                continue;
            }
            self.receipts += 1;
            message.receipt = self.receipts;
            message.receive_count += 1;
            if !twice {
                message.visible_at = hidden_until;
            }
            given.push(message.received());
        }
        spent.sort_unstable();
        spent.dedup();
        let moved = spent.into_iter().rev().map(|place| self.messages.remove(place)).collect();
        (given, moved)
    }

    /// The place of the message that this is the latest receipt of.
    fn place_of(&self, receipt: &str) -> Option<usize> {
        self.messages.iter().position(|message| message.receipt != 0 && message.receipt() == receipt)
    }
}

impl KeptMessage {
    /// SQS's id of the message.
    pub fn message_id(&self) -> String {
        let (queue, number) = self.id;
        format!("{queue}-{number}")
    }

    fn receipt(&self) -> String {
        let (queue, number) = self.id;
        format!("{queue}-{number}-r{}", self.receipt)
    }

    fn received(&self) -> Received {
        Received {
            message_id: self.message_id(),
            receipt: self.receipt(),
            body: self.body.clone(),
            attributes: self.attributes.clone(),
            receive_count: self.receive_count,
            group: self.group.clone(),
            sent_at: self.sent_at,
        }
    }
}

/// Bodies hold personal data, so only their length is printed.
impl fmt::Debug for KeptMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (id, bytes) = (self.message_id(), self.body.len());
        let Self { attributes, visible_at, receive_count, .. } = self;
        write!(f, "KeptMessage({id}, {bytes} bytes, {attributes:?}, {receive_count}×, from {visible_at})")
    }
}

#[async_trait]
impl Mailbox for MemoryMailbox {
    async fn send(&self, message: Outgoing) -> Result<(), QueueError> {
        const WHAT: &str = "take the message";
        self.up(WHAT)?;
        check(&message).map_err(|why| QueueError::Failed { what: WHAT, why: why.to_owned() })?;
        let now = self.clock.now();
        let mut kept = self.kept();
        kept.sent += 1;
        let id = (self.name, kept.sent);
        kept.messages.push(KeptMessage {
            body: message.body,
            attributes: message.attributes,
            group: message.group,
            sent_at: now,
            visible_at: after(now, message.delay_seconds.min(LONGEST_DELAY)),
            receive_count: 0,
            id,
            receipt: 0,
        });
        Ok(())
    }

    async fn receive(&self, most: u8, visibility_seconds: u32) -> Result<Vec<Received>, QueueError> {
        self.up("give messages")?;
        let (now, most) = (self.clock.now(), usize::from(most.clamp(1, MOST_AT_ONCE)));
        let hidden_until = after(now, visibility_seconds.min(LONGEST_HIDING));
        let (given, spent) = {
            let mut kept = self.kept();
            let picks = picked(&*self.picker, &kept.messages, now, most);
            kept.give(&picks, hidden_until, self.redrive.as_ref())
        };
        if let Some(redrive) = &self.redrive {
            spent.into_iter().rev().for_each(|message| redrive.to.take_over(message));
        }
        Ok(given)
    }

    async fn hide(&self, receipt: &str, seconds: u32) -> Result<(), QueueError> {
        const WHAT: &str = "hide the message";
        self.up(WHAT)?;
        let now = self.clock.now();
        let mut kept = self.kept();
        match kept.place_of(receipt).map(|place| &mut kept.messages[place]) {
            Some(message) if message.visible_at > now => {
                message.visible_at = after(now, seconds.min(LONGEST_HIDING));
                Ok(())
            }
            _ => Err(QueueError::StaleReceipt { what: WHAT }),
        }
    }

    async fn delete(&self, receipt: &str) -> Result<(), QueueError> {
        self.up("delete the message")?;
        let mut kept = self.kept();
        if let Some(place) = kept.place_of(receipt) {
            kept.messages.remove(place);
        }
        Ok(())
    }

    async fn approximate_depth(&self) -> Result<u64, QueueError> {
        self.up("count its messages")?;
        Ok(self.kept().messages.len() as u64)
    }
}

/// The places, among all messages, of what a picker picked among the visible ones.
fn picked(picker: &dyn Picker, messages: &[KeptMessage], now: Timestamp, most: usize) -> Vec<(usize, bool)> {
    let (places, visible): (Vec<_>, Vec<_>) =
        messages.iter().enumerate().filter(|(_, message)| message.visible_at <= now).unzip();
    let picks = picker.pick(&visible, most).into_iter().take(most);
    picks.filter_map(|Pick { place, twice }| Some((*places.get(place)?, twice))).collect()
}

/// What SQS refuses, in its words (AWS, `SendMessage`; SQS quotas).
fn check(message: &Outgoing) -> Result<(), &'static str> {
    // A data type counts to the size as well; ours is always the same.
    let size_of = |(name, value): (&String, &String)| name.len() + "String".len() + value.len();
    let size = message.body.len() + message.attributes.iter().map(size_of).sum::<usize>();
    if message.body.is_empty() || message.attributes.values().any(String::is_empty) {
        return Err("MissingParameter");
    }
    if size > LARGEST_MESSAGE || message.attributes.len() > MOST_ATTRIBUTES {
        return Err("InvalidParameterValue");
    }
    Ok(())
}

fn after(now: Timestamp, seconds: u32) -> Timestamp {
    now.checked_add(SignedDuration::from_secs(i64::from(seconds))).unwrap_or(Timestamp::MAX)
}
