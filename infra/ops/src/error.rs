//! What can go wrong for an operator, in words for people: what happened, to what, what to do.

use domain::{Finding, RecordKey};
use ledger::LedgerError;
use platform::{QueueError, SecretError};

/// Why an operator's command could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum OpsError {
    /// The ledger did not answer, or refused.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A queue did not do what it was asked.
    #[error(transparent)]
    Queue(#[from] QueueError),
    /// Secrets Manager did not give the tenant's secret.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The tenant is not set up for the source.
    #[error(
        "there is no secret {0}: create it as JSON with shop_domain and client_secret, or check the tenant's name"
    )]
    NoSecret(String),
    /// The webhook did not answer.
    #[error("{url} did not answer: check that it is up and that API_URL is right ({cause})")]
    NoAnswer {
        /// Where it was posted to.
        url: String,
        /// What happened.
        cause: String,
    },
    /// The record did not settle in time.
    #[error(
        "{key} did not settle within {seconds} s: it is {state}; look again later with `ops trail {key}`"
    )]
    NotSettled {
        /// Which record.
        key: RecordKey,
        /// How long it was followed.
        seconds: u64,
        /// What it is now.
        state: &'static str,
    },
    /// Nobody knows such a record.
    #[error(
        "{tenant} has no record called {order}: give the order's id, its name such as '#1001', or the whole key"
    )]
    NoRecord {
        /// Whose.
        tenant: String,
        /// What was looked for.
        order: String,
    },
    /// The name is not the name of one record only.
    #[error("{order} is the name of several records: give one of their keys\n{}", lines(.keys))]
    Ambiguous {
        /// What was looked for.
        order: String,
        /// The records of that name.
        keys: Vec<RecordKey>,
    },
    /// The record holds no request for data, or its body was erased.
    #[error(
        "{0} is no request for data that can be read: give the id of a customers/data_request; one whose customer was \
         erased since has nothing to export"
    )]
    NoDataRequest(RecordKey),
    /// The mapping file cannot be used.
    #[error("the mapping file was not pushed; the active one stays as it was\n{}", lines(.0))]
    Mapping(Vec<Finding>),
    /// No mapping file was pushed yet.
    #[error("{0} has no mapping file: push one with `ops mapping push --tenant {0} FILE`")]
    NoMapping(String),
}

fn lines<T: ToString>(items: &[T]) -> String {
    items.iter().map(|item| format!("  {}", item.to_string())).collect::<Vec<_>>().join("\n")
}
