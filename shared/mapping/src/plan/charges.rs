//! Charges on the order's head: shipping, duties, fees, tips and taxes.

use domain::{Allocation, Charge, FindingCode};
use rust_decimal::Decimal;
use shopify::{MoneySet, ShippingLine, Side};

use super::{
    accounts::{Subject, add},
    planner::{At, Planner},
    taxes::ChargedTaxes,
};
use crate::{GlKind, OrderCharges, Strategy};

/// The charges so far: one for each id, because M3 may keep only one charge of an id.
pub(super) type Charges = Vec<Charge>;

impl<'a> Planner<'a> {
    /// Adds what is charged besides the lines. What is free is left out.
    pub(super) fn charges(&mut self, charges: &mut Charges, taxes: &mut ChargedTaxes<'a>) {
        let order = self.order;
        for (place, line) in order.shipping() {
            self.shipping(At("shipping_lines", place), line, charges, taxes);
        }
        self.duties(charges, taxes);
        let fees = order.current_total_additional_fees_set.as_ref();
        let fees = fees.or(order.original_total_additional_fees_set.as_ref());
        let fees = self.total("original_total_additional_fees_set", fees);
        self.of_order(charges, "original_total_additional_fees_set", "fees", GlKind::Fee, fees, "Fees");
        self.unlined_tips(charges);
        let (amount, allocations) = self.book_taxes(taxes);
        let id = &self.mapping.taxes.charge;
        self.charge(charges, "tax_lines", "taxes", id, amount, "Taxes", allocations);
    }

    fn shipping(
        &mut self,
        at: At,
        line: &'a ShippingLine,
        charges: &mut Charges,
        taxes: &mut ChargedTaxes<'a>,
    ) -> Option<()> {
        let mut net = self.amount_or_zero(at, "price", line.price.as_ref(), line.price_set.as_ref())?;
        for (place, part) in line.discount_allocations.iter().enumerate() {
            let field = format_args!("discount_allocations[{place}].amount");
            let amount = self.amount_or_zero(at, field, part.amount.as_ref(), part.amount_set.as_ref())?;
            net = self.result(at, field, net.checked_sub(amount))?;
        }
        let taken_out = self.taxes_of(at, &line.tax_lines, taxes)?;
        let net = self.result(at, "tax_lines", net.checked_sub(taken_out))?;
        let booked = self.book(at, GlKind::Shipping, Subject::default(), net);
        let text = line.title.as_deref().unwrap_or_default();
        let id = &self.mapping.shipping.charge;
        self.charge(charges, &at.to_string(), "shipping", id, net, text, booked);
        Some(())
    }

    /// Duties that the prices do not contain.
    fn duties(&mut self, charges: &mut Charges, taxes: &mut ChargedTaxes<'a>) {
        let order = self.order;
        for (place, line) in order.line_items.iter().enumerate() {
            for duty in &line.duties {
                self.taxes_of(At("line_items", place), &duty.tax_lines, taxes);
            }
        }
        if order.duties_included {
            return;
        }
        let stated = order.current_total_duties_set.as_ref().or(order.original_total_duties_set.as_ref());
        let amount = match stated {
            Some(_) => self.total("original_total_duties_set", stated),
            None => self.line_duties(),
        };
        self.of_order(charges, "original_total_duties_set", "duties", GlKind::Duty, amount, "Duties");
    }

    fn line_duties(&mut self) -> Option<Decimal> {
        let mut sum = Decimal::ZERO;
        for (place, line) in self.order.line_items.iter().enumerate() {
            for duty in &line.duties {
                let Some(amount) = &duty.money(self.side).amount else { continue };
                let amount = self.decimal(At("line_items", place), "duties", amount)?;
                sum = self.result(At("line_items", place), "duties", sum.checked_add(amount))?;
            }
        }
        Some(sum)
    }

    /// A total of the order; nothing if it is no amount.
    fn total(&mut self, field: &str, set: Option<&MoneySet>) -> Option<Decimal> {
        let Some(amount) = set.and_then(|set| set.amount(self.side)) else { return Some(Decimal::ZERO) };
        let decimal = amount.decimal();
        if let Err(error) = &decimal {
            let help = "report the payload: this is not how Shopify writes amounts";
            self.find(FindingCode::InvalidField, field, format!("it is {error}"), help);
        }
        decimal.ok()
    }

    /// Tips that stand in the total only, which is in the shop's currency.
    fn unlined_tips(&mut self, charges: &mut Charges) {
        let order = self.order;
        let Some(total) = &order.total_tip_received else { return };
        if order.line_items.iter().any(|line| line.is_tip) {
            return;
        }
        let amount = total.decimal().unwrap_or_default();
        if self.side == Side::Presentment && !amount.is_zero() {
            let help = "enter the order by hand, or let orders.currency in the mapping file be \"shop\"";
            let message = "the tip is told in the shop's currency only";
            self.find(FindingCode::InvalidField, "total_tip_received", message, help);
            return;
        }
        self.of_order(charges, "total_tip_received", "tips", GlKind::Tip, Some(amount), "Tip");
    }

    fn of_order(
        &mut self,
        charges: &mut Charges,
        field: &'static str,
        section: &str,
        kind: GlKind,
        amount: Option<Decimal>,
        text: &str,
    ) {
        let Some(amount) = amount else { return };
        let booked = self.book(At(field, 0), kind, Subject::default(), amount);
        let mapping = self.mapping;
        let id = match kind {
            GlKind::Duty => &mapping.duties.charge,
            GlKind::Fee => &mapping.fees.charge,
            _ => &mapping.tips.charge,
        };
        self.charge(charges, field, section, id, amount, text, booked);
    }

    /// Adds a charge, or tells why it cannot be one.
    #[expect(clippy::too_many_arguments, reason = "each is another part of one charge")]
    pub(super) fn charge(
        &mut self,
        charges: &mut Charges,
        field: &str,
        section: &str,
        id: &str,
        amount: Decimal,
        text: &str,
        allocations: Vec<Allocation>,
    ) {
        if amount.is_zero() {
            return;
        }
        if self.mapping.orders.strategy == Strategy::PurchaseOrder {
            if self.mapping.purchase_orders.charges == OrderCharges::Reject {
                let help = "enter the order by hand, or let purchase_orders.charges be \"leave_out\"";
                let message = "a purchase order cannot hold this charge";
                self.find(FindingCode::Mapping, field, message, help);
            }
            return;
        }
        if id.is_empty() {
            let help = format!("name a charge under {section}.charge in the mapping file and push it");
            let message =
                format!("{} cost something and no charge is named for it", section.replace('_', " "));
            self.find(FindingCode::Mapping, field, message, &help);
        }
        let Some(charge) = charges.iter_mut().find(|charge| charge.id == id) else {
            let amount = self.money(amount);
            charges.push(Charge { id: id.to_owned(), amount, text: text.to_owned(), allocations });
            return;
        };
        let Some(sum) = charge.amount.amount.checked_add(amount) else {
            self.find(
                FindingCode::InvalidField,
                field,
                "the charges come to too large a number",
                "report the payload",
            );
            return;
        };
        charge.amount.amount = sum;
        charge.text = format!("{} + {text}", charge.text);
        // A charge of which one part is booked by no rule is left to CloudSuite as a whole.
        if charge.allocations.is_empty() || allocations.is_empty() {
            charge.allocations.clear();
        } else {
            add(&mut charge.allocations, allocations);
        }
    }
}
