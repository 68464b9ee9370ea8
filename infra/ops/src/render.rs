//! A record and its trail as text for people.

use std::fmt::Write as _;

use domain::{Entry, Finding, FindingCode, Record, State};
use jiff::Timestamp;

/// A record with its whole trail.
pub fn render_record(record: &Record, trail: &[Entry]) -> String {
    let mut text = record.key.to_string();
    if !record.name.is_empty() {
        // Writing into a string cannot fail.
        let _ = write!(text, "  {}", record.name);
    }
    text.push('\n');
    let references = &record.references;
    let fields = [
        ("state", Some(state(&record.state))),
        ("number", references.number.clone()),
        ("temporary", references.temporary.clone()),
        ("received", Some(time(record.received_at))),
        ("delivery", Some(record.correlation.clone())),
        ("next check", record.next_check.map(time)),
        ("held until", record.lease.map(|lease| time(lease.until))),
    ];
    for (name, value) in fields.into_iter().filter_map(|(name, value)| Some((name, value?))) {
        let _ = writeln!(text, "  {name:<10}  {value}");
    }
    section(&mut text, "findings", findings(&record.state).iter().map(finding));
    section(&mut text, "trail", trail.iter().map(render_entry));
    text
}

/// One entry of a trail, as one line.
pub fn render_entry(entry: &Entry) -> String {
    let line = format!("{}  {:<9}  {}", time(entry.at), entry.event.to_string(), entry.detail);
    line.trim_end().to_owned()
}

/// What is wrong with a record, if its state says so.
pub(crate) fn findings(state: &State) -> &[Finding] {
    match state {
        State::Rejected { findings } | State::Failed { findings } | State::NeedsReview { findings } => {
            findings
        }
        _ => &[],
    }
}

fn section(text: &mut String, title: &str, lines: impl Iterator<Item = String>) {
    let lines: Vec<_> = lines.collect();
    if !lines.is_empty() {
        let _ = writeln!(text, "{title}");
        for line in lines {
            let _ = writeln!(text, "  {line}");
        }
    }
}

fn state(state: &State) -> String {
    let word = state.word();
    match state {
        State::Posting { step } => format!("{word}, at the step {step}"),
        State::Skipped { reason } => format!("{word}: {reason}"),
        State::Waiting { until, why } => format!("{word} until {}: {why}", time(*until)),
        State::InDoubt { since, step } => {
            format!("in doubt since {}, at the step {step}: CloudSuite has to be asked", time(*since))
        }
        State::NeedsReview { findings }
            if findings.iter().all(|finding| finding.code == FindingCode::Request) =>
        {
            "needs review: a person has something to do".to_owned()
        }
        State::NeedsReview { findings } => {
            format!("needs review: CloudSuite has it otherwise in {} places", findings.len())
        }
        State::Rejected { findings } | State::Failed { findings } => match findings.len() {
            1 => format!("{word}, with 1 finding"),
            n => format!("{word}, with {n} findings"),
        },
        State::Received | State::Posted | State::Confirmed | State::Cancelled => word.to_owned(),
    }
}

fn finding(finding: &Finding) -> String {
    let place = if finding.field.is_empty() { String::new() } else { format!(" at {}", finding.field) };
    format!("{}{place}: {}\n    {}", finding.code, finding.message, finding.help)
}

/// Milliseconds are what the ledger keeps; of fixed width, so that lines stand under one another.
fn time(time: Timestamp) -> String {
    format!("{time:.3}")
}

#[cfg(test)]
#[path = "render_tests.rs"]
mod tests;
