//! What is odd about one object: what ShipBob has now, against its record. Pure.

use domain::{Finding, Kind, Quantities, Record, RecordKey, State};
use rust_decimal::Decimal;

use super::{
    listed::{Listed, Wanted, without_zeros},
    odd::{Oddity, What},
};

/// What CloudSuite was given of a record, by the ledger.
pub(super) struct Given {
    /// What it took, confirmed or not.
    pub(super) posted: Quantities,
    /// What it really has.
    pub(super) confirmed: Quantities,
}

impl Given {
    pub(super) fn of(record: Option<&Record>) -> Self {
        let Some(record) = record else {
            return Self { posted: Quantities::new(), confirmed: Quantities::new() };
        };
        let confirmed = without_zeros(record.movements.done.clone());
        let mut posted = confirmed.clone();
        if record.state == State::Posted {
            for (id, quantity) in record.movements.under_way.iter().flatten() {
                *posted.entry(id.clone()).or_default() += *quantity;
            }
        }
        Self { posted: without_zeros(posted), confirmed }
    }
}

/// Everything odd about an object.
pub(super) fn judge(listed: &Listed, record: Option<&Record>) -> Vec<Oddity> {
    let (wanted, given) = (listed.wanted.quantities(), Given::of(record));
    let mut odd = Vec::new();
    match (record, &listed.wanted) {
        (_, Wanted::Unplanned(_, findings)) if record.is_none_or(|record| !has_findings(record)) => {
            odd.push(wrong(What::NotPlanned, &listed.key, findings));
        }
        (None, Wanted::Quantities(_)) => odd.push(not_heard_of(&listed.key)),
        _ => {}
    }
    let of_state = record.and_then(of_state);
    // What was never posted differs of course, and its state says why.
    let is_explained = (of_state.is_some() || !odd.is_empty()) && given.posted.is_empty();
    odd.extend(of_state);
    if given.posted != wanted && !is_explained {
        odd.push(differs(&listed.key, &wanted, &given.posted));
    }
    odd.extend(short(listed));
    odd
}

/// A record of the period that ShipBob does not have.
pub(super) fn not_listed(record: &Record) -> Oddity {
    Oddity {
        what: What::NotListed,
        kind: record.key.kind,
        id: record.key.id.clone(),
        findings: Vec::new(),
        detail: format!("the ledger has it, {}, and ShipBob does not", record.state.word()),
        help: "look for it in ShipBob; what CloudSuite has of it is to be taken back by hand if it is gone there"
            .to_owned(),
    }
}

fn has_findings(record: &Record) -> bool {
    matches!(record.state, State::Rejected { .. } | State::Failed { .. } | State::NeedsReview { .. })
}

fn not_heard_of(key: &RecordKey) -> Oddity {
    let help = "let the poller's job ingest read ShipBob's lists; if it does, look at the queue and the dead-letter queue";
    oddity(What::NotHeardOf, key, "the ledger has no record of it".to_owned(), help)
}

/// What a record's state says that is odd; nothing of one that came to a good end.
fn of_state(record: &Record) -> Option<Oddity> {
    let key = &record.key;
    let trail = || format!("look at it again later; `ops trail --tenant {} {key}` tells more", key.tenant);
    Some(match &record.state {
        State::Confirmed | State::Skipped { .. } | State::Cancelled => return None,
        State::Rejected { findings } => match record.next_check {
            Some(next) => {
                let mut odd = wrong(What::Parked, key, findings);
                odd.help = format!("{}; it is tried again by itself from {next:.0} on", odd.help);
                odd
            }
            None => wrong(What::Rejected, key, findings),
        },
        State::Failed { findings } => wrong(What::Failed, key, findings),
        State::NeedsReview { findings } => wrong(What::NeedsReview, key, findings),
        State::InDoubt { since, step } => {
            let detail = format!("since {since:.0}, at the step {step}");
            oddity(
                What::InDoubt,
                key,
                detail,
                "the poller's job settle asks CloudSuite; it is entered by nobody before",
            )
        }
        State::Waiting { until, why } => {
            oddity(What::Waiting, key, format!("until {until:.0}: {why}"), &trail())
        }
        State::Received | State::Posting { .. } => {
            oddity(What::UnderWay, key, format!("it is {}", record.state.word()), &trail())
        }
        State::Posted => {
            let detail = "CloudSuite took it and was not yet seen to have it".to_owned();
            oddity(What::Unconfirmed, key, detail, "the poller's job confirm looks for it; look again later")
        }
    })
}

fn differs(key: &RecordKey, wanted: &Quantities, posted: &Quantities) -> Oddity {
    let is_fee = key.kind == Kind::Fee;
    let sign = |quantity: Decimal| if key.kind == Kind::Return { -quantity } else { quantity };
    let ids = wanted.keys().chain(posted.keys().filter(|id| !wanted.contains_key(*id)));
    let of =
        |quantities: &Quantities, id: &str| sign(quantities.get(id).copied().unwrap_or_default()).normalize();
    let differing = ids.filter(|id| wanted.get(*id) != posted.get(*id));
    let each = differing.map(|id| {
        let what = if is_fee { id.clone() } else { format!("item {id}") };
        format!("{what}: ShipBob {}, CloudSuite {}", of(wanted, id), of(posted, id))
    });
    let detail = each.collect::<Vec<_>>().join("; ");
    let replay = format!(
        "`ops replay --tenant {} --source shipbob --by NAME {key}` once ShipBob's newest word was taken in",
        key.tenant
    );
    let (what, help) = if is_fee {
        let help = "a journal entry is not changed: book the difference by hand in CloudSuite".to_owned();
        (What::AmountDiffers, help)
    } else {
        let help =
            format!("the job ingest posts the difference by itself when it reads the object; else {replay}");
        (What::QuantitiesDiffer, help)
    };
    oddity(what, key, detail, &help)
}

fn short(listed: &Listed) -> Option<Oddity> {
    let each = listed.short.iter().map(|short| {
        let (expected, stowed) = (short.expected.normalize(), short.stowed.normalize());
        format!("item {}: {expected} announced, {stowed} on the shelves", short.inventory_id)
    });
    let detail = each.collect::<Vec<_>>().join("; ");
    let help = "claim what is missing from ShipBob or the supplier; CloudSuite has what is on the shelves";
    (!detail.is_empty()).then(|| oddity(What::ShortReceipt, &listed.key, detail, help))
}

fn oddity(what: What, key: &RecordKey, detail: String, help: &str) -> Oddity {
    Oddity { what, kind: key.kind, id: key.id.clone(), findings: Vec::new(), detail, help: help.to_owned() }
}

/// Findings, as one oddity.
fn wrong(what: What, key: &RecordKey, findings: &[Finding]) -> Oddity {
    let said = |finding: &Finding| match finding.field.as_str() {
        "" => finding.message.clone(),
        field => format!("{field}: {}", finding.message),
    };
    let mut helps: Vec<&str> = findings.iter().map(|finding| finding.help.as_str()).collect();
    helps.dedup();
    let detail = findings.iter().map(said).collect::<Vec<_>>().join("; ");
    let findings = findings.iter().map(|finding| finding.code.to_string()).collect();
    Oddity { findings, ..oddity(what, key, detail, &helps.join("; ")) }
}
