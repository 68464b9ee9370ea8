//! Picks for customer orders and returns of customers (MHS850MI).

use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::bench::{Bench, text, with};

/// A customer order with one line of candles from the fulfilment centre, its picking list printed.
pub(crate) fn ordered(bench: &mut Bench, quantity: &str) -> String {
    let head = json!({ "CUNO": "C00001", "ORTP": "ECO", "CUOR": "SHOP-1" });
    let number = text(&bench.run("OIS100MI/AddBatchHead", head)[0]["ORNO"]);
    let line = json!({ "ORNO": number, "ITNO": "CANDLE-SOY", "ORQT": quantity, "WHLO": "SBE" });
    bench.run("OIS100MI/AddBatchLine", line);
    let number = text(&bench.run("OIS100MI/Confirm", json!({ "ORNO": number }))[0]["ORNO"]);
    bench.simulator.advance_order(&number, None, Some("44")).unwrap();
    number
}

pub(crate) fn pick(order: &str, changes: Value) -> Value {
    let base = json!({
        "WHLO": "SBE", "E0PA": "SHIPBOB", "E065": "WHSTRN", "CUNO": "C00001", "RIDN": order, "RIDL": "1", "PLSX": "1",
        "QTYP": "2", "PMSN": "PICK-1",
    });
    with(base, changes)
}

/// Adds a pick and processes it; the code of the refusal, "" if there is none.
fn picked(bench: &mut Bench, order: &str, changes: Value) -> String {
    let message = text(&bench.run("MHS850MI/AddCOPick", pick(order, changes))[0]["MSGN"]);
    let (_, answer) = bench.bulk("MHS850MI", &[("PrcWhsTran", json!({ "MSGN": message }))]);
    text(&answer["results"][0]["errorCode"])
}

fn line_of(bench: &mut Bench, order: &str) -> [String; 2] {
    let row = &bench.run("OIS100MI/GetLine", json!({ "ORNO": order, "PONR": "1", "POSX": "0" }))[0];
    ["ORST", "DLQT"].map(|name| text(&row[name]))
}

#[test]
fn a_pick_delivers_the_line_and_takes_the_goods() {
    let mut bench = Bench::new();
    let order = ordered(&mut bench, "5");
    assert_eq!(picked(&mut bench, &order, json!({})), "");
    assert_eq!(line_of(&mut bench, &order), ["46", "2"], "partly delivered");
    assert_eq!(picked(&mut bench, &order, json!({ "QTYP": "3" })), "");
    assert_eq!(line_of(&mut bench, &order), ["66", "5"]);
    assert_eq!(bench.run("OIS100MI/GetHead", json!({ "ORNO": order }))[0]["ORST"], "66");
    assert_eq!(bench.simulator.on_hand("SBE", "CANDLE-SOY"), Decimal::from(495));
    let rows = bench.run("MWS070MI/ListTransByRef", json!({ "RIDN": order, "RIDL": "1" }));
    let sums: Vec<&str> = rows.iter().map(|row| row["TRQT"].as_str().unwrap()).collect();
    assert_eq!(sums, ["-2", "-3"]);
}

#[test]
fn a_short_pick_flagged_as_completed_delivers_the_line() {
    let mut bench = Bench::new();
    let order = ordered(&mut bench, "5");
    assert_eq!(picked(&mut bench, &order, json!({ "OEND": "1" })), "");
    assert_eq!(line_of(&mut bench, &order), ["66", "2"]);
    assert_eq!(picked(&mut bench, &order, json!({})), "WPO0301", "it is delivered");
}

#[test]
fn what_a_pick_names_must_exist() {
    let cases = [
        (json!({ "E0PA": "NOBODY" }), "WE00A03", "E0PA"),
        (json!({ "E065": "OTHER" }), "ED01016", "E065"),
        (json!({ "WHLO": "999" }), "WWH0103", "WHLO"),
        (json!({ "CUNO": "NOBODY" }), "WCU0203", "CUNO"),
        (json!({ "RIDN": "9" }), "WOR0303", "ORNO"),
        (json!({ "RIDL": "7" }), "WPO0303", "PONR"),
        (json!({ "RIDX": "1" }), "WPO0303", "PONR"),
        (json!({ "ITNO": "GHOST" }), "WIT0103", "ITNO"),
        (json!({ "ITNO": "CAP-RED" }), "MH87004", "ITNO"),
        (json!({ "POPN": "0" }), "WPO0403", "POPN"),
        (json!({ "PRFL": "*NOW" }), "CPF9898", "PRFL"),
        (json!({ "CAMU": "BIN-1" }), "CPF9898", "CAMU"),
    ];
    for (changes, code, field) in cases {
        let mut bench = Bench::new();
        let order = ordered(&mut bench, "5");
        let got = bench.refused("MHS850MI/AddCOPick", pick(&order, changes.clone()));
        assert_eq!(got, (code.to_owned(), field.to_owned()), "{changes}");
    }
}

#[test]
fn a_pick_that_does_not_fit_the_order_fails_when_it_is_processed() {
    let cases = [
        (json!({ "QTYP": "6" }), "MH85008"),
        (json!({ "QTYP": "0" }), "CPF9898"),
        (json!({ "QTYP": "0.5" }), "CPF9898"),
        (json!({ "PLSX": "2" }), "WPL1803"),
        (json!({ "CUNO": "C00002" }), "XIM0002"),
        (json!({ "WHLO": "SBA" }), "WWH0101"),
        (json!({ "BANO": "LOT-A" }), "CO30008"),
        (json!({ "WHSL": "ATTIC" }), "WWS0103"),
        (json!({ "WHSL": "RETURNS" }), "MW42028"),
    ];
    for (changes, code) in cases {
        let mut bench = Bench::new();
        let order = ordered(&mut bench, "5");
        assert_eq!(picked(&mut bench, &order, changes.clone()), code, "{changes}");
        assert_eq!(line_of(&mut bench, &order), ["44", "0"], "{changes}");
        assert_eq!(bench.simulator.on_hand("SBE", "CANDLE-SOY"), Decimal::from(500), "{changes}");
    }
}

#[test]
fn a_line_is_picked_once_its_picking_list_is_printed() {
    let mut bench = Bench::new();
    let number = bench.entered("A");
    let order = text(&bench.run("OIS100MI/Confirm", json!({ "ORNO": number }))[0]["ORNO"]);
    let changes = json!({ "WHLO": "100" });
    assert_eq!(picked(&mut bench, &order, changes.clone()), "WPL1803");
    bench.simulator.settings.stock.pick_from = 22;
    assert_eq!(picked(&mut bench, &order, changes), "");
    bench.simulator.settings.stock.new_order_status = 44;
    let number = bench.entered("B");
    let order = text(&bench.run("OIS100MI/Confirm", json!({ "ORNO": number }))[0]["ORNO"]);
    assert_eq!(line_of(&mut bench, &order)[0], "44");
}

#[test]
fn an_announced_return_comes_in_whole_and_once() {
    let mut bench = Bench::new();
    let base = json!({
        "WHLO": "SBE", "E0PA": "SHIPBOB", "E065": "WHSTRN", "CUNO": "C00001", "REPN": "5000000001", "RELI": "1",
        "RESP": "SHIPBOB", "QTY": "2", "WHSL": "RETURNS",
    });
    let mut returned = |changes: Value| {
        let message = text(&bench.run("MHS850MI/AddCOReturn", with(base.clone(), changes))[0]["MSGN"]);
        let (_, answer) = bench.bulk("MHS850MI", &[("PrcWhsTran", json!({ "MSGN": message }))]);
        (text(&answer["results"][0]["errorCode"]), bench.simulator.on_hand("SBE", "CANDLE-SOY"))
    };
    assert_eq!(returned(json!({ "QTY": "1" })), ("S_00573".into(), Decimal::from(500)));
    assert_eq!(returned(json!({ "CUNO": "C00002" })), ("XIM0002".into(), Decimal::from(500)));
    assert_eq!(returned(json!({ "WHLO": "SBA" })), ("WWH0101".into(), Decimal::from(500)));
    assert_eq!(returned(json!({})), (String::new(), Decimal::from(502)));
    assert_eq!(returned(json!({})), ("CPF9898".into(), Decimal::from(502)));
    let unknown = with(base, json!({ "REPN": "7" }));
    assert_eq!(bench.refused("MHS850MI/AddCOReturn", unknown).1, "REPN");
}
