//! Fields of values that are already in the shape of GraphQL: what is denied becomes an error, what is a list where a
//! connection is declared becomes a page.

use std::borrow::Cow;

use apollo_compiler::ast::Type;
use apollo_compiler::resolvers::{FieldError, ObjectValue, ResolveInfo, ResolvedValue};
use apollo_compiler::response::{JsonMap, JsonValue};
use serde_json::Value;

use super::paging::Paging;
use super::shapes::DENIED;

/// An object of GraphQL with all its fields.
pub(super) struct Item<'a> {
    kind: String,
    value: Cow<'a, Value>,
}

impl ObjectValue for Item<'_> {
    fn type_name(&self) -> &str {
        &self.kind
    }

    fn resolve_field<'b>(&'b self, info: &'b ResolveInfo<'b>) -> Result<ResolvedValue<'b>, FieldError> {
        let ty = &info.field_definition().ty;
        if info.field_name() == "nodes" && self.kind.ends_with("Connection") {
            let edges = self.value["edges"].as_array().into_iter().flatten();
            let nodes =
                edges.map(|edge| resolved(Cow::Borrowed(&edge["node"]), ty.item_type(), info.arguments()));
            return Ok(ResolvedValue::List(Box::new(nodes)));
        }
        let value = self.value.get(info.field_name()).unwrap_or(&Value::Null);
        resolved(Cow::Borrowed(value), ty, info.arguments())
    }
}

/// A value as what its field is declared to be.
pub(super) fn resolved<'a>(
    value: Cow<'a, Value>,
    ty: &Type,
    arguments: &JsonMap,
) -> Result<ResolvedValue<'a>, FieldError> {
    let kind = ty.inner_named_type();
    let first = arguments.get("first").and_then(JsonValue::as_i64);
    if let Some(message) = value.get(DENIED).and_then(Value::as_str) {
        return Err(access_denied(message));
    }
    match value {
        Cow::Borrowed(Value::Array(items)) if !kind.ends_with("Connection") => {
            let ty = ty.item_type().clone();
            let most = first.and_then(|first| usize::try_from(first).ok()).unwrap_or(usize::MAX);
            let each = move |item| resolved(Cow::Borrowed(item), &ty, &JsonMap::new());
            Ok(ResolvedValue::List(Box::new(items.iter().take(most).map(each))))
        }
        Cow::Owned(Value::Array(items)) if !kind.ends_with("Connection") => {
            let ty = ty.item_type().clone();
            let each = move |item| resolved(Cow::Owned(item), &ty, &JsonMap::new());
            Ok(ResolvedValue::List(Box::new(items.into_iter().map(each))))
        }
        value if value.is_array() => {
            let page = page(value.as_array().map_or(&[], Vec::as_slice), arguments)?;
            Ok(object(kind, Cow::Owned(page)))
        }
        value if value.is_object() => Ok(object(kind, value)),
        value => Ok(ResolvedValue::Leaf(JsonValue::from(value.into_owned()))),
    }
}

fn object<'a>(declared: &str, value: Cow<'a, Value>) -> ResolvedValue<'a> {
    let kind = value.get("__typename").and_then(Value::as_str).unwrap_or(declared).to_owned();
    ResolvedValue::object(Item { kind, value })
}

/// A page of a list; its items keep their order.
fn page(items: &[Value], arguments: &JsonMap) -> Result<Value, FieldError> {
    let argument = |name: &str| arguments.get(name);
    let removed = argument("includeRemovals").and_then(JsonValue::as_bool);
    let kept = items.iter().filter(|item| removed != Some(false) || item["isRemoved"] != true);
    let placed = kept.zip(0..).map(|(item, at)| ((String::new(), at), item)).collect();
    let paging = paging(arguments)?;
    Ok(paging.page(placed, |item| (*item).clone()))
}

/// The paging arguments of a field.
pub(super) fn paging(arguments: &JsonMap) -> Result<Paging, FieldError> {
    let argument = |name: &str| arguments.get(name);
    Paging::read(
        argument("first").and_then(JsonValue::as_i64),
        argument("after").and_then(JsonValue::as_str),
        argument("reverse").and_then(JsonValue::as_bool).unwrap_or(false),
    )
    .map_err(|message| bad_request(&message))
}

/// An error with a code; the code goes into the error's extensions.
pub(super) fn coded(code: &str, message: &str) -> FieldError {
    FieldError { message: format!("{code}|{message}") }
}

/// The app may not see this.
pub(super) fn access_denied(message: &str) -> FieldError {
    coded("ACCESS_DENIED", message)
}

/// An argument makes no sense.
pub(super) fn bad_request(message: &str) -> FieldError {
    coded("BAD_REQUEST", message)
}
