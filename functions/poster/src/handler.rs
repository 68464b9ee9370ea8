//! The story of one batch: each message opened on its own, then what can be posted together is posted
//! together, then each message settled on its own; last, and alone, what a former holder vanished over.

use std::{
    collections::{BTreeMap, BTreeSet},
    convert::Infallible,
    sync::Arc,
};

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use domain::{Company, Digest, TenantId};
use jiff::SignedDuration;
use lambda_runtime::LambdaEvent;
use ledger::Ledger;
use platform::{Clock, Queues};
use tenants::TenantSource;
use tracing::Instrument as _;

use crate::{
    Catalogue, Ending, Tally,
    ending::settle,
    intake::{Opened, Ready},
    posting::post,
    turn::Turn,
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
    /// How long a write whose answer was lost may still arrive: CloudSuite is asked for it only then.
    pub quiet: SignedDuration,
    /// What this instance has seen of fields that are new or gone.
    pub drift: Tally,
    /// What this instance knows of ShipBob's catalogues.
    pub catalogue: Catalogue,
}

impl Poster {
    /// Handles one batch. What stays on the queue is reported by its message id; nothing fails the batch.
    pub async fn handle(
        self: &Arc<Self>,
        event: LambdaEvent<SqsEvent>,
    ) -> Result<SqsBatchResponse, Infallible> {
        let turn = Turn::of(&event.context, self.clock.now());
        let messages = event.payload.records;
        let mut round = Round { poster: self, messages: &messages, turn, staying: BTreeSet::new() };
        let every: Vec<_> = (0..messages.len()).collect();
        let alone = round.handle(&every).await;
        round.handle_each_alone(alone).await;
        self.drift.tell(&*self.ledger, self.clock.now()).await;
        let mut response = SqsBatchResponse::default();
        for place in round.staying {
            response.add_failure(messages[place].message_id.clone().unwrap_or_default());
        }
        Ok(response)
    }
}

/// How the handling of one message of the batch ended.
struct Settled {
    place: usize,
    /// The tenant that it says it is of; empty if that could not be read.
    tenant: String,
    ending: Ending,
}

/// What messages came to when they were opened.
#[derive(Default)]
struct Sorted {
    ready: Vec<(usize, Ready)>,
    settled: Vec<Settled>,
    /// Those that must be handled where no neighbour would be harmed: places and tenants.
    alone: Vec<(usize, String)>,
}

/// One batch on its way.
struct Round<'a> {
    poster: &'a Arc<Poster>,
    messages: &'a [SqsMessage],
    turn: Turn,
    /// The places of the messages that stay on the queue.
    staying: BTreeSet<usize>,
}

impl Round<'_> {
    /// Handles messages together. Returns those that must be handled alone, untouched.
    async fn handle(&mut self, places: &[usize]) -> Vec<(usize, String)> {
        let Sorted { ready, settled, alone } = self.open(places).await;
        self.settle(settled).await;
        let settled = self.post(ready).await;
        self.settle(settled).await;
        alone
    }

    /// Handles those that must be handled alone, one after another, each with all others out of its reach: what is
    /// done with is deleted, which is Lambda's part that it could not play if the next message ended this process,
    /// and what is not yet handled comes again by itself.
    async fn handle_each_alone(&mut self, alone: Vec<(usize, String)>) {
        if alone.is_empty() {
            return;
        }
        let places: Vec<_> = alone.iter().map(|&(place, _)| place).collect();
        let aside = |(place, tenant)| Settled { place, tenant, ending: Ending::Aside };
        self.settle(alone.into_iter().map(aside).collect()).await;
        for place in 0..self.messages.len() {
            self.delete_unless_it_stays(place).await;
        }
        for place in places {
            if self.turn.is_late() {
                return;
            }
            // One that does not stay was put on the queue anew: it is another message now.
            if self.staying.remove(&place) {
                self.handle(&[place]).await;
                self.delete_unless_it_stays(place).await;
            }
        }
    }

    async fn delete_unless_it_stays(&self, place: usize) {
        if !self.staying.contains(&place) {
            let receipt = self.messages[place].receipt_handle.as_deref().unwrap_or_default();
            self.poster.queue.done(receipt).await;
        }
    }

    /// Opens each message in a task of its own: what one message does, even a panic, is nobody else's fault.
    async fn open(&self, places: &[usize]) -> Sorted {
        let (turn, alone) = (self.turn, places.len() == 1);
        let tasks = places.iter().map(|&place| {
            let (poster, message) = (self.poster.clone(), self.messages[place].clone());
            tokio::spawn(async move { poster.open(&message, turn, alone).await })
        });
        let mut sorted = Sorted::default();
        for (&place, opened) in places.iter().zip(futures::future::join_all(tasks).await) {
            match opened {
                Ok(Opened::Ready(one)) => sorted.ready.push((place, *one)),
                Ok(Opened::Ended { tenant, ending }) => {
                    sorted.settled.push(Settled { place, tenant, ending });
                }
                Ok(Opened::Alone { tenant }) => sorted.alone.push((place, tenant)),
                Err(_) => {
                    let message_id = &self.messages[place].message_id;
                    tracing::error!(message_id, "a message made its task panic");
                    let ending = Ending::again("its task panicked");
                    sorted.settled.push(Settled { place, tenant: String::new(), ending });
                }
            }
        }
        sorted
    }

    /// Posts what is ready, in a task of its own for each tenant, mapping version and company: within one, the
    /// connection is the same.
    async fn post(&self, ready: Vec<(usize, Ready)>) -> Vec<Settled> {
        let mut groups: BTreeMap<(TenantId, Digest, Company), Vec<(usize, Ready)>> = BTreeMap::new();
        for (place, one) in ready {
            let key = (one.held.record.key.tenant.clone(), one.tenant.version, one.company());
            groups.entry(key).or_default().push((place, one));
        }
        let tasks = groups.into_iter().map(|((tenant, _, company), group)| async move {
            let (places, group): (Vec<_>, Vec<_>) = group.into_iter().unzip();
            let (poster, turn) = (self.poster.clone(), self.turn);
            let span = tracing::info_span!("posting", %tenant, %company, documents = group.len());
            let endings =
                tokio::spawn(async move { post(&poster, group, turn).await }.instrument(span)).await;
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

    /// Does with each message what its ending says.
    async fn settle(&mut self, settled: Vec<Settled>) {
        for Settled { place, tenant, ending } in settled {
            if settle(&self.poster.queue, &self.messages[place], &tenant, ending).await {
                self.staying.insert(place);
            }
        }
    }
}
