//! Poster and poller together, on in-memory twins of AWS and a simulated CloudSuite over HTTPS.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends by panicking")]

mod amending;
mod batches;
mod deliveries;
mod doubt;
mod events;
mod faults;
mod fees;
mod findings;
mod parcels;
mod poison;
mod privacy;
mod receipt_findings;
mod receipts;
mod shipbob;
mod shipbob_orders;
mod story;
mod support;
