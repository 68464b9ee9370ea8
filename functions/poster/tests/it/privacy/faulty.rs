//! A ledger that fails once, at a call by its number, or takes its time.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering::Relaxed},
};

use async_trait::async_trait;
use domain::{Digest, Entry, Record, RecordKey, Status, TenantId};
use jiff::{SignedDuration, Timestamp};
use ledger::{
    Archived, Awaiting, Known, Ledger, LedgerError, Listed, Listing, Memory, Payload, SharedValue,
    StoredMapping, SwapError, WriteError,
};
use platform::HandClock;

pub(crate) struct Faulty {
    kept: Arc<Memory>,
    calls: AtomicUsize,
    failing: usize,
    slow: Option<(Arc<HandClock>, SignedDuration)>,
}

impl Faulty {
    pub(crate) fn failing_at(kept: Arc<Memory>, failing: usize) -> Self {
        Self { kept, calls: AtomicUsize::new(0), failing, slow: None }
    }

    pub(crate) fn slow(kept: Arc<Memory>, clock: Arc<HandClock>, each: SignedDuration) -> Self {
        Self { kept, calls: AtomicUsize::new(0), failing: 0, slow: Some((clock, each)) }
    }

    pub(crate) fn has_failed(&self) -> bool {
        self.calls.load(Relaxed) >= self.failing
    }

    fn call(&self) -> Result<(), LedgerError> {
        let call = self.calls.fetch_add(1, Relaxed) + 1;
        if let Some((clock, each)) = &self.slow {
            clock.advance(each.as_secs());
        }
        if call == self.failing {
            return Err(LedgerError::Unavailable { what: "a call".into(), cause: "simulated".into() });
        }
        Ok(())
    }
}

#[async_trait]
impl Ledger for Faulty {
    async fn record(&self, key: &RecordKey) -> Result<Option<Record>, LedgerError> {
        self.call()?;
        self.kept.record(key).await
    }

    async fn write(&self, record: Record) -> Result<Record, WriteError> {
        self.call()?;
        self.kept.write(record).await
    }

    async fn trail(&self, record: &Record) -> Result<Vec<Entry>, LedgerError> {
        self.kept.trail(record).await
    }

    async fn due(&self, of: Awaiting, now: Timestamp, limit: usize) -> Result<Vec<RecordKey>, LedgerError> {
        self.kept.due(of, now, limit).await
    }

    async fn list(&self, tenant: &TenantId, of: Status, how: Listing) -> Result<Vec<Listed>, LedgerError> {
        self.call()?;
        self.kept.list(tenant, of, how).await
    }

    async fn find_by_name(&self, tenant: &TenantId, name: &str) -> Result<Vec<RecordKey>, LedgerError> {
        self.kept.find_by_name(tenant, name).await
    }

    async fn known(&self, tenant: &TenantId, how: Listing) -> Result<Vec<Known>, LedgerError> {
        self.kept.known(tenant, how).await
    }

    async fn known_of(&self, keys: &[RecordKey]) -> Result<Vec<Known>, LedgerError> {
        self.kept.known_of(keys).await
    }

    async fn archive(&self, key: &RecordKey, payload: &Payload) -> Result<(), LedgerError> {
        self.call()?;
        self.kept.archive(key, payload).await
    }

    async fn payload(&self, key: &RecordKey, body: &Digest) -> Result<Option<Payload>, LedgerError> {
        self.call()?;
        self.kept.payload(key, body).await
    }

    async fn payloads(&self, key: &RecordKey) -> Result<Vec<Archived>, LedgerError> {
        self.call()?;
        self.kept.payloads(key).await
    }

    async fn erase_payload(&self, key: &RecordKey, body: &Digest) -> Result<(), LedgerError> {
        self.call()?;
        self.kept.erase_payload(key, body).await
    }

    async fn remove(&self, key: &RecordKey, version: u64) -> Result<(), WriteError> {
        self.call()?;
        self.kept.remove(key, version).await
    }

    async fn push_mapping(
        &self,
        tenant: &TenantId,
        text: &str,
        by: &str,
        now: Timestamp,
    ) -> Result<Digest, LedgerError> {
        self.kept.push_mapping(tenant, text, by, now).await
    }

    async fn mapping(&self, tenant: &TenantId) -> Result<Option<StoredMapping>, LedgerError> {
        self.kept.mapping(tenant).await
    }

    async fn shared(&self, client: &Digest, name: &str) -> Result<Option<SharedValue>, LedgerError> {
        self.call()?;
        self.kept.shared(client, name).await
    }

    async fn swap_shared(
        &self,
        client: &Digest,
        name: &str,
        before: u64,
        value: &str,
    ) -> Result<u64, SwapError> {
        self.call()?;
        self.kept.swap_shared(client, name, before, value).await
    }
}
