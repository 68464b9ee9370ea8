//! What has been counted: tests and people compare it with what they meant to send.

use std::collections::BTreeMap;

use serde::Serialize;

/// Counts since the start.
#[derive(Debug, Default, Clone, Serialize)]
pub(crate) struct Counters {
    /// Requests to the token endpoint, refused ones included.
    pub(crate) token_requests: u64,
    /// Requests to the Admin API, refused ones included.
    pub(crate) admin_requests: u64,
    /// Root fields that were executed.
    pub(crate) fields: BTreeMap<String, u64>,
    /// Queries that were throttled.
    pub(crate) throttled: u64,
    /// Points that were spent.
    pub(crate) points: u64,
    /// Admin API answers by status; a dropped connection counts as 0.
    pub(crate) answers_by_status: BTreeMap<u16, u64>,
}
