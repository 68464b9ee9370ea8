//! The lists of ShipBob's that are read, and what is asked for in each.

use domain::Kind;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use shipbob::{ReceiptStatus, Topic};
use shipbob_api::{ApiError, OrderFilter, Pages, ReceivingFilter, ReturnFilter, ShipBob, TransactionFilter};

use crate::window::{self, Window};

/// The states of a receiving order whose goods are on their way to the shelf: it may change at any time, and ShipBob
/// neither filters by the time of change nor names it in the webhooks of its boxes.
const IN_WORK: [ReceiptStatus; 7] = [
    ReceiptStatus::PartiallyArrivedAtHub,
    ReceiptStatus::ArrivedAtHub,
    ReceiptStatus::ProcessingAtHub,
    ReceiptStatus::InternalTransfer,
    ReceiptStatus::PartiallyArrived,
    ReceiptStatus::Arrived,
    ReceiptStatus::Processing,
];

/// How long before what is listed for days is listed again.
const LONG_LISTS_EVERY: SignedDuration = SignedDuration::from_hours(1);
/// How old a receiving order that was closed incomplete may be to be looked at again. UNCONFIRMED whether ShipBob counts
/// the closing as a completion: so they are looked for by their state too.
const INCOMPLETE_BACK: SignedDuration = SignedDuration::from_hours(24 * 90);

/// A list of ShipBob's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum List {
    /// Orders by the time at which ShipBob got them: new ones have no time of change.
    OrdersInserted,
    /// Orders by the time of their last change.
    OrdersUpdated,
    /// Receiving orders in work, whenever they were made.
    ReceiptsInWork,
    /// Receiving orders by the time at which they were made.
    ReceiptsInserted,
    /// Receiving orders by the time at which they were completed.
    ReceiptsCompleted,
    /// Receiving orders that were closed with less than was announced.
    ReceiptsIncomplete,
    /// Returns by the time at which they were completed.
    ReturnsCompleted,
    /// Billing transactions by the day on which they were charged.
    Fees,
}

/// What is read, and how far back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Of which kinds: orders with their shipments, receipts, returns, fees. A token without `billing_read`, such as an
    /// app's, may not read fees.
    pub kinds: Vec<Kind>,
    /// How much of the last window the next one has again.
    pub overlap: SignedDuration,
    /// How far back each listing of fees reaches: they come up days after the day on which they were charged.
    pub fees_back: SignedDuration,
}

impl List {
    /// All of them, in the order in which they are read.
    pub const ALL: [Self; 8] = [
        Self::OrdersInserted,
        Self::OrdersUpdated,
        Self::ReceiptsInWork,
        Self::ReceiptsInserted,
        Self::ReceiptsCompleted,
        Self::ReceiptsIncomplete,
        Self::ReturnsCompleted,
        Self::Fees,
    ];

    /// Whether it is read at all.
    pub(crate) fn is_wanted(self, wanted: &Wanted) -> bool {
        wanted.kinds.contains(&self.kind())
    }

    /// What kind of records its objects are.
    pub(crate) fn kind(self) -> Kind {
        match self {
            Self::OrdersInserted | Self::OrdersUpdated => Kind::Order,
            Self::ReceiptsInWork
            | Self::ReceiptsInserted
            | Self::ReceiptsCompleted
            | Self::ReceiptsIncomplete => Kind::Receipt,
            Self::ReturnsCompleted => Kind::Return,
            Self::Fees => Kind::Fee,
        }
    }

    /// The topic that its objects go to the queue under.
    pub(crate) fn topic(self) -> Topic {
        match self.kind() {
            Kind::Receipt => Topic::WroFetched,
            Kind::Return => Topic::ReturnPolled,
            Kind::Fee => Topic::TransactionPolled,
            _ => Topic::OrderPolled,
        }
    }

    /// How far a window reaches back before the end of the last one, where that is longer than the overlap.
    fn reaches_back(self, wanted: &Wanted) -> Option<SignedDuration> {
        match self {
            // They bear a day and no time.
            Self::Fees => Some(wanted.fees_back),
            Self::ReceiptsIncomplete => Some(INCOMPLETE_BACK),
            _ => None,
        }
    }

    /// The window after the last one that was read to its end; nothing if it is not time yet.
    pub(crate) fn next_window(self, last: Option<Window>, wanted: &Wanted, now: Timestamp) -> Option<Window> {
        let Some(back) = self.reaches_back(wanted) else {
            return Some(window::next(last, wanted.overlap, now));
        };
        let is_due = last.is_none_or(|last| window::after(last.until, LONG_LISTS_EVERY) <= now);
        is_due.then(|| window::next(last, back, now))
    }

    /// Its pages. Windows are open towards the present: what changes while it is read must not leave the list, or
    /// the pages behind it would move up and something on them would be passed over.
    pub(crate) fn pages(self, shipbob: &ShipBob, window: Window) -> Result<Pages<'_>, ApiError> {
        let since = shipbob_api::Window { from: Some(window.from), to: None };
        match self {
            Self::OrdersInserted => {
                Ok(shipbob.orders(&OrderFilter { inserted: since, ..OrderFilter::default() }))
            }
            Self::OrdersUpdated => {
                Ok(shipbob.orders(&OrderFilter { updated: since, ..OrderFilter::default() }))
            }
            Self::ReceiptsInWork => {
                let statuses = IN_WORK.iter().map(|status| status.as_str().to_owned()).collect();
                shipbob.receiving(&ReceivingFilter { statuses, ..ReceivingFilter::default() })
            }
            Self::ReceiptsInserted => {
                shipbob.receiving(&ReceivingFilter { inserted: since, ..ReceivingFilter::default() })
            }
            Self::ReceiptsCompleted => {
                shipbob.receiving(&ReceivingFilter { completed: since, ..ReceivingFilter::default() })
            }
            Self::ReceiptsIncomplete => {
                let statuses = vec![ReceiptStatus::Incomplete.as_str().to_owned()];
                shipbob.receiving(&ReceivingFilter {
                    statuses,
                    inserted: since,
                    ..ReceivingFilter::default()
                })
            }
            Self::ReturnsCompleted => {
                Ok(shipbob.returns(&ReturnFilter { completed: since, ..ReturnFilter::default() }))
            }
            Self::Fees => {
                // The day of tomorrow: whose day it is that a fee bears, ShipBob does not say.
                let until = window::after(window.until, SignedDuration::from_hours(24));
                shipbob.transactions(&TransactionFilter::charged(window.from, until))
            }
        }
    }
}
