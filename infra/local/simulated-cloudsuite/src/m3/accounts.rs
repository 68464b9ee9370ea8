//! CRS630MI: accounting identities, and the check of an accounting string (AIT1 to AIT7) against them.

use super::state::M3;
use super::{Call, Input, Nok, Outcome, not_simulated};
use crate::master::{Record, field};

/// The accounting dimensions, the account first.
pub(super) const DIMENSIONS: [&str; 7] = ["AIT1", "AIT2", "AIT3", "AIT4", "AIT5", "AIT6", "AIT7"];

pub(super) fn run(m3: &M3, call: &Call<'_>) -> Outcome {
    let input = &call.input;
    let dimension = input.get("AITP");
    if !("1"..="7").contains(&dimension) || dimension.len() != 1 {
        return Err(Nok::generic("AITP", format!("Accounting dimension {dimension} is not one of 1 to 7")));
    }
    let division = input.given("DIVI").unwrap_or(call.division);
    match call.transaction {
        "GetAccountID" => Ok(vec![row(m3, identity(m3, division, "AITM", dimension, input.get("AITM"))?)]),
        "LstAccountID" => Ok(list(m3, input, division, dimension)),
        _ => Err(not_simulated(call)),
    }
}

/// A start-position list within the dimension.
fn list(m3: &M3, input: &Input<'_>, division: &str, dimension: &str) -> Vec<Record> {
    let start = input.get("AITM");
    let wanted = |account: &&Record| {
        field(account, "AITP") == dimension && field(account, "AITM") >= start && is_of(account, division)
    };
    let mut found: Vec<Record> =
        m3.master.ledger.accounts.iter().filter(wanted).map(|found| row(m3, found)).collect();
    found.sort_by(|left, right| field(left, "AITM").cmp(field(right, "AITM")));
    found
}

fn row(m3: &M3, account: &Record) -> Record {
    let mut row = account.clone();
    row.insert("CONO".to_owned(), m3.master.company.to_string());
    row
}

/// Identities without a division hold in all of them.
fn is_of(account: &Record, division: &str) -> bool {
    let own = field(account, "DIVI");
    own.is_empty() || own == division
}

fn identity<'a>(
    m3: &'a M3,
    division: &str,
    name: &str,
    dimension: &str,
    identity: &str,
) -> Result<&'a Record, Nok> {
    let matches = |account: &&Record| {
        field(account, "AITP") == dimension && field(account, "AITM") == identity && is_of(account, division)
    };
    m3.master.ledger.accounts.iter().find(matches).ok_or_else(|| {
        Nok::generic(name, format!("Accounting identity {identity} does not exist in dimension {dimension}"))
    })
}

/// Every identity of the string must exist, be open and be valid on this day (YMD8), and what the account demands
/// (ACR2 to ACR7: 1) must be there.
pub(super) fn check_string(m3: &M3, division: &str, string: &Record, day: &str) -> Result<(), Nok> {
    for (dimension, name) in (1..).zip(DIMENSIONS) {
        let given = field(string, name).trim();
        if given.is_empty() {
            continue;
        }
        let account = identity(m3, division, name, &dimension.to_string(), given)?;
        check_open(account, name, day)?;
    }
    let account = field(string, "AIT1").trim();
    if account.is_empty() {
        return Err(Nok::generic("AIT1", "Account must be entered"));
    }
    let account = identity(m3, division, "AIT1", "1", account)?;
    let missing = |dimension: &usize| {
        field(account, &format!("ACR{dimension}")) == "1"
            && field(string, DIMENSIONS[dimension - 1]).trim().is_empty()
    };
    match (2..=7).find(missing) {
        Some(dimension) => {
            let text = format!("Account {} demands dimension {dimension}", field(account, "AITM"));
            Err(Nok::generic(DIMENSIONS[dimension - 1], text))
        }
        None => Ok(()),
    }
}

fn check_open(account: &Record, name: &str, day: &str) -> Result<(), Nok> {
    let identity = field(account, "AITM");
    if field(account, "LCCD") == "1" {
        return Err(Nok::generic(name, format!("Accounting identity {identity} is blocked")));
    }
    let (from, to) = (field(account, "VFDT"), field(account, "VTDT"));
    if (!from.is_empty() && day < from) || (!to.is_empty() && day > to) {
        return Err(Nok::generic(name, format!("Accounting identity {identity} is not valid on {day}")));
    }
    Ok(())
}
