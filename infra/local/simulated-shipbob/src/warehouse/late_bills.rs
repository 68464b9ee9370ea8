//! What a parcel cost is known some time after it left.

use jiff::{SignedDuration, Timestamp};

use super::Warehouse;
use super::values::{Moment, Number};

/// Amounts that are not shown yet.
#[derive(Debug, Default)]
pub(crate) struct Unbilled {
    /// From the shipping until it is shown.
    pub(crate) after: SignedDuration,
    waiting: Vec<(Timestamp, u64, Number)>,
}

impl Warehouse {
    /// The amount that is shown of a parcel that leaves now; one that is not shown yet is kept until it is.
    pub(super) fn shown(&mut self, shipment: u64, amount: Option<Number>, now: Moment) -> Option<Number> {
        let after = self.unbilled.after;
        match amount {
            Some(amount) if after > SignedDuration::ZERO => {
                self.unbilled.waiting.push((now.time() + after, shipment, amount));
                None
            }
            shown => shown,
        }
    }

    /// Shows the amounts whose time has come; nothing tells of them.
    pub(crate) fn bill_what_is_due(&mut self, now: Timestamp) {
        let waiting = std::mem::take(&mut self.unbilled.waiting);
        let (due, later): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|(at, ..)| *at <= now);
        self.unbilled.waiting = later;
        for (at, shipment, amount) in due {
            // A shipment is never forgotten, so there is nothing to refuse.
            let _ = self.bill(shipment, amount, Moment::of(at));
        }
    }
}
