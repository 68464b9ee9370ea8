//! MMS025MI: aliases of items.

use super::state::M3;
use super::{Call, Input, Nok, Outcome, not_simulated, stock};
use crate::master::{Record, field};

pub(super) fn run(m3: &M3, call: &Call<'_>) -> Outcome {
    let input = &call.input;
    let aliases = &m3.master.stock.aliases;
    let of_category =
        |row: &&Record| input.given("ALWT").is_none_or(|wanted| number(wanted) == number(field(row, "ALWT")));
    let rows = |key: &str| {
        let found = aliases.iter().filter(|row| field(row, key) == input.get(key)).filter(of_category);
        found.map(|found| row(m3, found)).collect::<Vec<_>>()
    };
    match call.transaction {
        "GetItem" => get(m3, input),
        "LstItem" => Ok(rows("POPN")),
        "LstAlias" => {
            m3.item(input.get("ITNO"))?;
            Ok(rows("ITNO"))
        }
        _ => Err(not_simulated(call)),
    }
}

/// `GetItem`: the alias must exist, and so must its item.
fn get(m3: &M3, input: &Input<'_>) -> Result<Vec<Record>, Nok> {
    input.refuse(&["E0PA", "SEA1", "VFDT"])?;
    let found = stock::alias(m3, input, input.get("POPN"))?;
    m3.item(field(found, "ITNO"))?;
    Ok(vec![row(m3, found)])
}

fn number(text: &str) -> &str {
    text.trim().trim_start_matches('0')
}

fn row(m3: &M3, alias: &Record) -> Record {
    let mut row = alias.clone();
    row.insert("CONO".to_owned(), m3.master.company.to_string());
    row
}
