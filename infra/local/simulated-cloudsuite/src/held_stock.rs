//! Stock, as plain values for tests and reconciliations: balances, transactions, receipts and messages.

use std::str::FromStr;

use rust_decimal::Decimal;
use serde::Serialize;

use crate::m3::{GoodsReceipt as Posted, Place, StockMessage as Message, StockTransaction as Transaction};
use crate::master::{Record, field, record};
use crate::simulator::SimulatedCloudSuite;

/// What a place holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StockBalance {
    /// WHLO.
    pub warehouse: String,
    /// ITNO.
    pub item: String,
    /// WHSL.
    pub location: String,
    /// BANO, "" if the item has no lots.
    pub lot: String,
    /// In the item's basic unit.
    pub quantity: Decimal,
}

/// A stock transaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StockTransaction {
    /// WHLO.
    pub warehouse: String,
    /// ITNO.
    pub item: String,
    /// WHSL.
    pub location: String,
    /// BANO, "" if the item has no lots.
    pub lot: String,
    /// TRQT, in the item's basic unit; an issue is negative.
    pub quantity: Decimal,
    /// TTYP.
    pub kind: u8,
    /// TRDT, YMD8.
    pub date: String,
    /// RIDN, "" if there is none.
    pub order: String,
    /// RIDL, 0 if there is none.
    pub line: u32,
    /// PMSN of the message that reported it, "" if there is none.
    pub external: String,
    /// AIT1 to AIT7, "" where nothing was given.
    pub accounts: [String; 7],
    /// Everything else it shows, by M3's names.
    pub fields: Record,
}

/// A receipt for a purchase order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GoodsReceipt {
    /// REPN.
    pub number: String,
    /// PUNO.
    pub order: String,
    /// PNLI.
    pub line: u32,
    /// WHLO.
    pub warehouse: String,
    /// ITNO.
    pub item: String,
    /// BANO, "" if the item has no lots.
    pub lot: String,
    /// In the purchase order's unit.
    pub quantity: Decimal,
    /// In the item's basic unit.
    pub basic_quantity: Decimal,
    /// TRDT, YMD8.
    pub date: String,
}

/// A stock message of MMS850MI or MHS850MI.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StockMessage {
    /// MSNR or MSGN.
    pub number: String,
    /// PMSN, "" if there is none.
    pub external: String,
    /// The lines, in the order of their arrival.
    pub lines: Vec<StockMessageLine>,
}

/// A line of a stock message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StockMessageLine {
    /// MSLN.
    pub number: u32,
    /// 90 is posted, everything below is not.
    pub status: String,
    /// Message id and message of why it is not.
    pub reason: Option<(String, String)>,
}

impl SimulatedCloudSuite {
    /// What every place holds, by warehouse, item, location and lot.
    pub fn stock(&self) -> Vec<StockBalance> {
        let balance = |(place, quantity): (&Place, &Decimal)| {
            let Place { warehouse, item, location, lot } = place.clone();
            StockBalance { warehouse, item, location, lot, quantity: quantity.normalize() }
        };
        self.m3.stock.balances.iter().map(balance).collect()
    }

    /// What a warehouse holds of an item, over all locations and lots.
    pub fn on_hand(&self, warehouse: &str, item: &str) -> Decimal {
        let own = self.stock().into_iter().filter(|held| held.warehouse == warehouse && held.item == item);
        own.map(|held| held.quantity).sum()
    }

    /// The stock transactions, in the order in which they were made.
    pub fn stock_transactions(&self) -> Vec<StockTransaction> {
        self.m3.stock.transactions.iter().map(StockTransaction::from).collect()
    }

    /// The receipts for purchase orders, in the order in which they were made.
    pub fn goods_receipts(&self) -> Vec<GoodsReceipt> {
        self.m3.purchasing.receipts.iter().map(GoodsReceipt::from).collect()
    }

    /// The messages of MMS850MI, then those of MHS850MI, each by number.
    pub fn stock_messages(&self) -> Vec<StockMessage> {
        let stock = &self.m3.stock;
        let all = stock.internal.by_number.values().chain(stock.received.by_number.values());
        all.map(StockMessage::from).collect()
    }

    /// Somebody counts: from now on a warehouse holds this much of an item, in its first location; `lot` is "" for an
    /// item without lots. The difference is a stock transaction.
    ///
    /// # Errors
    /// There is no such item or warehouse, or the lot is missing or one too many; the text of M3's message.
    pub fn count_stock(
        &mut self,
        warehouse: &str,
        item: &str,
        lot: &str,
        quantity: Decimal,
    ) -> Result<(), String> {
        let input = record(&[("ITNO", item), ("BANO", lot)]);
        let place = self.m3.place_of(warehouse, &input).map_err(|nok| nok.text)?;
        self.m3.count(place, quantity, Record::new());
        Ok(())
    }
}

impl From<&Transaction> for StockTransaction {
    fn from(posted: &Transaction) -> Self {
        let Place { warehouse, item, location, lot } = posted.place.clone();
        let text = |name| field(&posted.fields, name).to_owned();
        Self {
            warehouse,
            item,
            location,
            lot,
            quantity: posted.quantity.normalize(),
            kind: posted.kind,
            date: posted.date.clone(),
            order: text("RIDN"),
            line: u32::from_str(text("RIDL").trim_start_matches('0')).unwrap_or(0),
            external: text("PMSN"),
            accounts: crate::held::accounts(&posted.accounts),
            fields: posted.fields.clone(),
        }
    }
}

impl From<&Posted> for GoodsReceipt {
    fn from(posted: &Posted) -> Self {
        let Place { warehouse, item, lot, .. } = posted.place.clone();
        Self {
            number: posted.number.clone(),
            order: posted.order.clone(),
            line: posted.line,
            warehouse,
            item,
            lot,
            quantity: posted.quantity.normalize(),
            basic_quantity: posted.basic.normalize(),
            date: posted.date.clone(),
        }
    }
}

impl From<&Message> for StockMessage {
    fn from(message: &Message) -> Self {
        let lines = message.lines.iter().map(|line| {
            let reason = line.reason.as_ref().map(|reason| (reason.id.clone(), reason.text.clone()));
            StockMessageLine { number: line.number, status: line.status.clone(), reason }
        });
        Self { number: message.number.clone(), external: message.external.clone(), lines: lines.collect() }
    }
}
