//! M3's bulk endpoint on the wire (`POST …/M3/m3api-rest/v2/execute`).
//!
//! The server streams the body, so `transactions` must be its last key: field order here is the order sent.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Input fields of one transaction by their names. All values are strings.
pub(super) type Fields = BTreeMap<&'static str, String>;

/// A bulk request: transactions of one program in one company.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct BulkRequest<'a> {
    pub(super) program: &'static str,
    pub(super) cono: u16,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(super) divi: &'a str,
    pub(super) exclude_empty_values: bool,
    pub(super) right_trim: bool,
    pub(super) max_returned_records: u32,
    pub(super) transactions: &'a [Transaction],
}

/// One transaction of a bulk request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Transaction {
    #[serde(rename = "transaction")]
    pub(super) name: &'static str,
    pub(super) record: Fields,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub(super) selected_columns: &'static [&'static str],
}

impl Transaction {
    /// A transaction with its input fields (empty ones are left out) and the output columns wanted.
    pub(super) fn new(
        name: &'static str,
        fields: impl IntoIterator<Item = (&'static str, String)>,
        selected_columns: &'static [&'static str],
    ) -> Self {
        let record = fields.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        Self { name, record, selected_columns }
    }
}

/// A bulk response. Counters are not read: each result speaks for itself.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct BulkResponse {
    #[serde(default)]
    pub(super) results: Vec<BulkResult>,
    #[serde(default)]
    pub(super) was_terminated: bool,
    #[serde(default, deserialize_with = "text_or_null")]
    pub(super) termination_error_type: String,
}

/// One result of a bulk response.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct BulkResult {
    #[serde(deserialize_with = "text_or_null")]
    pub(super) transaction: String,
    #[serde(deserialize_with = "text_or_null")]
    pub(super) error_message: String,
    #[serde(deserialize_with = "text_or_null")]
    pub(super) error_code: String,
    #[serde(deserialize_with = "text_or_null")]
    pub(super) error_field: String,
    #[serde(deserialize_with = "text_or_null")]
    pub(super) error_type: String,
    pub(super) not_processed: bool,
    pub(super) records: Option<Vec<Row>>,
}

/// One output record.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(transparent)]
pub(super) struct Row(BTreeMap<String, String>);

impl Row {
    /// A field without the blanks around it; empty if it is not there.
    pub(super) fn get(&self, field: &str) -> &str {
        self.0.get(field).map_or("", |value| value.trim())
    }

    /// A field that must be there: nothing if it is missing or blank.
    pub(super) fn required(&self, field: &str) -> Option<&str> {
        Some(self.get(field)).filter(|value| !value.is_empty())
    }
}

#[cfg(test)]
impl Row {
    pub(super) fn of(fields: &[(&str, &str)]) -> Self {
        Self(fields.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect())
    }
}

fn text_or_null<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.unwrap_or_default())
}
