//! The queue between webhook and poster, and the dead-letter queue behind it, as the functions use them.

use std::{collections::BTreeMap, sync::Arc};

use domain::TenantId;

use crate::{Mailbox, Outgoing, QueueError};

/// Why a message goes to the dead-letter queue: what an operator reads without opening the message.
///
/// **Architecture Invariant:** no personal data: codes, ids and keys only.
#[derive(Clone, PartialEq, Eq)]
pub struct DeadLetter {
    /// The message body, unchanged.
    pub message: String,
    /// Whose message it is; empty if that could not be read.
    pub tenant: String,
    /// The record's key; empty if that could not be read.
    pub record: String,
    /// Why, as codes: `rejected: unknown_item ×2`.
    pub reason: String,
    /// The correlation id; empty if that could not be read.
    pub correlation: String,
}

impl DeadLetter {
    /// The attribute that says whose message it is.
    pub const TENANT: &'static str = "tenant";
    /// The attribute that holds the record's key.
    pub const RECORD: &'static str = "record";
    /// The attribute that says why.
    pub const REASON: &'static str = "reason";
    /// The attribute that holds the correlation id.
    pub const CORRELATION: &'static str = "correlation";

    fn into_outgoing(self) -> Outgoing {
        let attributes = [
            (Self::TENANT, self.tenant),
            (Self::RECORD, self.record),
            (Self::REASON, self.reason),
            (Self::CORRELATION, self.correlation),
        ];
        // SQS refuses an attribute without a value.
        let known = attributes.into_iter().filter(|(_, value)| !value.is_empty());
        let attributes: BTreeMap<_, _> = known.map(|(name, value)| (name.to_owned(), value)).collect();
        Outgoing { body: self.message, group: None, attributes, delay_seconds: 0 }
    }
}

/// Bodies hold personal data, so only their length is printed.
impl std::fmt::Debug for DeadLetter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { message, tenant, record, reason, correlation } = self;
        write!(f, "DeadLetter({} bytes, {tenant}, {record}, {reason}, {correlation})", message.len())
    }
}

/// The queue of events and its dead-letter queue. Clones lead to the same queues.
#[derive(Clone)]
pub struct Queues {
    /// From the webhook to the poster.
    pub events: Arc<dyn Mailbox>,
    /// What needs a person.
    pub dead_letters: Arc<dyn Mailbox>,
}

impl Queues {
    /// Puts an envelope on the queue. Returning means that SQS has it.
    pub async fn send(&self, tenant: &TenantId, message: String) -> Result<(), QueueError> {
        self.events.send(Outgoing::event(tenant, message)).await
    }

    /// Hides a received message for some seconds from now (at most [`crate::LONGEST_HIDING`]).
    pub async fn defer(&self, receipt: &str, seconds: u32) -> Result<(), QueueError> {
        self.events.hide(receipt, seconds).await
    }

    /// Puts a received message's body on the queue anew, to be received after some seconds (at most
    /// [`crate::LONGEST_DELAY`]) and with no receives counted: for what only waited and comes near the number of
    /// receives after which SQS gives it up. Once this returns, the message received is to be taken off.
    pub async fn renew(&self, tenant: &TenantId, message: String, seconds: u32) -> Result<(), QueueError> {
        self.events.send(Outgoing { delay_seconds: seconds, ..Outgoing::event(tenant, message) }).await
    }

    /// Takes a received message off the queue. That it comes again after all is harmless.
    pub async fn done(&self, receipt: &str) {
        if let Err(error) = self.events.delete(receipt).await {
            tracing::warn!(%error, "a message that is done with comes again");
        }
    }

    /// Puts a message on the dead-letter queue. Returning means that SQS has it.
    pub async fn bury(&self, letter: DeadLetter) -> Result<(), QueueError> {
        self.dead_letters.send(letter.into_outgoing()).await
    }
}
