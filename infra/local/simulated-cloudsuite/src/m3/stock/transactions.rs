//! MWS070MI: stock transactions, as they were made.

use jiff::tz::TimeZone;
use rust_decimal::Decimal;

use super::StockTransaction;
use crate::m3::state::M3;
use crate::m3::{Call, Input, Nok, Outcome, not_simulated};
use crate::master::{Record, field};

pub(super) fn run(m3: &M3, call: &Call<'_>) -> Outcome {
    let input = &call.input;
    match call.transaction {
        "ListTransByRef" => Ok(listed(m3, |one| refers(one, input))),
        "LstTransByOrder" => {
            Ok(listed(m3, |one| is_of_type(one, input) && refers(one, input) && lies(one, input)))
        }
        "ListTransByDate" => by_entry(m3, input),
        "SelStockTran" => by_date(m3, input),
        "GetStockTrans" => one(m3, input),
        _ => Err(not_simulated(call)),
    }
}

fn listed(m3: &M3, wanted: impl Fn(&StockTransaction) -> bool) -> Vec<Record> {
    m3.stock.transactions.iter().filter(|one| wanted(one)).map(|one| row(m3, one)).collect()
}

/// `ListTransByDate`: from the entry date and time on, in one warehouse.
fn by_entry(m3: &M3, input: &Input<'_>) -> Outcome {
    input.dates(&["RGDT"])?;
    let time = input.number("RGTM")?.unwrap_or_default();
    let from = (input.get("RGDT").to_owned(), time);
    let at =
        |one: &StockTransaction| (entry_date(one), entry_time(one).parse::<Decimal>().unwrap_or_default());
    Ok(listed(m3, |one| {
        at(one) >= from && one.place.warehouse == input.get("WHLO") && given(input, "ITNO", &one.place.item)
    }))
}

/// `SelStockTran`: of one type, by transaction date.
fn by_date(m3: &M3, input: &Input<'_>) -> Outcome {
    input.refuse(&["FTTM", "TTTM", "ITTY", "SUNO", "ENNO"])?;
    input.dates(&["FTRD", "TRDT"])?;
    let days = input.get("FTRD")..=input.get("TRDT");
    Ok(listed(m3, |one| days.contains(&one.date.as_str()) && is_of_type(one, input) && lies(one, input)))
}

fn one(m3: &M3, input: &Input<'_>) -> Outcome {
    let is_meant = |one: &StockTransaction| {
        lies(one, input)
            && entry_date(one) == input.get("RGDT")
            && number(&entry_time(one)) == number(input.get("RGTM"))
            && one.suffix.to_string() == number(input.get("TMSX"))
    };
    match listed(m3, is_meant).first() {
        Some(row) => Ok(vec![row.clone()]),
        None => Err(Nok::known("XRE0103", "RGDT", "")),
    }
}

fn is_of_type(one: &StockTransaction, input: &Input<'_>) -> bool {
    one.kind.to_string() == number(input.get("TTYP"))
}

/// Whether it has the order reference, as far as one is given.
fn refers(one: &StockTransaction, input: &Input<'_>) -> bool {
    let same = |name: &str| {
        input.given(name).is_none_or(|wanted| number(wanted) == number(field(&one.fields, name)))
    };
    given(input, "RIDN", field(&one.fields, "RIDN")) && ["RIDL", "RIDX", "RIDI"].iter().all(|name| same(name))
}

/// Whether it is of the place, as far as one is given.
fn lies(one: &StockTransaction, input: &Input<'_>) -> bool {
    let place = &one.place;
    [("WHLO", &place.warehouse), ("ITNO", &place.item), ("WHSL", &place.location), ("BANO", &place.lot)]
        .iter()
        .all(|(name, value)| given(input, name, value))
}

fn given(input: &Input<'_>, name: &str, value: &str) -> bool {
    input.given(name).is_none_or(|wanted| wanted == value)
}

fn number(text: &str) -> String {
    text.trim().trim_start_matches('0').to_owned()
}

fn entry_date(one: &StockTransaction) -> String {
    one.entered.to_zoned(TimeZone::UTC).strftime("%Y%m%d").to_string()
}

fn entry_time(one: &StockTransaction) -> String {
    one.entered.to_zoned(TimeZone::UTC).strftime("%H%M%S").to_string()
}

fn row(m3: &M3, one: &StockTransaction) -> Record {
    let mut row = one.fields.clone();
    let item = m3.items.get(&one.place.item);
    let of_item = |name| item.map_or("", |item| field(&item.fields, name));
    for (name, value) in [
        ("CONO", m3.master.company.to_string().as_str()),
        ("WHLO", &one.place.warehouse),
        ("ITNO", &one.place.item),
        ("WHSL", &one.place.location),
        ("BANO", &one.place.lot),
        ("RGDT", &entry_date(one)),
        ("RGTM", &entry_time(one)),
        ("TMSX", &one.suffix.to_string()),
        ("TRDT", &one.date),
        ("TRTM", &entry_time(one)),
        ("TTYP", &one.kind.to_string()),
        ("TRQT", &one.quantity.normalize().to_string()),
        ("NSTQ", &one.balance.normalize().to_string()),
        ("STAS", "2"),
        ("PANR", field(&one.fields, "PACN")),
        ("INDI", of_item("INDI")),
        ("ITDS", of_item("ITDS")),
        ("UNMS", of_item("UNMS")),
    ] {
        row.insert(name.to_owned(), value.to_owned());
    }
    row
}
