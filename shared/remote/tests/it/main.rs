//! The parts together, as a client uses them.

#![allow(clippy::unwrap_used)]

mod https;
