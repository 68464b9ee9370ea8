//! Checks documents against CloudSuite's master data. Pure: all findings of a document in one report.

use domain::{Accounts, Finding, FindingCode, JournalEntry, PurchaseOrder, SalesOrder};
use jiff::civil::Date;

use crate::{AccountStanding, Known, Standing};

/// For whom an order is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Buying<'a> {
    /// A customer that is to be made from this template.
    New {
        /// The customer template.
        template: &'a str,
    },
    /// The customer that the order names.
    Customer,
    /// Nobody is known; other findings say so.
    Nobody,
}

/// Everything in the master data that keeps an order from being posted.
pub fn check(order: &SalesOrder, buying: Buying<'_>, known: &Known) -> Vec<Finding> {
    let mut findings: Vec<_> = judge_warehouse(&order.warehouse, known).into_iter().collect();
    findings.extend(judge(
        known.order_types.get(&order.order_type),
        "order_type",
        &format!("customer order type {}", order.order_type),
        (FindingCode::UnknownOrderType, FindingCode::UnknownOrderType),
        "create it in OIS010, or name another one in the mapping file and push it",
    ));
    findings.extend(judge_facility(&order.facility, known));
    match buying {
        Buying::Nobody => {}
        Buying::New { template } => findings.extend(judge(
            known.templates.get(template),
            "customers.template",
            &format!("customer template {template}"),
            (FindingCode::UnknownCustomerTemplate, FindingCode::UnknownCustomerTemplate),
            "create it in CRS610 with customer type template, or name another one in the mapping file",
        )),
        Buying::Customer => findings.extend(judge(
            known.customers.get(&order.customer),
            "customer",
            &format!("customer {}", order.customer),
            (FindingCode::UnknownCustomer, FindingCode::CustomerNotUsable),
            "correct the customer in CRS610 (status 20, no stop), then redrive",
        )),
    }
    let items = order.lines.iter().map(|line| (line.path.as_str(), line.item.as_str()));
    findings.extend(judge_items(items, &order.warehouse, known));
    findings
}

/// Everything in the master data that keeps a purchase order from being posted.
pub fn check_purchase_order(order: &PurchaseOrder, known: &Known) -> Vec<Finding> {
    let mut findings: Vec<_> = judge_warehouse(&order.warehouse, known).into_iter().collect();
    findings.extend(judge_facility(&order.facility, known));
    findings.extend(judge(
        known.suppliers.get(&order.supplier),
        "supplier",
        &format!("supplier {}", order.supplier),
        (FindingCode::UnknownSupplier, FindingCode::UnknownSupplier),
        "create it in CRS620, or name another one in the mapping file and push it",
    ));
    let items = order.lines.iter().map(|line| (line.path.as_str(), line.item.as_str()));
    findings.extend(judge_items(items, &order.warehouse, known));
    for line in &order.lines {
        findings.extend(judge_accounts(&line.path, &line.accounts, order.order_date, known));
    }
    findings
}

/// Everything in the master data, and in its own sums, that keeps a journal entry from being posted.
pub fn check_journal_entry(entry: &JournalEntry, known: &Known) -> Vec<Finding> {
    let mut findings = Vec::new();
    let sum: rust_decimal::Decimal = entry.lines.iter().map(|line| line.amount.amount).sum();
    if !sum.is_zero() || entry.lines.len() < 2 {
        findings.push(Finding::new(
            FindingCode::InvalidField,
            "lines",
            format!("the {} lines of the journal entry add up to {sum}, not to nothing", entry.lines.len()),
            "correct the accounts of the mapping file, push it and redrive",
        ));
    }
    for line in &entry.lines {
        findings.extend(judge_accounts(&line.path, &line.accounts, entry.date, known));
    }
    findings
}

pub(crate) fn judge_warehouse(warehouse: &str, known: &Known) -> Option<Finding> {
    judge(
        known.warehouses.get(warehouse),
        "warehouse",
        &format!("warehouse {warehouse}"),
        (FindingCode::UnknownWarehouse, FindingCode::UnknownWarehouse),
        "create it in MMS005, or name another one in the mapping file and push it",
    )
}

/// An empty facility is the warehouse's.
fn judge_facility(facility: &str, known: &Known) -> Option<Finding> {
    if facility.is_empty() {
        return None;
    }
    judge(
        known.facilities.get(facility),
        "facility",
        &format!("facility {facility}"),
        (FindingCode::UnknownFacility, FindingCode::UnknownFacility),
        "create it in CRS008, or name another one in the mapping file and push it",
    )
}

/// Items, each by the path of its line, in one warehouse.
pub(crate) fn judge_items<'a>(
    items: impl Iterator<Item = (&'a str, &'a str)>,
    warehouse: &str,
    known: &Known,
) -> Vec<Finding> {
    let findings = items.filter_map(|(path, item)| {
        judge(
            known.items.get(&(warehouse.to_owned(), item.to_owned())),
            &format!("{path}.sku"),
            &format!("item {item} in warehouse {warehouse}"),
            (FindingCode::UnknownItem, FindingCode::ItemNotUsable),
            "create or release the item in MMS001 and MMS002, or give the SKU an alias in the mapping file",
        )
    });
    findings.collect()
}

/// Where something is booked: each part must be known, not blocked, and valid on the day.
pub(crate) fn judge_accounts(path: &str, accounts: &Accounts, date: Date, known: &Known) -> Vec<Finding> {
    let help =
        "create or open it in CRS630 for that day, or name another one in the mapping file and push it";
    let findings = accounts.iter().filter_map(|(place, value)| {
        let field = format!("{path}.accounts.{place}");
        let what = format!("{value} in place {place} of the accounting string");
        if !(1..=7).contains(place) {
            let message = format!("an accounting string has places 1 to 7, and there is {what}");
            return Some(Finding::new(FindingCode::InvalidField, field, message, help));
        }
        let known = known.accounts.get(&(*place, value.clone()));
        let codes = (FindingCode::UnknownAccount, FindingCode::AccountNotUsable);
        judge(known.map(|account| &account.standing), &field, &what, codes, help).or_else(|| {
            let why = known.and_then(|account| closed_on(account, date))?;
            Some(Finding::new(codes.1, field, format!("{what} cannot be used: {why}"), help))
        })
    });
    findings.collect()
}

/// Why an account may not be booked to on a day.
fn closed_on(account: &AccountStanding, date: Date) -> Option<String> {
    match (account.from, account.until) {
        (Some(from), _) if date < from => Some(format!("it is valid from {from}, not on {date}")),
        (_, Some(until)) if date > until => Some(format!("it is valid until {until}, not on {date}")),
        _ => None,
    }
}

/// The finding that a standing becomes: codes are for unknown and for not usable.
pub(crate) fn judge(
    standing: Option<&Standing>,
    field: &str,
    what: &str,
    (unknown, not_usable): (FindingCode, FindingCode),
    help: &str,
) -> Option<Finding> {
    match standing {
        Some(Standing::Usable | Standing::LeftToCloudSuite) => None,
        Some(Standing::Unknown) => {
            Some(Finding::new(unknown, field, format!("CloudSuite does not know {what}"), help))
        }
        Some(Standing::NotUsable(why)) => {
            Some(Finding::new(not_usable, field, format!("{what} cannot be used: {why}"), help))
        }
        Some(Standing::Unclear(answer)) => Some(Finding::new(
            FindingCode::Refused,
            field,
            format!("CloudSuite's answer on {what} is covered by no rule: {answer}"),
            "look the message up in M3 and report the code, so that a rule can be added",
        )),
        None => Some(Finding::new(
            FindingCode::Refused,
            field,
            format!("{what} was not looked up"),
            "this is a fault of the connector: report it",
        )),
    }
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
