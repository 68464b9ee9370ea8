//! Master data in bulk: items, their warehouses, units and aliases, balances.

use serde_json::{Value, json};

use crate::bench::{Bench, column, text};

#[test]
fn items_are_listed_from_one_on() {
    let mut bench = Bench::new();
    let rows = bench.run("MMS200MI/LstItmByItm", json!({ "ITNO": "RIBBON" }));
    assert_eq!(column(&rows, "ITNO"), ["RIBBON-SILK", "SOCK-42", "TEA-MINT", "TEE-BLK-L", "TEE-BLK-M"]);
    assert_eq!((column(&rows, "INDI")[2].as_str(), column(&rows, "UNMS")[1].as_str()), ("3", "PR"));
    let found = bench.run("MMS200MI/SearchItem", json!({ "SQRY": "ITNO:TEA-MINT" }));
    assert_eq!(column(&found, "ITDS"), ["Mint tea"]);
}

#[test]
fn items_are_listed_by_warehouse_and_warehouses_by_item() {
    let mut bench = Bench::new();
    let rows = bench.run("MMS200MI/LstItmWhsByWhs", json!({ "WHLO": "SBA" }));
    assert_eq!(column(&rows, "ITNO"), ["BALM-LIP", "CANDLE-SOY", "RIBBON-SILK", "TEA-MINT"]);
    let rows = bench.run("MMS200MI/LstItmWhsByItm", json!({ "ITNO": "BALM-LIP" }));
    assert_eq!(
        (column(&rows, "WHLO"), column(&rows, "FACI")),
        (vec!["100".into(), "SBA".into(), "SBE".into()], vec!["A01".into(), "B01".into(), "A01".into()],)
    );
}

#[test]
fn alternate_units_are_listed_with_their_factors() {
    let mut bench = Bench::new();
    let rows = bench.run("MMS200MI/LstItmAltUnitMs", json!({ "FITN": "RIBBON-SILK", "TITN": "TEA-MINT" }));
    let seen: Vec<[String; 4]> =
        rows.iter().map(|row| ["ITNO", "ALUN", "COFA", "DMCF"].map(|name| text(&row[name]))).collect();
    let expected =
        [["RIBBON-SILK", "CM", "100", "2"], ["TEA-MINT", "BOX", "12", "1"], ["TEA-MINT", "PAL", "480", "1"]];
    assert_eq!(seen, expected.map(|row| row.map(str::to_owned)));
    assert!(bench.run("MMS200MI/LstItmAltUnitMs", json!({ "FITN": "Z", "TITN": "A" })).is_empty());
}

#[test]
fn aliases_lead_to_items_and_back() {
    let mut bench = Bench::new();
    let get = |record: Value| ("MMS025MI/GetItem", record);
    let (name, record) = get(json!({ "ALWT": "2", "POPN": "5901234123457" }));
    let row = &bench.run(name, record)[0];
    assert_eq!((&row["ITNO"], &row["ALUN"], &row["CNQT"]), (&json!("BALM-LIP"), &json!("BOX"), &json!("24")));
    for (record, code) in [
        (json!({ "ALWT": "2", "POPN": "1" }), "WPO0403"),
        (json!({ "ALWT": "1", "POPN": "5901234123457" }), "WPO0403"),
        (json!({ "ALWT": "2", "POPN": "9780201379624" }), "WIT0103"),
    ] {
        assert_eq!(bench.refused("MMS025MI/GetItem", record.clone()).0, code, "{record}");
    }
    assert_eq!(bench.run("MMS025MI/LstItem", json!({ "POPN": "4006381333931" })).len(), 1);
    let rows = bench.run("MMS025MI/LstAlias", json!({ "ITNO": "BALM-LIP" }));
    assert_eq!(column(&rows, "POPN"), ["5901234123457"]);
}

#[test]
fn what_a_warehouse_holds_of_an_item_is_the_sum_of_its_lots() {
    let mut bench = Bench::new();
    let record = json!({ "WHLO": "SBE", "ITNO": "BALM-LIP" });
    let row = &bench.run("MMS200MI/GetItmWhsBal", record)[0];
    assert_eq!((&row["STQT"], &row["AVAL"]), (&json!("140"), &json!("140")));
    for (record, code) in [
        (json!({ "WHLO": "SBE", "ITNO": "GHOST" }), "WIT0103"),
        (json!({ "WHLO": "999", "ITNO": "BALM-LIP" }), "WWH0103"),
        (json!({ "WHLO": "200", "ITNO": "BALM-LIP" }), "WIT0101"),
    ] {
        assert_eq!(bench.refused("MMS200MI/GetItmWhsBal", record).0, code);
    }
}

#[test]
fn identities_are_listed_with_locks_and_validity() {
    let mut bench = Bench::new();
    let rows = bench.run("CRS630MI/LstAccountID", json!({ "AITP": "1", "AITM": "4020" }));
    let locked: Vec<String> =
        rows.iter().filter(|row| row["LCCD"] == "1").map(|row| text(&row["AITM"])).collect();
    assert_eq!((column(&rows, "AITM")[0].as_str(), locked), ("4020", vec!["9990".to_owned()]));
}
