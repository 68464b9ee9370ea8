//! Shipments, receipts and returns: documents about goods, each of the whole as ShipBob tells it now.

use domain::{
    DeliveredOrder, Document, Finding, FindingCode, GoodsLine, GoodsReceipt, InventoryIssue, RecordKey,
    Reference,
};
use jiff::{Timestamp, civil::Date};
use rust_decimal::Decimal;
use shipbob::{Goods, Progress, Receipt, ReceiptStatus, ReceivingBox, Return, Shipment, stowed};

use super::{
    Skus,
    place::{Center, center},
};
use crate::{
    GlKind, Mapping,
    plan::{
        Plan,
        accounts::{Rules, Subject, string},
    },
};

/// How many characters M3's item number holds (ITNO).
const LONGEST_ITEM: usize = 15;
/// How many characters M3's lot number holds (BANO).
const LONGEST_LOT: usize = 20;

/// Plans the issue of what a shipment took off the shelves; of a cancelled one, that nothing did. `order` is the sales
/// order that it is delivered for, if CloudSuite has it. `was_moved` says whether goods were moved for it before: then
/// that nothing left is a correction, and what does not say what came back is a finding.
pub fn plan_shipment(
    mapping: &Mapping,
    key: &RecordKey,
    shipment: &Shipment,
    skus: &Skus,
    order: Option<DeliveredOrder>,
    was_moved: bool,
) -> Plan {
    let wanted = &mapping.shipbob.shipments;
    if !wanted.issue {
        return Plan::Skip("the mapping issues nothing for shipments".to_owned());
    }
    let issued = shipment.issued();
    let is_cancelled = match issued.progress {
        Progress::Shipped => false,
        Progress::Cancelled if !was_moved => {
            return Plan::Skip("it was cancelled before anything was issued".to_owned());
        }
        Progress::Cancelled => true,
        Progress::NotYet => return Plan::Skip("it has not left: its goods are still there".to_owned()),
        Progress::Unclear => return Plan::Reject(vec![unclear()]),
    };
    let center = match center(mapping, "location", shipment.location.as_ref()) {
        Ok(center) => center,
        Err(finding) => return Plan::Reject(vec![finding]),
    };
    let mut lines = Lines {
        mapping,
        skus,
        center: &center,
        reason: &wanted.reason,
        kind: GlKind::Issue,
        findings: Vec::new(),
    };
    lines.gaps(&issued.gaps);
    let each = issued.goods.iter().filter_map(|goods| {
        lines.line(goods, if is_cancelled { Some(Decimal::ZERO) } else { goods.quantity })
    });
    let each: Vec<_> = each.collect();
    let left = shipment.actual_fulfillment_date.or(shipment.last_update_at).or(shipment.created_date);
    let issue = Document::InventoryIssue(InventoryIssue {
        reference: Reference::of(key),
        message_number: String::new(),
        source_name: format!("ShipBob shipment {}", shipment.id),
        company: mapping.cloudsuite.company,
        division: mapping.cloudsuite.division.clone(),
        warehouse: center.mapped.warehouse.clone(),
        date: day(&center, left),
        order: order.filter(|_| wanted.for_order),
        lines: each,
    });
    Plan::of(issue, lines.findings)
}

/// Plans the receipt of what is stowed of a receiving order. Without its boxes nothing is known of lots. `was_moved`
/// says whether goods were received for it before: then that nothing is stowed is a correction.
pub fn plan_receipt(
    mapping: &Mapping,
    key: &RecordKey,
    receipt: &Receipt,
    boxes: Option<&[ReceivingBox]>,
    skus: &Skus,
    was_moved: bool,
) -> Plan {
    if !mapping.shipbob.receipts.receive {
        return Plan::Skip("the mapping receives nothing for receiving orders".to_owned());
    }
    if receipt.status == Some(ReceiptStatus::InternalTransfer) {
        return Plan::Skip("it moves between ShipBob's own fulfilment centres".to_owned());
    }
    let stowed = stowed(receipt, boxes);
    if !was_moved && is_nothing(&stowed.goods, &stowed.gaps) {
        return Plan::Skip("nothing is stowed yet".to_owned());
    }
    let center = match center(mapping, "fulfillment_center", receipt.fulfillment_center.as_ref()) {
        Ok(center) => center,
        Err(finding) => return Plan::Reject(vec![finding]),
    };
    let mut lines =
        Lines { mapping, skus, center: &center, reason: "", kind: GlKind::Line, findings: Vec::new() };
    lines.gaps(&stowed.gaps);
    let each = stowed.goods.iter();
    let each: Vec<_> = each.filter_map(|goods| lines.line(goods, goods.quantity)).collect();
    let purchase_order = receipt.purchase_order_number.clone().unwrap_or_default();
    if purchase_order.is_empty() {
        let help =
            "enter the purchase order's number at the receiving order in ShipBob; it is told again then";
        let message = "the receiving order names no purchase order";
        lines.findings.push(Finding::new(FindingCode::MissingField, "purchase_order_number", message, help));
    }
    let receipt = Document::GoodsReceipt(GoodsReceipt {
        reference: Reference::of(key),
        message_number: String::new(),
        source_name: format!("ShipBob WRO {}", receipt.id),
        company: mapping.cloudsuite.company,
        division: mapping.cloudsuite.division.clone(),
        warehouse: center.mapped.warehouse.clone(),
        purchase_order,
        supplier: String::new(),
        date: day(&center, receipt.last_updated_date.or(receipt.insert_date)),
        lines: each,
    });
    Plan::of(receipt, lines.findings)
}

/// Plans what comes back to stock of a return: what was restocked, and nothing else. `was_moved` says whether goods came
/// back for it before: then that nothing was restocked is a correction.
pub fn plan_return(
    mapping: &Mapping,
    key: &RecordKey,
    returned: &Return,
    skus: &Skus,
    was_moved: bool,
) -> Plan {
    let wanted = &mapping.shipbob.returns;
    if !wanted.restock {
        return Plan::Skip("the mapping takes nothing of returns back to stock".to_owned());
    }
    let restocked = returned.restocked();
    if !was_moved && is_nothing(&restocked.goods, &restocked.gaps) {
        return Plan::Skip("nothing is restocked".to_owned());
    }
    let center = match center(mapping, "fulfillment_center", returned.fulfillment_center.as_ref()) {
        Ok(center) => center,
        Err(finding) => return Plan::Reject(vec![finding]),
    };
    let mut lines = Lines {
        mapping,
        skus,
        center: &center,
        reason: &wanted.reason,
        kind: GlKind::Restock,
        findings: Vec::new(),
    };
    lines.gaps(&restocked.gaps);
    // What comes back is an issue below zero.
    let each = restocked.goods.iter();
    let each: Vec<_> =
        each.filter_map(|goods| lines.line(goods, goods.quantity.map(|quantity| -quantity))).collect();
    let time = returned.completed_date.or(returned.processing_date).or(returned.arrived_date);
    let issue = Document::InventoryIssue(InventoryIssue {
        reference: Reference::of(key),
        message_number: String::new(),
        source_name: format!("ShipBob return {}", returned.id),
        company: mapping.cloudsuite.company,
        division: mapping.cloudsuite.division.clone(),
        warehouse: center.mapped.warehouse.clone(),
        date: day(&center, time.or(returned.insert_date)),
        order: None,
        lines: each,
    });
    Plan::of(issue, lines.findings)
}

/// Whether a body says that there is nothing.
fn is_nothing(goods: &[Goods], gaps: &[String]) -> bool {
    gaps.is_empty() && goods.iter().all(|goods| goods.quantity == Some(Decimal::ZERO))
}

/// The day of the first moment that is known; a document without any is of the first day there is, which CloudSuite
/// refuses.
fn day(center: &Center<'_>, time: Option<Timestamp>) -> Date {
    time.map_or(Date::ZERO, |time| center.day(time))
}

fn unclear() -> Finding {
    Finding::new(
        FindingCode::InvalidField,
        "status",
        "the shipment's status does not say whether its goods left",
        "look at it in ShipBob; it is told again when its status changes",
    )
}

/// What makes lines of goods, and what is wrong with them.
struct Lines<'a> {
    mapping: &'a Mapping,
    skus: &'a Skus,
    center: &'a Center<'a>,
    reason: &'a str,
    kind: GlKind,
    findings: Vec<Finding>,
}

impl Lines<'_> {
    /// Where the body does not say what was moved, nothing can be.
    fn gaps(&mut self, gaps: &[String]) {
        for gap in gaps {
            let help = "it is told again, or looked for, once ShipBob says it";
            let message = "the body does not say what is in it";
            self.findings.push(Finding::new(FindingCode::MissingField, gap, message, help));
        }
    }

    /// One item and lot. The mapping file knows best which it is, then ShipBob's catalogue, then the body.
    fn line(&mut self, goods: &Goods, quantity: Option<Decimal>) -> Option<GoodsLine> {
        let Some(quantity) = quantity else {
            let help = "it is told again, or looked for, once ShipBob says it";
            let field = format!("{}.quantity", goods.path);
            self.findings.push(Finding::new(FindingCode::MissingField, field, "it says no quantity", help));
            return None;
        };
        let (id, lot) = (goods.of.inventory_id, goods.of.lot.clone().unwrap_or_default());
        let named = self.mapping.shipbob.items.get(&id).map(String::as_str);
        let listed = self.skus.get(&id).or(goods.sku.as_ref()).map(String::as_str);
        let Some(sku) = named.or(listed) else {
            let message = format!("nothing says which SKU inventory item {id} is");
            let help = "name its SKU under shipbob.items in the mapping file";
            self.findings.push(Finding::new(FindingCode::UnknownItem, &goods.path, message, help));
            return None;
        };
        let item = self.mapping.item(sku);
        for (what, text, most) in [("item number", &item, LONGEST_ITEM), ("lot", &lot, LONGEST_LOT)] {
            if text.chars().count() > most {
                let message = format!("{what} {text} has more than {most} characters");
                let help =
                    "give the SKU an alias under items.aliases, or shorten the lot's number in ShipBob";
                self.findings.push(Finding::new(FindingCode::TooLong, &goods.path, message, help));
            }
        }
        let unit = self.mapping.items.units.get(sku);
        let quantity = match unit.map(|unit| quantity.checked_mul(unit.factor.0)) {
            None => quantity,
            Some(Some(counted)) => counted.normalize(),
            Some(None) => {
                let message = "the quantity is too large to be counted in another unit";
                self.findings.push(Finding::new(
                    FindingCode::InvalidField,
                    &goods.path,
                    message,
                    "look at it in ShipBob",
                ));
                return None;
            }
        };
        let rules = Rules {
            mapping: self.mapping,
            company: self.mapping.cloudsuite.company,
            country: None,
            tags: &[],
        };
        let subject =
            Subject { sku: Some(sku), fulfillment_center: Some(self.center.name), ..Subject::default() };
        // Goods for an order are booked by the order.
        let rule = (self.kind != GlKind::Line).then(|| rules.rule(self.kind, subject)).flatten();
        let source_id = if lot.is_empty() { id.to_string() } else { format!("{id}/{lot}") };
        Some(GoodsLine {
            path: goods.path.clone(),
            source_id,
            item,
            lot,
            expires: goods.expires,
            quantity,
            unit: unit.map(|unit| unit.unit.clone()).unwrap_or_default(),
            reason: self.reason.to_owned(),
            accounts: rule.map(|rule| string(&rule.account, &rule.dimensions)).unwrap_or_default(),
            order_line: None,
        })
    }
}
