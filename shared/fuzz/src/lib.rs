//! What the fuzz targets share: keys, mapping files, and what must be true of every body, whatever its bytes are.
//!
//! A target takes any bytes and fails by a panic. Assertions here say what may not be, beside panics of the code.

use std::sync::LazyLock;

use domain::{Finding, RecordKey};
use mapping::{DEFAULT_FILE, Mapping, Plan};
use shopify::{Event, Subject, Topic, known};

/// A mapping file with rules, splits and charges.
pub const RULES: &str = include_str!("../../mapping/tests/samples/finance.toml");

/// The default mapping, and one with rules.
pub static MAPPINGS: LazyLock<[Mapping; 2]> = LazyLock::new(|| [DEFAULT_FILE, RULES].map(mapping));

/// Reads a mapping file that must be right.
///
/// # Panics
/// If it is not.
#[must_use]
pub fn mapping(text: &str) -> Mapping {
    Mapping::parse(text).unwrap_or_else(|findings| panic!("a mapping file of the project: {findings:?}"))
}

/// The key of a record of a source and kind, such as `shopify/order`.
///
/// # Panics
/// If there is no such source or kind.
#[must_use]
pub fn key(kind: &str) -> RecordKey {
    format!("demo/{kind}/1").parse().unwrap_or_else(|_| panic!("{kind} is no kind of record"))
}

/// One topic of Shopify's of each subject: bodies of the same subject are read alike.
pub fn topics(subjects: &[Subject]) -> impl Iterator<Item = Topic> {
    let mut seen = Vec::new();
    Topic::all().filter(move |topic| {
        let is_new = subjects.contains(&topic.subject()) && !seen.contains(&topic.subject());
        seen.push(topic.subject());
        is_new
    })
}

/// Reads a body as one of a topic of Shopify's in every way that there is, and compares the answers.
///
/// # Panics
/// If the body is read though a quick look refuses it, or is JSON for one reader and none for another.
#[must_use]
pub fn event(topic: Topic, body: &[u8]) -> Option<Event> {
    let peek = topic.peek(body);
    let drift = known(topic, Some("2026-10")).compare(body);
    match shopify::parse(topic, body) {
        Ok(event) => {
            assert_eq!(event.subject(), topic.subject());
            assert!(peek.is_ok(), "{}: read, and refused by a quick look: {peek:?}", topic.as_str());
            assert!(drift.is_ok(), "{}: read, and not compared: {drift:?}", topic.as_str());
            Some(event)
        }
        Err(error) => {
            let _ = (error.to_string(), error.finding().to_string());
            None
        }
    }
}

/// Looks at all of a plan: what it writes for people must be writable.
///
/// # Panics
/// If a rejection names nothing.
pub fn look_at(plan: &Plan) {
    match plan {
        Plan::Planned { findings, .. } => show(findings),
        Plan::Reject(findings) => {
            assert!(!findings.is_empty(), "rejected for nothing");
            show(findings);
        }
        Plan::Skip(reason) => assert!(!reason.is_empty(), "skipped for nothing"),
        Plan::Known { number } => assert!(!number.is_empty(), "known by nothing"),
    }
}

/// Writes findings for people.
pub fn show(findings: &[Finding]) {
    for finding in findings {
        let _ = finding.to_string();
    }
}

/// The name and the value of a header.
pub type Line<'a> = (&'a [u8], &'a [u8]);

/// The header lines of a request, and its body.
#[must_use]
pub fn request(bytes: &[u8]) -> (Vec<Line<'_>>, &[u8]) {
    let mut lines = Vec::new();
    let mut rest = bytes;
    while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
        let (line, after) = (&rest[..end], &rest[end + 1..]);
        rest = after;
        if line.is_empty() {
            break;
        }
        let colon = line.iter().position(|byte| *byte == b':').unwrap_or(line.len());
        let value = line.get(colon + 1..).unwrap_or_default();
        lines.push((&line[..colon], value.strip_prefix(b" ").unwrap_or(value)));
    }
    (lines, rest)
}

/// All values of a header; nothing in place of one that is no text.
#[must_use]
pub fn values_of<'a>(lines: &[Line<'a>], wanted: &str) -> Vec<Option<&'a str>> {
    let lines = lines.iter().filter(|(name, _)| name.eq_ignore_ascii_case(wanted.as_bytes()));
    lines.map(|(_, value)| std::str::from_utf8(value).ok()).collect()
}
