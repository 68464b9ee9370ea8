//! What every part of ml-connector agrees on: the key and life of a record, the documents that
//! CloudSuite gets, findings, money, references.
//!
//! This crate knows no wire format, does no I/O and reads no clock: time is an argument.

mod document;
mod finding;
mod key;
mod money;
mod private;
mod record;
mod reference;
mod state;
mod trail;

pub use document::{Address, Charge, Customer, Document, OrderLine, SalesOrder};
pub use finding::{Finding, FindingCode};
pub use key::{Kind, ParseKeyError, RecordKey, Source, SourceId, TenantId};
pub use money::{Currency, Money, MoneyError};
pub use private::Private;
pub use record::{Claim, Decision, Delivery, Held, Lease, LeaseLost, Record, decide};
pub use reference::Reference;
pub use state::{References, State, Status, Step};
pub use trail::{Digest, Entry, Event};
