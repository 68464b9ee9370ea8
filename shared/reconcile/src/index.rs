//! What the ledger knows, read from its operators' index alongside the pages of Shopify's list.
//!
//! Shopify lists orders by their update, the index holds records by their first delivery. Most orders change soon
//! after they were placed, so the index around a page's times tells most of it for a fiftieth of what whole records
//! cost. Each span is read once; what it does not tell is asked for by key.

use std::collections::HashMap;

use domain::{RecordKey, TenantId};
use jiff::{SignedDuration, Timestamp};
use ledger::{Known, Ledger, LedgerError, Listing};
use shopify_admin::Window;

use crate::window::{after, before};

/// How far before the window the index is read at most: as far as the window is long, and no further than this.
const FURTHEST_BACK: SignedDuration = SignedDuration::from_hours(24);
/// How long after an order's update its first delivery is usually accepted at the latest.
const ON_ITS_WAY: SignedDuration = SignedDuration::from_mins(10);
/// Entries of each status that are read for each order of a page at most: so many cost a fifth of a read unit.
const ENTRIES_FOR_EACH: usize = 10;
/// How many pages of the same span are read ahead.
const PAGES_AHEAD: i32 = 4;

/// When the source changed what a record is about; nothing if no delivery said so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Updated(pub(crate) Option<Timestamp>);

/// What was read so far.
pub(crate) struct Index {
    updated: HashMap<RecordKey, Option<Timestamp>>,
    read_until: Timestamp,
}

impl Index {
    /// Nothing read yet, for a window.
    pub(crate) fn of(window: Window) -> Self {
        let length = window.until.duration_since(window.from).clamp(SignedDuration::ZERO, FURTHEST_BACK);
        Self { updated: HashMap::new(), read_until: before(window.from, length) }
    }

    /// Reads on to the time of a page's last order and some pages further: each question costs half a unit for each
    /// status even if it finds nothing.
    pub(crate) async fn read_on(
        &mut self,
        ledger: &dyn Ledger,
        tenant: &TenantId,
        (first, last): (Timestamp, Timestamp),
        orders: usize,
    ) -> Result<(), LedgerError> {
        let until = after(last, ON_ITS_WAY);
        if until <= self.read_until {
            return Ok(());
        }
        let until = after(until, last.duration_since(first).saturating_mul(PAGES_AHEAD));
        let limit = orders.saturating_mul(ENTRIES_FOR_EACH);
        let listing = Listing { since: Some(self.read_until), until: Some(until), limit };
        let known = ledger.known(tenant, listing).await?;
        self.read_until = until;
        self.take(known);
        Ok(())
    }

    /// Takes in what is known of records.
    pub(crate) fn take(&mut self, known: Vec<Known>) {
        for Known { key, updated_at, .. } in known {
            let newest = self.updated.entry(key).or_default();
            *newest = updated_at.max(*newest);
        }
    }

    /// What is known of a record; nothing if the ledger never heard of it.
    pub(crate) fn get(&self, key: &RecordKey) -> Option<Updated> {
        self.updated.get(key).copied().map(Updated)
    }
}
