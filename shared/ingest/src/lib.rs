//! What ShipBob has no webhook for, and what a lost webhook would have told: its lists of orders, receiving orders,
//! returns and fees are read, and what the ledger does not have is put on the queue of events, where it goes the way
//! of every delivery.
//!
//! A run is bounded and resumable: where something was done, its place is kept in the ledger by compare and swap, so two
//! runs at once do no harm. Nothing is sent again that the ledger took in with the same bytes, or that was sent
//! lately; what is sent twice all the same has one delivery id, and every guard of its record holds. This crate
//! writes no record and knows nothing of CloudSuite.

mod list;
mod object;
mod progress;
mod recent;
mod report;
mod run;
mod send;
mod window;

pub use list::{List, Wanted};
pub use report::{Counts, End, Reading, Report, Stop, Tally};
pub use run::{Limits, Warehouse, ingest};
pub use window::Window;
