//! Every refusal of the gateway, of the REST layer and of M3, as tables.

use serde_json::{Value, json};
use simulated_cloudsuite::Settings;

use crate::bench::{Bench, bulk_body, execute};

const LINE: &str = "OIS100MI/AddBatchLine";

#[test]
fn the_gateway_refuses_no_token_a_csrf_header_and_a_foreign_content_type() {
    let mut bench = Bench::new();
    let ping = bulk_body("GENERAL", &[("GetUserInfo", json!({}))]);
    let good = execute(&bench.bearer, &ping);
    let mut csrf = good.clone();
    csrf.headers.push(("Fnd-Csrf-Token".to_owned(), "x".to_owned()));
    let mut plain = good.clone();
    plain.headers[1].1 = "text/plain".to_owned();
    let cases = [
        (good, 200, ""),
        (execute("", &ping), 401, "Unauthorized"),
        (execute("Bearer wrong", &ping), 401, "Unauthorized"),
        (csrf, 403, "CSRF_INVALID_SESSION"),
        (plain, 415, "Unsupported Media Type"),
    ];
    for (request, status, error) in cases {
        let response = bench.send(&request).response().unwrap();
        assert_eq!(response.status, status);
        let body: Value = serde_json::from_slice(&response.body).unwrap();
        assert_eq!(body["error"].as_str().unwrap_or_default(), error);
    }
}

#[test]
fn requests_above_the_quota_get_429_until_the_window_ends() {
    let mut bench = Bench::new();
    bench.simulator.settings = Settings { requests_per_minute: Some(2), ..Settings::default() };
    let ping = bulk_body("GENERAL", &[("GetUserInfo", json!({}))]);
    assert_eq!([(); 3].map(|()| bench.post_json(&ping).0), [200, 200, 429]);
    bench.pass(50);
    let refused = bench.post(&ping).response().unwrap();
    assert!(refused.headers.contains(&("retry-after".to_owned(), "10".to_owned())), "{refused:?}");
    bench.simulator.settings.retry_after = false;
    let refused = bench.post(&ping).response().unwrap();
    assert!(!refused.headers.iter().any(|(name, _)| name == "retry-after"));
    bench.pass(10);
    assert_eq!(bench.post_json(&ping).0, 200);
}

#[test]
fn a_malformed_request_is_refused_as_a_whole_with_400() {
    let good = r#"{"transaction":"GetHead","record":{"ORNO":"1"}}"#;
    let with = |envelope: &str| format!(r#"{{{envelope},"transactions":[{good}]}}"#);
    let only = |entry: &str| format!(r#"{{"program":"OIS100MI","cono":100,"transactions":[{entry}]}}"#);
    let cases = [
        (String::new(), "EOF"),
        ("[]".to_owned(), "a bulk request"),
        (format!(r#"{{"program":"OIS100MI","transactions":[{good}],"cono":100}}"#), "must be the last key"),
        (with(r#""program":"OIS100MI","company":100"#), "unknown key company"),
        (with(r#""program":"OIS100MI","program":"OIS100MI""#), "given twice"),
        (with(r#""program":"OIS100MI","cono":"100""#), "u32"),
        (with(r#""program":"OIS100MI","dateFormat":"DMY6""#), "not simulated"),
        (with(r#""cono":100"#), "missing field `program`"),
        (r#"{"program":"OIS100MI","cono":100}"#.to_owned(), "missing field `transactions`"),
        (only(""), "transactions is empty"),
        (only(r#"{"transaction":"GetHead","record":{"ORNO":1}}"#), "expected a string"),
        (only(r#"{"transaction":"GetHead","record":{"ORNO":null}}"#), "expected a string"),
        (only(r#"{"transaction":"GetHead","record":{"ORNO":"1","ORNO":"2"}}"#), "given twice"),
        (only(r#"{"transaction":"GetHead","record":{"orno":"1"}}"#), "no input field orno"),
        (only(r#"{"transaction":"GetHead","record":{"ORNO":"1","EMAIL":"x"}}"#), "no input field EMAIL"),
        (only(r#"{"transaction":"GetHead","record":{"ORNO":"1"},"columns":[]}"#), "unknown field `columns`"),
        (
            only(r#"{"transaction":"GetHead","record":{"ORNO":"1"},"selectedColumns":["NOPE"]}"#),
            "no output field NOPE",
        ),
    ];
    for (body, reason) in cases {
        let (status, answer) = Bench::new().post_json(&body);
        assert_eq!((status, answer["wasTerminated"].as_bool()), (400, Some(true)), "{body}");
        assert!(answer["terminationReason"].as_str().unwrap().contains(reason), "{body}: {answer}");
    }
}

#[test]
fn an_unknown_program_or_transaction_is_named_as_such_and_nothing_runs() {
    let mut bench = Bench::new();
    let head = ("AddBatchHead", json!({ "CUNO": "C00001" }));
    let unknown =
        [("OIS999MI", vec![head.clone()]), ("OIS100MI", vec![head, ("AddBatchHeadChrg", json!({}))])];
    for (program, transactions) in unknown {
        let (status, answer) = bench.bulk(program, &transactions);
        assert_eq!((status, &answer["terminationErrorType"]), (400, &json!("TransactionNotFound")));
    }
    assert_eq!(bench.simulator.state()["batch_orders"], json!({}));
}

#[test]
fn more_transactions_than_allowed_are_refused() {
    let mut bench = Bench::new();
    let ping = ("GetUserInfo", json!({}));
    assert_eq!(bench.bulk("GENERAL", &vec![ping.clone(); 100]).0, 200);
    assert_eq!(bench.bulk("GENERAL", &vec![ping; 101]).0, 400);
}

#[test]
fn the_rest_layer_checks_mandatory_fields_lengths_and_numbers() {
    let cases = [
        (json!({ "ORNO": "T1" }), 400, "MandatoryInputFieldNotFound", "ITNO"),
        (json!({ "ORNO": "T1", "ITNO": " " }), 400, "MandatoryInputFieldNotFound", "ITNO"),
        (json!({ "ORNO": "T1", "ITNO": "1234567890123456" }), 400, "InputFieldTooLong", "ITNO"),
        (json!({ "ORNO": "T1", "ITNO": "A", "D1QT": "two" }), 200, "ServerReturnedNOK", "D1QT"),
        (json!({ "ORNO": "T1", "ITNO": "A", "D1QT": "1,5" }), 200, "ServerReturnedNOK", "D1QT"),
        (json!({ "ORNO": "T1", "ITNO": "A", "D1QT": "1e3" }), 200, "ServerReturnedNOK", "D1QT"),
    ];
    for (record, status, kind, field) in cases {
        let (got, answer) = Bench::new().bulk("OIS100MI", &[("AddBatchLine", record.clone())]);
        let result = &answer["results"][0];
        assert_eq!(
            (got, &result["errorType"], &result["errorField"]),
            (status, &json!(kind), &json!(field)),
            "{record}"
        );
    }
}

#[test]
fn length_counts_characters_not_bytes() {
    let customer = json!({ "CUTM": "ECOMTPL", "CUNM": "é".repeat(36), "CUA1": "1 Sample Street" });
    assert_eq!(Bench::new().run("CRS610MI/Add", customer).len(), 1);
}

#[test]
fn a_refusal_of_one_transaction_does_not_stop_the_rest() {
    let mut bench = Bench::new();
    let number = bench.entered("A");
    let line = |item: &str| ("AddBatchLine", json!({ "ORNO": number, "ITNO": item, "ORQT": "1" }));
    let lines = [line("CAP-RED"), line("GHOST-SKU"), line("1234567890123456"), line("NOTE-A5")];
    let (status, answer) = bench.bulk("OIS100MI", &lines);
    let codes: Vec<&Value> = (0..4).map(|index| &answer["results"][index]["errorType"]).collect();
    assert_eq!(codes, ["", "ServerReturnedNOK", "InputFieldTooLong", ""]);
    assert_eq!((status, &answer["wasTerminated"]), (200, &json!(false)));
    assert_eq!(answer["nrOfSuccessfullTransactions"], 2);
    assert_eq!(answer["nrOfFailedTransactions"], 2);
    assert_eq!(answer["nrOfNotProcessedTransactions"], 0);
    assert!(answer["results"][1].get("records").is_none(), "a failure has no records");
}

#[test]
fn a_request_needs_a_company_that_the_user_may_use() {
    let mut bench = Bench::new();
    let get = r#"[{"transaction":"GetWarehouse","record":{"WHLO":"100"}}]"#;
    for (envelope, code) in [
        ("", "XAU0008"),
        (r#""cono":0,"#, "XAU0008"),
        (r#""cono":200,"#, "XAU0008"),
        (r#""cono":100,"divi":"ZZZ","#, "CPF9898"),
        (r#""cono":100,"divi":"BBB","#, ""),
    ] {
        let (status, answer) =
            bench.post_json(&format!(r#"{{"program":"MMS005MI",{envelope}"transactions":{get}}}"#));
        assert_eq!((status, &answer["results"][0]["errorCode"]), (200, &json!(code)), "{envelope}");
    }
    let by_record =
        r#"{"program":"OIS100MI","transactions":[{"transaction":"LstOrderTypes","record":{"CONO":"100"}}]}"#;
    assert_eq!(bench.post_json(by_record).1["results"][0]["errorCode"], "");
}

#[test]
fn a_head_is_refused_for_each_reason() {
    let cases = [
        (json!({ "CUNO": "NOBODY" }), "WCU0203", "CUNO"),
        (json!({ "CUNO": "C00090" }), "CPF9898", "CUNO"),
        (json!({ "CUNO": "C00012" }), "CPF9898", "CUNO"),
        (json!({ "CUNO": "C00001", "ORTP": "XXX" }), "CPF9898", "ORTP"),
        (json!({ "CUNO": "C00001", "FACI": "Z01" }), "WFAC303", "FACI"),
        (json!({ "CUNO": "C00001", "WHLO": "999" }), "WWH0103", "WHLO"),
        (json!({ "CUNO": "C00001", "WHLO": "200", "FACI": "A01" }), "CPF9898", "WHLO"),
        (json!({ "CUNO": "C00001", "ORTP": "B01", "FACI": "A01" }), "CPF9898", "ORTP"),
        (json!({ "CUNO": "C00001", "RLDT": "2026-03-02" }), "CPF9898", "RLDT"),
        (json!({ "CUNO": "C00001", "ORDT": "20260231" }), "CPF9898", "ORDT"),
        (json!({ "CUNO": "C00001", "OTBA": "ten" }), "CPF9898", "OTBA"),
        (json!({ "CUNO": "C00001", "PYNO": "NOBODY" }), "XIM0002", "PYNO"),
    ];
    for (record, code, field) in cases {
        let got = Bench::new().refused("OIS100MI/AddBatchHead", record.clone());
        assert_eq!(got, (code.to_owned(), field.to_owned()), "{record}");
    }
}

#[test]
fn a_line_is_refused_for_each_reason() {
    let cases = [
        (json!({ "ITNO": "GHOST-SKU", "ORQT": "1" }), "WIT0103", "ITNO"),
        (json!({ "ITNO": "LAMP-DESK", "ORQT": "1" }), "WIT0101", "ITNO"),
        (json!({ "ITNO": "MUG-OLD", "ORQT": "1" }), "CPF9898", "ITNO"),
        (json!({ "ITNO": "CAP-RED", "ORQT": "1", "WHLO": "999" }), "WWH0103", "WHLO"),
        (json!({ "ITNO": "HOODIE-GRY-M", "ORQT": "1", "WHLO": "200" }), "WIT0101", "ITNO"),
        (json!({ "ITNO": "CAP-RED" }), "CPF9898", "ORQT"),
        (json!({ "ITNO": "CAP-RED", "ORQT": "0" }), "CPF9898", "ORQT"),
        (json!({ "ITNO": "CAP-RED", "ORQT": "-1" }), "CPF9898", "ORQT"),
        (json!({ "ITNO": "CAP-RED", "ORQT": "1,5" }), "CPF9898", "ORQT"),
        (json!({ "ITNO": "CAP-RED", "ORQT": "1", "ALUN": "BOX" }), "CPF9898", "ALUN"),
        (json!({ "ITNO": "CAP-RED", "ORQT": "1", "SAPR": "free" }), "CPF9898", "SAPR"),
        (json!({ "ITNO": "CAP-RED", "ORQT": "1", "DWDT": "soon" }), "CPF9898", "DWDT"),
    ];
    for (mut record, code, field) in cases {
        let mut bench = Bench::new();
        record["ORNO"] = json!(bench.entered("A"));
        assert_eq!(bench.refused(LINE, record.clone()), (code.to_owned(), field.to_owned()), "{record}");
    }
    let lost = json!({ "ORNO": "T999999999", "ITNO": "CAP-RED", "ORQT": "1" });
    assert_eq!(Bench::new().refused(LINE, lost).0, "WOR0303");
}

#[test]
fn texts_charges_and_lines_are_refused_for_each_reason() {
    let charge = |extra: Value| ("OIS100MI/AddBatchHeadChg", extra, "CPF9898");
    let text = |extra: Value, code| ("OIS100MI/AddBatchText", extra, code);
    let cases = [
        charge(json!({ "CRID": "NOPE", "CRAM": "5" })),
        charge(json!({ "CRID": "FRT", "CRAM": "five" })),
        text(json!({ "TYPE": "3", "TYTR": "1", "PARM": "x" }), "CPF9898"),
        text(json!({ "TYPE": "1", "TYTR": "9", "PARM": "x" }), "CPF9898"),
        text(json!({ "TYPE": "2", "TYTR": "1", "PARM": "x", "PONR": "7" }), "WPO0303"),
        ("OIS100MI/AddBatchLineChg", json!({ "PONR": "7", "POSX": "0", "CRID": "FRT" }), "WPO0303"),
        ("OIS100MI/DelBatchLine", json!({ "PONR": "7" }), "WPO0303"),
    ];
    for (name, mut record, code) in cases {
        let mut bench = Bench::new();
        record["ORNO"] = json!(bench.entered("A"));
        assert_eq!(bench.refused(name, record.clone()).0, code, "{name} {record}");
    }
}

#[test]
fn reads_of_what_does_not_exist_are_refused_with_their_codes() {
    let cases = [
        ("MMS200MI/Get", json!({ "ITNO": "GHOST-SKU" }), "WIT0103"),
        ("MMS200MI/GetItmWhsBasic", json!({ "WHLO": "999", "ITNO": "CAP-RED" }), "WWH0103"),
        ("MMS200MI/GetItmWhsBasic", json!({ "WHLO": "100", "ITNO": "LAMP-DESK" }), "WIT0101"),
        ("MMS200MI/GetItmFac", json!({ "FACI": "Z01", "ITNO": "CAP-RED" }), "WFAC303"),
        ("MMS200MI/GetItmFac", json!({ "FACI": "B01", "ITNO": "HOODIE-GRY-M" }), "WIT0101"),
        ("MMS005MI/GetWarehouse", json!({ "WHLO": "999" }), "WWH0103"),
        ("CRS008MI/Get", json!({ "FACI": "Z01" }), "WFAC303"),
        ("CRS610MI/GetBasicData", json!({ "CUNO": "NOBODY" }), "WCU0203"),
        ("OIS100MI/GetHead", json!({ "ORNO": "0001000001" }), "WOR0303"),
        ("OIS100MI/GetBatchHead", json!({ "ORNO": "T000000001" }), "WOR0303"),
        ("OIS100MI/Confirm", json!({ "ORNO": "T000000001" }), "WOR0303"),
        ("OIS275MI/GetTmpOrderStat", json!({ "ORNO": "T000000001" }), "WOR0303"),
    ];
    for (name, record, code) in cases {
        assert_eq!(Bench::new().refused(name, record.clone()).0, code, "{name} {record}");
    }
}
