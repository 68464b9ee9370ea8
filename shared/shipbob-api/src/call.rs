//! One thing that is asked of ShipBob.

use domain::Private;
use remote::Method;
use serde::Serialize;

use crate::{ApiError, query::Query};

/// Whether a call may be sent again although an earlier one may have been processed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It reads, or what it sets is the same however often it is set.
    Harmless,
    /// Each time may make something new.
    Once,
}

/// What is asked.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// What it is about, in words for errors: "orders".
    pub(crate) what: &'static str,
    pub(crate) kind: Kind,
    pub(crate) method: Method,
    /// The version of the API.
    pub(crate) version: &'static str,
    /// The path below the version, with its slash.
    pub(crate) path: String,
    pub(crate) query: Query,
    /// JSON; empty for none.
    pub(crate) body: Private<Vec<u8>>,
    /// What a person does about a 403.
    pub(crate) needs: &'static str,
}

/// What a person does about a 403 where only a scope can be missing.
const NEEDS_SCOPE: &str = "the token lacks the scope for it: take the root user's personal access token, or grant the scope \
                           to the app and let the merchant authorise it again";

impl Call {
    /// A read.
    pub(crate) fn get(what: &'static str, path: impl Into<String>) -> Self {
        Self {
            what,
            kind: Kind::Harmless,
            method: Method::Get,
            version: crate::VERSION,
            path: path.into(),
            query: Query::default(),
            body: Private::default(),
            needs: NEEDS_SCOPE,
        }
    }

    /// A POST with JSON.
    pub(crate) fn post(
        what: &'static str,
        path: &'static str,
        kind: Kind,
        body: &impl Serialize,
    ) -> Result<Self, ApiError> {
        let unwritable = |_| ApiError::Refused { what, says: "the request cannot be written".into() };
        let body = Private::new(serde_json::to_vec(body).map_err(unwritable)?);
        Ok(Self { kind, method: Method::Post, body, ..Self::get(what, path) })
    }

    pub(crate) fn query(self, query: Query) -> Self {
        Self { query, ..self }
    }
}
