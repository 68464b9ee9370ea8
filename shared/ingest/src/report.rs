//! What a run read and sent.

use domain::{Finding, Kind};
use ledger::LedgerError;
use platform::QueueError;
use serde::{Deserialize, Serialize};
use shipbob_api::ApiError;

use crate::{List, Window};

/// How many findings a report has; the counts tell of all.
const NAMED: usize = 20;

/// Objects of one kind, counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Tally {
    /// That ShipBob listed, each as often as it did.
    pub listed: u64,
    /// Of these: that the ledger took in with the same bytes, or that were sent lately with the same bytes.
    pub known: u64,
    /// Of these: put on the queue; in a dry run, those that would be.
    pub sent: u64,
    /// Of these: that cannot be read or sent.
    pub failed: u64,
}

/// Objects, counted by their kinds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// Orders.
    pub orders: Tally,
    /// Shipments of these orders.
    pub shipments: Tally,
    /// Receiving orders.
    pub receipts: Tally,
    /// Returns.
    pub returns: Tally,
    /// Billing transactions.
    pub fees: Tally,
}

impl Counts {
    /// Those of a kind.
    pub(crate) fn of(&mut self, kind: Kind) -> &mut Tally {
        match kind {
            Kind::Shipment => &mut self.shipments,
            Kind::Receipt => &mut self.receipts,
            Kind::Return => &mut self.returns,
            Kind::Fee => &mut self.fees,
            _ => &mut self.orders,
        }
    }

    fn all(&self) -> [Tally; 5] {
        [self.orders, self.shipments, self.receipts, self.returns, self.fees]
    }

    /// How many ShipBob listed, shipments apart: they come with their orders.
    pub fn listed(&self) -> u64 {
        self.all().iter().map(|tally| tally.listed).sum::<u64>() - self.shipments.listed
    }

    /// How many were put on the queue, of all kinds.
    pub fn sent(&self) -> u64 {
        self.all().iter().map(|tally| tally.sent).sum()
    }

    /// How many cannot be read or sent, of all kinds.
    pub fn failed(&self) -> u64 {
        self.all().iter().map(|tally| tally.failed).sum()
    }
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.listed += other.listed;
        self.known += other.known;
        self.sent += other.sent;
        self.failed += other.failed;
    }
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.orders += other.orders;
        self.shipments += other.shipments;
        self.receipts += other.receipts;
        self.returns += other.returns;
        self.fees += other.fees;
    }
}

/// Why a run ended before its lists or its bound did.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Stop {
    /// ShipBob.
    #[error(transparent)]
    Shipbob(#[from] ApiError),
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
            Self::Shipbob(error) => error.is_passing(),
            Self::Ledger(error) => error.is_retryable(),
            Self::Queue(_) => true,
        }
    }
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// Every list of the round was read to its end, but for those that [`Report::unread`] names.
    Complete,
    /// Its bound was reached, or its time was over: the next run goes on from there.
    More,
    /// Another run keeps the same progress and is ahead: this one left the rest to it.
    Overtaken,
    /// Something failed; the next run goes on from what was done last.
    Stopped(Stop),
}

/// How far a list was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Reading {
    /// Which.
    pub list: List,
    /// Of which time.
    pub window: Window,
    /// Whether to its end.
    pub complete: bool,
    /// What was counted in it, earlier runs of the same window included.
    pub counts: Counts,
}

/// What a run read and sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Counts of this run.
    pub counts: Counts,
    /// Lists that ShipBob does not give, with its reason: a person has to see to it. The next run tries again, from
    /// where they were read to the last time.
    pub unread: Vec<(List, ApiError)>,
    /// How far each list was read, those included that it was not time for in this run.
    pub lists: Vec<Reading>,
    /// Up to 20 reasons why an object could not be read or sent.
    pub findings: Vec<Finding>,
    /// How it ended.
    pub end: End,
}

impl Report {
    pub(crate) fn new() -> Self {
        let (counts, lists, unread, findings) = Default::default();
        Self { counts, lists, unread, findings, end: End::Complete }
    }

    /// Adds what some objects came to.
    pub(crate) fn add(&mut self, part: Part) {
        self.counts += part.counts;
        self.findings.extend(part.findings);
        self.findings.truncate(NAMED);
    }
}

/// What some objects came to.
#[derive(Debug, Default)]
pub(crate) struct Part {
    pub(crate) counts: Counts,
    pub(crate) findings: Vec<Finding>,
}

impl Part {
    /// An object that cannot be read or sent.
    pub(crate) fn failed(&mut self, kind: Kind, finding: Finding) {
        self.counts.of(kind).failed += 1;
        self.findings.push(finding);
    }
}
