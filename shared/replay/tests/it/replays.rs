//! What is sent, what is noted, and what is refused.

use async_trait::async_trait;
use domain::{Digest, Entry, Event, Record, RecordKey, State, Status, Step, TenantId};
use jiff::Timestamp;
use ledger::{
    Archived, Awaiting, Known, Ledger, LedgerError, Listed, Listing, Memory, Payload, SharedValue,
    StoredMapping, SwapError, WriteError,
};
use platform::Body;
use replay::{ReplayError, rehearse, replay};

use crate::world::{LEASE, World, at, key, world};

const BODY: &[u8] = b"{\"id\":1,\"note\":\"\\u00e9 \"}";

#[tokio::test]
async fn the_signed_bytes_last_taken_in_go_down_their_way_again() {
    let world = world();
    world.rejected(0, "d-1", b"{\"id\":1}").await;
    world.rejected(100, "d-2", BODY).await;
    world.replay(200).await.unwrap();
    let [envelope] = &world.sent()[..] else { panic!("one message") };
    assert_eq!(envelope.body.bytes().unwrap(), BODY);
    assert_eq!((envelope.delivery_id.as_str(), envelope.topic.as_str()), ("d-2", "orders/create"));
    assert_eq!((envelope.received_at, envelope.api_version.as_deref()), (at(100), Some("2026-10")));
    assert_eq!(envelope.again.as_deref(), Some("jo"));
    assert_eq!(world.events.messages()[0].group.as_deref(), Some("demo"));
}

#[tokio::test]
async fn the_trail_says_who_asked_and_nothing_else_changes() {
    let world = world();
    let before = world.rejected(0, "d-1", BODY).await;
    let returned = world.replay(200).await.unwrap();
    let after = world.record().await;
    assert_eq!(after, returned);
    let entry = after.trail.last().unwrap();
    assert_eq!((entry.at, entry.event, entry.detail.as_str()), (at(200), Event::Replayed, "by jo"));
    let unchanged = Record { version: after.version, trail: after.trail.clone(), ..before };
    assert_eq!(after, unchanged);
}

#[tokio::test]
async fn a_held_record_is_not_replayed() {
    let world = world();
    let held = world.held(0, "d-1", BODY).await;
    let error = world.replay(1).await.unwrap_err();
    assert!(matches!(error, ReplayError::Busy { until, .. } if until == held.lease.until), "{error}");
    assert!(matches!(rehearse(&world.ledger, &key(), at(1)).await, Err(ReplayError::Busy { .. })));
    assert_eq!((world.record().await, world.sent().len()), (held.record, 0));
}

/// A holder that vanished holds nothing: what it left behind is for the poster to judge.
#[tokio::test]
async fn a_lease_that_ran_out_holds_nothing() {
    let world = world();
    let held = world
        .held(0, "d-1", BODY)
        .await
        .posting(
            at(1),
            "m",
            &domain::Written {
                document: domain::DocumentKind::SalesOrder,
                company: "780".parse().unwrap(),
                fingerprint: Digest::of(b"d"),
                customer: "C1".into(),
                lines: 1,
                movement: None,
            },
        )
        .unwrap();
    world.ledger.write(held.record).await.unwrap();
    let record = world.replay(LEASE).await.unwrap();
    assert_eq!(record.state, State::Posting { step: Step::Head });
    assert_eq!(world.sent().len(), 1);
}

#[tokio::test]
async fn what_is_unknown_or_no_longer_kept_is_told() {
    let world = world();
    assert!(matches!(world.replay(0).await, Err(ReplayError::NoRecord(_))));
    let rejected = world.rejected(0, "d-1", BODY).await;
    // As if its retention were over: the record is of a body that nothing is archived of.
    let stored = World { ledger: Memory::default(), ..world };
    stored.ledger.write(Record { version: 1, ..rejected }).await.unwrap();
    assert!(matches!(stored.replay(9).await, Err(ReplayError::NotKept(_))));
    assert_eq!((stored.sent().len(), stored.record().await.version), (0, 1));
}

#[tokio::test]
async fn bytes_that_nobody_signed_are_not_replayed() {
    for damaged in [Body::compress(b"{\"id\":2}"), Body::from_compressed(vec![1, 2, 3])] {
        let world = world();
        let before = world.rejected(0, "d-1", BODY).await;
        world.archive(Digest::of(BODY), damaged, at(0)).await;
        assert!(matches!(world.replay(9).await, Err(ReplayError::Damaged(_))));
        assert_eq!((world.sent().len(), world.record().await), (0, before));
    }
}

#[tokio::test]
async fn a_rehearsal_changes_nothing() {
    let world = world();
    let before = world.rejected(0, "d-1", BODY).await;
    assert_eq!(rehearse(&world.ledger, &key(), at(9)).await.unwrap(), before);
    assert_eq!((world.sent().len(), world.record().await), (0, before));
}

/// The trail is told first: with the queue down, nothing is sent that nobody knows of.
#[tokio::test]
async fn with_the_queue_down_the_trail_says_that_it_was_tried() {
    let world = world();
    world.rejected(0, "d-1", BODY).await;
    world.events.set_down(true);
    let error = world.replay(9).await.unwrap_err();
    assert!(matches!(error, ReplayError::Queue(_)) && error.is_outage());
    assert_eq!(world.record().await.trail.last().unwrap().event, Event::Replayed);
    world.events.set_down(false);
    world.replay(10).await.unwrap();
    assert_eq!(world.sent().len(), 1);
}

/// A ledger to which another writer comes first, so often.
struct Overtaken<'a> {
    world: &'a World,
    times: std::sync::atomic::AtomicUsize,
    /// The other takes a newer delivery in; otherwise it only adds an entry.
    with_delivery: bool,
}

#[async_trait]
impl Ledger for Overtaken<'_> {
    async fn record(&self, key: &RecordKey) -> Result<Option<Record>, LedgerError> {
        self.world.ledger.record(key).await
    }

    async fn write(&self, record: Record) -> Result<Record, WriteError> {
        let left = self.times.load(std::sync::atomic::Ordering::Relaxed);
        if left > 0 {
            self.times.store(left - 1, std::sync::atomic::Ordering::Relaxed);
            if self.with_delivery {
                self.world.rejected(100, "d-2", b"{\"id\":1,\"newer\":true}").await;
            } else {
                let stored = self.world.record().await;
                self.world.ledger.write(stored.noted(at(100), Event::Duplicate, "d-1")).await.unwrap();
            }
        }
        self.world.ledger.write(record).await
    }

    async fn payload(&self, key: &RecordKey, body: &Digest) -> Result<Option<Payload>, LedgerError> {
        self.world.ledger.payload(key, body).await
    }

    async fn trail(&self, record: &Record) -> Result<Vec<Entry>, LedgerError> {
        self.world.ledger.trail(record).await
    }

    async fn shared(&self, client: &Digest, name: &str) -> Result<Option<SharedValue>, LedgerError> {
        self.world.ledger.shared(client, name).await
    }

    async fn swap_shared(
        &self,
        client: &Digest,
        name: &str,
        before: u64,
        value: &str,
    ) -> Result<u64, SwapError> {
        self.world.ledger.swap_shared(client, name, before, value).await
    }

    async fn due(
        &self,
        awaiting: Awaiting,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<RecordKey>, LedgerError> {
        self.world.ledger.due(awaiting, now, limit).await
    }

    async fn list(&self, tenant: &TenantId, of: Status, how: Listing) -> Result<Vec<Listed>, LedgerError> {
        self.world.ledger.list(tenant, of, how).await
    }

    async fn find_by_name(&self, tenant: &TenantId, name: &str) -> Result<Vec<RecordKey>, LedgerError> {
        self.world.ledger.find_by_name(tenant, name).await
    }

    async fn known(&self, tenant: &TenantId, listing: Listing) -> Result<Vec<Known>, LedgerError> {
        self.world.ledger.known(tenant, listing).await
    }

    async fn known_of(&self, keys: &[RecordKey]) -> Result<Vec<Known>, LedgerError> {
        self.world.ledger.known_of(keys).await
    }

    async fn archive(&self, key: &RecordKey, payload: &Payload) -> Result<(), LedgerError> {
        self.world.ledger.archive(key, payload).await
    }

    async fn payloads(&self, key: &RecordKey) -> Result<Vec<Archived>, LedgerError> {
        self.world.ledger.payloads(key).await
    }

    async fn erase_payload(&self, key: &RecordKey, body: &Digest) -> Result<(), LedgerError> {
        self.world.ledger.erase_payload(key, body).await
    }

    async fn remove(&self, key: &RecordKey, version: u64) -> Result<(), WriteError> {
        self.world.ledger.remove(key, version).await
    }

    async fn push_mapping(
        &self,
        tenant: &TenantId,
        text: &str,
        by: &str,
        now: Timestamp,
    ) -> Result<Digest, LedgerError> {
        self.world.ledger.push_mapping(tenant, text, by, now).await
    }

    async fn mapping(&self, tenant: &TenantId) -> Result<Option<StoredMapping>, LedgerError> {
        self.world.ledger.mapping(tenant).await
    }
}

/// A delivery that comes in between is the one that is replayed: what was read before is out of date.
#[tokio::test]
async fn a_newer_delivery_in_between_is_the_one_replayed() {
    let world = world();
    world.rejected(0, "d-1", BODY).await;
    let ledger = Overtaken { world: &world, times: 1.into(), with_delivery: true };
    replay(&ledger, &world.queues, &key(), "jo", at(200)).await.unwrap();
    let [envelope] = &world.sent()[..] else { panic!("one message") };
    assert_eq!(envelope.delivery_id, "d-2");
}

#[tokio::test]
async fn against_ever_new_writers_it_gives_up_and_sends_nothing() {
    let world = world();
    world.rejected(0, "d-1", BODY).await;
    let ledger = Overtaken { world: &world, times: 99.into(), with_delivery: false };
    let error = replay(&ledger, &world.queues, &key(), "jo", at(200)).await.unwrap_err();
    assert!(matches!(error, ReplayError::Ledger(LedgerError::Contended { .. })) && error.is_outage());
    assert!(world.sent().is_empty());
}
