//! An order as a sales order.

use domain::{FindingCode, RecordKey, Reference, Release, SalesOrder};
use jiff::civil::Date;

use super::{address, order::Sold, planner::Planner};

/// How many characters M3's reference of the buyer holds (OIS100MI OREF).
const LONGEST_REFERENCE: usize = 30;

impl Planner<'_> {
    pub(super) fn sales_order(&mut self, key: &RecordKey, order_date: Date, sold: Sold) -> SalesOrder {
        let (order, orders) = (self.order, &self.mapping.orders);
        let buyer_reference = self.buyer_reference();
        let payment_terms = self.payment_terms();
        SalesOrder {
            reference: Reference::of(key),
            source_name: order.name.clone().unwrap_or_default(),
            company: self.place.company,
            division: self.place.division.to_owned(),
            customer: String::new(),
            order_type: orders.order_type.clone(),
            facility: self.place.facility.to_owned(),
            warehouse: self.place.warehouse.to_owned(),
            currency: self.currency,
            order_date,
            ship_to: order.shipping_address.as_ref().map(address::of),
            lines: sold.lines,
            charges: sold.charges,
            note: order.note.clone().filter(|_| orders.note).unwrap_or_default(),
            buyer_reference,
            payment_terms,
            release: Release::AtOnce,
        }
    }

    fn buyer_reference(&mut self) -> String {
        let number = self.order.po_number.clone().unwrap_or_default();
        if number.chars().count() > LONGEST_REFERENCE {
            let message = format!("the buyer's order number has more than {LONGEST_REFERENCE} characters");
            self.find(
                FindingCode::TooLong,
                "po_number",
                message,
                "shorten it in Shopify, or enter the order by hand",
            );
        }
        number
    }

    /// The terms of payment. An unknown name is not passed over: it would bill on other terms than were agreed.
    fn payment_terms(&mut self) -> String {
        let known = &self.mapping.orders.payment_terms;
        let Some(terms) = self.order.payment_terms.as_ref().filter(|_| !known.is_empty()) else {
            return String::new();
        };
        let name = terms.payment_terms_name.as_deref().unwrap_or_default();
        let found = known.get(name).cloned();
        if found.is_none() {
            let message = format!("the terms of payment {name:?} are not in the mapping file");
            let help = "name them under orders.payment_terms in the mapping file and push it";
            self.find(FindingCode::Mapping, "payment_terms.payment_terms_name", message, help);
        }
        found.unwrap_or_default()
    }
}
