//! A dead letter as an operator sees it, and the choice among them.

use std::fmt;

use domain::{RecordKey, TenantId};
use jiff::Timestamp;
use platform::{DeadLetter, Envelope, Received};

/// Why a message is on the dead-letter queue.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The poster put it there, with this reason: codes.
    Given(String),
    /// It gives no reason: SQS moved it, after it was received too often.
    MovedBySqs,
}

/// The words under which messages are counted and chosen.
impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Given(reason) => f.write_str(reason),
            Self::MovedBySqs => f.write_str("moved by SQS"),
        }
    }
}

/// A message on the dead-letter queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Whose it is, if that can be read.
    pub tenant: Option<TenantId>,
    /// The record that it is about, if that can be read.
    pub record: Option<RecordKey>,
    /// Why it is there.
    pub reason: Reason,
    /// The id under which its way is found in the logs: its delivery's, else SQS's own.
    pub correlation: String,
    /// How often it was received, each look at the dead-letter queue included.
    pub received: u32,
    /// When it was sent; of a message that SQS moved, when it was sent to the queue of events.
    pub sent_at: Timestamp,
}

impl Letter {
    /// Reads what a received message says of itself: its attributes, else its envelope.
    pub fn read(message: &Received) -> Self {
        let said = |name: &str| message.attributes.get(name);
        let reason = said(DeadLetter::REASON).cloned().map_or(Reason::MovedBySqs, Reason::Given);
        let mut letter = Self {
            tenant: said(DeadLetter::TENANT).and_then(|tenant| tenant.parse().ok()),
            record: said(DeadLetter::RECORD).and_then(|record| record.parse().ok()),
            reason,
            correlation: said(DeadLetter::CORRELATION).unwrap_or(&message.message_id).clone(),
            received: message.receive_count,
            sent_at: message.sent_at,
        };
        if letter.reason == Reason::MovedBySqs {
            letter.open(message);
        }
        letter
    }

    /// SQS moves a message without saying anything of it, so its envelope is asked.
    fn open(&mut self, message: &Received) {
        let Ok(envelope) = Envelope::from_message(&message.body) else { return };
        let bytes = envelope.body.bytes().ok();
        self.record = bytes.map(|bytes| identify::identify(&envelope, &bytes).0);
        self.tenant = Some(envelope.tenant);
        self.correlation = envelope.delivery_id;
    }
}

/// Which dead letters are meant: those that all that is given holds for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selection {
    /// Of this tenant.
    pub tenant: Option<TenantId>,
    /// About this record.
    pub record: Option<RecordKey>,
    /// For a reason that begins like this, as [`Reason`] is shown.
    pub reason: Option<String>,
}

impl Selection {
    /// Whether a dead letter is meant.
    pub fn holds(&self, letter: &Letter) -> bool {
        let reason = letter.reason.to_string();
        self.tenant.as_ref().is_none_or(|tenant| letter.tenant.as_ref() == Some(tenant))
            && self.record.as_ref().is_none_or(|record| letter.record.as_ref() == Some(record))
            && self.reason.as_ref().is_none_or(|prefix| reason.starts_with(prefix.as_str()))
    }
}
