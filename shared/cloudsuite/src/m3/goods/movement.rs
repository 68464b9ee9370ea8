//! A movement, and the way it goes. Pure.

use domain::{DeliveredOrder, Document, GoodsLine, GoodsReceipt, InventoryIssue, Reference};
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::{Engine, GoodsOptions, IssueAs};

/// A document about goods, as it is to be written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Movement<'a> {
    /// Its own number (PMSN).
    pub(super) number: &'a str,
    pub(super) reference: &'a Reference,
    pub(super) source_name: &'a str,
    pub(super) warehouse: &'a str,
    pub(super) date: Date,
    pub(super) lines: &'a [GoodsLine],
    pub(super) way: Way<'a>,
}

/// How a movement goes: all its lines by the same transaction, because they share one message.
#[derive(Debug, Clone, Copy)]
pub(super) enum Way<'a> {
    /// The stock is adjusted by what leaves.
    Issued,
    /// The stock is adjusted by what arrives, for this reason.
    Corrected(&'a str),
    /// A requisition is issued.
    Requisition,
    /// It is picked for a sales order.
    Delivered(&'a DeliveredOrder),
    /// It is received for a purchase order.
    Received(&'a GoodsReceipt),
}

impl Way<'_> {
    pub(super) fn engine(self) -> Engine {
        match self {
            Self::Issued | Self::Corrected(_) => Engine::Stock,
            Self::Requisition | Self::Delivered(_) | Self::Received(_) => Engine::Orders,
        }
    }
}

impl<'a> Movement<'a> {
    /// The movement of a document about goods; nothing of any other.
    pub(super) fn of(document: &'a Document, options: &'a GoodsOptions) -> Option<Self> {
        match document {
            Document::InventoryIssue(issue) => Some(Self {
                number: &issue.message_number,
                reference: &issue.reference,
                source_name: &issue.source_name,
                warehouse: &issue.warehouse,
                date: issue.date,
                lines: &issue.lines,
                way: way_of_issue(issue, options.issue_as),
            }),
            Document::GoodsReceipt(receipt) => Some(Self {
                number: &receipt.message_number,
                reference: &receipt.reference,
                source_name: &receipt.source_name,
                warehouse: &receipt.warehouse,
                date: receipt.date,
                lines: &receipt.lines,
                way: way_of_receipt(receipt, &options.correction_reason),
            }),
            _ => None,
        }
    }
}

/// For its sales order if every line can go so; else for none.
fn way_of_issue(issue: &InventoryIssue, issue_as: IssueAs) -> Way<'_> {
    let leaves = |line: &GoodsLine| line.quantity > Decimal::ZERO;
    let all_leave = issue.lines.iter().all(leaves);
    let all_ordered = issue.lines.iter().all(|line| line.order_line.is_some());
    match (&issue.order, issue_as) {
        (Some(order), _) if all_leave && all_ordered => Way::Delivered(order),
        (_, IssueAs::Requisition) if all_leave => Way::Requisition,
        _ => Way::Issued,
    }
}

/// For its purchase order if every line arrives and has a line there; else it corrects the stock.
fn way_of_receipt<'a>(receipt: &'a GoodsReceipt, correction_reason: &'a str) -> Way<'a> {
    let arrives = |line: &GoodsLine| line.quantity > Decimal::ZERO && line.order_line.is_some();
    if receipt.lines.iter().all(arrives) { Way::Received(receipt) } else { Way::Corrected(correction_reason) }
}
