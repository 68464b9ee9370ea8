//! From a file's text to a mapping, or to everything that is wrong with it at once.
//!
//! What cannot be read is told and taken out, and the rest is read again, until nothing is left to be told. Only then
//! is what was read checked for what no type can say.

mod layout;
mod path;

use domain::{Finding, FindingCode};
use serde::Deserialize as _;
use toml::de::{DeTable, Deserializer};

pub(crate) use path::Path;

use crate::{Mapping, check};

/// How many problems of one file are told at most.
const MOST_PROBLEMS: usize = 100;

/// Something that is wrong with a file.
pub(crate) struct Problem {
    /// Where it is, as the offset of a byte.
    at: usize,
    /// The key; empty where it is not known.
    field: String,
    message: String,
}

/// Reads and checks a mapping file.
pub(crate) fn read(text: &str) -> Result<Mapping, Vec<Finding>> {
    let (mut document, errors) = DeTable::parse_recoverable(text);
    let mut problems: Vec<_> = errors.iter().map(|error| unreadable(error, String::new())).collect();
    let mapping = loop {
        match Mapping::deserialize(Deserializer::from(document.clone())) {
            Ok(mapping) => break Some(mapping),
            Err(error) if problems.len() >= MOST_PROBLEMS => {
                problems.push(unreadable(&error, String::new()));
                break None;
            }
            Err(error) => {
                let taken = error.span().and_then(|span| layout::take_out(document.get_mut(), &span));
                let is_stuck = taken.is_none();
                problems.push(unreadable(&error, taken.unwrap_or_default().to_string()));
                if is_stuck {
                    break None;
                }
            }
        }
    };
    let Some(mapping) = mapping else { return Err(findings(text, problems)) };
    let told: Vec<_> = problems.iter().map(|problem| problem.field.clone()).collect();
    let is_told = |field: &str| told.iter().any(|told| told == field);
    let more: Vec<_> = check::problems(&mapping, &told)
        .into_iter()
        .filter(|(path, _)| !is_told(&path.to_string()))
        .map(|(path, message)| Problem {
            at: layout::offset(document.get_ref(), &path),
            field: path.to_string(),
            message,
        })
        .collect();
    problems.extend(more);
    if problems.is_empty() { Ok(mapping) } else { Err(findings(text, problems)) }
}

fn unreadable(error: &toml::de::Error, field: String) -> Problem {
    let message = match error.message() {
        // Keys that are numbers are read as Rust reads them.
        "invalid digit found in string" | "number too large to fit in target type" => {
            "the key is not a whole number, or too large a one".to_owned()
        }
        message => message.replace('\n', "; "),
    };
    Problem { at: error.span().map_or(0, |span| span.start), field, message }
}

/// The problems as findings, in the order of the file.
fn findings(text: &str, mut problems: Vec<Problem>) -> Vec<Finding> {
    problems.sort_by_key(|problem| problem.at);
    problems.iter().map(|problem| finding(text, problem)).collect()
}

fn finding(text: &str, problem: &Problem) -> Finding {
    let before = text.get(..problem.at).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |rest| rest.chars().count()) + 1;
    let message = format!("line {line}, column {column}: {}", problem.message);
    let help = "correct the mapping file and push it again";
    Finding::new(FindingCode::Mapping, problem.field.as_str(), message, help)
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
