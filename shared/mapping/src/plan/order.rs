//! The story of an order: is it to be posted, what does it hold, who buys, and which document does it become.

use domain::{Charge, Document, Finding, FindingCode, OrderLine, RecordKey};
use shopify::Order;

use super::{Plan, charges::Charges, planner::Planner, taxes::ChargedTaxes};
use crate::{Mapping, PostWhen, Strategy, TestOrders};

/// What an order holds, whatever document it becomes.
pub(super) struct Sold {
    pub(super) lines: Vec<OrderLine>,
    pub(super) charges: Vec<Charge>,
}

/// Plans an order: by the mapping's strategy, a sales order with its buyer, or a purchase order without one.
pub fn plan_order(mapping: &Mapping, key: &RecordKey, order: &Order) -> Plan {
    if let Some(reason) = not_now(mapping, order) {
        return Plan::Skip(reason.to_owned());
    }
    let mut planner = match Planner::new(mapping, order) {
        Ok(planner) => planner,
        Err(finding) => return Plan::Reject(vec![finding]),
    };
    let sold = planner.sold();
    if sold.lines.is_empty() && planner.findings.is_empty() {
        return Plan::Skip("no line has a quantity left".to_owned());
    }
    let document = planner.document(key, sold);
    let buyer = if mapping.orders.strategy == Strategy::PurchaseOrder { None } else { planner.buyer(key) };
    planner.check_sums();
    let findings = planner.findings;
    match document {
        Some(document) => {
            Plan::Planned { document: Box::new(document), buyer: buyer.map(Box::new), findings }
        }
        None => Plan::Reject(findings),
    }
}

/// Why an order is not posted, or not yet.
pub(super) fn not_now(mapping: &Mapping, order: &Order) -> Option<&'static str> {
    let is_paid =
        matches!(order.financial_status.as_deref(), Some("paid" | "partially_refunded" | "refunded"));
    if order.is_test() && mapping.orders.test_orders == TestOrders::Skip {
        Some("test order")
    } else if order.is_cancelled() {
        Some("cancelled before it was posted")
    } else if mapping.orders.post_when == PostWhen::Paid && !is_paid && order.payment_terms.is_none() {
        Some("not paid yet; it is posted once it is")
    } else {
        None
    }
}

impl Planner<'_> {
    /// What the order holds.
    pub(super) fn sold(&mut self) -> Sold {
        let (mut charges, mut taxes) = (Charges::new(), ChargedTaxes::default());
        let lines = self.lines(&mut charges, &mut taxes);
        self.charges(&mut charges, &mut taxes);
        if lines.is_empty() && self.findings.is_empty() && !charges.is_empty() {
            self.check_charges_alone(&charges);
        }
        Sold { lines, charges }
    }

    /// M3 enters charges with lines only. Shipping of which all lines were given back is another matter.
    fn check_charges_alone(&mut self, charges: &[Charge]) {
        let is_ordered = self.order.line_items.iter().any(|line| self.order.quantity_sold(line) > Some(0));
        if is_ordered && !charges.is_empty() {
            let help =
                "name items instead of charges, such as gift_cards.item, in the mapping file and push it";
            let message = "the order comes to charges alone, and CloudSuite enters charges with lines only";
            self.find(FindingCode::Mapping, "line_items", message, help);
        }
    }

    /// The document by the mapping's strategy; nothing, with a finding, if the order has no date.
    fn document(&mut self, key: &RecordKey, sold: Sold) -> Option<Document> {
        let Some(date) = self.order.business_date() else {
            let help = "replay the order once Shopify sends its date";
            self.find(FindingCode::MissingField, "created_at", "the order has no date", help);
            return None;
        };
        Some(match self.mapping.orders.strategy {
            Strategy::PurchaseOrder => Document::PurchaseOrder(self.purchase_order(key, date, &sold)),
            Strategy::CustomerOrder => Document::SalesOrder(self.sales_order(key, date, sold)),
            Strategy::ImportDocument => {
                let order = self.sales_order(key, date, sold);
                Document::SalesOrder(domain::SalesOrder { release: domain::Release::ByClerk, ..order })
            }
        })
    }

    /// Totals that are not the sums of their parts. Amounts that were converted one by one may be apart by a little.
    fn check_sums(&mut self) {
        let help = "compare the order with Shopify's admin; enter it by hand if the payload stays wrong";
        let wrong = self.order.mismatches().into_iter().filter(|mismatch| !mismatch.may_be_conversion);
        self.findings
            .extend(wrong.map(|sum| Finding::new(FindingCode::Arithmetic, sum.field, sum.to_string(), help)));
    }
}

#[cfg(test)]
#[path = "order_tests.rs"]
mod tests;
