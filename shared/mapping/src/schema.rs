//! The JSON Schema of the mapping file, made from its types: editors complete and check by it.

use serde_json::Value;

use crate::Mapping;

/// The JSON Schema of the mapping file. It says which keys there are and what they hold; what depends on several keys,
/// such as percentages, only [`Mapping::parse`] finds.
pub fn schema() -> Value {
    let mut schema = schemars::schema_for!(Mapping);
    schema.insert("title".to_owned(), "Mapping file of ml-connector".into());
    schema.to_value()
}
