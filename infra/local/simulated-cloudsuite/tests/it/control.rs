//! The control side: faults, master data and settings by HTTP, and the views.

use serde_json::{Value, json};
use simulated_cloudsuite::HttpRequest;

use crate::bench::{Bench, body};

fn ask(bench: &mut Bench, method: &str, path: &str, sent: &Value) -> (u16, Value) {
    let request = HttpRequest::new(method, path).body(sent.to_string());
    let response = bench.send(&request).response().unwrap();
    (response.status, body(&response))
}

#[test]
fn faults_are_asked_for_by_http_and_a_mistyped_one_is_refused() {
    let mut bench = Bench::new();
    let fault = json!({ "kind": "status", "status": 503, "count": 2, "program": "MMS200MI" });
    assert_eq!(ask(&mut bench, "POST", "/_simulated/faults", &fault).0, 200);
    let item = json!({ "ITNO": "CAP-RED" });
    assert_eq!(bench.bulk("MMS200MI", &[("Get", item)]).0, 503);
    let (_, left) = ask(&mut bench, "GET", "/_simulated/faults", &Value::Null);
    assert_eq!(left[0]["count"], 1);
    ask(&mut bench, "DELETE", "/_simulated/faults", &Value::Null);
    assert_eq!(ask(&mut bench, "GET", "/_simulated/faults", &Value::Null).1, json!([]));
    for wrong in [
        json!({ "kind": "status" }),
        json!({ "kind": "explode" }),
        json!({ "kind": "drop_before", "cuont": 2 }),
        json!({ "kind": "nok" }),
    ] {
        assert_eq!(ask(&mut bench, "POST", "/_simulated/faults", &wrong).0, 400, "{wrong}");
    }
    let several = json!([{ "kind": "drop_after" }, { "kind": "revoke_tokens" }, { "kind": "latency", "milliseconds": 5 }]);
    assert_eq!(ask(&mut bench, "POST", "/_simulated/faults", &several).0, 200);
}

#[test]
fn master_data_change_at_run_time() {
    let mut bench = Bench::new();
    let change = json!({
        "add": {
            "items": [{ "ITNO": "NEW-1", "STAT": "20", "UNMS": "PCS", "warehouses": ["100"] }],
            "customers": [{ "CUNO": "C7", "STAT": "20", "ALCU": "SEVEN" }],
            "templates": [{ "CUNO": "TPL2", "CUNM": "Second" }],
            "order_types": [{ "ORTP": "WEB" }],
            "warehouses": [{ "WHLO": "300", "FACI": "A01" }],
            "charges": ["DUTY"],
        },
        "remove": { "items": ["CAP-RED"], "order_types": ["ECO"], "charges": ["FRT"] },
    });
    assert_eq!(ask(&mut bench, "POST", "/_simulated/master", &change).0, 200);
    assert_eq!(bench.run("MMS200MI/Get", json!({ "ITNO": "NEW-1" })).len(), 1);
    assert_eq!(bench.refused("MMS200MI/Get", json!({ "ITNO": "CAP-RED" })).0, "WIT0103");
    let head = |kind: &str| json!({ "CUNO": "C7", "ORTP": kind, "WHLO": "300" });
    bench.run("OIS100MI/AddBatchHead", head("WEB"));
    assert_eq!(bench.refused("OIS100MI/AddBatchHead", head("ECO")).1, "ORTP");
    let wrong = json!({ "add": { "itmes": [] } });
    assert_eq!(ask(&mut bench, "POST", "/_simulated/master", &wrong).0, 400);
}

#[test]
fn settings_change_at_run_time_and_keep_what_is_not_named() {
    let mut bench = Bench::new();
    let change = json!({ "confirm": { "mode": "later", "seconds": 5 }, "requests_per_minute": null });
    let (status, settings) = ask(&mut bench, "POST", "/_simulated/settings", &change);
    assert_eq!((status, &settings["token_lifetime_seconds"]), (200, &json!(7200)));
    let number = bench.entered("A");
    assert_eq!(bench.run("OIS100MI/Confirm", json!({ "ORNO": number }))[0]["ORNO"], "");
    assert_eq!(ask(&mut bench, "POST", "/_simulated/settings", &json!({ "latency": 5 })).0, 400);
}

#[test]
fn orders_are_found_by_the_customers_reference() {
    let mut bench = Bench::new();
    let number = bench.entered("SHOP #1");
    bench.entered("SHOP-2");
    bench.run("OIS100MI/Confirm", json!({ "ORNO": number }));
    let (_, found) = ask(&mut bench, "GET", "/_simulated/orders?cuor=SHOP+%231", &Value::Null);
    assert_eq!(found["batch_orders"][0]["number"], number.as_str());
    assert_eq!(
        (found["batch_orders"].as_array().unwrap().len(), found["orders"].as_array().unwrap().len()),
        (1, 1)
    );
    assert_eq!(ask(&mut bench, "GET", "/_simulated/nothing", &Value::Null).0, 404);
}

#[test]
fn the_state_counts_requests_and_transactions() {
    let mut bench = Bench::new();
    bench.entered("A");
    let (_, state) = ask(&mut bench, "GET", "/_simulated/state", &Value::Null);
    let counters = &state["counters"];
    assert_eq!(counters["transactions"]["OIS100MI/AddBatchLine"], 1);
    assert_eq!(counters["requests_by_program"]["OIS100MI"], 2);
    assert_eq!((&counters["gateway_requests"], &counters["token_requests"]), (&json!(2), &json!(1)));
}

#[test]
fn the_page_shows_orders_and_escapes_what_was_sent() {
    let mut bench = Bench::new();
    bench.entered("<b>&1");
    let page = bench.send(&HttpRequest::new("GET", "/")).response().unwrap();
    let page = String::from_utf8(page.body).unwrap();
    assert!(page.contains("T000000001") && page.contains("&lt;b&gt;&amp;1") && !page.contains("<b>"));
}
