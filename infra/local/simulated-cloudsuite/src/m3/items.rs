//! MMS200MI: items, alone, in a warehouse, in a facility.

use super::batch_lines::in_warehouse;
use super::state::M3;
use super::{Call, Nok, Outcome, not_simulated};
use crate::master::{Item, Record, field};

pub(super) fn run(m3: &M3, call: &Call<'_>) -> Outcome {
    let input = &call.input;
    let number = input.get("ITNO");
    match call.transaction {
        "Get" | "GetItmBasic" => Ok(vec![row(m3, m3.item(number)?, "", "")]),
        "GetItmWhsBasic" => {
            let warehouse = input.get("WHLO");
            m3.warehouse(warehouse)?;
            let item = m3.item(number)?;
            in_warehouse(m3, item, warehouse)?;
            Ok(vec![row(m3, item, "WHLO", warehouse)])
        }
        "GetItmFac" => {
            let facility = input.get("FACI");
            m3.facility(facility)?;
            let item = m3.item(number)?;
            in_facility(m3, item, facility)?;
            Ok(vec![row(m3, item, "FACI", facility)])
        }
        _ => Err(not_simulated(call)),
    }
}

fn in_facility(m3: &M3, item: &Item, facility: &str) -> Result<(), Nok> {
    let holds = |code: &String| m3.warehouse(code).is_ok_and(|place| field(place, "FACI") == facility);
    if item.warehouses.iter().any(holds) {
        return Ok(());
    }
    Err(Nok::known("WIT0101", "ITNO", field(&item.fields, "ITNO")))
}

fn row(m3: &M3, item: &Item, place: &str, code: &str) -> Record {
    let mut row = item.fields.clone();
    row.insert("CONO".to_owned(), m3.master.company.to_string());
    row.insert(place.to_owned(), code.to_owned());
    row
}
