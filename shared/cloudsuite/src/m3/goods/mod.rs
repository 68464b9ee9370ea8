//! Goods: stock messages (MMS850MI) and order-initiated ones (MHS850MI). A movement is one message: its first line
//! begins it, M3 gives its number, the other lines follow, and then it is processed.
//!
//! A movement is found again by its own external message number (PMSN), which M3 lists; what the ledger keeps beside
//! it is described at `Kept`.
//!
//! UNCONFIRMED, and what is done about it:
//! - that a message waits until it is processed: the partner must be set up so (`GoodsOptions`);
//! - that quantities of MHS850MI are in the item's basic unit: documents in another unit are findings, or go by
//!   MMS850MI, which takes a unit; so are receipts for a purchase order's line that was ordered in another unit;
//! - that MHS850MI shows USD5 as it was written: where it does not, a message that was begun is begun anew;
//! - how MMS850MI numbers its lines: nothing but the messages shown to a person depends on it;
//! - what M3 does with goods that are received and taken back in one movement: all of that is adjusted, and so the
//!   purchase order does not count what arrived by such a movement, nor what was taken back of it.

mod confirm;
mod entry;
mod find;
mod judge;
mod kept;
mod movement;
mod options;
mod requests;
mod status;

pub use self::options::{GoodsOptions, IssueAs, MessageTypes};
pub(super) use self::{confirm::confirm, entry::Posting, find::find};

/// Which of M3's programs takes a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Engine {
    /// Stock messages.
    Stock,
    /// Messages for orders.
    Orders,
}

impl Engine {
    /// Both, in the order in which they are asked.
    const ALL: [Self; 2] = [Self::Stock, Self::Orders];

    /// The program's name.
    fn program(self) -> &'static str {
        match self {
            Self::Stock => "MMS850MI",
            Self::Orders => "MHS850MI",
        }
    }

    /// The field of a message's number.
    fn number_field(self) -> &'static str {
        match self {
            Self::Stock => "MSNR",
            Self::Orders => "MSGN",
        }
    }

    /// Where a person sees its messages.
    fn panel(self) -> &'static str {
        match self {
            Self::Stock => "MMS850",
            Self::Orders => "MHS850",
        }
    }
}

#[cfg(test)]
mod crash_tests;
#[cfg(test)]
mod doubt_tests;
#[cfg(test)]
mod model;
#[cfg(test)]
mod tests;
