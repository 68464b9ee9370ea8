//! The ledger as one instance sees it.

use std::{collections::BTreeSet, sync::Arc};

use async_trait::async_trait;
use domain::{Digest, Entry, Record, RecordKey, Status, TenantId};
use jiff::Timestamp;
use ledger::{
    Archived, Awaiting, Known, Ledger, LedgerError, Listed, Listing, Memory, Payload, SharedValue,
    StoredMapping, SwapError, WriteError,
};

use crate::{Fault, Instance};

/// The ledger that all instances share, as one of them sees it.
pub(crate) struct SimLedger {
    /// What is kept.
    pub(crate) kept: Arc<Memory>,
    /// Who sees it.
    pub(crate) instance: Arc<Instance>,
    /// Bodies that end whatever process takes them in.
    pub(crate) poison: Arc<BTreeSet<Digest>>,
}

impl SimLedger {
    async fn step<T, E: From<LedgerError>>(
        &self,
        what: &str,
        call: impl Future<Output = Result<T, E>> + Send,
    ) -> Result<T, E> {
        let instance = &self.instance;
        instance.point(what).await;
        let (named, cause) = (what.to_owned(), "simulated".to_owned());
        if instance.strikes(Fault::LedgerThrottled, what) {
            return Err(LedgerError::Throttled { what: named, cause }.into());
        }
        if instance.strikes(Fault::LedgerDown, what) {
            return Err(LedgerError::Unavailable { what: named, cause }.into());
        }
        let answer = call.await;
        instance.point(what).await;
        if answer.is_ok() && instance.strikes(Fault::LedgerAnswerLost, what) {
            return Err(LedgerError::Unavailable { what: named, cause }.into());
        }
        answer
    }
}

#[async_trait]
impl Ledger for SimLedger {
    async fn record(&self, key: &RecordKey) -> Result<Option<Record>, LedgerError> {
        self.step("read a record", self.kept.record(key)).await
    }

    async fn write(&self, record: Record) -> Result<Record, WriteError> {
        let told = record.trail.last().cloned();
        let name = format!("write {} v{} {}", record.key, record.version, record.state.word());
        let write = async {
            let written = self.kept.write(record).await;
            self.instance.say(|| {
                let told = told.map(|entry| format!("{} {}", entry.event, entry.detail)).unwrap_or_default();
                let how = match &written {
                    Ok(_) => "done",
                    Err(WriteError::Conflict(_)) => "conflict",
                    Err(WriteError::Ledger(_)) => "failed",
                };
                format!("{name} [{told}]: {how}")
            });
            written
        };
        let written = self.step("write a record", write).await;
        self.instance.freezing_point("a record was written").await;
        written
    }

    async fn trail(&self, record: &Record) -> Result<Vec<Entry>, LedgerError> {
        self.step("read a trail", self.kept.trail(record)).await
    }

    async fn due(
        &self,
        awaiting: Awaiting,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<RecordKey>, LedgerError> {
        let mut due = self.step("list what is due", self.kept.due(awaiting, now, limit)).await?;
        due.retain(|key| !self.instance.strikes(Fault::IndexLags, &key.to_string()));
        Ok(due)
    }

    async fn list(
        &self,
        tenant: &TenantId,
        status: Status,
        listing: Listing,
    ) -> Result<Vec<Listed>, LedgerError> {
        self.step("list records", self.kept.list(tenant, status, listing)).await
    }

    async fn find_by_name(&self, tenant: &TenantId, name: &str) -> Result<Vec<RecordKey>, LedgerError> {
        self.step("find by name", self.kept.find_by_name(tenant, name)).await
    }

    async fn known(&self, tenant: &TenantId, listing: Listing) -> Result<Vec<Known>, LedgerError> {
        self.step("list what is known", self.kept.known(tenant, listing)).await
    }

    async fn known_of(&self, keys: &[RecordKey]) -> Result<Vec<Known>, LedgerError> {
        self.step("read what is known", self.kept.known_of(keys)).await
    }

    async fn archive(&self, key: &RecordKey, payload: &Payload) -> Result<(), LedgerError> {
        if self.poison.contains(&payload.body) {
            self.instance.end("a poison message");
        }
        self.step("archive a payload", self.kept.archive(key, payload)).await
    }

    async fn payload(&self, key: &RecordKey, body: &Digest) -> Result<Option<Payload>, LedgerError> {
        self.step("read a payload", self.kept.payload(key, body)).await
    }

    async fn payloads(&self, key: &RecordKey) -> Result<Vec<Archived>, LedgerError> {
        self.step("list payloads", self.kept.payloads(key)).await
    }

    async fn erase_payload(&self, key: &RecordKey, body: &Digest) -> Result<(), LedgerError> {
        self.step("erase a payload", self.kept.erase_payload(key, body)).await
    }

    async fn remove(&self, key: &RecordKey, version: u64) -> Result<(), WriteError> {
        self.step("remove a record", self.kept.remove(key, version)).await
    }

    async fn push_mapping(
        &self,
        tenant: &TenantId,
        text: &str,
        by: &str,
        now: Timestamp,
    ) -> Result<Digest, LedgerError> {
        self.step("push a mapping", self.kept.push_mapping(tenant, text, by, now)).await
    }

    async fn mapping(&self, tenant: &TenantId) -> Result<Option<StoredMapping>, LedgerError> {
        self.step("read the mapping", self.kept.mapping(tenant)).await
    }

    async fn shared(&self, client: &Digest, name: &str) -> Result<Option<SharedValue>, LedgerError> {
        self.step("read a shared value", self.kept.shared(client, name)).await
    }

    async fn swap_shared(
        &self,
        client: &Digest,
        name: &str,
        before: u64,
        value: &str,
    ) -> Result<u64, SwapError> {
        self.step("swap a shared value", self.kept.swap_shared(client, name, before, value)).await
    }
}
