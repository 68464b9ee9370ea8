//! What a run found and did.

use domain::Finding;
use jiff::Timestamp;
use ledger::LedgerError;
use platform::QueueError;
use serde::{Deserialize, Serialize};
use shopify_admin::{AdminError, Window};

/// How many orders a report names; the counts tell of all.
pub(crate) const NAMED: usize = 20;

/// Orders, counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// That Shopify lists as changed in the window.
    pub listed: u64,
    /// Of these: that the ledger has, as new as Shopify does.
    pub known: u64,
    /// Of these: that the ledger never heard of.
    pub missing: u64,
    /// Of these: of which the ledger has something older.
    pub outdated: u64,
    /// Missing or outdated, and put on the queue.
    pub sent: u64,
    /// Missing or outdated, and not to be fetched or sent.
    pub failed: u64,
    /// Missing or outdated, and no longer there when they were fetched.
    pub gone: u64,
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.listed += other.listed;
        self.known += other.known;
        self.missing += other.missing;
        self.outdated += other.outdated;
        self.sent += other.sent;
        self.failed += other.failed;
        self.gone += other.gone;
    }
}

/// An order that is missing or outdated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Found {
    /// Its id.
    pub id: u64,
    /// The name that people use, such as `#1001`.
    pub name: String,
    /// When it last changed at Shopify's.
    pub updated_at: Timestamp,
    /// Whether the ledger has something older of it; otherwise it has nothing.
    pub outdated: bool,
}

/// Why a run ended before its window or its bound did.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Stop {
    /// Shopify.
    #[error(transparent)]
    Shopify(#[from] AdminError),
    /// The ledger.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The queue.
    #[error(transparent)]
    Queue(#[from] QueueError),
}

impl Stop {
    /// Whether a later run may succeed without anybody doing anything.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Shopify(error) => error.is_passing(),
            Self::Ledger(error) => error.is_retryable(),
            Self::Queue(_) => true,
        }
    }
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// The whole window was compared.
    Complete,
    /// Its bound was reached, or its time was over: the next run goes on from there.
    More,
    /// Another run keeps the same progress and is ahead: this one left the rest to it.
    Overtaken,
    /// Something failed; the next run goes on from the last page that was done.
    Stopped(Stop),
}

/// What a run found and did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The window that was compared, in whole or in part.
    pub window: Window,
    /// Counts of this run.
    pub counts: Counts,
    /// Counts of the window, those of earlier runs included.
    pub total: Counts,
    /// Up to 20 of the orders that are missing or outdated.
    pub examples: Vec<Found>,
    /// Up to 20 reasons why an order could not be fetched or sent.
    pub findings: Vec<Finding>,
    /// How it ended.
    pub end: End,
}

impl Report {
    pub(crate) fn new(window: Window, earlier: Counts) -> Self {
        let counts = Counts::default();
        Self { window, counts, total: earlier, examples: Vec::new(), findings: Vec::new(), end: End::More }
    }

    /// Adds what one page came to.
    pub(crate) fn add(&mut self, page: PageReport) {
        self.counts += page.counts;
        self.examples.extend(page.examples);
        self.examples.truncate(NAMED);
        self.findings.extend(page.findings);
        self.findings.truncate(NAMED);
    }
}

/// What one page came to.
#[derive(Debug, Default)]
pub(crate) struct PageReport {
    pub(crate) counts: Counts,
    pub(crate) examples: Vec<Found>,
    pub(crate) findings: Vec<Finding>,
}
