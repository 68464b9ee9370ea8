//! Bringing a record into the shape in which it is stored, the same for every ledger.
//!
//! Each bound here keeps a head below DynamoDB's 400 KB whatever a source or CloudSuite sends.

use domain::{Entry, Finding, Lease, Record, RecordKey, State, TenantId};
use jiff::Timestamp;

use crate::{LedgerError, Payload};

/// How many entries of the trail stay on the head at most.
const INLINE_ENTRIES: usize = 24;
/// How many entries make a page.
pub(crate) const PAGE_ENTRIES: usize = 16;
/// The longest text in an entry, a reason or a name, in bytes.
const LONGEST_TEXT: usize = 1_000;
/// The longest list of findings, in bytes of JSON.
const LONGEST_FINDINGS: usize = 300_000;
/// What is left free for the finding that says how many were dropped, in bytes of JSON.
const LAST_FINDING: usize = 500;
/// The longest mapping file, in bytes.
const LONGEST_MAPPING: usize = 350_000;
/// The largest payload, in bytes compressed: far above what a queue message can carry.
const LONGEST_PAYLOAD: usize = 16_000_000;

/// The oldest entries of a trail, moved off the head. Never changed once written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Page {
    /// How many entries stand before it.
    pub(crate) first: u32,
    /// Its entries, oldest first.
    pub(crate) entries: Vec<Entry>,
}

/// The record as it is stored, and the pages that must be stored before it.
pub(crate) fn fit(mut record: Record) -> (Vec<Page>, Record) {
    record.name = cut(record.name);
    record.correlation = cut(record.correlation);
    record.updated_at = record.updated_at.map(whole);
    record.triggered_at = record.triggered_at.map(whole);
    record.received_at = whole(record.received_at);
    record.posted_at = record.posted_at.map(whole);
    record.next_check = record.next_check.map(whole);
    record.erased_at = record.erased_at.map(whole);
    record.lease = record.lease.map(|lease| Lease { until: whole(lease.until), ..lease });
    record.state = fit_state(record.state);
    let entries = std::mem::take(&mut record.trail);
    record.trail = entries
        .into_iter()
        .map(|Entry { at, event, detail }| Entry { at: whole(at), event, detail: cut(detail) })
        .collect();
    (pages(&mut record), record)
}

/// Moves the oldest entries off a trail that has grown too long.
fn pages(record: &mut Record) -> Vec<Page> {
    let mut pages = Vec::new();
    while record.trail.len() > INLINE_ENTRIES {
        let entries: Vec<Entry> = record.trail.drain(..PAGE_ENTRIES).collect();
        let first = record.paged;
        record.paged = first.saturating_add(u32::try_from(entries.len()).unwrap_or(u32::MAX));
        pages.push(Page { first, entries });
    }
    pages
}

fn fit_state(state: State) -> State {
    match state {
        State::Skipped { reason } => State::Skipped { reason: cut(reason) },
        State::Waiting { until, why } => State::Waiting { until: whole(until), why: cut(why) },
        State::InDoubt { since, step } => State::InDoubt { since: whole(since), step },
        State::Rejected { findings } => State::Rejected { findings: fit_findings(findings) },
        State::Failed { findings } => State::Failed { findings: fit_findings(findings) },
        State::NeedsReview { findings } => State::NeedsReview { findings: fit_findings(findings) },
        State::Received | State::Posting { .. } | State::Posted | State::Confirmed | State::Cancelled => {
            state
        }
    }
}

/// Keeps the first findings and, where some had to go, one more that says how many. What it returns it leaves
/// alone the next time: a rejected record is written again for each duplicate.
fn fit_findings(findings: Vec<Finding>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = findings.into_iter().map(cut_finding).collect();
    if findings.iter().map(json_size).sum::<usize>() <= LONGEST_FINDINGS {
        return findings;
    }
    let mut size = 0;
    let fits = |finding: &&Finding| {
        size += json_size(finding);
        size <= LONGEST_FINDINGS - LAST_FINDING
    };
    let kept = findings.iter().take_while(fits).count();
    let more = findings.len() - kept;
    let code = findings[kept].code;
    findings.truncate(kept);
    findings.push(Finding::new(
        code,
        "",
        format!("and {more} more findings that are not kept"),
        "resolve those above, then process the record again to see the rest",
    ));
    findings
}

fn cut_finding(finding: Finding) -> Finding {
    let Finding { code, field, message, help } = finding;
    Finding { code, field: cut(field), message: cut(message), help: cut(help) }
}

fn json_size(finding: &Finding) -> usize {
    serde_json::to_string(finding).map_or(LONGEST_FINDINGS, |json| json.len() + 1)
}

/// Refuses a mapping file that does not fit into one item.
pub(crate) fn check_mapping(tenant: &TenantId, text: &str) -> Result<(), LedgerError> {
    check(text.len(), LONGEST_MAPPING, || format!("the mapping file of {tenant}"))
}

/// Refuses a payload of more parts than anybody would send.
pub(crate) fn check_payload(key: &RecordKey, payload: &Payload) -> Result<(), LedgerError> {
    check(payload.compressed.len(), LONGEST_PAYLOAD, || format!("the payload {:?} of {key}", payload.body))
}

/// Refuses what is larger than the limit, in bytes.
pub(crate) fn check(size: usize, limit: usize, what: impl Fn() -> String) -> Result<(), LedgerError> {
    if size <= limit { Ok(()) } else { Err(LedgerError::TooLarge { what: what(), size, limit }) }
}

/// The time in whole milliseconds, which is what is stored.
pub(crate) fn whole(time: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(time.as_millisecond()).unwrap_or(time)
}

/// The text, cut at a character if it is too long.
fn cut(mut text: String) -> String {
    if text.len() > LONGEST_TEXT {
        text.truncate(text.floor_char_boundary(LONGEST_TEXT));
        text.push('…');
    }
    text
}
