//! The simulation is held to what is published, from outside: by requests and changes alone.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails")]

mod bench;
mod binary;
mod control;
mod cost;
mod delivery;
mod faults;
mod fixtures;
mod graphql;
mod https;
mod paging;
mod protected;
mod retries;
mod shapes;
mod shop;
mod subscriptions;
mod token;
