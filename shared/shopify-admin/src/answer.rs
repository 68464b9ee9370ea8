//! What an answer of the Admin API means: pure.
//!
//! Refusals arrive as HTTP 200 with `errors`, and so does throttling (Shopify documentation, "GraphQL Admin API
//! rate limits", "Status and error codes"). What no rule knows is refused, never taken for success.

use std::time::Duration;

use domain::Private;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{AdminError, HttpAnswer, bucket::Level, error::bounded, order::Tree, query::Kind};

/// The wait after a 429 that names none.
const USUAL_WAIT: Duration = Duration::from_secs(1);
/// The longest wait that a 429 may ask for.
const LONGEST_WAIT: Duration = Duration::from_secs(900);

/// What a call costs, and what is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cost {
    /// Points that must be there before the call is done.
    pub(crate) requested: u64,
    /// The bucket after the call.
    pub(crate) level: Level,
}

/// Data, and what was left out of it.
#[derive(Debug)]
pub(crate) struct Answer {
    /// JSON of the shape that the query names. Holds personal data.
    data: Private<Box<RawValue>>,
    /// Where protected customer data was left out.
    pub(crate) withheld: Vec<Vec<Step>>,
}

/// One step of a path into the data.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub(crate) enum Step {
    /// A place in a list.
    Place(usize),
    /// A key of an object.
    Key(String),
}

#[derive(Deserialize)]
struct Body {
    #[serde(default)]
    data: Option<Box<RawValue>>,
    #[serde(default)]
    errors: Errors,
    #[serde(default)]
    extensions: Extensions,
}

/// A list of errors; a few refusals of whole calls are a bare text instead.
#[derive(Deserialize)]
#[serde(untagged)]
enum Errors {
    List(Vec<Fault>),
    Text(String),
}

impl Default for Errors {
    fn default() -> Self {
        Self::List(Vec::new())
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Fault {
    message: String,
    path: Option<Vec<Step>>,
    extensions: FaultExtensions,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct FaultExtensions {
    code: Option<String>,
    required_access: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Extensions {
    cost: Option<CostBody>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CostBody {
    requested_query_cost: Option<Box<RawValue>>,
    throttle_status: Throttle,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Throttle {
    maximum_available: Box<RawValue>,
    currently_available: Box<RawValue>,
    restore_rate: Box<RawValue>,
}

impl Answer {
    /// The data as a type.
    pub(crate) fn data<'a, T: Deserialize<'a>>(&'a self) -> Result<T, AdminError> {
        // The place of the fault is told, the text is not: it may be anybody's name.
        let unreadable = |error: serde_json::Error| {
            let at = format!("line {}, column {} of its data", error.line(), error.column());
            AdminError::Unreadable(format!("it has another shape than the query asks for at {at}"))
        };
        serde_json::from_str(self.data.expose().get()).map_err(unreadable)
    }

    /// The data as it is, numbers by their letters.
    pub(crate) fn tree(&self) -> Result<Tree, AdminError> {
        Tree::parse(self.data.expose().get())
            .ok_or_else(|| AdminError::Unreadable("its data is nested too deeply".into()))
    }
}

/// Reads an answer: what it tells of costs, and what it means. A status of 401 is the caller's to read.
pub(crate) fn read(kind: Kind, answer: &HttpAnswer) -> (Option<Cost>, Result<Answer, AdminError>) {
    if answer.status != 200 {
        return (None, Err(refusal(kind, answer)));
    }
    let Ok(body) = serde_json::from_slice::<Body>(answer.body.expose()) else {
        return (None, Err(lost(kind, "the answer is not what GraphQL answers".into())));
    };
    let cost = body.extensions.cost.as_ref().and_then(cost);
    let faults = match body.errors {
        Errors::List(faults) => faults,
        Errors::Text(message) => vec![Fault { message, ..Fault::default() }],
    };
    let result = withheld(kind, &faults, cost).and_then(|withheld| {
        let data = body.data.filter(|data| data.get() != "null");
        let data = data.ok_or_else(|| nothing(kind))?;
        Ok(Answer { data: Private::new(data), withheld })
    });
    (cost, result)
}

/// What a status says that is neither 200 nor 401.
fn refusal(kind: Kind, answer: &HttpAnswer) -> AdminError {
    match answer.status {
        429 => {
            let asked =
                answer.retry_after.as_deref().and_then(|text| text.trim().split('.').next()?.parse().ok());
            let wait = asked.map_or(USUAL_WAIT, Duration::from_secs).min(LONGEST_WAIT);
            AdminError::Throttled { wait }
        }
        status @ 500.. => lost(kind, format!("HTTP {status}")),
        402 => AdminError::Refused("HTTP 402: the shop is frozen until its bill is paid".into()),
        403 => AdminError::Refused("HTTP 403: the app may not use this shop's Admin API".into()),
        404 => AdminError::Refused("HTTP 404: there is no such shop, or no such API version".into()),
        423 => AdminError::Refused("HTTP 423: the shop is locked".into()),
        status => AdminError::Refused(format!("HTTP {status}")),
    }
}

/// An answer that did not come whole: of a read nothing is lost, of a write nobody knows.
pub(crate) fn lost(kind: Kind, why: String) -> AdminError {
    match kind {
        Kind::Read => AdminError::Unreachable(why),
        Kind::Write => AdminError::Unknown(why),
    }
}

fn nothing(kind: Kind) -> AdminError {
    let why = "it has neither data nor errors".to_owned();
    match kind {
        Kind::Read => AdminError::Unreadable(why),
        Kind::Write => AdminError::Unknown(why),
    }
}

/// The paths of what was withheld, unless an error says that there is more wrong than that.
fn withheld(kind: Kind, faults: &[Fault], cost: Option<Cost>) -> Result<Vec<Vec<Step>>, AdminError> {
    let (personal, others): (Vec<_>, Vec<_>) = faults.iter().partition(|fault| fault.is_protected_data());
    match others.iter().map(|fault| fault.meaning(kind, cost)).next() {
        Some(error) => Err(error),
        None => Ok(personal.into_iter().filter_map(|fault| fault.path.clone()).collect()),
    }
}

/// Fields under which a shop's customers are told; where Shopify withholds one, the rest of the order is there.
const PERSONAL: [&str; 6] = ["customer", "billingAddress", "shippingAddress", "email", "phone", "note"];

impl Fault {
    /// Whether protected customer data was left out: access is denied somewhere below a customer or an address, and
    /// not for want of a scope, which Shopify would name (Shopify documentation, "Protected customer data").
    fn is_protected_data(&self) -> bool {
        let is_personal = |step: &Step| matches!(step, Step::Key(key) if PERSONAL.contains(&key.as_str()));
        self.extensions.code.as_deref() == Some("ACCESS_DENIED")
            && self.extensions.required_access.is_none()
            && self.path.iter().flatten().any(is_personal)
    }

    fn meaning(&self, kind: Kind, cost: Option<Cost>) -> AdminError {
        match self.extensions.code.as_deref() {
            Some("THROTTLED") => AdminError::Throttled {
                wait: cost.map_or(USUAL_WAIT, |c| c.level.wait_after_refusal(c.requested)),
            },
            Some("MAX_COST_EXCEEDED") => AdminError::TooCostly,
            Some("ACCESS_DENIED") => AdminError::AccessDenied { what: self.place(), needs: self.needs() },
            Some("INTERNAL_SERVER_ERROR" | "TIMEOUT") => lost(kind, "an error inside Shopify".into()),
            Some(code) => AdminError::Refused(format!("{}: {}", bounded(code), bounded(&self.message))),
            None => AdminError::Refused(bounded(&self.message)),
        }
    }

    fn place(&self) -> String {
        let keys = self.path.iter().flatten().filter_map(|step| match step {
            Step::Key(key) => Some(bounded(key)),
            Step::Place(_) => None,
        });
        let place = keys.collect::<Vec<_>>().join(".");
        if place.is_empty() { "the whole call".to_owned() } else { place }
    }

    fn needs(&self) -> String {
        self.extensions.required_access.as_deref().map_or_else(
            || format!("protected customer data (Shopify says: {})", bounded(&self.message)),
            bounded,
        )
    }
}

fn cost(body: &CostBody) -> Option<Cost> {
    let throttle = &body.throttle_status;
    Some(Cost {
        requested: body.requested_query_cost.as_deref().and_then(points).unwrap_or(0),
        level: Level {
            maximum: points(&throttle.maximum_available)?,
            available: points(&throttle.currently_available)?,
            restore: points(&throttle.restore_rate)?,
        },
    })
}

/// Whole points: some answers write them as `1000.0`. Less than nothing is nothing.
fn points(raw: &RawValue) -> Option<u64> {
    let whole = raw.get().split('.').next()?;
    if whole.starts_with('-') { Some(0) } else { whole.parse().ok() }
}

#[cfg(test)]
#[path = "answer_tests.rs"]
mod tests;
