//! GLS200MI: vouchers. KEY1 is in none of its answers, as the catalogue has it; VTXT is.

use rust_decimal::Decimal;

use super::{Voucher, VoucherLine};
use crate::m3::state::M3;
use crate::m3::{Call, Input, Nok, Outcome, not_simulated};
use crate::master::{Record, field};

pub(super) fn run(m3: &mut M3, call: &Call<'_>) -> Outcome {
    let input = &call.input;
    let rows = match call.transaction {
        "GetVoucherHead" => vec![head(m3, voucher(m3, input)?)],
        "LstVoucherLines" => lines(m3, voucher(m3, input)?),
        "LstVouchersByDt" => by_date(m3, call)?,
        _ => return Err(not_simulated(call)),
    };
    ask(m3);
    Ok(rows)
}

/// Each read counts towards the updates that come after so many.
fn ask(m3: &mut M3) {
    for key in &m3.journals.pending {
        if let Some(pending) = m3.journals.batches.get_mut(key).and_then(|batch| batch.pending.as_mut()) {
            pending.ask();
        }
    }
}

fn voucher<'a>(m3: &'a M3, input: &Input<'_>) -> Result<&'a Voucher, Nok> {
    let number = input.get("VONO");
    let is_wanted = |voucher: &&Voucher| {
        voucher.division == input.get("DIVI")
            && voucher.year == input.get("YEA4")
            && voucher.number.to_string() == number.trim_start_matches('0')
            && input.given("VSER").is_none_or(|series| series == voucher.series)
            && input.given("JRNO").is_none_or(|journal| journal == voucher.journal.to_string())
    };
    let found = m3.journals.vouchers.iter().find(is_wanted);
    found.ok_or_else(|| Nok::generic("VONO", format!("Voucher number {number} does not exist")))
}

/// `LstVouchersByDt`: the lines of the vouchers whose accounting date lies within. That it is this date is UNCONFIRMED.
fn by_date(m3: &M3, call: &Call<'_>) -> Outcome {
    let input = &call.input;
    input.dates(&["FRDT", "TODT"])?;
    let division = input.or("DIVI", &[call.division]);
    let days = input.get("FRDT")..=input.get("TODT");
    let is_wanted = |voucher: &&Voucher| {
        days.contains(&voucher.date.as_str()) && (division.is_empty() || voucher.division == division)
    };
    Ok(m3.journals.vouchers.iter().filter(is_wanted).flat_map(|voucher| lines(m3, voucher)).collect())
}

fn head(m3: &M3, voucher: &Voucher) -> Record {
    let sum = |amount: fn(&VoucherLine) -> Decimal, positive: bool| {
        let amounts = voucher.lines.iter().map(amount);
        let sum: Decimal = amounts.filter(|amount| amount.is_sign_positive() == positive).sum();
        sum.abs().to_string()
    };
    let mut row = shared(m3, voucher);
    for (name, value) in [
        ("DSUM", sum(|line| line.recorded, true)),
        ("CSUM", sum(|line| line.recorded, false)),
        ("CUAD", sum(|line| line.foreign, true)),
        ("CUAC", sum(|line| line.foreign, false)),
        ("CUCD", voucher.lines.first().map(|line| line.currency.clone()).unwrap_or_default()),
    ] {
        row.insert(name.to_owned(), value);
    }
    row
}

fn lines(m3: &M3, voucher: &Voucher) -> Vec<Record> {
    let row = |(index, line): (usize, &VoucherLine)| {
        let mut row = shared(m3, voucher);
        row.extend(line.fields.clone());
        let sign = if line.recorded.is_sign_negative() { "C" } else { "D" };
        for (name, value) in [
            ("JSNO", (index + 1).to_string()),
            ("CUCD", line.currency.clone()),
            ("CUAM", line.foreign.to_string()),
            ("ACAM", line.recorded.to_string()),
            ("DBCR", sign.to_owned()),
            ("OCDT", field(&line.fields, "ACDT").to_owned()),
            ("ACYP", voucher.date.get(..6).unwrap_or_default().to_owned()),
        ] {
            row.insert(name.to_owned(), value);
        }
        row
    };
    voucher.lines.iter().enumerate().map(row).collect()
}

fn shared(m3: &M3, voucher: &Voucher) -> Record {
    let fields = [
        ("CONO", m3.master.company.to_string()),
        ("DIVI", voucher.division.clone()),
        ("YEA4", voucher.year.clone()),
        ("VSER", voucher.series.clone()),
        ("VONO", voucher.number.to_string()),
        ("JRNO", voucher.journal.to_string()),
        ("FNCN", voucher.function.clone()),
    ];
    fields.map(|(name, value)| (name.to_owned(), value)).into()
}
