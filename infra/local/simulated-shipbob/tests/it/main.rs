//! The simulation is held to what is published, from outside: by requests alone.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod access;
mod bench;
mod binary;
mod clock;
mod day;
mod delivery;
mod faults;
mod https;
mod lists;
mod oauth;
mod receiving;
mod retries;
mod schemas;
mod signatures;
mod totals;
mod warehouse;
