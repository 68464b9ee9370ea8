//! Stock messages that go through: from their entry over processing to balances and transactions.

use rust_decimal::Decimal;
use serde_json::{Value, json};
use simulated_cloudsuite::HttpRequest;

use crate::bench::{Bench, body, column, text, with};

/// A line of MMS850MI for the fulfilment centre.
pub(crate) fn line(changes: Value) -> Value {
    let base =
        json!({ "E0PA": "SHIPBOB", "E065": "WHSTRN", "WHLO": "SBE", "ITNO": "CANDLE-SOY", "QLQT": "-3" });
    with(base, changes)
}

/// A requisition for the fulfilment centre, with account and cost centre.
pub(crate) fn requisition(changes: Value) -> Value {
    let base = json!({
        "E0PA": "SHIPBOB", "E0PB": "SHIPBOB", "E065": "WHSTRN", "WHLO": "SBE", "TRTP": "SBI", "RESP": "SHIPBOB",
        "ITNO": "CANDLE-SOY", "DLQT": "5", "ACC1": "4020", "ACC2": "FULFIL", "PMSN": "SHIP-1",
    });
    with(base, changes)
}

/// Adds one line of MMS850MI and processes its message.
pub(crate) fn adjust(bench: &mut Bench, transaction: &str, changes: Value) -> String {
    let added = &bench.run(&format!("MMS850MI/{transaction}"), line(changes))[0];
    let message = text(&added["MSNR"]);
    assert!(bench.run("MMS850MI/PrcStkTran", json!({ "MSNR": message })).is_empty());
    message
}

fn held(bench: &Bench, item: &str, lot: &str) -> Decimal {
    let stock = bench.simulator.stock();
    let own = stock.iter().filter(|row| row.warehouse == "SBE" && row.item == item && row.lot == lot);
    own.map(|row| row.quantity).sum()
}

fn units(quantity: i64) -> Decimal {
    Decimal::from(quantity)
}

#[test]
fn nothing_moves_until_the_message_is_processed() {
    let mut bench = Bench::new();
    let added = &bench.run("MMS850MI/AddAdjust", line(json!({ "PMSN": "SHIP-1", "PRFL": "*EXE" })))[0];
    let message = text(&added["MSNR"]);
    assert_eq!((&added["MSLN"], &added["MSGS"]), (&json!("1"), &json!("1")));
    assert_eq!(held(&bench, "CANDLE-SOY", ""), units(500), "the process flag alone moves nothing");
    let status = |bench: &mut Bench| {
        text(&bench.run("MMS850MI/LstMvxMsg", json!({ "E0PB": "SHIPBOB", "PMSN": "SHIP-1" }))[0]["STAT"])
    };
    assert_eq!(status(&mut bench), "20");
    bench.run("MMS850MI/PrcStkTran", json!({ "MSNR": message, "PRFL": "*EXE" }));
    assert_eq!((status(&mut bench).as_str(), held(&bench, "CANDLE-SOY", "")), ("90", units(497)));
    let again = bench.refused("MMS850MI/PrcStkTran", json!({ "MSNR": message }));
    assert_eq!(again.0, "MH85009", "what is posted is posted once");
    assert_eq!(held(&bench, "CANDLE-SOY", ""), units(497));
}

#[test]
fn a_message_is_found_by_the_senders_number_under_the_partners_id() {
    let mut bench = Bench::new();
    let courier = json!({ "E0PA": "COURIER", "E065": "COUR", "PMSN": "SHIP-1", "WHLO": "SBE" });
    let theirs = text(&bench.run("MMS850MI/AddAdjust", line(courier))[0]["MSNR"]);
    let ours = text(&bench.run("MMS850MI/AddAdjust", line(json!({ "PMSN": "SHIP-1" })))[0]["MSNR"]);
    let find = |bench: &mut Bench, sender: &str| {
        text(&bench.run("MMS850MI/GetMvxMsg", json!({ "E0PB": sender, "PMSN": "SHIP-1" }))[0]["MSGN"])
    };
    assert_eq!((find(&mut bench, "SHIPBOB"), find(&mut bench, "COURIER-01")), (ours, theirs));
    let by_name = json!({ "E0PB": "COURIER", "PMSN": "SHIP-1" });
    assert_eq!(bench.refused("MMS850MI/GetMvxMsg", by_name).0, "WMS3703", "the partner's name is not its id");
    let other_program = json!({ "E0PB": "SHIPBOB", "PMSN": "SHIP-1" });
    assert_eq!(bench.refused("MHS850MI/GetMvxMsg", other_program).0, "WMS3703");
}

#[test]
fn a_number_of_the_sender_may_repeat_unless_that_is_set() {
    for unique in [false, true] {
        let mut bench = Bench::new();
        bench.simulator.settings.stock_messages.unique_external_number = unique;
        bench.run("MMS850MI/AddAdjust", line(json!({ "PMSN": "SAME" })));
        if unique {
            let refusal = bench.refused("MMS850MI/AddAdjust", line(json!({ "PMSN": "SAME" })));
            assert_eq!(refusal, ("WMS3804".to_owned(), "PMSN".to_owned()));
        } else {
            bench.run("MMS850MI/AddAdjust", line(json!({ "PMSN": "SAME" })));
            assert_eq!(bench.run("MMS850MI/LstMvxMsg", json!({ "E0PB": "SHIPBOB" })).len(), 2);
        }
    }
}

#[test]
fn a_message_takes_several_lines_of_one_kind() {
    let mut bench = Bench::new();
    let message = text(&bench.run("MMS850MI/AddAdjust", line(json!({})))[0]["MSNR"]);
    let second = line(json!({ "MSNR": message, "ITNO": "BALM-LIP", "BANO": "LOT-A", "QLQT": "-1" }));
    assert_eq!(bench.run("MMS850MI/AddAdjust", second)[0]["MSLN"], "2");
    let count = line(json!({ "MSNR": message, "QLQT": "5" }));
    assert_eq!(bench.refused("MMS850MI/AddQty", count).0, "WMS4301");
    bench.run("MMS850MI/PrcStkTran", json!({ "MSNR": message }));
    assert_eq!((held(&bench, "CANDLE-SOY", ""), held(&bench, "BALM-LIP", "LOT-A")), (units(497), units(99)));
    let late = line(json!({ "MSNR": message }));
    assert_eq!(bench.refused("MMS850MI/AddAdjust", late).0, "WMS3804", "it is closed");
}

#[test]
fn adjustments_counts_moves_and_reclassifications_change_what_is_on_hand() {
    let mut bench = Bench::new();
    adjust(&mut bench, "AddAdjust", json!({ "QLQT": "2", "QLUN": "BOX", "RSCD": "ADJ" }));
    assert_eq!(held(&bench, "CANDLE-SOY", ""), units(512), "a box is six");
    adjust(&mut bench, "AddQty", json!({ "QLQT": "480" }));
    assert_eq!(held(&bench, "CANDLE-SOY", ""), units(480));
    adjust(&mut bench, "AddMove", json!({ "QLQT": "30", "TWSL": "RETURNS" }));
    let rows = bench.run("MMS310MI/List", json!({ "WHLO": "SBE", "ITNO": "CANDLE-SOY" }));
    let of_candle: Vec<_> = rows.iter().filter(|row| row["ITNO"] == "CANDLE-SOY").cloned().collect();
    assert_eq!(column(&of_candle, "WHSL"), ["FC", "RETURNS"]);
    assert_eq!(column(&of_candle, "STQT"), ["450", "30"]);
    let lots = json!({ "ITNO": "BALM-LIP", "BANO": "LOT-A", "NBAN": "LOT-C", "QLQT": "7" });
    adjust(&mut bench, "AddReclass", lots);
    assert_eq!((held(&bench, "BALM-LIP", "LOT-A"), held(&bench, "BALM-LIP", "LOT-C")), (units(93), units(7)));
    let alias = json!({ "ITNO": "", "POPN": "4006381333931", "ALWT": "2", "QLQT": "-1" });
    adjust(&mut bench, "AddAdjust", alias);
    assert_eq!(held(&bench, "CANDLE-SOY", ""), units(479));
    adjust(&mut bench, "AddAdjust", json!({ "ITNO": "RIBBON-SILK", "QLQT": "-50", "QLUN": "CM" }));
    assert_eq!(held(&bench, "RIBBON-SILK", ""), Decimal::new(24_950, 2));
    bench.run(
        "MMS310MI/Update",
        json!({ "WHLO": "SBE", "ITNO": "CANDLE-SOY", "WHSL": "RETURNS", "STQI": "28" }),
    );
    assert_eq!(held(&bench, "CANDLE-SOY", ""), units(477));
}

#[test]
fn a_requisition_takes_goods_at_the_expense_of_an_account_and_a_cost_centre() {
    let mut bench = Bench::new();
    let message = text(&bench.run("MHS850MI/AddDO", requisition(json!({})))[0]["MSGN"]);
    bench.run("MHS850MI/PrcWhsTran", json!({ "MSGN": message, "PRFL": "*EXE" }));
    let row = &bench.run("MHS850MI/LstWhsLine", json!({ "MSGN": message }))[0];
    assert_eq!((&row["STAT"], &row["MSID"], &row["QLFR"]), (&json!("90"), &json!(""), &json!("51")));
    let number = text(&row["RIDN"]);
    let posted = bench.run("MWS070MI/ListTransByRef", json!({ "RIDN": number, "RIDL": "1" }));
    assert_eq!((column(&posted, "TRQT"), column(&posted, "TTYP")), (vec!["-5".into()], vec!["51".into()]));
    assert_eq!(bench.simulator.on_hand("SBE", "CANDLE-SOY"), units(495));
    let transactions = bench.simulator.stock_transactions();
    let last = transactions.last().unwrap();
    assert_eq!(last.accounts[..2], ["4020", "FULFIL"]);
    assert_eq!((last.external.as_str(), last.order.as_str(), last.line), ("SHIP-1", number.as_str(), 1));
    let line =
        &bench.run("MHS850MI/GetWhsLine1", json!({ "MSGN": message, "PACN": message, "MSLN": "1" }))[0];
    assert_eq!((&line["ACC1"], &line["ACC2"]), (&json!("4020"), &json!("FULFIL")));
}

#[test]
fn a_faulty_line_keeps_its_reason_and_does_not_stop_the_others() {
    for silent in [false, true] {
        let mut bench = Bench::new();
        bench.simulator.settings.stock_messages.silent_processing = silent;
        let message = text(&bench.run("MHS850MI/AddDO", requisition(json!({ "DLQT": "501" })))[0]["MSGN"]);
        bench.run("MHS850MI/AddDO", requisition(json!({ "MSGN": message, "DLQT": "1" })));
        let process = json!({ "MSGN": message });
        if silent {
            bench.run("MHS850MI/PrcWhsTran", process.clone());
        } else {
            assert_eq!(bench.refused("MHS850MI/PrcWhsTran", process.clone()).0, "MW42223");
        }
        let rows = bench.run("MHS850MI/LstWhsLine", process.clone());
        assert_eq!(column(&rows, "STAT"), ["30", "90"]);
        assert_eq!(column(&rows, "MSID"), ["MW42223", ""]);
        assert_eq!(rows[0]["MSGD"], "Available quantity is 500 for the line");
        assert_eq!(bench.simulator.on_hand("SBE", "CANDLE-SOY"), units(499));
        bench.simulator.count_stock("SBE", "CANDLE-SOY", "", units(600)).unwrap();
        bench.run("MHS850MI/PrcWhsTran", process);
        assert_eq!(bench.simulator.on_hand("SBE", "CANDLE-SOY"), units(99), "only the faulty line was left");
    }
}

#[test]
fn a_line_or_a_message_is_deleted_as_long_as_it_is_not_posted() {
    let mut bench = Bench::new();
    let message = text(&bench.run("MMS850MI/AddAdjust", line(json!({})))[0]["MSNR"]);
    bench.run("MMS850MI/AddAdjust", line(json!({ "MSNR": message, "QLQT": "-9" })));
    bench.run("MMS850MI/DeleteStkTran", json!({ "MSNR": message, "MSLN": "1" }));
    bench.run("MMS850MI/PrcStkTran", json!({ "MSNR": message }));
    assert_eq!(held(&bench, "CANDLE-SOY", ""), units(491));
    assert_eq!(bench.refused("MMS850MI/DeleteStkTran", json!({ "MSNR": message })).0, "MH85009");
    let other = text(&bench.run("MMS850MI/AddAdjust", line(json!({})))[0]["MSNR"]);
    bench.run("MMS850MI/DeleteStkTran", json!({ "MSNR": other }));
    assert_eq!(bench.refused("MMS850MI/GetStkHead", json!({ "MSNR": other })).0, "WMS3703");
}

#[test]
fn transactions_are_listed_by_reference_type_date_and_entry() {
    let mut bench = Bench::new();
    adjust(
        &mut bench,
        "AddAdjust",
        json!({ "PMSN": "A", "BREM": "shipment 1", "QLDT": "20260301", "RSCD": "SHP" }),
    );
    bench.pass(60);
    adjust(&mut bench, "AddAdjust", json!({ "PMSN": "B", "ITNO": "BALM-LIP", "BANO": "LOT-B" }));
    let typed = |changes: Value| with(json!({ "TTYP": "90", "WHSL": "FC" }), changes);
    let rows = bench.run("MWS070MI/LstTransByOrder", typed(json!({ "ITNO": "BALM-LIP", "BANO": "LOT-B" })));
    assert_eq!(
        (column(&rows, "TRQT"), column(&rows, "NSTQ")),
        (vec!["40".into(), "-3".into()], vec!["40".into(), "37".into()])
    );
    let days = json!({ "TTYP": "90", "FTRD": "20260301", "TRDT": "20260301" });
    let rows = bench.run("MWS070MI/SelStockTran", days);
    assert_eq!(
        (column(&rows, "RFTX"), column(&rows, "RSCD")),
        (vec!["shipment 1".into()], vec!["SHP".into()])
    );
    let entered = json!({ "WHLO": "SBE", "RGDT": "20260302", "RGTM": "100001" });
    let rows = bench.run("MWS070MI/ListTransByDate", entered);
    assert_eq!((column(&rows, "RGTM"), column(&rows, "BANO")), (vec!["100100".into()], vec!["LOT-B".into()]));
    let key = json!({
        "WHLO": "SBE", "ITNO": "BALM-LIP", "RGDT": "20260302", "RGTM": "100100", "TMSX": text(&rows[0]["TMSX"]),
    });
    assert_eq!(bench.run("MWS070MI/GetStockTrans", key)[0]["TRQT"], "-3");
    assert!(bench.run("MWS070MI/ListTransByRef", json!({ "RIDN": "1000001", "RIDL": "1" })).is_empty());
}

#[test]
fn the_control_interface_shows_and_sets_what_is_on_hand() {
    let mut bench = Bench::new();
    let count = json!({ "whlo": "SBA", "itno": "TEA-MINT", "bano": "T-1", "quantity": "12" });
    let ask = |bench: &mut Bench, method: &str, path: &str, sent: &Value| {
        let request = HttpRequest::new(method, path).body(sent.to_string());
        let response = bench.send(&request).response().unwrap();
        (response.status, body(&response))
    };
    assert_eq!(ask(&mut bench, "POST", "/_simulated/stock", &count), (200, json!({ "on_hand": "12" })));
    let (_, seen) = ask(&mut bench, "GET", "/_simulated/stock?whlo=SBA&itno=TEA-MINT", &Value::Null);
    assert_eq!(seen["balances"][0]["lot"], "T-1");
    assert_eq!(seen["transactions"][0]["quantity"], "12");
    let wrong = with(count, json!({ "itno": "GHOST" }));
    assert_eq!(ask(&mut bench, "POST", "/_simulated/stock", &wrong).0, 400);
}
