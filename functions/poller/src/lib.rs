//! The poller function: jobs on schedules. This release has one: `confirm`.

mod confirm;
mod handler;
mod schedule;

pub use handler::{Job, Poller, Summary};
