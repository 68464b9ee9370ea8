//! CRS610MI: creating and changing customers.

use serde_json::{Value, json};

use crate::bench::{Bench, text};

fn customer(extra: &[(&str, &str)]) -> Value {
    let mut record = json!({
        "CUTM": "ECOMTPL", "CUNM": "Jo Example", "CUA1": "5 Sample Street", "TOWN": "Utrecht", "CSCD": "NL",
        "MAIL": "jo@example.com",
    });
    for (name, value) in extra {
        record[*name] = json!(value);
    }
    record
}

#[test]
fn a_new_customer_takes_a_number_from_the_series_and_its_rest_from_the_template() {
    let mut bench = Bench::new();
    let added = bench.run("CRS610MI/Add", customer(&[]));
    assert_eq!((&added[0]["CUNO"], &added[0]["ERRM"]), (&json!("E00000001"), &json!("")));
    let basic = &bench.run("CRS610MI/GetBasicData", json!({ "CUNO": "E00000001" }))[0];
    assert_eq!((&basic["STAT"], &basic["MAIL"]), (&json!("20"), &json!("jo@example.com")));
    assert_eq!(bench.run("CRS610MI/GetOrderInfo", json!({ "CUNO": "E00000001" }))[0]["ORTP"], "ECO");
    assert_eq!(bench.run("CRS610MI/GetFinancial", json!({ "CUNO": "E00000001" }))[0]["BLCD"], "0");
    let again = bench.run("CRS610MI/Add", customer(&[]));
    assert_eq!(again[0]["CUNO"], "E00000002", "nothing keeps a customer from being created twice");
}

#[test]
fn a_customer_without_what_it_needs_stays_in_status_12_and_says_so() {
    let mut bench = Bench::new();
    let added = bench.run("CRS610MI/Add", customer(&[("TOWN", ""), ("CUNO", "WEB1")]));
    assert_eq!(text(&added[0]["ERRM"]), "Status 12, missing: TOWN");
    assert_eq!(bench.refused("OIS100MI/AddBatchHead", json!({ "CUNO": "WEB1" })).0, "CPF9898");
    let early = json!({ "CUNO": "WEB1", "STAT": "20" });
    assert_eq!(bench.refused("CRS610MI/ChgBasicData", early), ("CPF9898".to_owned(), "STAT".to_owned()));
    bench.run("CRS610MI/ChgBasicData", json!({ "CUNO": "WEB1", "TOWN": "Utrecht", "STAT": "20" }));
    bench.run("OIS100MI/AddBatchHead", json!({ "CUNO": "WEB1" }));
}

#[test]
fn a_customer_is_refused_for_each_reason() {
    let mut bench = Bench::new();
    let cases = [
        (customer(&[("CUTM", "NOPE")]), "CUTM"),
        (customer(&[("CUTM", "C00001")]), "CUTM"),
        (customer(&[("CUNO", "C00001")]), "CUNO"),
        (customer(&[("CUNO", "ECOMTPL")]), "CUNO"),
    ];
    for (record, field) in cases {
        let got = bench.refused("CRS610MI/Add", record.clone());
        assert_eq!(got, ("CPF9898".to_owned(), field.to_owned()), "{record}");
    }
    let (status, answer) =
        bench.bulk("CRS610MI", &[("Add", customer(&[("TOWN", "Llanfairpwllgwyngyllgogerych")]))]);
    assert_eq!((status, &answer["results"][0]["errorType"]), (400, &json!("InputFieldTooLong")));
}

#[test]
fn a_change_with_an_old_change_number_is_refused() {
    let mut bench = Bench::new();
    bench.run("CRS610MI/ChgBasicData", json!({ "CUNO": "C00001", "CHNO": "1", "PHNO": "5550100" }));
    let late = json!({ "CUNO": "C00001", "CHNO": "1", "PHNO": "5550199" });
    assert_eq!(bench.refused("CRS610MI/ChgBasicData", late).1, "CHNO");
    assert_eq!(bench.run("CRS610MI/GetBasicData", json!({ "CUNO": "C00001" }))[0]["PHNO"], "5550100");
    assert_eq!(bench.refused("CRS610MI/ChgBasicData", json!({ "CUNO": "NOBODY" })).0, "WCU0203");
}
