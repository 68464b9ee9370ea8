//! GENERAL and MNS150MI: the user, its company and divisions, message texts. These are asked before a
//! company is known, so they need none.

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
