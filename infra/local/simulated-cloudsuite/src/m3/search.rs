//! The search transactions (`SQRY`): terms `FIELD:value` joined by AND, over an index that lags behind.
//! The fields of an index are taken to be the transaction's output fields; UNCONFIRMED.

use jiff::{SignedDuration, Timestamp};

use super::catalogue;
use super::state::M3;
use super::{Call, Nok, Outcome};
use crate::master::{Record, field};

/// The rows that the index knows by now and that match the query.
pub(super) fn run(m3: &M3, call: &Call<'_>, rows: impl Iterator<Item = (Timestamp, Record)>) -> Outcome {
    let terms = terms(call)?;
    let lag = SignedDuration::from_secs(i64::from(m3.settings.search_lag_seconds));
    let known = rows.filter(|(changed, _)| *changed + lag <= call.now);
    let matches = |row: &Record| terms.iter().all(|(name, value)| field(row, name) == value);
    Ok(known.map(|(_, row)| row).filter(matches).collect())
}

fn terms(call: &Call<'_>) -> Result<Vec<(String, String)>, Nok> {
    let query = call.input.get("SQRY");
    let shape = catalogue::shape(call.program, call.transaction);
    let is_indexed = |name: &str| {
        shape.is_some_and(|shape| shape.outputs.iter().any(|output| output.name == name))
            && !["PGNM", "FILE", "KSTR"].contains(&name)
    };
    let term = |text: &str| {
        let (name, value) = text.trim().split_once(':').unwrap_or_default();
        let value = value.trim().trim_matches('"');
        if !is_indexed(name) {
            return Err(Nok::generic("SQRY", format!("{text} is no FIELD:value of the index")));
        }
        if value.is_empty() || value.contains(['*', '?', '[', ' ', '(']) {
            return Err(Nok::generic("SQRY", format!("the value of {text} is not simulated here")));
        }
        Ok((name.to_owned(), value.to_owned()))
    };
    query.split(" AND ").map(term).collect()
}
