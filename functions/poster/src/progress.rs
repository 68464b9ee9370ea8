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
    /// The mapping version, if what CloudSuite has is brought to it.
    amending: Option<String>,
    /// When the first of their leases ends.
    until: Timestamp,
}

impl Records {
    /// Documents that are entered.
    pub(crate) fn new(ledger: Arc<dyn Ledger>, clock: Arc<dyn Clock>, orders: Vec<(Held, Written)>) -> Self {
        let until = earliest_end(orders.iter().map(|(held, _)| held));
        let (held, written) = orders.into_iter().map(|(held, written)| (Mutex::new(held), written)).unzip();
        Self { ledger, clock, held, written, amending: None, until }
    }

    /// The same for documents that CloudSuite has and that are brought to another content by this mapping version.
    #[must_use]
    pub(crate) fn amending(self, version: String) -> Self {
        Self { amending: Some(version), ..self }
    }

    /// The records, in order, as last written.
    pub(crate) fn into_held(self) -> Vec<Held> {
        self.held.into_iter().map(Mutex::into_inner).collect()
    }
}

/// When the first lease of held records ends.
pub(crate) fn earliest_end<'a>(held: impl Iterator<Item = &'a Held>) -> Timestamp {
    held.map(|held| held.lease.until).min().unwrap_or(Timestamp::MIN)
}

#[async_trait]
impl Progress for Records {
    async fn reached(&self, index: usize, step: Step, references: References) -> Result<(), Abandoned> {
        let written = self.written.get(index).ok_or(Abandoned)?;
        let mut held = self.held.get(index).ok_or(Abandoned)?.lock().await;
        let now = self.clock.now();
        let next = match (step, &self.amending) {
            (_, Some(version)) => held.amending(now, version, written),
            // Whoever comes back to the head has taken out what an earlier try left.
            (Step::Head, None) => held.anew(now, written),
            (step, None) => held.step(now, step, references),
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

    fn until(&self) -> Timestamp {
        self.until
    }
}
