//! A journal from its head to its voucher, and what is refused on the way.

use rust_decimal::Decimal;
use serde_json::{Map, Value, json};
use simulated_cloudsuite::{Effect, Fault, HttpRequest, Processing};

use crate::bench::{Bench, body, column, text};

const HEAD: &str = "GLS840MI/AddBatchHead";
const LINE: &str = "GLS840MI/AddBatchLineFld";
const CONTROL: &str = "GLS840MI/CtrlBatch";
const UPDATE: &str = "GLS840MI/UpdBatch";

fn head(key: &str) -> Value {
    json!({ "CONO": "100", "KEY1": key, "INTN": "ECOM-FLD", "DESC": "Order 1001", "DIVI": "AAA" })
}

fn line(key: &str, number: u32, account: &str, amount: &str) -> Value {
    json!({
        "KEY1": key, "LINE": number.to_string(), "INRI": "I1", "DIVI": "AAA", "AIT1": account, "AIT2": "ECOM",
        "CUAM": amount, "CUCD": "EUR", "ACDT": "20260302", "VTXT": "SHOP-1001",
    })
}

fn key(key: &str) -> Value {
    json!({ "CONO": "100", "KEY1": key, "DIVI": "AAA" })
}

fn with(mut record: Value, changes: &Value) -> Value {
    record.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    record
}

/// A batch of two lines that balance.
fn entered(bench: &mut Bench, name: &str) {
    assert_eq!(bench.run(HEAD, head(name))[0]["CONO"], "100");
    assert!(bench.run(LINE, line(name, 1, "1510", "24.20")).is_empty());
    bench.run(LINE, line(name, 2, "3010", "-24.20"));
}

fn vouchers(bench: &mut Bench) -> Vec<Map<String, Value>> {
    let days = json!({ "FRDT": "20260301", "TODT": "20260331", "DIVI": "AAA" });
    bench.run("GLS200MI/LstVouchersByDt", days)
}

#[test]
fn a_batch_is_entered_controlled_updated_and_read_back() {
    let mut bench = Bench::new();
    entered(&mut bench, "K1");
    assert!(vouchers(&mut bench).is_empty());
    bench.run(CONTROL, key("K1"));
    assert!(bench.simulator.vouchers().is_empty(), "a control posts nothing");
    bench.run(UPDATE, key("K1"));

    let rows = vouchers(&mut bench);
    assert_eq!(
        (column(&rows, "AIT1"), column(&rows, "ACAM")),
        (vec!["1510".into(), "3010".into()], vec!["24.20".into(), "-24.20".into()])
    );
    assert_eq!(
        (column(&rows, "VTXT")[0].as_str(), column(&rows, "DBCR")),
        ("SHOP-1001", vec!["D".into(), "C".into()])
    );
    let number = text(&rows[0]["VONO"]);
    let named = json!({ "DIVI": "AAA", "YEA4": "2026", "VONO": number });
    let head = &bench.run("GLS200MI/GetVoucherHead", named.clone())[0];
    assert_eq!(
        (&head["DSUM"], &head["CSUM"], &head["VSER"]),
        (&json!("24.20"), &json!("24.20"), &json!("E10"))
    );
    let lines = bench.run("GLS200MI/LstVoucherLines", named);
    for name in ["VONO", "JSNO", "AIT1", "AIT2", "CUAM", "CUCD", "ACDT", "VTXT"] {
        assert_eq!(column(&lines, name), column(&rows, name), "{name}");
    }

    let held = bench.simulator.vouchers();
    assert_eq!((held.len(), held[0].key.as_str(), held[0].date.as_str()), (1, "K1", "20260302"));
    assert_eq!(
        (held[0].lines[1].amount, held[0].lines[1].accounts[1].as_str()),
        (Decimal::new(-2420, 2), "ECOM")
    );
    let request = HttpRequest::new("GET", "/_simulated/vouchers?key1=K1");
    let seen = body(&bench.send(&request).response().unwrap());
    assert_eq!(
        (&seen["batches"][0]["stage"], &seen["vouchers"][0]["key"]),
        (&json!("updated"), &json!("K1"))
    );
}

#[test]
fn a_key_is_used_once_for_ever() {
    let mut bench = Bench::new();
    entered(&mut bench, "K1");
    assert_eq!(bench.refused(HEAD, head("K1")).1, "KEY1");
    bench.run(CONTROL, key("K1"));
    bench.run(UPDATE, key("K1"));
    assert_eq!(bench.refused(HEAD, head("K1")).1, "KEY1");
    assert_eq!(bench.refused(HEAD, with(head("K1"), &json!({ "DIVI": "BBB" }))).1, "KEY1");
}

#[test]
fn an_update_needs_a_good_control_and_happens_once() {
    let mut bench = Bench::new();
    entered(&mut bench, "K1");
    assert_eq!(bench.refused(UPDATE, key("K1")).1, "KEY1", "not controlled");
    bench.run(CONTROL, key("K1"));
    bench.run(LINE, line("K1", 3, "1510", "1"));
    assert_eq!(bench.refused(UPDATE, key("K1")).1, "KEY1", "changed since its control");
    assert_eq!(bench.refused(CONTROL, key("K1")).1, "CUAM", "out of balance");
    assert_eq!(bench.refused(UPDATE, key("K1")).1, "KEY1", "found at fault");
    bench.run(LINE, line("K1", 4, "3010", "-1"));
    bench.run(CONTROL, key("K1"));
    bench.run(CONTROL, key("K1"));
    bench.run(UPDATE, key("K1"));
    for (name, record) in [(UPDATE, key("K1")), (CONTROL, key("K1")), (LINE, line("K1", 5, "1510", "1"))] {
        assert_eq!(bench.refused(name, record).1, "KEY1", "{name} of an updated batch");
    }
    assert_eq!(bench.simulator.vouchers().len(), 1);
}

#[test]
fn the_control_finds_each_fault() {
    let cases = [
        (json!({ "AIT1": "0815" }), "AIT1"),
        (json!({ "AIT1": "9990" }), "AIT1"),
        (json!({ "AIT1": "3090" }), "AIT1"),
        (json!({ "AIT1": "3099" }), "AIT1"),
        (json!({ "AIT1": "3011" }), "AIT1"),
        (json!({ "AIT1": " " }), "AIT1"),
        (json!({ "AIT1": "ECOM" }), "AIT1"),
        (json!({ "AIT2": "CLOSED" }), "AIT2"),
        (json!({ "AIT2": " " }), "AIT2"),
        (json!({ "AIT3": "SPRING" }), "AIT3"),
        (json!({ "ACDT": " " }), "ACDT"),
        (json!({ "ACDT": "2026-03" }), "ACDT"),
        (json!({ "ACDT": "20241231" }), "ACDT"),
        (json!({ "ACDT": "20260303" }), "ACDT"),
        (json!({ "CUAM": "-24.19" }), "CUAM"),
        (json!({ "CUAM": "0" }), "CUAM"),
        (json!({ "CUAM": "-24.201" }), "CUAM"),
        (json!({ "CUAM": " " }), "CUAM"),
        (json!({ "DBCR": "C" }), "CUAM"),
        (json!({ "DBCR": "X" }), "DBCR"),
        (json!({ "CUCD": "GBP" }), "CUCD"),
        (json!({ "INRI": "I9" }), "INRI"),
    ];
    for (changes, field) in cases {
        let mut bench = Bench::new();
        bench.run(HEAD, head("K1"));
        bench.run(LINE, line("K1", 1, "1510", "24.20"));
        bench.run(LINE, with(line("K1", 2, "3010", "-24.20"), &changes));
        assert_eq!(bench.refused(CONTROL, key("K1")).1, field, "{changes}");
        assert_eq!(bench.simulator.open_journals()[0].1.len(), 1, "{changes}");
    }
    let mut bench = Bench::new();
    bench.run(HEAD, head("K1"));
    assert_eq!(bench.refused(CONTROL, key("K1")).1, "KEY1", "a batch without lines");
}

#[test]
fn debit_and_credit_may_be_said_by_their_code() {
    let mut bench = Bench::new();
    bench.run(HEAD, head("K1"));
    bench.run(LINE, with(line("K1", 1, "1510", "24.20"), &json!({ "DBCR": "D" })));
    bench.run(LINE, with(line("K1", 2, "3010", "24.20"), &json!({ "DBCR": "C" })));
    bench.run(CONTROL, key("K1"));
}

#[test]
fn another_currency_is_recorded_by_its_rate() {
    for (changes, recorded) in [
        (json!({ "CUCD": "USD" }), Decimal::new(2178, 2)),
        (json!({ "CUCD": "USD", "ARAT": "0.5" }), Decimal::new(1210, 2)),
    ] {
        let mut bench = Bench::new();
        bench.run(HEAD, head("K1"));
        bench.run(LINE, with(line("K1", 1, "1510", "24.20"), &changes));
        bench.run(LINE, with(line("K1", 2, "3010", "-24.20"), &changes));
        bench.run(CONTROL, key("K1"));
        bench.run(UPDATE, key("K1"));
        let line = &bench.simulator.vouchers()[0].lines[0];
        assert_eq!(
            (line.currency.as_str(), line.amount, line.recorded),
            ("USD", Decimal::new(2420, 2), recorded)
        );
    }
}

#[test]
fn recorded_amounts_that_are_told_must_balance_too() {
    let mut bench = Bench::new();
    bench.run(HEAD, head("K1"));
    let usd = |amount: &str| json!({ "CUCD": "USD", "ACAM": amount });
    bench.run(LINE, with(line("K1", 1, "1510", "24.20"), &usd("22.00")));
    bench.run(LINE, with(line("K1", 2, "3010", "-24.20"), &usd("-21.99")));
    assert_eq!(bench.refused(CONTROL, key("K1")).1, "CUAM");
}

#[test]
fn heads_and_lines_are_refused_for_each_reason() {
    let mut bench = Bench::new();
    assert_eq!(bench.refused(HEAD, with(head("K1"), &json!({ "DIVI": " " }))).1, "DIVI");
    assert_eq!(bench.refused(HEAD, with(head("K1"), &json!({ "DIVI": "ZZZ" }))).1, "DIVI");
    assert_eq!(bench.refused(HEAD, with(head("K1"), &json!({ "INTN": "NONE" }))).1, "INTN");
    bench.run(HEAD, head("K1"));
    bench.run(LINE, line("K1", 1, "1510", "1"));
    assert_eq!(bench.refused(LINE, line("K1", 1, "1510", "1")).1, "LINE");
    assert_eq!(bench.refused(LINE, line("K2", 1, "1510", "1")).1, "KEY1");
    assert_eq!(bench.refused(LINE, with(line("K1", 2, "1510", "1"), &json!({ "DIVI": "BBB" }))).1, "KEY1");
    assert_eq!(bench.refused(LINE, with(line("K1", 2, "1510", "1"), &json!({ "DIVI": " " }))).1, "DIVI");
    bench.simulator.settings.journals.division_everywhere = false;
    bench.run(LINE, with(line("K1", 2, "1510", "1"), &json!({ "DIVI": " " })));
}

#[test]
fn lines_of_fixed_positions_are_refused_for_want_of_a_layout() {
    let mut bench = Bench::new();
    let parameter =
        |name: &str| json!({ "CONO": "100", "KEY1": name, "LINE": "1", "PARM": "I1AAA", "DIVI": "AAA" });
    bench.run(HEAD, with(head("FIX"), &json!({ "INTN": "ECOM-FIX" })));
    assert_eq!(bench.refused("GLS840MI/AddBatchLine", parameter("FIX")).1, "PARM");
    assert_eq!(bench.refused(LINE, line("FIX", 1, "1510", "1")).1, "INRI", "of the other usage type");
    bench.run(HEAD, head("FLD"));
    assert_eq!(bench.refused("GLS840MI/AddBatchLine", parameter("FLD")).1, "PARM");
}

#[test]
fn a_silent_control_answers_well_and_the_update_is_refused() {
    let mut bench = Bench::new();
    bench.simulator.settings.journals.silent_control = true;
    bench.run(HEAD, head("K1"));
    bench.run(LINE, line("K1", 1, "1510", "1"));
    bench.run(CONTROL, key("K1"));
    assert_eq!(bench.refused(UPDATE, key("K1")).1, "KEY1");
}

#[test]
fn the_voucher_may_come_after_seconds_and_questions() {
    let mut bench = Bench::new();
    bench.simulator.settings.journals.processing = Processing::Later { seconds: 10, asks: 1 };
    entered(&mut bench, "K1");
    bench.run(CONTROL, key("K1"));
    bench.run(UPDATE, key("K1"));
    assert_eq!(bench.refused(UPDATE, key("K1")).1, "KEY1", "it is under way");
    bench.pass(10);
    assert!(vouchers(&mut bench).is_empty());
    assert_eq!(vouchers(&mut bench).len(), 2);
    assert_eq!(bench.simulator.vouchers().len(), 1);
}

#[test]
fn a_lost_answer_to_an_update_has_made_its_voucher() {
    let mut bench = Bench::new();
    entered(&mut bench, "K1");
    bench.run(CONTROL, key("K1"));
    bench.fault(Fault::once(Effect::DropAfter).only("GLS840MI", "UpdBatch"));
    let request = crate::bench::bulk_body("GLS840MI", &[("UpdBatch", key("K1"))]);
    assert!(bench.post(&request).response().is_none());
    assert_eq!(vouchers(&mut bench).len(), 2);
    assert_eq!(bench.refused(UPDATE, key("K1")).1, "KEY1");
}

#[test]
fn vouchers_are_listed_by_their_accounting_date_and_division() {
    let mut bench = Bench::new();
    entered(&mut bench, "K1");
    bench.run(CONTROL, key("K1"));
    bench.run(UPDATE, key("K1"));
    let mut list = |from: &str, to: &str, division: &str| {
        bench.run("GLS200MI/LstVouchersByDt", json!({ "FRDT": from, "TODT": to, "DIVI": division })).len()
    };
    assert_eq!((list("20260302", "20260302", "AAA"), list("20260303", "20260331", "AAA")), (2, 0));
    assert_eq!((list("20260301", "20260331", "BBB"), list("20260301", "20260331", " ")), (0, 2));
    let wrong = json!({ "FRDT": "2026", "TODT": "20260331" });
    assert_eq!(bench.refused("GLS200MI/LstVouchersByDt", wrong).1, "FRDT");
    let none = json!({ "DIVI": "AAA", "YEA4": "2026", "VONO": "1" });
    assert_eq!(bench.refused("GLS200MI/GetVoucherHead", none).1, "VONO");
}

#[test]
fn accounting_identities_are_read_with_their_lock_validity_and_demands() {
    let mut bench = Bench::new();
    let mut get = |dimension: &str, identity: &str, division: &str| {
        let record = json!({ "AITP": dimension, "AITM": identity, "DIVI": division });
        bench.run("CRS630MI/GetAccountID", record)[0].clone()
    };
    assert_eq!(get("1", "3010", "AAA")["ACR2"], "1");
    assert_eq!(get("1", "9990", "AAA")["LCCD"], "1");
    assert_eq!(get("1", "3090", "AAA")["VTDT"], "20251231");
    assert_eq!(get("2", "ECOM", "AAA")["TX40"], "E-commerce");
    assert_eq!(get("1", "3011", "BBB")["AITM"], "3011");
    for (dimension, identity, field) in
        [("1", "0815", "AITM"), ("2", "3010", "AITM"), ("1", "3011", "AITM"), ("8", "1", "AITP")]
    {
        let record = json!({ "AITP": dimension, "AITM": identity, "DIVI": "AAA" });
        assert_eq!(bench.refused("CRS630MI/GetAccountID", record).1, field, "{dimension} {identity}");
    }
    let listed = bench.run("CRS630MI/LstAccountID", json!({ "AITP": "1", "AITM": "57", "DIVI": "AAA" }));
    assert_eq!(column(&listed, "AITM"), ["5710", "5720", "5730", "6570", "9990"], "from the asked one on");
    let divisions = bench.run("MNS100MI/LstDivisions", json!({ "CONO": "100" }));
    assert_eq!(
        (column(&divisions, "DIVI"), column(&divisions, "FACI")),
        (vec!["AAA".into(), "BBB".into()], vec!["A01".into(), "B01".into()])
    );
}

#[test]
fn a_period_can_be_closed_at_run_time() {
    let mut bench = Bench::new();
    entered(&mut bench, "K1");
    let change = json!({ "remove": { "open_periods": ["AAA"] } }).to_string();
    let request = HttpRequest::new("POST", "/_simulated/master").body(change);
    assert_eq!(bench.send(&request).response().unwrap().status, 200);
    assert_eq!(bench.refused(CONTROL, key("K1")).1, "ACDT");
}
