//! A record and its trail as JSON, for scripts.

use domain::{Entry, Record, State};
use serde_json::{Value, json};

use crate::render::findings;

/// One JSON object. Its keys are stable; scripts may rely on them.
///
/// | key | what it holds |
/// | --- | --- |
/// | `key` | the record's key, `tenant/source/kind/id` |
/// | `name` | the name that people use, such as `#1001`; empty where there is none |
/// | `state` | `received`, `posting`, `waiting`, `posted`, `confirmed`, `skipped`, `rejected`, `in_doubt` or `failed` |
/// | `settled` | whether nothing more happens without a new delivery or a person |
/// | `reason` | why it was skipped or has to wait; `null` in other states |
/// | `received_at` | when the first delivery about it was accepted |
/// | `delivery` | the id of the delivery that was last taken in |
/// | `references` | `number` and `temporary`: CloudSuite's numbers, each `null` while unknown |
/// | `findings` | what is wrong: `code`, `field` (left out where there is none), `message` and `help` each |
/// | `trail` | what happened, oldest first: `at`, `event` and `detail` (left out where there is none) each |
///
/// Times are RFC 3339 in UTC.
pub fn record_json(record: &Record, trail: &[Entry]) -> Value {
    let reason = match &record.state {
        State::Skipped { reason } => Some(reason),
        State::Waiting { why, .. } => Some(why),
        _ => None,
    };
    json!({
        "key": record.key,
        "name": record.name,
        "state": record.state.word(),
        "settled": record.state.is_settled(),
        "reason": reason,
        "received_at": record.received_at,
        "delivery": record.correlation,
        "references": {
            "number": record.references.number,
            "temporary": record.references.temporary,
        },
        "findings": findings(&record.state),
        "trail": trail,
    })
}
