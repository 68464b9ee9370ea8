//! The control side: everything that happens in the shop, by HTTP.

use serde_json::{Value, json};
use simulated_shopify::HttpRequest;

use crate::bench::{Bench, HOOK, ORDER, order, parsed};

fn ask(bench: &mut Bench, method: &str, path: &str, sent: &Value) -> (u16, Value) {
    let request = HttpRequest::new(method, &format!("/_simulated/{path}")).body(sent.to_string());
    let response = bench.send(&request);
    (response.status, parsed(&response))
}

#[test]
fn an_order_is_put_changed_and_deleted() {
    let mut bench = Bench::new();
    bench.subscribe("ORDERS_UPDATED");
    assert_eq!(ask(&mut bench, "POST", "orders", &order()), (200, json!({ "id": ORDER })));
    for (step, body) in [
        ("edit", json!({ "note": "ring" })),
        ("pay", json!({})),
        ("fulfil", json!({})),
        ("refund", json!({ "lines": [{ "line_item_id": 11, "quantity": 1 }] })),
        ("cancel", json!({ "reason": "other" })),
    ] {
        assert_eq!(ask(&mut bench, "POST", &format!("orders/{ORDER}/{step}"), &body).0, 200, "{step}");
    }
    let (_, kept) = ask(&mut bench, "GET", &format!("orders/{ORDER}"), &Value::Null);
    assert_eq!((&kept["note"], &kept["cancel_reason"]), (&json!("ring"), &json!("other")));
    let (_, deliveries) = ask(&mut bench, "GET", "deliveries", &Value::Null);
    assert_eq!(deliveries.as_array().unwrap().len(), 6);
    assert_eq!(
        (&deliveries[0]["topic"], &deliveries[0]["state"]),
        (&json!("orders/updated"), &json!("waiting"))
    );
    assert_eq!(deliveries[0]["object"], json!(ORDER));
    assert_eq!(ask(&mut bench, "DELETE", &format!("orders/{ORDER}"), &Value::Null).0, 200);
    assert_eq!(ask(&mut bench, "GET", &format!("orders/{ORDER}"), &Value::Null).0, 400);
    ask(&mut bench, "POST", "orders?silent=true", &order());
    assert_eq!(bench.simulator.deliveries().len(), 6);
}

#[test]
fn what_is_mistyped_is_refused() {
    let mut bench = Bench::new();
    ask(&mut bench, "POST", "orders", &order());
    for (path, body) in [
        ("orders", json!([])),
        ("orders/x/pay", json!({})),
        ("orders/1/pay", json!({})),
        (&*format!("orders/{ORDER}/explode"), json!({})),
        (&*format!("orders/{ORDER}/cancel"), json!({ "raeson": "other" })),
        ("faults", json!({ "kind": "explode" })),
        ("faults", json!({ "kind": "drop_before", "cuont": 2 })),
        ("settings", json!({ "delivery": { "lose": 5 } })),
        ("clock", json!({ "speed": 5 })),
        ("nothing", json!({})),
    ] {
        assert_eq!(ask(&mut bench, "POST", path, &body).0, 400, "{path} {body}");
    }
    assert_eq!(ask(&mut bench, "GET", "nothing", &Value::Null).0, 404);
}

#[test]
fn settings_are_merged_and_the_clock_is_set() {
    let mut bench = Bench::new();
    let change = json!({ "restore_rate": 1000, "delivery": { "lose_percent": 10 } });
    let (status, settings) = ask(&mut bench, "POST", "settings", &change);
    assert_eq!((status, &settings["delivery"]["lose_percent"]), (200, &json!(10)));
    assert_eq!(
        (&settings["bucket_points"], &settings["delivery"]["removal_after"]),
        (&json!(2000), &json!(8))
    );
    let (_, clock) = ask(&mut bench, "POST", "clock", &json!({ "pace": 3600, "skip_seconds": 86400 }));
    assert_eq!(clock, json!({ "time": "2026-11-23T12:00:00Z", "pace": 3600 }));
    bench.pass(2);
    assert_eq!(bench.simulator.state(bench.now)["time"], "2026-11-23T14:00:00Z");
}

#[test]
fn tokens_declarations_messages_and_the_app_itself() {
    let mut bench = Bench::new();
    let (_, pair) = ask(&mut bench, "POST", "offline-token", &Value::Null);
    assert!(pair["refresh_token"].as_str().unwrap().starts_with("shprt_"));
    let (_, permanent) = ask(&mut bench, "POST", "permanent-token", &Value::Null);
    assert!(permanent["access_token"].as_str().unwrap().starts_with("shpat_"));
    ask(&mut bench, "POST", "declare", &json!([{ "topic": "shop/redact", "uri": HOOK }]));
    ask(&mut bench, "POST", "publish", &json!({ "topic": "shop/redact", "payload": { "shop_id": 1 } }));
    assert_eq!(bench.due().len(), 1);
    assert_eq!(ask(&mut bench, "POST", "uninstall", &Value::Null).1, json!({ "installed": false }));
    assert_eq!(ask(&mut bench, "POST", "install", &Value::Null).1, json!({ "installed": true }));
    assert_eq!(
        ask(&mut bench, "POST", "companies", &json!({ "id": 4, "name": "Acme" })).1,
        json!({ "id": 4 })
    );
    assert_eq!(ask(&mut bench, "DELETE", "companies/4", &Value::Null).0, 200);
    let fault =
        json!([{ "kind": "status", "status": 500, "on": "token" }, { "kind": "graphql", "code": "X" }]);
    assert_eq!(ask(&mut bench, "POST", "faults", &fault).1["faults"].as_array().unwrap().len(), 2);
    assert_eq!(ask(&mut bench, "DELETE", "faults", &Value::Null).1, json!({ "faults": [] }));
}

#[test]
fn the_state_tells_no_secret_and_no_token() {
    let mut bench = Bench::new();
    bench.simulator.issue_offline_token(bench.now);
    let (_, state) = ask(&mut bench, "GET", "state", &Value::Null);
    assert_eq!((&state["active_tokens"], &state["shop"]), (&json!(2), &json!("demo-tst.myshopify.com")));
    let text = state.to_string();
    assert!(!text.contains("shpat_") && !text.contains("shprt_") && !text.contains("shpss_"));
}
