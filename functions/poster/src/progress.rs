//! Tells the ledger how far each order has come, while the batch is being posted.

use std::sync::Arc;

use async_trait::async_trait;
use cloudsuite::{Abandoned, Progress};
use domain::{Held, References, Step, Written};
use jiff::Timestamp;
use ledger::{Ledger, keep};
use platform::Clock;
use tokio::sync::Mutex;

/// The held records of a batch, as last written.
pub(crate) struct Records {
    ledger: Arc<dyn Ledger>,
    clock: Arc<dyn Clock>,
    held: Vec<Mutex<Held>>,
    /// What CloudSuite is to get for each.
    written: Vec<Written>,
    /// The ends of their leases, which do not change.
    ends: Vec<Timestamp>,
}

impl Records {
    pub(crate) fn new(ledger: Arc<dyn Ledger>, clock: Arc<dyn Clock>, orders: Vec<(Held, Written)>) -> Self {
        let ends = orders.iter().map(|(held, _)| held.lease.until).collect();
        let (held, written) = orders.into_iter().map(|(held, written)| (Mutex::new(held), written)).unzip();
        Self { ledger, clock, held, written, ends }
    }

    /// The records, in order, as last written.
    pub(crate) fn into_held(self) -> Vec<Held> {
        self.held.into_iter().map(Mutex::into_inner).collect()
    }
}

#[async_trait]
impl Progress for Records {
    async fn reached(&self, index: usize, step: Step, references: References) -> Result<(), Abandoned> {
        let written = self.written.get(index).ok_or(Abandoned)?;
        let mut held = self.held.get(index).ok_or(Abandoned)?.lock().await;
        let next = match step {
            // Whoever comes back to the head has taken out what an earlier try left.
            Step::Head => held.anew(self.clock.now(), written),
            step => held.step(self.clock.now(), step, references),
        };
        match keep(&*self.ledger, next.map_err(|_| Abandoned)?).await {
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

    fn holds(&self, index: usize) -> bool {
        self.ends.get(index).is_some_and(|end| self.clock.now() < *end)
    }
}
