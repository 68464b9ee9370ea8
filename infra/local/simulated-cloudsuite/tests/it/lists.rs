//! Lists, and the options that cut answers.

use serde_json::{Value, json};

use crate::bench::{Bench, column};

#[test]
fn customer_lists_start_at_the_asked_key_and_go_on() {
    let mut bench = Bench::new();
    let by_key = bench.run("CRS610MI/LstBySearchKey", json!({ "ALCU": "EXRETAIL" }));
    assert_eq!(column(&by_key, "ALCU"), ["EXRETAIL", "OVERDRAWN", "PRELIM", "STOPPED"]);
    let none = bench.run("CRS610MI/LstBySearchKey", json!({ "ALCU": "EXP" }));
    assert_eq!(column(&none, "ALCU")[0], "EXRETAIL", "an absent key gives the next one, not nothing");
    let by_number = bench.run("CRS610MI/LstByNumber", json!({ "CUNO": "C00012" }));
    assert_eq!(column(&by_number, "CUNO"), ["C00012", "C00030", "C00090"]);
    let by_name = bench.run("CRS610MI/LstByName", json!({ "CUNM": "Example R" }));
    assert_eq!(column(&by_name, "CUNM"), ["Example Retail", "Example Stopped"]);
    let templates = bench.run("CRS610MI/LstTemplates", json!({}));
    assert_eq!(column(&templates, "CUNO"), ["ECOMTPL"]);
    assert_eq!(bench.refused("CRS610MI/LstByNumber", json!({ "LMTS": "1" })).1, "LMTS");
}

#[test]
fn places_are_listed_and_read() {
    let mut bench = Bench::new();
    assert_eq!(column(&bench.run("MMS005MI/LstWarehouses", json!({})), "WHLO"), ["100", "200", "SBA", "SBE"]);
    assert_eq!(
        column(&bench.run("MMS005MI/LstWarehouses", json!({ "FWHL": "150" })), "WHLO"),
        ["200", "SBA", "SBE"]
    );
    assert_eq!(column(&bench.run("MMS005MI/LstWarehouses", json!({ "TWHL": "150" })), "WHLO"), ["100"]);
    assert_eq!(column(&bench.run("CRS008MI/ListFacility", json!({ "FACI": "B" })), "FACI"), ["B01"]);
    assert_eq!(bench.run("MMS005MI/GetWarehouse", json!({ "WHLO": "200" }))[0]["FACI"], "B01");
    assert_eq!(bench.run("CRS008MI/Get", json!({ "FACI": "A01" }))[0]["DIVI"], "AAA");
}

#[test]
fn items_are_read_alone_in_a_warehouse_and_in_a_facility() {
    let mut bench = Bench::new();
    for (name, record) in [
        ("MMS200MI/Get", json!({ "ITNO": "CAP-RED" })),
        ("MMS200MI/GetItmBasic", json!({ "ITNO": "CAP-RED" })),
        ("MMS200MI/GetItmWhsBasic", json!({ "ITNO": "CAP-RED", "WHLO": "200" })),
        ("MMS200MI/GetItmFac", json!({ "ITNO": "CAP-RED", "FACI": "A01" })),
    ] {
        assert_eq!(bench.run(name, record)[0]["ITNO"], "CAP-RED", "{name}");
    }
    assert_eq!(bench.run("MMS200MI/Get", json!({ "ITNO": "MUG-OLD" }))[0]["STAT"], "90");
}

#[test]
fn the_user_its_divisions_and_message_texts_need_no_company() {
    let mut bench = Bench::new();
    let ask = |bench: &mut Bench, program: &str, transaction: &str, record: Value| {
        let body = format!(
            r#"{{"program":"{program}","transactions":[{{"transaction":"{transaction}","record":{record}}}]}}"#
        );
        bench.post_json(&body).1["results"][0].clone()
    };
    let user = ask(&mut bench, "GENERAL", "GetUserInfo", json!({}));
    assert_eq!(user["records"][0]["ZZUSID"], "IONAPI");
    assert_eq!(ask(&mut bench, "GENERAL", "GetCurrentUser", json!({}))["records"][0]["TEID"], "DEMO_TST");
    let text = ask(&mut bench, "GENERAL", "GetMessageText", json!({ "MSID": "WIT0103", "PARM": "X1" }));
    assert_eq!(text["records"][0]["MSGT"], "Item number X1 does not exist");
    let divisions = ask(&mut bench, "MNS150MI", "LstCmpDivi", json!({ "USID": "IONAPI" }));
    assert_eq!(
        (&divisions["records"][0]["CONO"], &divisions["records"][1]["DIVI"]),
        (&json!("100"), &json!("BBB"))
    );
}

#[test]
fn answers_are_cut_to_what_the_request_asks_for() {
    let mut bench = Bench::new();
    let ask = |bench: &mut Bench, options: &str, columns: &str| {
        let body = format!(
            r#"{{"program":"CRS610MI","cono":100{options},"transactions":[{{"transaction":"LstByNumber","record":{{}}{columns}}}]}}"#
        );
        bench.post_json(&body).1["results"][0]["records"].as_array().unwrap().clone()
    };
    let full = ask(&mut bench, "", "");
    assert_eq!(
        (full.len(), full[0].as_object().unwrap().len()),
        (5, 83),
        "all rows, all fields, empty ones too"
    );
    assert_eq!(full[0]["VRNO"], "");
    assert_eq!(ask(&mut bench, r#","maxReturnedRecords":2"#, "").len(), 2);
    assert_eq!(ask(&mut bench, r#","maxReturnedRecords":0"#, "").len(), 5);
    let filled = ask(&mut bench, r#","excludeEmptyValues":true"#, "");
    assert!(filled[0].as_object().unwrap().values().all(|value| value != ""));
    let padded = ask(&mut bench, r#","rightTrim":false"#, r#","selectedColumns":["CUNO"]"#);
    assert_eq!(padded[0], json!({ "CUNO": "C00001    " }));
    let some = ask(&mut bench, "", r#","selectedColumns":["STAT","CUNO"]"#);
    assert_eq!(some[0], json!({ "CUNO": "C00001", "STAT": "20" }));
}

#[test]
fn the_input_is_echoed_when_that_is_asked_for() {
    let mut bench = Bench::new();
    let body = crate::bench::bulk_body("MMS200MI", &[("Get", json!({ "ITNO": "CAP-RED" }))]);
    let mut request = crate::bench::execute(&bench.bearer, &body);
    assert_eq!(bench.post_json(&body).1["results"][0]["parameters"], json!({}));
    request.path.push_str("?extendedresult=true");
    let answer = crate::bench::body(&bench.send(&request).response().unwrap());
    assert_eq!(answer["results"][0]["parameters"], json!({ "ITNO": "CAP-RED" }));
}
