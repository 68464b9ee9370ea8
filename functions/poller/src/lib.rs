//! The poller function: jobs on schedules: `confirm`, `settle`, `reconcile` and `subscriptions`; and `backfill` on
//! request.

mod confirm;
mod handler;
mod job;
mod reconcile;
mod schedule;
mod settle;
mod subscriptions;
mod turn;

pub use handler::{Poller, Shops, Summary};
pub use job::{Backfill, Job, Names};
