//! Every delivery that was accepted is accounted for by its id, and nothing is left lying about.

use std::collections::BTreeSet;

use domain::Kind;

use super::{orders::names, view::View};
use crate::{World, scenario::Scenario};

pub(super) fn judge(view: &View, world: &World, scenario: &Scenario) -> Vec<String> {
    let mut violations = Vec::new();
    for delivery in world.accounts.all_accepted().difference(&view.sent) {
        violations.push(format!("{delivery} was accepted, and the queue never had it"));
    }
    for delivery in scenario.deliveries.iter().filter(|delivery| view.sent.contains(&delivery.id)) {
        let order = scenario.orders[delivery.order].id;
        let in_trail = view
            .record(order)
            .is_some_and(|(_, trail)| trail.iter().any(|entry| names(&entry.detail, &delivery.id)));
        if !in_trail && !view.dead.contains(&delivery.id) {
            violations.push(format!("{} is in no trail and no dead letter", delivery.id));
        }
    }
    for (record, _) in view.records.values() {
        // A customer's record waits for the next order, which asks M3 first.
        if record.lease.is_some() && record.key.kind == Kind::Order {
            violations.push(format!("{} is still held", record.key));
        }
    }
    let left = world.events.messages().len();
    if left > 0 {
        violations.push(format!("{left} messages are left on the queue"));
    }
    violations.extend(strangers(view, scenario));
    violations
}

/// Records of orders that the source never had.
fn strangers(view: &View, scenario: &Scenario) -> Vec<String> {
    let known: BTreeSet<_> = scenario.orders.iter().map(|story| story.id.to_string()).collect();
    let orders = view.records.keys().filter(|key| key.kind == Kind::Order);
    let strange = orders.filter(|key| !known.contains(key.id.as_str()));
    strange.map(|key| format!("{key} is no order of the source")).collect()
}
