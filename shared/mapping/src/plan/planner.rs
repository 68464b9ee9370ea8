//! What planning an order needs at every step: the mapping, the order, its currency and place, and the findings.

use std::fmt;

use domain::{Currency, Finding, FindingCode, Money, MoneyError};
use rust_decimal::Decimal;
use shopify::{Amount, MoneySet, Order, Side};

use super::place::{Facts, Place};
use crate::{DocumentCurrency, Mapping};

/// Plans one order and collects everything that is wrong with it on the way.
pub(super) struct Planner<'a> {
    pub(super) mapping: &'a Mapping,
    pub(super) order: &'a Order,
    /// Which side of the order's amounts is read.
    pub(super) side: Side,
    pub(super) currency: Currency,
    pub(super) facts: Facts<'a>,
    pub(super) place: Place<'a>,
    pub(super) findings: Vec<Finding>,
}

/// An element of one of the order's lists, shown as `line_items[3]`.
#[derive(Debug, Clone, Copy)]
pub(super) struct At(pub(super) &'static str, pub(super) usize);

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}]", self.0, self.1)
    }
}

impl<'a> Planner<'a> {
    /// Begins to plan an order; or says why no amount of it can be read.
    pub(super) fn new(mapping: &'a Mapping, order: &'a Order) -> Result<Self, Finding> {
        let (side, currency) = currency(mapping, order)?;
        let facts = Facts::of(order);
        let place = Place::of(mapping, &facts);
        Ok(Self { mapping, order, side, currency, facts, place, findings: Vec::new() })
    }

    pub(super) fn find(
        &mut self,
        code: FindingCode,
        field: impl Into<String>,
        message: impl Into<String>,
        help: &str,
    ) {
        self.findings.push(Finding::new(code, field, message, help));
    }

    pub(super) fn money(&self, amount: Decimal) -> Money {
        Money { amount, currency: self.currency }
    }

    /// An amount in the document's currency, which the order must hold.
    pub(super) fn amount(
        &mut self,
        at: At,
        field: impl fmt::Display,
        plain: Option<&Amount>,
        set: Option<&MoneySet>,
    ) -> Option<Decimal> {
        let amount = match self.side {
            Side::Shop => plain.or_else(|| set?.amount(Side::Shop)),
            Side::Presentment => set.and_then(|set| set.amount(Side::Presentment)),
        };
        let Some(amount) = amount else {
            let help = "replay the order once Shopify sends its amounts";
            let message = format!("there is no such amount in {}", self.currency);
            self.find(FindingCode::MissingField, format!("{at}.{field}"), message, help);
            return None;
        };
        self.decimal(at, field, amount)
    }

    /// An amount that may be missing: then it is nothing.
    pub(super) fn amount_or_zero(
        &mut self,
        at: At,
        field: impl fmt::Display,
        plain: Option<&Amount>,
        set: Option<&MoneySet>,
    ) -> Option<Decimal> {
        if plain.is_none() && set.is_none() {
            return Some(Decimal::ZERO);
        }
        self.amount(at, field, plain, set)
    }

    pub(super) fn decimal(&mut self, at: At, field: impl fmt::Display, amount: &Amount) -> Option<Decimal> {
        let decimal = amount.decimal().ok();
        if decimal.is_none() {
            self.not_an_amount(at, field);
        }
        decimal
    }

    /// The result of a calculation; nothing, with a finding, if its numbers grew too large for one.
    pub(super) fn result<T>(&mut self, at: At, field: impl fmt::Display, result: Option<T>) -> Option<T> {
        if result.is_none() {
            self.not_an_amount(at, field);
        }
        result
    }

    fn not_an_amount(&mut self, at: At, field: impl fmt::Display) {
        let help = "report the payload: this is not how Shopify writes amounts";
        let message = format!("it is {}", MoneyError::Amount);
        self.find(FindingCode::InvalidField, format!("{at}.{field}"), message, help);
    }
}

/// Which of the order's two currencies the document is in.
fn currency(mapping: &Mapping, order: &Order) -> Result<(Side, Currency), Finding> {
    let shop = order.currency.as_deref();
    let presentment = order.presentment_currency.as_deref().or(shop);
    let is_presentment = mapping.orders.currency == DocumentCurrency::Presentment && presentment != shop;
    let (side, field, code) = if is_presentment {
        (Side::Presentment, "presentment_currency", presentment)
    } else {
        (Side::Shop, "currency", shop)
    };
    let Some(code) = code else {
        let help = "include currency among the fields of the webhook subscription";
        return Err(Finding::new(FindingCode::MissingField, field, "the order has no currency", help));
    };
    let invalid =
        |_| Finding::new(FindingCode::InvalidField, field, "not a currency code", "report the payload");
    Ok((side, code.parse().map_err(invalid)?))
}
