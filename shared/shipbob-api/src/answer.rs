//! What an answer means by its status: pure.

use std::time::Duration;

use remote::{Broken, HttpAnswer, Observed};

use crate::{
    ApiError,
    call::{Call, Kind},
    refusal,
};

/// The headers that are read. ShipBob names its own, and no `Retry-After` (ShipBob documentation, "Rate limit").
pub(crate) const WANTED: &[&str] = &[TOTAL_PAGES, RETRY_AFTER, REMAINING];
pub(crate) const TOTAL_PAGES: &str = "total-pages";
const RETRY_AFTER: &str = "x-retry-after";
const REMAINING: &str = "x-remaining-calls";
/// The statuses whose body is read.
pub(crate) const TELLING: &[u16] = &[200, 201, 202, 207, 400, 409, 422];
/// The wait that is told where a 429 names none.
const USUAL_PAUSE: Duration = Duration::from_secs(10);

/// What an exchange says of the rate and of ShipBob's health; nothing if the fault is ours.
///
/// A 500 is the fault of one request as often as not (some filters fail whatever the load), so it does not stop
/// the others.
pub(crate) fn observed(exchange: &Result<HttpAnswer, Broken>) -> Option<Observed> {
    match exchange {
        Ok(answer) => Some(match answer.status {
            429 => Observed::Throttled(pause(answer)),
            501.. => Observed::Failed,
            _ if answer.header(REMAINING).is_some_and(|left| left.trim() == "0") => {
                Observed::Exhausted(pause(answer))
            }
            _ => Observed::Answered,
        }),
        Err(Broken::NoConnection | Broken::TimedOut | Broken::BrokenOff) => Some(Observed::Failed),
        Err(Broken::TooLong { .. }) => Some(Observed::Answered),
        Err(Broken::NotMade) => None,
    }
}

/// The answer, or the error that its status means.
pub(crate) fn read(call: &Call, exchange: Result<HttpAnswer, Broken>) -> Result<HttpAnswer, ApiError> {
    let answer = exchange.map_err(|broken| broken_off(call, broken))?;
    let status = answer.status;
    let says = || refusal::read(status, answer.body.expose());
    Err(match status {
        200..300 | 404 => return Ok(answer),
        401 => ApiError::Credentials("HTTP 401: the access token is not valid".into()),
        403 => ApiError::Forbidden { what: call.what, help: call.needs },
        408 | 500.. => lost(call, format!("HTTP {status} to {}", call.what)),
        409 | 422 if refusal::is_duplicate(answer.body.expose()) => ApiError::Duplicate(says()),
        429 => ApiError::Throttled { wait: pause(&answer).unwrap_or(USUAL_PAUSE) },
        _ => ApiError::Refused { what: call.what, says: says() },
    })
}

fn broken_off(call: &Call, broken: Broken) -> ApiError {
    match broken {
        Broken::TooLong { .. } if call.kind == Kind::Harmless => {
            ApiError::Unreadable { what: call.what, why: broken.to_string() }
        }
        _ if broken.is_unsent() => ApiError::Unreachable(broken.to_string()),
        _ => lost(call, broken.to_string()),
    }
}

/// What not knowing whether it was processed means.
fn lost(call: &Call, why: String) -> ApiError {
    match call.kind {
        Kind::Harmless => ApiError::Unreachable(why),
        Kind::Once => ApiError::Unknown(why),
    }
}

/// The seconds of `x-retry-after`, a part of one counted as a whole.
fn pause(answer: &HttpAnswer) -> Option<Duration> {
    let (whole, part) = match answer.header(RETRY_AFTER)?.trim().split_once('.') {
        Some((whole, part)) => (whole, part.bytes().any(|digit| digit != b'0')),
        None => (answer.header(RETRY_AFTER)?.trim(), false),
    };
    let seconds: u64 = whole.parse().ok()?;
    Some(Duration::from_secs(seconds.saturating_add(u64::from(part))))
}

#[cfg(test)]
#[path = "answer_tests.rs"]
mod tests;
