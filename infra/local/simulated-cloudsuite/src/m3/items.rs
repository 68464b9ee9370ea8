//! MMS200MI: items, alone, in a warehouse, in a facility, with their units and balances; one by one and in lists.

use super::batch_lines::in_warehouse;
use super::state::M3;
use super::{Call, Input, Nok, Outcome, not_simulated, search, stock};
use crate::master::{Item, Record, field};

pub(super) fn run(m3: &M3, call: &Call<'_>) -> Outcome {
    let input = &call.input;
    let number = input.get("ITNO");
    match call.transaction {
        "Get" | "GetItmBasic" => Ok(vec![row(m3, m3.item(number)?, "", "")]),
        "GetItmWhsBasic" => {
            let (item, warehouse) = (m3.item_in(input)?, input.get("WHLO"));
            Ok(vec![row(m3, item, "WHLO", warehouse)])
        }
        "GetItmWhsBal" => {
            let (item, warehouse) = (m3.item_in(input)?, input.get("WHLO"));
            let mut found = row(m3, item, "WHLO", warehouse);
            found.extend(stock::item_balance(m3, number, warehouse));
            Ok(vec![found])
        }
        "GetItmFac" => {
            let facility = input.get("FACI");
            m3.facility(facility)?;
            let item = m3.item(number)?;
            in_facility(m3, item, facility)?;
            Ok(vec![row(m3, item, "FACI", facility)])
        }
        "LstItmByItm" => list(m3, input),
        "LstItmWhsByWhs" => Ok(list_in_warehouses(m3, input, |place, item| [place, item].map(str::to_owned))),
        "LstItmWhsByItm" => Ok(list_in_warehouses(m3, input, |place, item| [item, place].map(str::to_owned))),
        "LstItmAltUnitMs" => units(m3, input),
        // The index of items is taken to be up to date: nothing here changes an item.
        "SearchItem" => {
            search::run(m3, call, m3.items.values().map(|item| (jiff::Timestamp::MIN, item.fields.clone())))
        }
        _ => Err(not_simulated(call)),
    }
}

/// `LstItmByItm`: from this item on.
fn list(m3: &M3, input: &Input<'_>) -> Outcome {
    input.refuse(&["FSTY", "TSTY", "CHCD"])?;
    let from = m3.items.range(input.get("ITNO").to_owned()..);
    Ok(from.map(|(_, item)| row(m3, item, "", "")).collect())
}

/// Items in warehouses, in this order, those of the warehouse and the item if they are given.
fn list_in_warehouses(m3: &M3, input: &Input<'_>, key: fn(&str, &str) -> [String; 2]) -> Vec<Record> {
    let wanted = |name: &str, value: &str| input.given(name).is_none_or(|wanted| wanted == value);
    let mut found: Vec<([String; 2], Record)> = Vec::new();
    for (number, item) in m3.items.iter().filter(|(number, _)| wanted("ITNO", number)) {
        for place in item.warehouses.iter().filter(|place| wanted("WHLO", place)) {
            let mut row = row(m3, item, "WHLO", place);
            let warehouse = m3.warehouse(place);
            let of_place = |name| warehouse.as_ref().map_or("", |row| field(row, name)).to_owned();
            row.insert("WHNM".to_owned(), of_place("WHNM"));
            row.insert("FACI".to_owned(), of_place("FACI"));
            found.push((key(place, number), row));
        }
    }
    found.sort_by(|(left, _), (right, _)| left.cmp(right));
    found.into_iter().map(|(_, row)| row).collect()
}

/// `LstItmAltUnitMs`: alternate units of the items from FITN to TITN.
fn units(m3: &M3, input: &Input<'_>) -> Outcome {
    input.refuse(&["FAUT", "TAUT", "LGUN"])?;
    let (first, last) = (input.get("FITN"), input.get("TITN"));
    if first > last {
        return Ok(Vec::new());
    }
    let items = m3.items.range(first.to_owned()..=last.to_owned());
    let rows = items.flat_map(|(number, item)| {
        item.alternatives.iter().map(|unit| {
            let mut row = unit.clone();
            row.insert("ITNO".to_owned(), number.clone());
            row.insert("ITDS".to_owned(), field(&item.fields, "ITDS").to_owned());
            row
        })
    });
    Ok(rows.collect())
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

impl M3 {
    /// The item that a record names, which must be in the warehouse that it names.
    fn item_in(&self, input: &Input<'_>) -> Result<&Item, Nok> {
        self.warehouse(input.get("WHLO"))?;
        let item = self.item(input.get("ITNO"))?;
        in_warehouse(self, item, input.get("WHLO"))?;
        Ok(item)
    }
}
