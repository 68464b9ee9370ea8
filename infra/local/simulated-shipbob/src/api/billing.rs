//! What was billed.

use jiff::{SignedDuration, Timestamp, civil::Date, tz::Offset};
use serde::Deserialize;

use super::{Answer, Call, paging, problem};
use crate::simulator::SimulatedShipBob;
use crate::warehouse::{Transaction, TransactionType};

/// `Billing.TransactionRequestFilterV3`. Names that it does not have are silently ignored, those of ShipBob's own
/// guide (`start_date`, `end_date`, `limit`) and a cursor in the body among them.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Filter {
    from_date: Option<Timestamp>,
    to_date: Option<Timestamp>,
    reference_ids: Option<Vec<String>>,
    reference_types: Option<Vec<String>>,
    invoice_ids: Option<Vec<String>>,
    invoiced_status: Option<bool>,
    transaction_types: Option<Vec<TransactionType>>,
    transaction_fees: Option<Vec<String>>,
    page_size: Option<usize>,
    sort_order: Option<String>,
}

/// The days of charges that are found when no time is asked for.
const USUAL_DAYS: i64 = 7;

/// `POST /transactions:query`; the cursor is a parameter of the query. Windows are by charge date, both days in it.
pub(super) fn transactions(simulator: &SimulatedShipBob, call: &Call<'_>) -> Answer {
    let filter: Filter = match call.body {
        [] => Filter::default(),
        body => {
            serde_json::from_slice(body).map_err(|_| problem::details(400, "The filter is not valid."))?
        }
    };
    let size = filter.page_size.unwrap_or(100);
    if !(1..=1000).contains(&size) {
        return Err(problem::details(400, "page_size must be between 1 and 1000."));
    }
    let from = filter.from_date.unwrap_or(call.now - SignedDuration::from_hours(24 * USUAL_DAYS));
    let (first, last) = (day(from), filter.to_date.map(day));
    let wanted = |one: &&Transaction| {
        first <= one.charge_date && last.is_none_or(|last| one.charge_date <= last) && filter.takes(one)
    };
    let mut found: Vec<&Transaction> = simulator.warehouse.transactions.iter().filter(wanted).collect();
    found.sort_by_key(|one| one.charge_date);
    if filter.sort_order.as_deref() != Some("Ascending") {
        found.reverse();
    }
    paging::opaque(call.query.text("Cursor"), size, &found)
}

impl Filter {
    fn takes(&self, one: &Transaction) -> bool {
        let invoice = one.invoice_id.map(|id| id.to_string());
        among(self.reference_ids.as_ref(), one.reference_id.as_ref())
            && among(self.reference_types.as_ref(), one.reference_type.as_ref())
            && among(self.invoice_ids.as_ref(), invoice.as_ref())
            && among(self.transaction_types.as_ref(), Some(&one.transaction_type))
            && among(self.transaction_fees.as_ref(), Some(&one.transaction_fee))
            && self.invoiced_status.is_none_or(|wanted| one.invoiced_status == wanted)
    }
}

fn among<T: PartialEq>(wanted: Option<&Vec<T>>, value: Option<&T>) -> bool {
    wanted.is_none_or(|wanted| value.is_some_and(|value| wanted.is_empty() || wanted.contains(value)))
}

fn day(time: Timestamp) -> Date {
    Offset::UTC.to_datetime(time).date()
}
