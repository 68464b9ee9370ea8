//! What all instances share about one client of a service: small values, changed by compare and swap.
//!
//! The rate and the tokens of a client are such values. Where they are kept is not this crate's
//! business: whoever sets a tenant up brings the place.

use async_trait::async_trait;
use jiff::Timestamp;

/// A shared value as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// How often it was written; the first write makes it 1.
    pub version: u64,
    /// The value: JSON of whoever keeps it.
    pub value: String,
}

/// Why a shared value was not changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SwapError {
    /// Somebody else changed it first; this is what stands there now.
    Conflict(Option<Stored>),
    /// The place where it is kept did not answer; in words.
    Unavailable(String),
}

/// The values that all instances share about one client of a service, by name.
#[async_trait]
pub trait Shared: Send + Sync {
    /// The present moment, by the clock of this instance: instances differ by a second or two.
    fn now(&self) -> Timestamp;

    /// A value, by a strongly consistent read; nothing if there is none. The error is in words.
    async fn read(&self, name: &str) -> Result<Option<Stored>, String>;

    /// Puts a value on top of the version that was read (0: there was none) and returns its new version.
    async fn swap(&self, name: &str, before: u64, value: String) -> Result<u64, SwapError>;
}
