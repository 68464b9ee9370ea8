//! The story of one batch: each message opened on its own, then what can be posted together is posted
//! together, then each message settled on its own.

use std::{collections::BTreeMap, convert::Infallible, sync::Arc};

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use domain::{Digest, TenantId};
use lambda_runtime::LambdaEvent;
use ledger::Ledger;
use platform::{Clock, Queues};
use tenants::TenantSource;
use tokio::time::Instant;
use tracing::Instrument as _;

use crate::{
    Ending,
    ending::settle,
    intake::{Opened, Ready},
    posting::post,
};

/// The poster function.
pub struct Poster {
    /// The records.
    pub ledger: Arc<dyn Ledger>,
    /// The queue that the messages come from, and the dead-letter queue.
    pub queue: Queues,
    /// The tenants.
    pub tenants: Arc<dyn TenantSource>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

/// One message with the tenant it says it is of; empty if that could not be read.
struct Settled {
    place: usize,
    tenant: String,
    ending: Ending,
}

impl Poster {
    /// Handles one batch. What stays on the queue is reported by its message id; nothing fails the batch.
    pub async fn handle(
        self: &Arc<Self>,
        event: LambdaEvent<SqsEvent>,
    ) -> Result<SqsBatchResponse, Infallible> {
        let messages = event.payload.records;
        let started = Instant::now();
        let (ready, mut settled) = self.open_all(&messages).await;
        settled.extend(self.post_all(ready, started).await);
        let mut response = SqsBatchResponse::default();
        for Settled { place, tenant, ending } in settled {
            let message = &messages[place];
            if settle(&self.queue, message, &tenant, ending).await {
                response.add_failure(message.message_id.clone().unwrap_or_default());
            }
        }
        Ok(response)
    }

    /// Opens each message in a task of its own: what one message does, even a panic, is nobody else's fault.
    async fn open_all(self: &Arc<Self>, messages: &[SqsMessage]) -> (Vec<(usize, Ready)>, Vec<Settled>) {
        let tasks = messages.iter().map(|message| {
            let (poster, message) = (self.clone(), message.clone());
            tokio::spawn(async move { poster.open(&message).await })
        });
        let (mut ready, mut settled) = (Vec::new(), Vec::new());
        for (place, opened) in futures::future::join_all(tasks).await.into_iter().enumerate() {
            match opened {
                Ok(Opened::Ready(one)) => ready.push((place, *one)),
                Ok(Opened::Ended { tenant, ending }) => settled.push(Settled { place, tenant, ending }),
                Err(_) => {
                    tracing::error!(message_id = messages[place].message_id, "a message made its task panic");
                    let ending = Ending::again("its task panicked");
                    settled.push(Settled { place, tenant: String::new(), ending });
                }
            }
        }
        (ready, settled)
    }

    /// Posts what is ready, in a task of its own for each tenant and mapping version: within one, company and
    /// connection are the same.
    async fn post_all(self: &Arc<Self>, ready: Vec<(usize, Ready)>, started: Instant) -> Vec<Settled> {
        let mut by_tenant: BTreeMap<(TenantId, Digest), Vec<(usize, Ready)>> = BTreeMap::new();
        for (place, one) in ready {
            let key = (one.held.record.key.tenant.clone(), one.tenant.version);
            by_tenant.entry(key).or_default().push((place, one));
        }
        let tasks = by_tenant.into_iter().map(|((tenant, _), group)| async move {
            let (places, group): (Vec<_>, Vec<_>) = group.into_iter().unzip();
            let poster = self.clone();
            let span = tracing::info_span!("posting", %tenant, orders = group.len());
            let endings =
                tokio::spawn(async move { post(&poster, group, started).await }.instrument(span)).await;
            let endings = endings.unwrap_or_else(|_| {
                tracing::error!(%tenant, "posting panicked: the records' leases end, then they are in doubt");
                vec![Ending::again("posting panicked"); places.len()]
            });
            let tenant = tenant.to_string();
            let settled = places.into_iter().zip(endings);
            settled
                .map(|(place, ending)| Settled { place, tenant: tenant.clone(), ending })
                .collect::<Vec<_>>()
        });
        futures::future::join_all(tasks).await.into_iter().flatten().collect()
    }
}
