use domain::Step;

use super::*;
use crate::{
    record_json,
    test_record::{at, confirmed, rejected, wish},
};

fn shown(record: &Record) -> String {
    render_record(record, &record.trail)
}

#[test]
fn a_confirmed_order_reads_as_a_story() {
    insta::assert_snapshot!(shown(&confirmed()));
}

#[test]
fn a_rejected_order_shows_every_finding_with_its_help() {
    insta::assert_snapshot!(shown(&rejected()));
}

#[test]
fn scripts_get_one_object_with_stable_keys() {
    let record = rejected();
    insta::assert_snapshot!(format!("{:#}", record_json(&record, &record.trail)));
}

#[test]
fn what_has_to_wait_says_until_when_and_for_what() {
    let held = Record::first(&wish(1, ""), at(0));
    assert!(shown(&held.record).contains("held until  "));
    let waiting = held.waiting(at(1), at(90), "CloudSuite throttles").unwrap();
    let line = format!("  state       waiting until {}: CloudSuite throttles\n", time(at(90)));
    assert!(shown(&waiting).contains(&line), "{}", shown(&waiting));
    assert_eq!(record_json(&waiting, &[])["reason"], "CloudSuite throttles");
    assert_eq!(record_json(&waiting, &[])["settled"], false);
    let in_doubt = held.in_doubt(at(1), Step::Lines, "timed out", None).unwrap();
    assert!(shown(&in_doubt).contains("at the step lines: CloudSuite has to be asked"));
}
