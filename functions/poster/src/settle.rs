//! Settling what is in doubt: CloudSuite is asked for it by our reference, for all of a batch at once, before
//! anything is planned, rejected or written for it.

use cloudsuite::{Begun, CallError, Found, Sought};
use domain::{
    Company, Currency, Digest, Document, DocumentKind, Finding, FindingCode, Held, Private, Reference,
    References, Release, SalesOrder, State, Step,
};
use jiff::{SignedDuration, Timestamp};
use mapping::{Buyer, Plan};
use platform::{
    Envelope,
    telemetry::{self, Metric},
};

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

/// A document that goes on.
pub(crate) struct Going {
    pub(crate) held: Held,
    pub(crate) document: Document,
    /// Who buys; nobody for documents without a buyer, or if the findings say why.
    pub(crate) buyer: Option<Buyer>,
    /// What the plan found wrong: what CloudSuite does not know is added, so that one report says all.
    pub(crate) findings: Vec<Finding>,
    pub(crate) fingerprint: Digest,
    /// What CloudSuite has of it from an earlier try, not confirmed.
    pub(crate) begun: Option<Begun>,
    /// What is to become of what CloudSuite has, if it has the document.
    pub(crate) amendment: Option<Wish>,
    /// What is to be on the queue before the record says that CloudSuite has the document.
    pub(crate) follow_up: Option<Envelope>,
}

/// What is to become of a document that CloudSuite has.
pub(crate) struct Wish {
    /// What the source had when it was last written, if that is known.
    pub(crate) before: Option<Document>,
    /// It is to be cancelled.
    pub(crate) cancel: bool,
}

/// Asks for what is in doubt and ends what is not to be posted; the rest goes on. One result for each, in order.
pub(crate) async fn settle(poster: &Poster, group: Vec<Ready>, turn: Turn) -> Vec<Result<Going, Ending>> {
    let answers = ask(&group, turn).await;
    let settled = group.into_iter().zip(answers).map(|(ready, answer)| async move {
        match answer {
            None if ready.held.is_to_be_amended() => amend(poster, ready).await,
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
    let company = first.company();
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
        message_number: record.message_number(),
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
            let asked = ready.company();
            ready.held.found_absent(now);
            if ready.company() != asked {
                let why = format!("company {asked} has nothing of it, and it belongs to another one");
                return Err(poster.put_off(&ready.held, 1, &why).await);
            }
            go_on(poster, ready, None).await
        }
        Ok(Found::Begun(begun)) if belongs_elsewhere(&ready) => {
            let (what, place) = begun_as(&ready.held);
            let message = format!(
                "{what} {} was begun in company {}, to which it does not belong by today's rules",
                begun.temporary,
                ready.company()
            );
            let help = format!("delete it in {place}, or correct the company rules; then redrive");
            let finding = Finding::new(FindingCode::Refused, "companies", message, help);
            Err(poster.reject(&ready.held, vec![finding]).await)
        }
        Ok(Found::Begun(mut begun)) => {
            ready.held.found_begun(now, &begun.temporary, begun.lines.len());
            begun.outdated |= ready.held.record.fingerprint != Some(ready.fingerprint);
            go_on(poster, ready, Some(begun)).await
        }
        // What came since cannot be made of it, and it is no order yet that a person could compare.
        Ok(Found::Taken(References { number: None, .. })) if !(ready.cancel || is_planned(&ready)) => {
            Err(stay_in_doubt(poster, &ready.held, "CloudSuite took it and made no order of it yet").await)
        }
        Ok(Found::Taken(references)) if ready.held.record.fingerprint != Some(ready.fingerprint) => {
            tracing::info!(record = %ready.held.record.key, "CloudSuite has it, of another content");
            ready.held.found_taken(now, references);
            // Of goods, what is still missing is a further movement.
            if ready.held.record.document_kind().is_of_goods() {
                go_on(poster, ready, None).await
            } else {
                amend(poster, ready).await
            }
        }
        Ok(Found::Taken(references)) => {
            tracing::info!(record = %ready.held.record.key, "CloudSuite has it");
            poster.follow_up(&ready.held, ready.follow_up).await?;
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

/// What a document is as long as it is only begun, and where a person finds it in M3.
fn begun_as(held: &Held) -> (&'static str, &'static str) {
    match held.record.document_kind() {
        DocumentKind::InventoryIssue | DocumentKind::GoodsReceipt => ("message", "MMS850 or MHS850"),
        DocumentKind::JournalEntry => ("interface batch", "GLS840"),
        DocumentKind::PurchaseOrder => ("batch purchase order", "PPS370"),
        DocumentKind::SalesOrder | DocumentKind::Customer => ("batch order", "OIS275"),
    }
}

fn is_planned(ready: &Ready) -> bool {
    matches!(&ready.plan, Plan::Planned { .. })
}

/// Whether what was looked for is to be posted in another company than the one in which it was begun.
fn belongs_elsewhere(ready: &Ready) -> bool {
    matches!(&ready.plan, Plan::Planned { document, .. } if document.company() != ready.company())
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
    let company = ready.tenant.company();
    let Ready { mut held, plan, cancel, fingerprint, follow_up, .. } = ready;
    match (plan, begun) {
        (Plan::Planned { document, buyer, findings }, begun) => {
            let record = &held.record;
            let document = record.movements.next_of(&record.key, *document);
            if document.kind().is_of_goods() && document.goods().is_empty() && findings.is_empty() {
                let settled = held.settled(poster.clock.now(), fingerprint);
                return Err(poster.conclude(settled, Ending::Done).await);
            }
            let buyer = buyer.map(|buyer| *buyer);
            Ok(Going { held, document, buyer, findings, fingerprint, begun, amendment: None, follow_up })
        }
        (Plan::Known { number }, _) => {
            let references = References { number: Some(number), temporary: None };
            Err(poster.conclude(held.done(poster.clock.now(), references), Ending::Done).await)
        }
        (Plan::Skip(reason), None) => Err(poster.skip(&held, reason).await),
        (Plan::Skip(_), Some(begun)) if cancel => {
            held.record.references.temporary = Some(begun.temporary);
            Ok(cancelling(held, &company, fingerprint))
        }
        (Plan::Skip(reason), Some(begun)) => {
            let (what, place) = begun_as(&held);
            let message = format!("{reason}, but {what} {} was begun in CloudSuite", begun.temporary);
            let help = format!("delete it in {place}; it is not confirmed, so nothing follows from it");
            Err(poster.reject(&held, vec![Finding::new(FindingCode::Refused, "order", message, help)]).await)
        }
        (Plan::Reject(findings), _) => Err(poster.reject(&held, findings).await),
    }
}

/// What CloudSuite has goes on to be brought to what the source has now.
async fn amend(poster: &Poster, ready: Ready) -> Result<Going, Ending> {
    let company = ready.company();
    let Ready { held, plan, cancel, fingerprint, before, follow_up, .. } = ready;
    match plan {
        Plan::Planned { document, .. } if document.company() != company => {
            let finding = other_company(&company, &document.company());
            Err(poster.review(&held, Some(fingerprint), vec![finding]).await)
        }
        Plan::Planned { document, buyer, findings } => {
            let (mut document, buyer) = (*document, buyer.map(|buyer| *buyer));
            // Who buys is settled when the order is entered.
            if let Document::SalesOrder(order) = &mut document {
                order.customer = held.record.customer.clone().unwrap_or_default();
            }
            let amendment = Some(Wish { before, cancel: false });
            Ok(Going { held, document, buyer, findings, fingerprint, begun: None, amendment, follow_up })
        }
        Plan::Skip(_) if cancel && held.record.document_kind() == DocumentKind::SalesOrder => {
            Ok(cancelling(held, &company, fingerprint))
        }
        Plan::Skip(reason) if cancel => {
            let number = held.record.references.number.clone().unwrap_or_default();
            let message = format!("{reason}, and CloudSuite has {} {number}", held.record.document_kind());
            let help = "take it back in CloudSuite by hand";
            let finding = Finding::new(FindingCode::Differs, "", message, help);
            Err(poster.review(&held, Some(fingerprint), vec![finding]).await)
        }
        // The source asks for nothing that CloudSuite would see.
        Plan::Skip(_) | Plan::Known { .. } => match held.record.written() {
            Some(written) => {
                let next = held.amended(poster.clock.now(), &written, &[]);
                Err(poster.conclude(next, Ending::Done).await)
            }
            None => Err(poster.reject(&held, Vec::new()).await),
        },
        Plan::Reject(findings) => Err(poster.review(&held, Some(fingerprint), findings).await),
    }
}

/// An order that is to be cancelled: which one it is stands in its reference and numbers, the rest is of no matter.
fn cancelling(held: Held, company: &Company, fingerprint: Digest) -> Going {
    let company = held.record.company.as_ref().unwrap_or(company);
    let order = SalesOrder {
        reference: Reference::of(&held.record.key),
        source_name: held.record.name.clone(),
        company: company.number,
        division: company.division.clone(),
        customer: held.record.customer.clone().unwrap_or_default(),
        order_type: String::new(),
        facility: String::new(),
        warehouse: String::new(),
        currency: Currency::NONE,
        order_date: jiff::civil::Date::ZERO,
        ship_to: None,
        lines: Vec::new(),
        charges: Vec::new(),
        note: Private::default(),
        buyer_reference: String::new(),
        payment_terms: String::new(),
        release: Release::AtOnce,
    };
    Going {
        held,
        document: Document::SalesOrder(order),
        buyer: None,
        findings: Vec::new(),
        fingerprint,
        begun: None,
        amendment: Some(Wish { before: None, cancel: true }),
        follow_up: None,
    }
}

fn other_company(has: &Company, wanted: &Company) -> Finding {
    let message = format!("CloudSuite has it in company {has}, and by today's rules it belongs to {wanted}");
    let help =
        "take it back in CloudSuite by hand and enter it in the other company, or correct the company rules";
    Finding::new(FindingCode::Differs, "companies", message, help)
}
