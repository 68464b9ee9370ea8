//! The poller's jobs about shops, with a simulated Shopify in the same process: no sockets, and time is tokio's.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod ingest;
mod jobs;
mod world;
