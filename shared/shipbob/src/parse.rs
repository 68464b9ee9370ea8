//! From bytes to a value, or to an error that names the place and never the content.

use std::{collections::BTreeMap, str::Utf8Error};

use domain::{Finding, FindingCode};
use serde::Deserialize;
use serde_json::value::RawValue;

/// The longest path that is shown.
const LONGEST_PATH: usize = 120;

/// Why a body cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// There is nothing.
    #[error("the body is empty")]
    Empty,
    /// Not text at all.
    #[error("the body is not UTF-8 from byte {at} on")]
    NotUtf8 {
        /// The first byte that is wrong, counted from 0.
        at: usize,
    },
    /// JSON, perhaps, but not an object.
    #[error("the body is {found}, not a JSON object")]
    NotAnObject {
        /// What it seems to be.
        found: &'static str,
    },
    /// What is looked for is wrapped in another object, as the pages of the API are.
    #[error("the body holds its object under `{key}`: a delivery is the bare object")]
    Wrapped {
        /// The key that holds it.
        key: &'static str,
    },
    /// It ends too early.
    #[error("the body ends too early, at line {line}, column {column}")]
    Truncated {
        /// Where it ends.
        line: usize,
        /// Where it ends.
        column: usize,
    },
    /// Not JSON.
    #[error("the body is not JSON at line {line}, column {column}: {what}")]
    Syntax {
        /// Where.
        line: usize,
        /// Where.
        column: usize,
        /// What is wrong there.
        what: String,
    },
    /// A field holds what it cannot hold.
    #[error("`{path}` cannot be read, at line {line}, column {column}: {what}")]
    Field {
        /// Which field, such as `products[3].unit_price`.
        path: String,
        /// Where.
        line: usize,
        /// Where.
        column: usize,
        /// What was expected.
        what: String,
    },
}

impl ParseError {
    /// The error as a finding.
    pub fn finding(&self) -> Finding {
        let field = match self {
            Self::Field { path, .. } => path.as_str(),
            _ => "",
        };
        Finding::new(FindingCode::UnreadablePayload, field, self.to_string(), self.help())
    }

    fn help(&self) -> &'static str {
        match self {
            Self::Empty | Self::NotUtf8 { .. } | Self::Truncated { .. } | Self::Syntax { .. } => {
                "compare the archived body with ShipBob's delivery log; fetch the object from ShipBob anew"
            }
            Self::NotAnObject { .. } => "send the body of a webhook: one JSON object",
            Self::Wrapped { .. } => "send the object inside: a webhook's body is the bare object",
            Self::Field { .. } => {
                "check the topic and API version of the webhook subscription; if they are right, report this \
                 finding: ShipBob sends a shape that this release does not know"
            }
        }
    }
}

/// Reads a value from a body that is one JSON object.
pub(crate) fn read<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, ParseError> {
    let text = object(body)?;
    serde_json::from_str(text).map_err(|error| explain::<T>(text, &error))
}

/// The text of a body that begins as a JSON object does.
fn object(body: &[u8]) -> Result<&str, ParseError> {
    let text = std::str::from_utf8(body).map_err(|error| not_text(body, error))?;
    let found = match text.trim_start_matches([' ', '\t', '\r', '\n']).bytes().next() {
        Some(b'{') => return Ok(text),
        None => return Err(ParseError::Empty),
        Some(b'[') => "an array",
        Some(b'"') => "a text",
        Some(b'-' | b'0'..=b'9') => "a number",
        Some(_) => "something else",
    };
    Err(ParseError::NotAnObject { found })
}

/// Bytes that are not UTF-8, or that end within a character.
fn not_text(body: &[u8], error: Utf8Error) -> ParseError {
    let at = error.valid_up_to();
    if error.error_len().is_some() {
        return ParseError::NotUtf8 { at };
    }
    let lines = body[..at].split(|byte| *byte == b'\n');
    let (line, column) = lines.enumerate().last().map_or((1, 0), |(place, line)| (place + 1, line.len()));
    ParseError::Truncated { line, column }
}

/// Says what is wrong. Only a failure pays for the second reading, which keeps track of the path.
fn explain<'a, T: Deserialize<'a>>(text: &'a str, error: &serde_json::Error) -> ParseError {
    let (line, column) = (error.line(), error.column());
    match error.classify() {
        serde_json::error::Category::Eof => ParseError::Truncated { line, column },
        serde_json::error::Category::Data => {
            if let Some(key) = wrapper(text) {
                return ParseError::Wrapped { key };
            }
            let (path, what) = locate::<T>(text, error);
            ParseError::Field { path, line, column, what }
        }
        // The messages of syntax errors are constants.
        _ => ParseError::Syntax { line, column, what: without_position(error) },
    }
}

/// The key under which a page, or an envelope, holds what a webhook sends bare.
pub(crate) fn wrapper(text: &str) -> Option<&'static str> {
    const KEYS: [&str; 6] = ["data", "items", "order", "shipment", "return", "transaction"];
    const IDS: [&str; 3] = ["id", "box_id", "transaction_id"];
    let body: BTreeMap<String, &RawValue> = serde_json::from_str(text).ok()?;
    let is_bare = IDS.into_iter().any(|id| body.contains_key(id));
    KEYS.into_iter().find(|key| !is_bare && body.contains_key(*key))
}

/// The path to a field that cannot be read, and what is wrong with it.
fn locate<'a, T: Deserialize<'a>>(text: &'a str, error: &serde_json::Error) -> (String, String) {
    let mut json = serde_json::Deserializer::from_str(text);
    let traced = serde_path_to_error::deserialize::<_, T>(&mut json).err();
    let path = shown(&traced.map(|error| error.path().to_string()).unwrap_or_default());
    let message = without_position(error);
    for (start, what) in [("missing field `", "it is missing"), ("duplicate field `", "it is there twice")] {
        if let Some(field) = message.strip_prefix(start).and_then(|rest| rest.strip_suffix('`')) {
            return (format!("{path}.{field}").trim_start_matches('.').to_owned(), what.to_owned());
        }
    }
    (path, expectation(&message))
}

/// What was expected, without what was there: that may be anybody's name.
fn expectation(message: &str) -> String {
    match message.rsplit_once(", expected ") {
        Some((_, expected)) => format!("expected {expected}"),
        None => "it has another shape than is known".to_owned(),
    }
}

/// A path as far as it is made of names such as ShipBob's: keys may be anything in a body.
fn shown(path: &str) -> String {
    let is_usual = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '[' | ']');
    path.chars().take_while(is_usual).take(LONGEST_PATH).collect()
}

fn without_position(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let position = format!(" at line {} column {}", error.line(), error.column());
    message.strip_suffix(&position).unwrap_or(&message).to_owned()
}
