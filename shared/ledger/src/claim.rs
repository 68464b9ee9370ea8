//! Claiming a record: one conditional write in the usual case, however many workers try.

use domain::{Claim, Decision, Held, Lease, Record, decide};
use jiff::Timestamp;

use crate::{Ledger, LedgerError, WriteError};

/// How often a claim is tried on top of what others wrote in between.
const TRIES: usize = 3;

/// What a claim came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claimed {
    /// The record is held.
    Held(Held),
    /// It may not be worked on, for the reason of the decision.
    Refused {
        /// Why not.
        decision: Decision,
        /// The record as it stands.
        record: Record,
    },
}

/// Claims a record, new or known.
///
/// It writes first and asks later: a new record, which is the usual one, costs one write and no read. For a
/// known record the refused write brings back what stands there (and costs its size in write units), and
/// [`domain::decide`] says what the delivery may do.
pub async fn claim(ledger: &dyn Ledger, claim: &Claim, now: Timestamp) -> Result<Claimed, LedgerError> {
    let mut wanted = Record::first(claim, now);
    for _ in 0..TRIES {
        let stored = match ledger.write(wanted.record.clone()).await {
            Ok(record) => return Ok(held(record, wanted.lease)),
            Err(WriteError::Ledger(error)) => return Err(error),
            Err(WriteError::Conflict(stored)) => stored,
        };
        wanted = match stored {
            // Somebody removed it by hand in between: begin anew.
            None => Record::first(claim, now),
            Some(stored) => match decide(&stored, claim, now) {
                Decision::Take => stored.taken(claim, now),
                decision => return Ok(Claimed::Refused { decision, record: *stored }),
            },
        };
    }
    Err(LedgerError::Contended { key: claim.key.clone() })
}

/// Writes a record that stays held; what comes back is the record as it was stored, under the same lease.
pub async fn keep(ledger: &dyn Ledger, held: Held) -> Result<Held, WriteError> {
    let record = ledger.write(held.record).await?;
    Ok(Held { record, lease: held.lease })
}

/// The lease as it was stored, which is in whole milliseconds, is the one that counts.
fn held(record: Record, asked: Lease) -> Claimed {
    let lease = record.lease.unwrap_or(asked);
    Claimed::Held(Held { record, lease })
}
