//! Why a record was not replayed.

use domain::RecordKey;
use jiff::Timestamp;
use ledger::LedgerError;
use platform::QueueError;

/// Why a record was not replayed.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// Nobody knows such a record.
    #[error("there is no record {0}: nothing of it was ever taken in")]
    NoRecord(RecordKey),
    /// The signed bytes are gone.
    #[error(
        "the delivery of {0} is no longer kept: its retention is over; let the source send the order again"
    )]
    NotKept(RecordKey),
    /// The signed bytes are not those that were signed.
    #[error(
        "the archived delivery of {0} is damaged: restore it from a backup, or let the source send the order again"
    )]
    Damaged(RecordKey),
    /// Somebody works on the record.
    #[error("{key} is being worked on until {until} at the latest: nothing was done; try again then")]
    Busy {
        /// Which record.
        key: RecordKey,
        /// The end of the lease.
        until: Timestamp,
    },
    /// The ledger failed.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The queue did not take the message; the trail says already that it was replayed.
    #[error(transparent)]
    Queue(#[from] QueueError),
}

impl ReplayError {
    /// Whether it says nothing of this record: the next one would fare the same just now.
    pub fn is_outage(&self) -> bool {
        match self {
            Self::Ledger(error) => error.is_retryable() || matches!(error, LedgerError::Refused { .. }),
            Self::Queue(_) => true,
            Self::NoRecord(_) | Self::NotKept(_) | Self::Damaged(_) | Self::Busy { .. } => false,
        }
    }
}
