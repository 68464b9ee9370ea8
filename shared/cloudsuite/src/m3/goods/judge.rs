//! What M3's answers to the writing of movements mean. Pure.

use domain::{Finding, FindingCode, GoodsLine, Step};

use super::{Engine, GoodsOptions, kept::Kept, status::is_missing};
use crate::{
    CallError, Outcome,
    m3::{
        customers::failed,
        outcome::{Nok, Reply},
    },
};

/// The number that M3 gave to a message, or the reply that has none.
pub(super) fn number_of(engine: Engine, reply: Option<&Reply>) -> Result<String, Option<&Reply>> {
    match reply {
        Some(Reply::Done(rows)) => {
            let number = rows.first().and_then(|row| row.required(engine.number_field()));
            number.map(str::to_owned).ok_or(reply)
        }
        _ => Err(reply),
    }
}

/// What became of a movement whose message was not begun.
pub(super) fn not_begun(reply: Option<&Reply>, source: &[GoodsLine]) -> Outcome {
    match reply {
        // A message has our number already: it is to be looked for.
        Some(Reply::Nok(nok)) if nok.says_exists() || nok.field == "PMSN" => {
            Outcome::InDoubt(Step::Head, format!("M3 does not begin the message: {}", nok.name()))
        }
        Some(Reply::Nok(nok)) => Outcome::Rejected(vec![refusal(nok, source.first())]),
        Some(Reply::Failed(error)) => failed(error, Step::Head),
        Some(Reply::Done(_)) | None => Outcome::InDoubt(Step::Head, "M3 gave no message number".into()),
    }
}

/// Nothing if all lines were added; else what keeps the movement from being completed.
pub(super) fn judge_lines(engine: Engine, replies: &[Reply], source: &[GoodsLine]) -> Option<Outcome> {
    let mut findings = Vec::new();
    let mut broken: Option<&CallError> = None;
    for (place, reply) in replies.iter().enumerate() {
        match reply {
            Reply::Done(_) => {}
            Reply::Nok(nok) if nok.field == engine.number_field() => {
                let why = format!("M3 does not take the message that it gave: {}", nok.name());
                return Some(Outcome::InDoubt(Step::Lines, why));
            }
            Reply::Nok(nok) => findings.push(refusal(nok, source.get(place))),
            Reply::Failed(CallError::Unknown(why)) => {
                return Some(Outcome::InDoubt(Step::Lines, why.clone()));
            }
            Reply::Failed(error) => broken = Some(error),
        }
    }
    match (findings.is_empty(), broken) {
        (true, None) => None,
        (true, Some(error)) => Some(stopped(error, Step::Lines)),
        (false, _) => Some(Outcome::Rejected(findings)),
    }
}

/// What the failure of a request means for a message that is there.
pub(super) fn stopped(error: &CallError, step: Step) -> Outcome {
    match failed(error, step) {
        Outcome::Rejected(_) => Outcome::InDoubt(step, error.to_string()),
        other => other,
    }
}

/// Nothing if a message was taken out or was not there; else what its movement comes to.
pub(super) fn left_of(number: &str, deleted: Option<&Reply>, options: &GoodsOptions) -> Option<Outcome> {
    let why = match deleted {
        Some(Reply::Done(_)) => return None,
        Some(Reply::Nok(nok)) if is_missing(nok, options) => return None,
        Some(Reply::Nok(nok)) => nok.name().to_owned(),
        Some(Reply::Failed(error)) if error.is_passing() => return Some(Outcome::Later(error.clone())),
        Some(Reply::Failed(error)) => error.to_string(),
        None => "M3 gave no result".to_owned(),
    };
    Some(Outcome::InDoubt(Step::Lines, format!("message {number} could not be taken out: {why}")))
}

pub(super) fn left_behind(kept: &Kept) -> Finding {
    let panel = kept.engine.panel();
    Finding::new(
        FindingCode::Refused,
        "goods",
        format!("the incomplete message {} could not be taken out of M3", kept.number),
        format!("delete it in {panel}; it is not processed, so nothing was moved"),
    )
}

/// M3 does not process a message: why, and where a person looks, for the trail.
pub(super) fn unprocessed(kept: &Kept, nok: &Nok) -> String {
    let place = if nok.field.is_empty() { String::new() } else { format!(" in field {}", nok.field) };
    format!(
        "M3 does not process message {}: {}{place} (see {})",
        kept.number,
        nok.name(),
        kept.engine.panel()
    )
}

fn refusal(nok: &Nok, line: Option<&GoodsLine>) -> Finding {
    nok.finding(line.map_or("goods", |line| line.path.as_str()), "the line")
}
