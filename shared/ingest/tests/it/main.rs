//! Reading a small ShipBob, in one process and in tokio's time.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod bounds;
mod deliveries;
mod found;
mod shipbob;
mod simulated;
mod unread;
mod world;
