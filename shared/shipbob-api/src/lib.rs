//! Client of ShipBob's API: what has no webhook, what a webhook is held against, and the webhooks themselves.
//!
//! It speaks the protocol and no more: what it reads comes back as the JSON that ShipBob sent ([`Json`]), byte for byte,
//! so that nothing is lost before it is understood elsewhere. It knows nothing of CloudSuite, AWS or Lambda.
//!
//! All calls of one user share 150 requests a minute, over all instances. A call waits for its turn if that is soon,
//! repeats what may be repeated, and ends at its deadline at the latest. Errors say what it means ([`ApiError`]);
//! tokens, secrets and personal data stand in none of them.

mod answer;
mod call;
mod client;
mod error;
mod json;
mod pages;
mod query;
mod reads;
mod refusal;
mod retry;
mod secret;
mod token;
mod version;
mod writes;

pub use client::{LIMITS, ShipBob};
pub use error::ApiError;
pub use json::Json;
pub use pages::{Bookmark, Pages};
pub use reads::{
    InvoiceFilter, OrderFilter, ProductFilter, ReceivingFilter, ReturnFilter, StockMoves, TransactionFilter,
    Window,
};
pub use secret::{Access, Credentials, SecretError};
pub use version::{VERSION, WEBHOOK_VERSION};
pub use writes::Subscription;
