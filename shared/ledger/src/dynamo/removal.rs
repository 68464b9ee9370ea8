//! Taking out what is to be erased: payloads, and records with their trails. Every item goes by its own call, because
//! only such a call can name the version that it is meant for, and its right is the narrowest.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::{
    operation::{delete_item::DeleteItemError, query::builders::QueryFluentBuilder},
    types::{AttributeValue, ReturnValuesOnConditionCheckFailure},
};
use domain::{Digest, RecordKey};

use super::{
    DynamoDb, Item, attributes as at, fault::fault, head, payloads::RECEIVED_AT, reader::Reader, trail::PAGES,
};
use crate::{
    Archived, LedgerError, WriteError,
    tables::{PARTITION, SORT},
};

impl DynamoDb {
    /// The parts are asked for without their bytes: each tells whose part it is, also one whose first part was never
    /// written.
    pub(super) async fn archived(&self, key: &RecordKey) -> Result<Vec<Archived>, LedgerError> {
        let what = || format!("listing the payloads of {key}");
        let parts = self.under(&self.payloads, key, "", Some(RECEIVED_AT), what).await?;
        let mut archived = BTreeMap::new();
        for part in &parts {
            let part = Reader::new(part)?;
            let body = part.text(SORT)?.split('/').next().and_then(Digest::from_hex);
            let body = body.ok_or_else(|| part.damaged(SORT, "it does not begin with a digest"))?;
            archived.insert(body, part.time(RECEIVED_AT)?);
        }
        let archived = archived.into_iter();
        Ok(archived.map(|(body, received_at)| Archived { body, received_at }).collect())
    }

    pub(super) async fn delete_payload(&self, key: &RecordKey, body: &Digest) -> Result<(), LedgerError> {
        let what = || format!("erasing a payload of {key}");
        let parts = self.under(&self.payloads, key, &format!("{body}/"), None, what).await?;
        self.delete_all(&self.payloads, &parts, what).await
    }

    /// The head goes first: whoever comes between finds no record, and the next removal takes what is left of the
    /// trail.
    pub(super) async fn delete_record(&self, key: &RecordKey, version: u64) -> Result<(), WriteError> {
        let request = self
            .client
            .delete_item()
            .table_name(&self.records)
            .key(PARTITION, AttributeValue::S(key.to_string()))
            .key(SORT, AttributeValue::S(at::HEAD.to_owned()))
            // The SDK repeats a call whose answer was lost: that nothing is there is what was wanted.
            .condition_expression(format!("attribute_not_exists({PARTITION}) OR {} = :version", at::VERSION))
            .expression_attribute_values(":version", AttributeValue::N(version.to_string()))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        if let Err(error) = request.send().await {
            let Some(DeleteItemError::ConditionalCheckFailedException(refused)) = error.as_service_error()
            else {
                return Err(fault(format!("removing {key}"), &error).into());
            };
            let stored = refused.item.as_ref().map(|item| head::decode(&Reader::new(item)?)).transpose()?;
            return Err(WriteError::Conflict(stored.map(Box::new)));
        }
        let what = || format!("removing the trail of {key}");
        let pages = self.under(&self.records, key, PAGES, None, what).await?;
        Ok(self.delete_all(&self.records, &pages, what).await?)
    }

    /// The keys of a record's items whose sort keys begin like this, each with one more attribute if it is named.
    async fn under(
        &self,
        table: &str,
        key: &RecordKey,
        beginning: &str,
        with: Option<&str>,
        what: impl Fn() -> String,
    ) -> Result<Vec<Item>, LedgerError> {
        let wanted = [Some(PARTITION), Some(SORT), with];
        let wanted = wanted.into_iter().flatten().collect::<Vec<_>>().join(", ");
        let request =
            self.client.query().table_name(table).projection_expression(wanted).consistent_read(true);
        let mut items = beginning_like(request, key, beginning).into_paginator().items().send();
        let mut found = Vec::new();
        while let Some(item) = items.next().await {
            found.push(item.map_err(|error| fault(what(), &error))?);
        }
        Ok(found)
    }

    async fn delete_all(
        &self,
        table: &str,
        items: &[Item],
        what: impl Fn() -> String,
    ) -> Result<(), LedgerError> {
        for item in items {
            let key = [PARTITION, SORT]
                .into_iter()
                .filter_map(|key| Some((key.to_owned(), item.get(key)?.clone())));
            let request = self.client.delete_item().table_name(table).set_key(Some(key.collect()));
            request.send().await.map_err(|error| fault(what(), &error))?;
        }
        Ok(())
    }
}

/// DynamoDB refuses an empty beginning.
fn beginning_like(request: QueryFluentBuilder, key: &RecordKey, beginning: &str) -> QueryFluentBuilder {
    let request = request.expression_attribute_values(":key", AttributeValue::S(key.to_string()));
    if beginning.is_empty() {
        return request.key_condition_expression(format!("{PARTITION} = :key"));
    }
    request
        .key_condition_expression(format!("{PARTITION} = :key AND begins_with({SORT}, :beginning)"))
        .expression_attribute_values(":beginning", AttributeValue::S(beginning.to_owned()))
}
