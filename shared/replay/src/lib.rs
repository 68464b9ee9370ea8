//! Replay: sends what was archived of a record down its way again.
//!
//! The signed bytes that the record last took in go to the queue of events as they are; what is made of them
//! is then made by today's mapping, and every guard of the record holds as for any delivery. This crate decides
//! nothing about a record: it must never change its state, and never call the source or CloudSuite.

mod error;

use domain::{Digest, Event, Record, RecordKey};
use jiff::Timestamp;
use ledger::{Ledger, LedgerError, Payload, WriteError};
use platform::{Body, Envelope, Queues};

pub use error::ReplayError;

/// How often the entry is tried on top of what others wrote in between.
const TRIES: usize = 3;

/// Sends a record's archived delivery down its way again, because a person asks for it. `by` names the person; it
/// stands in the record's trail and in the envelope.
///
/// The trail is told first. If the queue then fails, the trail says more than happened, and a second replay says
/// it twice; the other way round an order might come again and nobody would know why.
///
/// Returns the record as it stands with that entry; its state is the one that it had before.
pub async fn replay(
    ledger: &dyn Ledger,
    queues: &Queues,
    key: &RecordKey,
    by: &str,
    now: Timestamp,
) -> Result<Record, ReplayError> {
    send_again(ledger, queues, key, by, Some(by.to_owned()), now).await
}

/// The same for the job that takes up what is in doubt. Nobody asked, so the envelope does not say so: should the
/// record have come to its end before the delivery arrives, it stays there.
pub async fn take_up(
    ledger: &dyn Ledger,
    queues: &Queues,
    key: &RecordKey,
    now: Timestamp,
) -> Result<Record, ReplayError> {
    send_again(ledger, queues, key, "settle", None, now).await
}

async fn send_again(
    ledger: &dyn Ledger,
    queues: &Queues,
    key: &RecordKey,
    by: &str,
    again: Option<String>,
    now: Timestamp,
) -> Result<Record, ReplayError> {
    for _ in 0..TRIES {
        let (record, mut envelope) = prepare(ledger, key, now).await?;
        envelope.again.clone_from(&again);
        match ledger.write(record.noted(now, Event::Replayed, format!("by {by}"))).await {
            Ok(noted) => {
                queues.send(&noted.key.tenant, envelope.to_message()).await?;
                return Ok(noted);
            }
            // What was prepared may be out of date: a newer delivery, or a holder.
            Err(WriteError::Conflict(_)) => {}
            Err(WriteError::Ledger(error)) => return Err(error.into()),
        }
    }
    Err(LedgerError::Contended { key: key.clone() }.into())
}

/// The record that a replay would be of, if it could be replayed now. Changes nothing.
pub async fn rehearse(ledger: &dyn Ledger, key: &RecordKey, now: Timestamp) -> Result<Record, ReplayError> {
    prepare(ledger, key, now).await.map(|(record, _)| record)
}

/// A record that nobody holds, and its archived delivery as an envelope.
async fn prepare(
    ledger: &dyn Ledger,
    key: &RecordKey,
    now: Timestamp,
) -> Result<(Record, Envelope), ReplayError> {
    let record = ledger.record(key).await?.ok_or_else(|| ReplayError::NoRecord(key.clone()))?;
    if let Some(lease) = record.lease.filter(|lease| lease.until > now) {
        return Err(ReplayError::Busy { key: key.clone(), until: lease.until });
    }
    let payload = ledger.payload(key, &record.body).await?;
    let payload = payload.ok_or_else(|| ReplayError::NotKept(key.clone()))?;
    let envelope = envelope(&record, payload)?;
    Ok((record, envelope))
}

/// The archived delivery, as the webhook would put it on the queue.
fn envelope(record: &Record, payload: Payload) -> Result<Envelope, ReplayError> {
    let body = Body::from_compressed(payload.compressed);
    // Whoever unpacks a payload checks it: bytes that nobody signed must not become an order.
    let is_whole = body.bytes().is_ok_and(|bytes| Digest::of(&bytes) == record.body);
    if !is_whole {
        return Err(ReplayError::Damaged(record.key.clone()));
    }
    let (tenant, correlation) = (record.key.tenant.clone(), record.correlation.clone());
    let mut envelope =
        Envelope::new(tenant, record.key.source, payload.topic, correlation, payload.received_at, body);
    envelope.api_version = Some(payload.api_version).filter(|version| !version.is_empty());
    // Of two changes of one second it may be the older, and something newer may come before it.
    envelope.triggered_at = record.triggered_at;
    Ok(envelope)
}
