//! What purchase order batch entry refuses at once, and what its validation finds.

use serde_json::{Value, json};
use simulated_cloudsuite::MasterData;

use crate::bench::{Bench, text};
use crate::purchase_entry::{head_of, line_of, start};

/// The head's or the line's fields that are changed, and the message id that the validation gives.
fn found(head: &Value, line: &Value, accounts: &Value) -> (String, String) {
    let mut bench = Bench::new();
    let message = start(&mut bench, "ECOM");
    let merged = |mut record: Value, changes: &Value| {
        record.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        record
    };
    let number = text(&bench.run("PPS370MI/AddHead", merged(head_of(&message, "A"), head))[0]["PUNO"]);
    bench.run("PPS370MI/AddLine", merged(line_of(&message), line));
    if accounts != &json!({}) {
        let base = json!({ "MSGN": message, "PNLI": "1" });
        bench.run("PPS370MI/AddAccString", merged(base, accounts));
    }
    bench.run("PPS370MI/FinishEntry", json!({ "MSGN": message }));
    let row = &bench.run("PPS370MI/GetBatchHead", json!({ "PUNO": number }))[0];
    (text(&row["STAT"]), text(&row["MSID"]))
}

#[test]
fn the_validation_finds_each_fault() {
    let none = json!({});
    let cases = [
        (json!({ "SUNO": "NOBODY" }), none.clone(), none.clone(), "WSU0103"),
        (json!({ "SUNO": "S00010" }), none.clone(), none.clone(), "CPF9898"),
        (json!({ "FACI": "Z01" }), none.clone(), none.clone(), "WFAC303"),
        (json!({ "WHLO": "999" }), none.clone(), none.clone(), "WWH0103"),
        (json!({ "WHLO": "200" }), none.clone(), none.clone(), "CPF9898"),
        (json!({ "DWDT": "20260231" }), none.clone(), none.clone(), "CPF9898"),
        (json!({ "ORTY": "XXX" }), none.clone(), none.clone(), "CPF9898"),
        (json!({ "CUCD": "XXX" }), none.clone(), none.clone(), "CPF9898"),
        (none.clone(), json!({ "ITNO": "GHOST-SKU" }), none.clone(), "WIT0103"),
        (none.clone(), json!({ "ITNO": "MUG-OLD" }), none.clone(), "CPF9898"),
        (none.clone(), json!({ "ITNO": "LAMP-DESK" }), none.clone(), "WIT0101"),
        (none.clone(), json!({ "ORQA": "0" }), none.clone(), "CPF9898"),
        (none.clone(), json!({ "PUUN": "TON" }), none.clone(), "CPF9898"),
        (none.clone(), json!({ "WHLO": "999" }), none.clone(), "WWH0103"),
        (none.clone(), json!({ "SUNO": "S00002" }), none.clone(), "CPF9898"),
        (none.clone(), none.clone(), json!({ "AIT1": "0815" }), "CPF9898"),
        (none.clone(), none.clone(), json!({ "AIT2": "ECOM" }), "CPF9898"),
        (none.clone(), none.clone(), json!({ "AIT1": "9990" }), "CPF9898"),
        (none.clone(), none.clone(), json!({ "AIT1": "3090", "AIT2": "ECOM" }), "CPF9898"),
        (none.clone(), none.clone(), json!({ "AIT1": "3010" }), "CPF9898"),
        (none.clone(), none.clone(), json!({ "AIT1": "4010", "AIT2": "CLOSED" }), "CPF9898"),
    ];
    for (head, line, accounts, id) in cases {
        let got = found(&head, &line, &accounts);
        assert_eq!(got, ("23".to_owned(), id.to_owned()), "{head} {line} {accounts}");
    }
    let sound = found(&none, &none, &json!({ "AIT1": "3010", "AIT2": "ECOM" }));
    assert_eq!(sound, ("90".to_owned(), String::new()));
}

#[test]
fn what_is_wrong_with_the_entry_itself_is_refused_at_once() {
    let mut bench = Bench::new();
    assert_eq!(bench.refused("PPS370MI/StartEntry", json!({ "BAOR": "NOWHERE" })).1, "BAOR");
    assert_eq!(bench.refused("PPS370MI/AddHead", head_of("1", "A")).1, "MSGN");
    let message = start(&mut bench, "ECOM");
    assert_eq!(bench.refused("PPS370MI/FinishEntry", json!({ "MSGN": message })).1, "MSGN", "it is empty");
    assert_eq!(bench.refused("PPS370MI/AddLine", line_of(&message)).0, "WPU0803", "there is no head yet");
    bench.run("PPS370MI/AddHead", head_of(&message, "A"));
    let mut line = line_of(&message);
    line["PNLI"] = json!("7");
    assert_eq!(bench.run("PPS370MI/AddLine", line.clone())[0]["PNLI"], "7");
    assert_eq!(bench.refused("PPS370MI/AddLine", line).1, "PNLI");
    let cases = [
        ("AddAccString", json!({ "AIT1": "4010" }), "CPF9898", "PNLI"),
        ("AddAccString", json!({ "AIT1": "4010", "PNLI": "8" }), "WPN0103", "PNLI"),
        ("AddAccString", json!({ "AIT1": "4010", "LREF": "X" }), "WPN0103", "PNLI"),
        ("AddAccString", json!({ "PNLI": "7" }), "CPF9898", "AIT1"),
        ("AddText", json!({ "PNLI": "7" }), "CPF9898", "TXT1"),
        ("AddText", json!({ "PNLI": "8", "TXT1": "x" }), "WPN0103", "PNLI"),
        ("AddCharge", json!({ "SUCE": "FREIGHT", "PUNO": "1" }), "WPU0803", "PUNO"),
        ("AddAddress", json!({ "POAD": "1", "PNLI": "8" }), "WPN0103", "PNLI"),
    ];
    for (name, mut record, code, field) in cases {
        record["MSGN"] = json!(message);
        let got = bench.refused(&format!("PPS370MI/{name}"), record.clone());
        assert_eq!(got, (code.to_owned(), field.to_owned()), "{name} {record}");
    }
}

#[test]
fn a_second_accounting_string_replaces_the_first_or_is_refused() {
    for counts in [false, true] {
        let mut bench = Bench::new();
        bench.simulator.settings.repeats_count = counts;
        let message = start(&mut bench, "ECOM");
        bench.run("PPS370MI/AddHead", head_of(&message, "A"));
        bench.run("PPS370MI/AddLine", line_of(&message));
        let accounts = |account: &str| json!({ "MSGN": message, "PNLI": "1", "AIT1": account });
        bench.run("PPS370MI/AddAccString", accounts("4010"));
        if counts {
            assert_eq!(bench.refused("PPS370MI/AddAccString", accounts("5710")).1, "PNLI");
        } else {
            bench.run("PPS370MI/AddAccString", accounts("5710"));
            assert_eq!(bench.simulator.purchase_orders()[0].lines[0].accounts[0], "5710");
        }
    }
}

#[test]
fn the_catalogue_binds_purchase_order_entry_too() {
    let cases = [
        (
            "AddHead",
            json!({ "MSGN": "1", "FACI": "A01", "WHLO": "100", "SUNO": "S00001" }),
            400,
            "MandatoryInputFieldNotFound",
            "DWDT",
        ),
        ("StartEntry", json!({ "BAOR": "ELEVENCHARS" }), 400, "InputFieldTooLong", "BAOR"),
        ("AddLine", json!({ "MSGN": "1", "ITNO": "A", "ORQA": "two" }), 200, "ServerReturnedNOK", "ORQA"),
    ];
    for (name, record, status, kind, field) in cases {
        let (got, answer) = Bench::new().bulk("PPS370MI", &[(name, record.clone())]);
        let result = &answer["results"][0];
        assert_eq!(
            (got, &result["errorType"], &result["errorField"]),
            (status, &json!(kind), &json!(field)),
            "{record}"
        );
    }
    // PPS370MI has no CONO: only the envelope can name the company.
    let (status, answer) =
        Bench::new().bulk("PPS370MI", &[("StartEntry", json!({ "BAOR": "ECOM", "CONO": "100" }))]);
    assert_eq!((status, &answer["wasTerminated"]), (400, &json!(true)));
    let (status, _) = Bench::new().bulk("CRS620MI", &[("GetBasicData", json!({ "SUNO": "S00001" }))]);
    assert_eq!(status, 400, "suppliers cannot be read: the published catalogue has no CRS620MI");
}

#[test]
fn without_suppliers_every_order_is_in_error() {
    let mut master = MasterData::demo();
    master.purchasing.suppliers.clear();
    let mut bench = Bench::with(master);
    let message = start(&mut bench, "ECOM");
    bench.run("PPS370MI/AddHead", head_of(&message, "A"));
    bench.run("PPS370MI/AddLine", line_of(&message));
    bench.run("PPS370MI/FinishEntry", json!({ "MSGN": message }));
    let held = bench.simulator.purchase_orders();
    assert_eq!((held[0].status.as_str(), held[0].reason.as_ref().unwrap().0.as_str()), ("23", "WSU0103"));
}
