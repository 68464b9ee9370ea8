//! Parts of accounting strings: what M3 knows of them (CRS630MI), and when they may be booked to.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use moka::sync::Cache;

use super::{
    bulk::Bulk,
    outcome::{Reply, standing},
    text::read_day,
    wire::{Row, Transaction},
};
use crate::{AccountStanding, CallError, Company, Standing};

/// How many usable accounts are remembered.
const REMEMBERED: u64 = 20_000;

/// A place in the accounting string and the value there.
type Account = (u8, String);

pub(super) struct Accounts {
    usable: Cache<(Company, Account), AccountStanding>,
}

impl Accounts {
    pub(super) fn new(believed_for: Duration) -> Self {
        Self { usable: Cache::builder().max_capacity(REMEMBERED).time_to_live(believed_for).build() }
    }

    /// Answers for each account, from memory where it was found usable; whether it is on a day is for the asker.
    pub(super) async fn look_up(
        &self,
        bulk: &Bulk,
        company: &Company,
        wanted: &BTreeSet<Account>,
    ) -> Result<BTreeMap<Account, AccountStanding>, CallError> {
        let key = |account: &Account| (company.clone(), account.clone());
        let remembered = |account: &Account| Some((account.clone(), self.usable.get(&key(account))?));
        let mut known: BTreeMap<_, _> = wanted.iter().filter_map(remembered).collect();
        let open: Vec<_> = wanted.iter().filter(|account| !known.contains_key(*account)).collect();
        let asked = open.iter().map(|account| ask(company, account)).collect();
        let replies = bulk.read(company, "CRS630MI", asked).await?;
        for (account, reply) in open.into_iter().zip(&replies) {
            let answered = account_standing(reply);
            if answered.standing == Standing::Usable {
                self.usable.insert(key(account), answered.clone());
            }
            known.insert(account.clone(), answered);
        }
        Ok(known)
    }
}

/// Asks for one part of an accounting string. This transaction has no company field: the envelope's holds.
pub(super) fn ask(company: &Company, (place, value): &Account) -> Transaction {
    let fields = [("AITP", place.to_string()), ("AITM", value.clone()), ("DIVI", company.division.clone())];
    Transaction::new("GetAccountID", fields, &["AITP", "AITM", "LCCD", "VFDT", "VTDT"])
}

/// M3's generic message id, whose text alone tells more.
const GENERIC: &str = "CPF9898";

/// How an account stands, by the answer. LCCD 0 or blank is open; every other value blocks it in some way. Which message
/// id says that an account is not there is not documented: a generic one that names the account's field is taken for it.
fn account_standing(reply: &Reply) -> AccountStanding {
    let missing = match reply {
        Reply::Nok(nok) if nok.says_missing() || (nok.code == GENERIC && nok.field == "AITM") => {
            vec![nok.code.as_str()]
        }
        _ => Vec::new(),
    };
    let usable = |row: &Row| match row.get("LCCD") {
        "" | "0" => None,
        code => Some(format!("it is blocked (CRS630, code {code})")),
    };
    let stands = standing(reply, &missing, usable);
    let row = match reply {
        Reply::Done(rows) => rows.first(),
        Reply::Nok(_) | Reply::Failed(_) => None,
    };
    let valid = |field| row.map_or(Ok(None), |row: &Row| read_day(row.get(field)));
    match (valid("VFDT"), valid("VTDT")) {
        (Ok(from), Ok(until)) => AccountStanding { standing: stands, from, until },
        (Err(why), _) | (_, Err(why)) => {
            let standing = Standing::Unclear(format!("its validity cannot be read: {why}"));
            AccountStanding { standing, from: None, until: None }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::{
            Options,
            outcome::Nok,
            script::{Say, Scripted, company, row},
        },
        *,
    };
    use crate::{ProductLine, Wanted};

    #[tokio::test]
    async fn accounts_are_asked_for_by_one_request_and_remembered_while_usable() {
        let m3 = Scripted::new(Options::default(), |_, input| match input["AITM"].as_str() {
            "8000" => row(json!({"AITP": input["AITP"], "LCCD": "0", "VTDT": "20261231"})),
            _ => Say::Nok("WAI0103", "AITM"),
        });
        let wanted = Wanted {
            accounts: [(1, "8000".to_owned()), (2, "GHOST".to_owned())].into(),
            suppliers: ["SUP01".to_owned()].into(),
            ..Wanted::default()
        };
        for requests in [1, 2] {
            let known = m3.m3.look_up(&company(), &wanted).await.unwrap();
            let account = &known.accounts[&(1, "8000".to_owned())];
            assert_eq!(account.standing, Standing::Usable);
            assert_eq!(account.until, Some("2026-12-31".parse().unwrap()), "remembered with its days");
            assert_eq!(known.accounts[&(2, "GHOST".to_owned())].standing, Standing::Unknown);
            assert_eq!(known.suppliers["SUP01"], Standing::LeftToCloudSuite);
            assert_eq!(m3.requests(), requests);
        }
        assert_eq!(m3.names().len(), 3, "what is usable is asked for once");
    }

    #[test]
    fn an_account_stands_by_its_block_and_its_days() {
        let row = |lock, from, until| {
            Reply::Done(vec![Row::of(&[("LCCD", lock), ("VFDT", from), ("VTDT", until)])])
        };
        let open = account_standing(&row("0", "20260101", "0"));
        assert_eq!(open.standing, Standing::Usable);
        assert_eq!((open.from, open.until), (Some("2026-01-01".parse().unwrap()), None));
        assert!(matches!(account_standing(&row("1", "", "")).standing, Standing::NotUsable(_)));
        assert!(matches!(account_standing(&row("0", "soon", "")).standing, Standing::Unclear(_)));
        assert!(matches!(account_standing(&Reply::Done(vec![])).standing, Standing::Unclear(_)));
        let nok = |code: &str| Reply::Nok(Nok { code: code.into(), field: "AITM".into() });
        assert_eq!(account_standing(&nok("WAI0103")).standing, Standing::Unknown);
        assert_eq!(account_standing(&nok("CPF9898")).standing, Standing::Unknown);
        let elsewhere = Reply::Nok(Nok { code: "CPF9898".into(), field: String::new() });
        assert!(matches!(account_standing(&elsewhere).standing, Standing::Unclear(_)));
        assert!(matches!(account_standing(&nok("XAU0008")).standing, Standing::Unclear(_)));
    }
}
