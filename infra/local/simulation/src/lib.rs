//! The whole pipeline in one process: the real functions on in-memory twins, a simulated CloudSuite, virtual time,
//! and faults from a seed. After quiet, an oracle says whether every promise was kept.
//!
//! Everything that decides comes from the seed: one thread, one generator a concern, no real clock. So the same
//! seed replays the same event log byte for byte, and a seed that fails is a report that anybody can replay.
//!
//! It knows all crates of the project and nothing of AWS; it must never change what it looks at.

mod accounts;
mod chance;
mod counts;
mod instance;
mod lambda;
mod log;
mod operator;
mod oracle;
mod run;
mod scenario;
mod source;
mod time;
mod twins;
mod warehouse;
mod weather;
mod world;

use accounts::Accounts;
use chance::Chance;
use counts::Counts;
use instance::{Instance, Surroundings};
use log::Log;
pub use run::{Report, day, run};
use time::{SkewedClock, Time};
pub use warehouse::{Size, warehouse, warehouse_day, warehouse_day_with_a_fault};
use weather::{Fault, Weather};
use world::World;
