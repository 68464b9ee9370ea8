//! What every part of ml-connector agrees on: the key and life of a record, the documents that
//! CloudSuite gets, findings, money, references.
//!
//! This crate knows no wire format, does no I/O and reads no clock: time is an argument.

mod claim;
mod document;
mod erasure;
mod finding;
mod goods;
mod held;
mod key;
mod money;
mod private;
mod record;
mod reference;
mod state;
mod trail;

pub use claim::{Claim, Decision, Delivery, MOST_ATTEMPTS, decide};
pub use document::{
    Accounts, Address, Allocation, Charge, Company, Customer, Document, DocumentKind, JournalEntry,
    JournalLine, OrderLine, ParseCompanyError, PurchaseLine, PurchaseOrder, Release, SalesOrder,
};
pub use finding::{Finding, FindingCode};
pub use goods::{
    DeliveredOrder, GoodsLine, GoodsReceipt, InventoryIssue, Movements, OrderLineNumber, Quantities,
};
pub use held::{Held, LeaseLost};
pub use key::{Kind, ParseKeyError, RecordKey, Source, SourceId, TenantId};
pub use money::{Currency, Money, MoneyError};
pub use private::Private;
pub use record::{Lease, Record, Written};
pub use reference::Reference;
pub use state::{References, State, Status, Step};
pub use trail::{Digest, Entry, Event};
