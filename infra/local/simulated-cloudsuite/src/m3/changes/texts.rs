//! Texts of a customer order and its lines. `AddText` is M3's general text transaction; what its keys look like is not
//! documented for it. Here FILE is `OOHEAD00` or `OOLINE00`, KFLD is the company in 3 digits, the order number, and for a
//! line its number in 5 digits and its suffix in 3; FLDN is the text's field, `OAPRTX`, `OAPOTX`, `OBPRTX` or `OBPOTX`
//! (text before or after). UNCONFIRMED throughout.

use super::require_below;
use crate::m3::state::M3;
use crate::m3::{Call, Input, Nok, Outcome};
use crate::master::{Record, field, record};

/// Characters of one row of a text (TX60).
const ROW: usize = 60;

/// Fields of a text, with TYPE and TYTR as the batch entry has them.
const FIELDS: [(&str, &str, &str, &str); 4] = [
    ("OOHEAD00", "OAPRTX", "1", "1"),
    ("OOHEAD00", "OAPOTX", "1", "2"),
    ("OOLINE00", "OBPRTX", "2", "1"),
    ("OOLINE00", "OBPOTX", "2", "2"),
];

/// `AddText`: adds to what is there.
pub(super) fn add(m3: &mut M3, input: &Input<'_>) -> Outcome {
    input.refuse(&["REPL", "TXCC"])?;
    let (file, name) = (input.get("FILE"), input.get("FLDN"));
    let known = FIELDS.iter().find(|(own, field, ..)| *own == file && *field == name);
    let Some((_, _, level, kind)) = known else {
        return Err(Nok::generic("FLDN", format!("Field {name} of table {file} is no text of an order")));
    };
    let Some(text) = input.given("TEXT") else {
        return Err(Nok::generic("TEXT", "Text must be entered"));
    };
    let (number, line) = key(m3, input.get("KFLD"), level)?;
    let order = m3.order(&number)?;
    require_below(m3.settings.order_changes.texts_below, order.reached(), "The order")?;
    let mut row = record(&[
        ("TYPE", *level),
        ("TYTR", *kind),
        ("PARM", text),
        ("TXHE", input.get("TXVR")),
        ("LNCD", input.get("LNCD")),
    ]);
    if let Some(line) = line {
        order.line(&line, "")?;
        row.insert("PONR".to_owned(), line);
    }
    let identity = m3.series.text();
    row.insert("TXID".to_owned(), identity.clone());
    m3.order_mut(&number)?.content.texts.push(row);
    Ok(vec![record(&[("TXID", &identity)])])
}

/// The order and the line that a key names.
fn key(m3: &M3, key: &str, level: &str) -> Result<(String, Option<String>), Nok> {
    let refused = || Nok::generic("KFLD", format!("Key {key} is not valid"));
    let company = format!("{:03}", m3.master.company);
    let rest = key.strip_prefix(&company).ok_or_else(refused)?;
    if level == "1" {
        return Ok((rest.trim().to_owned(), None));
    }
    let (number, line) = rest.split_at_checked(10).ok_or_else(refused)?;
    match line.split_at_checked(5) {
        Some((line, "000")) => Ok((number.trim().to_owned(), Some(line.to_owned()))),
        _ => Err(refused()),
    }
}

/// The text reads: `Lst…` gives every row of a kind of text, `Get…` the first of a kind or of any.
pub(super) fn read(m3: &M3, call: &Call<'_>) -> Outcome {
    let input = &call.input;
    let order = m3.order(input.get("ORNO"))?;
    let of_line = call.transaction.contains("Line");
    if of_line {
        order.line(input.get("PONR"), input.get("POSX"))?;
    }
    let wanted = |text: &&Record| {
        let level = if of_line { "2" } else { "1" };
        let line = |number: &str| number.trim_start_matches('0').to_owned();
        field(text, "TYPE") == level
            && (!of_line || line(field(text, "PONR")) == line(input.get("PONR")))
            && input.given("TYTR").is_none_or(|kind| kind == field(text, "TYTR"))
            && input.given("TXV9").is_none_or(|block| block == field(text, "TXHE"))
    };
    let mut rows = rows(order.content.texts.iter().filter(wanted));
    if call.transaction.starts_with("Get") {
        rows.truncate(1);
        if rows.is_empty() {
            return Err(Nok::generic("ORNO", "There is no text"));
        }
    }
    Ok(rows)
}

fn rows<'a>(texts: impl Iterator<Item = &'a Record>) -> Vec<Record> {
    let mut rows = Vec::new();
    for text in texts {
        let signs: Vec<char> = field(text, "PARM").chars().collect();
        for part in signs.chunks(ROW) {
            let number = (rows.len() + 1).to_string();
            rows.push(record(&[
                ("LINO", &number),
                ("TX60", &part.iter().collect::<String>()),
                ("TXV9", field(text, "TXHE")),
                ("TXI2", field(text, "TXID")),
            ]));
        }
    }
    rows
}
