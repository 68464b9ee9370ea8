//! The client against a scripted Admin API.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::unnecessary_wraps, reason = "tests")]

mod calls;
mod orders;
mod reverse;
mod samples;
mod subscriptions;
mod world;
