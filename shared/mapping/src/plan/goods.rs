//! The lines of an order: goods become order lines; tips and gift cards may become charges.

use domain::{FindingCode, OrderLine};
use shopify::LineItem;

use super::{
    accounts::Subject,
    charges::Charges,
    items::Part,
    planner::{At, Planner},
    taxes::ChargedTaxes,
};
use crate::{FreeLines, GlKind, ZeroLines};

impl<'a> Planner<'a> {
    /// The order lines. What is a charge on the head is added to `charges`, taxes to `taxes`.
    pub(super) fn lines(&mut self, charges: &mut Charges, taxes: &mut ChargedTaxes<'a>) -> Vec<OrderLine> {
        let mut lines = Vec::with_capacity(self.order.line_items.len());
        for (place, line) in self.order.line_items.iter().enumerate() {
            let at = At("line_items", place);
            let Some(quantity) = self.quantity(at, line) else { continue };
            if line.is_tip {
                self.tip(at, line, quantity, charges);
            } else if line.gift_card {
                lines.extend(self.gift_card(at, line, quantity, charges));
            } else {
                lines.extend(self.goods(at, line, quantity, taxes).into_iter().flatten());
            }
        }
        lines
    }

    /// How many of a line were sold; nothing if none are.
    fn quantity(&mut self, at: At, line: &LineItem) -> Option<u64> {
        let Some(quantity) = self.order.quantity_sold(line) else {
            let help = "replay the order once Shopify sends its quantities";
            let field = format!("{at}.quantity");
            self.find(FindingCode::MissingField, field, "the line has no quantity", help);
            return None;
        };
        if quantity == 0 && self.mapping.orders.zero_lines == ZeroLines::Reject {
            let help = "enter the order by hand, or let orders.zero_lines in the mapping file be \"skip\"";
            let message = "nothing is left of the line after edits and refunds";
            self.find(FindingCode::InvalidField, format!("{at}.current_quantity"), message, help);
        }
        (quantity > 0).then_some(quantity)
    }

    /// A line of goods: one order line, or one for each part of a bundle.
    fn goods(
        &mut self,
        at: At,
        line: &'a LineItem,
        quantity: u64,
        taxes: &mut ChargedTaxes<'a>,
    ) -> Option<Vec<OrderLine>> {
        let bundle = self.bundle_of(line);
        let item = if bundle.is_none() { self.item_of(at, line) } else { None };
        let worth = self.worth(at, line, quantity)?;
        if worth.net.is_zero() && self.mapping.orders.free_lines == FreeLines::Skip {
            return None;
        }
        let worth = self.without_taxes(at, line, worth, quantity, taxes)?;
        let parts = match bundle {
            Some(parts) => self.bundled(at, parts, worth)?,
            None => vec![self.single(at, line, item?, worth)?],
        };
        Some(parts.into_iter().map(|part| self.order_line(at, line, part)).collect())
    }

    fn order_line(&mut self, at: At, line: &LineItem, part: Part) -> OrderLine {
        let Part { number, sku, item, unit, worth } = part;
        let id = line.id.map(|id| id.to_string()).unwrap_or_default();
        let subject = Subject { sku: sku.as_deref(), ..Subject::of_line(line) };
        let allocations = self.book_line(at, subject, worth.net, worth.given);
        OrderLine {
            path: at.to_string(),
            source_id: number.map_or(id.clone(), |number| format!("{id}.{number}")),
            item,
            quantity: worth.quantity,
            unit,
            price: self.money(worth.price),
            discount: self.money(worth.discount),
            allocations,
        }
    }

    fn tip(&mut self, at: At, line: &LineItem, quantity: u64, charges: &mut Charges) {
        let Some(worth) = self.worth(at, line, quantity) else { return };
        let booked = self.book(at, GlKind::Tip, Subject::default(), worth.net);
        let id = &self.mapping.tips.charge;
        self.charge(charges, &at.to_string(), "tips", id, worth.net, "Tip", booked);
    }

    /// A gift card that is sold: a liability, by its own item or charge and its own account, and never revenue.
    fn gift_card(
        &mut self,
        at: At,
        line: &LineItem,
        quantity: u64,
        charges: &mut Charges,
    ) -> Option<OrderLine> {
        let worth = self.worth(at, line, quantity)?;
        let net = worth.net;
        let cards = &self.mapping.gift_cards;
        let subject = Subject::of_line(line);
        let mut booked = self.book(at, GlKind::GiftCard, subject, net);
        if booked.is_empty() && !cards.account.is_empty() {
            let accounts = super::accounts::string(&cards.account, &crate::Dimensions::new());
            booked = vec![domain::Allocation { accounts, amount: self.money(net) }];
        }
        if cards.item.is_empty() {
            let id = &cards.charge;
            self.charge(charges, &at.to_string(), "gift_cards", id, net, "Gift card", booked);
            return None;
        }
        Some(OrderLine {
            path: at.to_string(),
            source_id: line.id.map(|id| id.to_string()).unwrap_or_default(),
            item: cards.item.clone(),
            quantity: worth.quantity,
            unit: String::new(),
            price: self.money(worth.price),
            discount: self.money(worth.discount),
            allocations: booked,
        })
    }
}
