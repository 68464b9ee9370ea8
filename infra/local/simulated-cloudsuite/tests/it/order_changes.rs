//! Customer orders that exist: how they are read, changed, deleted, and how they move on.

use rust_decimal::Decimal;
use serde_json::{Value, json};
use simulated_cloudsuite::{HeadDeletion, HttpRequest, Processing};

use crate::bench::{Bench, column, text};

/// A customer order of two lines: its number.
fn ordered(bench: &mut Bench) -> String {
    let batch = bench.entered("SHOP-1001");
    bench.run("OIS100MI/AddBatchLine", json!({ "ORNO": batch, "ITNO": "CAP-RED", "ORQT": "1" }));
    text(&bench.run("OIS100MI/Confirm", json!({ "ORNO": batch }))[0]["ORNO"])
}

fn named(order: &str, changes: &Value) -> Value {
    let mut record = json!({ "ORNO": order });
    record.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    record
}

fn statuses(bench: &mut Bench, order: &str) -> Vec<String> {
    column(&bench.run("OIS100MI/LstLine", json!({ "ORNO": order })), "ORST")
}

fn advance(bench: &mut Bench, sent: &Value) -> u16 {
    let request = HttpRequest::new("POST", "/_simulated/advance").body(sent.to_string());
    bench.send(&request).response().unwrap().status
}

#[test]
fn an_order_moves_on_from_reserved_to_invoiced() {
    let mut bench = Bench::new();
    let order = ordered(&mut bench);
    assert_eq!(statuses(&mut bench, &order), ["22", "22"]);
    for status in ["33", "44", "66", "77"] {
        assert_eq!(advance(&mut bench, &json!({ "orno": order })), 200);
        assert_eq!(statuses(&mut bench, &order), [status, status]);
    }
    assert_eq!(advance(&mut bench, &json!({ "orno": order })), 400, "there is nothing after 77");
    let line = &bench.run("OIS100MI/GetLine", named(&order, &json!({ "PONR": "1" })))[0];
    assert_eq!((&line["ALQT"], &line["DLQT"], &line["IVQT"]), (&json!("0"), &json!("2"), &json!("2")));
    assert_eq!((&line["NLAM"], &line["NEPR"]), (&json!("29.00"), &json!("14.5")));
}

#[test]
fn one_line_may_be_ahead_and_the_head_shows_both_statuses() {
    let mut bench = Bench::new();
    let order = ordered(&mut bench);
    assert_eq!(advance(&mut bench, &json!({ "orno": order, "line": 2, "to": "66" })), 200);
    let head = &bench.run("OIS100MI/GetHead", json!({ "ORNO": order }))[0];
    assert_eq!((&head["ORSL"], &head["ORST"]), (&json!("22"), &json!("66")));
    let held = bench.simulator.order_of("SHOP-1001").unwrap();
    assert_eq!(
        (held.lowest.as_str(), held.highest.as_str(), held.lines[1].status.as_str()),
        ("22", "66", "66")
    );
    for wrong in [
        json!({ "orno": order, "line": 2, "to": "33" }),
        json!({ "orno": order, "to": "55" }),
        json!({ "orno": order, "line": 9 }),
        json!({ "orno": "1" }),
        json!({ "orno": order, "too": "33" }),
    ] {
        assert_eq!(advance(&mut bench, &wrong), 400, "{wrong}");
    }
    let listed = |bench: &mut Bench, most: &str| {
        bench.run("OIS100MI/LstHead", json!({ "CUNO": "C00001", "ORST": most })).len()
    };
    assert_eq!((listed(&mut bench, "66"), listed(&mut bench, "33")), (1, 0));
}

#[test]
fn lines_are_added_changed_and_deleted() {
    let mut bench = Bench::new();
    let order = ordered(&mut bench);
    let line = named(&order, &json!({ "ITNO": "NOTE-A5", "ORQT": "3", "SAPR": "6.90", "EXHE": "GID-3" }));
    let added = &bench.run("OIS100MI/AddLineBatchEnt", line)[0];
    assert_eq!((&added["ORNO"], &added["STAT"], &added["PONR"]), (&json!(order), &json!("90"), &json!("3")));
    let direct = named(&order, &json!({ "ITNO": "PEN-GEL-BLK", "ORQT": "1" }));
    assert_eq!(bench.run("OIS100MI/AddOrderLine", direct)[0]["PONR"], "4");

    let change = named(&order, &json!({ "PONR": "1", "ORQA": "5", "DWDZ": "20260401" }));
    assert_eq!(bench.run("OIS100MI/ChgLineBatchEnt", change)[0]["STAT"], "90");
    bench.run(
        "OIS100MI/UpdPriceInfo",
        named(&order, &json!({ "PONR": "1", "SAPR": "13.00", "DIA1": "1.50" })),
    );
    let dates = json!({ "PONR": "1", "PLDT": "20260330", "PLHM": "800", "DSDT": "20260331", "DSHM": "800", "CODT": "20260402", "COHM": "1200" });
    bench.run("OIS100MI/UpdCnfDlyDate", named(&order, &dates));
    let line = &bench.run("OIS100MI/GetLine", named(&order, &json!({ "PONR": "1" })))[0];
    assert_eq!(
        (&line["ORQT"], &line["DWDT"], &line["CODT"]),
        (&json!("5"), &json!("20260401"), &json!("20260402"))
    );
    assert_eq!(line["NLAM"], "63.50", "5 x 13.00 - 1.50");

    bench.run("OIS100MI/DelLineBatchEnt", named(&order, &json!({ "PONR": "2" })));
    bench.run("OIS100MI/DelLine", named(&order, &json!({ "PONR": "4" })));
    let lines = bench.run("OIS100MI/LstLine", json!({ "ORNO": order }));
    assert_eq!(column(&lines, "PONR"), ["1", "3"]);
    let next = named(&order, &json!({ "ITNO": "CAP-RED", "ORQT": "1" }));
    assert_eq!(bench.run("OIS100MI/AddOrderLine", next)[0]["PONR"], "5", "a number is not given twice");
    let head = &bench.run("OIS100MI/GetHead", json!({ "ORNO": order }))[0];
    assert_eq!(head["NTAM"], "103.20", "63.50 + 3 x 6.90 + 19.00");
    let held = bench.simulator.order_of("SHOP-1001").unwrap();
    assert_eq!((held.lines[0].quantity, held.lines[0].price), (Decimal::from(5), Decimal::from(13)));
}

#[test]
fn a_line_is_closed_undelivered_and_counts_no_more() {
    let mut bench = Bench::new();
    let order = ordered(&mut bench);
    bench.run("OIS100MI/CloLine", named(&order, &json!({ "PONR": "2" })));
    assert_eq!(statuses(&mut bench, &order), ["22", "99"]);
    assert_eq!(bench.run("OIS100MI/GetHead", json!({ "ORNO": order }))[0]["NTAM"], "29.00");
    assert_eq!(bench.refused("OIS100MI/CloLine", named(&order, &json!({ "PONR": "2" }))).1, "ORNO");
    assert_eq!(advance(&mut bench, &json!({ "orno": order })), 200);
    assert_eq!(statuses(&mut bench, &order), ["33", "99"], "a closed line stays closed");
}

/// The transactions that change an order, with the status from which each is refused by default.
fn changes() -> [(&'static str, Value, &'static str); 10] {
    let dates = json!({ "PONR": "1", "PLDT": "20260330", "PLHM": "8", "DSDT": "20260331", "DSHM": "8", "CODT": "20260402", "COHM": "1" });
    [
        ("AddOrderLine", json!({ "ITNO": "CAP-RED", "ORQT": "1" }), "66"),
        ("AddLineBatchEnt", json!({ "ITNO": "CAP-RED", "ORQT": "1" }), "66"),
        ("ChgLineBatchEnt", json!({ "PONR": "1", "ORQA": "5" }), "33"),
        ("DelLineBatchEnt", json!({ "PONR": "1" }), "33"),
        ("DelLine", json!({ "PONR": "1" }), "33"),
        ("CloLine", json!({ "PONR": "1" }), "33"),
        ("UpdPriceInfo", json!({ "PONR": "1", "SAPR": "1" }), "66"),
        ("UpdCnfDlyDate", dates, "44"),
        ("DelHead", json!({}), "33"),
        ("ChgOrderRef", json!({ "YREF": "x" }), "66"),
    ]
}

#[test]
fn each_change_is_refused_from_its_status_on() {
    for (name, record, limit) in changes() {
        for status in ["22", "33", "44", "66", "77"] {
            let mut bench = Bench::new();
            let order = ordered(&mut bench);
            if status != "22" {
                bench.simulator.advance_order(&order, None, Some(status)).unwrap();
            }
            let name = format!("OIS100MI/{name}");
            if status < limit {
                bench.run(&name, named(&order, &record));
            } else {
                let before = bench.simulator.orders();
                assert_eq!(bench.refused(&name, named(&order, &record)).1, "ORNO", "{name} in {status}");
                assert_eq!(bench.simulator.orders(), before, "{name} in {status} changes nothing");
            }
        }
    }
}

#[test]
fn the_status_from_which_a_change_is_refused_can_be_set() {
    let mut bench = Bench::new();
    bench.simulator.settings.order_changes.delete_line_below = 45;
    let order = ordered(&mut bench);
    bench.simulator.advance_order(&order, None, Some("44")).unwrap();
    bench.run("OIS100MI/DelLine", named(&order, &json!({ "PONR": "1" })));
}

#[test]
fn an_order_is_deleted_with_its_lines_and_its_batch_order_still_names_it() {
    let mut bench = Bench::new();
    let order = ordered(&mut bench);
    bench.run("OIS100MI/DelHead", json!({ "ORNO": order }));
    assert_eq!(bench.refused("OIS100MI/GetHead", json!({ "ORNO": order })).0, "WOR0303");
    assert!(bench.simulator.orders().is_empty());
    assert_eq!(bench.simulator.deleted_orders()[0].reference, "SHOP-1001");
    let batches = bench.run("OIS100MI/LstBatchHead", json!({ "CUNO": "C00001" }));
    assert_eq!((column(&batches, "STAT"), column(&batches, "ORNR")), (vec!["90".into()], vec![order]));
}

#[test]
fn a_head_with_lines_may_be_refused_if_that_is_set() {
    let mut bench = Bench::new();
    bench.simulator.settings.order_changes.head_deletion = HeadDeletion::OnlyWithoutLines;
    let order = ordered(&mut bench);
    assert_eq!(bench.refused("OIS100MI/DelHead", json!({ "ORNO": order })).1, "ORNO");
    for line in ["1", "2"] {
        bench.run("OIS100MI/DelLine", named(&order, &json!({ "PONR": line })));
    }
    assert_eq!(bench.run("OIS100MI/GetHead", json!({ "ORNO": order }))[0]["ORST"], "22");
    bench.run("OIS100MI/DelHead", json!({ "ORNO": order }));
}

#[test]
fn an_order_of_which_one_line_is_allocated_is_not_deleted() {
    let mut bench = Bench::new();
    let order = ordered(&mut bench);
    bench.simulator.advance_order(&order, Some(2), None).unwrap();
    assert_eq!(bench.refused("OIS100MI/DelHead", json!({ "ORNO": order })).1, "ORNO");
    bench.run("OIS100MI/DelLine", named(&order, &json!({ "PONR": "1" })));
}

#[test]
fn changes_by_batch_entry_may_come_later_and_may_come_to_nothing() {
    let mut bench = Bench::new();
    let order = ordered(&mut bench);
    bench.simulator.settings.order_changes.batch_entry = Processing::Later { seconds: 5, asks: 0 };
    let added =
        bench.run("OIS100MI/AddLineBatchEnt", named(&order, &json!({ "ITNO": "CAP-RED", "ORQT": "1" })));
    assert_eq!((&added[0]["STAT"], &added[0]["PONR"]), (&json!("10"), &json!("")));
    bench.run("OIS100MI/DelLineBatchEnt", named(&order, &json!({ "PONR": "9" })));
    assert_eq!(statuses(&mut bench, &order).len(), 2);
    bench.pass(5);
    assert_eq!(statuses(&mut bench, &order).len(), 3);
    let reasons = bench.run("OIS100MI/LstErrMsgOrder", json!({ "ORNO": order }));
    assert_eq!(column(&reasons, "MSID"), ["WPO0303"]);
}

#[test]
fn what_does_not_fit_is_refused() {
    let cases = [
        ("AddOrderLine", json!({ "ITNO": "GHOST-SKU", "ORQT": "1" }), "WIT0103", "ITNO"),
        ("AddLineBatchEnt", json!({ "ITNO": "LAMP-DESK", "ORQT": "1" }), "WIT0101", "ITNO"),
        ("AddLineBatchEnt", json!({ "ITNO": "CAP-RED", "ORQT": "0" }), "CPF9898", "ORQT"),
        ("AddLineBatchEnt", json!({ "ITNO": "CAP-RED", "ORQT": "1", "PONR": "1" }), "CPF9898", "PONR"),
        ("AddLineBatchEnt", json!({ "ITNO": "CAP-RED", "ORQT": "1", "SAPR": "free" }), "CPF9898", "SAPR"),
        ("ChgLineBatchEnt", json!({ "PONR": "9", "ORQA": "1" }), "WPO0303", "PONR"),
        ("ChgLineBatchEnt", json!({ "PONR": "1", "POSX": "1", "ORQA": "1" }), "WPO0303", "PONR"),
        ("ChgLineBatchEnt", json!({ "PONR": "1", "ORQA": "0" }), "CPF9898", "ORQA"),
        ("ChgLineBatchEnt", json!({ "PONR": "1", "DWDZ": "soon" }), "CPF9898", "DWDZ"),
        ("CloLine", json!({}), "WPO0303", "PONR"),
        ("UpdPriceInfo", json!({ "SAPR": "1" }), "WPO0303", "PONR"),
        ("ChgOrderRef", json!({ "CUDT": "soon" }), "CPF9898", "CUDT"),
        ("LstLine", json!({ "ORST": "22" }), "CPF9898", "ORST"),
        ("GetLine", json!({ "PONR": "9" }), "WPO0303", "PONR"),
    ];
    for (name, record, code, field) in cases {
        let mut bench = Bench::new();
        let order = ordered(&mut bench);
        let got = bench.refused(&format!("OIS100MI/{name}"), named(&order, &record));
        assert_eq!(got, (code.to_owned(), field.to_owned()), "{name} {record}");
    }
}

#[test]
fn an_order_that_does_not_exist_is_refused_by_every_transaction() {
    let reads = [
        ("GetLine", json!({ "PONR": "1" })),
        ("LstLine", json!({})),
        ("GetHeadText", json!({})),
        ("LstLineText", json!({ "PONR": "1", "TYTR": "1" })),
        ("GetAddress", json!({ "ADRT": "1" })),
    ];
    let writes = changes().map(|(name, record, _)| (name, record));
    let mut bench = Bench::new();
    for (name, record) in reads.into_iter().chain(writes) {
        let got = bench.refused(&format!("OIS100MI/{name}"), named("0009999999", &record));
        assert_eq!(got.0, "WOR0303", "{name}");
    }
}

#[test]
fn a_field_that_the_catalogue_lacks_is_refused() {
    let mut bench = Bench::new();
    let order = ordered(&mut bench);
    let change = named(&order, &json!({ "PONR": "1", "ORQT": "5" }));
    assert_eq!(bench.bulk("OIS100MI", &[("ChgLineBatchEnt", change)]).0, 400, "it changes ORQA, not ORQT");
    for name in ["GetOrderHead", "AddAddress"] {
        assert_eq!(bench.bulk("OIS100MI", &[(name, json!({ "ORNO": order }))]).0, 400, "{name}");
    }
    assert_eq!(bench.bulk("OIS102MI", &[("Get", json!({ "ORNO": order }))]).0, 400);
}

#[test]
fn references_are_changed_and_the_search_follows_after_a_while() {
    let mut bench = Bench::new();
    let order = ordered(&mut bench);
    let query = json!({ "SQRY": "CUNO:C00001 AND ORST:22" });
    bench.pass(30);
    assert_eq!(column(&bench.run("OIS100MI/SearchHead", query.clone()), "ORNO"), [order.as_str()]);
    bench.run("OIS100MI/ChgOrderRef", named(&order, &json!({ "CUOR": "SHOP-1001-B", "YREF": "Ann" })));
    assert!(bench.run("OIS100MI/SearchHead", query).is_empty(), "the index lags");
    let head = &bench.run("OIS100MI/GetHead", json!({ "ORNO": order }))[0];
    assert_eq!(
        (&head["CUOR"], &head["YREF"], &head["WHLO"]),
        (&json!("SHOP-1001-B"), &json!("Ann"), &json!("100"))
    );
    let by_reference = json!({ "SQRY": "CUOR:SHOP-1001" });
    assert_eq!(bench.refused("OIS100MI/SearchHead", by_reference).1, "SQRY");
}

#[test]
fn texts_are_added_to_head_and_line_and_read_in_rows() {
    let mut bench = Bench::new();
    let order = ordered(&mut bench);
    let add = |bench: &mut Bench, file: &str, name: &str, key: String, words: &str| {
        bench.run(
            "OIS100MI/AddText",
            json!({ "FILE": file, "FLDN": name, "KFLD": key, "TXVR": "CO01", "TEXT": words }),
        )
    };
    add(&mut bench, "OOHEAD00", "OAPRTX", format!("100{order}"), &"x".repeat(70));
    let identity =
        &add(&mut bench, "OOLINE00", "OBPOTX", format!("100{order}00001000"), "Gift")[0]["TXID"].clone();
    let rows = bench.run("OIS100MI/LstHeadText", named(&order, &json!({ "TYTR": "1" })));
    assert_eq!(column(&rows, "TX60"), ["x".repeat(60), "x".repeat(10)]);
    assert!(bench.run("OIS100MI/LstHeadText", named(&order, &json!({ "TYTR": "2" }))).is_empty());
    assert_eq!(bench.run("OIS100MI/GetHeadText", json!({ "ORNO": order })).len(), 1);
    let line = named(&order, &json!({ "PONR": "1", "TYTR": "2" }));
    let rows = bench.run("OIS100MI/LstLineText", line);
    assert_eq!((&rows[0]["TX60"], &rows[0]["TXI2"]), (&json!("Gift"), identity));
    assert_eq!(bench.refused("OIS100MI/GetLineText", named(&order, &json!({ "PONR": "2" }))).1, "ORNO");
    for (file, name, key, field) in [
        ("OOHEAD00", "OBPRTX", format!("100{order}"), "FLDN"),
        ("OOHEAD00", "OAPRTX", order.clone(), "KFLD"),
        ("OOHEAD00", "OAPRTX", "1009999999999".to_owned(), "ORNO"),
        ("OOLINE00", "OBPRTX", format!("100{order}1"), "KFLD"),
        ("OOLINE00", "OBPRTX", format!("100{order}00009000"), "PONR"),
    ] {
        let record = json!({ "FILE": file, "FLDN": name, "KFLD": key, "TEXT": "x" });
        assert_eq!(bench.refused("OIS100MI/AddText", record.clone()).1, field, "{record}");
    }
    bench.simulator.advance_order(&order, None, Some("77")).unwrap();
    let late = json!({ "FILE": "OOHEAD00", "FLDN": "OAPRTX", "KFLD": format!("100{order}"), "TEXT": "x" });
    assert_eq!(bench.refused("OIS100MI/AddText", late).1, "ORNO");
}

#[test]
fn an_orders_own_address_comes_before_the_customers() {
    let mut bench = Bench::new();
    let order = ordered(&mut bench);
    let ask = |bench: &mut Bench, order: &str| {
        text(&bench.run("OIS100MI/GetAddress", json!({ "ORNO": order, "ADRT": "1" }))[0]["CUA1"])
    };
    assert_eq!(ask(&mut bench, &order), "1 Sample Street");
    assert_eq!(bench.refused("OIS100MI/GetAddress", json!({ "ORNO": order, "ADRT": "3" })).1, "ADRT");
    let batch = bench.entered("SHOP-2");
    bench.run("OIS100MI/AddBatchAddress", json!({ "ORNO": batch, "ADRT": "01", "CUA1": "7 Other Street" }));
    let second = text(&bench.run("OIS100MI/Confirm", json!({ "ORNO": batch }))[0]["ORNO"]);
    assert_eq!(ask(&mut bench, &second), "7 Other Street");
    assert_eq!(bench.simulator.order_of("SHOP-2").unwrap().addresses[0]["CUA1"], "7 Other Street");
}
