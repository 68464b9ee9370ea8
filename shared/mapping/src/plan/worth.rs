//! What a line is worth: its quantity, the price of one and the discount, to the last cent.

use domain::FindingCode;
use rust_decimal::{Decimal, RoundingStrategy};
use shopify::LineItem;

use super::planner::{At, Planner};

/// A line's money. Price times quantity less discount is what it comes to, exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Worth {
    pub(super) quantity: Decimal,
    pub(super) price: Decimal,
    pub(super) discount: Decimal,
    /// What the line comes to.
    pub(super) net: Decimal,
    /// What of the discount the source gave; the rest, if any, makes up for a price that was rounded.
    pub(super) given: Decimal,
}

impl Worth {
    /// A worth of which the price is known.
    pub(super) fn new(quantity: Decimal, price: Decimal, discount: Decimal) -> Option<Self> {
        let net = price.checked_mul(quantity)?.checked_sub(discount)?;
        Some(Self { quantity, price, discount, net, given: discount })
    }

    /// A worth of which the net amount is known. A price that does not come out even is rounded up to the smallest
    /// unit, and the difference goes with the discount, so that the line comes to the cent that was paid. Nothing
    /// where a number grows too large or the quantity is not above zero.
    pub(super) fn of_net(net: Decimal, given: Decimal, quantity: Decimal, digits: u32) -> Option<Self> {
        let gross = net.checked_add(given)?;
        let digits = digits.max(gross.normalize().scale());
        let price = gross.checked_div(quantity)?;
        let price = price.round_dp_with_strategy(digits, RoundingStrategy::ToPositiveInfinity).normalize();
        let discount = price.checked_mul(quantity)?.checked_sub(net)?;
        Some(Self { quantity, price, discount, net, given })
    }
}

/// What was given back of a line.
#[derive(Debug, Default)]
pub(super) struct GivenBack {
    quantity: u64,
    subtotal: Decimal,
    pub(super) tax: Decimal,
}

impl Planner<'_> {
    /// What is left of a line. Discounts are taken as Shopify has allocated them and never calculated anew. Where
    /// units were taken off again, the refunds say how much of the discount went with them; if they do not, guessing
    /// would book a wrong amount.
    pub(super) fn worth(&mut self, at: At, line: &LineItem, quantity: u64) -> Option<Worth> {
        let price = self.amount(at, "price", line.price.as_ref(), line.price_set.as_ref());
        let discount = self.discount(at, line);
        let (price, mut discount) = (price?, discount?);
        if line.quantity.is_some_and(|ordered| quantity < ordered) && !discount.is_zero() {
            let Some(left) = self.discount_left(line, quantity, price, discount) else {
                self.untold(at, "discount_allocations", "discount");
                return None;
            };
            discount = left;
        }
        self.result(at, "price", Worth::new(quantity.into(), price, discount))
    }

    /// The discount on the line as ordered: the sum of its allocations.
    fn discount(&mut self, at: At, line: &LineItem) -> Option<Decimal> {
        let mut sum = Decimal::ZERO;
        for (place, part) in line.discount_allocations.iter().enumerate() {
            let field = format_args!("discount_allocations[{place}].amount");
            let amount = self.amount_or_zero(at, field, part.amount.as_ref(), part.amount_set.as_ref())?;
            sum = self.result(at, field, sum.checked_add(amount))?;
        }
        Some(sum)
    }

    fn discount_left(
        &self,
        line: &LineItem,
        left: u64,
        price: Decimal,
        discount: Decimal,
    ) -> Option<Decimal> {
        let back = self.given_back(line, left)?;
        let went = price.checked_mul(back.quantity.into())?.checked_sub(back.subtotal)?;
        let rest = discount.checked_sub(went)?;
        (went >= Decimal::ZERO && rest >= Decimal::ZERO).then_some(rest)
    }

    /// What was given back of a line; nothing unless the refunds tell of all that is no longer there.
    pub(super) fn given_back(&self, line: &LineItem, left: u64) -> Option<GivenBack> {
        let mut back = GivenBack::default();
        let parts = self.order.refunds.iter().flat_map(|refund| &refund.refund_line_items);
        for part in parts.filter(|part| part.line_item_id.is_some() && part.line_item_id == line.id) {
            let read = |plain: Option<&shopify::Amount>, set: Option<&shopify::MoneySet>| {
                let in_set = set.and_then(|set| set.amount(self.side));
                let plain = plain.filter(|_| self.side == shopify::Side::Shop);
                in_set.or(plain)?.decimal().ok()
            };
            let subtotal = read(part.subtotal.as_ref(), part.subtotal_set.as_ref())?;
            back.subtotal = back.subtotal.checked_add(subtotal)?;
            let tax = read(part.total_tax.as_ref(), part.total_tax_set.as_ref()).unwrap_or_default();
            back.tax = back.tax.checked_add(tax)?;
            back.quantity = back.quantity.checked_add(part.quantity?)?;
        }
        (back.quantity.checked_add(left)? == line.quantity?).then_some(back)
    }

    pub(super) fn untold(&mut self, at: At, field: &str, what: &str) {
        let message =
            format!("some of the line was taken off again, and what is left of its {what} is not told");
        self.find(FindingCode::InvalidField, format!("{at}.{field}"), message, "enter the order by hand");
    }
}
