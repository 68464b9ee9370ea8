//! Comparisons of a simulated Shopify with a ledger, in one process and in tokio's time; and what they cost.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot go on panics; costs are printed"
)]

mod bounds;
mod cost;
mod found;
mod shop;
mod subscriptions;
mod world;
