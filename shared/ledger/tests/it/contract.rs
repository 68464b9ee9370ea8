//! The sentences of the contract, each a test of any ledger.

use std::sync::Arc;

use domain::{
    Claim, Decision, Delivery, Digest, Event, Finding, FindingCode, Held, Record, RecordKey, References,
    State, Status, Step, TenantId, Written,
};
use jiff::{SignedDuration, Timestamp};
use ledger::{Awaiting, Claimed, Known, Ledger, LedgerError, Listing, Payload, WriteError, claim};

pub(crate) use crate::{erasure::*, shared::*};

type Shared = Arc<dyn Ledger>;

pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_millisecond(1_790_000_000_000 + second * 1_000).unwrap()
}

pub(crate) fn key(id: u64) -> RecordKey {
    format!("demo/shopify/order/{id}").parse().unwrap()
}

fn written(documents: &[u8]) -> Written {
    Written {
        document: domain::DocumentKind::SalesOrder,
        company: "780".parse().unwrap(),
        fingerprint: Digest::of(documents),
        customer: "C1".into(),
        lines: 3,
        movement: None,
    }
}

fn tenant() -> TenantId {
    "demo".parse().unwrap()
}

pub(crate) fn claim_of(id: u64, body: &str) -> Claim {
    let delivery = Delivery {
        id: format!("delivery-{id}-{body}"),
        topic: "orders/create".into(),
        received_at: at(i64::try_from(id).unwrap()),
        updated_at: Some(at(0)),
        triggered_at: None,
        body: Digest::of(body.as_bytes()),
        name: format!("#{id}"),
        again: false,
    };
    let (lease, quiet) = (SignedDuration::from_secs(60), SignedDuration::from_secs(30));
    Claim { key: key(id), delivery, lease, quiet, alone: true }
}

/// A record of a first delivery, claimed at `at(0)`.
pub(crate) async fn held(ledger: &dyn Ledger, id: u64) -> Held {
    match claim(ledger, &claim_of(id, "a"), at(0)).await.unwrap() {
        Claimed::Held(held) => held,
        refused @ Claimed::Refused { .. } => panic!("a new record was refused: {refused:?}"),
    }
}

async fn posted(ledger: &dyn Ledger, id: u64, next_check: Timestamp) -> Record {
    let record = held(ledger, id).await.posted(at(1), References::default(), next_check).unwrap();
    ledger.write(record).await.unwrap()
}

/// Bytes that no compression would shorten and that differ from place to place.
pub(crate) fn payload(length: usize) -> Payload {
    let bytes = (0_u64..).flat_map(|n| *Digest::of(&n.to_be_bytes()).as_bytes());
    Payload {
        body: Digest::of(b"signed"),
        compressed: bytes.take(length).collect(),
        topic: "orders/create".into(),
        api_version: "2026-10".into(),
        received_at: at(5),
    }
}

fn findings(count: usize, message: &str) -> Vec<Finding> {
    let finding =
        |n| Finding::new(FindingCode::UnknownItem, format!("line_items[{n}].sku"), message, "create it");
    (0..count).map(finding).collect()
}

pub(crate) async fn a_record_reads_back_as_it_was_written(ledger: Shared) {
    assert_eq!(ledger.record(&key(1)).await.unwrap(), None);
    let held = held(&*ledger, 1).await;
    assert_eq!(ledger.record(&key(1)).await.unwrap().as_ref(), Some(&held.record));
    let references = References { temporary: Some("T1".into()), number: Some("0010000001".into()) };
    let held = held.posting(at(1), "m1", &written(b"documents")).unwrap();
    let held = Held { record: ledger.write(held.record).await.unwrap(), lease: held.lease };
    let posted = ledger.write(held.posted(at(2), references, at(30)).unwrap()).await.unwrap();
    let checked = ledger.write(posted.checked(at(31), at(60), "not there yet")).await.unwrap();
    assert_eq!((checked.checks, checked.next_check, checked.posted_at), (1, Some(at(60)), Some(at(2))));
    assert_eq!(ledger.record(&key(1)).await.unwrap(), Some(checked));
}

pub(crate) async fn every_state_reads_back(ledger: Shared) {
    let states = [
        State::Received,
        State::Posting { step: Step::Confirm },
        State::Posted,
        State::Confirmed,
        State::Skipped { reason: "test order".into() },
        State::Rejected { findings: findings(2, "no \"item\" ö") },
        State::Waiting { until: at(9), why: "throttled".into() },
        State::InDoubt { since: at(8), step: Step::Head },
        State::Failed { findings: findings(1, "refused") },
    ];
    for (id, state) in (1..).zip(states) {
        let mut record = Record::first(&claim_of(id, "a"), at(0)).record;
        record.state = state;
        // Each with movements of goods as well: of none, of some, and with one under way.
        let moved =
            domain::Quantities::from([(format!("{id}/L-7 ö"), rust_decimal::Decimal::new(-1_250, 3))]);
        record.parked = u32::try_from(id % 3).unwrap();
        record.movements.count = u32::try_from(id - 1).unwrap();
        record.movements.done = if id > 2 { moved.clone() } else { domain::Quantities::new() };
        record.movements.under_way = (id % 2 == 0).then_some(moved);
        record.triggered_at = (id % 2 == 0).then(|| Timestamp::from_millisecond(1_795_341_600_123).unwrap());
        let stored = ledger.write(record.clone()).await.unwrap();
        assert_eq!(stored, record);
        assert_eq!(ledger.record(&key(id)).await.unwrap(), Some(record));
    }
}

pub(crate) async fn a_write_goes_on_top_of_its_version_only(ledger: Shared) {
    let first = held(&*ledger, 1).await;
    let skipped = ledger.write(first.skipped(at(1), "test order").unwrap()).await.unwrap();
    let late = first.rejected(at(2), findings(1, "late")).unwrap();
    let conflict = ledger.write(late).await.unwrap_err();
    assert_eq!(conflict, WriteError::Conflict(Some(Box::new(skipped.clone()))));
    let absent = Record { key: key(2), ..skipped.noted(at(3), Event::Duplicate, "") };
    assert_eq!(ledger.write(absent).await.unwrap_err(), WriteError::Conflict(None));
    assert_eq!(ledger.record(&key(1)).await.unwrap(), Some(skipped));
}

pub(crate) async fn a_new_record_is_held_by_whom_claims_it_first(ledger: Shared) {
    let now = at(0).checked_add(SignedDuration::from_micros(1_500)).unwrap();
    let claimed = claim(&*ledger, &claim_of(1, "a"), now).await.unwrap();
    let Claimed::Held(held) = claimed else { panic!("{claimed:?}") };
    assert_eq!(Some(held.lease), held.record.lease);
    assert_eq!(held.record.trail[0].at.as_millisecond(), at(0).as_millisecond() + 1);
    assert_eq!(ledger.record(&key(1)).await.unwrap(), Some(held.record));
}

pub(crate) async fn of_many_claims_one_wins(ledger: Shared) {
    let claims = (0..8).map(|n| {
        let ledger = Arc::clone(&ledger);
        tokio::spawn(async move { claim(&*ledger, &claim_of(1, &n.to_string()), at(0)).await.unwrap() })
    });
    let mut winners = 0;
    for claimed in claims.collect::<Vec<_>>() {
        match claimed.await.unwrap() {
            Claimed::Held(_) => winners += 1,
            Claimed::Refused { decision, .. } => assert_eq!(decision, Decision::Busy(at(60))),
        }
    }
    assert_eq!(winners, 1);
}

pub(crate) async fn a_known_record_is_claimed_as_the_domain_decides(ledger: Shared) {
    let busy = held(&*ledger, 1).await;
    let free = ledger.write(busy.waiting(at(1), at(10), "throttled").unwrap()).await.unwrap();
    refused(&ledger, &claim_of(1, "a"), at(9), &Decision::Busy(at(10))).await;
    let again = claim(&*ledger, &claim_of(1, "a"), at(10)).await.unwrap();
    let Claimed::Held(again) = again else { panic!("{again:?}") };
    assert_eq!((again.record.version, again.lease.fence), (free.version + 1, 2));

    posted(&*ledger, 2, at(30)).await;
    let mut older = claim_of(2, "b");
    older.delivery.updated_at = Some(at(-1));
    refused(&ledger, &older, at(90), &Decision::Stale).await;
    refused(&ledger, &claim_of(2, "a"), at(90), &Decision::Duplicate).await;
    refused(&ledger, &claim_of(2, "b"), at(90), &Decision::AlreadyPosted).await;

    let writing = held(&*ledger, 3).await.posting(at(1), "m1", &written(b"d")).unwrap();
    ledger.write(writing.record).await.unwrap();
    refused(&ledger, &claim_of(3, "a"), at(89), &Decision::Busy(at(90))).await;
    let crowded = Claim { alone: false, ..claim_of(3, "a") };
    refused(&ledger, &crowded, at(90), &Decision::Alone).await;
    let Claimed::Held(doubtful) = claim(&*ledger, &claim_of(3, "a"), at(90)).await.unwrap() else { panic!() };
    assert!(doubtful.must_ask(), "what was being written is asked for, not written again");
}

async fn refused(ledger: &Shared, wanted: &Claim, now: Timestamp, expected: &Decision) {
    let stored = ledger.record(&wanted.key).await.unwrap();
    let claimed = claim(&**ledger, wanted, now).await.unwrap();
    let Claimed::Refused { decision, record } = claimed else { panic!("{claimed:?}") };
    assert_eq!((&decision, Some(&record)), (expected, stored.as_ref()));
    assert_eq!(ledger.record(&wanted.key).await.unwrap(), stored, "a refused claim changes nothing");
}

pub(crate) async fn a_long_trail_keeps_every_entry_in_order(ledger: Shared) {
    let mut record = held(&*ledger, 1).await.record;
    for n in 1..=130 {
        record = ledger.write(record.noted(at(n), Event::Duplicate, n.to_string())).await.unwrap();
        assert!(record.trail.len() <= 24, "the head stays small");
    }
    assert_eq!(ledger.record(&key(1)).await.unwrap().as_ref(), Some(&record));
    let trail = ledger.trail(&record).await.unwrap();
    let details: Vec<_> = trail[1..].iter().map(|entry| entry.detail.clone()).collect();
    assert_eq!(details, (1..=130).map(|n| n.to_string()).collect::<Vec<_>>());
    assert_eq!(trail.len(), record.paged as usize + record.trail.len());
}

/// Both writers move the same entries to a page before one of them loses the head.
pub(crate) async fn a_lost_race_leaves_the_trail_whole(ledger: Shared) {
    let mut record = held(&*ledger, 1).await.record;
    for n in 1..24 {
        record = ledger.write(record.noted(at(n), Event::Duplicate, n.to_string())).await.unwrap();
    }
    assert_eq!((record.paged, record.trail.len()), (0, 24));
    let winner = ledger.write(record.noted(at(50), Event::Duplicate, "winner")).await.unwrap();
    let loser = ledger.write(record.noted(at(51), Event::Duplicate, "loser")).await.unwrap_err();
    assert_eq!(loser, WriteError::Conflict(Some(Box::new(winner.clone()))));
    let trail = ledger.trail(&winner).await.unwrap();
    assert_eq!((trail.len(), trail[24].detail.as_str()), (25, "winner"));
    // What was read before the trail was paged still leads to its whole trail.
    assert_eq!(ledger.trail(&record).await.unwrap().len(), 24);
}

pub(crate) async fn too_many_findings_end_with_a_count(ledger: Shared) {
    let rejected = held(&*ledger, 1).await.rejected(at(1), findings(5_000, &"ö".repeat(300))).unwrap();
    let stored = ledger.write(rejected).await.unwrap();
    let State::Rejected { findings: kept } = &stored.state else { panic!("{:?}", stored.state) };
    let dropped = 5_000 - (kept.len() - 1);
    assert_eq!(kept.last().unwrap().message, format!("and {dropped} more findings that are not kept"));
    let json = serde_json::to_string(kept).unwrap().len();
    assert!((290_000..=301_000).contains(&json), "{json} bytes are kept");
    // Written again, for a duplicate, it stays as it is.
    let noted = ledger.write(stored.noted(at(2), Event::Duplicate, "")).await.unwrap();
    assert_eq!(noted.state, stored.state);
    assert_eq!(ledger.record(&key(1)).await.unwrap(), Some(noted));
}

pub(crate) async fn over_long_texts_are_cut_at_a_character(ledger: Shared) {
    let reason = format!("x{}", "ö".repeat(1_000));
    let stored = ledger.write(held(&*ledger, 1).await.skipped(at(1), reason).unwrap()).await.unwrap();
    let expected = format!("x{}…", "ö".repeat(499));
    assert_eq!(stored.state, State::Skipped { reason: expected.clone() });
    assert_eq!(stored.trail.last().unwrap().detail, expected);
    let noted = ledger.write(stored.noted(at(2), Event::Duplicate, "")).await.unwrap();
    assert_eq!(noted.state, stored.state, "what was cut once stays as it is");
    assert_eq!(ledger.record(&key(1)).await.unwrap(), Some(noted));
}

pub(crate) async fn what_is_due_is_listed_and_nothing_else(ledger: Shared) {
    for id in 1..=12 {
        let next_check = at(100 - i64::try_from(id).unwrap());
        posted(&*ledger, id, next_check).await;
    }
    held(&*ledger, 50).await;
    let record = ledger.record(&key(12)).await.unwrap().unwrap();
    ledger.write(record.confirmed(at(88), "0010000012")).await.unwrap();
    let record = ledger.record(&key(11)).await.unwrap().unwrap();
    ledger.write(record.checked(at(89), at(500), "not there yet")).await.unwrap();

    let due = ledger.due(Awaiting::Confirmation, at(95), 100).await.unwrap();
    assert_eq!(due, [10, 9, 8, 7, 6, 5].map(key), "the longest due first");
    assert_eq!(ledger.due(Awaiting::Confirmation, at(95), 2).await.unwrap(), [10, 9].map(key));
    assert_eq!(ledger.due(Awaiting::Confirmation, at(80), 100).await.unwrap(), []);
    assert_eq!(ledger.due(Awaiting::Confirmation, at(500), 100).await.unwrap().len(), 11);
}

pub(crate) async fn what_is_in_doubt_is_due_for_settlement_and_for_nothing_else(ledger: Shared) {
    posted(&*ledger, 1, at(30)).await;
    let doubtful = held(&*ledger, 2).await.in_doubt(at(1), Step::Lines, "timed out", Some(at(40))).unwrap();
    let doubtful = ledger.write(doubtful).await.unwrap();
    assert_eq!(ledger.record(&key(2)).await.unwrap().as_ref(), Some(&doubtful));
    assert_eq!(ledger.due(Awaiting::Settlement, at(39), 10).await.unwrap(), []);
    assert_eq!(ledger.due(Awaiting::Settlement, at(40), 10).await.unwrap(), [key(2)]);
    assert_eq!(ledger.due(Awaiting::Confirmation, at(40), 10).await.unwrap(), [key(1)]);
    let Claimed::Held(mut taken) = claim(&*ledger, &claim_of(2, "a"), at(60)).await.unwrap() else {
        panic!()
    };
    taken.found_absent(at(61));
    let posting = taken.posting(at(62), "m1", &written(b"d")).unwrap();
    ledger.write(posting.record).await.unwrap();
    assert_eq!(ledger.due(Awaiting::Settlement, at(900), 10).await.unwrap(), [key(2)], "until it ends");
    assert_eq!(ledger.due(Awaiting::Confirmation, at(900), 10).await.unwrap(), [key(1)]);
}

pub(crate) async fn attempts_and_what_was_written_read_back(ledger: Shared) {
    let posting = held(&*ledger, 1).await.posting(at(1), "m1", &written(b"d")).unwrap();
    ledger.write(posting.record).await.unwrap();
    let stored = ledger.record(&key(1)).await.unwrap().unwrap();
    assert_eq!((stored.attempts, stored.written()), (1, Some(written(b"d"))));
}

async fn listed(ledger: &Shared, status: Status, listing: Listing) -> Vec<RecordKey> {
    let listed = ledger.list(&tenant(), status, listing).await.unwrap();
    listed.into_iter().map(|one| one.key).collect()
}

pub(crate) async fn records_are_listed_by_status_newest_first(ledger: Shared) {
    for id in 1..=3 {
        held(&*ledger, id).await;
    }
    let rejected = held(&*ledger, 4).await.rejected(at(1), findings(1, "x")).unwrap();
    ledger.write(rejected).await.unwrap();
    let mut elsewhere = claim_of(5, "a");
    elsewhere.key.tenant = "other".parse().unwrap();
    claim(&*ledger, &elsewhere, at(0)).await.unwrap();

    assert_eq!(listed(&ledger, Status::Open, Listing::newest(10)).await, [3, 2, 1].map(key));
    let rejected = ledger.list(&tenant(), Status::Rejected, Listing::newest(10)).await.unwrap();
    assert_eq!(rejected.len(), 1);
    assert_eq!((rejected[0].name.as_str(), rejected[0].received_at), ("#4", at(4)));
    assert_eq!(listed(&ledger, Status::Confirmed, Listing::newest(10)).await, []);
}

pub(crate) async fn a_listing_is_bounded_by_time_and_number(ledger: Shared) {
    for id in 1..=9 {
        held(&*ledger, id).await;
    }
    assert_eq!(listed(&ledger, Status::Open, Listing::newest(2)).await, [9, 8].map(key));
    assert_eq!(listed(&ledger, Status::Open, Listing::newest(0)).await, []);
    let between = Listing { since: Some(at(3)), until: Some(at(5)), limit: 10 };
    assert_eq!(listed(&ledger, Status::Open, between).await, [5, 4, 3].map(key));
    let since = Listing { since: Some(at(8)), ..Listing::newest(10) };
    assert_eq!(listed(&ledger, Status::Open, since).await, [9, 8].map(key));
    let until = Listing { until: Some(at(2)), ..Listing::newest(10) };
    assert_eq!(listed(&ledger, Status::Open, until).await, [2, 1].map(key));
}

pub(crate) async fn a_name_finds_its_records_in_every_status(ledger: Shared) {
    for id in 1..=3 {
        held(&*ledger, id).await;
    }
    let mut namesake = claim_of(4, "a");
    namesake.delivery.name = "#2".into();
    let claimed = claim(&*ledger, &namesake, at(0)).await.unwrap();
    let Claimed::Held(namesake) = claimed else { panic!("{claimed:?}") };
    ledger.write(namesake.skipped(at(1), "test order").unwrap()).await.unwrap();
    assert_eq!(ledger.find_by_name(&tenant(), "#2").await.unwrap(), [2, 4].map(key));
    assert_eq!(ledger.find_by_name(&tenant(), "#9").await.unwrap(), []);
    assert_eq!(ledger.find_by_name(&"other".parse().unwrap(), "#2").await.unwrap(), []);
}

fn sorted(mut known: Vec<Known>) -> Vec<Known> {
    known.sort_by(|a, b| a.key.cmp(&b.key));
    known
}

fn known(id: u64, updated_at: Option<Timestamp>) -> Known {
    Known { key: key(id), updated_at, body: None }
}

pub(crate) async fn what_is_known_is_told_by_time_and_in_every_status(ledger: Shared) {
    for id in 1..=4 {
        held(&*ledger, id).await;
    }
    let skipped = held(&*ledger, 5).await.skipped(at(1), "test order").unwrap();
    ledger.write(skipped.clone()).await.unwrap();
    let mut untimed = claim_of(6, "a");
    untimed.delivery.updated_at = None;
    claim(&*ledger, &untimed, at(0)).await.unwrap();
    let between = Listing { since: Some(at(3)), until: Some(at(6)), limit: 10 };
    let found = sorted(ledger.known(&tenant(), between).await.unwrap());
    assert_eq!(found, [known(3, Some(at(0))), known(4, Some(at(0))), known(5, Some(at(0))), known(6, None)]);
    // A newer delivery moves the time that is told.
    let newer = Delivery { updated_at: Some(at(90)), ..claim_of(5, "b").delivery };
    let record = ledger.record(&key(5)).await.unwrap().unwrap();
    ledger.write(record.compared(at(91), &newer, Event::Unchanged, String::new())).await.unwrap();
    let found = sorted(ledger.known(&tenant(), between).await.unwrap());
    assert_eq!(found[2], known(5, Some(at(90))));
    // The limit is each status's: the newest of the open ones, and the one that was skipped.
    let found = sorted(ledger.known(&tenant(), Listing { limit: 1, ..between }).await.unwrap());
    assert_eq!(found, [known(5, Some(at(90))), known(6, None)]);
    assert_eq!(ledger.known(&"other".parse().unwrap(), between).await.unwrap(), []);
}

pub(crate) async fn what_is_known_of_keys_leaves_out_what_is_not_there(ledger: Shared) {
    assert_eq!(ledger.known_of(&[]).await.unwrap(), []);
    for id in 1..=120 {
        held(&*ledger, id).await;
    }
    // More than one batch, with keys that are not there and one that is asked for twice.
    let mut keys: Vec<_> = (1..=130).map(key).collect();
    keys.push(key(1));
    let found = sorted(ledger.known_of(&keys).await.unwrap());
    let mut expected: Vec<_> =
        (1..=120).map(|id| Known { body: Some(Digest::of(b"a")), ..known(id, Some(at(0))) }).collect();
    expected.sort_by(|a, b| a.key.cmp(&b.key));
    assert_eq!(found, expected);
}

pub(crate) async fn a_large_payload_reads_back_byte_for_byte(ledger: Shared) {
    for length in [0, 1, 399_999, 400_000, 400_001, 1_500_000] {
        let payload = payload(length);
        ledger.archive(&key(1), &payload).await.unwrap();
        ledger.archive(&key(1), &payload).await.unwrap();
        let read = ledger.payload(&key(1), &payload.body).await.unwrap();
        assert!(read.as_ref() == Some(&payload), "{length} bytes: {read:?}");
    }
    // A shorter form of the same bytes leaves no trace of the longer one.
    ledger.archive(&key(1), &payload(10)).await.unwrap();
    assert_eq!(ledger.payload(&key(1), &payload(10).body).await.unwrap(), Some(payload(10)));
}

pub(crate) async fn a_payload_is_found_by_its_digest_only(ledger: Shared) {
    ledger.archive(&key(1), &payload(10)).await.unwrap();
    assert_eq!(ledger.payload(&key(1), &Digest::of(b"other")).await.unwrap(), None);
    assert_eq!(ledger.payload(&key(2), &payload(10).body).await.unwrap(), None);
}

pub(crate) async fn a_payload_beyond_all_measure_is_refused(ledger: Shared) {
    let payload = Payload { compressed: vec![0; 16_000_001], ..payload(0) };
    let error = ledger.archive(&key(1), &payload).await.unwrap_err();
    assert!(matches!(error, LedgerError::TooLarge { size: 16_000_001, .. }), "{error}");
    let error = ledger.push_mapping(&tenant(), &"#".repeat(350_001), "jo", at(0)).await.unwrap_err();
    assert!(matches!(error, LedgerError::TooLarge { .. }), "{error}");
}

pub(crate) async fn the_last_mapping_pushed_is_the_active_one(ledger: Shared) {
    assert_eq!(ledger.mapping(&tenant()).await.unwrap(), None);
    let first = ledger.push_mapping(&tenant(), "line = \"m3\"", "jo", at(0)).await.unwrap();
    let second = ledger.push_mapping(&tenant(), "line = \"csi\"", "jo", at(1)).await.unwrap();
    assert_eq!(active(&ledger).await, (second, "line = \"csi\"".to_owned()));
    // Back to the first: the same text is the same version.
    assert_eq!(ledger.push_mapping(&tenant(), "line = \"m3\"", "ann", at(2)).await.unwrap(), first);
    assert_eq!(active(&ledger).await, (first, "line = \"m3\"".to_owned()));
    assert_eq!(ledger.mapping(&"other".parse().unwrap()).await.unwrap(), None);
}

async fn active(ledger: &Shared) -> (Digest, String) {
    let mapping = ledger.mapping(&tenant()).await.unwrap().unwrap();
    (mapping.version, mapping.text)
}
