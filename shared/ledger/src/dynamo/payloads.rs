//! Payloads: the signed bytes, in parts that each fit into an item, deleted by DynamoDB after their retention.
//!
//! The only items with personal data.

use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};
use domain::{Digest, RecordKey};

use super::{DynamoDb, Item, fault::fault, reader::Reader};
use crate::{
    LedgerError, Payload,
    fit::{check_payload, whole},
    tables::{EXPIRES_AT, PARTITION, SORT},
};

/// The bytes of one part: below DynamoDB's 400 KB (409,600 bytes) with room for the other attributes.
const PART: usize = 400_000;

/// A part's share of the bytes.
const BYTES: &str = "bytes";
/// How many parts there are.
const PARTS: &str = "parts";
const TOPIC: &str = "topic";
const API_VERSION: &str = "api_version";
pub(super) const RECEIVED_AT: &str = "received_at";

impl DynamoDb {
    /// The first part goes last: it is what a reader asks for the number of parts.
    pub(super) async fn put_payload(&self, key: &RecordKey, payload: &Payload) -> Result<(), LedgerError> {
        check_payload(key, payload)?;
        for (n, item) in self.parts(key, payload).into_iter().enumerate().rev() {
            let request = self.client.put_item().table_name(&self.payloads).set_item(Some(item));
            let what = || format!("archiving part {n} of {key}");
            request.send().await.map_err(|error| fault(what(), &error))?;
        }
        Ok(())
    }

    fn parts(&self, key: &RecordKey, payload: &Payload) -> Vec<Item> {
        let received_at = whole(payload.received_at);
        let expires_at = received_at.checked_add(self.retention).unwrap_or(jiff::Timestamp::MAX).as_second();
        // Bytes of no length still make one part, which carries the rest.
        let mut parts: Vec<&[u8]> = payload.compressed.chunks(PART).collect();
        if parts.is_empty() {
            parts.push(&[]);
        }
        let count = parts.len().to_string();
        let part = |(n, bytes): (usize, &[u8])| {
            Item::from([
                (PARTITION.into(), AttributeValue::S(key.to_string())),
                (SORT.into(), AttributeValue::S(part_name(&payload.body, n))),
                (EXPIRES_AT.into(), AttributeValue::N(expires_at.to_string())),
                (BYTES.into(), AttributeValue::B(Blob::new(bytes))),
                (PARTS.into(), AttributeValue::N(count.clone())),
                (TOPIC.into(), AttributeValue::S(payload.topic.clone())),
                (API_VERSION.into(), AttributeValue::S(payload.api_version.clone())),
                (RECEIVED_AT.into(), AttributeValue::N(received_at.as_millisecond().to_string())),
            ])
        };
        parts.into_iter().enumerate().map(part).collect()
    }

    pub(super) async fn get_payload(
        &self,
        key: &RecordKey,
        body: &Digest,
    ) -> Result<Option<Payload>, LedgerError> {
        let mut items = self
            .client
            .query()
            .table_name(&self.payloads)
            .key_condition_expression(format!("{PARTITION} = :key AND begins_with({SORT}, :body)"))
            .expression_attribute_values(":key", AttributeValue::S(key.to_string()))
            .expression_attribute_values(":body", AttributeValue::S(format!("{body}/")))
            .consistent_read(true)
            .into_paginator()
            .items()
            .send();
        let mut parts = Vec::new();
        while let Some(item) = items.next().await {
            parts.push(item.map_err(|error| fault(format!("reading the payload of {key}"), &error))?);
        }
        parts.first().map(|first| joined(body, first, &parts)).transpose()
    }
}

fn joined(body: &Digest, first: &Item, parts: &[Item]) -> Result<Payload, LedgerError> {
    let first = Reader::new(first)?;
    let count: usize = first.number(PARTS)?;
    let mut compressed = Vec::new();
    for n in 0..count {
        let missing = || first.damaged(BYTES, format!("part {n} of {count} is missing"));
        let part = Reader::new(parts.get(n).ok_or_else(missing)?)?;
        if part.text(SORT)? != part_name(body, n) {
            return Err(missing());
        }
        compressed.extend_from_slice(part.bytes(BYTES)?);
    }
    Ok(Payload {
        body: *body,
        compressed,
        topic: first.text(TOPIC)?.to_owned(),
        api_version: first.text(API_VERSION)?.to_owned(),
        received_at: first.time(RECEIVED_AT)?,
    })
}

fn part_name(body: &Digest, n: usize) -> String {
    format!("{body}/{n:04}")
}
