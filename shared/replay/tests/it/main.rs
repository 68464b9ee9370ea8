//! Replays on the twins of ledger and queue.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod replays;
mod world;
