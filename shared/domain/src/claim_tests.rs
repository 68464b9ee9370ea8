use super::*;
use crate::{Held, References, Step, Written};

pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + second).unwrap()
}

pub(crate) fn delivery(body: &str, updated: i64) -> Delivery {
    Delivery {
        id: format!("delivery-{body}"),
        topic: "orders/create".into(),
        received_at: at(0),
        updated_at: Some(at(updated)),
        triggered_at: None,
        body: Digest::of(body.as_bytes()),
        name: "#1001".into(),
        again: false,
    }
}

/// A claim of a minute; what was sent may arrive for half a minute more.
pub(crate) fn claim(delivery: Delivery) -> Claim {
    let key = "demo/shopify/order/1".parse().unwrap();
    let (lease, quiet) = (SignedDuration::from_secs(60), SignedDuration::from_secs(30));
    Claim { key, delivery, lease, quiet, alone: true }
}

/// Held from 100 to 160.
pub(crate) fn held() -> Held {
    Record::first(&claim(delivery("a", 10)), at(100))
}

pub(crate) fn posting() -> Held {
    held()
        .posting(
            at(101),
            "m1",
            &Written {
                document: crate::DocumentKind::SalesOrder,
                company: "780".parse().unwrap(),
                fingerprint: Digest::of(b"doc"),
                customer: "C1".into(),
                lines: 2,
                movement: None,
            },
        )
        .unwrap()
}

pub(crate) fn posted() -> Record {
    held().posted(at(101), References::default(), at(130)).unwrap()
}

fn decision(record: &Record, delivery: Delivery, now: i64) -> Decision {
    decide(record, &claim(delivery), at(now))
}

#[test]
fn what_a_delivery_may_do_depends_on_the_record() {
    let free = held().waiting(at(101), at(150), "throttled").unwrap();
    let rejected = held().rejected(at(101), vec![]).unwrap();
    let in_doubt = held().in_doubt(at(101), Step::Lines, "timed out", None).unwrap();
    let same = delivery("a", 10);
    let cases = [
        (held().record, same.clone(), 120, Decision::Busy(at(160))),
        (held().record, same.clone(), 160, Decision::Take),
        (free.clone(), same.clone(), 120, Decision::Busy(at(150))),
        (free.clone(), delivery("b", 9), 120, Decision::Stale),
        (free, same.clone(), 150, Decision::Take),
        (posted(), same.clone(), 120, Decision::Duplicate),
        (posted(), delivery("b", 10), 120, Decision::AlreadyPosted),
        (posted(), delivery("b", 11), 120, Decision::AlreadyPosted),
        (posted(), delivery("b", 9), 120, Decision::Stale),
        (rejected.clone(), same.clone(), 120, Decision::Take),
        (rejected.clone(), delivery("b", 10), 120, Decision::Take),
        (rejected, delivery("b", 9), 120, Decision::Stale),
        (in_doubt.clone(), same.clone(), 120, Decision::Busy(at(131))),
        (in_doubt.clone(), delivery("b", 9), 120, Decision::Stale),
        (in_doubt, same.clone(), 131, Decision::Take),
        (posting().record, same.clone(), 159, Decision::Busy(at(160))),
        (posting().record, same.clone(), 189, Decision::Busy(at(190))),
        (posting().record, same, 190, Decision::Take),
    ];
    for (record, delivery, now, expected) in cases {
        let id = delivery.id.clone();
        assert_eq!(decision(&record, delivery, now), expected, "{:?} {id} at {now}", record.state);
    }
}

/// What CloudSuite could not make an order of is a duplicate like any other, unless somebody asks again.
#[test]
fn a_failed_record_is_taken_up_again_only_on_demand() {
    let failed = posted().failed(at(140), vec![], None);
    let asked = Delivery { again: true, ..delivery("a", 10) };
    assert_eq!(decision(&failed, delivery("a", 10), 150), Decision::Duplicate);
    assert_eq!(decision(&failed, asked.clone(), 150), Decision::Take);
    assert_eq!(decision(&posted(), asked, 150), Decision::Duplicate);
}

#[test]
fn what_needs_review_is_taken_up_again_only_on_demand() {
    let review = held().needs_review(at(140), None, vec![]).unwrap();
    let asked = Delivery { again: true, ..delivery("a", 10) };
    assert_eq!(decision(&review, delivery("a", 10), 150), Decision::Duplicate);
    assert_eq!(decision(&review, delivery("b", 11), 150), Decision::AlreadyPosted);
    assert_eq!(decision(&review, asked, 150), Decision::Take);
}

#[test]
fn a_delivery_without_update_time_is_never_stale() {
    let undated = Delivery { updated_at: None, ..delivery("b", 0) };
    assert_eq!(decision(&held().rejected(at(101), vec![]).unwrap(), undated, 120), Decision::Take);
}

/// Whatever ended one process may end the next: it must not take neighbours with it.
#[test]
fn what_a_holder_vanished_over_is_handled_alone() {
    let among_others = Claim { alone: false, ..claim(delivery("a", 10)) };
    assert_eq!(decide(&held().record, &among_others, at(160)), Decision::Alone);
    let let_go = held().waiting(at(101), at(150), "throttled").unwrap();
    assert_eq!(decide(&let_go, &among_others, at(160)), Decision::Take);
}

#[test]
fn a_record_that_is_never_let_go_of_is_tried_five_times() {
    let mut record = held().record;
    for attempt in 1..MOST_ATTEMPTS {
        let now = at(200 * i64::from(attempt));
        assert_eq!(decide(&record, &claim(delivery("a", 10)), now), Decision::Take, "{attempt}");
        record = record.taken(&claim(delivery("a", 10)), now).record;
    }
    assert_eq!(decision(&record, delivery("a", 10), 9_000), Decision::Exhausted);
}

/// A throttle of a day must not use up the attempts.
#[test]
fn waiting_uses_up_no_attempt() {
    let mut record = held().waiting(at(101), at(110), "throttled").unwrap();
    for round in 1..100 {
        let now = at(200 * round);
        let held = record.taken(&claim(delivery("a", 10)), now);
        record = held.waiting(now, now, "throttled").unwrap();
    }
    assert_eq!(record.attempts, 0);
    assert_eq!(decision(&record, delivery("a", 10), 90_000), Decision::Take);
}

/// Shopify gives update times in whole seconds: of two changes of one second the one that was told later is the newer.
#[test]
fn of_one_update_time_what_was_triggered_earlier_comes_too_late() {
    let told = |body: &str, millisecond: Option<i64>| Delivery {
        triggered_at: millisecond.map(|ms| Timestamp::from_millisecond(10_000 + ms).unwrap()),
        ..delivery(body, 10)
    };
    let decision = |first: Option<i64>, second: Option<i64>, body: &str| {
        let held = Record::first(&claim(told("a", first)), at(100));
        decision(&held.waiting(at(101), at(150), "throttled").unwrap(), told(body, second), 400)
    };
    for (first, second, body, expected) in [
        (Some(200), Some(100), "b", Decision::Stale),
        (Some(100), Some(200), "b", Decision::Take),
        (Some(100), Some(100), "b", Decision::Take),
        (None, Some(100), "b", Decision::Take),
        (Some(200), None, "b", Decision::Take),
        // The very same body is not late, whatever is said of it.
        (Some(200), Some(100), "a", Decision::Take),
    ] {
        assert_eq!(decision(first, second, body), expected, "{first:?} {second:?} {body}");
    }
}
