//! What can go wrong with the ledger. The variant decides what the caller does.

use domain::{Record, RecordKey};

/// Why the ledger could not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// DynamoDB takes no more at the moment.
    #[error(
        "DynamoDB throttles {what}: try again later, and look at the table's limits if it lasts ({cause})"
    )]
    Throttled {
        /// What was to be done.
        what: String,
        /// What DynamoDB said.
        cause: String,
    },
    /// DynamoDB did not answer, or not in time.
    #[error("DynamoDB did not answer {what}: try again later ({cause})")]
    Unavailable {
        /// What was to be done.
        what: String,
        /// What happened.
        cause: String,
    },
    /// Others wrote the record each time that this process tried to.
    #[error("others kept writing {key}: try again later")]
    Contended {
        /// Which record.
        key: RecordKey,
    },
    /// An item is not as this program writes items.
    #[error("the item {item} is damaged at {attribute}: {problem}; repair it by hand or from a backup")]
    Damaged {
        /// Partition key and sort key.
        item: String,
        /// Which attribute.
        attribute: String,
        /// What is wrong with it.
        problem: String,
    },
    /// DynamoDB refuses the call: no such table, no permission, not a valid request.
    #[error("DynamoDB refuses {what}: check the table's name and the function's role ({cause})")]
    Refused {
        /// What was to be done.
        what: String,
        /// What DynamoDB said.
        cause: String,
    },
    /// More than the ledger keeps.
    #[error("{what} is too large: {size} bytes, at most {limit} can be kept")]
    TooLarge {
        /// What was to be kept.
        what: String,
        /// Its size in bytes.
        size: usize,
        /// The most that can be kept, in bytes.
        limit: usize,
    },
    /// A search came to its bound before its end.
    #[error("{name} is not among the newest {looked_at} records: look for it by its id at the source")]
    NotAmongNewest {
        /// What was looked for.
        name: String,
        /// How many records were looked at.
        looked_at: usize,
    },
}

impl LedgerError {
    /// Whether the same call may succeed later without anybody doing anything.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Throttled { .. } | Self::Unavailable { .. } | Self::Contended { .. } => true,
            Self::Damaged { .. }
            | Self::Refused { .. }
            | Self::TooLarge { .. }
            | Self::NotAmongNewest { .. } => false,
        }
    }
}

/// Why a record was not written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// Somebody else wrote it first; this is what stands there now.
    #[error("the record was written by somebody else in the meantime: decide again on what stands there now")]
    Conflict(Option<Box<Record>>),
    /// The ledger failed.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_passes_by_itself_is_tried_again() {
        let text = || "x".to_owned();
        let key = "demo/shopify/order/1".parse().unwrap();
        let cases = [
            (LedgerError::Throttled { what: text(), cause: text() }, true),
            (LedgerError::Unavailable { what: text(), cause: text() }, true),
            (LedgerError::Contended { key }, true),
            (LedgerError::Damaged { item: text(), attribute: text(), problem: text() }, false),
            (LedgerError::Refused { what: text(), cause: text() }, false),
            (LedgerError::TooLarge { what: text(), size: 2, limit: 1 }, false),
            (LedgerError::NotAmongNewest { name: text(), looked_at: 1 }, false),
        ];
        for (error, retryable) in cases {
            assert_eq!(error.is_retryable(), retryable, "{error}");
        }
    }
}
