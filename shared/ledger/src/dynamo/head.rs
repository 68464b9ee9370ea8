//! A record as the item that is its head, and back.

use std::fmt::Display;

use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};
use domain::{Digest, Finding, Lease, Movements, Quantities, Record, References, State};
use jiff::Timestamp;

use super::{Item, attributes as at, reader::Reader, trail};
use crate::{
    Awaiting, LedgerError,
    tables::{AWAITING, NAME, PARTITION, SORT, STATUS, UPDATED_AT},
};

/// Over how many partitions of the index the records that await the same are spread.
pub(super) const SHARDS: u8 = 4;

/// The item of a record. It must have been brought into shape ([`crate::fit::fit`]).
pub(super) fn encode(record: &Record, token: &[u8]) -> Item {
    let mut item = Item::from([
        (PARTITION.into(), text(record.key.to_string())),
        (SORT.into(), text(at::HEAD)),
        (at::VERSION.into(), number(record.version)),
        (at::TOKEN.into(), AttributeValue::B(Blob::new(token))),
        (at::FENCE.into(), number(record.fence)),
        (at::BODY.into(), digest(&record.body)),
        (at::CORRELATION.into(), text(&record.correlation)),
        (at::TRAIL.into(), trail::encode(&record.trail)),
        (STATUS.partition.into(), text(format!("{}/{}", record.key.tenant, record.state.status()))),
        (STATUS.sort.into(), text(key_time(record.received_at))),
    ]);
    let References { temporary, number: known } = &record.references;
    let movements = &record.movements;
    let optional = [
        (NAME, Some(&record.name).filter(|name| !name.is_empty()).map(text)),
        (at::LEASE_END, record.lease.map(|lease| time(lease.until))),
        (at::ATTEMPTS, (record.attempts > 0).then(|| number(record.attempts))),
        (at::CUSTOMER, record.customer.as_ref().map(text)),
        (at::COMPANY, record.company.as_ref().map(|company| text(company.to_string()))),
        (at::DOCUMENT, record.document.map(|document| text(document.to_string()))),
        (at::LINES, record.lines.map(number)),
        (at::MOVEMENTS, (movements.count > 0).then(|| number(movements.count))),
        (at::MOVED, (!movements.done.is_empty()).then(|| quantities(&movements.done))),
        (at::MOVING, movements.under_way.as_ref().map(quantities)),
        (at::TEMPORARY, temporary.as_ref().map(text)),
        (at::NUMBER, known.as_ref().map(text)),
        (UPDATED_AT, record.updated_at.map(time)),
        (at::TRIGGERED_AT, record.triggered_at.map(time)),
        (at::FINGERPRINT, record.fingerprint.as_ref().map(digest)),
        (at::POSTED_AT, record.posted_at.map(time)),
        (at::CHECKS, (record.checks > 0).then(|| number(record.checks))),
        (at::PARKED, (record.parked > 0).then(|| number(record.parked))),
        (at::ERASED_AT, record.erased_at.map(time)),
        (at::PAGED, (record.paged > 0).then(|| number(record.paged))),
        (AWAITING.partition, record.next_check.map(|_| text(shard(record)))),
        (AWAITING.sort, record.next_check.map(|next_check| text(key_time(next_check)))),
    ];
    let present = optional.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    item.extend(present);
    item.extend(encode_state(&record.state).into_iter().map(|(name, value)| (name.to_owned(), value)));
    item
}

fn encode_state(state: &State) -> Vec<(&'static str, AttributeValue)> {
    let mut attributes = vec![(at::STATE, text(state.word()))];
    match state {
        State::Received | State::Posted | State::Confirmed | State::Cancelled => {}
        State::Posting { step } => attributes.push((at::STEP, text(step.to_string()))),
        State::Skipped { reason } => attributes.push((at::REASON, text(reason))),
        State::Rejected { findings } | State::Failed { findings } | State::NeedsReview { findings } => {
            let json = serde_json::to_string(findings).unwrap_or_default();
            attributes.push((at::FINDINGS, text(json)));
        }
        State::Waiting { until, why } => {
            attributes.extend([(at::STATE_TIME, time(*until)), (at::REASON, text(why))]);
        }
        State::InDoubt { since, step } => {
            attributes.extend([(at::STATE_TIME, time(*since)), (at::STEP, text(step.to_string()))]);
        }
    }
    attributes
}

/// The record of an item.
pub(super) fn decode(item: &Reader<'_>) -> Result<Record, LedgerError> {
    let fence = item.number(at::FENCE)?;
    let owned = |text: Option<&str>| text.map(str::to_owned);
    Ok(Record {
        key: item.parsed(PARTITION)?,
        name: item.text_if(NAME)?.unwrap_or_default().to_owned(),
        version: item.number(at::VERSION)?,
        fence,
        attempts: item.number_if(at::ATTEMPTS)?.unwrap_or_default(),
        customer: owned(item.text_if(at::CUSTOMER)?),
        company: item.parsed_if(at::COMPANY)?,
        document: item.word_if(at::DOCUMENT)?,
        lines: item.number_if(at::LINES)?,
        movements: decode_movements(item)?,
        state: decode_state(item)?,
        // A lease is always the latest one, so its fence is the record's.
        lease: item.time_if(at::LEASE_END)?.map(|until| Lease { fence, until }),
        references: References {
            temporary: owned(item.text_if(at::TEMPORARY)?),
            number: owned(item.text_if(at::NUMBER)?),
        },
        updated_at: item.time_if(UPDATED_AT)?,
        triggered_at: item.time_if(at::TRIGGERED_AT)?,
        body: item.digest(at::BODY)?,
        fingerprint: item.digest_if(at::FINGERPRINT)?,
        correlation: item.text(at::CORRELATION)?.to_owned(),
        received_at: item.parsed(STATUS.sort)?,
        posted_at: item.time_if(at::POSTED_AT)?,
        next_check: item.key_time_if(AWAITING.sort)?,
        checks: item.number_if(at::CHECKS)?.unwrap_or_default(),
        parked: item.number_if(at::PARKED)?.unwrap_or_default(),
        erased_at: item.time_if(at::ERASED_AT)?,
        paged: item.number_if(at::PAGED)?.unwrap_or_default(),
        trail: trail::decode(item)?,
    })
}

fn decode_movements(item: &Reader<'_>) -> Result<Movements, LedgerError> {
    let read = |name| -> Result<Option<Quantities>, LedgerError> {
        let json = item.text_if(name)?.map(serde_json::from_str).transpose();
        json.map_err(|error| item.damaged(name, error.to_string()))
    };
    Ok(Movements {
        count: item.number_if(at::MOVEMENTS)?.unwrap_or_default(),
        done: read(at::MOVED)?.unwrap_or_default(),
        under_way: read(at::MOVING)?,
    })
}

fn decode_state(item: &Reader<'_>) -> Result<State, LedgerError> {
    let reason = || item.text(at::REASON).map(str::to_owned);
    Ok(match item.text(at::STATE)? {
        "received" => State::Received,
        "posting" => State::Posting { step: item.word(at::STEP)? },
        "posted" => State::Posted,
        "confirmed" => State::Confirmed,
        "skipped" => State::Skipped { reason: reason()? },
        "rejected" => State::Rejected { findings: decode_findings(item)? },
        "failed" => State::Failed { findings: decode_findings(item)? },
        "needs_review" => State::NeedsReview { findings: decode_findings(item)? },
        "cancelled" => State::Cancelled,
        "waiting" => State::Waiting { until: item.time(at::STATE_TIME)?, why: reason()? },
        "in_doubt" => State::InDoubt { since: item.time(at::STATE_TIME)?, step: item.word(at::STEP)? },
        other => {
            return Err(item.damaged(at::STATE, format!("'{other}' is not a state that this version knows")));
        }
    })
}

fn decode_findings(item: &Reader<'_>) -> Result<Vec<Finding>, LedgerError> {
    let json = item.text(at::FINDINGS)?;
    serde_json::from_str(json).map_err(|error| item.damaged(at::FINDINGS, error.to_string()))
}

/// The partition of the index in which a record awaits something.
fn shard(record: &Record) -> String {
    let [first, ..] = *Digest::of(record.key.to_string().as_bytes()).as_bytes();
    shard_name(Awaiting::of(&record.state), first % SHARDS)
}

/// The name of a partition of the index of what awaits something.
pub(super) fn shard_name(awaiting: Awaiting, shard: u8) -> String {
    match awaiting {
        Awaiting::Confirmation => format!("await/{shard}"),
        Awaiting::Settlement => format!("doubt/{shard}"),
    }
}

/// A time as index keys have it: of fixed width, so that it sorts as text.
pub(super) fn key_time(time: Timestamp) -> String {
    format!("{time:.3}")
}

fn quantities(quantities: &Quantities) -> AttributeValue {
    text(serde_json::to_string(quantities).unwrap_or_default())
}

fn text(text: impl Into<String>) -> AttributeValue {
    AttributeValue::S(text.into())
}

fn number(number: impl Display) -> AttributeValue {
    AttributeValue::N(format!("{number}"))
}

fn time(time: Timestamp) -> AttributeValue {
    number(time.as_millisecond())
}

fn digest(digest: &Digest) -> AttributeValue {
    AttributeValue::B(Blob::new(digest.as_bytes()))
}
