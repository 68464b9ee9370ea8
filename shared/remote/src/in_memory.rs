//! Shared values in the memory of one process: for tests, simulations and tools that run alone. A tool that runs
//! alone must not keep a refresh token there, which would be lost with the process.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use async_trait::async_trait;
use jiff::Timestamp;
use tokio::time::Instant;

use crate::{
    shared::{Shared, Stored, SwapError},
    time::after,
};

/// Shared values in memory. Its clock goes on with tokio's, so a paused one stands still here too.
#[derive(Debug)]
pub struct InMemory {
    start: (Timestamp, Instant),
    kept: Mutex<BTreeMap<String, Stored>>,
}

impl InMemory {
    /// Nothing kept yet, at this moment.
    pub fn starting(now: Timestamp) -> Self {
        Self { start: (now, Instant::now()), kept: Mutex::default() }
    }

    /// A poisoned lock only means that a test panicked elsewhere; what is kept is whole after each call.
    fn kept(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Stored>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Shared for InMemory {
    fn now(&self) -> Timestamp {
        after(self.start.0, self.start.1.elapsed())
    }

    async fn read(&self, name: &str) -> Result<Option<Stored>, String> {
        Ok(self.kept().get(name).cloned())
    }

    async fn swap(&self, name: &str, before: u64, value: String) -> Result<u64, SwapError> {
        let mut kept = self.kept();
        let stored = kept.get(name);
        if stored.map_or(0, |stored| stored.version) != before {
            return Err(SwapError::Conflict(stored.cloned()));
        }
        let version = before + 1;
        kept.insert(name.to_owned(), Stored { version, value });
        Ok(version)
    }
}
