use domain::{
    Claim, Delivery, Digest, DocumentKind, Finding, FindingCode, Held, Record, RecordKey, References, Step,
    Written,
};
use jiff::{SignedDuration, Timestamp, civil::Date};
use rust_decimal::Decimal;

use super::*;
use crate::statement::{What, listed::Short, render_statement, statement_json};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_795_300_000 + second).unwrap()
}

fn key(kind: &str, id: &str) -> RecordKey {
    format!("demo/shipbob/{kind}/{id}").parse().unwrap()
}

fn quantities(of: &[(&str, &str)]) -> Quantities {
    of.iter().map(|(id, quantity)| ((*id).to_owned(), quantity.parse().unwrap())).collect()
}

fn listed(key: &RecordKey, day: i8, wanted: &[(&str, &str)]) -> Listed {
    Listed {
        key: key.clone(),
        date: Some(Date::constant(2026, 11, day)),
        wanted: Wanted::Quantities(quantities(wanted)),
        purchase_order: None,
        short: Vec::new(),
    }
}

fn claim(key: &RecordKey) -> Claim {
    let delivery = Delivery {
        id: "d".into(),
        topic: "t".into(),
        received_at: at(0),
        updated_at: None,
        triggered_at: None,
        body: Digest::of(b"body"),
        name: String::new(),
        again: false,
    };
    let (lease, quiet) = (SignedDuration::from_secs(60), SignedDuration::from_secs(30));
    Claim { key: key.clone(), delivery, lease, quiet, alone: true }
}

/// A record on the way to CloudSuite with this much.
fn posting(key: &RecordKey, moves: &[(&str, &str)]) -> Held {
    let written = Written {
        document: DocumentKind::usual(key.kind),
        company: "780".parse().unwrap(),
        fingerprint: Digest::of(b"d"),
        customer: String::new(),
        lines: 1,
        movement: Some(quantities(moves)),
    };
    Record::first(&claim(key), at(0)).posting(at(1), "0123456789ab", &written).unwrap()
}

fn posted(key: &RecordKey, moves: &[(&str, &str)]) -> Record {
    posting(key, moves).posted(at(2), References::default(), at(30)).unwrap()
}

fn confirmed(key: &RecordKey, moves: &[(&str, &str)]) -> Record {
    posted(key, moves).confirmed(at(31), if key.kind == Kind::Fee { "V100" } else { "ours" })
}

fn finding(code: FindingCode) -> Finding {
    Finding::new(code, "products[0]", "M3 has no item MUG", "create it in MMS001")
}

fn heading() -> Statement {
    Statement {
        tenant: "demo".parse().unwrap(),
        from: Date::constant(2026, 11, 1),
        to: Date::constant(2026, 11, 30),
        time_zones: vec!["America/Chicago".into(), "UTC".into()],
        mapping: "0123456789ab".into(),
        ties: false,
        sections: Vec::new(),
        odd: Vec::new(),
        unread: Vec::new(),
    }
}

fn compared(pairs: &[Pair], gone: &[Record]) -> Statement {
    compare(heading(), &super::super::KINDS, pairs, gone)
}

/// What is odd about one object.
fn odd(listed: Listed, record: Option<Record>) -> Vec<What> {
    let statement = compared(&[(listed, record)], &[]);
    let odd: Vec<_> = statement.odd.into_iter().map(|odd| odd.what).collect();
    assert_eq!(statement.ties, odd.iter().all(|what| what.is_remark()), "{odd:?}");
    odd
}

#[test]
fn what_cloudsuite_has_of_an_object_decides_what_is_odd() {
    let (key, has) = (&key("shipment", "7"), &[("501/A", "4"), ("502", "1")][..]);
    let now = || listed(key, 3, has);
    let rejected = |held: Held| held.rejected(at(2), vec![finding(FindingCode::UnknownItem)]).unwrap();
    let first = || Record::first(&claim(key), at(0));
    let table: Vec<(&str, Option<Record>, &[What])> = vec![
        ("confirmed", Some(confirmed(key, has)), &[]),
        ("absent", None, &[What::NotHeardOf]),
        ("posted", Some(posted(key, has)), &[What::Unconfirmed]),
        (
            "posted with less",
            Some(posted(key, &[("502", "1")])),
            &[What::Unconfirmed, What::QuantitiesDiffer],
        ),
        ("confirmed with less", Some(confirmed(key, &[("501/A", "4")])), &[What::QuantitiesDiffer]),
        ("of another lot", Some(confirmed(key, &[("501/B", "4"), ("502", "1")])), &[What::QuantitiesDiffer]),
        (
            "more",
            Some(confirmed(key, &[("501/A", "4"), ("502", "1"), ("503", "1")])),
            &[What::QuantitiesDiffer],
        ),
        ("rejected", Some(rejected(first())), &[What::Rejected]),
        (
            "parked",
            Some(first().parked(at(2), vec![finding(FindingCode::UnknownItem)], at(900)).unwrap()),
            &[What::Parked],
        ),
        ("received", Some(first().record), &[What::UnderWay]),
        ("posting", Some(posting(key, has).record), &[What::UnderWay]),
        ("waiting", Some(first().waiting(at(2), at(60), "throttled").unwrap()), &[What::Waiting]),
        (
            "in doubt",
            Some(posting(key, has).in_doubt(at(2), Step::Confirm, "no answer", None).unwrap()),
            &[What::InDoubt],
        ),
        (
            "failed",
            Some(posted(key, has).failed(at(40), vec![finding(FindingCode::Refused)], None)),
            &[What::Failed],
        ),
        (
            "to be reviewed",
            Some(first().needs_review(at(2), None, vec![finding(FindingCode::Differs)]).unwrap()),
            &[What::NeedsReview],
        ),
        ("skipped", Some(first().skipped(at(2), "switched off").unwrap()), &[What::QuantitiesDiffer]),
    ];
    for (name, record, expected) in table {
        assert_eq!(odd(now(), record), expected, "{name}");
    }
}

#[test]
fn a_correction_that_was_rejected_shows_what_cloudsuite_has_as_well() {
    let key = &key("shipment", "7");
    let again = confirmed(key, &[("501", "4")]).taken(&claim(key), at(100));
    let rejected = again.rejected(at(101), vec![finding(FindingCode::Refused)]).unwrap();
    assert_eq!(
        odd(listed(key, 3, &[("501", "3")]), Some(rejected)),
        [What::Rejected, What::QuantitiesDiffer]
    );
}

#[test]
fn what_is_to_be_nothing_is_counted_unless_cloudsuite_has_something_of_it() {
    let key = &key("return", "9");
    let nothing = || Listed { wanted: Wanted::Nothing("nothing is restocked".into()), ..listed(key, 3, &[]) };
    let statement = compared(&[(nothing(), None)], &[]);
    assert!(statement.ties && statement.sections[2].lines.is_empty());
    assert_eq!(statement.sections[2].nothing_to_post["nothing is restocked"], 1);
    assert_eq!(odd(nothing(), Some(confirmed(key, &[("501", "-2")]))), [What::QuantitiesDiffer]);
}

#[test]
fn what_the_mapping_makes_nothing_of_is_odd_with_its_findings_once() {
    let key = &key("fee", "01H");
    let unplanned = || Listed {
        wanted: Wanted::Unplanned(quantities(&[("USD", "4.10")]), vec![finding(FindingCode::Mapping)]),
        ..listed(key, 3, &[])
    };
    assert_eq!(odd(unplanned(), None), [What::NotPlanned]);
    let rejected = Record::first(&claim(key), at(0)).rejected(at(2), vec![finding(FindingCode::Mapping)]);
    assert_eq!(odd(unplanned(), Some(rejected.unwrap())), [What::Rejected]);
}

#[test]
fn a_fee_that_changed_or_changed_its_currency_is_told_by_its_amount() {
    let key = &key("fee", "01H");
    for booked in [("USD", "4.10"), ("CAD", "4.60")] {
        assert_eq!(
            odd(listed(key, 3, &[("USD", "4.60")]), Some(confirmed(key, &[booked]))),
            [What::AmountDiffers]
        );
    }
    assert_eq!(odd(listed(key, 3, &[("USD", "4.6")]), Some(confirmed(key, &[("USD", "4.60")]))), []);
}

#[test]
fn a_receipt_that_is_short_ties_and_is_told() {
    let key = &key("receipt", "8");
    let short = Short { inventory_id: 501, expected: Decimal::from(10), stowed: Decimal::from(8) };
    let listed = Listed { short: vec![short], ..listed(key, 3, &[("501", "8")]) };
    assert_eq!(odd(listed, Some(confirmed(key, &[("501", "8")]))), [What::ShortReceipt]);
}

#[test]
fn an_object_that_came_back_whole_is_in_no_total() {
    let key = &key("shipment", "7");
    let mut record = confirmed(key, &[("501", "4")]);
    record.movements.count = 2;
    record.movements.done.clear();
    let nothing = Listed { wanted: Wanted::Nothing("cancelled".into()), ..listed(key, 3, &[]) };
    let statement = compared(&[(nothing, Some(record))], &[]);
    assert_eq!((statement.ties, statement.sections[0].posted.objects), (true, 0));
}

#[test]
fn what_could_not_be_read_keeps_a_statement_from_tying() {
    let heading = Statement { unread: vec!["order: the body is empty".into()], ..heading() };
    assert!(!compare(heading, &super::super::KINDS, &[], &[]).ties);
    assert!(compared(&[], &[]).ties);
}

/// A month with one of everything.
fn month() -> Statement {
    let (split, wro, back) = (&key("shipment", "1001"), &key("receipt", "44"), &key("return", "61"));
    let (unheard, lacking) = (&key("shipment", "1002"), &key("shipment", "1003"));
    let (fee, changed, credit) = (&key("fee", "01HA"), &key("fee", "01HB"), &key("fee", "01HC"));
    let short = Short { inventory_id: 501, expected: Decimal::from(10), stowed: Decimal::from(8) };
    let parked = Record::first(&claim(lacking), at(0));
    let parked = parked.parked(at(2), vec![finding(FindingCode::UnknownItem)], at(900)).unwrap();
    let receipt = Listed {
        purchase_order: Some("PO77".into()),
        short: vec![short],
        ..listed(wro, 9, &[("501/A", "8")])
    };
    let mut twice = confirmed(wro, &[("501/A", "8")]);
    twice.movements.count = 2;
    let payment = Listed {
        wanted: Wanted::Nothing("Payment: it is no fee, but a matter of the balance".into()),
        ..listed(&key("fee", "01HD"), 30, &[])
    };
    let pairs = [
        (
            listed(split, 3, &[("501/A", "4"), ("502", "1.5")]),
            Some(confirmed(split, &[("501/A", "4"), ("502", "1.5")])),
        ),
        (listed(unheard, 2, &[("501", "2")]), None),
        (listed(lacking, 4, &[("503", "1")]), Some(parked)),
        (receipt, Some(twice)),
        (listed(back, 20, &[("501", "-1")]), Some(posted(back, &[("501", "-1")]))),
        (listed(fee, 5, &[("USD", "4.10")]), Some(confirmed(fee, &[("USD", "4.10")]))),
        (listed(changed, 5, &[("CAD", "12.345")]), Some(confirmed(changed, &[("CAD", "12.34")]))),
        (listed(credit, 6, &[("USD", "-1.10")]), Some(confirmed(credit, &[("USD", "-1.10")]))),
        (payment, None),
    ];
    let gone = confirmed(&key("shipment", "999"), &[("501", "1")]);
    compared(&pairs, &[gone])
}

#[test]
fn a_month_as_text() {
    insta::assert_snapshot!(render_statement(&month()));
}

#[test]
fn a_month_as_json() {
    insta::assert_json_snapshot!(statement_json(&month()));
}
