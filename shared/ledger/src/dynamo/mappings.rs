//! Mapping files: each version an item that never changes, and a pointer to the active one.

use aws_sdk_dynamodb::{operation::put_item::PutItemError, types::AttributeValue};
use domain::{Digest, TenantId};
use jiff::Timestamp;

use super::{DynamoDb, Item, fault::fault, reader::Reader};
use crate::{
    LedgerError, StoredMapping,
    fit::check_mapping,
    tables::{PARTITION, SORT},
};

/// Sort key of the pointer, and how those of the versions begin.
const POINTER: &str = "mapping";

const VERSION: &str = "version";
const TEXT: &str = "text";
/// Who pushed it.
const BY: &str = "by";
/// When it was pushed.
const AT: &str = "at";

impl DynamoDb {
    pub(super) async fn put_mapping(
        &self,
        tenant: &TenantId,
        text: &str,
        by: &str,
        now: Timestamp,
    ) -> Result<Digest, LedgerError> {
        check_mapping(tenant, text)?;
        let version = Digest::of(text.as_bytes());
        // The version first: a pointer never leads nowhere. The same text again is the same item, but for who
        // pushed it and when, which stays as it was.
        let item = pushed(tenant, version_name(&version), (TEXT, text.to_owned()), by, now);
        let request = self
            .client
            .put_item()
            .table_name(&self.records)
            .set_item(Some(item))
            .condition_expression(format!("attribute_not_exists({PARTITION})"));
        let what = || format!("keeping the mapping file of {tenant}");
        if let Err(error) = request.send().await
            && !error.as_service_error().is_some_and(PutItemError::is_conditional_check_failed_exception)
        {
            return Err(fault(what(), &error));
        }
        let pointer = pushed(tenant, POINTER.to_owned(), (VERSION, version.to_string()), by, now);
        let request = self.client.put_item().table_name(&self.records).set_item(Some(pointer));
        request.send().await.map_err(|error| fault(what(), &error))?;
        Ok(version)
    }

    pub(super) async fn active_mapping(
        &self,
        tenant: &TenantId,
    ) -> Result<Option<StoredMapping>, LedgerError> {
        let Some(pointer) = self.item(&partition(tenant), POINTER).await? else { return Ok(None) };
        let pointer = Reader::new(&pointer)?;
        let not_a_version = |problem| pointer.damaged(VERSION, problem);
        let version = Digest::from_hex(pointer.text(VERSION)?)
            .ok_or_else(|| not_a_version("not a digest of 64 hexadecimal characters"))?;
        let item = self.item(&partition(tenant), &version_name(&version)).await?;
        let item = item.ok_or_else(|| not_a_version("the version that it names is missing"))?;
        let text = Reader::new(&item)?.text(TEXT)?.to_owned();
        Ok(Some(StoredMapping { version, text }))
    }
}

fn pushed(tenant: &TenantId, sort: String, content: (&str, String), by: &str, now: Timestamp) -> Item {
    Item::from([
        (PARTITION.into(), AttributeValue::S(partition(tenant))),
        (SORT.into(), AttributeValue::S(sort)),
        (content.0.into(), AttributeValue::S(content.1)),
        (BY.into(), AttributeValue::S(by.to_owned())),
        (AT.into(), AttributeValue::N(now.as_millisecond().to_string())),
    ])
}

/// Of two parts, so it never meets a record's key, which has four.
fn partition(tenant: &TenantId) -> String {
    format!("tenant/{tenant}")
}

fn version_name(version: &Digest) -> String {
    format!("{POINTER}/{version}")
}
