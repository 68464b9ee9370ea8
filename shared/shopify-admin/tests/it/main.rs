//! The client against a scripted Admin API, and against the simulated Shopify.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::unnecessary_wraps, reason = "tests")]

mod calls;
mod large;
mod orders;
mod reverse;
mod samples;
mod simulated;
mod subscriptions;
mod world;
