//! The head of a customer order: its references, and its end.

use super::{CLOSED, require_below};
use crate::m3::state::M3;
use crate::m3::{Input, Nok, Outcome};
use crate::settings::HeadDeletion;

/// `DelHead`: the order goes, if each of its open lines may be deleted. Its batch order still names it.
pub(super) fn delete(m3: &mut M3, input: &Input<'_>) -> Outcome {
    let number = input.get("ORNO");
    let order = m3.order(number)?;
    let rules = &m3.settings.order_changes;
    if rules.head_deletion == HeadDeletion::OnlyWithoutLines && !order.content.lines.is_empty() {
        return Err(Nok::generic("ORNO", format!("Customer order {number} has lines")));
    }
    for line in order.content.lines.iter().filter(|line| line.status != CLOSED) {
        require_below(rules.delete_line_below, &line.status, &format!("Line {}", line.number))?;
    }
    if let Some(order) = m3.orders.remove(number) {
        m3.deleted_orders.push(order);
    }
    Ok(Vec::new())
}

/// `ChgOrderRef`: what is not given stays.
pub(super) fn change_references(m3: &mut M3, input: &Input<'_>) -> Outcome {
    let number = input.get("ORNO");
    let order = m3.order(number)?;
    require_below(m3.settings.order_changes.references_below, order.reached(), "The order")?;
    input.dates(&["CUDT"])?;
    let mut changes = input.stored();
    changes.retain(|name, _| !["ORNO", "IGWA"].contains(&name.as_str()));
    m3.order_mut(number)?.content.head.extend(changes);
    Ok(Vec::new())
}
