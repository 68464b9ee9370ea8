//! A purchase order from the start of its entry to status 90, and what can be read of it on the way.

use rust_decimal::Decimal;
use serde_json::{Value, json};
use simulated_cloudsuite::{Effect, Fault, HttpRequest, Processing, Purchasing};

use crate::bench::{Bench, body, column, text};

const HEAD: &str = "PPS370MI/AddHead";
const LINE: &str = "PPS370MI/AddLine";

pub(crate) fn start(bench: &mut Bench, origin: &str) -> String {
    text(&bench.run("PPS370MI/StartEntry", json!({ "BAOR": origin }))[0]["MSGN"])
}

pub(crate) fn head_of(message: &str, reference: &str) -> Value {
    json!({
        "MSGN": message, "FACI": "A01", "WHLO": "100", "SUNO": "S00001", "DWDT": "20260309", "HREF": reference,
    })
}

pub(crate) fn line_of(message: &str) -> Value {
    json!({ "MSGN": message, "ITNO": "MUG-BLUE-12", "ORQA": "3", "PUPR": "4.20" })
}

/// A finished entry of one order with one line: message number and order number.
fn finished(bench: &mut Bench, origin: &str) -> (String, String) {
    let message = start(bench, origin);
    let number = text(&bench.run(HEAD, head_of(&message, "SHOP-1"))[0]["PUNO"]);
    bench.run(LINE, line_of(&message));
    bench.run("PPS370MI/FinishEntry", json!({ "MSGN": message }));
    (message, number)
}

/// STAT, PUSL and MSID of a batch head.
fn status(bench: &mut Bench, number: &str) -> [String; 3] {
    let row = &bench.run("PPS370MI/GetBatchHead", json!({ "PUNO": number }))[0];
    ["STAT", "PUSL", "MSID"].map(|name| text(&row[name]))
}

fn release(bench: &mut Bench, number: &str) -> u16 {
    let body = json!({ "puno": number }).to_string();
    let request = HttpRequest::new("POST", "/_simulated/release").body(body);
    bench.send(&request).response().unwrap().status
}

#[test]
fn an_order_is_entered_finished_and_read_back() {
    let mut bench = Bench::new();
    let message = start(&mut bench, "ECOM");
    let number = text(&bench.run(HEAD, head_of(&message, "SHOP-1001"))[0]["PUNO"]);
    assert_eq!(status(&mut bench, &number), ["10", "", ""]);
    let mut line = line_of(&message);
    line["LREF"] = json!("L-1");
    let added = &bench.run(LINE, line)[0];
    assert_eq!((&added["PUNO"], &added["PNLI"]), (&json!(number), &json!("1")));
    let accounts = json!({ "MSGN": message, "LREF": "L-1", "AIT1": "4010", "AIT2": "ECOM", "AIT3": "HOME" });
    bench.run("PPS370MI/AddAccString", accounts);
    bench.run("PPS370MI/AddText", json!({ "MSGN": message, "PUNO": number, "TXT1": "Ring the bell" }));
    bench.run("PPS370MI/AddAddress", json!({ "MSGN": message, "POAD": "1", "TOWN": "Utrecht" }));
    bench.run("PPS370MI/AddCharge", json!({ "MSGN": message, "SUCE": "FREIGHT", "CEVA": "5", "PNLI": "1" }));
    assert!(bench.run("PPS370MI/FinishEntry", json!({ "MSGN": message })).is_empty());
    assert_eq!(status(&mut bench, &number), ["90", "15", ""]);

    let head = &bench.run("PPS200MI/GetHead", json!({ "PUNO": number }))[0];
    assert_eq!(
        (&head["SUNO"], &head["NTAM"], &head["NOLN"]),
        (&json!("S00001"), &json!("12.60"), &json!("1"))
    );
    assert_eq!(
        (&head["CUCD"], &head["DIVI"], &head["PUDT"]),
        (&json!("EUR"), &json!("AAA"), &json!("20260302"))
    );
    let lines = bench.run("PPS200MI/LstLine", json!({ "PUNO": number }));
    assert_eq!(
        (column(&lines, "ITNO"), column(&lines, "PUST")),
        (vec!["MUG-BLUE-12".into()], vec!["15".into()])
    );
    let line = &bench.run("PPS200MI/GetLine", json!({ "PUNO": number, "PNLI": "1" }))[0];
    assert_eq!((&line["LNAM"], &line["ITDS"]), (&json!("12.60"), &json!("Mug blue 12 oz")));

    let held = bench.simulator.purchase_orders();
    assert_eq!((held.len(), held[0].reference.as_str(), held[0].status.as_str()), (1, "SHOP-1001", "90"));
    assert_eq!(held[0].lines[0].accounts[..3], ["4010", "ECOM", "HOME"]);
    assert_eq!((held[0].lines[0].quantity, held[0].lines[0].price), (Decimal::from(3), Decimal::new(420, 2)));
    assert_eq!(
        (&held[0].texts[0]["TXT1"], &held[0].addresses[0]["TOWN"]),
        (&"Ring the bell".into(), &"Utrecht".into())
    );
    assert_eq!((&held[0].charges[0]["SUCE"], &held[0].charges[0]["PNLI"]), (&"FREIGHT".into(), &"1".into()));
}

#[test]
fn the_orders_reference_may_repeat_unless_that_is_set() {
    for unique in [false, true] {
        let mut bench = Bench::new();
        bench.simulator.settings.purchasing.unique_reference = unique;
        let message = start(&mut bench, "ECOM");
        bench.run(HEAD, head_of(&message, "SAME"));
        if unique {
            assert_eq!(bench.refused(HEAD, head_of(&message, "SAME")).1, "HREF");
        } else {
            bench.run(HEAD, head_of(&message, "SAME"));
        }
    }
}

#[test]
fn the_caller_may_choose_the_number_and_it_must_be_free() {
    let mut bench = Bench::new();
    let message = start(&mut bench, "ECOM");
    let mut head = head_of(&message, "A");
    head["PUNO"] = json!("2000001");
    assert_eq!(bench.run(HEAD, head.clone())[0]["PUNO"], "2000001");
    assert_eq!(bench.refused(HEAD, head).1, "PUNO");
    let next = bench.run(HEAD, head_of(&message, "B"));
    assert_eq!(next[0]["PUNO"], "2000002", "the series steps over a number that is taken");
}

#[test]
fn nothing_is_validated_before_the_entry_is_finished() {
    let mut bench = Bench::new();
    let message = start(&mut bench, "ECOM");
    let mut head = head_of(&message, "A");
    head["SUNO"] = json!("NOBODY");
    head["DWDT"] = json!("soon");
    let number = text(&bench.run(HEAD, head)[0]["PUNO"]);
    let mut line = line_of(&message);
    line["ITNO"] = json!("GHOST-SKU");
    bench.run(LINE, line);
    assert_eq!(status(&mut bench, &number), ["10", "", ""]);
    bench.run("PPS370MI/FinishEntry", json!({ "MSGN": message }));
    assert_eq!(status(&mut bench, &number), ["23", "", "WSU0103"]);
    assert_eq!(bench.refused("PPS200MI/GetHead", json!({ "PUNO": number })).0, "WPU0803");
}

#[test]
fn an_origin_of_auto_level_1_stops_in_20_until_a_clerk_processes_it() {
    let mut bench = Bench::new();
    let orders = |bench: &Bench| bench.simulator.state()["purchase_orders"].as_object().unwrap().len();
    let before = orders(&bench);
    let (_, number) = finished(&mut bench, "CLERK");
    bench.pass(3600);
    assert_eq!(status(&mut bench, &number), ["20", "", ""]);
    assert_eq!(release(&mut bench, &number), 200);
    assert_eq!(status(&mut bench, &number), ["90", "15", ""]);
    assert_eq!(release(&mut bench, &number), 200, "releasing again makes no second order");
    assert_eq!(orders(&bench), before + 1);
    assert_eq!(release(&mut bench, "9"), 400);
}

#[test]
fn processing_may_take_seconds_and_questions() {
    let mut bench = Bench::new();
    let processing = Processing::Later { seconds: 30, asks: 2 };
    bench.simulator.settings.purchasing = Purchasing { processing, ..Purchasing::default() };
    let (_, number) = finished(&mut bench, "ECOM");
    assert_eq!(status(&mut bench, &number)[0], "20");
    bench.pass(30);
    let seen = [(); 2].map(|()| status(&mut bench, &number)[0].clone());
    assert_eq!(seen, ["20", "90"]);
}

#[test]
fn an_order_in_error_is_transferred_once_the_master_data_are_right() {
    let mut bench = Bench::new();
    let message = start(&mut bench, "ECOM");
    let number = text(&bench.run(HEAD, head_of(&message, "A"))[0]["PUNO"]);
    for item in ["CAP-RED", "GHOST-SKU"] {
        bench.run(LINE, json!({ "MSGN": message, "ITNO": item, "ORQA": "1" }));
    }
    bench.run("PPS370MI/FinishEntry", json!({ "MSGN": message }));
    assert_eq!(status(&mut bench, &number), ["23", "", "WIT0103"]);
    let lines = bench.run("PPS370MI/LstBatchLine", json!({ "PUNO": number }));
    assert_eq!(
        (column(&lines, "STAT"), column(&lines, "MSID")),
        (vec!["25".into(), "23".into()], vec![String::new(), "WIT0103".into()])
    );
    let line = bench.run("PPS370MI/GetBatchLine", json!({ "PUNO": number, "PNLI": "2" }));
    assert_eq!(line[0]["MSGD"], "Item number GHOST-SKU does not exist");
    bench.simulator.add_item("GHOST-SKU");
    assert_eq!(release(&mut bench, &number), 200);
    assert_eq!(status(&mut bench, &number), ["90", "15", ""]);
}

#[test]
fn the_status_of_an_order_in_error_can_be_set() {
    let mut bench = Bench::new();
    bench.simulator.settings.purchasing.error_status = 25;
    let message = start(&mut bench, "ECOM");
    let number = text(&bench.run(HEAD, head_of(&message, "A"))[0]["PUNO"]);
    bench.run("PPS370MI/FinishEntry", json!({ "MSGN": message }));
    assert_eq!(status(&mut bench, &number)[0], "25", "it has no lines");
}

#[test]
fn a_status_can_be_asked_for_the_next_entry() {
    let mut bench = Bench::new();
    let (code, text) = ("CPF9898".to_owned(), "interrupted".to_owned());
    bench.fault(Fault::once(Effect::PurchaseStatus { status: "20".to_owned(), code, text }));
    let (_, number) = finished(&mut bench, "ECOM");
    assert_eq!(status(&mut bench, &number), ["20", "", "CPF9898"]);
}

#[test]
fn an_entry_holds_several_orders_and_its_lines_find_theirs() {
    let mut bench = Bench::new();
    let message = start(&mut bench, "ECOM");
    let first = text(&bench.run(HEAD, head_of(&message, "A"))[0]["PUNO"]);
    let second = text(&bench.run(HEAD, head_of(&message, "B"))[0]["PUNO"]);
    assert_eq!(bench.refused(LINE, line_of(&message)).1, "PUNO", "it could belong to either");
    let with = |name: &str, value: &str| {
        let mut line = line_of(&message);
        line[name] = json!(value);
        line
    };
    assert_eq!(bench.run(LINE, with("HREF", "B"))[0]["PUNO"], second.as_str());
    assert_eq!(bench.run(LINE, with("PUNO", &first))[0]["PUNO"], first.as_str());
    assert_eq!(bench.refused(LINE, with("HREF", "C")).0, "WPU0803");
    bench.run("PPS370MI/FinishEntry", json!({ "MSGN": message }));
    assert_eq!(
        (status(&mut bench, &first)[0].as_str(), status(&mut bench, &second)[0].as_str()),
        ("90", "90")
    );
}

#[test]
fn an_entry_can_be_deleted_until_it_is_finished() {
    let mut bench = Bench::new();
    let message = start(&mut bench, "ECOM");
    let number = text(&bench.run(HEAD, head_of(&message, "A"))[0]["PUNO"]);
    bench.run("PPS370MI/DeleteEntry", json!({ "MSGN": message }));
    assert_eq!(bench.refused("PPS370MI/GetBatchHead", json!({ "PUNO": number })).0, "WPU0803");
    assert_eq!(bench.refused("PPS370MI/FinishEntry", json!({ "MSGN": message })).1, "MSGN");

    let (message, number) = finished(&mut bench, "CLERK");
    for name in ["DeleteEntry", "FinishEntry"] {
        assert_eq!(
            bench.refused(&format!("PPS370MI/{name}"), json!({ "MSGN": message })).1,
            "MSGN",
            "{name}"
        );
    }
    assert_eq!(bench.refused(LINE, line_of(&message)).1, "MSGN");
    assert_eq!(status(&mut bench, &number)[0], "20");
}

#[test]
fn a_question_mark_blanks_a_field_and_an_absent_one_takes_its_default() {
    let mut bench = Bench::new();
    let message = start(&mut bench, "ECOM");
    let mut head = head_of(&message, "A");
    head["TEPY"] = json!("?");
    let number = text(&bench.run(HEAD, head)[0]["PUNO"]);
    bench.run(LINE, json!({ "MSGN": message, "ITNO": "CAP-RED", "ORQA": "1" }));
    bench.run("PPS370MI/FinishEntry", json!({ "MSGN": message }));
    let head = &bench.run("PPS200MI/GetHead", json!({ "PUNO": number }))[0];
    assert_eq!((&head["TEPY"], &head["ORTY"]), (&json!(""), &json!("100")));
    assert_eq!(bench.run("PPS200MI/LstLine", json!({ "PUNO": number }))[0]["PITD"], "Cap red");
}

#[test]
fn the_search_knows_an_order_only_after_a_while() {
    let mut bench = Bench::new();
    let (_, number) = finished(&mut bench, "ECOM");
    let query = json!({ "SQRY": "SUNO:S00001 AND PUSL:15 AND WHLO:100" });
    assert!(bench.run("PPS200MI/SearchHead", query.clone()).is_empty());
    bench.pass(30);
    assert_eq!(column(&bench.run("PPS200MI/SearchHead", query), "PUNO"), [number.as_str()]);
    assert!(bench.run("PPS200MI/SearchHead", json!({ "SQRY": "SUNO:S00002 AND WHLO:100" })).is_empty());
    for wrong in ["HREF:SHOP-1", "SUNO", "SUNO:S*", "KSTR:1", "SUNO:S00001 OR PUSL:15"] {
        assert_eq!(bench.refused("PPS200MI/SearchHead", json!({ "SQRY": wrong })).1, "SQRY", "{wrong}");
    }
    assert!(bench.run("PPS200MI/LstDupOrders", json!({ "PUNO": number })).is_empty());
    assert_eq!(bench.refused("PPS200MI/LstDupOrders", json!({ "PUNO": "1" })).0, "WPU0803");
}

#[test]
fn purchase_orders_are_seen_by_their_reference_and_on_the_page() {
    let mut bench = Bench::new();
    let (_, number) = finished(&mut bench, "ECOM");
    let ask = |bench: &mut Bench, query: &str| {
        let request = HttpRequest::new("GET", &format!("/_simulated/purchase_orders?href={query}"));
        body(&bench.send(&request).response().unwrap())
    };
    assert_eq!(ask(&mut bench, "SHOP-1")["purchase_orders"][0]["number"], number.as_str());
    assert_eq!(ask(&mut bench, "SHOP-2"), json!({ "batches": [], "purchase_orders": [] }));
    let page = bench.send(&HttpRequest::new("GET", "/")).response().unwrap();
    assert!(String::from_utf8(page.body).unwrap().contains(&number));
}

#[test]
fn a_lost_commit_takes_the_entry_with_it_and_its_number_is_not_given_again() {
    let mut bench = Bench::new();
    bench.fault(Fault::once(Effect::LoseCommit).only("PPS370MI", "AddHead"));
    let message = start(&mut bench, "ECOM");
    let lost = text(&bench.run(HEAD, head_of(&message, "A"))[0]["PUNO"]);
    assert_eq!(bench.refused("PPS370MI/GetBatchHead", json!({ "PUNO": lost })).0, "WPU0803");
    assert_ne!(text(&bench.run(HEAD, head_of(&message, "A"))[0]["PUNO"]), lost);
}
