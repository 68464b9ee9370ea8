use std::path::PathBuf;

use apollo_compiler::{ExecutableDocument, Schema, validation::Valid};
use serde_json::{Value, json};
use simulated_shopify::{ConnectionCost, requested_cost};

use super::*;

const ALL: [Query; 18] = [
    SHOP,
    ORDER,
    ORDERS,
    ORDER_LINES,
    ORDER_SHIPPING,
    ORDER_DISCOUNTS,
    ORDER_SCHEDULES,
    ORDER_REFUNDS,
    REFUNDS,
    REFUND_LINES,
    REFUND_SHIPPING,
    REFUND_ADJUSTMENTS,
    REFUND_TRANSACTIONS,
    ORDERS_UPDATED,
    SUBSCRIPTIONS,
    SUBSCRIBE,
    UPDATE_SUBSCRIPTION,
    UNSUBSCRIBE,
];

/// A published schema of the Admin API, if there is one beside the project: `facts/shopify-admin-schema.graphql`,
/// or where `ML_SHOPIFY_SCHEMA` says.
fn schema_file() -> Option<PathBuf> {
    let named = std::env::var_os("ML_SHOPIFY_SCHEMA").map(PathBuf::from);
    let beside = testkit::facts().map(|facts| facts.join("shopify-admin-schema.graphql"));
    let file = named.or(beside).filter(|file| file.is_file());
    if file.is_none() {
        eprintln!("note: no schema of the Admin API: set ML_SHOPIFY_SCHEMA to check the queries against one");
    }
    file
}

fn schema() -> Option<Valid<Schema>> {
    let file = schema_file()?;
    let text = std::fs::read_to_string(&file).unwrap();
    Some(Schema::parse(text, file).unwrap().validate().unwrap())
}

#[test]
fn every_query_is_what_the_published_schema_allows() {
    let Some(schema) = schema() else { return };
    for query in ALL {
        let document = ExecutableDocument::parse_and_validate(&schema, query.text, query.name);
        assert!(document.is_ok(), "{}: {}", query.name, document.unwrap_err().errors);
    }
}

#[test]
fn a_field_that_shopify_does_not_have_would_be_noticed() {
    let Some(schema) = schema() else { return };
    let wrong = SHOP.text.replace("currencyCode", "currency");
    assert!(ExecutableDocument::parse_and_validate(&schema, wrong, "wrong").is_err());
}

#[test]
fn every_query_is_one_operation_of_its_own_name_and_kind() {
    for query in ALL {
        let document = apollo_compiler::ast::Document::parse(query.text, query.name).unwrap();
        let operations: Vec<_> =
            document.definitions.iter().filter_map(|d| d.as_operation_definition()).collect();
        assert_eq!(operations.len(), 1, "{}", query.name);
        let kind = if operations[0].operation_type.name() == "mutation" { Kind::Write } else { Kind::Read };
        let name = operations[0].name.as_ref().map(apollo_compiler::Name::as_str);
        assert_eq!((name, kind), (Some(query.name), query.kind));
    }
}

/// The largest that each query is sent with.
fn variables(query: &Query) -> Value {
    let gid = "gid://shopify/Order/1";
    let all = json!({
        "id": gid, "ids": vec![gid; query.size], "after": "cursor", "query": "", "topic": "ORDERS_CREATE",
        "first": if query.name == ORDERS.name { LINES_OF_MANY } else { query.size },
        "webhookSubscription": { "uri": "https://example.com" },
    });
    let is_asked = |(name, _): &(&String, &Value)| query.text.contains(&format!("${name}:"));
    let asked = all.as_object().unwrap().iter().filter(is_asked);
    Value::Object(asked.map(|(name, value)| (name.clone(), value.clone())).collect())
}

#[test]
fn no_query_can_cost_1000_points_by_any_reading() {
    for query in ALL {
        let cost = |reading| u64::from(requested_cost(query.text, &variables(&query), reading).unwrap());
        let strict = cost(ConnectionCost::PerNode);
        assert!(strict < 1_000, "{}: {strict}", query.name);
        assert_eq!(strict, query.cost, "{}", query.name);
        assert!(cost(ConnectionCost::Logarithmic) <= strict, "{}", query.name);
    }
}

/// Otherwise the test above would find every query cheap.
#[test]
fn a_list_of_lists_would_be_found_too_costly() {
    let nested = "{ order(id: \"gid://shopify/Order/1\") { refunds(first: 250) { \
        refundLineItems(first: 50) { nodes { lineItem { id } } } } } }";
    let cost = requested_cost(nested, &json!({}), ConnectionCost::PerNode).unwrap();
    assert!(cost > 25_000, "{cost}");
}

#[test]
fn the_sizes_that_stand_in_texts_are_the_ones_that_are_reckoned_with() {
    assert!(ORDER.text.contains(&format!("refunds(first: {REFUNDS_OF_ORDER})")));
}
