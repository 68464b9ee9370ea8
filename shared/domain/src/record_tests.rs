use crate::{
    Digest, Event, Finding, FindingCode, References, State, Step, Written,
    claim::tests::{at, claim, delivery, held, posted, posting},
};

fn in_doubt_since(state: &State) -> Option<(jiff::Timestamp, Step)> {
    match state {
        State::InDoubt { since, step } => Some((*since, *step)),
        _ => None,
    }
}

fn finding(code: FindingCode) -> Finding {
    Finding::new(code, "", "", "")
}

#[test]
fn the_first_delivery_makes_version_one_with_its_entry() {
    let record = held().record;
    assert_eq!((record.version, record.fence, record.attempts), (1, 1, 1));
    assert_eq!(record.trail[0].detail, "orders/create delivery-a");
    assert_eq!(record.lease.unwrap().until, at(160));
}

/// A holder that was paused beyond its lease must not overwrite what came after it.
#[test]
fn nothing_is_recorded_after_the_lease_ran_out() {
    assert!(held().posted(at(160), References::default(), at(190)).is_err());
    assert!(held().step(at(161), Step::Lines, References::default()).is_err());
    assert!(held().waiting(at(160), at(170), "").is_err());
}

#[test]
fn each_change_adds_to_the_trail_and_keeps_what_was_there() {
    let temporary = References { temporary: Some("T1".into()), number: None };
    let held = posting().step(at(102), Step::Lines, temporary.clone()).unwrap();
    let record = held.posted(at(103), temporary, at(130)).unwrap().confirmed(at(140), "0010000001");
    let story: Vec<_> = record.trail.iter().map(|entry| entry.event.to_string()).collect();
    assert_eq!(story, ["received", "planned", "posting", "posting", "posted", "confirmed"]);
    assert_eq!((record.version, record.lease, record.next_check), (5, None, None));
    assert_eq!((record.attempts, record.customer.as_deref()), (0, Some("C1")));
    assert_eq!(record.references.temporary.as_deref(), Some("T1"));
}

#[test]
fn a_rejection_counts_its_findings_by_code() {
    let codes = [FindingCode::UnknownItem, FindingCode::TooLong, FindingCode::UnknownItem];
    let record = held().rejected(at(101), codes.map(finding).to_vec()).unwrap();
    assert_eq!(record.trail.last().unwrap().detail, "too_long, unknown_item ×2");
    assert!(matches!(record.state, State::Rejected { .. }));
}

/// The fault of many a ledger: a lease that frees itself, so that the write is sent twice.
#[test]
fn a_lease_that_ended_while_writing_leaves_doubt_and_not_freedom() {
    let taken = posting().record.taken(&claim(delivery("a", 10)), at(300));
    assert_eq!(in_doubt_since(&taken.record.state), Some((at(160), Step::Head)));
    assert!(taken.must_ask());
    let waiting = taken.waiting(at(301), at(400), "throttled").unwrap();
    assert_eq!(in_doubt_since(&waiting.state), Some((at(160), Step::Head)), "waiting settles nothing");
    let again = waiting.taken(&claim(delivery("a", 10)), at(500));
    assert_eq!(in_doubt_since(&again.record.state), Some((at(160), Step::Head)));
}

#[test]
fn only_asking_ends_doubt() {
    let mut taken = posting().record.taken(&claim(delivery("a", 10)), at(300));
    taken.found_absent(at(301));
    assert!(!taken.must_ask());
    let mut begun = posting().record.taken(&claim(delivery("a", 10)), at(300));
    begun.found_begun(at(301), "T7", 2);
    assert!(begun.must_ask(), "what was found begun is asked for again after a next crash");
    let record = begun.waiting(at(302), at(310), "throttled").unwrap();
    assert_eq!(record.references.temporary.as_deref(), Some("T7"));
    let found = record.trail.iter().find(|entry| entry.event == Event::Found).unwrap();
    assert_eq!(found.detail, "T7 with 2 lines, not confirmed");
}

#[test]
fn what_is_exhausted_needs_a_person_and_may_then_be_tried_as_often_again() {
    let exhausted = held().record.exhausted(at(300), finding(FindingCode::Exhausted));
    assert!(matches!(exhausted.state, State::Rejected { .. }));
    assert_eq!((exhausted.attempts, exhausted.lease), (0, None));
    let doubtful = posting().record.exhausted(at(300), finding(FindingCode::Exhausted));
    assert_eq!(in_doubt_since(&doubtful.state), Some((at(160), Step::Head)), "doubt stays doubt");
}

#[test]
fn a_delivery_that_was_compared_makes_older_ones_stale() {
    let record = posted().compared(at(200), &delivery("b", 20), Event::Unchanged, String::new());
    assert_eq!((record.updated_at, record.body), (Some(at(20)), Digest::of(b"a")));
    let older = record.compared(at(201), &delivery("c", 15), Event::Skipped, String::new());
    assert_eq!(older.updated_at, Some(at(20)));
}

/// A number that is kept may lead to a batch order that is still there (found by the simulation, seed 22951).
#[test]
fn what_was_begun_under_a_kept_number_is_in_doubt_when_it_is_exhausted() {
    let references = References { temporary: Some("T1".into()), number: None };
    let begun = posting().step(at(102), Step::Lines, references).unwrap();
    let waiting = begun.waiting(at(103), at(110), "throttled").unwrap();
    let taken = waiting.taken(&claim(delivery("a", 10)), at(200)).record;
    let exhausted = taken.exhausted(at(900), finding(FindingCode::Exhausted));
    assert_eq!(in_doubt_since(&exhausted.state), Some((at(900), Step::Lines)));
    assert!(exhausted.next_check.is_some(), "it is taken up again, a day later");
}

/// A second copy of a message takes a rejected record, and vanishes with it: the message is gone, because the first
/// copy was done (found by the simulation, seed 21461).
#[test]
fn what_is_begun_again_after_its_end_is_watched_until_it_ends_again() {
    let rejected = held().rejected(at(101), vec![]).unwrap();
    assert_eq!(rejected.next_check, None);
    let taken = rejected.taken(&claim(delivery("a", 10)), at(200));
    assert!(taken.record.next_check > Some(at(260)), "after its lease");
    assert!(taken.waiting(at(201), at(210), "throttled").unwrap().next_check.is_some());
    assert_eq!(taken.skipped(at(201), "test order").unwrap().next_check, None);
}

/// An operator who redrives the letter of the older delivery changes nothing; the newer one must have a letter of its own
/// (found by the simulation, seed 21461).
#[test]
fn how_often_it_was_parked_counts_for_one_delivery() {
    let unknown = || vec![finding(FindingCode::UnknownItem)];
    let parked = held().parked(at(101), unknown(), at(900)).unwrap();
    let again = parked.taken(&claim(delivery("a", 10)), at(900));
    assert_eq!(again.parked(at(901), unknown(), at(1_800)).unwrap().parked, 2);
    assert_eq!(parked.taken(&claim(delivery("b", 11)), at(200)).record.parked, 0);
}

#[test]
fn whoever_asks_in_vain_does_not_make_the_doubt_younger() {
    let doubtful = held().in_doubt(at(101), Step::Confirm, "timed out", None).unwrap();
    let taken = doubtful.taken(&claim(delivery("a", 10)), at(300));
    let still = taken.still_in_doubt(at(301), "two batch orders", at(900)).unwrap();
    assert_eq!(in_doubt_since(&still.state), Some((at(101), Step::Confirm)));
    assert_eq!(still.next_check, Some(at(900)));
}

/// What CloudSuite has is of the old plan until it was taken out (found by the simulation, seed 508).
#[test]
fn a_plan_counts_from_when_the_old_order_is_taken_out() {
    let written = |documents: &[u8]| Written {
        document: crate::DocumentKind::SalesOrder,
        company: "780/AAA".parse().unwrap(),
        fingerprint: Digest::of(documents),
        customer: "C2".into(),
        lines: 9,
        movement: None,
    };
    let anew = posting().anew(at(102), &written(b"newer")).unwrap().record;
    assert_eq!(anew.written(), Some(written(b"newer")));
    assert_eq!((anew.state, anew.references), (State::Posting { step: Step::Head }, References::default()));
}

fn numbered() -> crate::Record {
    let references = References { temporary: Some("T1".into()), number: Some("0010000001".into()) };
    held().posted(at(101), references, at(130)).unwrap()
}

/// What CloudSuite gave a number is never entered a second time, whatever its record went through since.
#[test]
fn what_cloudsuite_has_is_amended_and_an_amendment_settles_itself() {
    let record = numbered().taken(&claim(delivery("b", 11)), at(200));
    assert!(record.is_to_be_amended() && !record.must_ask());
    let written = posting().record.written().unwrap();
    let amending = record.amending(at(201), "m2", &written).unwrap();
    assert_eq!(amending.record.movements, record.record.movements);
    let vanished = amending.record.taken(&claim(delivery("b", 11)), at(9_000));
    assert!(vanished.is_to_be_amended() && !vanished.must_ask());
    let waits =
        record.waiting(at(201), at(202), "throttled").unwrap().taken(&claim(delivery("b", 11)), at(203));
    assert!(waits.is_to_be_amended());
    let amended = amending.amended(at(202), &written, &["lines[1]: added".to_owned()]).unwrap();
    assert_eq!((amended.state, amended.attempts), (State::Confirmed, 0));
    let lost =
        numbered().confirmation_lost(at(120), at(130), "open").taken(&claim(delivery("b", 11)), at(9_000));
    assert!(lost.must_ask() && !lost.is_to_be_amended());
}

#[test]
fn a_number_that_leads_nowhere_is_forgotten() {
    let mut lost =
        numbered().confirmation_lost(at(120), at(130), "open").taken(&claim(delivery("b", 11)), at(9_000));
    lost.found_begun(at(9_001), "T1", 2);
    assert_eq!(lost.record.references.number, None);
    assert!(!lost.is_to_be_amended());
}

/// What a journal entry books is counted once it is there, and not once more when another plan is compared with it.
#[test]
fn a_comparison_moves_nothing_and_loses_nothing_that_is_under_way() {
    let turnover = |amount: i64| Some(crate::Quantities::from([("USD".to_owned(), amount.into())]));
    let written = |amount| Written {
        document: crate::DocumentKind::JournalEntry,
        company: "780".parse().unwrap(),
        fingerprint: Digest::of(b"d"),
        customer: String::new(),
        lines: 2,
        movement: turnover(amount),
    };
    let references = References { temporary: None, number: Some("V1".into()) };
    let posted = held().posting(at(101), "m1", &written(4)).unwrap();
    let posted = posted.posted(at(102), references, at(130)).unwrap();
    let amending = posted.taken(&claim(delivery("b", 11)), at(200)).amending(at(201), "m2", &written(5));
    let reviewed = amending.unwrap().needs_review(at(202), None, Vec::new()).unwrap();
    assert_eq!(reviewed.movements.under_way, turnover(4));
    let confirmed = reviewed.confirmed(at(210), "V1");
    assert_eq!((confirmed.movements.count, Some(confirmed.movements.done)), (1, turnover(4)));
}
