//! Why ShipBob said no, in its own words, out of the shapes that it says it in:
//!
//! - `{"Field": ["message"]}`, where the field may be the empty text;
//! - RFC 7807, `{"title", "detail", "errors": {"Field": ["message"]}}`;
//! - `{"statusCode", "message"}`;
//! - `{"message", "errors": ["message"], "details", "stack_trace"}`;
//! - a bare text, in quotation marks or not, and nothing at all.
//!
//! What could be anybody's data or secret is masked, stack traces are left out, and length is bounded.

use serde_json::{Map, Value};

/// How much of ShipBob's words is repeated, in characters.
const LONGEST: usize = 300;
/// How long a word may be: longer ones are tokens.
const LONGEST_WORD: usize = 40;
/// What ShipBob says for people, in the order in which it is told.
const SAID: [&str; 4] = ["title", "message", "detail", "errors"];
/// What it says beside that, and only for its own programmers or in other words.
const UNSAID: [&str; 11] = [
    "type",
    "status",
    "statusCode",
    "status_code",
    "instance",
    "details",
    "stack_trace",
    "stackTrace",
    "traceId",
    "trace_id",
    "$type",
];

/// The status and ShipBob's words.
pub(crate) fn read(status: u16, body: &[u8]) -> String {
    let said = match serde_json::from_slice(body) {
        Ok(value) => texts(&value),
        Err(_) => bare(body),
    };
    let said = bounded(&said.join("; "));
    if said.is_empty() { format!("HTTP {status} without a word") } else { format!("HTTP {status}: {said}") }
}

/// Whether the words say that what was to be made is there already.
pub(crate) fn is_duplicate(body: &[u8]) -> bool {
    let words = read(0, body).to_ascii_lowercase();
    ["existing referenceid", "already exists", "duplicate"].iter().any(|sign| words.contains(sign))
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(values) => values.iter().flat_map(texts).collect(),
        Value::Object(fields) => said(fields).chain(named(fields)).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => Vec::new(),
    }
}

fn said(fields: &Map<String, Value>) -> impl Iterator<Item = String> + '_ {
    SAID.iter().filter_map(|name| fields.get(*name)).flat_map(texts)
}

/// Messages by the field that they are about.
fn named(fields: &Map<String, Value>) -> impl Iterator<Item = String> + '_ {
    let is_other = |name: &str| !SAID.contains(&name) && !UNSAID.contains(&name);
    let others = fields.iter().filter(move |(name, _)| is_other(name));
    others.flat_map(|(name, value)| {
        let with_name = move |text: String| if name.is_empty() { text } else { format!("{name}: {text}") };
        texts(value).into_iter().map(with_name)
    })
}

/// A text that is no JSON; a page for people is none.
fn bare(body: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(body);
    let text = text.trim();
    if text.is_empty() || text.starts_with('<') { Vec::new() } else { vec![text.to_owned()] }
}

/// Words without line breaks, without what looks like an address, a secret or a number of somebody's, and not too many.
fn bounded(text: &str) -> String {
    let words = text.split(|letter: char| letter.is_whitespace() || letter.is_control());
    let words: Vec<_> = words.filter(|word| !word.is_empty()).map(masked).collect();
    words.join(" ").chars().take(LONGEST).collect()
}

fn masked(word: &str) -> &str {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let is_secret = word.contains('@')
        || word.contains("://")
        || word.contains("whsec_")
        || word.chars().count() > LONGEST_WORD
        || digits >= 7;
    if is_secret { "***" } else { word }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_shape_is_read() {
        let cases = [
            (
                r#"{"":["Cannot insert order with existing ReferenceId"]}"#,
                "Cannot insert order with existing ReferenceId",
            ),
            (
                r#"{"StartDate":["is no date","is required"]}"#,
                "StartDate: is no date; StartDate: is required",
            ),
            (
                r#"{"type":"about:blank","title":"Bad Request","status":400,"detail":"PageSize is too large","instance":"/x"}"#,
                "Bad Request; PageSize is too large",
            ),
            (
                r#"{"title":"One or more validation errors occurred.","errors":{"Cursor":["is wrong"]},"traceId":"00-1"}"#,
                "One or more validation errors occurred.; Cursor: is wrong",
            ),
            (r#"{"statusCode":429,"message":"Rate limit is exceeded."}"#, "Rate limit is exceeded."),
            (
                r#"{"message":"Invalid return","errors":["first","second"],"details":"at X.Y()","stack_trace":"at Z"}"#,
                "Invalid return; first; second",
            ),
            (r#""Invalid status""#, "Invalid status"),
            ("Invalid status", "Invalid status"),
            ("", "without a word"),
            ("null", "without a word"),
            ("<html><body>502</body></html>", "without a word"),
        ];
        for (body, expected) in cases {
            let read = read(400, body.as_bytes());
            assert!(
                read == format!("HTTP 400: {expected}") || read == format!("HTTP 400 {expected}"),
                "{read}"
            );
        }
    }

    #[test]
    fn nobodys_data_and_no_secret_is_repeated() {
        let body = r#"{"Url":["https://hooks.example.com/webhooks/shipbob/demo?token=hush is taken by jon@example.com, phone 5551234567, whsec_abcdefghijklmnopqrstuvwxyz012345"]}"#;
        assert_eq!(read(422, body.as_bytes()), "HTTP 422: Url: *** is taken by *** phone *** ***");
        let long = format!("\"{}\"", "word ".repeat(500));
        assert!(read(400, long.as_bytes()).len() < 330);
    }

    #[test]
    fn a_duplicate_is_known_by_its_words() {
        assert!(is_duplicate(br#"{"":["Cannot insert order with existing ReferenceId"]}"#));
        assert!(is_duplicate(br#"{"message":"A webhook already exists"}"#));
        assert!(!is_duplicate(br#"{"Topics":["is required"]}"#) && !is_duplicate(b""));
    }

    proptest! {
        #[test]
        fn nothing_that_arrives_breaks_it(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(read(400, &body).chars().count() < 330);
        }
    }
}
