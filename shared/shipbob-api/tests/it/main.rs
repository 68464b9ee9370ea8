//! The client against a scripted ShipBob.

#![expect(clippy::unwrap_used, clippy::unnecessary_wraps, reason = "tests")]

mod bodies;
mod calls;
mod oauth;
mod openapi;
mod pages;
mod rate;
mod simulated;
mod simulated_app;
mod simulation;
mod world;
mod writes;
