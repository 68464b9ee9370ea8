//! Orders that were never delivered: Shopify's list of what changed is compared with the ledger, and what is missing
//! or older there is fetched and put on the queue of events, where it goes the way of every delivery.
//!
//! A run is bounded and resumable: after each page its place is kept in the ledger by compare and swap, so two runs
//! at once do no harm. What it sends carries a delivery id made of the order and its update time; every guard of the
//! record holds as for any delivery, so sending twice enters nothing twice. This crate writes no record and never
//! calls CloudSuite.
//!
//! Beside that it says which webhook subscriptions a shop lacks.

mod compare;
mod course;
mod index;
mod progress;
mod report;
mod run;
mod send;
mod subscriptions;
mod window;

pub use course::{backfill, dry_run, next_window, reconcile};
pub use report::{Counts, End, Found, Report, Stop};
pub use run::{Limits, Shop};
pub use subscriptions::{Subscribed, check, wanted};
pub use window::{SETTLED_AFTER, VISIBLE, reaches_beyond_visible};
