//! The client against a scripted ShipBob.

#![expect(clippy::unwrap_used, clippy::unnecessary_wraps, reason = "tests")]

mod calls;
mod oauth;
mod openapi;
mod pages;
mod rate;
mod world;
mod writes;
