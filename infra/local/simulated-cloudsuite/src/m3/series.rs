//! The number series (CRS165). They go on even where a commit is lost, as series do.

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
}

fn take(next: &mut u64) -> u64 {
    *next += 1;
    *next - 1
}
