//! The people: once the faults are over, somebody adds the item that was missing, releases what M3 holds back,
//! sends the dead letters down their way again and replays what is rejected.

use std::{sync::Arc, time::Duration};

use domain::{Record, RecordKey, State};
use platform::{Clock as _, Mailbox as _, Outgoing, Queues};
use serde_json::json;
use simulated_cloudsuite::HttpRequest;

use crate::{World, scenario::MISSING_ITEM, world::tenant};

/// Does all of it, once.
pub(crate) async fn take_care(world: &Arc<World>) {
    world.infor.simulator().add_item(MISSING_ITEM);
    release_all(world).await;
    let redriven = redrive(world).await;
    for record in world.ledger.records() {
        if needs_replay(&record) && !redriven.contains(&record.key) {
            replay(world, &record.key).await;
        }
    }
    world.changed.notify_waiters();
}

/// Releases in M3 what it holds back, and has taken up again what nobody looks for any more.
pub(crate) async fn release_all(world: &Arc<World>) {
    for record in world.ledger.records() {
        if let (State::Failed { .. }, Some(temporary)) = (&record.state, &record.references.temporary) {
            release(world, temporary);
            if record.next_check.is_none() {
                replay(world, &record.key).await;
            }
        }
    }
    world.changed.notify_waiters();
}

fn needs_replay(record: &Record) -> bool {
    record.key.kind == domain::Kind::Order && matches!(record.state, State::Rejected { .. })
}

/// A person releases a batch order in OIS275.
fn release(world: &World, temporary: &str) {
    world.around.log.say("operator", || format!("releases {temporary}"));
    world.around.counts.one("releases");
    let request =
        HttpRequest::new("POST", "/_simulated/release").body(json!({ "orno": temporary }).to_string());
    world.infor.simulator().handle(&request, world.around.time.now());
}

/// Moves every dead letter that is there now back to the queue of events, at a pace.
async fn redrive(world: &World) -> Vec<RecordKey> {
    let mut letters = Vec::new();
    while let Ok(more) = world.dead_letters.receive(10, 43_200).await
        && !more.is_empty()
    {
        letters.extend(more);
    }
    let mut keys = Vec::new();
    for letter in letters {
        world.around.log.say("operator", || format!("redrives {:?}", letter.attributes));
        world.around.counts.one("redrives");
        keys.extend(letter.attributes.get("record").and_then(|key| key.parse().ok()));
        if world.events.send(Outgoing::event(&tenant(), letter.body)).await.is_ok() {
            let _ = world.dead_letters.delete(&letter.receipt).await;
            world.changed.notify_waiters();
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    keys
}

async fn replay(world: &World, key: &RecordKey) {
    let queues = Queues { events: world.events.clone(), dead_letters: world.dead_letters.clone() };
    let replayed = replay::replay(&*world.ledger, &queues, key, "operator", world.around.time.now()).await;
    world.around.counts.one("replays");
    world
        .around
        .log
        .say("operator", || format!("replays {key}: {:?}", replayed.map(|record| record.version)));
}
