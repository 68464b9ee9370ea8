//! Poster and poller together, on in-memory twins of AWS and a simulated CloudSuite over HTTPS.

mod batches;
mod faults;
mod findings;
mod logs;
mod poison;
mod story;
mod support;
