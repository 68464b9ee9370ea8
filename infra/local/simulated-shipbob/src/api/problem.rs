//! The shapes that refusals have: by field, as a problem (RFC 7807), or with a status code and a message.

use serde_json::json;

use crate::http::HttpResponse;

/// `{"Field": ["message"]}`.
pub(super) fn field(status: u16, name: &str, message: &str) -> HttpResponse {
    HttpResponse::json(status, &json!({ name: [message] }))
}

/// RFC 7807.
pub(super) fn details(status: u16, title: &str) -> HttpResponse {
    HttpResponse::json(status, &json!({ "type": "about:blank", "title": title, "status": status }))
}

/// Too many requests: the names of the headers are ShipBob's own.
pub(super) fn too_many(retry_after: u64) -> HttpResponse {
    let message = format!("Rate limit is exceeded. Try again in {retry_after} seconds.");
    HttpResponse::json(429, &json!({ "statusCode": 429, "message": message }))
        .with_header("x-retry-after", &retry_after.to_string())
        .with_header("x-remaining-calls", "0")
}
