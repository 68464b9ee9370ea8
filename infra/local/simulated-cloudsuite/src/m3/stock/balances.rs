//! MMS310MI: balances by location and lot; and the sum of them by item and warehouse.

use rust_decimal::Decimal;

use super::Place;
use crate::m3::state::M3;
use crate::m3::{Call, Nok, Outcome, not_simulated};
use crate::master::{Record, field, record};

pub(super) fn run(m3: &M3, call: &Call<'_>) -> Outcome {
    let input = &call.input;
    input.refuse(&["CAMU", "REPN"])?;
    m3.warehouse(input.get("WHLO"))?;
    let of_warehouse = m3.stock.balances.iter().filter(|(place, _)| place.warehouse == input.get("WHLO"));
    match call.transaction {
        // From this item on; UNCONFIRMED.
        "List" => {
            let from = [input.get("ITNO"), input.get("WHSL"), input.get("BANO")];
            let key = |place: &Place| [place.item.clone(), place.location.clone(), place.lot.clone()];
            let found = of_warehouse.filter(|(place, _)| key(place).each_ref().map(String::as_str) >= from);
            Ok(found.map(|(place, held)| row(m3, place, *held)).collect())
        }
        "Get" => {
            let place = Place::of(input.get("WHLO"), input.get("ITNO"), input.get("WHSL"), input.get("BANO"));
            match m3.stock.balances.get(&place) {
                Some(held) => Ok(vec![row(m3, &place, *held)]),
                None => Err(Nok::known("XRE0103", "ITNO", "")),
            }
        }
        _ => Err(not_simulated(call)),
    }
}

fn row(m3: &M3, place: &Place, held: Decimal) -> Record {
    let item = m3.items.get(&place.item);
    let of_item = |name| item.map_or("", |item| field(&item.fields, name));
    record(&[
        ("CONO", &m3.master.company.to_string()),
        ("WHLO", &place.warehouse),
        ("ITNO", &place.item),
        ("WHSL", &place.location),
        ("BANO", &place.lot),
        ("STQT", &held.normalize().to_string()),
        ("STAS", "2"),
        ("ALQT", "0"),
        ("ITDS", of_item("ITDS")),
        ("STAT", of_item("STAT")),
        ("UNMS", of_item("UNMS")),
        ("WHNM", m3.warehouse(&place.warehouse).map_or("", |row| field(row, "WHNM"))),
    ])
}

/// `MMS200MI/GetItmWhsBal`: everything is approved and nothing allocated.
pub(crate) fn item_balance(m3: &M3, item: &str, warehouse: &str) -> Record {
    let own = m3.stock.balances.iter();
    let own = own.filter(|(place, _)| place.item == item && place.warehouse == warehouse);
    let held: Decimal = own.map(|(_, held)| *held).sum();
    let held = held.normalize().to_string();
    let zero = ["QUQT", "RJQT", "ALQT", "PLQT"].map(|name| (name, "0"));
    let mut row = record(&zero);
    row.extend(record(&[
        ("STQT", &held),
        ("AVAL", &held),
        ("AV01", &held),
        ("WHLO", warehouse),
        ("ITNO", item),
    ]));
    row
}
