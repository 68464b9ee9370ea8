//! Charges that are connected to a customer order.

use super::require_below;
use crate::{
    m3::{Input, Nok, Outcome, batch::check_charge, state::M3},
    master::{Record, field},
};

/// `LstConnCOCharge`. A delivery's own charges are not simulated.
pub(super) fn list(m3: &M3, input: &Input<'_>) -> Outcome {
    input.refuse(&["DLIX"])?;
    let order = m3.order(input.get("ORNO"))?;
    let wanted = input.given("CRID");
    let rows = order.content.charges.iter().filter(|row| wanted.is_none_or(|id| field(row, "CRID") == id));
    let currency = field(&order.content.head, "CUCD");
    let shown = |row: &Record| {
        let mut row = row.clone();
        row.extend([("ORNO".to_owned(), order.number.clone()), ("CUCD".to_owned(), currency.to_owned())]);
        row
    };
    Ok(rows.map(shown).collect())
}

/// `AddConnCOCharge`: a charge that the order does not have.
pub(super) fn add(m3: &mut M3, input: &Input<'_>) -> Outcome {
    check_charge(m3, input)?;
    let charge = stored(input);
    if place(m3, input)?.is_some() {
        return Err(Nok::generic("CRID", format!("Charge {} exists already", input.get("CRID"))));
    }
    m3.order_mut(input.get("ORNO"))?.content.charges.push(charge);
    Ok(Vec::new())
}

/// `UpdConnCOCharge`: what is not given stays.
pub(super) fn update(m3: &mut M3, input: &Input<'_>) -> Outcome {
    input.numbers(&["CRAM", "CRFA"])?;
    let (changes, place) = (stored(input), required(m3, input)?);
    m3.order_mut(input.get("ORNO"))?.content.charges[place].extend(changes);
    Ok(Vec::new())
}

/// `DelConnCOCharge`.
pub(super) fn delete(m3: &mut M3, input: &Input<'_>) -> Outcome {
    let place = required(m3, input)?;
    m3.order_mut(input.get("ORNO"))?.content.charges.remove(place);
    Ok(Vec::new())
}

fn stored(input: &Input<'_>) -> Record {
    let mut fields = input.stored();
    fields.retain(|name, _| name != "ORNO");
    fields
}

/// Where the charge stands among the order's, once the order may still be changed.
fn place(m3: &M3, input: &Input<'_>) -> Result<Option<usize>, Nok> {
    let order = m3.order(input.get("ORNO"))?;
    require_below(m3.settings.order_changes.charges_below, order.reached(), "The order")?;
    Ok(order.content.charges.iter().position(|row| field(row, "CRID") == input.get("CRID")))
}

fn required(m3: &M3, input: &Input<'_>) -> Result<usize, Nok> {
    let missing = || Nok::generic("CRID", format!("The order has no charge {}", input.get("CRID")));
    place(m3, input)?.ok_or_else(missing)
}
