//! Reads what a statement is of: ShipBob's lists, and the records of the ledger.

use std::collections::BTreeSet;

use domain::{Finding, Kind, Record, Source, State, TenantId};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use jiff::civil::Date;
use ledger::{Ledger, LedgerError, Listing};
use mapping::Mapping;
use platform::Body;
use shipbob_api::{ApiError, ShipBob};
use tokio::time::Instant;

use super::{
    KINDS, Statement,
    compare::{Pair, compare},
    listed::Listed,
    lists::{Found, Lists, archived_day, received_until},
    times::{self, Period},
};

/// How many records are read at once.
const AT_ONCE: usize = 16;
/// How many records of one status are looked through for what ShipBob does not list.
const MOST: usize = 1_000_000;

/// Where a statement comes from. It is only read.
pub struct Sources<'a> {
    /// Whose statement it is.
    pub tenant: &'a TenantId,
    /// ShipBob's API for them.
    pub shipbob: &'a ShipBob,
    /// The records, and the mapping file.
    pub ledger: &'a dyn Ledger,
    /// When it must be over.
    pub deadline: Instant,
}

/// Why there is no statement.
#[derive(Debug, thiserror::Error)]
pub enum StatementError {
    /// The ledger did not answer, or refused.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// ShipBob did not give a list.
    #[error("there is no statement without ShipBob's lists: {0}")]
    ShipBob(#[from] ApiError),
    /// Without a mapping file nothing is to be in CloudSuite.
    #[error("{0} has no mapping file: push one with `ops mapping push --tenant {0} FILE`")]
    NoMapping(TenantId),
    /// The active mapping file cannot be read.
    #[error("the active mapping file of {tenant} cannot be read: {first}")]
    Mapping {
        /// Whose.
        tenant: TenantId,
        /// The first thing that is wrong with it.
        first: String,
    },
    /// The days are no period.
    #[error("{from} is after {to}: give the first day with --from and the last with --to")]
    Period {
        /// The first day.
        from: Date,
        /// The last day.
        to: Date,
    },
}

/// The statement from a first to a last day, both of them in it.
pub async fn statement_of(sources: &Sources<'_>, from: Date, to: Date) -> Result<Statement, StatementError> {
    let Sources { tenant, shipbob, ledger, deadline } = *sources;
    if to < from {
        return Err(StatementError::Period { from, to });
    }
    let stored = ledger.mapping(tenant).await?.ok_or_else(|| StatementError::NoMapping(tenant.clone()))?;
    let mapping = Mapping::parse(&stored.text).map_err(|findings| unreadable(tenant, &findings))?;
    let period = Period { from, to };
    let kinds: Vec<_> = KINDS.into_iter().filter(|kind| is_wanted(&mapping, *kind)).collect();

    let mut lists = Lists::new(tenant, shipbob, &mapping, period, deadline);
    let mut listed = Vec::new();
    for kind in &kinds {
        listed.extend(lists.of(*kind).await?);
    }
    let mut gone = Vec::new();
    for record in missing(sources, &kinds, period, &mut lists).await? {
        match lists.one(&record.key).await? {
            Found::Object(found) => listed.extend(Some(*found).filter(|found| period.has(found.date))),
            Found::Absent if is_of(sources, &mapping, period, &record).await? => gone.push(record),
            Found::Absent | Found::Unreadable => {}
        }
    }
    let heading = Statement {
        tenant: tenant.clone(),
        from,
        to,
        time_zones: times::zones(&mapping),
        mapping: stored.version.short(),
        ties: false,
        sections: Vec::new(),
        odd: Vec::new(),
        unread: lists.unread,
    };
    Ok(compare(heading, &kinds, &with_records(ledger, listed).await?, &gone))
}

/// Whether the mapping makes anything of objects of this kind.
fn is_wanted(mapping: &Mapping, kind: Kind) -> bool {
    let shipbob = &mapping.shipbob;
    match kind {
        Kind::Shipment => shipbob.shipments.issue,
        Kind::Receipt => shipbob.receipts.receive,
        Kind::Return => shipbob.returns.restock,
        _ => shipbob.fees.journal,
    }
}

async fn with_records(ledger: &dyn Ledger, listed: Vec<Listed>) -> Result<Vec<Pair>, LedgerError> {
    let reading = listed.into_iter().map(|listed| async move {
        let record = ledger.record(&listed.key).await?;
        Ok((listed, record))
    });
    stream::iter(reading).buffer_unordered(AT_ONCE).try_collect().await
}

/// The records of the period's time that no list of ShipBob's named.
async fn missing(
    sources: &Sources<'_>,
    kinds: &[Kind],
    period: Period,
    lists: &mut Lists<'_>,
) -> Result<Vec<Record>, LedgerError> {
    let listing = Listing { since: Some(period.begins()), until: Some(received_until(period)), limit: MOST };
    let known = sources.ledger.known(sources.tenant, listing).await?;
    if known.len() >= MOST {
        lists.unread.push(format!("the ledger: not all records of a status beyond {MOST} were looked at"));
    }
    let keys = known.into_iter().map(|known| known.key);
    let is_missing = |key: &domain::RecordKey| {
        key.source == Source::Shipbob
            && kinds.contains(&key.kind)
            && !lists.seen.contains(&(key.kind, key.id.clone()))
    };
    let keys: BTreeSet<_> = keys.filter(is_missing).collect();
    let reading = keys.into_iter().map(|key| async move { sources.ledger.record(&key).await });
    let records: Vec<_> = stream::iter(reading).buffered(AT_ONCE).try_collect().await?;
    Ok(records.into_iter().flatten().collect())
}

/// Whether a record that ShipBob does not have is of the period: by what was archived of it, else by when it was first
/// received. One of which CloudSuite was given nothing and gets nothing does not matter.
async fn is_of(
    sources: &Sources<'_>,
    mapping: &Mapping,
    period: Period,
    record: &Record,
) -> Result<bool, LedgerError> {
    let is_idle = matches!(record.state, State::Skipped { .. } | State::Cancelled);
    if is_idle && record.movements.done.is_empty() {
        return Ok(false);
    }
    let payload = sources.ledger.payload(&record.key, &record.body).await?;
    let day = payload.and_then(|payload| {
        let bytes = Body::from_compressed(payload.compressed).bytes().ok()?;
        archived_day(sources.tenant, mapping, &payload.topic, &bytes)
    });
    Ok(match day {
        Some(day) => period.has(Some(day)),
        None => (period.begins()..=period.ends()).contains(&record.received_at),
    })
}

fn unreadable(tenant: &TenantId, findings: &[Finding]) -> StatementError {
    let first = findings.first().map(ToString::to_string).unwrap_or_default();
    StatementError::Mapping { tenant: tenant.clone(), first }
}

#[cfg(test)]
#[path = "read_tests.rs"]
mod tests;
