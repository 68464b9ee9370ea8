//! An order from its head to its final number, and what can be read back of it.

use serde_json::json;

use crate::bench::{Bench, bulk_body, column, text};

#[test]
fn an_order_is_entered_confirmed_and_read_back() {
    let mut bench = Bench::new();
    let number = bench.entered("SHOP-1001");
    assert!(number.starts_with('T'), "a temporary number from its own series: {number}");
    let line = json!({ "ORNO": number, "ITNO": "NOTE-A5", "ORQT": "3", "SAPR": "6.90", "DIA1": "1.70" });
    let second = bench.run("OIS100MI/AddBatchLine", line);
    assert_eq!(second[0]["PONR"], "2");
    bench.run(
        "OIS100MI/AddBatchText",
        json!({ "ORNO": number, "TYPE": "1", "TYTR": "1", "PARM": "Leave at the door" }),
    );
    bench.run(
        "OIS100MI/AddBatchAddress",
        json!({ "ORNO": number, "ADRT": "1", "CUNM": "Example", "TOWN": "Utrecht" }),
    );
    bench.run("OIS100MI/AddBatchHeadChg", json!({ "ORNO": number, "CRID": "FRT", "CRAM": "4.95" }));
    bench.run(
        "OIS100MI/AddBatchLineChg",
        json!({ "ORNO": number, "PONR": "1", "POSX": "0", "CRID": "TAX", "CRAM": "6" }),
    );
    let lines = bench.run("OIS100MI/LstBatchLine", json!({ "ORNO": number }));
    assert_eq!(column(&lines, "ITNO"), ["MUG-BLUE-12", "NOTE-A5"]);

    let confirmed = bench.run("OIS100MI/Confirm", json!({ "ORNO": number }));
    let order = text(&confirmed[0]["ORNO"]);
    assert_eq!((order.as_str(), &confirmed[0]["STAT"]), ("0001000001", &json!("90")));
    assert_eq!(bench.status(&number), (order.clone(), "90".to_owned()));
    assert_eq!(bench.run("OIS100MI/GetOrderNo", json!({ "ORNO": number }))[0]["ORNR"], order.as_str());

    let head = &bench.run("OIS100MI/GetHead", json!({ "ORNO": order }))[0];
    assert_eq!(
        (&head["CUOR"], &head["CUNO"], &head["WHLO"]),
        (&json!("SHOP-1001"), &json!("C00001"), &json!("100"))
    );
    assert_eq!(head["NTAM"], "48.00", "2 x 14.50 + 3 x 6.90 - 1.70");
    let state = bench.simulator.state();
    let content = &state["orders"][&order]["content"];
    assert_eq!(content["charges"][0]["CRAM"], "4.95");
    assert_eq!(content["addresses"][0]["TOWN"], "Utrecht");
    assert_eq!(content["lines"][0]["charges"][0]["CRID"], "TAX");
    assert_eq!(content["texts"][0]["PARM"], "Leave at the door");
}

#[test]
fn lists_of_orders_carry_the_customers_reference_and_both_numbers() {
    let mut bench = Bench::new();
    let first = bench.entered("SHOP-1");
    let second = bench.entered("SHOP-2");
    bench.run("OIS100MI/Confirm", json!({ "ORNO": first }));
    let batches = bench.run("OIS100MI/LstBatchHead", json!({ "CUNO": "C00001" }));
    assert_eq!(column(&batches, "ORNO"), [first, second.clone()]);
    assert_eq!(column(&batches, "CUOR"), ["SHOP-1", "SHOP-2"]);
    assert_eq!(column(&batches, "ORNR"), ["0001000001", ""]);
    let open = bench.run("OIS100MI/LstBatchHead", json!({ "CUNO": "C00001", "ORSL": "10", "ORST": "55" }));
    assert_eq!(column(&open, "ORNO"), [second]);
    let orders = bench.run("OIS100MI/LstHead", json!({ "CUNO": "C00001" }));
    assert_eq!(column(&orders, "CUOR"), ["SHOP-1"]);
    assert!(bench.run("OIS100MI/LstHead", json!({ "CUNO": "C00002" })).is_empty());
}

#[test]
fn the_customers_order_number_may_repeat() {
    let mut bench = Bench::new();
    assert_ne!(bench.entered("SAME"), bench.entered("SAME"));
}

#[test]
fn a_batch_order_can_be_deleted_until_it_is_confirmed() {
    let mut bench = Bench::new();
    let number = bench.entered("A");
    bench.run("OIS100MI/DelBatchLine", json!({ "ORNO": number, "PONR": "1" }));
    assert!(bench.run("OIS100MI/LstBatchLine", json!({ "ORNO": number })).is_empty());
    bench.run("OIS100MI/DelBatchHead", json!({ "ORNO": number }));
    assert_eq!(bench.refused("OIS100MI/GetBatchHead", json!({ "ORNO": number })).0, "WOR0303");

    let number = bench.entered("B");
    bench.run("OIS100MI/Confirm", json!({ "ORNO": number }));
    for name in ["OIS100MI/DelBatchHead", "OIS100MI/AddBatchLine"] {
        let mut record = json!({ "ORNO": number });
        if name.ends_with("Line") {
            record["ITNO"] = json!("CAP-RED");
        }
        assert_eq!(bench.refused(name, record).0, "CPF9898", "{name}");
    }
}

#[test]
fn what_a_head_leaves_open_comes_from_the_customer() {
    let mut bench = Bench::new();
    let number = text(&bench.run("OIS100MI/AddBatchHead", json!({ "CUNO": "C00002" }))[0]["ORNO"]);
    let head = &bench.run("OIS100MI/GetBatchHead", json!({ "ORNO": number }))[0];
    assert_eq!((&head["ORTP"], &head["FACI"], &head["CUCD"]), (&json!("CO1"), &json!("B01"), &json!("USD")));
    assert_eq!(head["ORDT"], "20260302");
    assert_eq!(bench.run("OIS275MI/GetBatchHead", json!({ "ORNO": number }))[0]["CUNO"], "C00002");
}

#[test]
fn the_order_types_are_listed_and_a_customer_has_its_own() {
    let mut bench = Bench::new();
    let types = bench.run("OIS100MI/LstOrderTypes", json!({}));
    assert_eq!(column(&types, "ORTP"), ["CO1", "ECO", "B01"]);
    assert_eq!(bench.run("OIS100MI/GetOrderType", json!({ "CUNO": "C00001" }))[0]["ORTP"], "ECO");
    assert_eq!(bench.run("OIS100MI/GetOrderType", json!({}))[0]["ORTP"], "CO1");
}

/// Infor does not document what a repetition does; the strict setting is for whoever must never repeat.
#[test]
fn what_is_sent_twice_counts_twice_if_that_is_set() {
    for (counts, held) in [(false, 1), (true, 2)] {
        let mut bench = Bench::new();
        bench.simulator.settings.repeats_count = counts;
        let number = bench.entered("SHOP-1001");
        for _ in 0..2 {
            bench.run("OIS100MI/AddBatchHeadChg", json!({ "ORNO": number, "CRID": "FRT", "CRAM": "4.95" }));
            bench.run("OIS100MI/AddBatchAddress", json!({ "ORNO": number, "ADRT": "1", "TOWN": "Utrecht" }));
        }
        let content = &bench.simulator.state()["batch_orders"][&number]["content"];
        let count = |key: &str| content[key].as_array().unwrap().len();
        assert_eq!((count("charges"), count("addresses")), (held, held), "counts: {counts}");
        bench.run("OIS100MI/Confirm", json!({ "ORNO": number }));
        let again = bench.post_json(&bulk_body("OIS100MI", &[("Confirm", json!({ "ORNO": number }))])).1;
        assert_eq!(again["results"][0]["errorMessage"] == "", !counts, "{again}");
    }
}
