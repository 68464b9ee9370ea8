//! What an order is booked to, as a journal entry: where the order itself cannot carry the accounts.

use domain::{Accounts, Allocation, Document, JournalEntry, JournalLine, RecordKey, Reference};
use jiff::civil::Date;
use rust_decimal::Decimal;
use shopify::Order;

use super::{
    Plan,
    accounts::string,
    order::{Sold, not_now},
    planner::Planner,
    purchase::largest,
};
use crate::{Mapping, Strategy};

/// How many characters M3's voucher text holds (VTXT).
const LONGEST_TEXT: usize = 40;

/// Plans the journal entry of an order's allocations. `key` is the entry's own, of the kind journal: its batch key is
/// made of it alone, so that every attempt writes the same one.
///
/// For a sales order, what CloudSuite booked is taken from the clearing account (debit) to the accounts of the rules
/// (credit). For a purchase order, whose lines are booked to their largest part, the other parts are taken from that
/// part's accounts (credit) to their own (debit).
pub fn plan_journal(mapping: &Mapping, key: &RecordKey, order: &Order) -> Plan {
    if !mapping.journal.allocations {
        return Plan::Skip("the mapping asks for no journal entry of allocations".to_owned());
    }
    if let Some(reason) = not_now(mapping, order) {
        return Plan::Skip(reason.to_owned());
    }
    let mut planner = match Planner::new(mapping, order) {
        Ok(planner) => planner,
        Err(finding) => return Plan::Reject(vec![finding]),
    };
    let sold = planner.sold();
    if sold.lines.is_empty() && planner.findings.is_empty() {
        return Plan::Skip("no line has a quantity left".to_owned());
    }
    let lines = match mapping.orders.strategy {
        Strategy::PurchaseOrder => planner.moved(&sold),
        Strategy::CustomerOrder | Strategy::ImportDocument => planner.cleared(&sold),
    };
    match (order.business_date(), planner.findings.is_empty()) {
        (_, true) if lines.is_empty() => Plan::Skip("no rule says where the order is booked".to_owned()),
        (Some(date), _) => {
            let entry = planner.entry(key, date, lines);
            Plan::of(Document::JournalEntry(entry), planner.findings)
        }
        (None, _) => Plan::Skip("the order has no date".to_owned()),
    }
}

impl Planner<'_> {
    /// From the clearing account to the accounts of the rules.
    fn cleared(&self, sold: &Sold) -> Vec<JournalLine> {
        let of_lines = sold.lines.iter().map(|line| (line.path.clone(), &line.item, &line.allocations));
        let of_charges = sold.charges.iter().enumerate();
        let of_charges =
            of_charges.map(|(place, charge)| (format!("charges[{place}]"), &charge.id, &charge.allocations));
        let mut lines = Vec::new();
        let mut sum = Decimal::ZERO;
        for (path, text, allocations) in of_lines.chain(of_charges) {
            for Allocation { accounts, amount } in allocations {
                lines.push(self.journal_line(&path, accounts.clone(), -amount.amount, text));
                sum = sum.saturating_add(amount.amount);
            }
        }
        if !lines.is_empty() && !sum.is_zero() {
            lines.push(self.journal_line("", self.clearing(), sum, "clearing"));
        }
        lines
    }

    /// From the accounts of each line's largest part to those of its other parts.
    fn moved(&self, sold: &Sold) -> Vec<JournalLine> {
        let mut lines = Vec::new();
        for line in sold.lines.iter().filter(|line| line.allocations.len() > 1) {
            let Some(main) = largest(&line.allocations) else { continue };
            let mut rest = Decimal::ZERO;
            for (place, Allocation { accounts, amount }) in line.allocations.iter().enumerate() {
                if place == main {
                    continue;
                }
                lines.push(self.journal_line(&line.path, accounts.clone(), amount.amount, &line.item));
                rest = rest.saturating_add(amount.amount);
            }
            let accounts = super::purchase::main_accounts(&line.allocations);
            lines.push(self.journal_line(&line.path, accounts, -rest, &line.item));
        }
        lines.retain(|line| !line.amount.is_zero());
        lines
    }

    pub(super) fn clearing(&self) -> Accounts {
        let journal = &self.mapping.journal;
        string(&journal.clearing_account, &journal.clearing_dimensions)
    }

    pub(super) fn journal_line(
        &self,
        path: &str,
        accounts: Accounts,
        amount: Decimal,
        text: &str,
    ) -> JournalLine {
        let name = self.order.name.as_deref().unwrap_or_default();
        JournalLine {
            path: path.to_owned(),
            accounts,
            amount: self.money(amount),
            text: format!("{name} {text}").trim().chars().take(LONGEST_TEXT).collect(),
            tax_code: self.mapping.journal.tax_code.clone(),
        }
    }

    pub(super) fn entry(&self, key: &RecordKey, date: Date, lines: Vec<JournalLine>) -> JournalEntry {
        JournalEntry {
            reference: Reference::of(key),
            batch_key: Reference::batch_key_of(key),
            source_name: self.order.name.clone().unwrap_or_default(),
            company: self.place.company,
            division: self.place.division.to_owned(),
            interface: self.mapping.journal.interface.clone(),
            date,
            currency: self.currency,
            lines,
        }
    }
}
