//! The ledger: what became of each record, kept so that an auditor can follow it.
//!
//! One item is the head of a record: its state and the newest entries of its trail, written together by one
//! conditional put. Older entries stand in pages that are never changed. The signed bytes stand in a table of
//! their own, the only one with personal data. What instances share about a client of CloudSuite are small values
//! changed by compare and swap. [`DynamoDb`] is the real thing, [`Memory`] its twin: both pass
//! the same tests (`tests/it`).
//!
//! This crate knows no wire format of a source or of CloudSuite, reads no clock and never logs what it stores.
//! Why a record's state and trail share an item: `shared/decisions/0001-record-and-trail-in-one-item.md`.

mod claim;
mod contract;
mod dynamo;
mod error;
mod fit;
mod memory;
mod place;
mod shared;
pub mod tables;

pub use claim::{Claimed, claim, keep};
pub use contract::{Archived, Awaiting, Known, Ledger, Listed, Listing, Payload, StoredMapping};
pub use dynamo::DynamoDb;
pub use error::{LedgerError, WriteError};
pub use memory::Memory;
pub use place::Place;
pub use shared::{SharedValue, SwapError};
