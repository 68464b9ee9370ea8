//! Requests and answers as plain values: what the core takes and gives. It knows nothing of sockets.

use serde::Serialize;

/// One request as it arrived.
#[derive(Debug, Clone, Default)]
pub struct HttpRequest {
    /// `GET`, `POST` …, in capitals.
    pub method: String,
    /// The path with its query, if any.
    pub path: String,
    /// Header names and values; names compare without regard to case.
    pub headers: Vec<(String, String)>,
    /// The body's bytes.
    pub body: Vec<u8>,
}

impl HttpRequest {
    /// A request without headers or body.
    pub fn new(method: &str, path: &str) -> Self {
        Self { method: method.to_owned(), path: path.to_owned(), ..Self::default() }
    }

    /// The same request with one more header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same request with this body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// The first header of this name.
    pub(crate) fn header_value(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The path without its query, and the query ("" if there is none).
    pub(crate) fn path_and_query(&self) -> (&str, &str) {
        self.path.split_once('?').unwrap_or((&self.path, ""))
    }
}

/// What is sent back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpResponse {
    /// The HTTP status; 0 for no answer at all.
    pub status: u16,
    /// Header names and values, the content type among them.
    pub headers: Vec<(String, String)>,
    /// The body's bytes.
    pub body: Vec<u8>,
    /// Milliseconds of real time that pass before it is sent.
    pub after_milliseconds: u32,
}

impl HttpResponse {
    /// No answer: the connection ends.
    pub(crate) fn none() -> Self {
        Self::empty(0)
    }

    /// Whether the connection ends without an answer.
    pub fn is_none(&self) -> bool {
        self.status == 0
    }

    /// A page for people, as gateways answer.
    pub(crate) fn html(status: u16, body: &str) -> Self {
        Self::of(status, "text/html", body.as_bytes().to_vec())
    }

    /// The same answer of another content type.
    #[must_use]
    pub(crate) fn with_type(mut self, content_type: &str) -> Self {
        self.headers.retain(|(name, _)| name != "content-type");
        self.with_header("content-type", content_type)
    }

    /// A JSON answer.
    pub(crate) fn json(status: u16, body: &impl Serialize) -> Self {
        // Everything the simulation serializes is plain data, so a failure can only be its own mistake;
        // it then shows as an empty body rather than a panic in somebody's test.
        let body = serde_json::to_vec(body).unwrap_or_default();
        Self::of(status, "application/json; charset=utf-8", body)
    }

    /// A status without a body: ShipBob's 401, 403 and 404 (`OpenAPI`, responses without content).
    pub(crate) fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new(), after_milliseconds: 0 }
    }

    fn of(status: u16, content_type: &str, body: Vec<u8>) -> Self {
        let headers = vec![("content-type".to_owned(), content_type.to_owned())];
        Self { status, headers, body, after_milliseconds: 0 }
    }

    /// The first header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The same answer with one more header.
    #[must_use]
    pub(crate) fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}
