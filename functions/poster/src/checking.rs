//! What a document depends on in CloudSuite's master data, and whether that lets it be posted.

use cloudsuite::{
    Buying, CallError, Known as MasterData, OverReceipt, Wanted, check, check_goods_receipt,
    check_inventory_issue, check_journal_entry, check_purchase_order,
};
use domain::{Accounts, Document, Finding, GoodsLine};
use mapping::Buyer;

use crate::{
    Ending, Poster,
    buyers::Known,
    posting::{Entry, not_posted},
};

/// Adds what one document depends on.
pub(crate) fn want(wanted: &mut Wanted, entry: &Entry) {
    match &entry.going.document {
        Document::Customer(_) => {}
        Document::SalesOrder(order) => {
            let items = order.lines.iter().map(|line| line.item.as_str());
            want_place(wanted, &order.warehouse, &order.facility, items);
            wanted.order_types.insert(order.order_type.clone());
            match buying(entry) {
                Buying::New { template } => drop(wanted.templates.insert(template.to_owned())),
                Buying::Customer => drop(wanted.customers.insert(number(entry).to_owned())),
                Buying::Nobody => {}
            }
        }
        Document::PurchaseOrder(order) => {
            let items = order.lines.iter().map(|line| line.item.as_str());
            want_place(wanted, &order.warehouse, &order.facility, items);
            wanted.suppliers.insert(order.supplier.clone());
            for line in &order.lines {
                want_accounts(wanted, &line.accounts);
            }
        }
        Document::JournalEntry(journal) => {
            for line in &journal.lines {
                want_accounts(wanted, &line.accounts);
            }
        }
        Document::InventoryIssue(issue) => {
            want_goods(wanted, &issue.warehouse, &issue.lines);
            wanted.orders.extend(issue.order.iter().map(|order| order.number.clone()));
        }
        Document::GoodsReceipt(receipt) => {
            want_goods(wanted, &receipt.warehouse, &receipt.lines);
            wanted.purchase_orders.insert(receipt.purchase_order.clone());
        }
    }
}

fn want_goods(wanted: &mut Wanted, warehouse: &str, lines: &[GoodsLine]) {
    want_place(wanted, warehouse, "", lines.iter().map(|line| line.item.as_str()));
    for line in lines {
        want_accounts(wanted, &line.accounts);
    }
}

fn want_place<'a>(
    wanted: &mut Wanted,
    warehouse: &str,
    facility: &str,
    items: impl Iterator<Item = &'a str>,
) {
    wanted.warehouses.insert(warehouse.to_owned());
    wanted.items.extend(items.map(|item| (warehouse.to_owned(), item.to_owned())));
    if !facility.is_empty() {
        wanted.facilities.insert(facility.to_owned());
    }
}

fn want_accounts(wanted: &mut Wanted, accounts: &Accounts) {
    wanted.accounts.extend(accounts.iter().map(|(place, value)| (*place, value.clone())));
}

/// Ends what cannot be posted, by everything that is wrong with it.
pub(crate) async fn judge(
    poster: &Poster,
    entry: &mut Entry,
    known: &mut Result<MasterData, CallError>,
    over: OverReceipt,
) {
    if entry.going.amendment.is_none()
        && let Document::SalesOrder(order) = &mut entry.going.document
    {
        let number = entry.known.as_ref().and_then(Known::number).unwrap_or_default();
        number.clone_into(&mut order.customer);
    }
    let mut findings = std::mem::take(&mut entry.going.findings);
    if let Ok(known) = known {
        findings.extend(check_document(entry, known, over));
        if findings.is_empty() {
            known.count(&entry.going.document);
        }
    }
    entry.ending = match known {
        Ok(_) if findings.is_empty() => None,
        Err(error) if findings.is_empty() => Some(not_posted(poster, &entry.going, error).await),
        _ => Some(refuse(poster, entry, findings).await),
    };
}

fn check_document(entry: &mut Entry, known: &MasterData, over: OverReceipt) -> Vec<Finding> {
    match &mut entry.going.document {
        Document::InventoryIssue(issue) => return check_inventory_issue(issue, known),
        Document::GoodsReceipt(receipt) => return check_goods_receipt(receipt, known, over),
        _ => {}
    }
    match &entry.going.document {
        Document::Customer(_) | Document::InventoryIssue(_) | Document::GoodsReceipt(_) => Vec::new(),
        Document::SalesOrder(order) => check(order, buying(entry), known),
        Document::PurchaseOrder(order) => check_purchase_order(order, known),
        Document::JournalEntry(journal) => check_journal_entry(journal, known),
    }
}

async fn refuse(poster: &Poster, entry: &Entry, findings: Vec<Finding>) -> Ending {
    let going = &entry.going;
    match going.amendment {
        Some(_) => poster.review(&going.held, Some(going.fingerprint), findings).await,
        None => poster.reject(&going.held, findings).await,
    }
}

/// For whom an order is, as far as the check needs to know.
fn buying(entry: &Entry) -> Buying<'_> {
    match (&entry.going.buyer, &entry.known) {
        (Some(Buyer::Customer { document, .. }), Some(Known::New)) => {
            Buying::New { template: &document.template }
        }
        (Some(_), Some(Known::Customer(_) | Known::Changed(_))) => Buying::Customer,
        _ => Buying::Nobody,
    }
}

/// The customer's number, if CloudSuite has the customer.
fn number(entry: &Entry) -> &str {
    entry.known.as_ref().and_then(Known::number).unwrap_or_default()
}
