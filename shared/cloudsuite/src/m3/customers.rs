//! Customers: created from a template (CRS610MI Add) or brought up to date (ChgBasicData), in one request.

use domain::{Customer, Finding, FindingCode, References, Step};
use jiff::Timestamp;

use super::{
    bulk::Bulk,
    outcome::Reply,
    requests::{add_customer, change_customer},
};
use crate::{CallError, Company, Outcome};

/// Posts customers until a time; each comes with its place in the batch and its number, if it exists.
pub(super) async fn post(
    bulk: &Bulk,
    company: &Company,
    customers: &[(usize, &Customer, Option<&str>)],
    until: Timestamp,
) -> Vec<(usize, Outcome)> {
    let requests = customers.iter().map(|(_, customer, existing)| match existing {
        Some(number) => change_customer(customer, number),
        None => add_customer(customer),
    });
    let replies = bulk.write(company, "CRS610MI", requests.collect(), until).await;
    let outcomes = customers.iter().zip(&replies);
    outcomes.map(|((index, _, existing), reply)| (*index, outcome(reply, *existing))).collect()
}

fn outcome(reply: &Reply, existing: Option<&str>) -> Outcome {
    match reply {
        Reply::Done(rows) => {
            let row = rows.first().cloned().unwrap_or_default();
            let Some(number) = existing.or_else(|| row.required("CUNO")) else {
                return Outcome::InDoubt(Step::Head, "M3 gave no customer number".into());
            };
            let references = References { temporary: None, number: Some(number.to_owned()) };
            match row.required("ERRM") {
                None => Outcome::Posted(references),
                Some(_) => Outcome::Failed(references, vec![unfinished(number)]),
            }
        }
        Reply::Nok(nok) => Outcome::Rejected(vec![nok.finding("customer", "CRS610MI")]),
        Reply::Failed(error) => failed(error, Step::Head),
    }
}

/// What the failure of a whole request means for a document that was about to enter `step`.
pub(super) fn failed(error: &CallError, step: Step) -> Outcome {
    match error {
        CallError::NotSent(_) | CallError::Throttled { .. } => Outcome::Later(error.clone()),
        CallError::Unknown(why) => Outcome::InDoubt(step, why.clone()),
        CallError::Refused(_) | CallError::Credentials(_) => Outcome::Rejected(vec![error.finding()]),
    }
}

/// M3 created the customer but left it in status 12: its message (ERRM) may quote personal data.
fn unfinished(number: &str) -> Finding {
    Finding::new(
        FindingCode::CustomerNotUsable,
        "customer",
        format!("M3 created customer {number} but did not release it"),
        "complete the customer in CRS610 and set it to status 20, then redrive",
    )
}

#[cfg(test)]
mod tests {
    use super::{super::wire::Row, *};

    #[test]
    fn an_answer_without_a_number_is_no_success() {
        assert!(matches!(outcome(&Reply::Done(vec![]), None), Outcome::InDoubt(..)));
        let numbered = Reply::Done(vec![Row::of(&[("CUNO", "C1")])]);
        assert!(matches!(outcome(&numbered, None), Outcome::Posted(r) if r.number.as_deref() == Some("C1")));
        let unfinished = Reply::Done(vec![Row::of(&[("CUNO", "C1"), ("ERRM", "Town of Jon missing")])]);
        let Outcome::Failed(_, findings) = outcome(&unfinished, None) else { panic!() };
        assert!(!findings[0].to_string().contains("Jon"));
    }

    #[test]
    fn what_was_not_sent_can_wait_and_what_is_unknown_is_in_doubt() {
        let unknown = Reply::Failed(CallError::Unknown("x".into()));
        assert!(matches!(outcome(&unknown, None), Outcome::InDoubt(Step::Head, _)));
        let throttled = Reply::Failed(CallError::Throttled { after: None });
        assert!(matches!(outcome(&throttled, None), Outcome::Later(_)));
    }
}
