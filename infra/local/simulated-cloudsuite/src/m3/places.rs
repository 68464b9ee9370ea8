//! MMS005MI and CRS008MI: warehouses and facilities.

use super::state::M3;
use super::{Call, Input, Outcome, not_simulated};
use crate::master::{Record, field};

pub(super) fn run(m3: &M3, call: &Call<'_>) -> Outcome {
    let input = &call.input;
    match (call.program, call.transaction) {
        ("MMS005MI", "GetWarehouse") => Ok(vec![row(m3, m3.warehouse(input.get("WHLO"))?)]),
        ("MMS005MI", "LstWarehouses") => list_warehouses(m3, input),
        ("CRS008MI", "Get") => Ok(vec![row(m3, m3.facility(input.get("FACI"))?)]),
        ("CRS008MI", "ListFacility") => {
            Ok(listed(m3, &m3.master.facilities, "FACI", input.get("FACI"), "\u{10ffff}"))
        }
        _ => Err(not_simulated(call)),
    }
}

/// `LstWarehouses`: FWHL and TWHL bound the code.
fn list_warehouses(m3: &M3, input: &Input<'_>) -> Outcome {
    input.refuse(&["STOF", "DCIN", "LMTS"])?;
    let last = input.or("TWHL", &["\u{10ffff}"]);
    Ok(listed(m3, &m3.master.warehouses, "WHLO", input.get("FWHL"), last))
}

fn listed(m3: &M3, rows: &[Record], key: &str, first: &str, last: &str) -> Vec<Record> {
    let mut found: Vec<Record> = rows
        .iter()
        .filter(|place| (first..=last).contains(&field(place, key)))
        .map(|place| row(m3, place))
        .collect();
    found.sort_by(|left, right| field(left, key).cmp(field(right, key)));
    found
}

fn row(m3: &M3, place: &Record) -> Record {
    let mut row = place.clone();
    row.insert("CONO".to_owned(), m3.master.company.to_string());
    row.insert("CONM".to_owned(), m3.master.company_name.clone());
    row
}
