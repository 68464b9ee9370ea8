//! What AWS does around the functions: it starts instances, gives them work, ends them at their time limit, and
//! starts new ones in place of those that are gone.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use aws_lambda_events::sqs::{SqsEvent, SqsMessage};
use futures::future::{Either, select};
use lambda_runtime::{Context, LambdaEvent};
use ledger::{Awaiting, Ledger as _};
use platform::{Clock as _, Mailbox as _, Received};
use poller::{Job, Poller};

use crate::{Instance, World, world::TENANT};

/// The poster's time limit (the template's).
const POSTER_LIMIT: Duration = Duration::from_secs(300);
/// The poller's time limit (the template's).
const POLLER_LIMIT: Duration = Duration::from_secs(180);
/// How long a message is hidden once it was received (the template's).
const VISIBILITY: u32 = 1_800;
/// How many messages Lambda gives at once (the template's).
const BATCH: u8 = 10;

/// The place of one instance: whoever is in it, as long as they live.
pub(crate) struct Slot<T> {
    name: String,
    present: Mutex<Present<T>>,
}

struct Present<T> {
    starts: u32,
    holder: Option<(Arc<Instance>, Arc<T>)>,
}

impl<T> Slot<T> {
    /// A place that nobody is in yet.
    pub(crate) fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), present: Mutex::new(Present { starts: 0, holder: None }) }
    }

    /// Who is in it; a new instance if nobody is, or if the last one is gone.
    pub(crate) fn get(
        &self,
        world: &World,
        start: impl FnOnce(&Arc<Instance>) -> T,
    ) -> (Arc<Instance>, Arc<T>) {
        // A poisoned lock only means a panic elsewhere.
        let mut present = self.present.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(holder) = present.holder.as_ref().filter(|(instance, _)| !instance.is_gone()) {
            return holder.clone();
        }
        present.starts += 1;
        world.around.counts.one("cold starts");
        let instance = Instance::new(format!("{}#{}", self.name, present.starts), &world.around);
        let holder = (instance.clone(), Arc::new(start(&instance)));
        present.holder = Some(holder.clone());
        holder
    }
}

/// Runs one invocation: nothing comes of it if the instance ends or its time is over, and then the instance is
/// gone.
pub(crate) async fn invoke<T>(
    instance: &Instance,
    limit: Duration,
    work: impl Future<Output = T>,
) -> Option<T> {
    let stopped = std::pin::pin!(async {
        let over = std::pin::pin!(instance.over(limit));
        let ended = std::pin::pin!(instance.ended());
        if let Either::Right(_) = select(ended, over).await {
            instance.around.counts.one("time-outs");
            instance.end("its time is over");
        }
    });
    match select(stopped, std::pin::pin!(work)).await {
        Either::Right((result, _)) => Some(result),
        Either::Left(_) => None,
    }
}

/// Lambda's event source: gives batches to one poster at a time, for ever.
pub(crate) async fn feed_poster(world: Arc<World>, number: u32) {
    let slot = Slot::new(format!("poster-{number}"));
    loop {
        let Ok(batch) = world.events.receive(BATCH, VISIBILITY).await else { return };
        if batch.is_empty() {
            next_message(&world).await;
            continue;
        }
        let (instance, poster) = slot.get(&world, |instance| world.poster(instance));
        instance.say(|| {
            let ids: Vec<_> =
                batch.iter().map(|m| format!("{} ({}×)", m.message_id, m.receive_count)).collect();
            format!("is given {}", ids.join(", "))
        });
        let work = poster.handle(event(&world, &batch));
        let Some(Ok(response)) = invoke(&instance, POSTER_LIMIT, work).await else {
            let pause = world.around.pace.between(100..=10_000);
            tokio::time::sleep(Duration::from_millis(pause)).await;
            continue;
        };
        let failed: Vec<_> =
            response.batch_item_failures.into_iter().map(|failure| failure.item_identifier).collect();
        instance.say(|| format!("ends its batch, staying: {failed:?}"));
        for message in batch.iter().filter(|message| !failed.contains(&message.message_id)) {
            let _ = world.events.delete(&message.receipt).await;
        }
    }
}

fn event(world: &World, batch: &[Received]) -> LambdaEvent<SqsEvent> {
    let records = batch.iter().map(|received| {
        let mut message = SqsMessage::default();
        message.message_id = Some(received.message_id.clone());
        message.receipt_handle = Some(received.receipt.clone());
        message.body = Some(received.body.clone());
        let count = received.receive_count.to_string();
        message.attributes.insert("ApproximateReceiveCount".to_owned(), count);
        message
    });
    let mut event = SqsEvent::default();
    event.records = records.collect();
    LambdaEvent::new(event, context(world, POSTER_LIMIT))
}

/// The context of an invocation. Its deadline is told by AWS's clock, not by the instance's.
fn context(world: &World, limit: Duration) -> Context {
    let mut context = Context::default();
    let now = u64::try_from(world.around.time.now().as_millisecond()).unwrap_or_default();
    context.deadline = now + u64::try_from(limit.as_millis()).unwrap_or_default();
    context
}

/// Returns when there may be a message to receive.
async fn next_message(world: &World) {
    let changed = world.changed.notified();
    let next = world.events.messages().into_iter().map(|message| message.visible_at).min();
    let (changed, next) = (std::pin::pin!(changed), next.map(crate::Time::elapsed_at));
    match next {
        // A message that is visible and was not picked is there for the next receive.
        Some(next) => {
            let next = next.max(world.around.time.elapsed() + Duration::from_millis(1));
            let reached = std::pin::pin!(world.around.time.reach(next));
            select(changed, reached).await;
        }
        None => changed.await,
    }
}

/// A schedule of the poller: a job each so many seconds, for ever, each run in a place of its own.
pub(crate) async fn schedule_poller(world: Arc<World>, job: Job, every: u64) {
    let slots: Vec<_> = (1..=2).map(|number| Arc::new(Slot::new(format!("{job:?}-{number}")))).collect();
    let awaiting = match job {
        Job::Confirm => Awaiting::Confirmation,
        // Of the shop's jobs none is scheduled here.
        _ => Awaiting::Settlement,
    };
    for run in 1_u64.. {
        world.around.time.reach(Duration::from_secs(run * every)).await;
        // A run that finds nothing does nothing: two seconds cover a clock that is ahead.
        let soon = world.around.time.now().checked_add(Duration::from_secs(2)).unwrap_or_default();
        if world.ledger.due(awaiting, soon, 1).await.is_ok_and(|due| due.is_empty()) {
            continue;
        }
        let slot = slots[usize::from(run % 2 == 0)].clone();
        tokio::spawn(poll(world.clone(), slot, job.clone()));
    }
}

/// The schedule that reads ShipBob's lists, for ever.
pub(crate) async fn ingest_for_ever(world: Arc<World>, every: u64) {
    let slots: Vec<_> = (1..=2).map(|number| Arc::new(Slot::new(format!("Ingest-{number}")))).collect();
    let job = serde_json::json!({ "job": "ingest", "tenants": TENANT });
    let Ok(job) = serde_json::from_value::<Job>(job) else { return };
    for run in 1_u64.. {
        world.around.time.reach(Duration::from_secs(run * every)).await;
        tokio::spawn(poll(world.clone(), slots[usize::from(run % 2 == 0)].clone(), job.clone()));
    }
}

async fn poll(world: Arc<World>, slot: Arc<Slot<Poller>>, job: Job) {
    let (instance, poller) = slot.get(&world, |instance| world.poller(instance));
    let work = poller.handle(LambdaEvent::new(job.clone(), Context::default()));
    match Box::pin(invoke(&instance, POLLER_LIMIT, work)).await {
        Some(Ok(summary)) => instance.say(|| format!("{job:?}: {summary:?}")),
        Some(Err(error)) => instance.say(|| format!("{job:?}: {error}")),
        None => {}
    }
}
