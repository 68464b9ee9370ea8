//! Where amounts are booked: the first rule of the kind that matches, its accounts, and its split to the cent.

use domain::{Accounts, Allocation};
use rust_decimal::Decimal;
use shopify::LineItem;
use wildmatch::WildMatch;

use super::{
    place::{has_tag, is_one},
    planner::{At, Planner},
};
use crate::{GlKind, GlRule, GlWhen, Mapping, split::split};

/// The account's place in the accounting string.
const ACCOUNT: u8 = 1;

/// What rules may ask of an amount.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Subject<'a> {
    pub(super) vendor: Option<&'a str>,
    pub(super) product_type: Option<&'a str>,
    pub(super) sku: Option<&'a str>,
    pub(super) tax_title: Option<&'a str>,
    pub(super) fee: Option<&'a str>,
    pub(super) fulfillment_center: Option<&'a str>,
}

impl<'a> Subject<'a> {
    pub(super) fn of_line(line: &'a LineItem) -> Self {
        Self {
            vendor: line.vendor.as_deref(),
            product_type: line.product_type.as_deref(),
            sku: line.sku.as_deref(),
            ..Self::default()
        }
    }

    pub(super) fn of_tax(title: Option<&'a str>) -> Self {
        Self { tax_title: title, ..Self::default() }
    }
}

/// The rules, as they stand to what amounts are of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rules<'a, 'f> {
    pub(super) mapping: &'a Mapping,
    pub(super) company: u16,
    pub(super) country: Option<&'f str>,
    pub(super) tags: &'f [&'f str],
}

impl<'a> Rules<'a, '_> {
    /// The first rule for an amount.
    pub(super) fn rule(&self, kind: GlKind, subject: Subject<'_>) -> Option<&'a GlRule> {
        self.mapping.gl.iter().find(|rule| rule.kind == kind && self.matches(&rule.when, subject))
    }

    fn matches(&self, when: &GlWhen, subject: Subject<'_>) -> bool {
        let GlWhen { company, country, tag, vendor, product_type, sku, tax_title, fee, fulfillment_center } =
            when;
        let is_like = |sku_of: &str| sku.iter().any(|pattern| is_like(pattern, sku_of));
        (company.is_empty() || company.contains(&self.company))
            && is_one(country, self.country)
            && has_tag(tag, self.tags)
            && is_one(vendor, subject.vendor)
            && is_one(product_type, subject.product_type)
            && (sku.is_empty() || subject.sku.is_some_and(is_like))
            && is_one(tax_title, subject.tax_title)
            && is_one(fee, subject.fee)
            && is_one(fulfillment_center, subject.fulfillment_center)
    }
}

impl<'a> Planner<'a> {
    /// The first rule for an amount.
    pub(super) fn rule(&self, kind: GlKind, subject: Subject<'_>) -> Option<&'a GlRule> {
        let Self { mapping, facts, place, .. } = self;
        let rules = Rules { mapping, company: place.company, country: facts.country, tags: &facts.tags };
        rules.rule(kind, subject)
    }

    /// Books an amount by the first rule that matches; nothing where none does, which leaves it to CloudSuite.
    pub(super) fn book(
        &mut self,
        at: At,
        kind: GlKind,
        subject: Subject<'_>,
        amount: Decimal,
    ) -> Vec<Allocation> {
        let Some(rule) = self.rule(kind, subject) else { return Vec::new() };
        let parts = parts(rule, amount, self.currency.exponent());
        let parts = self.result(at, "price", parts).unwrap_or_default();
        parts
            .into_iter()
            .filter(|(_, amount)| !amount.is_zero())
            .map(|(accounts, amount)| Allocation { accounts, amount: self.money(amount) })
            .collect()
    }

    /// Books the net amount of a line. Where a rule for discounts matches as well, the line is booked before
    /// discounts, and the discount with its sign beside it.
    pub(super) fn book_line(
        &mut self,
        at: At,
        subject: Subject<'_>,
        net: Decimal,
        discount: Decimal,
    ) -> Vec<Allocation> {
        let is_apart = !discount.is_zero() && self.rule(GlKind::Discount, subject).is_some();
        let amount = if is_apart { net.saturating_add(discount) } else { net };
        let mut allocations = self.book(at, GlKind::Line, subject, amount);
        if is_apart && !allocations.is_empty() {
            let reduction = self.book(at, GlKind::Discount, subject, -discount);
            add(&mut allocations, reduction);
        }
        allocations
    }
}

/// Whether a SKU is like a pattern. The usual patterns, a whole SKU and the beginning of one, take no reading.
fn is_like(pattern: &str, sku: &str) -> bool {
    let is_plain = |text: &str| !text.contains(['*', '?']);
    match pattern.strip_suffix('*') {
        Some(start) if is_plain(start) => sku.starts_with(start),
        None if is_plain(pattern) => sku == pattern,
        _ => WildMatch::new(pattern).matches(sku),
    }
}

/// Adds allocations; parts that are booked alike become one.
pub(super) fn add(allocations: &mut Vec<Allocation>, more: Vec<Allocation>) {
    for allocation in more {
        match allocations.iter_mut().find(|other| other.accounts == allocation.accounts) {
            Some(other) => {
                other.amount.amount = other.amount.amount.saturating_add(allocation.amount.amount);
            }
            None => allocations.push(allocation),
        }
    }
}

/// The account and dimensions of a rule, or of one of its parts.
pub(super) fn string(account: &str, dimensions: &crate::Dimensions) -> Accounts {
    let account = (ACCOUNT, account.to_owned());
    dimensions.iter().map(|(place, value)| (*place, value.clone())).chain([account]).collect()
}

/// An amount in the parts of a rule.
pub(super) fn parts(rule: &GlRule, amount: Decimal, digits: u32) -> Option<Vec<(Accounts, Decimal)>> {
    if rule.split.is_empty() {
        return Some(vec![(string(&rule.account, &rule.dimensions), amount)]);
    }
    let weights: Vec<_> = rule.split.iter().map(|part| part.percent.0).collect();
    let amounts = split(amount, &weights, digits)?;
    let accounts = rule.split.iter().map(|part| {
        let account = if part.account.is_empty() { &rule.account } else { &part.account };
        let mut dimensions = rule.dimensions.clone();
        dimensions.extend(part.dimensions.clone());
        string(account, &dimensions)
    });
    Some(accounts.zip(amounts).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_stands_for_what_its_stars_and_question_marks_say() {
        let cases = [
            ("MUG-1", "MUG-1", true),
            ("MUG-1", "MUG-12", false),
            ("MUG-*", "MUG-12", true),
            ("MUG-*", "MUG", false),
            ("*", "", true),
            ("MUG-?", "MUG-1", true),
            ("MUG-?", "MUG-12", false),
            ("*-BLUE-*", "MUG-BLUE-12", true),
            ("*-BLUE", "MUG-BLUE-12", false),
            ("mug-*", "MUG-12", false),
        ];
        for (pattern, sku, expected) in cases {
            assert_eq!(is_like(pattern, sku), expected, "{pattern} {sku}");
        }
    }
}
