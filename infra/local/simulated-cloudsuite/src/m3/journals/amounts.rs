//! The amounts of a batch line, with their signs and in both currencies.

use std::str::FromStr;

use rust_decimal::Decimal;

use crate::m3::state::M3;
use crate::m3::{Input, Nok};
use crate::master::{Record, field};

/// What a line says in money: debit is positive, credit negative.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Amounts {
    pub(super) currency: String,
    pub(super) foreign: Decimal,
    pub(super) recorded: Decimal,
    /// Whether the line itself said what is recorded.
    pub(super) told: bool,
}

/// Reads the amounts of a line. With DBCR an amount must not be negative; without, its sign decides. How M3 reads a
/// negative amount with DBCR is not documented.
pub(super) fn read(m3: &M3, division: &str, line: &Record) -> Result<Amounts, Nok> {
    let input = Input(line);
    let (foreign, recorded) = (signed(&input, "CUAM")?, signed(&input, "ACAM")?);
    let local = m3.local_currency(division);
    let currency = input.or("CUCD", &[local]);
    let foreign = match (foreign, recorded) {
        (Some(foreign), _) => foreign,
        (None, Some(recorded)) if currency == local => recorded,
        _ => return Err(Nok::generic("CUAM", "Foreign currency amount must be entered")),
    };
    if foreign.is_zero() {
        return Err(Nok::generic("CUAM", "Amount must not be zero"));
    }
    if foreign.scale() > 2 {
        return Err(Nok::generic("CUAM", format!("Amount {foreign} has more than two decimals")));
    }
    let told = recorded.is_some();
    let recorded = match recorded {
        Some(recorded) => recorded,
        None => (foreign * rate(m3, division, local, currency, &input)?).round_dp(2),
    };
    Ok(Amounts { currency: currency.to_owned(), foreign, recorded, told })
}

fn signed(input: &Input<'_>, name: &str) -> Result<Option<Decimal>, Nok> {
    let Some(amount) = input.number(name)? else { return Ok(None) };
    match input.get("DBCR") {
        "D" | "C" if amount.is_sign_negative() => {
            Err(Nok::generic(name, format!("Amount {amount} is negative beside its debit/credit code")))
        }
        "" | "D" => Ok(Some(amount)),
        "C" => Ok(Some(-amount)),
        other => Err(Nok::generic("DBCR", format!("Debit/credit code {other} is not D or C"))),
    }
}

fn rate(m3: &M3, division: &str, local: &str, currency: &str, input: &Input<'_>) -> Result<Decimal, Nok> {
    if currency == local {
        return Ok(Decimal::ONE);
    }
    if let Some(rate) = input.number("ARAT")? {
        return Ok(rate);
    }
    let is_wanted = |row: &&Record| field(row, "DIVI") == division && field(row, "CUCD") == currency;
    let known = m3.master.ledger.exchange_rates.iter().find(is_wanted);
    known
        .and_then(|row| Decimal::from_str(field(row, "ARAT")).ok())
        .ok_or_else(|| Nok::generic("CUCD", format!("No exchange rate for currency {currency}")))
}

impl M3 {
    fn local_currency(&self, division: &str) -> &str {
        let found = self.master.divisions.iter().find(|row| field(row, "DIVI") == division);
        found.map_or("", |row| field(row, "LOCD"))
    }
}
