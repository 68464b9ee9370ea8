//! The ledger in DynamoDB.
//!
//! This module knows tables, items and calls. Attribute names are short because each write pays for them by
//! the kilobyte; they are explained in one place, [`attributes`].

mod attributes;
#[cfg(test)]
mod budget_tests;
mod fault;
mod head;
mod known;
mod lists;
mod mappings;
mod payloads;
mod reader;
mod removal;
mod shared;
mod trail;

use std::collections::HashMap;

use async_trait::async_trait;
use aws_sdk_dynamodb::{
    Client,
    operation::put_item::PutItemError,
    types::{AttributeValue, ReturnValuesOnConditionCheckFailure},
};
use domain::{Digest, Entry, Record, RecordKey, Status, TenantId};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use self::{attributes as at, fault::fault, reader::Reader};
use crate::{
    Archived, Awaiting, Known, Ledger, LedgerError, Listed, Listing, Payload, SharedValue, StoredMapping,
    SwapError, WriteError,
    fit::fit,
    tables::{PARTITION, SORT},
};

/// An item as the SDK has it.
type Item = HashMap<String, AttributeValue>;

/// How long payloads are kept unless the caller says otherwise: 90 days.
const RETENTION: SignedDuration = SignedDuration::from_hours(90 * 24);

/// The ledger in DynamoDB.
#[derive(Debug, Clone)]
pub struct DynamoDb {
    client: Client,
    records: String,
    payloads: String,
    retention: SignedDuration,
}

impl DynamoDb {
    /// A ledger over two tables, by their names. Payloads are kept for 90 days.
    pub fn new(client: Client, records: impl Into<String>, payloads: impl Into<String>) -> Self {
        Self { client, records: records.into(), payloads: payloads.into(), retention: RETENTION }
    }

    /// The same ledger, keeping payloads for another while after they were received.
    #[must_use]
    pub fn with_retention(self, retention: SignedDuration) -> Self {
        Self { retention, ..self }
    }

    /// One item by its keys, by a strongly consistent read.
    async fn item(&self, partition: &str, sort: &str) -> Result<Option<Item>, LedgerError> {
        let request = self
            .client
            .get_item()
            .table_name(&self.records)
            .key(PARTITION, AttributeValue::S(partition.to_owned()))
            .key(SORT, AttributeValue::S(sort.to_owned()))
            .consistent_read(true);
        let answer = request.send().await.map_err(|error| fault(format!("reading {partition}"), &error))?;
        Ok(answer.item)
    }

    /// Puts the head on top of the version before it.
    async fn put_head(&self, record: &Record) -> Result<(), WriteError> {
        let token = Uuid::new_v4().into_bytes();
        let request = self
            .client
            .put_item()
            .table_name(&self.records)
            .set_item(Some(head::encode(record, &token)))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        let request = match record.version.checked_sub(1) {
            Some(before @ 1..) => request
                .condition_expression(format!("{} = :before", at::VERSION))
                .expression_attribute_values(":before", AttributeValue::N(before.to_string())),
            _ => request.condition_expression(format!("attribute_not_exists({PARTITION})")),
        };
        let Err(error) = request.send().await else { return Ok(()) };
        let Some(PutItemError::ConditionalCheckFailedException(refused)) = error.as_service_error() else {
            return Err(fault(format!("writing {}", record.key), &error).into());
        };
        conflict(refused.item.as_ref(), &token)
    }
}

/// What stands where a put was refused.
///
/// The SDK repeats a put whose answer was lost. If the first one was stored, the second meets it and is refused;
/// the token tells that what stands there is our own write, so nothing is in conflict.
fn conflict(stored: Option<&Item>, token: &[u8]) -> Result<(), WriteError> {
    let Some(stored) = stored else { return Err(WriteError::Conflict(None)) };
    let reader = Reader::new(stored)?;
    if reader.bytes(at::TOKEN)? == token {
        return Ok(());
    }
    Err(WriteError::Conflict(Some(Box::new(head::decode(&reader)?))))
}

#[async_trait]
impl Ledger for DynamoDb {
    async fn record(&self, key: &RecordKey) -> Result<Option<Record>, LedgerError> {
        let item = self.item(&key.to_string(), at::HEAD).await?;
        item.map(|item| head::decode(&Reader::new(&item)?)).transpose()
    }

    async fn write(&self, record: Record) -> Result<Record, WriteError> {
        let (pages, record) = fit(record);
        for page in &pages {
            self.put_page(&record.key, page).await?;
        }
        self.put_head(&record).await?;
        Ok(record)
    }

    async fn trail(&self, record: &Record) -> Result<Vec<Entry>, LedgerError> {
        self.whole_trail(record).await
    }

    async fn due(
        &self,
        awaiting: Awaiting,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<RecordKey>, LedgerError> {
        self.due_in_all_shards(awaiting, now, limit).await
    }

    async fn list(
        &self,
        tenant: &TenantId,
        status: Status,
        listing: Listing,
    ) -> Result<Vec<Listed>, LedgerError> {
        self.listed(tenant, status, listing).await
    }

    async fn find_by_name(&self, tenant: &TenantId, name: &str) -> Result<Vec<RecordKey>, LedgerError> {
        self.named(tenant, name).await
    }

    async fn known(&self, tenant: &TenantId, listing: Listing) -> Result<Vec<Known>, LedgerError> {
        self.known_in_all_statuses(tenant, listing).await
    }

    async fn known_of(&self, keys: &[RecordKey]) -> Result<Vec<Known>, LedgerError> {
        self.known_by_key(keys).await
    }

    async fn archive(&self, key: &RecordKey, payload: &Payload) -> Result<(), LedgerError> {
        self.put_payload(key, payload).await
    }

    async fn payload(&self, key: &RecordKey, body: &Digest) -> Result<Option<Payload>, LedgerError> {
        self.get_payload(key, body).await
    }

    async fn payloads(&self, key: &RecordKey) -> Result<Vec<Archived>, LedgerError> {
        self.archived(key).await
    }

    async fn erase_payload(&self, key: &RecordKey, body: &Digest) -> Result<(), LedgerError> {
        self.delete_payload(key, body).await
    }

    async fn remove(&self, key: &RecordKey, version: u64) -> Result<(), WriteError> {
        self.delete_record(key, version).await
    }

    async fn push_mapping(
        &self,
        tenant: &TenantId,
        text: &str,
        by: &str,
        now: Timestamp,
    ) -> Result<Digest, LedgerError> {
        self.put_mapping(tenant, text, by, now).await
    }

    async fn mapping(&self, tenant: &TenantId) -> Result<Option<StoredMapping>, LedgerError> {
        self.active_mapping(tenant).await
    }

    async fn shared(&self, client: &Digest, name: &str) -> Result<Option<SharedValue>, LedgerError> {
        self.get_shared(client, name).await
    }

    async fn swap_shared(
        &self,
        client: &Digest,
        name: &str,
        before: u64,
        value: &str,
    ) -> Result<u64, SwapError> {
        self.put_shared(client, name, before, value).await
    }
}
