use domain::JournalLine;

use super::*;
use crate::m3::samples::{accounts, eur, journal, purchase};

fn account(standing: Standing, from: Option<&str>, until: Option<&str>) -> AccountStanding {
    let day = |text: Option<&str>| text.map(|text| text.parse().unwrap());
    AccountStanding { standing, from: day(from), until: day(until) }
}

fn known(accounts: &[(u8, &str, AccountStanding)]) -> Known {
    let accounts =
        accounts.iter().map(|(place, value, account)| ((*place, (*value).to_owned()), account.clone()));
    Known { accounts: accounts.collect(), ..Known::default() }
}

fn codes(findings: &[Finding]) -> Vec<(FindingCode, &str)> {
    findings.iter().map(|finding| (finding.code, finding.field.as_str())).collect()
}

#[test]
fn an_account_must_be_known_open_and_valid_on_the_day() {
    let usable = || account(Standing::Usable, None, None);
    let closed = || Standing::NotUsable("it is blocked".into());
    let cases = [
        (usable(), None),
        (account(Standing::Usable, Some("2026-11-20"), Some("2026-11-20")), None),
        (account(Standing::Usable, Some("2026-11-21"), None), Some(FindingCode::AccountNotUsable)),
        (account(Standing::Usable, None, Some("2026-11-19")), Some(FindingCode::AccountNotUsable)),
        (account(closed(), None, None), Some(FindingCode::AccountNotUsable)),
        (account(Standing::Unknown, None, None), Some(FindingCode::UnknownAccount)),
        (account(Standing::Unclear("X".into()), None, None), Some(FindingCode::Refused)),
    ];
    for (account, code) in cases {
        let known = known(&[(1, "8000", account.clone()), (1, "1400", usable()), (2, "CC1", usable())]);
        let findings = check_journal_entry(&journal(7), &known);
        let expected: Vec<_> = code.into_iter().map(|code| (code, "refunds[0].accounts.1")).collect();
        assert_eq!(codes(&findings), expected, "{account:?}");
    }
}

#[test]
fn a_journal_entry_adds_up_to_nothing() {
    let usable = || account(Standing::Usable, None, None);
    let known = known(&[(1, "8000", usable()), (1, "1400", usable()), (2, "CC1", usable())]);
    let mut entry = journal(7);
    entry.lines[1].amount = eur("-12.49");
    assert_eq!(codes(&check_journal_entry(&entry, &known)), [(FindingCode::InvalidField, "lines")]);
    entry.lines.truncate(1);
    entry.lines[0] = JournalLine { amount: eur("0.00"), ..entry.lines[0].clone() };
    assert_eq!(codes(&check_journal_entry(&entry, &known)), [(FindingCode::InvalidField, "lines")]);
}

/// M3's interface has nothing to ask for a supplier with: M3 judges it, and nothing else is let through.
#[test]
fn a_purchase_order_is_checked_in_one_report() {
    let mut known = known(&[(1, "4000", account(Standing::Unknown, None, None))]);
    known.suppliers.insert("SUP01".into(), Standing::LeftToCloudSuite);
    known.warehouses.insert("100".into(), Standing::Usable);
    known.facilities.insert("A01".into(), Standing::Unknown);
    known.items.insert(("100".into(), "CAP-RED".into()), Standing::Usable);
    let mut order = purchase(7, 2);
    order.lines[1].accounts = accounts(&[(1, "4000"), (8, "X")]);
    let findings = check_purchase_order(&order, &known);
    let expected = [
        (FindingCode::UnknownFacility, "facility"),
        (FindingCode::UnknownAccount, "line_items[1].accounts.1"),
        (FindingCode::InvalidField, "line_items[1].accounts.8"),
    ];
    assert_eq!(codes(&findings), expected);
    known.suppliers.insert("SUP01".into(), Standing::Unknown);
    let findings = check_purchase_order(&order, &known);
    assert!(codes(&findings).contains(&(FindingCode::UnknownSupplier, "supplier")), "{findings:?}");
}
