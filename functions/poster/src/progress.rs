//! Tells the ledger how far each order has come, while the batch is being posted.

use std::sync::Arc;

use async_trait::async_trait;
use cloudsuite::{Abandoned, Progress};
use domain::{Held, References, Step};
use ledger::{Ledger, keep};
use platform::Clock;
use tokio::sync::Mutex;

/// The held records of a batch, as last written.
pub(crate) struct Records {
    ledger: Arc<dyn Ledger>,
    clock: Arc<dyn Clock>,
    held: Vec<Mutex<Held>>,
}

impl Records {
    pub(crate) fn new(ledger: Arc<dyn Ledger>, clock: Arc<dyn Clock>, held: Vec<Held>) -> Self {
        Self { ledger, clock, held: held.into_iter().map(Mutex::new).collect() }
    }

    /// The records, in order, as last written.
    pub(crate) fn into_held(self) -> Vec<Held> {
        self.held.into_iter().map(Mutex::into_inner).collect()
    }
}

#[async_trait]
impl Progress for Records {
    async fn reached(&self, index: usize, step: Step, references: References) -> Result<(), Abandoned> {
        let mut held = self.held.get(index).ok_or(Abandoned)?.lock().await;
        let next = held.step(self.clock.now(), step, references).map_err(|_| Abandoned)?;
        match keep(&*self.ledger, next).await {
            Ok(kept) => {
                *held = kept;
                Ok(())
            }
            Err(error) => {
                tracing::error!(%error, record = %held.record.key, "the step could not be recorded: not going on");
                Err(Abandoned)
            }
        }
    }
}
