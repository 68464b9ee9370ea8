//! Faults on request.

use std::time::Duration;

use serde_json::{Value, json};
use simulated_cloudsuite::{Answer, Effect, Fault};

use crate::bench::{Bench, bulk_body, token_request};

fn ping() -> String {
    bulk_body("GENERAL", &[("GetUserInfo", json!({}))])
}

fn head() -> String {
    bulk_body("OIS100MI", &[("AddBatchHead", json!({ "CUNO": "C00001" }))])
}

fn batches(bench: &Bench) -> usize {
    bench.simulator.state()["batch_orders"].as_object().unwrap().len()
}

#[test]
fn a_status_is_answered_as_often_as_asked_and_nothing_is_processed() {
    for status in [429, 500, 502, 503, 504] {
        let mut bench = Bench::new();
        bench.fault(Fault::once(Effect::Status { status, retry_after: Some(7) }).times(2));
        let first = bench.post(&head()).response().unwrap();
        assert_eq!(first.status, status);
        assert!(first.headers.contains(&("retry-after".to_owned(), "7".to_owned())));
        assert_eq!((bench.post_json(&head()).0, batches(&bench)), (status, 0));
        assert_eq!((bench.post_json(&head()).0, batches(&bench)), (200, 1));
    }
}

#[test]
fn a_connection_is_dropped_before_or_after_the_work() {
    for (effect, held) in [(Effect::DropBefore, 0), (Effect::DropAfter, 1)] {
        let mut bench = Bench::new();
        bench.fault(Fault::once(effect));
        assert_eq!(bench.post(&head()), Answer::Drop { after: Duration::ZERO });
        assert_eq!(batches(&bench), held);
        assert_eq!(bench.simulator.state()["counters"]["answers_by_status"]["0"], 1);
    }
}

/// An answer that says yes is no proof: what it told of may be gone.
#[test]
fn a_commit_that_is_lost_leaves_a_good_answer_and_nothing_else() {
    let mut bench = Bench::new();
    bench.fault(Fault::once(Effect::LoseCommit));
    let (status, answer) = bench.post_json(&head());
    let lost = answer["results"][0]["records"][0]["ORNO"].clone();
    assert_eq!((status, batches(&bench)), (200, 0), "{answer}");
    let (_, answer) = bench.post_json(&head());
    assert_eq!(batches(&bench), 1);
    assert_ne!(answer["results"][0]["records"][0]["ORNO"], lost, "no number is given twice");
}

#[test]
fn a_fault_strikes_only_what_it_names_and_only_when_its_turn_comes() {
    let mut bench = Bench::new();
    let fault = Fault::once(Effect::Status { status: 503, retry_after: None });
    bench.fault(fault.only("OIS100MI", "AddBatchHead").after(1));
    assert_eq!(bench.post_json(&ping()).0, 200);
    assert_eq!([(); 3].map(|()| bench.post_json(&head()).0), [200, 503, 200]);
}

#[test]
fn a_bulk_can_stop_half_way() {
    let mut bench = Bench::new();
    let number = bench.entered("A");
    let line = ("AddBatchLine", json!({ "ORNO": number, "ITNO": "CAP-RED", "ORQT": "1" }));
    bench.fault(Fault::once(Effect::StopAfter { after: 1 }));
    let (status, answer) = bench.bulk("OIS100MI", &[line.clone(), line.clone(), line.clone()]);
    assert_eq!((status, &answer["wasTerminated"]), (200, &json!(true)));
    let skipped: Vec<&Value> = (0..3).map(|index| &answer["results"][index]["notProcessed"]).collect();
    assert_eq!(skipped, [false, true, true]);
    assert_eq!(
        (&answer["nrOfSuccessfullTransactions"], &answer["nrOfNotProcessedTransactions"]),
        (&json!(1), &json!(2))
    );

    bench.fault(Fault::once(Effect::MissingResults { keep: 1 }));
    let (_, answer) = bench.bulk("OIS100MI", &[line.clone(), line]);
    assert_eq!(answer["results"].as_array().unwrap().len(), 1);
    let lines = bench.run("OIS100MI/LstBatchLine", json!({ "ORNO": number }));
    assert_eq!(lines.len(), 4, "one at entry, one before the stop, two whose results were cut");
}

#[test]
fn a_transaction_can_be_refused_with_any_code() {
    let mut bench = Bench::new();
    let nok = Effect::Nok { code: "XO_1130".to_owned(), text: "locked".to_owned(), field: "ITNO".to_owned() };
    bench.fault(Fault::once(nok).only("OIS100MI", "AddBatchLine").after(1));
    let number = bench.entered("A");
    let line = ("AddBatchLine", json!({ "ORNO": number, "ITNO": "CAP-RED", "ORQT": "1" }));
    let (_, answer) = bench.bulk("OIS100MI", &[line.clone(), line]);
    let codes: Vec<&Value> = (0..2).map(|index| &answer["results"][index]["errorCode"]).collect();
    assert_eq!(codes, ["XO_1130", ""]);
}

#[test]
fn answers_can_be_late() {
    let mut bench = Bench::new();
    bench.simulator.settings.latency_milliseconds = 20;
    bench.fault(Fault::once(Effect::Latency { milliseconds: 500 }));
    let after = |answer: Answer| match answer {
        Answer::Respond { after, .. } | Answer::Drop { after } => after.as_millis(),
    };
    assert_eq!([after(bench.post(&ping())), after(bench.post(&ping()))], [520, 20]);
}

#[test]
fn the_token_endpoint_has_faults_of_its_own() {
    let mut bench = Bench::new();
    bench.fault(Fault::once(Effect::Status { status: 500, retry_after: None }).on_token());
    assert_eq!(bench.post_json(&ping()).0, 200, "the gateway is not struck");
    let request = token_request(&bench.simulator);
    assert_eq!(bench.send(&request).response().unwrap().status, 500);
    assert_eq!(bench.send(&request).response().unwrap().status, 200);
}
