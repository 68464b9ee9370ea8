//! What a query costs: 1 for an object, 0 for scalars and enums, 10 for a mutation; of the fragments on different types
//! the dearest counts; a connection is "sized by `first` and `last`" (Shopify documentation, rate limits, cost
//! calculation). How it is sized is not in the documentation: see [`ConnectionCost`].

use apollo_compiler::executable::{Field, Selection, SelectionSet};
use apollo_compiler::response::JsonMap;
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{ExecutableDocument, Schema};
use serde_json::Value;

use crate::settings::ConnectionCost;

/// The most items of one connection.
const MOST: i64 = 250;

/// What the cost of a document is reckoned with.
pub(super) struct Costs<'a> {
    pub(super) schema: &'a Schema,
    pub(super) document: &'a ExecutableDocument,
    pub(super) variables: &'a JsonMap,
    pub(super) connections: ConnectionCost,
}

impl Costs<'_> {
    /// The cost before execution: every connection is taken to be full.
    ///
    /// # Errors
    /// A connection has no `first`, or too large a one.
    pub(super) fn requested(&self, set: &SelectionSet, mutation: bool) -> Result<u32, String> {
        if mutation {
            return Ok(mutations(self.fields(set).len()));
        }
        self.requested_set(set)
    }

    fn requested_set(&self, set: &SelectionSet) -> Result<u32, String> {
        let mut sum = 0_u32;
        let mut dearest = 0_u32;
        for selection in &set.selections {
            match selection {
                Selection::Field(field) => sum = sum.saturating_add(self.requested_field(field)?),
                Selection::InlineFragment(fragment) => {
                    let cost = self.requested_set(&fragment.selection_set)?;
                    if fragment.type_condition.as_ref().is_none_or(|on| *on == set.ty) {
                        sum = sum.saturating_add(cost);
                    } else {
                        dearest = dearest.max(cost);
                    }
                }
                Selection::FragmentSpread(spread) => {
                    let Some(fragment) = spread.fragment_def(self.document) else { continue };
                    let cost = self.requested_set(&fragment.selection_set)?;
                    if *fragment.type_condition() == set.ty {
                        sum = sum.saturating_add(cost);
                    } else {
                        dearest = dearest.max(cost);
                    }
                }
            }
        }
        Ok(sum.saturating_add(dearest))
    }

    fn requested_field(&self, field: &Field) -> Result<u32, String> {
        if !self.is_object(field) {
            return Ok(0);
        }
        let below = self.requested_set(&field.selection_set)?;
        if is_connection(field) {
            let nodes = self.connection(self.first(field)?, below);
            return Ok(nodes.saturating_add(self.page_info(field)));
        }
        if self.is_sized_list(field) {
            return Ok(self.connection(self.first(field)?, below.saturating_add(1)));
        }
        let ids = self.ids(field)?;
        Ok(if is_free(field) { below } else { below.saturating_add(1).saturating_mul(ids) })
    }

    fn connection(&self, first: u32, node: u32) -> u32 {
        match self.connections {
            ConnectionCost::PerNode => first.saturating_mul(node).saturating_add(2),
            ConnectionCost::Logarithmic => doubled_logarithm(first).saturating_mul(node).saturating_add(2),
        }
    }

    /// A plain list that takes `first`, such as `Order.refunds`. Under the strict reading it is sized as a connection is.
    fn is_sized_list(&self, field: &Field) -> bool {
        self.connections == ConnectionCost::PerNode
            && field.ty().is_list()
            && self.argument(field, "first").is_some()
    }

    /// `pageInfo` is an object, once a page; under the favourable reading it is free.
    fn page_info(&self, field: &Field) -> u32 {
        let is_asked = self.fields(&field.selection_set).iter().any(|field| field.name == "pageInfo");
        u32::from(is_asked && self.connections == ConnectionCost::PerNode)
    }

    /// The cost after execution: what was really returned.
    pub(super) fn actual(&self, set: &SelectionSet, data: &Value, mutation: bool) -> u32 {
        if mutation {
            return mutations(self.fields(set).len());
        }
        self.fields(set).into_iter().map(|field| self.actual_field(field, data)).fold(0, u32::saturating_add)
    }

    fn actual_field(&self, field: &Field, data: &Value) -> u32 {
        let Some(value) = data.get(field.response_key().as_str()) else { return 0 };
        if !self.is_object(field) {
            return 0;
        }
        if is_connection(field) {
            let below = ["edges", "nodes"].map(|key| value[key].as_array().map_or(0, Vec::len));
            let most = u32::try_from(below.into_iter().max().unwrap_or(0)).unwrap_or(u32::MAX);
            let whole = self.actual(&field.selection_set, value, false);
            return match self.connections {
                ConnectionCost::PerNode => whole.saturating_add(2).saturating_add(self.page_info(field)),
                ConnectionCost::Logarithmic => {
                    let node = whole.checked_div(most).unwrap_or(0);
                    doubled_logarithm(most).saturating_mul(node).saturating_add(2)
                }
            };
        }
        let own = u32::from(!is_free(field));
        let one = |value: &Value| own.saturating_add(self.actual(&field.selection_set, value, false));
        match value {
            Value::Array(items) if self.is_sized_list(field) => {
                items.iter().map(one).fold(2, u32::saturating_add)
            }
            // Each node of a connection and each of `nodes(ids:)` counts; of a plain list, one.
            Value::Array(items) if is_node(field) || field.name == "nodes" => {
                items.iter().map(one).fold(0, u32::saturating_add)
            }
            Value::Array(items) if field.name == "edges" => {
                items.iter().map(one).fold(0, u32::saturating_add)
            }
            Value::Array(items) => items.first().map_or(own, one),
            value => one(value),
        }
    }

    fn is_object(&self, field: &Field) -> bool {
        let kind = field.inner_type_def(self.schema);
        matches!(kind, Some(ExtendedType::Object(_) | ExtendedType::Interface(_) | ExtendedType::Union(_)))
            && !field.name.starts_with("__")
    }

    /// All fields of a set, those of fragments too.
    fn fields<'a>(&'a self, set: &'a SelectionSet) -> Vec<&'a Field> {
        let below = |selection: &'a Selection| match selection {
            Selection::Field(field) => vec![field.as_ref()],
            Selection::InlineFragment(fragment) => self.fields(&fragment.selection_set),
            Selection::FragmentSpread(spread) => spread
                .fragment_def(self.document)
                .map_or_else(Vec::new, |one| self.fields(&one.selection_set)),
        };
        set.selections.iter().flat_map(below).collect()
    }

    fn first(&self, field: &Field) -> Result<u32, String> {
        let first = self.argument(field, "first").and_then(|value| value.as_i64());
        match first {
            None => Err(format!("you must provide one of first or last for {}", field.name)),
            Some(first) if first > MOST => {
                Err(format!("first cannot exceed {MOST}: {}(first: {first})", field.name))
            }
            Some(first) => {
                u32::try_from(first).map_err(|_| format!("first of {} must not be negative", field.name))
            }
        }
    }

    /// `nodes(ids:)` costs each of them; all else is one.
    fn ids(&self, field: &Field) -> Result<u32, String> {
        let Some(Value::Array(ids)) = self.argument(field, "ids") else { return Ok(1) };
        let count = i64::try_from(ids.len()).unwrap_or(i64::MAX);
        if count > MOST {
            return Err(format!(
                "The input array size of {count} is greater than the maximum allowed of {MOST}."
            ));
        }
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }

    /// An argument with its variable, if any, in place.
    fn argument(&self, field: &Field, name: &str) -> Option<Value> {
        let value = field.specified_argument_by_name(name)?;
        if let Some(variable) = value.as_variable() {
            return serde_json::to_value(self.variables.get(variable.as_str())?).ok();
        }
        if let Some(items) = value.as_list() {
            // Only their number matters.
            return Some(Value::Array(vec![Value::Null; items.len()]));
        }
        value.to_i32().map(Value::from)
    }
}

fn mutations(fields: usize) -> u32 {
    u32::try_from(fields).unwrap_or(u32::MAX).saturating_mul(10)
}

fn is_connection(field: &Field) -> bool {
    field.ty().inner_named_type().ends_with("Connection")
}

fn is_node(field: &Field) -> bool {
    field.name == "nodes"
}

/// `edges` cost nothing themselves: the documentation's own example, one product through `edges`, costs 3. `pageInfo`
/// is counted once a page and not with the nodes.
fn is_free(field: &Field) -> bool {
    let kind = field.ty().inner_named_type();
    kind.ends_with("Edge") || kind == "PageInfo"
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "at most 2 ln 250, never negative"
)]
fn doubled_logarithm(first: u32) -> u32 {
    (2.0 * f64::from(first.max(1)).ln()).floor().max(1.0) as u32
}
