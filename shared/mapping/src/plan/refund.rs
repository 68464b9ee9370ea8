//! A refund: noted, or a journal entry that takes back what was booked.

use domain::{Document, Finding, FindingCode, JournalLine, RecordKey};
use jiff::civil::Date;
use rust_decimal::Decimal;
use shopify::{LineItem, Order, Refund, RefundLine};

use super::{
    Plan,
    accounts::Subject,
    planner::{At, Planner},
};
use crate::{GlKind, Mapping, Refunds};

/// Plans a refund. `order` is the refunded order, which says where its lines were booked; `key` is the refund's own.
///
/// A journal entry debits the accounts of the rules (for lines: those of the kind `refund`, else of the line itself)
/// and credits the clearing account with what went back to the buyer.
pub fn plan_refund(mapping: &Mapping, key: &RecordKey, order: &Order, refund: &Refund) -> Plan {
    if mapping.journal.refunds == Refunds::Note {
        return Plan::Skip("noted: the mapping makes no journal entry of refunds".to_owned());
    }
    let mut planner = match Planner::new(mapping, order) {
        Ok(planner) => planner,
        Err(finding) => return Plan::Reject(vec![finding]),
    };
    let paid = match planner.paid_back(refund) {
        Ok(paid) if paid.is_zero() => return Plan::Skip("the refund moved no money".to_owned()),
        Ok(paid) => paid,
        Err(finding) => return Plan::Reject(vec![finding]),
    };
    let Some(date) = day(refund) else {
        let help = "replay the refund once Shopify sends its date";
        let finding = Finding::new(FindingCode::MissingField, "created_at", "the refund has no date", help);
        return Plan::Reject(vec![finding]);
    };
    let lines = planner.refunded(refund, paid);
    let entry = planner.entry(key, date, lines);
    Plan::of(Document::JournalEntry(entry), planner.findings)
}

fn day(refund: &Refund) -> Option<Date> {
    refund.processed_at.or(refund.created_at).map(|time| time.date)
}

/// Amounts that are given back, each with the place of its kind of amount.
type Parts = Vec<JournalLine>;

impl Planner<'_> {
    /// The money that went back to the buyer, as far as it is in the document's currency.
    fn paid_back(&self, refund: &Refund) -> Result<Decimal, Finding> {
        let mut sum = Decimal::ZERO;
        for (place, transaction) in refund.transactions.iter().enumerate() {
            let is_paid = transaction.kind.as_deref() == Some("refund")
                && transaction.status.as_deref() == Some("success");
            if !is_paid {
                continue;
            }
            let field = format!("transactions[{place}]");
            if transaction.currency.as_deref().is_some_and(|code| code != self.currency.as_str()) {
                let help =
                    "enter the refund by hand, or let orders.currency in the mapping file be the other one";
                let message = format!("it is not in {}, the currency of the order's document", self.currency);
                return Err(Finding::new(
                    FindingCode::InvalidField,
                    format!("{field}.currency"),
                    message,
                    help,
                ));
            }
            let amount = transaction.amount.as_ref().and_then(|amount| amount.decimal().ok());
            let total = amount.and_then(|amount| sum.checked_add(amount));
            sum = total.ok_or_else(|| {
                let help = "report the payload: this is not how Shopify writes amounts";
                Finding::new(FindingCode::InvalidField, format!("{field}.amount"), "it is no amount", help)
            })?;
        }
        Ok(sum)
    }

    /// The lines of the journal entry. What they come to must be what went back.
    fn refunded(&mut self, refund: &Refund, paid: Decimal) -> Vec<JournalLine> {
        let mut parts = Parts::new();
        for (place, line) in refund.refund_line_items.iter().enumerate() {
            self.refunded_line(At("refund_line_items", place), line, &mut parts);
        }
        self.refunded_besides(refund, &mut parts);
        let sum = parts.iter().fold(Decimal::ZERO, |sum, part| sum.saturating_add(part.amount.amount));
        if sum != paid && self.findings.is_empty() {
            let message =
                format!("the refund's parts come to {sum} {0}, and {paid} {0} went back", self.currency);
            let help = "compare the refund with Shopify's admin, and enter it by hand";
            self.find(FindingCode::Arithmetic, "transactions", message, help);
        }
        let clearing = self.clearing();
        parts.push(self.journal_line("transactions", clearing, -paid, "refund"));
        parts
    }

    fn refunded_line(&mut self, at: At, back: &RefundLine, parts: &mut Parts) -> Option<()> {
        let order = self.order;
        let line = order.line_items.iter().find(|line| line.id.is_some() && line.id == back.line_item_id);
        let subtotal = self.amount(at, "subtotal", back.subtotal.as_ref(), back.subtotal_set.as_ref())?;
        let tax =
            self.amount_or_zero(at, "total_tax", back.total_tax.as_ref(), back.total_tax_set.as_ref())?;
        let net = if order.taxes_included { subtotal.checked_sub(tax) } else { Some(subtotal) };
        let net = self.result(at, "subtotal", net)?;
        let subject = line.map(Subject::of_line).unwrap_or_default();
        let kind = self.kind_of_goods(line, subject);
        self.give_back(at, kind, subject, net, parts);
        let title = line.and_then(|line| line.tax_lines.first()).and_then(|tax| tax.title.as_deref());
        self.give_back(at, GlKind::Tax, Subject::of_tax(title), tax, parts);
        Some(())
    }

    /// By which kind of rule a line is given back: a gift card's is a liability that ends.
    fn kind_of_goods(&self, line: Option<&LineItem>, subject: Subject<'_>) -> GlKind {
        if line.is_some_and(|line| line.gift_card) {
            GlKind::GiftCard
        } else if self.rule(GlKind::Refund, subject).is_some() {
            GlKind::Refund
        } else {
            GlKind::Line
        }
    }

    /// Shipping, differences, duties and fees.
    fn refunded_besides(&mut self, refund: &Refund, parts: &mut Parts) {
        let is_shipping = |kind: Option<&str>| kind == Some("shipping_refund");
        for (place, part) in refund.order_adjustments.iter().enumerate() {
            let at = At("order_adjustments", place);
            let amount = self.amount_or_zero(at, "amount", part.amount.as_ref(), part.amount_set.as_ref());
            let tax =
                self.amount_or_zero(at, "tax_amount", part.tax_amount.as_ref(), part.tax_amount_set.as_ref());
            let kind = if is_shipping(part.kind.as_deref()) { GlKind::Shipping } else { GlKind::Refund };
            // Negative amounts go to the buyer.
            self.give_back(at, kind, Subject::default(), -amount.unwrap_or_default(), parts);
            self.give_back(at, GlKind::Tax, Subject::default(), -tax.unwrap_or_default(), parts);
        }
        if !refund.order_adjustments.iter().any(|part| is_shipping(part.kind.as_deref())) {
            for (place, part) in refund.refund_shipping_lines.iter().enumerate() {
                let at = At("refund_shipping_lines", place);
                let amount =
                    self.amount_or_zero(at, "subtotal_amount_set", None, part.subtotal_amount_set.as_ref());
                self.give_back(at, GlKind::Shipping, Subject::default(), amount.unwrap_or_default(), parts);
            }
        }
        for (field, set, kind) in [
            ("total_duties_set", &refund.total_duties_set, GlKind::Duty),
            ("total_additional_fees_set", &refund.total_additional_fees_set, GlKind::Fee),
        ] {
            let amount = self.amount_or_zero(At(field, 0), "amount", None, set.as_ref());
            self.give_back(At(field, 0), kind, Subject::default(), amount.unwrap_or_default(), parts);
        }
    }

    /// Debits what the rules say; an amount that no rule is for is a finding, because the entry would not balance.
    fn give_back(&mut self, at: At, kind: GlKind, subject: Subject<'_>, amount: Decimal, parts: &mut Parts) {
        if amount.is_zero() {
            return;
        }
        let mut booked = self.book(at, kind, subject, amount);
        if booked.is_empty() && kind == GlKind::GiftCard && !self.mapping.gift_cards.account.is_empty() {
            let accounts =
                super::accounts::string(&self.mapping.gift_cards.account, &crate::Dimensions::new());
            booked = vec![domain::Allocation { accounts, amount: self.money(amount) }];
        }
        if booked.is_empty() {
            let word = serde_json::to_value(kind).unwrap_or_default();
            let message = format!("no rule of the kind {word} says where it is booked");
            let help = "add a rule under [[gl]] in the mapping file and push it";
            self.find(FindingCode::Mapping, at.to_string(), message, help);
        }
        let text = subject.sku.unwrap_or("refund");
        let path = at.to_string();
        for part in booked.into_iter().filter(|part| !part.amount.is_zero()) {
            parts.push(self.journal_line(&path, part.accounts, part.amount.amount, text));
        }
    }
}
