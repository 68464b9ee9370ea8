//! No cent is lost: documents come to what the buyer pays, allocations to what they split, journal entries to zero.

use domain::{Document, SalesOrder};
use mapping::{Mapping, MarketplaceTaxes, Strategy, plan_journal, plan_order};
use rust_decimal::Decimal;
use shopify::Order;

use crate::{document, finance, key, orders};

/// The mapping that leaves nothing out.
fn complete() -> Mapping {
    let mut mapping = finance();
    mapping.taxes.marketplace = MarketplaceTaxes::AsTax;
    mapping.orders.test_orders = mapping::TestOrders::Post;
    mapping.orders.payment_terms.clear();
    mapping
}

fn sales_order(mapping: &Mapping, order: &Order) -> Option<SalesOrder> {
    match document(plan_order(mapping, &key("order", order.id), order))? {
        Document::SalesOrder(order) => Some(order),
        _ => None,
    }
}

fn net(order: &SalesOrder) -> Decimal {
    let lines = order.lines.iter().map(|line| line.price.amount * line.quantity - line.discount.amount);
    lines.sum::<Decimal>() + order.charges.iter().map(|charge| charge.amount.amount).sum::<Decimal>()
}

#[test]
fn a_document_comes_to_what_the_buyer_pays() {
    let mut checked = Vec::new();
    for (name, order) in orders() {
        let Some(total) = order.total_price.as_ref().and_then(|total| total.decimal().ok()) else { continue };
        let Some(document) = sales_order(&complete(), &order) else { continue };
        let is_changed = !order.refunds.is_empty() || name.contains("edit");
        if !is_changed {
            assert_eq!(net(&document).normalize(), total.normalize(), "{name}");
            checked.push(name);
        }
    }
    assert!(checked.len() >= 15, "{checked:?}");
}

#[test]
fn allocations_come_to_what_they_split() {
    let mut checked = 0;
    for (name, order) in orders() {
        let Some(document) = sales_order(&complete(), &order) else { continue };
        for line in document.lines.iter().filter(|line| !line.allocations.is_empty()) {
            let net = line.price.amount * line.quantity - line.discount.amount;
            let parts: Decimal = line.allocations.iter().map(|part| part.amount.amount).sum();
            assert_eq!(parts, net, "{name} {}", line.path);
            checked += 1;
        }
        for charge in document.charges.iter().filter(|charge| !charge.allocations.is_empty()) {
            let parts: Decimal = charge.allocations.iter().map(|part| part.amount.amount).sum();
            assert_eq!(parts, charge.amount.amount, "{name} {}", charge.id);
            checked += 1;
        }
    }
    assert!(checked > 50, "{checked}");
}

#[test]
fn a_journal_entry_comes_to_zero_and_has_two_lines_at_least() {
    for strategy in [Strategy::CustomerOrder, Strategy::PurchaseOrder] {
        let mut mapping = complete();
        mapping.orders.strategy = strategy;
        let mut checked = 0;
        for (name, order) in orders() {
            let plan = plan_journal(&mapping, &key("journal", order.id), &order);
            let Some(Document::JournalEntry(entry)) = document(plan) else { continue };
            let sum: Decimal = entry.lines.iter().map(|line| line.amount.amount).sum();
            assert_eq!(sum, Decimal::ZERO, "{name}");
            assert!(entry.lines.len() >= 2, "{name}");
            assert!(entry.lines.iter().all(|line| line.text.chars().count() <= 40), "{name}");
            checked += 1;
        }
        assert!(checked > 20, "{strategy:?}: {checked}");
    }
}

/// A purchase line has no discount: its lines come to the net amounts all the same.
#[test]
fn a_purchase_order_comes_to_what_its_goods_come_to() {
    let mut mapping = complete();
    let mut checked = 0;
    for (name, order) in orders() {
        mapping.orders.strategy = Strategy::CustomerOrder;
        let Some(sold) = sales_order(&mapping, &order) else { continue };
        mapping.orders.strategy = Strategy::PurchaseOrder;
        let plan = plan_order(&mapping, &key("order", order.id), &order);
        let Some(Document::PurchaseOrder(bought)) = document(plan) else { continue };
        let goods: Decimal =
            sold.lines.iter().map(|line| line.price.amount * line.quantity - line.discount.amount).sum();
        let lines: Decimal = bought.lines.iter().map(|line| line.price.amount * line.quantity).sum();
        assert_eq!(lines, goods, "{name}");
        checked += 1;
    }
    assert!(checked > 20, "{checked}");
}
