//! Taxes: which are taken out of prices, which are entered as a charge, and which are left to CloudSuite.

use domain::Allocation;
use rust_decimal::Decimal;
use shopify::{LineItem, TaxLine};

use super::{
    accounts::{Subject, add},
    planner::{At, Planner},
    worth::Worth,
};
use crate::{GlKind, IncludedTaxes, MarketplaceTaxes, split::split};

/// The taxes of an order that are entered as a charge.
#[derive(Debug, Default)]
pub(super) struct ChargedTaxes<'a> {
    /// Each with its name, by which rules may tell taxes apart.
    by_title: Vec<(Option<&'a str>, Decimal)>,
}

impl<'a> Planner<'a> {
    /// Whether any tax changes anything that is entered.
    fn heeds_taxes(&self) -> bool {
        let taxes = &self.mapping.taxes;
        let takes_out =
            taxes.included == IncludedTaxes::Net || taxes.marketplace == MarketplaceTaxes::LeaveOut;
        !taxes.charge.is_empty() || (self.order.taxes_included && takes_out)
    }

    /// A line's worth without the taxes that are not to be in its price. Taxes that are entered as a charge are
    /// added to `charged`.
    pub(super) fn without_taxes(
        &mut self,
        at: At,
        line: &'a LineItem,
        worth: Worth,
        left: u64,
        charged: &mut ChargedTaxes<'a>,
    ) -> Option<Worth> {
        let mut amounts = self.tax_amounts(at, &line.tax_lines)?;
        let is_reduced = line.quantity.is_some_and(|ordered| left < ordered);
        if is_reduced && amounts.iter().any(|amount| !amount.is_zero()) {
            let Some(rest) = self.taxes_left(line, left, &amounts) else {
                self.untold(at, "tax_lines", "tax");
                return None;
            };
            amounts = rest;
        }
        let taken_out = self.settle_taxes(at, &line.tax_lines, &amounts, charged)?;
        if taken_out.is_zero() {
            return Some(worth);
        }
        let without = self.taken_out(worth, taken_out);
        self.result(at, "tax_lines", without)
    }

    /// The taxes on something: what of them is taken out of its price. Those that are entered as a charge are added
    /// to `charged`.
    pub(super) fn taxes_of(
        &mut self,
        at: At,
        taxes: &'a [TaxLine],
        charged: &mut ChargedTaxes<'a>,
    ) -> Option<Decimal> {
        let amounts = self.tax_amounts(at, taxes)?;
        self.settle_taxes(at, taxes, &amounts, charged)
    }

    fn tax_amounts(&mut self, at: At, taxes: &[TaxLine]) -> Option<Vec<Decimal>> {
        if !self.heeds_taxes() {
            return Some(vec![Decimal::ZERO; taxes.len()]);
        }
        let amounts = taxes.iter().enumerate().map(|(place, tax)| {
            let field = format_args!("tax_lines[{place}].price");
            self.amount_or_zero(at, field, tax.price.as_ref(), tax.price_set.as_ref())
        });
        amounts.collect()
    }

    fn taxes_left(&self, line: &LineItem, left: u64, amounts: &[Decimal]) -> Option<Vec<Decimal>> {
        let back = self.given_back(line, left)?;
        let sum = amounts.iter().try_fold(Decimal::ZERO, |sum, amount| sum.checked_add(*amount))?;
        let rest = sum.checked_sub(back.tax).filter(|rest| *rest >= Decimal::ZERO)?;
        split(rest, amounts, self.currency.exponent())
    }

    fn settle_taxes(
        &mut self,
        at: At,
        taxes: &'a [TaxLine],
        amounts: &[Decimal],
        charged: &mut ChargedTaxes<'a>,
    ) -> Option<Decimal> {
        let mapping = &self.mapping.taxes;
        let mut taken_out = Decimal::ZERO;
        for (tax, amount) in taxes.iter().zip(amounts) {
            let is_foreign =
                tax.channel_liable == Some(true) && mapping.marketplace == MarketplaceTaxes::LeaveOut;
            let is_net = mapping.included == IncludedTaxes::Net;
            let (is_in_price, is_on_top) = (self.order.taxes_included, !self.order.taxes_included || is_net);
            if is_in_price && (is_net || is_foreign) {
                taken_out = self.result(at, "tax_lines", taken_out.checked_add(*amount))?;
            }
            if is_on_top && !is_foreign && !mapping.charge.is_empty() && !amount.is_zero() {
                let title = tax.title.as_deref();
                match charged.by_title.iter_mut().find(|(other, _)| *other == title) {
                    Some((_, sum)) => *sum = self.result(at, "tax_lines", sum.checked_add(*amount))?,
                    None => charged.by_title.push((title, *amount)),
                }
            }
        }
        Some(taken_out)
    }

    /// What the taxes come to that are entered as a charge, and where they are booked.
    pub(super) fn book_taxes(&mut self, taxes: &ChargedTaxes<'_>) -> (Decimal, Vec<Allocation>) {
        let (mut amount, mut allocations) = (Decimal::ZERO, Vec::new());
        for (title, part) in &taxes.by_title {
            amount = amount.saturating_add(*part);
            let booked = self.book(At("tax_lines", 0), GlKind::Tax, Subject::of_tax(*title), *part);
            add(&mut allocations, booked);
        }
        (amount, allocations)
    }

    /// The worth less a tax. The discount is what it was of the smaller amount.
    fn taken_out(&self, worth: Worth, tax: Decimal) -> Option<Worth> {
        let digits = self.currency.exponent();
        let net = worth.net.checked_sub(tax)?;
        let discount = if worth.net.is_zero() || worth.given.is_zero() {
            worth.given
        } else {
            worth.given.checked_mul(net)?.checked_div(worth.net)?.round_dp(digits)
        };
        Worth::of_net(net, discount, worth.quantity, digits)
    }
}
