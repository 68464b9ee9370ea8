//! One order in CloudSuite for each business key, with the newest content; or a record that says why not.

use domain::{Digest, Entry, Event, Finding, FindingCode, Record, State, Step};
use serde_json::Value;

use super::{
    content::differences,
    view::{View, field},
};
use crate::scenario::{Delivery, OrderStory, Scenario};

pub(super) fn judge(view: &View, scenario: &Scenario) -> Vec<String> {
    let mut violations = customers(view);
    let mut sent_of = vec![Vec::new(); scenario.orders.len()];
    for delivery in scenario.deliveries.iter().filter(|delivery| view.sent.contains(&delivery.id)) {
        sent_of[delivery.order].push(delivery);
    }
    for (story, sent) in scenario.orders.iter().zip(sent_of) {
        violations
            .extend(order(view, story, &sent).into_iter().map(|why| format!("order {}: {why}", story.id)));
    }
    violations
}

/// One customer for each buyer.
fn customers(view: &View) -> Vec<String> {
    let mut emails: Vec<_> = view
        .customers
        .values()
        .map(|customer| field(customer, "MAIL"))
        .filter(|mail| !mail.is_empty())
        .collect();
    emails.sort_unstable();
    let twice = emails.windows(2).filter(|pair| pair[0] == pair[1]);
    twice.map(|pair| format!("{} is two customers", pair[0])).collect()
}

fn order(view: &View, story: &OrderStory, sent: &[&Delivery]) -> Vec<String> {
    let reference = format!("S{}", story.id);
    let orders: Vec<_> = view.orders.get(&reference).into_iter().flatten().collect();
    let open = view.open.get(&reference).into_iter().flatten();
    let open: Vec<_> = open.map(|batch| field(batch, "number")).collect();
    let Some((record, trail)) = view.record(story.id) else {
        return if orders.is_empty() && open.is_empty() {
            Vec::new()
        } else {
            vec![format!("CloudSuite has {} orders and no record tells of them", orders.len())]
        };
    };
    let state = record.state.word();
    let is_told = view.told.contains(&record.key.to_string());
    let mut violations = Vec::new();
    // Of what M3 made less than it had accepted, the record says so.
    let is_incomplete = is_incomplete(record);
    let needs_review = matches!(record.state, State::NeedsReview { .. });
    let is_confirmed = record.state == State::Confirmed || needs_review || is_incomplete;
    // Of what is in doubt, and a person was told so, CloudSuite may have one order or none.
    let is_open = matches!(record.state, State::InDoubt { .. }) && is_told;
    if orders.len() != usize::from(is_confirmed) && !(is_open && orders.len() == 1) {
        let numbers: Vec<_> = orders.iter().map(|order| field(order, "number")).collect();
        violations.push(format!("it is {state}, and CloudSuite has {numbers:?}"));
    }
    if !open.is_empty() && !says_of_open(record, is_told) {
        violations.push(format!("it is {state}, and the batch orders {open:?} were left unconfirmed"));
    }
    if matches!(record.state, State::InDoubt { .. }) && !is_told {
        violations.push("it is still in doubt".to_owned());
    }
    if was_taken_up_again(trail) {
        violations.push("CloudSuite had it, and it was entered again".to_owned());
    }
    if let [order] = orders[..] {
        let number = record.references.number.as_deref();
        if is_confirmed && number != Some(field(order, "number")) {
            violations.push(format!("its record names {number:?}, not {}", field(order, "number")));
        }
        if let State::NeedsReview { findings } = &record.state {
            violations.extend(untold(view, story, record, order, findings));
        } else if !is_incomplete {
            violations.extend(content(view, story, sent, order, trail));
        }
    }
    violations
}

/// Whether the record tells a person that the order lacks lines.
fn is_incomplete(record: &Record) -> bool {
    let State::Failed { findings } = &record.state else { return false };
    findings.iter().any(|finding| finding.code == FindingCode::Incomplete)
}

/// Whether the record tells a person of a batch order that is not confirmed.
fn says_of_open(record: &Record, is_told: bool) -> bool {
    match &record.state {
        State::Failed { .. } => true,
        // Several batch orders with our reference: M3 had lost a deletion that it had answered.
        State::InDoubt { .. } => is_told,
        State::Rejected { findings } => {
            findings.iter().any(|finding| finding.message.contains("batch order"))
        }
        _ => false,
    }
}

/// The order says what the newest version says, or the trail says of each newer delivery why not.
fn content(
    view: &View,
    story: &OrderStory,
    sent: &[&Delivery],
    order: &Value,
    trail: &[Entry],
) -> Option<String> {
    let mut versions: Vec<_> = sent.iter().map(|delivery| delivery.version).collect();
    versions.sort_unstable();
    versions.dedup();
    let differences = |place: usize| differences(view, order, &story.versions[place].order);
    let is_same = |&&place: &&usize| differences(place).is_empty();
    let Some(&there) = versions.iter().rev().find(is_same) else {
        let first = versions.last().and_then(|&newest| differences(newest).into_iter().next());
        let words = first.map(|difference| difference.words).unwrap_or_default();
        return Some(format!("its content is that of no version; against the newest: {words}"));
    };
    let updated = |place: usize| story.versions[place].updated;
    let taken = |place: &usize| first_taken(trail, sent, *place);
    if let Some(when) = taken(&there) {
        let mut overtaken = versions.iter().filter(|place| updated(**place) > updated(there));
        if let Some(newer) = overtaken.find(|place| taken(place).is_some_and(|taken| taken < when)) {
            return Some(format!("its content is of version {there}, taken in after version {newer}"));
        }
    }
    let newer = sent.iter().filter(|delivery| updated(delivery.version) > updated(there));
    let (told, untold): (Vec<&&Delivery>, Vec<_>) =
        newer.partition(|delivery| tells(trail, &delivery.id) || view.dead.contains(&delivery.id));
    // Of what something newer took the place, that one's reason is reason enough.
    let newest_told = told.iter().map(|delivery| updated(delivery.version)).max();
    let mut untold = untold.iter().filter(|delivery| Some(updated(delivery.version)) > newest_told);
    untold.next().map(|delivery| {
        let id = &delivery.id;
        format!("its content is of version {there}, and the trail does not say why {id} was passed over")
    })
}

/// What differs from the version that the record was last made of, and no finding tells a person of. Where an item is
/// not known, nothing was changed at all.
fn untold(
    view: &View,
    story: &OrderStory,
    record: &Record,
    order: &Value,
    findings: &[Finding],
) -> Option<String> {
    let version = story.versions.iter().find(|version| Digest::of(version.body.as_bytes()) == record.body)?;
    if findings.iter().any(|finding| finding.code != FindingCode::Differs) {
        return None;
    }
    let is_told = |fields: &[&str]| {
        findings.iter().any(|finding| fields.iter().any(|name| finding.field.starts_with(name)))
    };
    let mut differences = differences(view, order, &version.order).into_iter();
    let untold = differences.find(|difference| !is_told(difference.fields))?;
    Some(format!("it needs review, and no finding tells that {}", untold.words))
}

/// Whether the order was entered although CloudSuite had it and nothing had gone wrong with it since.
fn was_taken_up_again(trail: &[Entry]) -> bool {
    let mut is_there = false;
    for entry in trail {
        match entry.event {
            Event::Posting if is_there && entry.detail == Step::Head.to_string() => return true,
            Event::Posted | Event::Confirmed => is_there = true,
            Event::Failed | Event::InDoubt | Event::Rejected => is_there = false,
            _ => {}
        }
    }
    false
}

/// The place in the trail at which a version was first taken in.
fn first_taken(trail: &[Entry], sent: &[&Delivery], version: usize) -> Option<usize> {
    let of_it = |entry: &Entry| {
        let mut own = sent.iter().filter(|delivery| delivery.version == version);
        entry.event == Event::Received && own.any(|delivery| names(&entry.detail, &delivery.id))
    };
    trail.iter().position(of_it)
}

/// Whether a trail says that a delivery came to nothing.
fn tells(trail: &[Entry], delivery: &str) -> bool {
    let told = [Event::Skipped, Event::Unchanged, Event::Stale, Event::Duplicate];
    trail.iter().any(|entry| told.contains(&entry.event) && names(&entry.detail, delivery))
}

/// Whether a detail names a delivery, and not one whose id only begins alike.
pub(super) fn names(detail: &str, delivery: &str) -> bool {
    detail.split([' ', ':', ',']).any(|word| word == delivery)
}
