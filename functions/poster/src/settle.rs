//! Settling what is in doubt: CloudSuite is asked for it by our reference, for all of a batch at once, before
//! anything is planned, rejected or written for it.

use cloudsuite::{Begun, CallError, Found, Sought};
use domain::{
    Digest, Document, Event, Finding, FindingCode, Held, Reference, References, SalesOrder, State, Step,
};
use jiff::{SignedDuration, Timestamp};
use mapping::{Buyer, Plan};
use platform::telemetry::{self, Metric};

use crate::{
    Ending, Poster,
    intake::Ready,
    posting::{FIRST_CHECK, wait_of},
    turn::Turn,
};

/// How long after the quiet time somebody else takes up what is in doubt: its message has come by then, even
/// if its holder vanished (the queue's visibility time-out).
const TAKEN_UP_AFTER: SignedDuration = SignedDuration::from_mins(30);

/// After how long in doubt an operator has been told.
const KNOWN_AFTER: SignedDuration = SignedDuration::from_hours(2);

/// An order that goes on.
pub(crate) struct Going {
    pub(crate) held: Held,
    pub(crate) order: SalesOrder,
    /// Who buys; nobody if the findings say why.
    pub(crate) buyer: Option<Buyer>,
    /// What the plan found wrong: what CloudSuite does not know is added, so that one report says all.
    pub(crate) findings: Vec<Finding>,
    pub(crate) fingerprint: Digest,
    /// What CloudSuite has of it from an earlier try, not confirmed.
    pub(crate) begun: Option<Begun>,
}

/// Asks for what is in doubt and ends what is not to be posted; the rest goes on. One result for each, in order.
pub(crate) async fn settle(poster: &Poster, group: Vec<Ready>, turn: Turn) -> Vec<Result<Going, Ending>> {
    let answers = ask(&group, turn).await;
    let settled = group.into_iter().zip(answers).map(|(ready, answer)| async move {
        match answer {
            None => go_on(poster, ready, None).await,
            Some(answer) => settle_one(poster, ready, answer).await,
        }
    });
    futures::future::join_all(settled).await
}

/// What CloudSuite has of each record of which it may have something.
async fn ask(group: &[Ready], turn: Turn) -> Vec<Option<Result<Found, CallError>>> {
    let doubtful = |ready: &&Ready| ready.held.must_ask();
    let sought: Vec<_> = group.iter().filter(doubtful).map(|ready| sought(&ready.held)).collect();
    let Some(first) = group.iter().find(doubtful) else { return group.iter().map(|_| None).collect() };
    tracing::info!(records = sought.len(), "asking CloudSuite for what is in doubt");
    let company = first.tenant.company();
    let mut found = match turn.in_time(first.tenant.line.find(&company, &sought)).await {
        Ok(found) => found.into_iter().map(Ok).collect::<Vec<_>>(),
        Err(error) => vec![Err(error); sought.len()],
    }
    .into_iter();
    group.iter().map(|ready| if doubtful(&ready) { found.next() } else { None }).collect()
}

/// What is looked for.
pub(crate) fn sought(held: &Held) -> Sought {
    let record = &held.record;
    Sought {
        key: record.key.clone(),
        document: record.document_kind(),
        reference: Reference::of(&record.key),
        customer: record.customer.clone().unwrap_or_default(),
        references: record.references.clone(),
    }
}

async fn settle_one(
    poster: &Poster,
    mut ready: Ready,
    answer: Result<Found, CallError>,
) -> Result<Going, Ending> {
    let now = poster.clock.now();
    match answer {
        Ok(Found::Absent) => {
            ready.held.found_absent(now);
            go_on(poster, ready, None).await
        }
        Ok(Found::Begun(mut begun)) => {
            ready.held.found_begun(now, &begun.temporary, begun.lines.len());
            begun.outdated |= ready.held.record.fingerprint != Some(ready.fingerprint);
            go_on(poster, ready, Some(begun)).await
        }
        Ok(Found::Taken(references)) => {
            tracing::info!(record = %ready.held.record.key, "CloudSuite has it");
            if ready.held.record.fingerprint != Some(ready.fingerprint) {
                let detail =
                    format!("{}: already in CloudSuite, which is not changed", ready.held.record.correlation);
                ready.held.note(now, Event::Skipped, detail);
            }
            let next_check = now.checked_add(FIRST_CHECK).unwrap_or(now);
            let next = match references {
                // M3 lists the order itself: there is nothing left to confirm, and maybe no batch order to ask for.
                References { number: Some(_), temporary: None } => ready.held.done(now, references),
                references => ready.held.posted(now, references, next_check),
            };
            Err(poster.conclude(next, Ending::Done).await)
        }
        Ok(Found::Unclear(why)) => Err(stay_in_doubt(poster, &ready.held, &why).await),
        Err(error) if error.is_passing() => {
            Err(poster.put_off(&ready.held, wait_of(&error), &error.to_string()).await)
        }
        Err(error) => Err(stay_in_doubt(poster, &ready.held, &error.to_string()).await),
    }
}

/// Nobody can tell: it stays in doubt, and an operator sees it. Whoever takes it up again and again need not tell
/// the operator each time.
async fn stay_in_doubt(poster: &Poster, held: &Held, why: &str) -> Ending {
    let now = poster.clock.now();
    let next = held.still_in_doubt(now, why, taken_up_at(poster, now));
    let (step, is_known) = match held.record.state {
        State::InDoubt { step, since } => (step, now.duration_since(since) > KNOWN_AFTER),
        _ => (Step::Lines, false),
    };
    telemetry::count(Metric::InDoubt, held.record.key.tenant.as_str(), 1);
    if is_known {
        return poster.conclude(next, Ending::Done).await;
    }
    let ending = Ending::Bury { record: Some(held.record.key.clone()), reason: format!("in doubt: {step}") };
    poster.conclude(next, ending).await
}

/// When somebody else takes up what is in doubt from now on.
pub(crate) fn taken_up_at(poster: &Poster, now: Timestamp) -> Timestamp {
    now.checked_add(poster.quiet.saturating_add(TAKEN_UP_AFTER)).unwrap_or(now)
}

/// What is to be posted goes on; all else ends here.
async fn go_on(poster: &Poster, ready: Ready, begun: Option<Begun>) -> Result<Going, Ending> {
    let Ready { held, plan, fingerprint, .. } = ready;
    match (plan, begun) {
        (Plan::Planned { document, buyer, findings }, begun) => {
            let buyer = buyer.map(|buyer| *buyer);
            match *document {
                Document::SalesOrder(order) => Ok(Going { held, order, buyer, findings, fingerprint, begun }),
                other => Err(poster.reject(&held, vec![not_a_sales_order(&other)]).await),
            }
        }
        (Plan::Known { number }, _) => {
            Err(poster.skip(&held, format!("CloudSuite has it as {number}")).await)
        }
        (Plan::Skip(reason), None) => Err(poster.skip(&held, reason).await),
        (Plan::Skip(reason), Some(begun)) => {
            let message = format!("{reason}, but batch order {} was begun in CloudSuite", begun.temporary);
            let help = "delete the batch order in OIS275; it is not confirmed, so nothing is shipped for it";
            Err(poster.reject(&held, vec![Finding::new(FindingCode::Refused, "order", message, help)]).await)
        }
        (Plan::Reject(findings), _) => Err(poster.reject(&held, findings).await),
    }
}

/// What is wrong with a document that is no sales order.
fn not_a_sales_order(document: &Document) -> Finding {
    let message = format!("it becomes a {}, which this release does not post", document.kind());
    let help = "let orders.strategy in the mapping file be \"customer_order\" or \"import_document\"";
    Finding::new(FindingCode::Mapping, "orders.strategy", message, help)
}
