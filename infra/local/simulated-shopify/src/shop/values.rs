//! Small things about payloads: ids, times in the shop's offset, merge patches.

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use serde_json::{Value, json};

/// The numeric id of an object.
pub(crate) fn id_of(value: &Value) -> Option<u64> {
    value["id"].as_u64()
}

/// A time in the shop's offset, to the second, as payloads carry it.
pub(crate) fn local_time(time: Timestamp, utc_offset_minutes: i32) -> String {
    let offset = Offset::from_seconds(utc_offset_minutes.saturating_mul(60)).unwrap_or(Offset::UTC);
    time.to_zoned(TimeZone::fixed(offset)).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// A time of a payload as an instant.
pub(crate) fn time_of(value: &Value) -> Option<Timestamp> {
    value.as_str()?.parse().ok()
}

/// Sets a key that is missing or null.
pub(super) fn set_missing(value: &mut Value, key: &str, text: &str) {
    if value[key].is_null() {
        value[key] = json!(text);
    }
}

/// Applies a merge patch (RFC 7396): objects are merged, null removes, all else replaces.
pub(crate) fn merge(target: &mut Value, patch: Value) {
    let Value::Object(changes) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = json!({});
    }
    let Some(object) = target.as_object_mut() else { return };
    for (key, change) in changes {
        if change.is_null() {
            object.remove(&key);
        } else {
            merge(object.entry(key).or_insert(Value::Null), change);
        }
    }
}
