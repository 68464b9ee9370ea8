//! The one text that all instances share about an app's tokens in a shop, changed by compare and swap.
//!
//! Where it is kept is not this crate's business: whoever sets a shop up brings the place. What is handed over is
//! sealed already.

use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use jiff::Timestamp;
use tokio::time::Instant;

use crate::time::after;

/// The shared text as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// How often it was written; the first write makes it 1.
    pub version: u64,
    /// The text, sealed.
    pub value: String,
}

/// Why the shared text was not changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SwapError {
    /// Somebody else changed it first; this is what stands there now.
    Conflict(Option<Stored>),
    /// The place where it is kept did not answer; in words.
    Unavailable(String),
}

/// The place of the shared text of one shop.
#[async_trait]
pub trait SharedTokens: Send + Sync {
    /// The present moment, by the clock of this instance: instances differ by a second or two.
    fn now(&self) -> Timestamp;

    /// The text, by a strongly consistent read; nothing if there is none. The error is in words.
    async fn read(&self) -> Result<Option<Stored>, String>;

    /// Puts a text on top of the version that was read (0: there was none) and returns its new version.
    async fn swap(&self, before: u64, value: String) -> Result<u64, SwapError>;
}

/// The shared text in the memory of one process: for tests, simulations and tools that run alone. Tools that run
/// alone must not use it with a refresh token, which would be lost with the process.
#[derive(Debug)]
pub struct InMemory {
    start: (Timestamp, Instant),
    kept: Mutex<Option<Stored>>,
}

impl InMemory {
    /// Nothing kept yet, at this moment. The clock goes on with tokio's, so a paused one stands still here too.
    pub fn starting(now: Timestamp) -> Self {
        Self { start: (now, Instant::now()), kept: Mutex::default() }
    }

    /// A poisoned lock only means that a test panicked elsewhere; what is kept is whole after each call.
    fn kept(&self) -> MutexGuard<'_, Option<Stored>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl SharedTokens for InMemory {
    fn now(&self) -> Timestamp {
        after(self.start.0, self.start.1.elapsed())
    }

    async fn read(&self) -> Result<Option<Stored>, String> {
        Ok(self.kept().clone())
    }

    async fn swap(&self, before: u64, value: String) -> Result<u64, SwapError> {
        let mut kept = self.kept();
        if kept.as_ref().map_or(0, |stored| stored.version) != before {
            return Err(SwapError::Conflict(kept.clone()));
        }
        let version = before + 1;
        *kept = Some(Stored { version, value });
        Ok(version)
    }
}
