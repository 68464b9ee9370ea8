//! The ledger in memory: for tests and simulations. It keeps everything and loses it with the process.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use domain::{Digest, Entry, Record, RecordKey, Status, TenantId};
use jiff::Timestamp;

use crate::{
    Archived, Awaiting, Known, Ledger, LedgerError, Listed, Listing, Payload, SharedValue, StoredMapping,
    SwapError, WriteError,
    fit::{Page, check_mapping, check_payload, fit, whole},
    shared::check_shared,
};

/// A ledger in memory.
#[derive(Debug, Default)]
pub struct Memory {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    records: BTreeMap<RecordKey, Record>,
    pages: BTreeMap<RecordKey, Vec<Page>>,
    payloads: BTreeMap<(RecordKey, Digest), Payload>,
    mappings: BTreeMap<TenantId, StoredMapping>,
    shared: BTreeMap<(Digest, String), SharedValue>,
}

impl Memory {
    /// A poisoned lock only means that a test panicked elsewhere; what is kept is whole after each call.
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Every record, by key: for assertions over a whole simulation.
    pub fn records(&self) -> Vec<Record> {
        self.kept().records.values().cloned().collect()
    }

    /// Every payload with its record's key: for assertions over all that is kept.
    pub fn archived(&self) -> Vec<(RecordKey, Payload)> {
        let kept = self.kept();
        kept.payloads.iter().map(|((key, _), payload)| (key.clone(), payload.clone())).collect()
    }

    /// Every shared value's text: for assertions over all that is kept.
    pub fn shared_values(&self) -> Vec<String> {
        self.kept().shared.values().map(|shared| shared.value.clone()).collect()
    }
}

#[async_trait]
impl Ledger for Memory {
    async fn record(&self, key: &RecordKey) -> Result<Option<Record>, LedgerError> {
        Ok(self.kept().records.get(key).cloned())
    }

    async fn write(&self, record: Record) -> Result<Record, WriteError> {
        let mut kept = self.kept();
        let stored = kept.records.get(&record.key);
        if stored.map_or(0, |stored| stored.version) + 1 != record.version {
            return Err(WriteError::Conflict(stored.cloned().map(Box::new)));
        }
        let (pages, record) = fit(record);
        kept.pages.entry(record.key.clone()).or_default().extend(pages);
        kept.records.insert(record.key.clone(), record.clone());
        Ok(record)
    }

    async fn trail(&self, record: &Record) -> Result<Vec<Entry>, LedgerError> {
        let kept = self.kept();
        let pages = kept.pages.get(&record.key).map(Vec::as_slice).unwrap_or_default();
        let moved = pages.iter().filter(|page| page.first < record.paged).flat_map(|page| &page.entries);
        Ok(moved.chain(&record.trail).cloned().collect())
    }

    async fn due(
        &self,
        awaiting: Awaiting,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<RecordKey>, LedgerError> {
        let kept = self.kept();
        let records = kept.records.values().filter(|record| Awaiting::of(&record.state) == awaiting);
        let waiting = records.filter_map(|record| Some((record.next_check?, &record.key)));
        let mut due: Vec<_> = waiting.filter(|(next_check, _)| *next_check <= now).collect();
        due.sort();
        Ok(due.into_iter().take(limit).map(|(_, key)| key.clone()).collect())
    }

    async fn list(
        &self,
        tenant: &TenantId,
        status: Status,
        listing: Listing,
    ) -> Result<Vec<Listed>, LedgerError> {
        let (since, until) = (listing.since.map(whole), listing.until.map(whole));
        let mut listed = listed(&self.kept(), tenant, status);
        listed.retain(|one| since.is_none_or(|since| one.received_at >= since));
        listed.retain(|one| until.is_none_or(|until| one.received_at <= until));
        listed.truncate(listing.limit);
        Ok(listed)
    }

    async fn find_by_name(&self, tenant: &TenantId, name: &str) -> Result<Vec<RecordKey>, LedgerError> {
        let kept = self.kept();
        let all = Status::ALL.into_iter().flat_map(|status| listed(&kept, tenant, status));
        Ok(all.filter(|one| one.name == name).map(|one| one.key).collect())
    }

    async fn known(&self, tenant: &TenantId, listing: Listing) -> Result<Vec<Known>, LedgerError> {
        let mut keys = Vec::new();
        for status in Status::ALL {
            keys.extend(self.list(tenant, status, listing).await?.into_iter().map(|listed| listed.key));
        }
        let known = self.known_of(&keys).await?;
        Ok(known.into_iter().map(|known| Known { body: None, ..known }).collect())
    }

    async fn known_of(&self, keys: &[RecordKey]) -> Result<Vec<Known>, LedgerError> {
        let kept = self.kept();
        let keys = keys.iter().collect::<BTreeSet<_>>();
        let records = keys.into_iter().filter_map(|key| kept.records.get(key));
        let known = records.map(|record| {
            let (key, updated_at) = (record.key.clone(), record.updated_at);
            Known { key, updated_at, body: Some(record.body) }
        });
        Ok(known.collect())
    }

    async fn archive(&self, key: &RecordKey, payload: &Payload) -> Result<(), LedgerError> {
        check_payload(key, payload)?;
        let payload = Payload { received_at: whole(payload.received_at), ..payload.clone() };
        self.kept().payloads.insert((key.clone(), payload.body), payload);
        Ok(())
    }

    async fn payload(&self, key: &RecordKey, body: &Digest) -> Result<Option<Payload>, LedgerError> {
        Ok(self.kept().payloads.get(&(key.clone(), *body)).cloned())
    }

    async fn payloads(&self, key: &RecordKey) -> Result<Vec<Archived>, LedgerError> {
        let kept = self.kept();
        let own = kept.payloads.iter().filter(|((of, _), _)| of == key);
        Ok(own
            .map(|(_, payload)| Archived { body: payload.body, received_at: payload.received_at })
            .collect())
    }

    async fn erase_payload(&self, key: &RecordKey, body: &Digest) -> Result<(), LedgerError> {
        self.kept().payloads.remove(&(key.clone(), *body));
        Ok(())
    }

    async fn remove(&self, key: &RecordKey, version: u64) -> Result<(), WriteError> {
        let mut kept = self.kept();
        if let Some(stored) = kept.records.get(key).filter(|stored| stored.version != version) {
            return Err(WriteError::Conflict(Some(Box::new(stored.clone()))));
        }
        kept.records.remove(key);
        kept.pages.remove(key);
        Ok(())
    }

    async fn push_mapping(
        &self,
        tenant: &TenantId,
        text: &str,
        _by: &str,
        _now: Timestamp,
    ) -> Result<Digest, LedgerError> {
        check_mapping(tenant, text)?;
        let version = Digest::of(text.as_bytes());
        self.kept().mappings.insert(tenant.clone(), StoredMapping { version, text: text.to_owned() });
        Ok(version)
    }

    async fn mapping(&self, tenant: &TenantId) -> Result<Option<StoredMapping>, LedgerError> {
        Ok(self.kept().mappings.get(tenant).cloned())
    }

    async fn shared(&self, client: &Digest, name: &str) -> Result<Option<SharedValue>, LedgerError> {
        Ok(self.kept().shared.get(&(*client, name.to_owned())).cloned())
    }

    async fn swap_shared(
        &self,
        client: &Digest,
        name: &str,
        before: u64,
        value: &str,
    ) -> Result<u64, SwapError> {
        check_shared(client, name, value)?;
        let mut kept = self.kept();
        let key = (*client, name.to_owned());
        let stored = kept.shared.get(&key);
        if stored.map_or(0, |stored| stored.version) != before {
            return Err(SwapError::Conflict(stored.cloned()));
        }
        let version = before + 1;
        kept.shared.insert(key, SharedValue { version, value: value.to_owned() });
        Ok(version)
    }
}

/// The records of a tenant in a status, newest first.
fn listed(kept: &Kept, tenant: &TenantId, status: Status) -> Vec<Listed> {
    let wanted = |record: &&Record| record.key.tenant == *tenant && record.state.status() == status;
    let mut listed: Vec<Listed> = kept
        .records
        .values()
        .filter(wanted)
        .map(|record| Listed {
            key: record.key.clone(),
            name: record.name.clone(),
            received_at: record.received_at,
        })
        .collect();
    listed.sort_by_key(|one| std::cmp::Reverse(one.received_at));
    listed
}
