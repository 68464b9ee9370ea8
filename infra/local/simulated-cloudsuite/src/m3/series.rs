//! The number series (CRS165). They go on even where a commit is lost, as series do.

use super::stock::Book;

/// The next number of each series.
#[derive(Debug, Clone)]
pub(crate) struct Series {
    temporary: u64,
    order: u64,
    customer: u64,
    message: u64,
    purchase: u64,
    voucher: u64,
    journal: u64,
    text: u64,
    internal: u64,
    received: u64,
    distribution: u64,
    receipt: u64,
}

impl Default for Series {
    fn default() -> Self {
        Self {
            temporary: 1,
            order: 1_000_001,
            customer: 1,
            message: 1,
            purchase: 2_000_001,
            voucher: 70_000_001,
            journal: 1,
            text: 1,
            internal: 1,
            received: 1_600_001,
            distribution: 3_000_001,
            receipt: 4_000_000_001,
        }
    }
}

impl Series {
    /// A batch order's temporary number (01, T).
    pub(crate) fn temporary(&mut self) -> String {
        format!("T{:09}", take(&mut self.temporary))
    }

    /// A customer order's number (01).
    pub(crate) fn order(&mut self) -> String {
        format!("{:010}", take(&mut self.order))
    }

    /// A customer's number.
    pub(crate) fn customer(&mut self) -> String {
        format!("E{:08}", take(&mut self.customer))
    }

    /// The message number of a purchase order entry (PE, 1).
    pub(crate) fn message(&mut self) -> String {
        format!("{:015}", take(&mut self.message))
    }

    /// A purchase order's number (20).
    pub(crate) fn purchase(&mut self) -> String {
        take(&mut self.purchase).to_string()
    }

    /// A voucher's number.
    pub(crate) fn voucher(&mut self) -> u64 {
        take(&mut self.voucher)
    }

    /// A journal's number.
    pub(crate) fn journal(&mut self) -> u64 {
        take(&mut self.journal)
    }

    /// A text's identity (TXID).
    pub(crate) fn text(&mut self) -> String {
        format!("{:013}", take(&mut self.text))
    }

    /// The number of an internal stock message (16, A) or an order-initiated one (17, 1).
    pub(crate) fn stock_message(&mut self, book: Book) -> String {
        let next = match book {
            Book::Internal => &mut self.internal,
            Book::Received => &mut self.received,
        };
        format!("{:010}", take(next))
    }

    /// A requisition or distribution order's number.
    pub(crate) fn distribution(&mut self) -> String {
        take(&mut self.distribution).to_string()
    }

    /// A goods receipt's number (REPN).
    pub(crate) fn receipt(&mut self) -> String {
        take(&mut self.receipt).to_string()
    }
}

fn take(next: &mut u64) -> u64 {
    *next += 1;
    *next - 1
}
