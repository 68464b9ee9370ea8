//! GENERAL, MNS150MI and MNS100MI: the user, its company and divisions, message texts. The first two are asked before
//! a company is known, so they need none.

use super::state::M3;
use super::{Call, Input, Nok, Outcome, nok, not_simulated};
use crate::master::{Record, field, record};

pub(super) fn run(m3: &M3, call: &Call<'_>) -> Outcome {
    let user = &m3.master.user;
    match (call.program, call.transaction) {
        ("GENERAL", "GetUserInfo") => Ok(vec![user.clone()]),
        ("GENERAL", "GetCurrentUser") => Ok(vec![record(&[
            ("TEID", field(user, "TEID")),
            ("USER", field(user, "ZZUSID")),
            ("PRUS", field(user, "PRUS")),
        ])]),
        ("GENERAL", "GetMessageText") => message_text(&call.input),
        ("MNS100MI", "LstDivisions") => Ok(division_places(m3, call.input.get("DIVI"))),
        ("MNS150MI", "LstCmpDivi") => divisions(m3, call.input.get("USID")),
        _ => Err(not_simulated(call)),
    }
}

fn message_text(input: &Input<'_>) -> Outcome {
    let id = input.get("MSID");
    let text =
        nok::message(id).ok_or_else(|| Nok::generic("MSID", format!("Message {id} does not exist")))?;
    Ok(vec![record(&[("MSGT", &text.replace("&1", input.get("PARM")))])])
}

fn divisions(m3: &M3, user: &str) -> Outcome {
    if user != field(&m3.master.user, "ZZUSID") {
        return Err(Nok::generic("USID", format!("User {user} does not exist")));
    }
    let with_company = |division: &Record| {
        let mut row = division.clone();
        row.insert("CONO".to_owned(), m3.master.company.to_string());
        row.insert("CONM".to_owned(), m3.master.company_name.clone());
        row
    };
    Ok(m3.master.divisions.iter().map(with_company).collect())
}

/// `LstDivisions`: from the asked division on, each with the first of its facilities.
fn division_places(m3: &M3, start: &str) -> Vec<Record> {
    let row = |division: &Record| {
        let code = field(division, "DIVI");
        let mut row = m3.master.facilities.iter().find(|row| field(row, "DIVI") == code).cloned();
        let row = row.get_or_insert_default();
        row.insert("CONO".to_owned(), m3.master.company.to_string());
        row.insert("DIVI".to_owned(), code.to_owned());
        row.insert("TX15".to_owned(), field(division, "TX40").to_owned());
        std::mem::take(row)
    };
    m3.master.divisions.iter().filter(|division| field(division, "DIVI") >= start).map(row).collect()
}
