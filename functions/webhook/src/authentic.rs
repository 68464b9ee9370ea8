//! What a delivery says of itself, once it is known to be its source's.

use jiff::Timestamp;
use lambda_http::Request;

/// An authentic delivery that is needed.
pub(crate) struct Authentic {
    pub(crate) topic: String,
    /// The source's id of the delivery; the correlation id of all that follows.
    pub(crate) delivery_id: String,
    pub(crate) event_id: Option<String>,
    pub(crate) api_version: Option<String>,
    /// When the source began to tell of it, if it says so.
    pub(crate) triggered_at: Option<Timestamp>,
}

/// The values of a header, each a text or, if it is none, nothing.
pub(crate) fn values<'a>(request: &'a Request, name: &str) -> Vec<Option<&'a str>> {
    request.headers().get_all(name).iter().map(|value| value.to_str().ok()).collect()
}
