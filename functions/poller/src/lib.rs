//! The poller function: jobs on schedules: `confirm` and `settle`.

mod confirm;
mod handler;
mod schedule;
mod settle;

pub use handler::{Job, Poller, Summary};
