//! What becomes of a batch order when it is confirmed.

use serde_json::{Value, json};
use simulated_cloudsuite::{ConfirmMode, Effect, Fault, MasterData};

use crate::bench::{Bench, column, text};

fn confirm(bench: &mut Bench, number: &str) -> (String, String) {
    let rows = bench.run("OIS100MI/Confirm", json!({ "ORNO": number }));
    (text(&rows[0]["ORNO"]), text(&rows[0]["STAT"]))
}

fn reasons(bench: &mut Bench, number: &str) -> Vec<(String, String)> {
    let rows = bench.run("OIS100MI/LstErrMsgOrder", json!({ "ORNO": number }));
    column(&rows, "LEVL").into_iter().zip(column(&rows, "MSID")).collect()
}

fn pair(left: &str, right: &str) -> (String, String) {
    (left.to_owned(), right.to_owned())
}

fn head(bench: &mut Bench, record: Value) -> String {
    text(&bench.run("OIS100MI/AddBatchHead", record)[0]["ORNO"])
}

fn line(bench: &mut Bench, number: &str) {
    bench.run("OIS100MI/AddBatchLine", json!({ "ORNO": number, "ITNO": "CAP-RED", "ORQT": "1" }));
}

#[test]
fn confirming_twice_gives_the_same_order() {
    let mut bench = Bench::new();
    let number = bench.entered("A");
    assert_eq!(confirm(&mut bench, &number), confirm(&mut bench, &number));
    assert_eq!(bench.simulator.state()["orders"].as_object().unwrap().len(), 1);
}

#[test]
fn a_head_without_lines_gets_status_20_and_may_be_confirmed_later() {
    let mut bench = Bench::new();
    let number = head(&mut bench, json!({ "CUNO": "C00001" }));
    assert_eq!(confirm(&mut bench, &number), pair("", "20"));
    line(&mut bench, &number);
    assert_eq!(confirm(&mut bench, &number).1, "90");
    assert!(reasons(&mut bench, &number).is_empty());
}

#[test]
fn an_address_not_bound_to_delivery_gives_status_15() {
    let mut bench = Bench::new();
    for (address, status) in [("MAIN", "90"), ("INVADR", "15"), ("GONE", "15")] {
        let number = head(&mut bench, json!({ "CUNO": "C00001", "ADID": address }));
        line(&mut bench, &number);
        assert_eq!(confirm(&mut bench, &number).1, status, "{address}");
        let expected = if status == "15" { vec![pair("1", "WAD1003")] } else { Vec::new() };
        assert_eq!(reasons(&mut bench, &number), expected);
    }
}

#[test]
fn without_ois278_settings_nothing_is_posted() {
    let mut master = MasterData::demo();
    master.order_entry_settings = false;
    let mut bench = Bench::with(master);
    let number = bench.entered("A");
    assert_eq!(confirm(&mut bench, &number), pair("", "15"));
    assert_eq!(reasons(&mut bench, &number), [pair("1", "CPF9898")]);
}

#[test]
fn an_item_that_went_away_gives_status_25_and_a_person_can_release_the_order() {
    let mut bench = Bench::new();
    let number = bench.entered("A");
    let change = |bench: &mut Bench, path: &str, body: Value| {
        let request = simulated_cloudsuite::HttpRequest::new("POST", path).body(body.to_string());
        assert_eq!(bench.send(&request).response().unwrap().status, 200);
    };
    change(&mut bench, "/_simulated/master", json!({ "remove": { "items": ["MUG-BLUE-12"] } }));
    assert_eq!(confirm(&mut bench, &number), pair("", "25"));
    assert_eq!(reasons(&mut bench, &number), [pair("2", "WIT0103")]);

    bench.simulator.add_item("MUG-BLUE-12");
    change(&mut bench, "/_simulated/release", json!({ "orno": number }));
    assert_eq!(bench.status(&number), pair("0001000001", "90"));
}

#[test]
fn a_credit_stopped_customer_gives_status_30() {
    let mut bench = Bench::new();
    let number = head(&mut bench, json!({ "CUNO": "C00030" }));
    line(&mut bench, &number);
    assert_eq!(confirm(&mut bench, &number), pair("", "30"));
    assert_eq!(bench.status(&number), pair("", "30"));
}

#[test]
fn an_abnormal_interruption_can_be_asked_for() {
    let mut bench = Bench::new();
    let text = "interrupted".to_owned();
    bench.fault(Fault::once(Effect::ConfirmStatus {
        status: "55".to_owned(),
        code: "CPF9898".to_owned(),
        text,
    }));
    let number = bench.entered("A");
    assert_eq!(confirm(&mut bench, &number), pair("", "55"));
    assert_eq!(bench.status(&number), pair("", "55"));
}

#[test]
fn the_answer_may_lack_its_status() {
    let mut bench = Bench::new();
    bench.simulator.settings.confirm = ConfirmMode::WithoutStatus;
    let number = bench.entered("A");
    assert_eq!(confirm(&mut bench, &number), pair("0001000001", ""));
    assert_eq!(bench.status(&number).1, "90");
}

#[test]
fn the_final_number_may_come_after_some_seconds() {
    let mut bench = Bench::new();
    bench.simulator.settings.confirm = ConfirmMode::Later { seconds: 30, asks: 0 };
    let number = bench.entered("A");
    assert_eq!(confirm(&mut bench, &number), pair("", "10"));
    bench.pass(29);
    assert_eq!(bench.status(&number), pair("", "10"));
    assert_eq!(confirm(&mut bench, &number), pair("", "10"), "confirming again starts nothing new");
    bench.pass(1);
    assert_eq!(bench.status(&number), pair("0001000001", "90"));
    assert_eq!(bench.simulator.state()["orders"].as_object().unwrap().len(), 1);
}

#[test]
fn the_final_number_may_come_after_some_questions() {
    let mut bench = Bench::new();
    bench.simulator.settings.confirm = ConfirmMode::Later { seconds: 0, asks: 2 };
    let number = bench.entered("A");
    assert_eq!(confirm(&mut bench, &number), pair("", "10"));
    let seen = [(); 3].map(|()| bench.status(&number).1);
    assert_eq!(seen, ["10", "10", "90"]);
}

#[test]
fn releasing_a_posted_order_makes_no_second_one() {
    let mut bench = Bench::new();
    let number = bench.entered("A");
    let first = confirm(&mut bench, &number);
    let body = json!({ "orno": number }).to_string();
    let request = simulated_cloudsuite::HttpRequest::new("POST", "/_simulated/release").body(body);
    assert_eq!(bench.send(&request).response().unwrap().status, 200);
    assert_eq!(bench.status(&number), first);
    assert_eq!(bench.simulator.state()["orders"].as_object().unwrap().len(), 1);
}
