//! What is known of records, for comparison with their source: cheaply from the operators' index, and by key.

use std::time::Duration;

use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes};
use domain::{RecordKey, Status, TenantId};
use futures::future::try_join_all;

use super::{DynamoDb, Item, attributes as at, fault::fault, reader::Reader};
use crate::{
    Known, LedgerError, Listing,
    tables::{PARTITION, SORT, UPDATED_AT},
};

/// Items of one batch: the most that DynamoDB takes (API reference of `BatchGetItem`).
const TOGETHER: usize = 100;
/// How often what a batch left out is asked for again: DynamoDB gives at most 16 MB at once, and less while it
/// throttles.
const TRIES: u32 = 6;
/// How long before the first further try; each one after it waits twice as long.
const PAUSE: Duration = Duration::from_millis(50);

impl DynamoDb {
    pub(super) async fn known_in_all_statuses(
        &self,
        tenant: &TenantId,
        listing: Listing,
    ) -> Result<Vec<Known>, LedgerError> {
        let found = try_join_all(Status::ALL.map(|status| self.known_in(tenant, status, listing))).await?;
        Ok(found.into_iter().flatten().collect())
    }

    async fn known_in(
        &self,
        tenant: &TenantId,
        status: Status,
        listing: Listing,
    ) -> Result<Vec<Known>, LedgerError> {
        let mut items = self.newest(tenant, status, listing).into_paginator().items().send();
        let mut known = Vec::new();
        while known.len() < listing.limit
            && let Some(item) = items.next().await
        {
            let item = item.map_err(|error| fault(format!("listing what is known of {tenant}"), &error))?;
            known.extend(decode(&item));
        }
        Ok(known)
    }

    pub(super) async fn known_by_key(&self, keys: &[RecordKey]) -> Result<Vec<Known>, LedgerError> {
        let mut keys = keys.to_vec();
        // DynamoDB refuses a key that stands in a batch twice.
        keys.sort_unstable();
        keys.dedup();
        let mut known = Vec::new();
        for chunk in keys.chunks(TOGETHER) {
            known.extend(self.known_together(chunk.iter().map(head_of).collect()).await?);
        }
        Ok(known)
    }

    async fn known_together(&self, mut keys: Vec<Item>) -> Result<Vec<Known>, LedgerError> {
        let mut known = Vec::new();
        let mut pause = PAUSE;
        for _ in 0..TRIES {
            let wanted = KeysAndAttributes::builder()
                .set_keys(Some(std::mem::take(&mut keys)))
                .projection_expression(format!("{PARTITION}, {SORT}, {UPDATED_AT}, {}", at::BODY))
                .build()
                .map_err(|error| refused(&error))?;
            let answer = self.client.batch_get_item().request_items(&self.records, wanted).send().await;
            let answer = answer.map_err(|error| fault(WHAT.to_owned(), &error))?;
            for item in answer.responses.into_iter().flatten().flat_map(|(_, items)| items) {
                known.extend(decode(&item));
            }
            let left = answer.unprocessed_keys.into_iter().flatten();
            keys = left.flat_map(|(_, left)| left.keys).collect();
            if keys.is_empty() {
                return Ok(known);
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
        let cause = format!("{} of them were left out {TRIES} times", keys.len());
        Err(LedgerError::Throttled { what: WHAT.to_owned(), cause })
    }
}

/// What is done, for errors.
const WHAT: &str = "reading records by their keys";

fn refused(error: &impl std::fmt::Display) -> LedgerError {
    LedgerError::Refused { what: WHAT.to_owned(), cause: error.to_string() }
}

fn head_of(key: &RecordKey) -> Item {
    let text = |text: &str| AttributeValue::S(text.to_owned());
    Item::from([(PARTITION.to_owned(), text(&key.to_string())), (SORT.to_owned(), text(at::HEAD))])
}

/// What an item tells. One that is damaged must not keep all others from being compared: it counts as not known.
fn decode(item: &Item) -> Option<Known> {
    let read = |reader: Reader<'_>| {
        let body = reader.digest_if(at::BODY)?;
        Ok(Known { key: reader.parsed(PARTITION)?, updated_at: reader.time_if(UPDATED_AT)?, body })
    };
    let known: Result<_, LedgerError> = Reader::new(item).and_then(read);
    known.inspect_err(|error| tracing::error!(%error, "passed over")).ok()
}
