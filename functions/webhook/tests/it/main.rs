//! The webhook function as a whole, on in-memory twins of Secrets Manager and SQS.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends by panicking")]

mod answers;
mod bad_input;
mod shipbob;
mod support;
