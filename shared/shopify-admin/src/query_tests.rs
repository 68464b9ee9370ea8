use std::path::PathBuf;

use apollo_compiler::{ExecutableDocument, Schema, validation::Valid};

use super::*;

const ALL: [Query; 10] = [
    SHOP,
    ORDER,
    ORDERS,
    ORDER_LINES,
    REFUND_LINES,
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
        assert!((1..=1_000).contains(&query.cost), "Shopify allows 1000 points for one query");
    }
}
