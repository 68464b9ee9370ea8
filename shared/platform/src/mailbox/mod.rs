//! One queue, as SQS has it: standard, so a message comes at least once and in any order.
//!
//! [`SqsMailbox`] is the real one, [`MemoryMailbox`] its twin: both pass the same tests (`tests/it`). A mailbox
//! knows messages, receipts and times; it must never look into a body.
//!
//! The rules are those of the SQS developer guide (visibility time-out, dead-letter queues) and of the API
//! reference of `ReceiveMessage`, `ChangeMessageVisibility` and `DeleteMessage`.

mod memory;
mod picker;
mod sqs;

use std::{collections::BTreeMap, fmt};

use async_trait::async_trait;
use domain::TenantId;
use jiff::Timestamp;

pub use memory::{KeptMessage, MemoryMailbox};
pub use picker::{OldestFirst, Pick, Picker};
pub use sqs::SqsMailbox;

/// The longest that a message is hidden, in seconds: 12 hours (AWS, SQS quotas).
pub const LONGEST_HIDING: u32 = 43_200;
/// The longest that a message is held back when it is sent, in seconds (AWS, SQS quotas).
pub const LONGEST_DELAY: u32 = 900;
/// The most messages that one receive brings (AWS, `ReceiveMessage`).
pub const MOST_AT_ONCE: u8 = 10;

/// Why a queue did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QueueError {
    /// The receipt does nothing any more: its message is gone, visible again, or received anew by somebody.
    #[error("SQS did not {what}: its receipt is of an earlier receive; whoever receives it next goes on")]
    StaleReceipt {
        /// What was to be done.
        what: &'static str,
    },
    /// SQS did not do it, or nobody knows whether it did. The same call may succeed later.
    #[error("SQS did not {what}: {why}")]
    Failed {
        /// What was to be done.
        what: &'static str,
        /// What SQS said, as a code.
        why: String,
    },
}

/// A message to be sent.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Outgoing {
    /// What it says. With its attributes at most [`crate::LARGEST_MESSAGE`] bytes, and never empty.
    pub body: String,
    /// Whose message it is: it makes a standard queue fair between groups and orders nothing.
    pub group: Option<String>,
    /// What an operator reads without opening it: at most ten, none empty, no personal data.
    pub attributes: BTreeMap<String, String>,
    /// For how long nobody receives it, in seconds: at most [`LONGEST_DELAY`], more is taken for that.
    pub delay_seconds: u32,
}

impl Outgoing {
    /// An envelope of a tenant, to be received at once.
    pub fn event(tenant: &TenantId, body: String) -> Self {
        Self { body, group: Some(tenant.to_string()), attributes: BTreeMap::new(), delay_seconds: 0 }
    }
}

/// A message as one receive brought it.
#[derive(Clone, PartialEq, Eq)]
pub struct Received {
    /// SQS's id of the message. It stays through receives and through SQS's own move to a dead-letter queue; a
    /// message that is sent anew has another.
    pub message_id: String,
    /// What this receive gave: the right to hide and delete the message until it is received again.
    pub receipt: String,
    /// What it says.
    pub body: String,
    /// The attributes that it was sent with.
    pub attributes: BTreeMap<String, String>,
    /// How often it was received, this time and, if SQS moved it here, its former queue included.
    pub receive_count: u32,
    /// Whose message it is.
    pub group: Option<String>,
    /// When it was sent. SQS's move to a dead-letter queue does not change it.
    pub sent_at: Timestamp,
}

/// Bodies hold personal data, so only their length is printed.
impl fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { body, group, attributes, delay_seconds } = self;
        write!(f, "Outgoing({} bytes, {group:?}, {attributes:?}, delayed {delay_seconds} s)", body.len())
    }
}

/// Bodies hold personal data, so only their length is printed.
impl fmt::Debug for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { message_id, body, attributes, receive_count, group, .. } = self;
        write!(f, "Received({message_id}, {} bytes, {group:?}, {attributes:?}, {receive_count}×)", body.len())
    }
}

/// A queue.
#[async_trait]
pub trait Mailbox: Send + Sync {
    /// Puts a message on the queue. Returning means that SQS has it; after an error it may have it all the same.
    async fn send(&self, message: Outgoing) -> Result<(), QueueError>;

    /// Receives up to `most` messages (1 to [`MOST_AT_ONCE`]) and hides them for some seconds (at most
    /// [`LONGEST_HIDING`]). Fewer, even none, may come while more are there.
    async fn receive(&self, most: u8, visibility_seconds: u32) -> Result<Vec<Received>, QueueError>;

    /// Hides a received message for some seconds from now (at most [`LONGEST_HIDING`]); 0 brings it back.
    async fn hide(&self, receipt: &str, seconds: u32) -> Result<(), QueueError>;

    /// Deletes a received message. A receipt of an earlier receive deletes nothing, and SQS may not say so.
    async fn delete(&self, receipt: &str) -> Result<(), QueueError>;

    /// About how many messages are there: visible, hidden and held back.
    async fn approximate_depth(&self) -> Result<u64, QueueError>;
}
