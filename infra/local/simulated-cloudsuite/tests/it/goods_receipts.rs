//! Goods received for purchase orders: PPS001MI, and MHS850MI's messages.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::bench::{Bench, column, text, with};

/// Of the open order for the fulfilment centre: 120 candles on line 1, ten boxes of lip balm on line 2.
const ORDER: &str = "1900001";

fn receipt(changes: Value) -> Value {
    let base = json!({
        "TRDT": "20260302", "RESP": "SHIPBOB", "PUNO": ORDER, "PNLI": "1", "PNLS": "0", "RVQA": "50", "SUDO": "WRO-77",
    });
    with(base, changes)
}

fn line(bench: &mut Bench, number: &str) -> [String; 3] {
    let row = &bench.run("PPS200MI/GetLine", json!({ "PUNO": ORDER, "PNLI": number }))[0];
    ["PUSL", "PUST", "RVQA"].map(|name| text(&row[name]))
}

#[test]
fn a_receipt_raises_the_line_and_what_is_on_hand() {
    let mut bench = Bench::new();
    let first = &bench.run("PPS001MI/Receipt", receipt(json!({})))[0];
    assert_eq!(
        (&first["WHLO"], &first["ITNO"], &first["WHSL"]),
        (&json!("SBE"), &json!("CANDLE-SOY"), &json!("FC"))
    );
    assert_eq!(line(&mut bench, "1"), ["15", "75", "50"]);
    let second = text(&bench.run("PPS001MI/Receipt", receipt(json!({ "RVQA": "70" })))[0]["REPN"]);
    assert_eq!(line(&mut bench, "1"), ["75", "75", "120"]);
    assert_eq!(bench.simulator.on_hand("SBE", "CANDLE-SOY"), Decimal::from(620));
    let head = &bench.run("PPS001MI/GetHeadBasic", json!({ "PUNO": ORDER }))[0];
    assert_eq!((&head["PUSL"], &head["PUST"]), (&json!("15"), &json!("75")), "line 2 is still open");
    let rows = bench.run("PPS200MI/LstReceiptsByPO", json!({ "PUNO": ORDER, "PNLI": "1" }));
    assert_eq!((column(&rows, "RPQA"), text(&rows[1]["REPN"])), (vec!["50".into(), "70".into()], second));
    let posted = bench.run("MWS070MI/ListTransByRef", json!({ "RIDN": ORDER, "RIDL": "1" }));
    assert_eq!(
        (column(&posted, "TTYP"), column(&posted, "SUDO")),
        (vec!["25".into(); 2], vec!["WRO-77".into(); 2])
    );
}

#[test]
fn a_receipt_in_boxes_is_on_hand_in_pieces_and_brings_its_lot() {
    let mut bench = Bench::new();
    bench.run("PPS001MI/Receipt", receipt(json!({ "PNLI": "2", "RVQA": "4", "BANO": "LOT-NEW" })));
    let stock = bench.simulator.stock();
    let lot = stock.iter().find(|row| row.lot == "LOT-NEW").unwrap();
    assert_eq!((lot.quantity, lot.location.as_str()), (Decimal::from(96), "FC"));
    assert_eq!(line(&mut bench, "2"), ["15", "75", "4"]);
    let held = bench.simulator.goods_receipts();
    assert_eq!((held[0].quantity, held[0].basic_quantity), (Decimal::from(4), Decimal::from(96)));
}

#[test]
fn what_does_not_fit_the_order_is_refused_and_moves_nothing() {
    let cases = [
        (json!({ "PUNO": "9" }), "WPU0803", "PUNO"),
        (json!({ "PNLI": "9" }), "WPN0103", "PNLI"),
        (json!({ "PNLS": "1" }), "WPN0103", "PNLI"),
        (json!({ "PUNO": "1900002" }), "PP30003", "PUNO"),
        (json!({ "RVQA": "121" }), "PP30019", "RVQA"),
        (json!({ "RVQA": "0" }), "PP30005", "RVQA"),
        (json!({ "RVQA": "-1" }), "PP30005", "RVQA"),
        (json!({ "TRDT": "20260303" }), "PP30006", "TRDT"),
        (json!({ "TRDT": "2 March" }), "CPF9898", "TRDT"),
        (json!({ "RESP": "NOBODY" }), "WRE0103", "RESP"),
        (json!({ "WHLO": "SBA" }), "PP25010", "WHLO"),
        (json!({ "WHSL": "ATTIC" }), "WWS0103", "WHSL"),
        (json!({ "BANO": "LOT-A" }), "PP30029", "BANO"),
        (json!({ "PNLI": "2", "RVQA": "1" }), "WBA0402", "BANO"),
        (json!({ "CAMU": "PALLET-1" }), "CPF9898", "CAMU"),
    ];
    for (changes, code, field) in cases {
        let mut bench = Bench::new();
        let before = bench.simulator.stock();
        let got = bench.refused("PPS001MI/Receipt", receipt(changes.clone()));
        assert_eq!(got, (code.to_owned(), field.to_owned()), "{changes}");
        assert_eq!(bench.simulator.stock(), before, "{changes}");
        assert!(bench.simulator.goods_receipts().is_empty(), "{changes}");
    }
}

#[test]
fn the_tolerance_and_the_lowest_status_are_settings() {
    let mut bench = Bench::new();
    bench.simulator.settings.purchasing.over_receipt_percent = 10;
    assert_eq!(bench.refused("PPS001MI/Receipt", receipt(json!({ "RVQA": "133" }))).0, "PP30019");
    bench.run("PPS001MI/Receipt", receipt(json!({ "RVQA": "132" })));
    let mut bench = Bench::new();
    bench.simulator.settings.purchasing.receipt_from = 20;
    assert_eq!(bench.refused("PPS001MI/Receipt", receipt(json!({}))), ("WPU0901".into(), "PUSL".into()));
    bench.simulator.settings.purchasing.receipt_from = 15;
    bench.simulator.settings.stock.lots_by_receipt = false;
    let lot = json!({ "PNLI": "2", "RVQA": "1", "BANO": "LOT-NEW" });
    assert_eq!(bench.refused("PPS001MI/Receipt", receipt(lot)).0, "XBA0003");
}

#[test]
fn a_finished_line_takes_no_more_however_short_it_is() {
    let mut bench = Bench::new();
    bench.run("PPS001MI/Receipt", receipt(json!({ "OEND": "1" })));
    assert_eq!(line(&mut bench, "1"), ["75", "75", "50"]);
    assert_eq!(bench.refused("PPS001MI/Receipt", receipt(json!({}))).0, "PP30003");
    bench.run("PPS001MI/FinishMark", json!({ "PUNO": ORDER, "PNLI": "2" }));
    assert_eq!(line(&mut bench, "2"), ["99", "99", "0"]);
    assert_eq!(bench.refused("PPS001MI/FinishMark", json!({ "PUNO": ORDER, "PNLI": "3" })).0, "WPN0103");
}

#[test]
fn an_order_of_batch_entry_is_received_too() {
    let mut bench = Bench::new();
    let message = crate::purchase_entry::start(&mut bench, "ECOM");
    let number =
        text(&bench.run("PPS370MI/AddHead", crate::purchase_entry::head_of(&message, "A"))[0]["PUNO"]);
    bench.run("PPS370MI/AddLine", crate::purchase_entry::line_of(&message));
    bench.run("PPS370MI/FinishEntry", json!({ "MSGN": message }));
    bench.run("PPS001MI/Receipt", receipt(json!({ "PUNO": number, "RVQA": "3" })));
    let head = &bench.run("PPS001MI/GetHeadBasic", json!({ "PUNO": number }))[0];
    assert_eq!((&head["PUSL"], &head["PUST"]), (&json!("75"), &json!("75")));
    assert_eq!(bench.simulator.on_hand("100", "MUG-BLUE-12"), Decimal::from(1003));
}

fn message_receipt(changes: Value) -> Value {
    let base = json!({
        "WHLO": "SBE", "E0PA": "SHIPBOB", "E065": "WHSTRN", "SUNO": "S00001", "SUTY": "0", "RIDN": ORDER, "RIDL": "1",
        "QTY": "20", "PMSN": "WRO-77",
    });
    with(base, changes)
}

#[test]
fn a_receipt_by_message_waits_until_it_is_processed() {
    let mut bench = Bench::new();
    let added = &bench.run("MHS850MI/AddPOReceipt", message_receipt(json!({ "PRFL": "*EXE" })))[0];
    let message = text(&added["MSGN"]);
    assert_eq!((&added["PACN"], &added["MSLN"]), (&json!(message), &json!("1")));
    assert_eq!(line(&mut bench, "1"), ["15", "15", "0"]);
    bench.run("MHS850MI/PrcWhsTran", json!({ "MSGN": message }));
    assert_eq!(line(&mut bench, "1"), ["15", "75", "20"]);
    let row = &bench.run("MHS850MI/LstWhsLine", json!({ "MSGN": message }))[0];
    let receipts = bench.run("PPS200MI/LstReceiptsByPO", json!({ "PUNO": ORDER }));
    assert_eq!((&row["STAT"], &row["REPN"]), (&json!("90"), &receipts[0]["REPN"]));
}

#[test]
fn a_receipt_by_message_names_order_line_and_supplier_that_exist() {
    let cases = [
        (json!({ "RIDN": "9" }), "WPU0803"),
        (json!({ "RIDL": "9" }), "WPN0103"),
        (json!({ "SUNO": "NOBODY" }), "WSU0103"),
        (json!({ "SUNO": "S00002" }), "WSU0101"),
        (json!({ "ITNO": "CAP-RED" }), "MH87004"),
        (json!({ "E0PA": "NOBODY" }), "WE00A03"),
    ];
    for (changes, code) in cases {
        let mut bench = Bench::new();
        assert_eq!(
            bench.refused("MHS850MI/AddPOReceipt", message_receipt(changes.clone())).0,
            code,
            "{changes}"
        );
    }
    let mut bench = Bench::new();
    let message =
        text(&bench.run("MHS850MI/AddPOReceipt", message_receipt(json!({ "QTY": "121" })))[0]["MSGN"]);
    assert_eq!(bench.refused("MHS850MI/PrcWhsTran", json!({ "MSGN": message })).0, "PP30019");
    assert_eq!(line(&mut bench, "1"), ["15", "15", "0"]);
}

#[test]
fn a_message_is_built_level_by_level() {
    let mut bench = Bench::new();
    let head = json!({ "WHLO": "SBE", "QLFR": "20", "E0PA": "SHIPBOB", "E0PB": "SHIPBOB", "E065": "WHSTRN", "PMSN": "W" });
    let message = text(&bench.run("MHS850MI/AddWhsHead", head.clone())[0]["MSGN"]);
    let taken = with(head.clone(), json!({ "MSGN": message }));
    assert_eq!(bench.refused("MHS850MI/AddWhsHead", taken).0, "WMS3804");
    assert_eq!(
        bench.refused("MHS850MI/AddWhsHead", with(head.clone(), json!({ "QLFR": "10" }))).0,
        "WMS4303"
    );
    assert_eq!(bench.refused("MHS850MI/AddWhsHead", with(head, json!({ "E0PB": "OTHER" }))).0, "WE00A03");
    let pack = json!({ "WHLO": "SBE", "MSGN": message, "QLFR": "20" });
    let package = text(&bench.run("MHS850MI/AddWhsPack", pack.clone())[0]["PACN"]);
    assert_eq!(bench.refused("MHS850MI/AddWhsPack", pack.clone()).0, "WGR0601");
    assert_eq!(
        bench.refused("MHS850MI/PrcWhsTran", json!({ "MSGN": message })).1,
        "MSGN",
        "there is no line"
    );
    let line_of = |changes: Value| {
        let base = json!({
            "WHLO": "SBE", "MSGN": message, "PACN": package, "QLFR": "20", "RIDN": ORDER, "RIDL": "2", "BANO": "LOT-A",
        });
        with(base, changes)
    };
    let refusals = [
        (json!({ "PACN": "OTHER" }), "WPA5103"),
        (json!({ "RIDN": "" }), "WRI0102"),
        (json!({ "WHLO": "SBA" }), "WWH0101"),
        (json!({ "QLFR": "50" }), "WMS4301"),
        (json!({ "MSGN": "7" }), "WMS3703"),
    ];
    for (changes, code) in refusals {
        assert_eq!(bench.refused("MHS850MI/AddWhsLine", line_of(changes.clone())).0, code, "{changes}");
    }
    bench.run("MHS850MI/AddWhsLine", line_of(json!({ "RVQA": "1", "PUUN": "BOX" })));
    bench.run("MHS850MI/AddWhsLine", line_of(json!({ "DLQT": "48" })));
    bench.run("MHS850MI/AddWhsLine", line_of(json!({ "RVQA": "1", "PUUN": "TON" })));
    let result = bench.refused("MHS850MI/PrcWhsTran", json!({ "MSGN": message }));
    assert_eq!(result.0, "WPU0201");
    assert_eq!(line(&mut bench, "2"), ["15", "75", "3"], "a box and 48 pieces are three boxes");
    let head = &bench.run("MHS850MI/GetWhsHead", json!({ "MSGN": message }))[0];
    assert_eq!((&head["TRSL"], &head["TRSH"], &head["PMSN"]), (&json!("30"), &json!("90"), &json!("W")));
}
