use super::*;
use crate::{FindingCode, State};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + second).unwrap()
}

fn delivery(body: &str, updated: i64) -> Delivery {
    Delivery {
        id: format!("delivery-{body}"),
        topic: "orders/create".into(),
        received_at: at(0),
        updated_at: Some(at(updated)),
        body: Digest::of(body.as_bytes()),
        name: "#1001".into(),
    }
}

fn claim(delivery: Delivery) -> Claim {
    let key = "demo/shopify/order/1".parse().unwrap();
    Claim { key, delivery, lease: SignedDuration::from_secs(60) }
}

fn held() -> Held {
    Record::first(&claim(delivery("a", 10)), at(100))
}

fn posted() -> Record {
    held().posted(at(101), References::default(), at(130)).unwrap()
}

#[test]
fn the_first_delivery_makes_version_one_with_its_entry() {
    let record = held().record;
    assert_eq!((record.version, record.fence), (1, 1));
    assert_eq!(record.trail[0].detail, "orders/create delivery-a");
    assert_eq!(record.lease.unwrap().until, at(160));
}

#[test]
fn what_a_delivery_may_do_depends_on_the_record() {
    let free = held().waiting(at(101), at(150), "throttled").unwrap();
    let rejected = held().rejected(at(101), vec![]).unwrap();
    let in_doubt = held().in_doubt(at(101), Step::Lines, "timed out").unwrap();
    let posting = held().posting(at(101), "m1", Digest::of(b"doc")).unwrap().record;
    let same = delivery("a", 10);
    let cases = [
        (held().record, same.clone(), 120, Decision::Busy(at(160))),
        (held().record, same.clone(), 160, Decision::Take),
        (free.clone(), same.clone(), 120, Decision::Busy(at(150))),
        (free, same.clone(), 150, Decision::Take),
        (posted(), same.clone(), 120, Decision::Duplicate),
        (posted(), delivery("b", 10), 120, Decision::AlreadyPosted),
        (posted(), delivery("b", 11), 120, Decision::AlreadyPosted),
        (posted(), delivery("b", 9), 120, Decision::Stale),
        (rejected.clone(), same.clone(), 120, Decision::Take),
        (rejected, delivery("b", 9), 120, Decision::Stale),
        (in_doubt, same.clone(), 120, Decision::InDoubt(Step::Lines)),
        (posting, same, 200, Decision::InDoubt(Step::Head)),
    ];
    for (record, delivery, now, expected) in cases {
        assert_eq!(decide(&record, &delivery, at(now)), expected, "{:?} {}", record.state, delivery.id);
    }
}

#[test]
fn a_customer_that_changed_is_taken_again() {
    let mut customer = posted();
    customer.key.kind = Kind::Customer;
    assert_eq!(decide(&customer, &delivery("a", 10), at(120)), Decision::Duplicate);
    assert_eq!(decide(&customer, &delivery("b", 10), at(120)), Decision::Take);
}

#[test]
fn a_delivery_without_update_time_is_never_stale() {
    let mut undated = delivery("b", 0);
    undated.updated_at = None;
    assert_eq!(decide(&held().rejected(at(101), vec![]).unwrap(), &undated, at(120)), Decision::Take);
}

/// A holder that was paused beyond its lease must not overwrite what came after it.
#[test]
fn nothing_is_recorded_after_the_lease_ran_out() {
    assert!(held().posted(at(160), References::default(), at(190)).is_err());
    assert!(held().step(at(161), Step::Lines, References::default()).is_err());
}

#[test]
fn each_change_adds_to_the_trail_and_keeps_what_was_there() {
    let held = held().posting(at(101), "m1", Digest::of(b"doc")).unwrap();
    let temporary = References { temporary: Some("T1".into()), number: None };
    let held = held.step(at(102), Step::Lines, temporary.clone()).unwrap();
    let record = held.posted(at(103), temporary, at(130)).unwrap().confirmed(at(140), "0010000001");
    let story: Vec<_> = record.trail.iter().map(|entry| entry.event.to_string()).collect();
    assert_eq!(story, ["received", "planned", "posting", "posting", "posted", "confirmed"]);
    assert_eq!((record.version, record.lease, record.next_check), (5, None, None));
    assert_eq!(record.references.temporary.as_deref(), Some("T1"));
}

#[test]
fn a_rejection_counts_its_findings_by_code() {
    let finding = |code| Finding::new(code, "", "", "");
    let findings = vec![
        finding(FindingCode::UnknownItem),
        finding(FindingCode::TooLong),
        finding(FindingCode::UnknownItem),
    ];
    let record = held().rejected(at(101), findings).unwrap();
    assert_eq!(record.trail.last().unwrap().detail, "too_long, unknown_item ×2");
    assert!(matches!(record.state, State::Rejected { .. }));
}
