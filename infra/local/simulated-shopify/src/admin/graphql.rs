//! One GraphQL request: read, validated, priced, executed. Nothing that the schema does not allow is executed.

use std::cell::RefCell;
use std::sync::OnceLock;

use apollo_compiler::request::{RequestError, coerce_variable_values};
use apollo_compiler::resolvers::Execution;
use apollo_compiler::response::{ExecutionResponse, GraphQLError, JsonMap, JsonValue};
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Schema};
use serde::Deserialize;
use serde_json::{Value, json};

use super::bucket::Bucket;
use super::cost::Costs;
use super::root::{Api, Root};
use crate::counters::Counters;
use crate::settings::ConnectionCost;

const SCHEMA: &str = include_str!("schema.graphql");
const LIMITS: &str = "https://shopify.dev/api/usage/rate-limits";
const ABOUT_COSTS: &str = "https://shopify.dev/concepts/about-apis/rate-limits";
const ABOUT_BULK: &str = "https://shopify.dev/tutorials/perform-bulk-operations-with-admin-api";

/// The body of a request.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Request {
    query: String,
    #[serde(default)]
    variables: Option<JsonValue>,
    #[serde(default, rename = "operationName")]
    operation: Option<String>,
}

/// The schema; none if it is not valid, which a test rules out.
fn schema() -> Option<&'static Valid<Schema>> {
    static READ: OnceLock<Option<Valid<Schema>>> = OnceLock::new();
    READ.get_or_init(|| Schema::parse_and_validate(SCHEMA, "schema.graphql").ok()).as_ref()
}

/// What a query of this document costs before it is run, with every page of it full. A client's tests may ask this about
/// the queries it sends.
///
/// # Errors
/// The document or a variable is not what the schema allows, or a page has no size that is allowed.
pub fn requested_cost(query: &str, variables: &Value, connections: ConnectionCost) -> Result<u32, String> {
    let schema = schema().ok_or("the simulation's schema is not valid")?;
    let document = ExecutableDocument::parse_and_validate(schema, query, "query.graphql")
        .map_err(|refused| refused.errors.to_string())?;
    let operation = document.operations.get(None).map_err(|error| error.message().to_string())?;
    let raw = serde_json::from_value(variables.clone()).map_err(|error| error.to_string())?;
    let variables =
        coerce_variable_values(schema, operation, &raw).map_err(|error| error.message().to_string())?;
    let costs = Costs { schema, document: &document, variables: &variables, connections };
    costs.requested(&operation.selection_set, operation.is_mutation())
}

/// Answers a request; the HTTP status is 200 whatever comes of it.
pub(super) fn answer(request: &Request, api: Api<'_>, bucket: &mut Bucket, counters: &mut Counters) -> Value {
    try_answer(request, api, bucket, counters).unwrap_or_else(|errors| json!({ "errors": errors }))
}

fn try_answer(
    request: &Request,
    api: Api<'_>,
    bucket: &mut Bucket,
    counters: &mut Counters,
) -> Result<Value, Value> {
    let schema = schema().ok_or_else(|| json!([{ "message": "the simulation's schema is not valid" }]))?;
    let document = ExecutableDocument::parse_and_validate(schema, &request.query, "query.graphql")
        .map_err(|refused| refused.errors.iter().map(|one| json!(one.to_json())).collect::<Value>())?;
    let refused = |error: RequestError| json!([error.to_graphql_error(&document.sources)]);
    let operation = document.operations.get(request.operation.as_deref()).map_err(refused)?;
    let no_variables = JsonMap::new();
    let raw = request.variables.as_ref().and_then(JsonValue::as_object).unwrap_or(&no_variables);
    let variables = coerce_variable_values(schema, operation, raw)
        .map_err(|error| coded(&error.message().to_string(), "INVALID_VARIABLE"))?;
    let (settings, now) = (api.settings, api.now);
    let costs =
        Costs { schema, document: &document, variables: &variables, connections: settings.connection_cost };
    let mutation = operation.is_mutation();
    let requested = costs
        .requested(&operation.selection_set, mutation)
        .map_err(|message| coded(&message, "BAD_REQUEST"))?;
    if requested > settings.max_query_cost {
        return Err(too_dear(requested, settings.max_query_cost));
    }
    if requested > bucket.available(settings, now) {
        counters.throttled += 1;
        let error =
            json!({ "message": "Throttled", "extensions": { "code": "THROTTLED", "documentation": LIMITS } });
        let cost = bucket.status(requested, None, settings, now);
        return Ok(json!({ "errors": [error], "extensions": { "cost": cost } }));
    }
    for field in operation.root_fields(&document) {
        *counters.fields.entry(field.name.to_string()).or_default() += 1;
    }
    let root = Root { kind: operation.object_type().to_string(), api: RefCell::new(api) };
    let response = Execution::new(schema, &document)
        .operation(operation)
        .coerced_variable_values(&variables)
        .enable_schema_introspection(true)
        .execute_sync(&root)
        .map_err(refused)?;
    let data = json!(response.data);
    let actual = costs.actual(&operation.selection_set, &data, mutation).min(requested);
    bucket.spend(actual, settings, now);
    counters.points += u64::from(actual);
    let cost = bucket.status(requested, Some(actual), settings, now);
    Ok(body(&data, response, &cost))
}

fn body(data: &Value, response: ExecutionResponse, cost: &Value) -> Value {
    let mut body = json!({ "data": data, "extensions": { "cost": cost } });
    if !response.errors.is_empty() {
        body["errors"] = response.errors.into_iter().map(|error| json!(with_code(error))).collect();
    }
    body
}

/// Moves the code that a resolver put before its message into the extensions.
fn with_code(mut error: GraphQLError) -> GraphQLError {
    let message = error.message.trim_start_matches("resolver error: ").to_owned();
    let Some((code, text)) = message.split_once('|') else { return error };
    error.extensions.insert("code", code.into());
    if code == "ACCESS_DENIED" {
        error.extensions.insert("documentation", "https://shopify.dev/api/usage/access-scopes".into());
    }
    text.clone_into(&mut error.message);
    error
}

fn coded(message: &str, code: &str) -> Value {
    json!([{ "message": message, "extensions": { "code": code } }])
}

fn too_dear(cost: u32, most: u32) -> Value {
    let message = format!(
        "Query cost is {cost}, which exceeds the single query max cost limit ({most}).\n\n\
         See {ABOUT_COSTS} for more information on how the\ncost of a query is calculated.\n\n\
         To query larger amounts of data with fewer limits, bulk operations should be used instead.\n\
         See {ABOUT_BULK} for usage details.\n"
    );
    json!([{ "message": message, "extensions": {
        "code": "MAX_COST_EXCEEDED", "cost": cost, "maxCost": most, "documentation": LIMITS,
    } }])
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_schema_is_valid() {
        let read = apollo_compiler::Schema::parse_and_validate(super::SCHEMA, "schema.graphql");
        assert!(
            read.is_ok(),
            "{}",
            read.err().map_or_else(String::new, |refused| refused.errors.to_string())
        );
    }
}
