//! Who may ask, in which version, and how strictly a query is read.

use serde_json::{Value, json};
use simulated_shopify::{HttpRequest, Settings};

use crate::bench::{Bench, GRAPHQL, ORDER, order, parsed};

#[test]
fn without_a_token_in_force_the_answer_is_401() {
    let mut bench = Bench::new();
    let query = json!({ "query": "{ shop { name } }" });
    for token in ["", "shpat_unknown"] {
        let (status, body) = bench.post(GRAPHQL, token, &query);
        assert_eq!(status, 401);
        assert!(body["errors"].as_str().unwrap().starts_with("[API] Invalid API key or access token"));
    }
    let token = bench.token.clone();
    assert_eq!(bench.post(GRAPHQL, &token, &query).0, 200);
}

#[test]
fn a_version_that_has_run_out_falls_forward_and_one_that_never_was_is_not_found() {
    let mut bench = Bench::new();
    for (version, served) in [
        ("2026-10", Some("2026-10")),
        ("2026-01", Some("2026-01")),
        ("2027-01", Some("2027-01")),
        ("2025-10", Some("2026-01")),
        ("2021-04", Some("2026-01")),
        ("2027-04", None),
        ("2025-11", None),
        ("latest", None),
    ] {
        let request = HttpRequest::new("POST", &format!("/admin/api/{version}/graphql.json"))
            .header("content-type", "application/json")
            .header("x-shopify-access-token", &bench.token)
            .body(r#"{"query":"{ shop { name } }"}"#);
        let response = bench.send(&request);
        let named = response.headers.iter().find(|(name, _)| name == "x-shopify-api-version");
        assert_eq!(named.map(|(_, value)| value.as_str()), served, "{version}");
        assert_eq!(response.status, if served.is_some() { 200 } else { 404 }, "{version}");
    }
}

#[test]
fn what_is_no_graphql_request_is_refused_by_http() {
    let mut bench = Bench::new();
    let token = bench.token.clone();
    assert_eq!(bench.post(GRAPHQL, &token, &json!({ "no": "query" })).0, 400);
    assert_eq!(bench.post("/admin/api/2026-10/orders.json", &token, &json!({})).0, 404);
    let get = HttpRequest::new("GET", GRAPHQL).header("x-shopify-access-token", &token);
    assert_eq!(bench.send(&get).status, 405);
    let form =
        HttpRequest::new("POST", GRAPHQL).header("x-shopify-access-token", &token).body("query={shop{name}}");
    assert_eq!(bench.send(&form).status, 415);
}

#[test]
fn unknown_fields_arguments_and_wrong_types_are_refused_and_nothing_runs() {
    let mut bench = Bench::new();
    for query in [
        "{ shop { nmae } }",
        "{ orders(first: 10, updated_at_min: \"2026-01-01\") { nodes { id } } }",
        "{ orders(first: \"10\") { nodes { id } } }",
        "{ orders(first: 10, sortKey: updated_at) { nodes { id } } }",
        "{ orders(first: 10, sortKey: \"UPDATED_AT\") { nodes { id } } }",
        "{ orders(first: 10) }",
        "{ shop { name { first } } }",
        "{ order { id } }",
        "{ order(id: \"gid://shopify/Order/1\") { total_price } }",
        "{ order(id: \"gid://shopify/Order/1\") { totalPriceSet } }",
        "{ shop { name }",
        "mutation { webhookSubscriptionCreate(topic: ORDERS_CREATE, webhookSubscription: { callbackUrl: \"https://a\" }) { userErrors { message } } }",
        "mutation { webhookSubscriptionCreate(topic: CUSTOMERS_REDACT, webhookSubscription: { uri: \"https://a\" }) { userErrors { message } } }",
        "query($n: Int!) { orders(first: $n) { nodes { id } } }",
    ] {
        let body = bench.ask(query);
        assert_eq!(body["data"], Value::Null, "{query}: {body}");
        assert!(!body["errors"][0]["message"].as_str().unwrap().is_empty(), "{query}");
    }
    let (_, state) = bench.post("/_simulated/nothing", "", &json!({}));
    assert_ne!(state["error"], Value::Null);
    let state = bench.simulator.state(bench.now);
    assert_eq!(state["counters"]["fields"], json!({}), "nothing was executed");
}

#[test]
fn variables_are_held_to_their_types() {
    let mut bench = Bench::new();
    let query = "query($n: Int!, $t: [WebhookSubscriptionTopic!]) { webhookSubscriptions(first: $n, topics: $t) { nodes { id } } }";
    let ok = bench.ask_with(query, &json!({ "n": 5, "t": ["ORDERS_CREATE"] }));
    assert_eq!(ok["data"]["webhookSubscriptions"]["nodes"], json!([]));
    for wrong in [json!({ "n": "5" }), json!({}), json!({ "n": 5, "t": ["orders/create"] })] {
        let body = bench.ask_with(query, &wrong);
        assert_eq!(body["errors"][0]["extensions"]["code"], "INVALID_VARIABLE", "{wrong}");
    }
}

#[test]
fn more_than_250_are_refused_and_so_is_a_connection_without_first() {
    let mut bench = Bench::new();
    for query in [
        "{ orders(first: 251) { nodes { id } } }",
        "{ orders { nodes { id } } }",
        "{ orders(first: -1) { nodes { id } } }",
        "{ orders(first: 1) { nodes { lineItems(first: 300) { nodes { id } } } } }",
        "query Q { ...All } fragment All on QueryRoot { webhookSubscriptions(first: 1000) { nodes { id } } }",
    ] {
        assert_eq!(bench.refused(query).0, "BAD_REQUEST", "{query}");
    }
    let ids = vec!["\"gid://shopify/Order/1\""; 251].join(",");
    assert_eq!(bench.refused(&format!("{{ nodes(ids: [{ids}]) {{ id }} }}")).0, "BAD_REQUEST");
    bench.data("{ orders(first: 250) { nodes { id } } }");
}

#[test]
fn a_missing_scope_is_an_error_with_its_code() {
    let mut bench =
        Bench::with(Settings { scopes: vec!["read_customers".to_owned()], ..Settings::default() });
    let (code, message) = bench.refused("{ orders(first: 1) { nodes { id } } }");
    assert_eq!(code, "ACCESS_DENIED");
    assert!(message.contains("read_orders"), "{message}");
    let body = bench.ask("{ shop { name } order(id: \"gid://shopify/Order/1\") { id } }");
    assert_eq!(
        (&body["data"]["order"], &body["data"]["shop"]["name"]),
        (&Value::Null, &json!("Simulated shop"))
    );
    assert_eq!(body["errors"][0]["path"], json!(["order"]));
}

#[test]
fn orders_older_than_60_days_are_seen_with_read_all_orders_alone() {
    for (scopes, seen) in [(vec!["read_orders"], false), (vec!["read_orders", "read_all_orders"], true)] {
        let scopes = scopes.into_iter().map(str::to_owned).collect();
        let mut bench = Bench::with(Settings { scopes, ..Settings::default() });
        let mut old = order();
        old["created_at"] = json!("2026-09-22T12:00:00Z");
        bench.put(old);
        let gid = format!("gid://shopify/Order/{ORDER}");
        let data = bench.data(&format!(
            "{{ order(id: \"{gid}\") {{ id }} orders(first: 5) {{ nodes {{ id }} }} nodes(ids: [\"{gid}\"]) {{ id }} ordersCount {{ count }} }}"
        ));
        assert_eq!(data["order"]["id"] == gid, seen);
        assert_eq!(data["orders"]["nodes"].as_array().unwrap().len(), usize::from(seen));
        assert_eq!(data["nodes"][0]["id"] == gid, seen);
        assert_eq!(data["ordersCount"]["count"], usize::from(seen));
    }
}

#[test]
fn an_unknown_id_is_null_and_a_wrong_one_an_error() {
    let mut bench = Bench::new();
    let data = bench.data(
        "{ order(id: \"gid://shopify/Order/404\") { id } nodes(ids: [\"gid://shopify/Product/1\"]) { id } }",
    );
    assert_eq!(data, json!({ "order": null, "nodes": [null] }));
    let body = bench.ask("{ order(id: \"404\") { id } }");
    assert_eq!(body["errors"][0]["message"], "Invalid global id '404'");
}

#[test]
fn introspection_tells_the_schema() {
    let mut bench = Bench::new();
    let data = bench.data("{ __schema { queryType { name } } __type(name: \"Order\") { fields { name } } }");
    assert_eq!(data["__schema"]["queryType"]["name"], "QueryRoot");
    assert!(data["__type"]["fields"].as_array().unwrap().contains(&json!({ "name": "totalPriceSet" })));
}

#[test]
fn an_answer_is_json() {
    let mut bench = Bench::new();
    let request = HttpRequest::new("POST", GRAPHQL).body("{}");
    let response = bench.send(&request);
    assert_eq!(response.status, 401);
    assert!(parsed(&response)["errors"].is_string());
}
