//! Whether an order's money adds up: in the shop's currency, and in the buyer's where that is another.

use std::fmt;

use rust_decimal::Decimal;

use crate::{Amount, DiscountAllocation, LineItem, MoneySet, Order, ShippingLine, Side, TaxLine};

/// A total that is not the sum of its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// The total, such as `total_price`.
    pub field: &'static str,
    /// In which of the two currencies.
    pub side: Side,
    /// That currency, if the order names it.
    pub currency: Option<String>,
    /// What the parts come to.
    pub expected: Decimal,
    /// What the order says.
    pub found: Decimal,
    /// Whether the difference may come from conversion: the amounts are converted one by one from the currency that
    /// the buyer paid in, and are apart by at most half a unit of the last digit for each part.
    pub may_be_conversion: bool,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let currency = self.currency.as_deref().unwrap_or("(no currency)");
        let Self { field, expected, found, .. } = self;
        write!(f, "`{field}` is {found} {currency}, and its parts come to {expected} {currency}")
    }
}

impl Order {
    /// The totals that are not the sums of their parts, to the last digit that Shopify writes. A total that is
    /// missing, or of which a part is missing or no amount, is not judged.
    ///
    /// lines − discounts + taxes, unless the prices contain them, + shipping + duties, unless the prices contain
    /// them, + fees + tips = total (Shopify documentation, "Order", `total_price`). That duties and fees are part of
    /// `total_price`, and that tips are not part of `total_line_items_price`, is not documented: a sum that fits
    /// with tips among the lines is right too.
    ///
    /// An edit adds lines or shipping and leaves the totals as ordered. So an order with more of them is right as
    /// well if its totals fit each other, what is left of its lines comes to `current_total_price`, and the
    /// discounts to `current_total_discounts`.
    pub fn mismatches(&self) -> Vec<Mismatch> {
        let is_foreign = match (&self.currency, &self.presentment_currency) {
            (Some(shop), Some(presentment)) => shop != presentment,
            _ => false,
        };
        let sides: &[Side] = if is_foreign { &[Side::Shop, Side::Presentment] } else { &[Side::Shop] };
        sides.iter().flat_map(|side| Sums { order: self, side: *side, is_foreign }.mismatches()).collect()
    }
}

/// The sums of an order in one of its currencies. Nothing stands for a sum that cannot be made.
struct Sums<'a> {
    order: &'a Order,
    side: Side,
    is_foreign: bool,
}

impl Sums<'_> {
    fn mismatches(&self) -> Vec<Mismatch> {
        let found: Vec<_> = self.checks().into_iter().flatten().collect();
        let is_of_lines = |mismatch: &Mismatch| {
            matches!(mismatch.field, "total_line_items_price" | "total_shipping_price_set")
        };
        let is_edited =
            || found.iter().any(is_of_lines) && self.totals_fit_each_other() && self.holds_after_edits();
        if found.is_empty() || is_edited() { Vec::new() } else { found }
    }

    /// The totals as ordered.
    fn checks(&self) -> [Option<Mismatch>; 7] {
        let order = self.order;
        let goods = self.goods(LineItem::ordered);
        let with_tips = sum([goods, self.tip_lines()]);
        let shipping = self.shipping();
        let reduced = self.shipping_discounts();
        [
            self.check("total_line_items_price", self.total_goods(), &[goods, with_tips]),
            self.check("total_discounts", self.total_discounts(), &[sum([self.line_discounts(), reduced])]),
            self.check("total_tax", self.total_tax(), &[self.taxes(), self.taxes_of(&order.tax_lines)]),
            self.check(
                "total_shipping_price_set",
                self.set(order.total_shipping_price_set.as_ref()),
                &[shipping, difference(shipping, reduced)],
            ),
            self.check("original_total_duties_set", self.stated_duties(), &[self.line_duties()]),
            self.check("total_tip_received", self.stated_tips(), &[self.tip_lines()]),
            self.check("total_price", self.total(), &[self.price()]),
        ]
    }

    /// A mismatch, unless one of the sums is the total, or either is unknown.
    fn check(
        &self,
        field: &'static str,
        total: Option<Decimal>,
        sums: &[Option<Decimal>],
    ) -> Option<Mismatch> {
        let (found, expected) = (total?, sums.first().copied()??);
        if sums.iter().flatten().any(|sum| is_same(*sum, found)) {
            return None;
        }
        let currency = match self.side {
            Side::Shop => self.order.currency.clone(),
            Side::Presentment => self.order.presentment_currency.clone(),
        };
        let may_be_conversion = self.is_foreign && self.is_conversion(expected, found);
        Some(Mismatch { field, side: self.side, currency, expected, found, may_be_conversion })
    }

    /// Whether each part may have been rounded by half a unit. A line's price counts once for each piece.
    fn is_conversion(&self, expected: Decimal, found: Decimal) -> bool {
        let pieces = |line: &LineItem| line.quantity.unwrap_or_default().saturating_add(2);
        let small = |line: &LineItem| line.tax_lines.len() + line.discount_allocations.len();
        let lines = &self.order.line_items;
        let small = lines.iter().map(small).sum::<usize>() + 4 * self.order.shipping_lines.len();
        let parts = lines.iter().map(pieces).fold(1, u64::saturating_add);
        let parts = Decimal::from(parts).checked_add(small.into());
        let unit = Decimal::new(1, found.scale().max(2));
        let allowed = parts.and_then(|parts| parts.checked_mul(unit));
        let apart = expected.checked_sub(found).and_then(|apart| apart.abs().checked_mul(Decimal::TWO));
        apart.zip(allowed).is_some_and(|(apart, allowed)| apart <= allowed)
    }

    /// Whether the totals as ordered fit each other, whatever became of the lines.
    fn totals_fit_each_other(&self) -> bool {
        let order = self.order;
        let tips = order.total_tip_received.as_ref().map_or_else(|| self.tips(), decimal);
        let added = [
            self.total_goods(),
            self.set(order.total_shipping_price_set.as_ref()),
            if order.taxes_included { Some(Decimal::ZERO) } else { self.total_tax() },
            if order.duties_included { Some(Decimal::ZERO) } else { self.duties() },
            self.set(order.original_total_additional_fees_set.as_ref()).or(Some(Decimal::ZERO)),
            tips,
        ];
        holds(difference(sum(added), self.total_discounts()), self.total())
    }

    /// Whether what is left of the lines comes to the totals after edits and refunds.
    fn holds_after_edits(&self) -> bool {
        let order = self.order;
        let discounts = sum([self.line_discounts(), self.shipping_discounts()]);
        let stated =
            self.amount(order.current_total_discounts.as_ref(), order.current_total_discounts_set.as_ref());
        let tax = self.amount(order.current_total_tax.as_ref(), order.current_total_tax_set.as_ref());
        let duties = self.set(order.current_total_duties_set.as_ref()).or(Some(Decimal::ZERO));
        let fees = self.set(order.current_total_additional_fees_set.as_ref()).or(Some(Decimal::ZERO));
        let added = [
            self.goods(LineItem::effective_quantity),
            self.shipping(),
            if order.taxes_included { Some(Decimal::ZERO) } else { tax },
            if order.duties_included { Some(Decimal::ZERO) } else { duties },
            fees,
            self.tips(),
        ];
        let total = self.amount(order.current_total_price.as_ref(), order.current_total_price_set.as_ref());
        holds(discounts, stated) && holds(difference(sum(added), discounts), total)
    }

    /// What the whole order comes to, as ordered.
    fn price(&self) -> Option<Decimal> {
        let order = self.order;
        let fees = self.set(order.original_total_additional_fees_set.as_ref()).or(Some(Decimal::ZERO));
        let added = [
            self.goods(LineItem::ordered),
            self.shipping(),
            if order.taxes_included {
                Some(Decimal::ZERO)
            } else {
                self.total_tax().or_else(|| self.taxes())
            },
            if order.duties_included { Some(Decimal::ZERO) } else { self.duties() },
            fees,
            self.tips(),
        ];
        difference(difference(sum(added), self.line_discounts()), self.shipping_discounts())
    }

    /// What the lines come to. Every order has a line: without any, the subscription leaves them out.
    fn goods(&self, quantity: impl Fn(&LineItem) -> Option<u64>) -> Option<Decimal> {
        self.order.line_items.first()?;
        sum(self.lines(false).map(|line| self.worth(line, quantity(line))))
    }

    /// What the tips come to that stand among the lines.
    fn tip_lines(&self) -> Option<Decimal> {
        sum(self.lines(true).map(|line| self.worth(line, line.ordered())))
    }

    fn lines(&self, tips: bool) -> impl Iterator<Item = &LineItem> {
        self.order.line_items.iter().filter(move |line| line.is_tip == tips)
    }

    fn worth(&self, line: &LineItem, quantity: Option<u64>) -> Option<Decimal> {
        let price = self.amount(line.price.as_ref(), line.price_set.as_ref())?;
        price.checked_mul(quantity?.into())
    }

    /// The tips: by the lines if they stand there, else by the total, which is in the shop's currency only.
    fn tips(&self) -> Option<Decimal> {
        if self.lines(true).next().is_some() {
            return self.tip_lines();
        }
        let tips = self.order.total_tip_received.as_ref().map_or(Some(Decimal::ZERO), decimal)?;
        (tips.is_zero() || !self.is_foreign || self.side == Side::Shop).then_some(tips)
    }

    /// The total of the tips, where there are lines to compare it with.
    fn stated_tips(&self) -> Option<Decimal> {
        let is_comparable = self.side == Side::Shop && self.lines(true).next().is_some();
        self.order.total_tip_received.as_ref().filter(|_| is_comparable).and_then(decimal)
    }

    fn line_discounts(&self) -> Option<Decimal> {
        self.allocated(self.order.line_items.iter().flat_map(|line| &line.discount_allocations))
    }

    fn shipping_discounts(&self) -> Option<Decimal> {
        self.allocated(self.shipping_lines().flat_map(|line| &line.discount_allocations))
    }

    fn allocated<'b>(&self, allocations: impl Iterator<Item = &'b DiscountAllocation>) -> Option<Decimal> {
        sum(allocations.map(|part| self.amount(part.amount.as_ref(), part.amount_set.as_ref())))
    }

    /// The shipping before discounts.
    fn shipping(&self) -> Option<Decimal> {
        sum(self.shipping_lines().map(|line| self.amount(line.price.as_ref(), line.price_set.as_ref())))
    }

    fn shipping_lines(&self) -> impl Iterator<Item = &ShippingLine> {
        self.order.shipping().map(|(_, line)| line)
    }

    /// The taxes on lines, shipping and duties.
    fn taxes(&self) -> Option<Decimal> {
        let lines = self.order.line_items.iter();
        let duties = lines.clone().flat_map(|line| &line.duties).flat_map(|duty| &duty.tax_lines);
        let shipping = self.shipping_lines().flat_map(|line| &line.tax_lines);
        let fees = self.order.additional_fees.iter().flat_map(|fee| &fee.tax_lines);
        let all = lines.flat_map(|line| &line.tax_lines).chain(shipping).chain(duties).chain(fees);
        self.taxes_of(all)
    }

    fn taxes_of<'b>(&self, taxes: impl IntoIterator<Item = &'b TaxLine>) -> Option<Decimal> {
        sum(taxes.into_iter().map(|tax| self.amount(tax.price.as_ref(), tax.price_set.as_ref())))
    }

    /// The duties: by the total, else by the lines.
    fn duties(&self) -> Option<Decimal> {
        match &self.order.original_total_duties_set {
            Some(set) => self.set(Some(set)),
            None => self.line_duties(),
        }
    }

    fn line_duties(&self) -> Option<Decimal> {
        let duties = self.order.line_items.iter().flat_map(|line| &line.duties);
        sum(duties.map(|duty| decimal(duty.money(self.side).amount.as_ref()?)))
    }

    /// The total of the duties, where there are lines to compare it with.
    fn stated_duties(&self) -> Option<Decimal> {
        let is_comparable = self.order.line_items.iter().any(|line| !line.duties.is_empty());
        self.set(self.order.original_total_duties_set.as_ref().filter(|_| is_comparable))
    }

    fn total_goods(&self) -> Option<Decimal> {
        let order = self.order;
        self.amount(order.total_line_items_price.as_ref(), order.total_line_items_price_set.as_ref())
    }

    fn total_discounts(&self) -> Option<Decimal> {
        self.amount(self.order.total_discounts.as_ref(), self.order.total_discounts_set.as_ref())
    }

    fn total_tax(&self) -> Option<Decimal> {
        self.amount(self.order.total_tax.as_ref(), self.order.total_tax_set.as_ref())
    }

    fn total(&self) -> Option<Decimal> {
        self.amount(self.order.total_price.as_ref(), self.order.total_price_set.as_ref())
    }

    /// An amount that stands plainly in the shop's currency, and in a set in both.
    fn amount(&self, plain: Option<&Amount>, set: Option<&MoneySet>) -> Option<Decimal> {
        let plain = plain.filter(|_| self.side == Side::Shop);
        decimal(plain.or_else(|| set?.amount(self.side))?)
    }

    fn set(&self, set: Option<&MoneySet>) -> Option<Decimal> {
        decimal(set?.amount(self.side)?)
    }
}

fn decimal(amount: &Amount) -> Option<Decimal> {
    amount.decimal().ok()
}

/// The sum, if every part is known and the sum is one that a decimal holds.
fn sum(parts: impl IntoIterator<Item = Option<Decimal>>) -> Option<Decimal> {
    parts.into_iter().try_fold(Decimal::ZERO, |total, part| total.checked_add(part?))
}

fn difference(from: Option<Decimal>, taken: Option<Decimal>) -> Option<Decimal> {
    from?.checked_sub(taken?)
}

/// Whether both are known and the same.
fn holds(sum: Option<Decimal>, total: Option<Decimal>) -> bool {
    sum.zip(total).is_some_and(|(sum, total)| is_same(sum, total))
}

/// Whether two amounts are the same to the last digit that the total is written with, which is a cent or less.
fn is_same(sum: Decimal, total: Decimal) -> bool {
    let unit = Decimal::new(1, total.scale().max(2));
    let apart = sum.checked_sub(total).and_then(|apart| apart.abs().checked_mul(Decimal::TWO));
    apart.is_some_and(|apart| apart < unit)
}
