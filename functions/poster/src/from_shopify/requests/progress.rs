//! How far an erasure has come, kept between its turns; and which requests a customer made. Ids and counts only.

use std::{collections::BTreeSet, fmt};

use domain::{Digest, RecordKey};
use jiff::Timestamp;
use ledger::{Ledger, LedgerError, SwapError};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// The name of the value that says how far an erasure has come.
const ERASURE: &str = "erasure";
/// The name of the value that lists a customer's requests.
const REQUESTS: &str = "requests";

/// What was erased so far, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Tally {
    /// Records that now refuse what waits.
    pub(super) records: u64,
    /// Customers' records that were removed.
    pub(super) customers: u64,
    /// Archived deliveries.
    pub(super) payloads: u64,
    /// Messages of the dead-letter queue.
    pub(super) letters: u64,
}

/// As the proof says it.
impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { records, customers, payloads, letters } = self;
        write!(
            f,
            "{payloads} payloads of {records} records, {customers} customers' records, {letters} dead letters"
        )
    }
}

/// Where a shop's erasure is in the listings of its records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Place {
    /// The status, by its place among all.
    pub(super) status: usize,
    /// Records received until then are still to be looked at; all of the status if nothing is said.
    pub(super) until: Option<Timestamp>,
    /// Whether something was still to be erased in this pass: then another pass follows.
    pub(super) found: bool,
}

/// How far an erasure has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Progress {
    /// What was accepted until then is erased: another time is another request.
    pub(super) until: Timestamp,
    pub(super) tally: Tally,
    pub(super) place: Place,
}

impl Progress {
    /// How far a request has come.
    pub(super) async fn of(
        ledger: &dyn Ledger,
        request: &RecordKey,
        until: Timestamp,
    ) -> Result<Self, LedgerError> {
        let (_, known) = read::<Option<Self>>(ledger, request, ERASURE).await?;
        let fresh = Self { until, tally: Tally::default(), place: Place::default() };
        Ok(known.filter(|known| known.until == until).unwrap_or(fresh))
    }

    /// Keeps it for the next turn. Only the request's holder does that, so nobody comes between.
    pub(super) async fn keep(&self, ledger: &dyn Ledger, request: &RecordKey) -> Result<(), LedgerError> {
        let (version, _) = read::<Option<Self>>(ledger, request, ERASURE).await?;
        write(ledger, request, ERASURE, version, self).await
    }
}

/// Remembers that a request names a customer, so that its body is erased with the customer's data.
pub(super) async fn remember_request(
    ledger: &dyn Ledger,
    customers: &BTreeSet<RecordKey>,
    request: &RecordKey,
) -> Result<(), LedgerError> {
    for customer in customers {
        let (version, mut requests) = read::<BTreeSet<RecordKey>>(ledger, customer, REQUESTS).await?;
        if requests.insert(request.clone()) {
            write(ledger, customer, REQUESTS, version, &requests).await?;
        }
    }
    Ok(())
}

/// The requests that name a customer.
pub(super) async fn requests_of(
    ledger: &dyn Ledger,
    customers: &BTreeSet<RecordKey>,
) -> Result<BTreeSet<RecordKey>, LedgerError> {
    let mut all = BTreeSet::new();
    for customer in customers {
        all.extend(read::<BTreeSet<RecordKey>>(ledger, customer, REQUESTS).await?.1);
    }
    Ok(all)
}

/// A value about a record, with its version; the default where there is none.
async fn read<T: DeserializeOwned + Default>(
    ledger: &dyn Ledger,
    key: &RecordKey,
    name: &str,
) -> Result<(u64, T), LedgerError> {
    let Some(shared) = ledger.shared(&client(key), name).await? else { return Ok((0, T::default())) };
    let value = serde_json::from_str(&shared.value).map_err(|error| LedgerError::Damaged {
        item: format!("about {key}"),
        attribute: name.to_owned(),
        problem: error.to_string(),
    })?;
    Ok((shared.version, value))
}

async fn write<T: Serialize + Sync>(
    ledger: &dyn Ledger,
    key: &RecordKey,
    name: &str,
    version: u64,
    value: &T,
) -> Result<(), LedgerError> {
    // Keys, counts and times: this cannot fail.
    let value = serde_json::to_string(value).unwrap_or_default();
    ledger.swap_shared(&client(key), name, version, &value).await.map(drop).map_err(|error| match error {
        SwapError::Ledger(error) => error,
        SwapError::Conflict(_) => LedgerError::Contended { key: key.clone() },
    })
}

fn client(key: &RecordKey) -> Digest {
    Digest::of(format!("request/{key}").as_bytes())
}
