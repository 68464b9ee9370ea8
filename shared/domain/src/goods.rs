//! Goods that leave a warehouse, come back to it or arrive: documents of which only what is new is posted.
//!
//! A source says again and again how much was shipped or received in all. What CloudSuite is given each time is a
//! *movement*: the difference to what it was given before. So a document stands for the whole, and
//! [`Movements::next_of`] makes of it what is still to be moved.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{Accounts, Document, RecordKey, Reference};

/// Goods that leave a warehouse; what comes back to it has a quantity below zero.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InventoryIssue {
    /// Our reference.
    pub reference: Reference,
    /// The movement's own number, by which it is found again (M3: PMSN); empty for a document of the whole.
    pub message_number: String,
    /// The name that people use for the source's object, such as a shipment's id.
    pub source_name: String,
    /// Company number in CloudSuite (M3: CONO).
    pub company: u16,
    /// Division in CloudSuite (M3: DIVI); empty for the company's own.
    pub division: String,
    /// Warehouse in CloudSuite that the goods leave (M3: WHLO).
    pub warehouse: String,
    /// The day on which they left, in the warehouse's own time zone as far as it is known.
    pub date: Date,
    /// The sales order that they are delivered for; nothing to issue them without one.
    pub order: Option<DeliveredOrder>,
    /// What leaves: one line for each item and lot.
    pub lines: Vec<GoodsLine>,
}

/// The sales order that goods are delivered for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveredOrder {
    /// Its number in CloudSuite (M3: ORNO).
    pub number: String,
    /// Its customer in CloudSuite (M3: CUNO).
    pub customer: String,
}

/// Goods that arrive for a purchase order; what is taken back has a quantity below zero.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoodsReceipt {
    /// Our reference.
    pub reference: Reference,
    /// The movement's own number, by which it is found again (M3: PMSN); empty for a document of the whole.
    pub message_number: String,
    /// The name that people use for the source's object, such as a receiving order's id.
    pub source_name: String,
    /// Company number in CloudSuite (M3: CONO).
    pub company: u16,
    /// Division in CloudSuite (M3: DIVI); empty for the company's own.
    pub division: String,
    /// Warehouse in CloudSuite that receives (M3: WHLO).
    pub warehouse: String,
    /// The purchase order's number in CloudSuite (M3: PUNO).
    pub purchase_order: String,
    /// Its supplier in CloudSuite (M3: SUNO); empty until the purchase order was looked up.
    pub supplier: String,
    /// The day on which they arrived, in the warehouse's own time zone as far as it is known.
    pub date: Date,
    /// What arrives: one line for each item and lot.
    pub lines: Vec<GoodsLine>,
}

/// One item, and one lot of it, that is moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoodsLine {
    /// Where it stands in the source's payload, such as `products[0].inventory_items[1]`.
    pub path: String,
    /// The source's id of the item, and of the lot behind a `/` if there is one: what is moved is counted by it.
    pub source_id: String,
    /// Item number in CloudSuite.
    pub item: String,
    /// Lot number (M3: BANO); empty where there is none.
    pub lot: String,
    /// Until when the lot may be used, if the source says so.
    pub expires: Option<Date>,
    /// Quantity, in the unit of the mapping or, without one, the item's basic unit.
    pub quantity: Decimal,
    /// Unit of measure in CloudSuite; empty for the item's own.
    pub unit: String,
    /// Why it is moved, in CloudSuite's own code (M3: RSCD); empty for none.
    pub reason: String,
    /// Where it is booked; empty to leave it to CloudSuite's own accounting rules.
    pub accounts: Accounts,
    /// The line of the order that it belongs to, with its suffix; nothing until that was looked up.
    pub order_line: Option<OrderLineNumber>,
}

/// The number of an order's line in CloudSuite (M3: PNLI and PNLS, or PONR and POSX).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct OrderLineNumber {
    /// The line.
    pub line: u32,
    /// Its suffix; 0 where there is none.
    pub suffix: u32,
}

/// Quantities by the source's id of item and lot; of a journal entry, its turnover by its currency.
pub type Quantities = BTreeMap<String, Decimal>;

/// What CloudSuite was given for a record so far, movement by movement: goods, or the money of a journal entry.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Movements {
    /// How many movements CloudSuite really has.
    pub count: u32,
    /// What they come to.
    pub done: Quantities,
    /// The movement that is being posted, or was and is not confirmed.
    pub under_way: Option<Quantities>,
}

impl Movements {
    /// Whether nothing was ever moved.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The document of what is still to be moved, so that what was moved comes to the whole; it has no lines if that is
    /// so already. Any document but one about goods stays as it is.
    pub fn next_of(&self, key: &RecordKey, whole: Document) -> Document {
        let number = Reference::message_number_of(key, self.count + 1);
        match whole {
            Document::InventoryIssue(issue) => Document::InventoryIssue(InventoryIssue {
                lines: self.missing(issue.lines),
                message_number: number,
                ..issue
            }),
            Document::GoodsReceipt(receipt) => Document::GoodsReceipt(GoodsReceipt {
                lines: self.missing(receipt.lines),
                message_number: number,
                ..receipt
            }),
            other => other,
        }
    }

    /// What these lines have more, or less, than was moved. What the whole does not speak of stays as it was moved:
    /// that a source leaves something out does not say that it came back.
    fn missing(&self, lines: Vec<GoodsLine>) -> Vec<GoodsLine> {
        let mut left = self.done.clone();
        let mut missing = Vec::new();
        for line in lines {
            let moved = left.remove(&line.source_id).unwrap_or_default();
            let quantity = line.quantity - moved;
            if !quantity.is_zero() {
                missing.push(GoodsLine { quantity, ..line });
            }
        }
        missing
    }

    /// The movement under way is really there.
    pub(crate) fn confirm(&mut self) {
        for (id, quantity) in self.under_way.take().unwrap_or_default() {
            let done = self.done.entry(id).or_default();
            *done = (*done + quantity).normalize();
        }
        self.done.retain(|_, quantity| !quantity.is_zero());
        self.count += 1;
    }
}

impl Document {
    /// The lines of a document about goods; none of any other.
    pub fn goods(&self) -> &[GoodsLine] {
        match self {
            Self::InventoryIssue(issue) => &issue.lines,
            Self::GoodsReceipt(receipt) => &receipt.lines,
            _ => &[],
        }
    }

    /// What a document about goods moves, by the source's ids, or what a journal entry books, by its currency; nothing
    /// for any other.
    pub fn movement(&self) -> Option<Quantities> {
        if let Self::JournalEntry(entry) = self {
            return Some(Quantities::from([(entry.currency.to_string(), entry.turnover())]));
        }
        if !self.kind().is_of_goods() {
            return None;
        }
        let mut quantities = Quantities::new();
        for line in self.goods() {
            *quantities.entry(line.source_id.clone()).or_default() += line.quantity;
        }
        Some(quantities)
    }
}

#[cfg(test)]
#[path = "goods_tests.rs"]
mod tests;
