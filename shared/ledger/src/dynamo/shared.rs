//! Shared values: one item each, written by one conditional put.

use aws_sdk_dynamodb::{
    operation::put_item::PutItemError,
    types::{AttributeValue, ReturnValuesOnConditionCheckFailure},
};
use domain::Digest;
use uuid::Uuid;

use super::{DynamoDb, Item, attributes as at, fault::fault, reader::Reader};
use crate::{
    LedgerError, SharedValue, SwapError,
    shared::check_shared,
    tables::{PARTITION, SORT},
};

impl DynamoDb {
    pub(super) async fn get_shared(
        &self,
        client: &Digest,
        name: &str,
    ) -> Result<Option<SharedValue>, LedgerError> {
        let item = self.item(&partition(client), &sort(name)).await?;
        item.map(|item| decode(&Reader::new(&item)?)).transpose()
    }

    pub(super) async fn put_shared(
        &self,
        client: &Digest,
        name: &str,
        before: u64,
        value: &str,
    ) -> Result<u64, SwapError> {
        check_shared(client, name, value)?;
        let version = before.saturating_add(1);
        let token = Uuid::new_v4().into_bytes();
        let item = Item::from([
            (PARTITION.into(), AttributeValue::S(partition(client))),
            (SORT.into(), AttributeValue::S(sort(name))),
            (at::VERSION.into(), AttributeValue::N(version.to_string())),
            (at::TOKEN.into(), AttributeValue::B(token.to_vec().into())),
            (at::SHARED.into(), AttributeValue::S(value.to_owned())),
        ]);
        let request = self
            .client
            .put_item()
            .table_name(&self.records)
            .set_item(Some(item))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        let request = match before {
            0 => request.condition_expression(format!("attribute_not_exists({PARTITION})")),
            _ => request
                .condition_expression(format!("{} = :before", at::VERSION))
                .expression_attribute_values(":before", AttributeValue::N(before.to_string())),
        };
        let Err(error) = request.send().await else { return Ok(version) };
        let Some(PutItemError::ConditionalCheckFailedException(refused)) = error.as_service_error() else {
            return Err(fault(format!("writing {} {}", partition(client), sort(name)), &error).into());
        };
        conflict(refused.item.as_ref(), &token, version)
    }
}

/// What stands where a put was refused; if it is this write itself, which the SDK repeated because its answer was
/// lost, nothing is in conflict.
fn conflict(stored: Option<&Item>, token: &[u8], version: u64) -> Result<u64, SwapError> {
    let Some(stored) = stored else { return Err(SwapError::Conflict(None)) };
    let reader = Reader::new(stored)?;
    if reader.bytes(at::TOKEN)? == token {
        return Ok(version);
    }
    Err(SwapError::Conflict(Some(decode(&reader)?)))
}

fn decode(reader: &Reader<'_>) -> Result<SharedValue, LedgerError> {
    Ok(SharedValue { version: reader.number(at::VERSION)?, value: reader.text(at::SHARED)?.to_owned() })
}

/// Of two parts, so it never meets a record's key, which has four.
fn partition(client: &Digest) -> String {
    format!("client/{client}")
}

fn sort(name: &str) -> String {
    format!("shared/{name}")
}
