//! Checks documents about goods against CloudSuite's master data, and finds the lines of their orders. Pure: all
//! findings of a document in one report.

use domain::{Accounts, DeliveredOrder, Finding, FindingCode, GoodsLine, GoodsReceipt, InventoryIssue};
use rust_decimal::Decimal;

use crate::{
    Known, OrderLineStanding, OrderStanding, Standing,
    check::{judge, judge_accounts, judge_items, judge_warehouse},
};

/// What is done with more than was ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OverReceipt {
    /// It is a finding, and nothing of the document is posted.
    #[default]
    Refuse,
    /// It is received onto the last line of the item; CloudSuite may still refuse it.
    Post,
}

/// Everything in the master data, and on its purchase order, that keeps a receipt from being posted. Sets the
/// supplier, and the order's line of whatever arrives: by item and warehouse, over several lines of the same item by
/// what is still open, the rest onto the last. What is taken back has no line.
///
/// The document is to be posted only if there are no findings: then each quantity of an item and lot is what it was.
pub fn check_goods_receipt(receipt: &mut GoodsReceipt, known: &Known, over: OverReceipt) -> Vec<Finding> {
    let mut findings = judge_goods(&receipt.warehouse, &receipt.lines, known);
    findings.extend(receipt.lines.iter().filter_map(|line| judge_unit(line, known)));
    let number = &receipt.purchase_order;
    let order = known.purchase_orders.get(number);
    findings.extend(judge(
        order.map(|order| &order.standing),
        "purchase_order",
        &format!("purchase order {number}"),
        (FindingCode::UnknownOrder, FindingCode::UnknownOrder),
        "enter it in PPS200, or give the receiving order the number of one that is there; then redrive",
    ));
    let Some(order) = order.filter(|order| order.standing == Standing::Usable) else { return findings };
    if !order.partner.is_empty() {
        receipt.supplier.clone_from(&order.partner);
    }
    let mut open = Open::of(order, &receipt.warehouse);
    let mut lines = Vec::with_capacity(receipt.lines.len());
    for line in &receipt.lines {
        if line.quantity <= Decimal::ZERO {
            lines.push(GoodsLine { order_line: None, ..line.clone() });
            continue;
        }
        let basic = known.item_facts.get(&line.item).map_or("", |facts| facts.unit.as_str());
        match open.refuse_other_units(line, basic).and_then(|()| open.spread(line, over)) {
            Ok(pieces) => lines.extend(pieces),
            Err(why) => {
                findings.push(not_received(why, line, &receipt.purchase_order, &receipt.warehouse));
                lines.push(line.clone());
            }
        }
    }
    receipt.lines = lines;
    findings
}

/// Everything in the master data that keeps an issue from being posted. Sets the sales order's line of each item by
/// what is still open there; if the order cannot take all of it, the order is left out and the goods are issued
/// without one, which is no finding.
pub fn check_inventory_issue(issue: &mut InventoryIssue, known: &Known) -> Vec<Finding> {
    let mut findings = judge_goods(&issue.warehouse, &issue.lines, known);
    for line in &issue.lines {
        // Accounts are looked up where the goods are booked to them.
        let is_asked = |place: &u8, value: &String| known.accounts.contains_key(&(*place, value.clone()));
        let asked = line.accounts.iter().filter(|(place, value)| is_asked(place, value));
        let asked: Accounts = asked.map(|(place, value)| (*place, value.clone())).collect();
        findings.extend(judge_accounts(&line.path, &asked, issue.date, known));
    }
    let Some(order) = issue.order.take() else { return findings };
    let standing = known.orders.get(&order.number);
    match standing.filter(|order| order.standing == Standing::Usable) {
        Some(standing) => deliver(issue, order, standing, known),
        // An answer that no rule covers says neither that the order can take it nor that it cannot.
        None if matches!(standing, Some(OrderStanding { standing: Standing::Unclear(_), .. })) => {
            findings.extend(judge(
                standing.map(|order| &order.standing),
                "order",
                &format!("sales order {}", order.number),
                (FindingCode::UnknownOrder, FindingCode::UnknownOrder),
                "",
            ));
        }
        None => {}
    }
    if issue.order.is_none() {
        issue.lines.iter_mut().for_each(|line| line.order_line = None);
    }
    findings
}

/// Gives an issue its order and the order's lines, if they can take all of it.
fn deliver(issue: &mut InventoryIssue, order: DeliveredOrder, standing: &OrderStanding, known: &Known) {
    let mut open = Open::of(standing, &issue.warehouse);
    let spread = issue.lines.iter().map(|line| match judge_unit(line, known) {
        None if line.quantity > Decimal::ZERO => open.spread(line, OverReceipt::Refuse).ok(),
        _ => None,
    });
    let Some(lines) = spread.collect::<Option<Vec<_>>>() else { return };
    issue.lines = lines.concat();
    let customer = if standing.partner.is_empty() { order.customer } else { standing.partner.clone() };
    issue.order = Some(DeliveredOrder { number: order.number, customer });
}

/// Warehouse, items and lots.
fn judge_goods(warehouse: &str, lines: &[GoodsLine], known: &Known) -> Vec<Finding> {
    let mut findings: Vec<_> = judge_warehouse(warehouse, known).into_iter().collect();
    let items = lines.iter().map(|line| (line.path.as_str(), line.item.as_str()));
    findings.extend(judge_items(items, warehouse, known));
    let needs_lot =
        |line: &&GoodsLine| known.item_facts.get(&line.item).is_some_and(|facts| facts.is_lot_controlled);
    let lacking = lines.iter().filter(|line| line.lot.is_empty()).filter(needs_lot);
    findings.extend(lacking.map(|line| {
        Finding::new(
            FindingCode::MissingLot,
            format!("{}.lot", line.path),
            format!("item {} is kept by lots, and no lot number was given", line.item),
            "enter the lot number at the source and redrive, or set the item's lot control in MMS001",
        )
    }));
    findings
}

/// Goods of an order are moved in the item's basic unit.
fn judge_unit(line: &GoodsLine, known: &Known) -> Option<Finding> {
    let basic = known.item_facts.get(&line.item).map_or("", |facts| facts.unit.as_str());
    if line.unit.is_empty() || line.unit == basic {
        return None;
    }
    Some(Finding::new(
        FindingCode::InvalidField,
        format!("{}.unit", line.path),
        format!("item {} is moved in {}, and its basic unit is {basic:?}", line.item, line.unit),
        "convert the quantity to the basic unit in the mapping file, push it and redrive",
    ))
}

/// Why goods could not be received.
#[derive(Debug, Clone)]
enum Refused {
    NotOnOrder,
    Closed,
    /// So much of them is more than is still open.
    Over(Decimal),
    /// They were ordered in this unit, which is not the item's basic one.
    Unit(String),
}

/// The lines of an order in one warehouse, with what is still open on each.
struct Open<'a>(Vec<(&'a OrderLineStanding, Decimal)>);

impl<'a> Open<'a> {
    /// A line without a warehouse is taken for the warehouse's.
    fn of(order: &'a OrderStanding, warehouse: &str) -> Self {
        let is_here = |line: &&OrderLineStanding| line.warehouse.is_empty() || line.warehouse == warehouse;
        let mut lines: Vec<_> = order.lines.iter().filter(is_here).map(|line| (line, line.open())).collect();
        lines.sort_by_key(|(line, _)| line.number);
        Self(lines)
    }

    /// In which unit M3 takes what is received (QTY of `MHS850MI AddPOReceipt`) is not documented. Where it is ordered in
    /// the basic unit, that is no question; else a wrong guess would be wrong by the factor between them.
    fn refuse_other_units(&self, line: &GoodsLine, basic: &str) -> Result<(), Refused> {
        let is_other = |on: &&OrderLineStanding| {
            on.item == line.item && on.is_open && !(on.unit.is_empty() || on.unit == basic)
        };
        let mut others = self.0.iter().map(|(on, _)| *on).filter(is_other);
        others.next().map_or(Ok(()), |on| Err(Refused::Unit(on.unit.clone())))
    }

    /// Spreads a quantity over the item's open lines; what is spread is open no more.
    fn spread(&mut self, line: &GoodsLine, over: OverReceipt) -> Result<Vec<GoodsLine>, Refused> {
        let mut of_item: Vec<_> = self.0.iter_mut().filter(|(on, _)| on.item == line.item).collect();
        if of_item.is_empty() {
            return Err(Refused::NotOnOrder);
        }
        of_item.retain(|(on, _)| on.is_open);
        let Some(last) = of_item.last().map(|(on, _)| on.number) else { return Err(Refused::Closed) };
        let open: Decimal = of_item.iter().map(|(_, open)| *open).sum();
        let more = (line.quantity - open).max(Decimal::ZERO);
        if over == OverReceipt::Refuse && !more.is_zero() {
            return Err(Refused::Over(more));
        }
        let mut left = line.quantity - more;
        let mut pieces = Vec::new();
        for (on, open) in of_item {
            let taken = left.min(*open);
            *open -= taken;
            left -= taken;
            let quantity = if on.number == last { taken + more } else { taken };
            if !quantity.is_zero() {
                pieces.push(GoodsLine { quantity, order_line: Some(on.number), ..line.clone() });
            }
        }
        Ok(pieces)
    }
}

fn not_received(why: Refused, line: &GoodsLine, order: &str, warehouse: &str) -> Finding {
    let item = &line.item;
    let (code, message, help) = match why {
        Refused::NotOnOrder => (
            FindingCode::NotOnOrder,
            format!("purchase order {order} has no line of item {item} for warehouse {warehouse}"),
            "add the item to the order in PPS200, or correct the receiving order or the alias; then redrive",
        ),
        Refused::Unit(unit) => (
            FindingCode::InvalidField,
            format!(
                "item {item} is ordered in {unit} on purchase order {order}, and received in its basic unit"
            ),
            "order the item in its basic unit in PPS200 and redrive, or enter the receipt by hand",
        ),
        Refused::Closed => (
            FindingCode::OrderLineClosed,
            format!("the lines of item {item} on purchase order {order} take no receipt any more"),
            "add a line for the rest to the order in PPS200, or enter the receipt by hand; then redrive",
        ),
        Refused::Over(more) => (
            FindingCode::OverReceipt,
            format!(
                "{} of item {item} arrived, {more} more than is open on purchase order {order}",
                line.quantity
            ),
            "raise the ordered quantity in PPS200, or let the mapping file post what is over; then redrive",
        ),
    };
    Finding::new(code, format!("{}.quantity", line.path), message, help)
}

#[cfg(test)]
#[path = "check_goods_tests.rs"]
mod tests;
