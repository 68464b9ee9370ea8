use super::*;
use crate::{
    Decision, References, Status, Step,
    claim::tests::{at, claim, delivery, held, posted, posting},
    decide,
};

fn finding() -> Finding {
    Finding::new(FindingCode::Request, "", "", "")
}

fn received(id: &str, second: i64) -> Delivery {
    Delivery { received_at: at(second), id: id.into(), ..delivery(id, 10) }
}

/// A delivery that waited on the queue while its order was erased.
#[test]
fn what_was_accepted_until_the_erasure_is_refused_and_what_came_later_is_not() {
    let erased = posted().erased(at(500), at(600), String::new());
    for (second, refused) in [(0, true), (500, true), (501, false)] {
        let delivery = received("b", second);
        assert_eq!(erased.is_erased_for(&delivery), refused, "{second}");
        let decision = decide(&erased, &claim(delivery), at(700));
        assert_eq!(decision == Decision::Erased, refused, "{second}: {decision:?}");
    }
    assert!(!posted().is_erased_for(&received("b", 0)));
    assert!(erased.is_erased_until(at(500)) && !erased.is_erased_until(at(501)));
}

#[test]
fn an_older_request_does_not_take_the_mark_back() {
    let erased = posted().erased(at(500), at(600), String::new()).erased(at(400), at(601), String::new());
    assert_eq!(erased.erased_at, Some(at(500)));
}

#[test]
fn what_becomes_of_an_erased_record_depends_on_what_cloudsuite_may_have() {
    let in_doubt = held().in_doubt(at(101), Step::Lines, "timed out", Some(at(200))).unwrap();
    let cases = [
        (held().record, Status::Skipped),
        (held().waiting(at(101), at(150), "throttled").unwrap(), Status::Skipped),
        (held().rejected(at(101), vec![finding()]).unwrap(), Status::Skipped),
        (posting().record, Status::NeedsReview),
        (in_doubt, Status::NeedsReview),
        (posted(), Status::Open),
        (posted().confirmed(at(140), "0010000001"), Status::Confirmed),
        (posted().failed(at(140), vec![finding()], Some(at(900))), Status::Failed),
    ];
    for (record, status) in cases {
        let erased = record.erased(at(500), at(600), "2 payloads".into());
        assert_eq!(erased.state.status(), status, "{:?}", record.state);
        assert_eq!(erased.trail.last().unwrap().event, Event::Erased);
        assert_eq!((erased.version, erased.trail.len()), (record.version + 1, record.trail.len() + 1));
        let is_looked_for = matches!(erased.state, State::Posted | State::Failed { .. });
        assert_eq!(erased.next_check, record.next_check.filter(|_| is_looked_for), "{:?}", record.state);
        assert_eq!(erased.references, record.references);
    }
}

#[test]
fn what_was_never_heard_of_refuses_what_comes_late() {
    let key = claim(delivery("a", 0)).key;
    let blank = Record::erased_unheard(key, at(500), at(600), "unheard of".into());
    assert_eq!((blank.version, blank.state.status()), (1, Status::Skipped));
    assert_eq!(decide(&blank, &claim(received("a", 499)), at(700)), Decision::Erased);
    assert_eq!(decide(&blank, &claim(received("a", 501)), at(700)), Decision::Take);
}

fn request(delivery: Delivery) -> crate::Claim {
    crate::Claim { key: "demo/shopify/request/customer-redact-7".parse().unwrap(), ..claim(delivery) }
}

/// A shop asks for the same thing in the same words each time: `shop/redact` has no more than the shop's id.
#[test]
fn a_request_in_the_same_words_is_another_request_and_the_same_delivery_is_not() {
    let held = Record::first(&request(received("a", 0)), at(100));
    let done = held.obeyed(at(101), Event::Erased, "1 record".into(), None).unwrap();
    assert_eq!((&done.state, done.trail.last().unwrap().detail.as_str()), (&State::Confirmed, "1 record"));
    let again = Delivery { id: "another".into(), ..received("a", 200) };
    assert_eq!(decide(&done, &request(again.clone()), at(300)), Decision::Take);
    assert_eq!(decide(&done, &request(received("a", 200)), at(300)), Decision::Duplicate);
    let open = held.for_a_person(at(101), finding()).unwrap();
    assert_eq!(decide(&open, &request(again), at(300)), Decision::Duplicate);
}

#[test]
fn an_obeyed_erasure_refuses_its_own_delivery() {
    let held = Record::first(&request(received("a", 5)), at(100));
    let done = held.obeyed(at(101), Event::Erased, String::new(), Some(at(5))).unwrap();
    assert_eq!(decide(&done, &request(received("a", 5)), at(300)), Decision::Erased);
    assert_eq!(done.references, References::default());
}
