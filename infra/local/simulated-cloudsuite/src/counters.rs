//! What has been counted: tests and people compare it with what they meant to send.

use std::collections::BTreeMap;

use serde::Serialize;

/// Counts since the start.
#[derive(Debug, Default, Clone, Serialize)]
pub(crate) struct Counters {
    /// Requests to the token endpoint, refused ones included.
    pub(crate) token_requests: u64,
    /// Requests to the gateway, refused ones included.
    pub(crate) gateway_requests: u64,
    /// Gateway requests by program; only those that reached M3.
    pub(crate) requests_by_program: BTreeMap<String, u64>,
    /// Transactions by `PROGRAM/Transaction`.
    pub(crate) transactions: BTreeMap<String, u64>,
    /// Gateway answers by status; a dropped connection counts as 0.
    pub(crate) answers_by_status: BTreeMap<u16, u64>,
    /// The most gateway requests that were open at once.
    pub(crate) max_simultaneous: u64,
}
