//! The contract that every ledger keeps.

use async_trait::async_trait;
use domain::{Digest, Entry, Record, RecordKey, State, Status, TenantId};
use jiff::Timestamp;

use crate::{LedgerError, SharedValue, SwapError, WriteError};

/// The signed bytes of one delivery, as they travelled.
#[derive(Clone, PartialEq, Eq)]
pub struct Payload {
    /// Digest of the signed bytes before compression: the payload's name within its record.
    pub body: Digest,
    /// LZ4 frame of the signed bytes. Whoever unpacks it checks `body`.
    pub compressed: Vec<u8>,
    /// The source's topic.
    pub topic: String,
    /// The version of the source's API that shaped the bytes; empty where the source names none.
    pub api_version: String,
    /// When the webhook accepted it. The retention counts from here.
    pub received_at: Timestamp,
}

/// Payloads hold personal data, so only their measure is printed.
impl std::fmt::Debug for Payload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Payload({:?}, {}, {} bytes compressed)", self.body, self.topic, self.compressed.len())
    }
}

/// A payload in a listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Archived {
    /// Digest of the signed bytes: the payload's name within its record.
    pub body: Digest,
    /// When the webhook accepted it.
    pub received_at: Timestamp,
}

/// Which records of a status to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listing {
    /// Received at this time or later.
    pub since: Option<Timestamp>,
    /// Received at this time or earlier.
    pub until: Option<Timestamp>,
    /// At most so many, the newest.
    pub limit: usize,
}

impl Listing {
    /// The newest records of any time.
    pub const fn newest(limit: usize) -> Self {
        Self { since: None, until: None, limit }
    }
}

/// What records are looked at again for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Awaiting {
    /// CloudSuite took it; is it really there?
    Confirmation,
    /// It is in doubt, or was begun again, and nobody came back for it.
    Settlement,
}

impl Awaiting {
    /// What a record in this state awaits, if it awaits anything.
    pub fn of(state: &State) -> Self {
        match state {
            State::Posted | State::Failed { .. } => Self::Confirmation,
            _ => Self::Settlement,
        }
    }
}

/// A record in a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its key.
    pub key: RecordKey,
    /// The name that people use for it; empty where there is none.
    pub name: String,
    /// When the first delivery about it was accepted.
    pub received_at: Timestamp,
}

/// What the ledger knows of a record, for comparison with its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Its key.
    pub key: RecordKey,
    /// When the source changed what it is about, as the newest delivery said; nothing if none said so.
    pub updated_at: Option<Timestamp>,
    /// Digest of the body that was last taken in; nothing where it comes from [`Ledger::known`], whose index does not
    /// have it.
    pub body: Option<Digest>,
}

/// A version of a tenant's mapping file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredMapping {
    /// Digest of the text.
    pub version: Digest,
    /// The file, as it was pushed.
    pub text: String,
}

/// Where records, trails, payloads and mapping files are kept.
#[async_trait]
pub trait Ledger: Send + Sync {
    /// The record as last written, by a strongly consistent read.
    async fn record(&self, key: &RecordKey) -> Result<Option<Record>, LedgerError>;

    /// Writes a record on top of the version before it, and returns it as it is now stored: times in whole
    /// milliseconds, over-long texts cut, old entries of the trail moved to pages. Go on from that one.
    ///
    /// One write adds at most 8 entries, so that two writers on the same version page the same entries.
    async fn write(&self, record: Record) -> Result<Record, WriteError>;

    /// The whole trail of a record, pages included, oldest first.
    async fn trail(&self, record: &Record) -> Result<Vec<Entry>, LedgerError>;

    /// The records that are to be looked at by now for this, the longest due first. Eventually consistent: read
    /// the record before acting on it.
    async fn due(
        &self,
        awaiting: Awaiting,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<RecordKey>, LedgerError>;

    /// The records of a tenant in a status, newest first. Eventually consistent.
    async fn list(
        &self,
        tenant: &TenantId,
        status: Status,
        listing: Listing,
    ) -> Result<Vec<Listed>, LedgerError>;

    /// The records that people call by this name, newest first within each status. Bounded: it looks at the
    /// newest records of each status and fails rather than call a name unknown that it did not look for.
    async fn find_by_name(&self, tenant: &TenantId, name: &str) -> Result<Vec<RecordKey>, LedgerError>;

    /// What is known of a tenant's records that were first received in the listing's time: up to its limit of each
    /// status, the newest. In no order, and twice where a record's status changes meanwhile. Eventually consistent:
    /// what is not here, or looks older than its source, may be there: ask [`Self::known_of`]. Costs half a read
    /// unit for about 25 records.
    async fn known(&self, tenant: &TenantId, listing: Listing) -> Result<Vec<Known>, LedgerError>;

    /// What is known of these records; each once, and those that the ledger does not have left out. In no order. Eventually
    /// consistent. Costs half a read unit for each record of up to 4 KB.
    async fn known_of(&self, keys: &[RecordKey]) -> Result<Vec<Known>, LedgerError>;

    /// Keeps the signed bytes of a delivery. The same bytes again change nothing.
    async fn archive(&self, key: &RecordKey, payload: &Payload) -> Result<(), LedgerError>;

    /// The signed bytes whose digest is `body`; nothing once DynamoDB deleted them after their retention.
    async fn payload(&self, key: &RecordKey, body: &Digest) -> Result<Option<Payload>, LedgerError>;

    /// Every payload that is archived of a record, also what was archived in part only. Strongly consistent.
    async fn payloads(&self, key: &RecordKey) -> Result<Vec<Archived>, LedgerError>;

    /// Erases a payload. One that is not there is erased already.
    async fn erase_payload(&self, key: &RecordKey, body: &Digest) -> Result<(), LedgerError>;

    /// Removes a record with its whole trail, if this is still its version (0: there is none, but the pages of its
    /// trail may have been left behind). One that is not there is removed already. Its payloads stay.
    async fn remove(&self, key: &RecordKey, version: u64) -> Result<(), WriteError>;

    /// Keeps a mapping file and makes it the tenant's active one; `by` names who pushed it.
    async fn push_mapping(
        &self,
        tenant: &TenantId,
        text: &str,
        by: &str,
        now: Timestamp,
    ) -> Result<Digest, LedgerError>;

    /// The tenant's active mapping file.
    async fn mapping(&self, tenant: &TenantId) -> Result<Option<StoredMapping>, LedgerError>;

    /// A value that all instances share about a client of CloudSuite, by a strongly consistent read; `client` is a
    /// digest of what identifies the client.
    async fn shared(&self, client: &Digest, name: &str) -> Result<Option<SharedValue>, LedgerError>;

    /// Puts a shared value of at most 16 KiB on top of version `before` (0: there is none) and returns its new
    /// version. Of several swaps on one version exactly one succeeds.
    async fn swap_shared(
        &self,
        client: &Digest,
        name: &str,
        before: u64,
        value: &str,
    ) -> Result<u64, SwapError>;
}
