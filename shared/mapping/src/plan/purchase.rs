//! An order as a purchase order: what was sold is bought of one supplier.

use domain::{
    Accounts, Allocation, FindingCode, OrderLine, PurchaseLine, PurchaseOrder, RecordKey, Reference,
};
use jiff::{Span, civil::Date};
use rust_decimal::{Decimal, RoundingStrategy};

use super::{order::Sold, planner::Planner};

impl Planner<'_> {
    pub(super) fn purchase_order(&mut self, key: &RecordKey, order_date: Date, sold: &Sold) -> PurchaseOrder {
        let purchase = &self.mapping.purchase_orders;
        let lead = Span::new().days(purchase.lead_days);
        let lines = sold.lines.iter().flat_map(|line| self.purchase_lines(line)).collect();
        PurchaseOrder {
            reference: Reference::of(key),
            source_name: self.order.name.clone().unwrap_or_default(),
            company: self.place.company,
            division: self.place.division.to_owned(),
            supplier: purchase.supplier.clone(),
            order_type: purchase.order_type.clone(),
            batch_origin: purchase.batch_origin.clone(),
            facility: self.place.facility.to_owned(),
            warehouse: self.place.warehouse.to_owned(),
            currency: self.currency,
            order_date,
            delivery_date: order_date.saturating_add(lead),
            lines,
        }
    }

    /// The purchase lines of a line: one, or two where the price of one does not come out even.
    fn purchase_lines(&mut self, line: &OrderLine) -> Vec<PurchaseLine> {
        if line.allocations.len() > 1 && !self.mapping.journal.allocations {
            let message =
                "the line is booked in several parts, and a purchase line holds one accounting string";
            let help =
                "let journal.allocations in the mapping file be true, or leave the split out of the rule";
            self.find(FindingCode::Mapping, line.path.as_str(), message, help);
        }
        let prices = even(line, self.currency.exponent());
        let Some(prices) = prices else {
            let message = "the price of one after discounts does not come out to the smallest unit";
            let help =
                "name another factor under items.units in the mapping file, or enter the order by hand";
            self.find(FindingCode::InvalidField, format!("{}.price", line.path), message, help);
            return Vec::new();
        };
        let accounts = main_accounts(&line.allocations);
        let is_one = prices.len() == 1;
        let lines = prices.into_iter().enumerate().map(|(place, (quantity, price))| PurchaseLine {
            path: line.path.clone(),
            source_id: if is_one {
                line.source_id.clone()
            } else {
                format!("{}-{}", line.source_id, place + 1)
            },
            item: line.item.clone(),
            quantity,
            unit: line.unit.clone(),
            price: self.money(price),
            cost_centre: self.mapping.purchase_orders.cost_centre.clone(),
            accounts: accounts.clone(),
        });
        lines.collect()
    }
}

/// Where a purchase line is booked: the largest part, the first of equal ones. The journal moves the others.
pub(super) fn main_accounts(allocations: &[Allocation]) -> Accounts {
    largest(allocations)
        .and_then(|place| allocations.get(place))
        .map(|part| part.accounts.clone())
        .unwrap_or_default()
}

/// The place of the largest part, the first of equal ones.
pub(super) fn largest(allocations: &[Allocation]) -> Option<usize> {
    let parts = allocations.iter().enumerate();
    parts
        .max_by_key(|(place, part)| (part.amount.amount.abs(), std::cmp::Reverse(*place)))
        .map(|(place, _)| place)
}

/// A line's quantity and net price: in two parts, one smallest unit of the price apart, where it takes two to come to
/// the line's net amount. Nothing, where not even two do.
fn even(line: &OrderLine, digits: u32) -> Option<Vec<(Decimal, Decimal)>> {
    let net = line.price.amount.checked_mul(line.quantity)?.checked_sub(line.discount.amount)?.normalize();
    let digits = digits.max(net.scale());
    let price = net.checked_div(line.quantity)?;
    let low = price.round_dp_with_strategy(digits, RoundingStrategy::ToNegativeInfinity);
    let missing = net.checked_sub(low.checked_mul(line.quantity)?)?;
    if missing.is_zero() {
        return Some(vec![(line.quantity, low)]);
    }
    let unit = Decimal::try_new(1, digits).ok()?;
    let higher = missing.checked_div(unit)?.normalize();
    let is_whole = line.quantity.fract().is_zero() && higher.fract().is_zero() && higher < line.quantity;
    is_whole.then(|| vec![(line.quantity - higher, low), (higher, low.saturating_add(unit))])
}
