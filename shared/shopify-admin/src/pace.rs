//! The pace of one instance's calls: waits for the cost bucket before a call, learns costs and level from answers.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use tokio::time::{Instant, sleep};

use crate::{AdminError, answer::Cost, bucket::Bucket, query::Query};

#[derive(Debug, Default)]
struct Known {
    bucket: Option<Bucket>,
    /// What each query cost at its last answer.
    costs: BTreeMap<&'static str, u64>,
}

/// What this instance knows about costs.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    known: Mutex<Known>,
}

impl Pace {
    /// Waits until the bucket covers the query, and takes its cost. Gives up at once if that would be after the
    /// deadline.
    pub(crate) async fn admit(&self, query: &Query, deadline: Instant) -> Result<(), AdminError> {
        loop {
            let now = Instant::now();
            let wait = {
                let mut known = self.known();
                let cost = known.costs.get(query.name).copied().unwrap_or(query.cost);
                let Some(bucket) = known.bucket else { return Ok(()) };
                let wait = bucket.wait(cost, now);
                if wait.is_zero() {
                    known.bucket = Some(bucket.take(cost, now));
                    return Ok(());
                }
                wait
            };
            if now + wait > deadline {
                return Err(AdminError::Throttled { wait });
            }
            sleep(wait).await;
        }
    }

    /// Learns from an answer.
    pub(crate) fn learn(&self, query: &Query, cost: &Cost) {
        let mut known = self.known();
        known.bucket = Some(Bucket::seen(cost.level, Instant::now()));
        known.costs.insert(query.name, cost.requested);
    }

    /// A poisoned lock only means a panic elsewhere: what is known is whole.
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
