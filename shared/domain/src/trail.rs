//! The trail: what happened to a record, entry by entry, only ever added to.

use std::fmt;

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// SHA-256 of some bytes: of the signed body, of a document, of a mapping file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// From 32 bytes; nothing for another length.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// From 64 hexadecimal characters; nothing for another text.
    pub fn from_hex(text: &str) -> Option<Self> {
        Self::from_bytes(&HEXLOWER.decode(text.as_bytes()).ok()?)
    }

    /// The first 12 hexadecimal characters: enough for people.
    pub fn short(&self) -> String {
        HEXLOWER.encode(&self.0[..6])
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.short())
    }
}

/// What an entry tells. The words are stable: they are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// A delivery was claimed by a worker.
    Received,
    /// A delivery was the same as one before.
    Duplicate,
    /// A delivery says nothing that CloudSuite would see.
    Unchanged,
    /// A delivery was older than what the record already holds.
    Stale,
    /// The documents stand; nothing was sent yet.
    Planned,
    /// Writing to CloudSuite begins or goes on at the step named.
    Posting,
    /// CloudSuite took it; not yet confirmed.
    Posted,
    /// It was asked for and is not there yet, or not settled.
    Checked,
    /// It is really there.
    Confirmed,
    /// Nothing was to be done, for the reason named.
    Skipped,
    /// It cannot be posted as it is; the findings say why.
    Rejected,
    /// It has to wait.
    Waiting,
    /// Nobody knows whether the last write arrived.
    InDoubt,
    /// CloudSuite was asked what it has of it; the detail says what.
    Found,
    /// It was tried as often as is allowed.
    Exhausted,
    /// CloudSuite refused it after taking it.
    Failed,
    /// What CloudSuite had was brought to what the source has, by the changes named.
    Amended,
    /// CloudSuite has it otherwise than the source, and only a person can change that.
    NeedsReview,
    /// It was cancelled in CloudSuite.
    Cancelled,
    /// It was fetched from the source, because what was delivered does not hold it.
    Fetched,
    /// Not confirmed within the time allowed.
    Overdue,
    /// Its archived delivery was sent down its way again, by whom the detail names.
    Replayed,
    /// Its message was moved from the dead-letter queue back to the queue, by whom the detail names.
    Redriven,
    /// Personal data of it was erased, because the source asked for that; the detail counts.
    Erased,
    /// The data that a customer asked for was exported, by whom the detail names.
    Exported,
    /// The app was removed from the shop.
    Uninstalled,
    /// The shop has the app again, as the person says whom the detail names.
    Installed,
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

/// One entry of a record's trail.
///
/// **Architecture Invariant:** no entry holds personal data; `detail` names codes, numbers and ids only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When it happened, by the clock of the instance that wrote it.
    pub at: Timestamp,
    /// What happened.
    pub event: Event,
    /// The rest, for people: an id, a step, a number, a version. May be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
}
