//! What stock messages refuse at once, what fails when they are processed, and what the REST layer never lets through.

use serde_json::{Value, json};

use crate::bench::{Bench, text, with};
use crate::stock::{line, requisition};

/// The code at processing.
fn failed(program: &str, transaction: &str, record: Value) -> String {
    let mut bench = Bench::new();
    let before = bench.simulator.stock();
    let (process, number) =
        if program == "MMS850MI" { ("PrcStkTran", "MSNR") } else { ("PrcWhsTran", "MSGN") };
    let message = text(&bench.run(&format!("{program}/{transaction}"), record)[0][number]);
    let code = bench.refused(&format!("{program}/{process}"), json!({ number: message })).0;
    assert_eq!(bench.simulator.stock(), before);
    code
}

#[test]
fn what_a_line_names_must_exist() {
    let cases = [
        (json!({ "E0PA": "NOBODY" }), "WE00A03", "E0PA"),
        (json!({ "E065": "OTHER" }), "ED01016", "E065"),
        (json!({ "E0PA": "COURIER" }), "ED01016", "E065"),
        (json!({ "WHLO": "999" }), "WWH0103", "WHLO"),
        (json!({ "ITNO": "GHOST" }), "WIT0103", "ITNO"),
        (json!({ "ITNO": "" }), "WIT0102", "ITNO"),
        (json!({ "ITNO": "", "POPN": "1" }), "WPO0403", "POPN"),
        (json!({ "ITNO": "", "POPN": "4006381333931", "ALWQ": "UPC" }), "WPO0403", "POPN"),
        (json!({ "QLQT": "" }), "CPF9898", "QLQT"),
        (json!({ "QLDT": "20260231" }), "CPF9898", "QLDT"),
        (json!({ "PRFL": "*NO" }), "CPF9898", "PRFL"),
        (json!({ "CAMU": "BIN" }), "CPF9898", "CAMU"),
    ];
    for (changes, code, field) in cases {
        let got = Bench::new().refused("MMS850MI/AddAdjust", line(changes.clone()));
        assert_eq!(got, (code.to_owned(), field.to_owned()), "{changes}");
    }
}

#[test]
fn what_cannot_be_posted_fails_at_processing() {
    let cases = [
        ("AddAdjust", json!({ "QLQT": "0" }), "CPF9898"),
        ("AddAdjust", json!({ "QLQT": "-501" }), "MM42103"),
        ("AddAdjust", json!({ "QLUN": "TON" }), "CPF9898"),
        ("AddAdjust", json!({ "QLQT": "-0.5" }), "CPF9898"),
        ("AddAdjust", json!({ "RSCD": "XXX" }), "CPF9898"),
        ("AddAdjust", json!({ "BANO": "LOT-A" }), "CO30008"),
        ("AddAdjust", json!({ "ITNO": "BALM-LIP" }), "WBA0402"),
        ("AddAdjust", json!({ "ITNO": "BALM-LIP", "BANO": "LOT-Z" }), "XBA0003"),
        ("AddAdjust", json!({ "WHSL": "ATTIC" }), "WWS0103"),
        ("AddAdjust", json!({ "WHSL": "RETURNS" }), "MW42028"),
        ("AddAdjust", json!({ "ITNO": "LAMP-DESK" }), "WIT0101"),
        ("AddAdjust", json!({ "ITNO": "MUG-OLD", "WHLO": "100" }), "XIT0107"),
        ("AddQty", json!({ "QLQT": "-1" }), "XNU0003"),
        ("AddMove", json!({ "QLQT": "1" }), "WTW0402"),
        ("AddMove", json!({ "QLQT": "1", "TWSL": "ATTIC" }), "WWS0103"),
        ("AddMove", json!({ "QLQT": "501", "TWSL": "RETURNS" }), "MM42103"),
        ("AddMove", json!({ "QLQT": "-1", "TWSL": "RETURNS" }), "XNU0003"),
        ("AddReclass", json!({ "QLQT": "1" }), "CPF9898"),
        ("AddReclass", json!({ "QLQT": "1", "NITN": "GHOST" }), "WIT0103"),
        ("AddReclass", json!({ "QLQT": "1", "NITN": "TEA-MINT" }), "WBA0402"),
    ];
    for (transaction, changes, code) in cases {
        assert_eq!(failed("MMS850MI", transaction, line(changes.clone())), code, "{transaction} {changes}");
    }
}

#[test]
fn a_requisition_that_cannot_be_posted_fails_at_processing() {
    let cases = [
        (json!({ "TRTP": "ZZZ" }), "WTT0403"),
        (json!({ "DLQT": "0" }), "CPF9898"),
        (json!({ "DLQT": "501" }), "MW42223"),
        (json!({ "ACC1": "0815" }), "CPF9898"),
        (json!({ "ACC1": "9990" }), "CPF9898"),
        (json!({ "ACC1": "3090" }), "CPF9898"),
        (json!({ "ACC1": "", "ACC2": "FULFIL" }), "CPF9898"),
        (json!({ "ACC2": "" }), "CPF9898"),
        (json!({ "ACC2": "CLOSED" }), "CPF9898"),
        (json!({ "ITNO": "BALM-LIP" }), "WBA0402"),
    ];
    for (changes, code) in cases {
        assert_eq!(failed("MHS850MI", "AddDO", requisition(changes.clone())), code, "{changes}");
    }
    let at_once = [
        (json!({ "RESP": "NOBODY" }), "WRE0103"),
        (json!({ "CUNO": "NOBODY" }), "WCU0203"),
        (json!({ "E0PB": "OTHER" }), "WE00A03"),
        (json!({ "ITNO": "GHOST" }), "WIT0103"),
        (json!({ "RIDN": "123" }), "CPF9898"),
    ];
    for (changes, code) in at_once {
        let got = Bench::new().refused("MHS850MI/AddDO", requisition(changes.clone()));
        assert_eq!(got.0, code, "{changes}");
    }
}

#[test]
fn messages_and_lines_that_do_not_exist_are_refused() {
    let mut bench = Bench::new();
    for (name, record, code) in [
        ("MMS850MI/PrcStkTran", json!({ "MSNR": "9" }), "WMS3703"),
        ("MMS850MI/GetStkHead", json!({ "MSNR": "9" }), "WMS3703"),
        ("MMS850MI/DeleteStkTran", json!({ "MSNR": "9" }), "WMS3703"),
        ("MHS850MI/PrcWhsTran", json!({ "MSGN": "9" }), "WMS3703"),
        ("MHS850MI/LstWhsLine", json!({ "MSGN": "9" }), "WMS3703"),
        ("MHS850MI/GetWhsHead", json!({ "MSGN": "9" }), "WMS3703"),
        (
            "MWS070MI/GetStockTrans",
            json!({ "WHLO": "SBE", "ITNO": "CANDLE-SOY", "RGDT": "20260302", "RGTM": "1", "TMSX": "1" }),
            "XRE0103",
        ),
        ("MMS310MI/List", json!({ "WHLO": "999" }), "WWH0103"),
        ("MMS310MI/Get", json!({ "WHLO": "SBE", "ITNO": "CANDLE-SOY", "WHSL": "RETURNS" }), "XRE0103"),
        (
            "MMS310MI/Update",
            json!({ "WHLO": "SBE", "ITNO": "CANDLE-SOY", "WHSL": "ATTIC", "STQI": "1" }),
            "WWS0103",
        ),
        (
            "MMS310MI/Update",
            json!({ "WHLO": "SBE", "ITNO": "CANDLE-SOY", "WHSL": "FC", "STQI": "-1" }),
            "XNU0003",
        ),
        ("MMS310MI/Update", json!({ "WHLO": "SBE", "ITNO": "CANDLE-SOY", "WHSL": "FC" }), "CPF9898"),
    ] {
        assert_eq!(bench.refused(name, record).0, code, "{name}");
    }
    let message = text(&bench.run("MMS850MI/AddAdjust", line(json!({})))[0]["MSNR"]);
    let unknown_line = json!({ "MSNR": message, "MSLN": "2" });
    assert_eq!(bench.refused("MMS850MI/GetStkId", unknown_line.clone()).0, "WMS4003");
    assert_eq!(bench.refused("MMS850MI/PrcStkTran", unknown_line).0, "WMS4003");
    let taken = line(json!({ "MSNR": message, "MSLN": "1" }));
    assert_eq!(bench.refused("MMS850MI/AddAdjust", taken).1, "MSLN");
}

#[test]
fn the_catalogue_binds_stock_too() {
    let long = |name: &str, length: usize| line(json!({ name: "X".repeat(length) }));
    let cases = [
        ("MMS850MI", "AddAdjust", long("PMSN", 18), 400, "InputFieldTooLong", "PMSN"),
        ("MMS850MI", "AddAdjust", long("E065", 7), 400, "InputFieldTooLong", "E065"),
        ("MMS850MI", "AddAdjust", long("QLQT", 3), 200, "ServerReturnedNOK", "QLQT"),
        ("MMS850MI", "AddAdjust", line(json!({ "E0PA": "" })), 400, "MandatoryInputFieldNotFound", "E0PA"),
        ("MHS850MI", "AddDO", requisition(json!({ "E0PB": "" })), 400, "MandatoryInputFieldNotFound", "E0PB"),
        ("MHS850MI", "AddCOPick", requisition(json!({})), 400, "", ""),
        ("PPS001MI", "Receipt", json!({ "PUNO": "1" }), 400, "MandatoryInputFieldNotFound", "TRDT"),
        ("MWS070MI", "ListTransByRef", json!({ "RIDN": "1" }), 400, "MandatoryInputFieldNotFound", "RIDL"),
    ];
    for (program, transaction, record, status, kind, field) in cases {
        let (got, answer) = Bench::new().bulk(program, &[(transaction, record.clone())]);
        assert_eq!(got, status, "{program}/{transaction} {record}");
        let result = &answer["results"][0];
        if kind.is_empty() {
            assert_eq!(answer["wasTerminated"], json!(true), "a field of another transaction");
        } else {
            assert_eq!(
                (&result["errorType"], &result["errorField"]),
                (&json!(kind), &json!(field)),
                "{record}"
            );
        }
    }
    let number = with(line(json!({})), json!({ "QLQT": -3 }));
    assert_eq!(Bench::new().bulk("MMS850MI", &[("AddAdjust", number)]).0, 400, "a number is no text");
}
