//! What the two indexes answer: what awaits confirmation, and what operators ask for.

use aws_sdk_dynamodb::{operation::query::builders::QueryFluentBuilder, types::AttributeValue};
use domain::{RecordKey, Status, TenantId};
use futures::future::try_join_all;
use jiff::Timestamp;

use super::{
    DynamoDb, Item,
    fault::fault,
    head::{SHARDS, key_time, shard_name},
    reader::Reader,
};
use crate::{
    Awaiting, LedgerError, Listed, Listing,
    fit::whole,
    tables::{AWAITING, Index, NAME, PARTITION, STATUS},
};

/// The most items asked for at once.
const PAGE: usize = 1_000;
/// How many megabytes of each status a search by name looks through: about 5,000 records each.
const SEARCHED_PAGES: usize = 25;
/// Before and after every time that a record can have.
const EVER: (&str, &str) = ("0", "9999-99");

impl DynamoDb {
    pub(super) async fn due_in_all_shards(
        &self,
        awaiting: Awaiting,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<RecordKey>, LedgerError> {
        let shards = (0..SHARDS).map(|shard| self.due_in(shard_name(awaiting, shard), now, limit));
        let shards = try_join_all(shards).await?;
        let mut due: Vec<_> = shards.into_iter().flatten().collect();
        due.sort();
        Ok(due.into_iter().take(limit).map(|(_, key)| key).collect())
    }

    async fn due_in(
        &self,
        shard: String,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<(Timestamp, RecordKey)>, LedgerError> {
        let mut items = self
            .query(AWAITING, shard, limit)
            .key_condition_expression(format!(
                "{} = :partition AND {} <= :now",
                AWAITING.partition, AWAITING.sort
            ))
            .expression_attribute_values(":now", AttributeValue::S(key_time(now)))
            .into_paginator()
            .items()
            .send();
        let mut due = Vec::new();
        while due.len() < limit
            && let Some(item) = items.next().await
        {
            let item = item.map_err(|error| fault("listing what awaits confirmation".into(), &error))?;
            match entry(&item) {
                Ok(entry) => due.push(entry),
                // One damaged item must not keep all others from being confirmed.
                Err(error) => tracing::error!(%error, "passed over in the index of what awaits confirmation"),
            }
        }
        Ok(due)
    }

    pub(super) async fn listed(
        &self,
        tenant: &TenantId,
        status: Status,
        listing: Listing,
    ) -> Result<Vec<Listed>, LedgerError> {
        let mut items = self.newest(tenant, status, listing).into_paginator().items().send();
        let mut listed = Vec::new();
        while listed.len() < listing.limit
            && let Some(item) = items.next().await
        {
            let item = item.map_err(|error| fault(format!("listing the records of {tenant}"), &error))?;
            listed.push(decode(&Reader::new(&item)?)?);
        }
        Ok(listed)
    }

    /// The question for the newest records of a status that were received in the listing's time.
    pub(super) fn newest(&self, tenant: &TenantId, status: Status, listing: Listing) -> QueryFluentBuilder {
        let bound = |time: Option<Timestamp>, ever: &str| {
            AttributeValue::S(time.map_or_else(|| ever.to_owned(), |time| key_time(whole(time))))
        };
        self.query(STATUS, format!("{tenant}/{status}"), listing.limit)
            .key_condition_expression(format!(
                "{} = :partition AND {} BETWEEN :since AND :until",
                STATUS.partition, STATUS.sort
            ))
            .expression_attribute_values(":since", bound(listing.since, EVER.0))
            .expression_attribute_values(":until", bound(listing.until, EVER.1))
            .scan_index_forward(false)
    }

    pub(super) async fn named(&self, tenant: &TenantId, name: &str) -> Result<Vec<RecordKey>, LedgerError> {
        let found = try_join_all(Status::ALL.map(|status| self.named_in(tenant, status, name))).await?;
        let whole = found.iter().all(|search| search.whole);
        let looked_at = found.iter().map(|search| search.looked_at).sum();
        let keys: Vec<_> = found.into_iter().flat_map(|search| search.keys).collect();
        if keys.is_empty() && !whole {
            return Err(LedgerError::NotAmongNewest { name: name.to_owned(), looked_at });
        }
        Ok(keys)
    }

    async fn named_in(&self, tenant: &TenantId, status: Status, name: &str) -> Result<Search, LedgerError> {
        let mut pages = self
            .query(STATUS, format!("{tenant}/{status}"), usize::MAX)
            .set_limit(None)
            .key_condition_expression(format!("{} = :partition", STATUS.partition))
            .filter_expression(format!("{NAME} = :name"))
            .expression_attribute_values(":name", AttributeValue::S(name.to_owned()))
            .scan_index_forward(false)
            .into_paginator()
            .send();
        let mut search = Search { keys: Vec::new(), looked_at: 0, whole: true };
        for _ in 0..SEARCHED_PAGES {
            let Some(page) = pages.next().await else { return Ok(search) };
            let page = page.map_err(|error| fault(format!("looking for {name} of {tenant}"), &error))?;
            search.looked_at += usize::try_from(page.scanned_count).unwrap_or_default();
            for item in page.items() {
                search.keys.push(Reader::new(item)?.parsed(PARTITION)?);
            }
        }
        search.whole = pages.next().await.is_none();
        Ok(search)
    }

    fn query(&self, index: Index, partition: String, limit: usize) -> QueryFluentBuilder {
        self.client
            .query()
            .table_name(&self.records)
            .index_name(index.name)
            .expression_attribute_values(":partition", AttributeValue::S(partition))
            .limit(i32::try_from(limit.clamp(1, PAGE)).unwrap_or(1))
    }
}

/// What a search through one status found.
struct Search {
    keys: Vec<RecordKey>,
    looked_at: usize,
    /// Whether it came to the end.
    whole: bool,
}

fn decode(item: &Reader<'_>) -> Result<Listed, LedgerError> {
    Ok(Listed {
        key: item.parsed(PARTITION)?,
        name: item.text_if(NAME)?.unwrap_or_default().to_owned(),
        received_at: item.parsed(STATUS.sort)?,
    })
}

/// One entry of the index of what awaits confirmation.
fn entry(item: &Item) -> Result<(Timestamp, RecordKey), LedgerError> {
    let reader = Reader::new(item)?;
    Ok((reader.parsed(AWAITING.sort)?, reader.parsed(PARTITION)?))
}
