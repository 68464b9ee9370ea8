//! Small values that all instances share about one client of CloudSuite, changed by compare and swap.
//!
//! The ledger knows them as texts under a name. What they mean, and that no secret stands in them in plain words,
//! is the business of whoever keeps them.

use domain::Digest;

use crate::{LedgerError, fit::check};

/// The longest value, in bytes: each swap pays for every kilobyte.
const LONGEST: usize = 16_384;

/// A shared value as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedValue {
    /// How often it was written; the first write makes it 1.
    pub version: u64,
    /// The value.
    pub value: String,
}

/// Why a shared value was not changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SwapError {
    /// Somebody else changed it first; this is what stands there now.
    #[error("the value was changed by somebody else in the meantime: decide again on what stands there now")]
    Conflict(Option<SharedValue>),
    /// The ledger failed.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// Refuses a value that is too large to be swapped often.
pub(crate) fn check_shared(client: &Digest, name: &str, value: &str) -> Result<(), LedgerError> {
    check(value.len(), LONGEST, || format!("the shared value {name} of client {client:?}"))
}
