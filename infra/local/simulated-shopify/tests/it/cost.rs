//! Points: what a query costs, the bucket, throttling.

use serde_json::{Value, json};
use simulated_shopify::{ConnectionCost, Settings, requested_cost};

use crate::bench::{Bench, order};

fn cost(bench: &mut Bench, query: &str) -> (Value, Value) {
    let mut body = bench.ask(query);
    let cost = &mut body["extensions"]["cost"];
    (cost["requestedQueryCost"].take(), cost["actualQueryCost"].take())
}

#[test]
fn objects_cost_one_scalars_nothing_connections_two_and_their_nodes_mutations_ten() {
    let mut bench = Bench::new();
    bench.put(order());
    let gid = "gid://shopify/Order/820982911946154508";
    for (query, requested, actual) in [
        ("{ shop { name currencyCode } }".to_owned(), 1, 1),
        (format!("{{ order(id: \"{gid}\") {{ id totalPriceSet {{ shopMoney {{ amount }} }} }} }}"), 3, 3),
        ("{ order(id: \"gid://shopify/Order/1\") { id totalPriceSet { shopMoney { amount } } } }".to_owned(), 3, 1),
        ("{ orders(first: 50) { edges { node { id } } pageInfo { hasNextPage } } }".to_owned(), 53, 4),
        ("{ orders(first: 1) { edges { node { name } } } }".to_owned(), 3, 3),
        ("{ orders(first: 50) { nodes { id customer { id } } } }".to_owned(), 102, 4),
        ("{ orders(first: 10) { nodes { id lineItems(first: 5) { nodes { sku } } } } }".to_owned(), 82, 6),
        (format!("{{ order(id: \"{gid}\") {{ refunds(first: 250) {{ id }} }} }}"), 253, 3),
        (format!("{{ order(id: \"{gid}\") {{ taxLines {{ title }} customAttributes {{ key }} }} }}"), 3, 3),
        ("{ orders(first: 10) { nodes { refunds(first: 5) { note } } pageInfo { endCursor } } }".to_owned(), 83, 6),
        (format!("{{ nodes(ids: [\"{gid}\", \"gid://shopify/Order/1\"]) {{ id }} }}"), 2, 2),
        (
            format!("{{ node(id: \"{gid}\") {{ ... on Order {{ customer {{ id }} }} ... on Company {{ id }} }} }}"),
            2,
            2,
        ),
        ("mutation { webhookSubscriptionDelete(id: \"gid://shopify/WebhookSubscription/1\") { userErrors { message } } }".to_owned(), 10, 10),
    ] {
        assert_eq!(cost(&mut bench, &query), (json!(requested), json!(actual)), "{query}");
    }
}

#[test]
fn what_staff_told_of_in_2025_fits_the_logarithmic_setting() {
    let settings = Settings { connection_cost: ConnectionCost::Logarithmic, ..Settings::default() };
    let mut bench = Bench::with(settings);
    // There: product(id:) with variants(first: 250) of two objects each, 25 points, and 1 for a product that is not.
    let query =
        "{ order(id: \"gid://shopify/Order/1\") { lineItems(first: 250) { nodes { variant { id } } } } }";
    assert_eq!(cost(&mut bench, query), (json!(25), json!(1)));
    // One more object a page is not counted there, nor the size of a plain list.
    let query = "{ order(id: \"gid://shopify/Order/1\") { refunds(first: 250) { id } \
        lineItems(first: 2) { nodes { variant { id } } pageInfo { hasNextPage } } } }";
    assert_eq!(cost(&mut bench, query), (json!(6), json!(1)));
}

#[test]
fn a_query_above_1000_points_is_refused_whatever_the_bucket_holds() {
    let mut bench = Bench::new();
    let query = "{ orders(first: 250) { nodes { id lineItems(first: 250) { nodes { id } } } } }";
    let body = bench.ask(query);
    let error = &body["errors"][0];
    assert_eq!(error["extensions"]["code"], "MAX_COST_EXCEEDED");
    assert_eq!(
        (&error["extensions"]["cost"], &error["extensions"]["maxCost"]),
        (&json!(63252), &json!(1000))
    );
    let first = "Query cost is 63252, which exceeds the single query max cost limit (1000).";
    assert_eq!(error["message"].as_str().unwrap().lines().next(), Some(first));
    assert_eq!(body["data"], Value::Null);
}

#[test]
fn the_bucket_needs_room_for_the_requested_and_pays_the_actual_cost_and_restores_with_time() {
    let settings = Settings { bucket_points: 300, restore_rate: 50, ..Settings::default() };
    let mut bench = Bench::with(settings);
    for id in 1..=250 {
        bench.put(json!({ "id": id }));
    }
    let query = "{ orders(first: 250) { nodes { id } } }";
    let body = bench.ask(query);
    let status = &body["extensions"]["cost"]["throttleStatus"];
    assert_eq!(status, &json!({ "maximumAvailable": 300.0, "currentlyAvailable": 48, "restoreRate": 50.0 }));

    let throttled = bench.ask(query);
    assert_eq!(throttled["errors"][0]["message"], "Throttled");
    assert_eq!(throttled["errors"][0]["extensions"]["code"], "THROTTLED");
    assert_eq!(throttled.get("data"), None);
    let cost = &throttled["extensions"]["cost"];
    assert_eq!((&cost["requestedQueryCost"], &cost["actualQueryCost"]), (&json!(252), &Value::Null));
    assert_eq!(cost["throttleStatus"]["currentlyAvailable"], 48);

    bench.pass(4);
    assert_eq!(bench.ask(query)["errors"][0]["extensions"]["code"], "THROTTLED", "248 points are too few");
    bench.pass(1);
    assert_eq!(bench.ask(query)["errors"], Value::Null, "298 are enough");
    let state = bench.simulator.state(bench.now);
    assert_eq!((&state["counters"]["throttled"], &state["counters"]["points"]), (&json!(2), &json!(504)));
}

#[test]
fn a_cheap_answer_to_a_dear_query_is_paid_back_and_the_bucket_never_overflows() {
    let mut bench = Bench::new();
    let body = bench.ask("{ orders(first: 250) { nodes { id } } }");
    let cost = &body["extensions"]["cost"];
    assert_eq!((&cost["requestedQueryCost"], &cost["actualQueryCost"]), (&json!(252), &json!(2)));
    assert_eq!(cost["throttleStatus"]["currentlyAvailable"], 1998);
    bench.pass(3600);
    let body = bench.ask("{ shop { name } }");
    assert_eq!(body["extensions"]["cost"]["throttleStatus"]["currentlyAvailable"], 1999);
}

#[test]
fn the_cost_of_a_query_can_be_asked_without_a_shop() {
    let query =
        "query Q($id: ID!, $first: Int!) { order(id: $id) { lineItems(first: $first) { nodes { id } } } }";
    let cost = |variables: Value| requested_cost(query, &variables, ConnectionCost::PerNode);
    assert_eq!(cost(json!({ "id": "gid://shopify/Order/1", "first": 30 })), Ok(33));
    for variables in [json!({}), json!(7), json!({ "id": "gid://shopify/Order/1", "first": 251 })] {
        assert!(cost(variables.clone()).is_err(), "{variables}");
    }
    assert!(requested_cost("{ shop { nothing } }", &json!({}), ConnectionCost::PerNode).is_err());
}
