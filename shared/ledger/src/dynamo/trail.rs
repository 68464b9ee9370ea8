//! The trail: entries on the head, and pages of older ones that are never changed.

use aws_sdk_dynamodb::{
    operation::put_item::PutItemError,
    types::{AttributeValue, ReturnValuesOnConditionCheckFailure},
};
use domain::{Entry, Record, RecordKey};
use jiff::Timestamp;

use super::{
    DynamoDb, Item, attributes as at,
    fault::fault,
    reader::{Reader, word},
};
use crate::{
    LedgerError,
    fit::{PAGE_ENTRIES, Page},
    tables::{PARTITION, SORT},
};

/// How the sort keys of pages begin.
pub(super) const PAGES: &str = "trail/";

impl DynamoDb {
    /// Puts a page, unless it stands there already. A writer that lost its race for the head leaves the very page
    /// behind that the next one needs.
    pub(super) async fn put_page(&self, key: &RecordKey, page: &Page) -> Result<(), LedgerError> {
        let item = Item::from([
            (PARTITION.into(), AttributeValue::S(key.to_string())),
            (SORT.into(), AttributeValue::S(page_name(page.first))),
            (at::TRAIL.into(), encode(&page.entries)),
        ]);
        let request = self
            .client
            .put_item()
            .table_name(&self.records)
            .set_item(Some(item))
            .condition_expression(format!("attribute_not_exists({PARTITION})"))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        let Err(error) = request.send().await else { return Ok(()) };
        match error.as_service_error() {
            Some(PutItemError::ConditionalCheckFailedException(refused)) => {
                same_page(refused.item.as_ref(), page)
            }
            _ => Err(fault(format!("writing the trail of {key}"), &error)),
        }
    }

    /// The whole trail of a record.
    pub(super) async fn whole_trail(&self, record: &Record) -> Result<Vec<Entry>, LedgerError> {
        if record.paged == 0 {
            return Ok(record.trail.clone());
        }
        let mut entries = self.paged_entries(record).await?;
        entries.extend_from_slice(&record.trail);
        Ok(entries)
    }

    async fn paged_entries(&self, record: &Record) -> Result<Vec<Entry>, LedgerError> {
        let what = || format!("reading the trail of {}", record.key);
        let last = record.paged.saturating_sub(1);
        let mut items = self
            .client
            .query()
            .table_name(&self.records)
            .key_condition_expression(format!("{PARTITION} = :key AND {SORT} BETWEEN :first AND :last"))
            .expression_attribute_values(":key", AttributeValue::S(record.key.to_string()))
            .expression_attribute_values(":first", AttributeValue::S(page_name(0)))
            .expression_attribute_values(":last", AttributeValue::S(page_name(last)))
            .consistent_read(true)
            .into_paginator()
            .items()
            .send();
        let mut entries = Vec::new();
        while let Some(item) = items.next().await {
            let item = item.map_err(|error| fault(what(), &error))?;
            let page = Reader::new(&item)?;
            if page.text(SORT)? != page_name(u32::try_from(entries.len()).unwrap_or(u32::MAX)) {
                return Err(page.damaged(SORT, "the page before it is missing"));
            }
            entries.extend(decode(&page)?);
        }
        if entries.len() == record.paged as usize {
            return Ok(entries);
        }
        let problem =
            format!("{} entries stand in pages where the head counts {}", entries.len(), record.paged);
        Err(LedgerError::Damaged {
            item: format!("{} {}", record.key, at::HEAD),
            attribute: at::PAGED.into(),
            problem,
        })
    }
}

fn same_page(stored: Option<&Item>, page: &Page) -> Result<(), LedgerError> {
    let Some(stored) = stored else { return Ok(()) };
    let reader = Reader::new(stored)?;
    if decode(&reader)? == page.entries {
        return Ok(());
    }
    Err(reader.damaged(at::TRAIL, format!("its {PAGE_ENTRIES} entries are not those that were moved there")))
}

/// The sort key of a page. Six digits, so that pages sort as texts.
fn page_name(first: u32) -> String {
    format!("{PAGES}{first:06}")
}

/// Entries as a list of lists.
pub(super) fn encode(entries: &[Entry]) -> AttributeValue {
    let entry = |entry: &Entry| {
        AttributeValue::L(vec![
            AttributeValue::N(entry.at.as_millisecond().to_string()),
            AttributeValue::S(entry.event.to_string()),
            AttributeValue::S(entry.detail.clone()),
        ])
    };
    AttributeValue::L(entries.iter().map(entry).collect())
}

/// The entries of a head or a page.
pub(super) fn decode(item: &Reader<'_>) -> Result<Vec<Entry>, LedgerError> {
    let entries = item.list(at::TRAIL)?.iter().enumerate();
    entries
        .map(|(n, value)| {
            decode_entry(value).ok_or_else(|| {
                item.damaged(at::TRAIL, format!("entry {n} is not a list of time, event and detail"))
            })
        })
        .collect()
}

fn decode_entry(value: &AttributeValue) -> Option<Entry> {
    let [at, event, detail] = value.as_l().ok()?.as_slice() else { return None };
    Some(Entry {
        at: Timestamp::from_millisecond(at.as_n().ok()?.parse().ok()?).ok()?,
        event: word(event.as_s().ok()?).ok()?,
        detail: detail.as_s().ok()?.clone(),
    })
}
