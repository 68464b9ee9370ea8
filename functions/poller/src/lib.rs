//! The poller function: jobs on schedules: `confirm`, `settle`, `reconcile`, `subscriptions` and `ingest`; and `backfill` on
//! request.

mod confirm;
mod handler;
mod ingest;
mod job;
mod reconcile;
mod schedule;
mod settle;
mod subscriptions;
mod turn;

pub use handler::{Poller, Shops, Summary};
pub use ingest::Warehouses;
pub use job::{Backfill, Job, Names};
