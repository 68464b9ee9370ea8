//! Whatever is sent, in whatever order: a balance is the sum of its transactions, no place holds less than nothing, and
//! orders agree with the transactions made for them.

use std::collections::BTreeMap;

use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_oneof, proptest};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::bench::Bench;
use crate::picks::{ordered, pick};
use crate::stock::{line, requisition};

/// A step: program, the transaction that adds (and the one that processes, if there is one), its record.
#[derive(Debug, Clone)]
struct Step {
    program: &'static str,
    transaction: &'static str,
    record: Value,
}

fn items() -> impl Strategy<Value = (&'static str, &'static str)> {
    prop_oneof![
        Just(("CANDLE-SOY", "")),
        Just(("BALM-LIP", "LOT-A")),
        Just(("BALM-LIP", "LOT-B")),
        Just(("BALM-LIP", "LOT-X")),
        Just(("BALM-LIP", "")),
        Just(("GHOST", "")),
    ]
}

fn steps() -> impl Strategy<Value = Step> {
    let fields = (items(), -60_i32..60, any::<bool>(), 0_usize..9);
    fields.prop_map(|((item, lot), quantity, in_boxes, which)| {
        let unit = if in_boxes { "BOX" } else { "" };
        let base = json!({
            "ITNO": item, "BANO": lot, "QLQT": quantity.to_string(), "QLUN": unit, "TWSL": "RETURNS", "NBAN": "LOT-Y",
        });
        let without = |names: &[&str]| {
            let mut record = line(base.clone());
            record.as_object_mut().unwrap().retain(|name, _| !names.contains(&name.as_str()));
            record
        };
        let step = |program, transaction, record| Step { program, transaction, record };
        match which {
            0 | 1 => step("MMS850MI", "AddAdjust", without(&["TWSL", "NBAN"])),
            2 => step("MMS850MI", "AddQty", without(&["TWSL", "NBAN"])),
            3 => step("MMS850MI", "AddMove", without(&["NBAN"])),
            4 => step("MMS850MI", "AddReclass", without(&["TWSL"])),
            5 => {
                let record = json!({ "ITNO": item, "BANO": lot, "DLQT": quantity.to_string() });
                step("MHS850MI", "AddDO", requisition(record))
            }
            6 => step("MHS850MI", "AddCOPick", pick("ORDER", json!({ "QTYP": quantity.to_string() }))),
            7 => {
                let record = json!({
                    "TRDT": "20260302", "RESP": "SHIPBOB", "PUNO": "1900001", "PNLI": if lot.is_empty() { "1" } else { "2" },
                    "PNLS": "0", "RVQA": (quantity / 6).to_string(), "BANO": lot,
                });
                step("PPS001MI", "Receipt", record)
            }
            _ => {
                let record = json!({
                    "WHLO": "SBE", "ITNO": item, "WHSL": "FC", "BANO": lot, "STQI": quantity.to_string(),
                });
                step("MMS310MI", "Update", record)
            }
        }
    })
}

/// Runs a step whatever comes of it, and processes the message it made.
fn play(bench: &mut Bench, order: &str, step: &Step) {
    let mut record = step.record.clone();
    if record["RIDN"] == "ORDER" {
        record["RIDN"] = json!(order);
    }
    let (_, answer) = bench.bulk(step.program, &[(step.transaction, record)]);
    let row = &answer["results"][0]["records"][0];
    for (name, process) in [("MSNR", "PrcStkTran"), ("MSGN", "PrcWhsTran")] {
        if let Some(number) = row[name].as_str() {
            bench.bulk(step.program, &[(process, json!({ name: number }))]);
        }
    }
}

fn check(bench: &mut Bench, order: &str) {
    let transactions = bench.simulator.stock_transactions();
    let mut sums: BTreeMap<[String; 4], Decimal> = BTreeMap::new();
    for one in &transactions {
        let place = [&one.warehouse, &one.item, &one.location, &one.lot].map(Clone::clone);
        *sums.entry(place).or_default() += one.quantity;
    }
    let held = bench.simulator.stock();
    let balances: BTreeMap<[String; 4], Decimal> = held
        .into_iter()
        .map(|row| ([row.warehouse, row.item, row.location, row.lot], row.quantity))
        .collect();
    assert_eq!(balances, sums);
    assert!(balances.values().all(|quantity| *quantity >= Decimal::ZERO), "{balances:?}");
    let picked: Decimal = transactions.iter().filter(|one| one.order == order).map(|one| one.quantity).sum();
    let row = &bench.run("OIS100MI/GetLine", json!({ "ORNO": order, "PONR": "1", "POSX": "0" }))[0];
    assert_eq!(row["DLQT"].as_str().unwrap(), (-picked).normalize().to_string());
    for number in ["1", "2"] {
        let row = &bench.run("PPS200MI/GetLine", json!({ "PUNO": "1900001", "PNLI": number }))[0];
        let receipts = bench.simulator.goods_receipts();
        let of_line = receipts.iter().filter(|receipt| receipt.line.to_string() == number);
        let received: Decimal = of_line.map(|receipt| receipt.quantity).sum();
        assert_eq!(row["RVQA"].as_str().unwrap(), received.normalize().to_string());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn balances_are_the_sums_of_transactions(steps in proptest::collection::vec(steps(), 1..25)) {
        let mut bench = Bench::new();
        let order = ordered(&mut bench, "100");
        for step in &steps {
            play(&mut bench, &order, step);
        }
        check(&mut bench, &order);
    }
}
