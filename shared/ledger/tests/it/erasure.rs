//! The contract's sentences about erasing payloads and removing records.

use std::sync::Arc;

use domain::{Digest, Event, Record};
use jiff::SignedDuration;
use ledger::{Archived, Ledger, Payload, WriteError};

use crate::contract::{at, held, key, payload};

type Any = Arc<dyn Ledger>;

fn payload_of(body: &str, length: usize, second: i64) -> Payload {
    Payload { body: Digest::of(body.as_bytes()), received_at: at(second), ..payload(length) }
}

async fn listed(ledger: &Any, id: u64) -> Vec<Archived> {
    let mut listed = ledger.payloads(&key(id)).await.unwrap();
    listed.sort_by_key(|one| one.received_at);
    listed
}

pub(crate) async fn payloads_are_listed_and_erased_one_by_one(ledger: Any) {
    let (small, large, other) = (payload_of("a", 10, 1), payload_of("b", 900_000, 2), payload_of("a", 10, 3));
    ledger.archive(&key(1), &small).await.unwrap();
    ledger.archive(&key(1), &large).await.unwrap();
    ledger.archive(&key(11), &other).await.unwrap();
    let entry = |payload: &Payload| Archived { body: payload.body, received_at: payload.received_at };
    assert_eq!(listed(&ledger, 1).await, [entry(&small), entry(&large)]);
    ledger.erase_payload(&key(1), &large.body).await.unwrap();
    assert_eq!(listed(&ledger, 1).await, [entry(&small)]);
    assert_eq!(ledger.payload(&key(1), &large.body).await.unwrap(), None);
    ledger.erase_payload(&key(1), &large.body).await.unwrap();
    ledger.erase_payload(&key(1), &small.body).await.unwrap();
    assert_eq!(listed(&ledger, 1).await, []);
    assert_eq!(ledger.payload(&key(11), &other.body).await.unwrap(), Some(other), "a neighbour's stays");
}

pub(crate) async fn a_removed_record_leaves_nothing_and_can_begin_anew(ledger: Any) {
    let mut record = held(&*ledger, 1).await.record;
    for n in 1..=40 {
        record = ledger.write(record.noted(at(n), Event::Duplicate, n.to_string())).await.unwrap();
    }
    assert!(record.paged > 0);
    ledger.remove(&key(1), record.version).await.unwrap();
    assert_eq!(ledger.record(&key(1)).await.unwrap(), None);
    ledger.remove(&key(1), record.version).await.unwrap();
    ledger.remove(&key(1), 0).await.unwrap();
    // Pages of the first life would be in the way of those of the second.
    let mut anew = held(&*ledger, 1).await.record;
    for n in 1..=40 {
        anew = ledger.write(anew.noted(at(n), Event::Stale, "anew")).await.unwrap();
    }
    let trail = ledger.trail(&anew).await.unwrap();
    assert_eq!(trail[1..].iter().filter(|entry| entry.detail == "anew").count(), 40);
}

pub(crate) async fn a_record_is_removed_in_its_version_only(ledger: Any) {
    let first = held(&*ledger, 1).await.record;
    let second = ledger.write(first.noted(at(1), Event::Stale, "")).await.unwrap();
    for version in [0, first.version] {
        let refused = ledger.remove(&key(1), version).await.unwrap_err();
        assert_eq!(refused, WriteError::Conflict(Some(Box::new(second.clone()))));
    }
    assert_eq!(ledger.record(&key(1)).await.unwrap().as_ref(), Some(&second));
    ledger.remove(&key(1), second.version).await.unwrap();
    assert_eq!(ledger.record(&key(1)).await.unwrap(), None);
}

pub(crate) async fn the_mark_of_an_erasure_reads_back(ledger: Any) {
    let until = at(9).checked_add(SignedDuration::from_micros(1_500)).unwrap();
    let erased = held(&*ledger, 1).await.record.erased(until, at(10), "1 payload".into());
    let erased = ledger.write(erased).await.unwrap();
    assert_eq!(ledger.record(&key(1)).await.unwrap().as_ref(), Some(&erased));
    assert!(erased.is_erased_until(until), "whole milliseconds are enough");
    let blank = Record::erased_unheard(key(2), until, at(10), "unheard of".into());
    let blank = ledger.write(blank).await.unwrap();
    assert_eq!(ledger.record(&key(2)).await.unwrap(), Some(blank));
}
