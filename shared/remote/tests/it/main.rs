//! The parts together, as a client uses them.

#![expect(clippy::unwrap_used, reason = "tests")]

mod https;
