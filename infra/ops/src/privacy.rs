//! The export of what is stored of a customer, for the shop's owner (Shopify documentation, "Privacy law compliance").
//!
//! **Architecture Invariant:** what is exported goes into a file and nowhere else, and it is of nobody but the customer
//! who asked.

use std::collections::BTreeSet;

use domain::{Digest, Kind, Private, Record, RecordKey, SourceId, TenantId};
use jiff::Timestamp;
use ledger::{Ledger, WriteError};
use platform::Body;
use serde_json::{Value, json};
use shopify::{DataRequest, Event, Topic};

use crate::OpsError;

/// What was gathered for a customer.
#[derive(Clone, PartialEq, Eq)]
pub struct Export {
    /// The record of the request.
    pub request: Record,
    /// The file's content.
    pub json: Value,
    /// How many records are in it.
    pub records: usize,
    /// How many archived deliveries are in it.
    pub deliveries: usize,
    /// How many archived deliveries were left out, because they name another customer or cannot be read.
    pub left_out: usize,
}

/// It holds personal data, so only its measure is printed.
impl std::fmt::Debug for Export {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { request, records, deliveries, left_out, .. } = self;
        write!(f, "Export({}, {records} records, {deliveries} deliveries, {left_out} left out)", request.key)
    }
}

/// Gathers what is stored of the customer who made a request. Changes nothing.
pub async fn gather(ledger: &dyn Ledger, tenant: &TenantId, request: &str) -> Result<Export, OpsError> {
    let record = crate::find(ledger, tenant, domain::Source::Shopify, &whole_key(tenant, request)).await?;
    let asked = asked_for(ledger, &record).await?;
    let mut export = Export { request: record, json: Value::Null, records: 0, deliveries: 0, left_out: 0 };
    let mut records = Vec::new();
    for key in keys(&export.request.key, &asked) {
        let Some(record) = ledger.record(&key).await? else { continue };
        let deliveries = deliveries(ledger, &record, &asked, &mut export).await?;
        let trail = ledger.trail(&record).await?;
        let mut entry = crate::record_json(&record, &trail);
        entry["deliveries"] = Value::Array(deliveries);
        records.push(entry);
        export.records += 1;
    }
    export.json = json!({ "request": export.request.key, "records": records });
    Ok(export)
}

/// Records that the export was made, by whom and of how much; the request is done with.
pub async fn exported(
    ledger: &dyn Ledger,
    export: &Export,
    by: &str,
    now: Timestamp,
) -> Result<Record, OpsError> {
    let detail = format!("by {by}: {} records, {} deliveries", export.records, export.deliveries);
    ledger.write(export.request.exported(now, detail)).await.map_err(|error| match error {
        WriteError::Ledger(error) => error.into(),
        WriteError::Conflict(_) => ledger::LedgerError::Contended { key: export.request.key.clone() }.into(),
    })
}

/// A request may be named by its whole key, by its id there, or by Shopify's number of it.
fn whole_key(tenant: &TenantId, request: &str) -> String {
    match request.trim() {
        key if key.contains('/') => key.to_owned(),
        id if id.bytes().all(|byte| byte.is_ascii_digit()) => {
            format!("{tenant}/shopify/request/data-request-{id}")
        }
        id => format!("{tenant}/shopify/request/{id}"),
    }
}

async fn asked_for(ledger: &dyn Ledger, record: &Record) -> Result<DataRequest, OpsError> {
    let no_request = || OpsError::NoDataRequest(record.key.clone());
    let payload = ledger.payload(&record.key, &record.body).await?.ok_or_else(no_request)?;
    let bytes = Body::from_compressed(payload.compressed).bytes().map_err(|_| no_request())?;
    match Topic::parse(&payload.topic).map(|topic| shopify::parse(topic, &bytes)) {
        Some(Ok(Event::CustomersDataRequest(asked))) => Ok(asked),
        _ => Err(no_request()),
    }
}

/// The records of the customer and of the orders that are asked for.
fn keys(request: &RecordKey, asked: &DataRequest) -> BTreeSet<RecordKey> {
    let of_kind = |kind, id| RecordKey { kind, id, ..request.clone() };
    let customer = &asked.customer;
    let said = |text: &Private<String>| text.expose().trim().to_owned();
    let email = customer.email.as_ref().map(|email| SourceId::of_email(&said(email).to_lowercase()));
    let phone = customer.phone.as_ref().map(|phone| SourceId::of_phone(&said(phone)));
    let ids = [email, phone, customer.id.map(SourceId::from)];
    let customers = ids.into_iter().flatten().map(|id| of_kind(Kind::Customer, id));
    let orders = asked
        .orders_requested
        .iter()
        .flat_map(|&order| [Kind::Order, Kind::Journal].map(|kind| of_kind(kind, SourceId::from(order))));
    customers.chain(orders).collect()
}

/// The archived deliveries of a record, as they were signed, each read as JSON.
async fn deliveries(
    ledger: &dyn Ledger,
    record: &Record,
    asked: &DataRequest,
    export: &mut Export,
) -> Result<Vec<Value>, OpsError> {
    let mut deliveries = Vec::new();
    for archived in ledger.payloads(&record.key).await? {
        let Some(payload) = ledger.payload(&record.key, &archived.body).await? else { continue };
        let bytes = Body::from_compressed(payload.compressed).bytes().unwrap_or_default();
        let body = serde_json::from_slice::<Value>(&bytes).ok();
        let whole = body.filter(|_| Digest::of(&bytes) == archived.body);
        match whole.filter(|body| is_of(asked.customer.id, body)) {
            Some(body) => {
                let (topic, received_at) = (payload.topic, payload.received_at);
                deliveries.push(json!({ "topic": topic, "received_at": received_at, "body": body }));
                export.deliveries += 1;
            }
            None => export.left_out += 1,
        }
    }
    Ok(deliveries)
}

/// Whether a delivery names no other customer than this one.
fn is_of(customer: Option<u64>, body: &Value) -> bool {
    let named = body.pointer("/customer/id").and_then(Value::as_u64);
    named.is_none() || customer.is_none() || named == customer
}

#[cfg(test)]
#[path = "privacy_tests.rs"]
mod tests;
