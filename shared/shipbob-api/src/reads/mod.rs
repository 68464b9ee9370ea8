//! What is read, one module a subject.

mod billing;
mod goods;
mod orders;
mod places;
mod receiving;
mod returns;

pub use billing::{InvoiceFilter, TransactionFilter};
pub use goods::{ProductFilter, StockMoves};
use jiff::Timestamp;
pub use orders::OrderFilter;
pub use receiving::ReceivingFilter;
pub use returns::ReturnFilter;

use crate::query::Query;

/// A span of time, both ends included as far as ShipBob includes them; an absent end is open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Window {
    /// From when.
    pub from: Option<Timestamp>,
    /// Until when.
    pub to: Option<Timestamp>,
}

impl Window {
    /// A span between two moments.
    pub fn new(from: Timestamp, to: Timestamp) -> Self {
        Self { from: Some(from), to: Some(to) }
    }

    /// As two parameters.
    fn put(self, query: Query, from: &str, to: &str) -> Query {
        query.moment(from, self.from).moment(to, self.to)
    }
}
