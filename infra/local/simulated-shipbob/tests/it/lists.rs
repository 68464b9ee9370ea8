//! Lists: windows, filters and the ways of paging.

use serde_json::{Value, json};
use simulated_shipbob::HttpRequest;

use crate::bench::{Bench, order, parsed};

fn ids(list: &Value, name: &str) -> Vec<u64> {
    let mut ids: Vec<u64> = list.as_array().unwrap().iter().map(|one| one[name].as_u64().unwrap()).collect();
    ids.sort_unstable();
    ids
}

fn orders(bench: &mut Bench, query: &str) -> Vec<u64> {
    ids(&bench.get(&format!("order?{query}")), "id")
}

#[test]
fn pages_of_orders_hold_each_of_them_once_and_in_no_order() {
    let mut bench = Bench::new();
    let mut made: Vec<u64> = (0..7).map(|_| bench.order(&[("MUG", 1)])).collect();
    let mut seen = Vec::new();
    let mut path = "order?Limit=3".to_owned();
    for (page, size) in [(1, 3), (2, 3), (3, 1)] {
        let answer = bench.call("GET", &path, &Value::Null);
        let list = parsed(&answer);
        seen.extend(list.as_array().unwrap().iter().map(|one| one["id"].as_u64().unwrap()));
        assert_eq!(list.as_array().unwrap().len(), size);
        let headers = ["Page-Number", "Page-Size", "Total-Pages", "Total-Count"]
            .map(|name| answer.header(name).unwrap());
        assert_eq!(headers, [page.to_string().as_str(), "3", "3", "7"]);
        let next = answer.header("Next-Page").map(|next| next.trim_start_matches("/2026-01/").to_owned());
        assert_eq!(next.is_some(), page < 3);
        path = next.unwrap_or_default();
    }
    assert_ne!(seen, made);
    seen.sort_unstable();
    made.sort_unstable();
    assert_eq!(seen, made);
    assert_eq!(bench.call("GET", "order?Limit=251", &Value::Null).status, 400);
    assert_eq!(bench.call("GET", "order?Page=0", &Value::Null).status, 400);
}

#[test]
fn an_order_is_found_by_its_time_of_insertion() {
    let mut bench = Bench::new();
    let early = bench.order(&[("MUG", 1)]);
    bench.pass(3600);
    let late = bench.order(&[("MUG", 1)]);
    assert_eq!(orders(&mut bench, "StartDate=2026-11-22T12:30:00Z"), [late]);
    assert_eq!(orders(&mut bench, "EndDate=2026-11-22T12:30:00Z"), [early]);
    assert_eq!(orders(&mut bench, "StartDate=2026-11-22T12:00:00Z&EndDate=2026-11-22T14:00:00Z").len(), 2);
}

#[test]
fn an_order_that_nothing_has_updated_is_in_no_window_of_updates() {
    let mut bench = Bench::new();
    let id = bench.order(&[("MUG", 1)]);
    let window = "LastUpdateStartDate=2026-11-01T00:00:00Z&LastUpdateEndDate=2026-12-01T00:00:00Z";
    assert_eq!(orders(&mut bench, window), [0_u64; 0]);
    bench.does(&format!("orders/{id}/ship"), &Value::Null);
    assert_eq!(orders(&mut bench, window), [id]);
}

#[test]
fn an_escaped_comma_or_colon_is_not_understood() {
    let mut bench = Bench::new();
    let (one, two) = (bench.order(&[("MUG", 1)]), bench.order(&[("MUG", 1)]));
    assert_eq!(orders(&mut bench, &format!("IDs={one},{two}")), [one, two]);
    for query in [format!("IDs={one}%2C{two}"), "StartDate=2026-11-22T12%3A00%3A00Z".to_owned()] {
        assert_eq!(bench.call("GET", &format!("order?{query}"), &Value::Null).status, 400, "{query}");
    }
}

#[test]
fn an_order_keeps_what_the_store_sent_to_the_digit() {
    let mut bench = Bench::new();
    let sent = order(&[("MUG", 1)]).to_string().replace("12.5", "12.50");
    let request = simulated_shipbob::HttpRequest::new("POST", "/_simulated/orders").body(sent);
    let id = parsed(&bench.send(&request))["id"].as_u64().unwrap();
    let answer = bench.call("GET", &format!("order/{id}"), &Value::Null);
    assert!(String::from_utf8(answer.body).unwrap().contains("\"unit_price\":12.50"));
}

#[test]
fn receiving_orders_are_found_by_status_number_and_time_of_completion() {
    let mut bench = Bench::new();
    let announced = |number: &str| json!({ "purchase_order_number": number, "boxes": [{ "items": [{ "sku": "MUG", "quantity": 5 }] }] });
    let first = bench.does("receiving", &announced("PO1"))["id"].as_u64().unwrap();
    let second = bench.does("receiving", &announced("PO2"))["id"].as_u64().unwrap();
    bench.pass(60);
    bench.does(&format!("receiving/{first}/complete"), &Value::Null);
    let mut found = |query: &str| ids(&bench.get(&format!("receiving?{query}")), "id");
    assert_eq!(found("Statuses=Processing,Completed"), [first]);
    assert_eq!(found("PurchaseOrderNumbers=PO2,PO3"), [second]);
    assert_eq!(found("CompletedStartDate=2026-11-22T12:00:30Z"), [first]);
    assert_eq!(found("InsertStartDate=2026-11-22T12:00:30Z"), [0_u64; 0]);
    assert_eq!(found(&format!("IDs={first},{second}")), [first, second]);
    let mark = json!({ "ids": [first, 7], "is_external_sync": true });
    let results = parsed(&bench.call("POST", "receiving:setExternalSync", &mark))["results"].clone();
    assert_eq!((&results[0]["is_success"], &results[1]["is_success"]), (&json!(true), &json!(false)));
    assert_eq!(ids(&bench.get("receiving?ExternalSync=false"), "id"), [second]);
}

#[test]
fn the_cursor_of_returns_is_the_number_of_the_page() {
    let mut bench = Bench::new();
    for _ in 0..3 {
        bench.does("returns", &json!({ "inventory": [{ "sku": "MUG", "quantity": 1 }] }));
    }
    let first = bench.get("return?Limit=2&Status=AwaitingArrival");
    let second = bench.get("return?Limit=2&Status=AwaitingArrival&Cursor=2");
    assert_eq!((ids(&first["items"], "id").len(), ids(&second["items"], "id").len()), (2, 1));
    assert_eq!(
        (second["next"].is_null(), first["next"].as_str().unwrap().contains("Cursor=2")),
        (true, true)
    );
    assert_eq!(first["items"][0]["status"], "Awaiting Arrival");
}

fn billed(bench: &mut Bench, path: &str, filter: &Value) -> Value {
    let answer = bench.call("POST", path, filter);
    assert_eq!(answer.status, 200);
    parsed(&answer)
}

#[test]
fn transactions_are_paged_by_a_cursor_in_the_query_alone() {
    let mut bench = Bench::new();
    let fees: Vec<Value> = (0..5).map(|_| json!({ "amount": 1.1, "transaction_fee": "Shipping" })).collect();
    bench.does("transactions", &json!(fees));
    let first = billed(&mut bench, "transactions:query", &json!({ "page_size": 3 }));
    let cursor = first["next"].as_str().unwrap();
    let in_body = billed(&mut bench, "transactions:query", &json!({ "page_size": 3, "cursor": cursor }));
    assert_eq!(in_body, first);
    let escaped = cursor.replace('+', "%2B").replace('=', "%3D");
    let second =
        billed(&mut bench, &format!("transactions:query?Cursor={escaped}"), &json!({ "page_size": 3 }));
    assert_eq!(second["items"].as_array().unwrap().len(), 2);
    assert_eq!(second["next"], Value::Null);
}

#[test]
fn wrong_names_in_the_filter_of_transactions_are_ignored_and_seven_days_are_found_unasked() {
    let mut bench = Bench::new();
    bench.does(
        "transactions",
        &json!([
            { "amount": 1.1, "transaction_fee": "Shipping", "charge_date": "2026-11-20" },
            { "amount": 2.2, "transaction_fee": "Shipping", "charge_date": "2026-11-01" },
        ]),
    );
    let count = |answer: Value| answer["items"].as_array().unwrap().len();
    let wrong = json!({ "start_date": "2026-10-01T00:00:00Z", "limit": 1 });
    assert_eq!(count(billed(&mut bench, "transactions:query", &wrong)), 1);
    let right = json!({ "from_date": "2026-10-01T00:00:00Z" });
    assert_eq!(count(billed(&mut bench, "transactions:query", &right)), 2);
    let answer = bench.call("POST", "transactions:query", &right);
    assert!(String::from_utf8(answer.body).unwrap().contains("\"amount\":2.2,"));
}

#[test]
fn a_parameter_that_nobody_knows_changes_nothing_and_is_told_of() {
    let mut bench = Bench::new();
    bench.order(&[("MUG", 1)]);
    assert_eq!(bench.get("order?page=1&Limit=5&CreatedAfter=2027-01-01").as_array().unwrap().len(), 1);
    let state = parsed(&bench.send(&HttpRequest::new("GET", "/_simulated/state")));
    assert_eq!(state["ignored_parameters"], json!(["GET order: CreatedAfter"]));
}
