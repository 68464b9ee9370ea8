//! What the simulation holds, as plain values for tests: orders, purchase orders and vouchers with their lines, so that
//! nobody has to dig in JSON. Every number that is no number in M3's text reads as zero.

use std::str::FromStr;

use rust_decimal::Decimal;

use crate::m3::{CustomerOrder, JournalBatch, PurchaseBatch, Voucher as Posted};
use crate::master::{Record, field};
use crate::simulator::SimulatedCloudSuite;

/// A customer order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// ORNO.
    pub number: String,
    /// The batch order it came from.
    pub temporary: String,
    /// CUNO.
    pub customer: String,
    /// CUOR.
    pub reference: String,
    /// The lowest status of its lines (ORSL).
    pub lowest: String,
    /// The highest status of its lines (ORST).
    pub highest: String,
    /// Every field of the head, by M3's name.
    pub head: Record,
    /// The lines, in the order of their numbers.
    pub lines: Vec<OrderLine>,
    /// Addresses, by M3's names.
    pub addresses: Vec<Record>,
    /// The texts' words, those of lines too.
    pub texts: Vec<String>,
    /// Charges of the head: CRID and amount.
    pub charges: Vec<(String, Decimal)>,
}

/// A line of a customer order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderLine {
    /// PONR.
    pub number: u32,
    /// ORST.
    pub status: String,
    /// ITNO.
    pub item: String,
    /// ORQT.
    pub quantity: Decimal,
    /// SAPR.
    pub price: Decimal,
    /// Every field, by M3's name.
    pub fields: Record,
}

/// A batch purchase order, and with status 90 the purchase order itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PurchaseOrder {
    /// PUNO.
    pub number: String,
    /// HREF.
    pub reference: String,
    /// SUNO.
    pub supplier: String,
    /// 10 in entry, 20 entered, 23 in error, 25 validated, 90 transferred.
    pub status: String,
    /// Message id and message of what is wrong with it.
    pub reason: Option<(String, String)>,
    /// Every field of the head, by M3's name.
    pub head: Record,
    /// The lines, in the order of their arrival.
    pub lines: Vec<PurchaseOrderLine>,
    /// Texts, by M3's names; PNLI where they are of a line.
    pub texts: Vec<Record>,
    /// Addresses, likewise.
    pub addresses: Vec<Record>,
    /// Charges, likewise.
    pub charges: Vec<Record>,
}

/// A line of a purchase order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PurchaseOrderLine {
    /// PNLI.
    pub number: u32,
    /// ITNO.
    pub item: String,
    /// ORQA.
    pub quantity: Decimal,
    /// PUPR.
    pub price: Decimal,
    /// AIT1 to AIT7, "" where nothing was given.
    pub accounts: [String; 7],
    /// Every field, by M3's name.
    pub fields: Record,
}

/// A voucher of the general ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voucher {
    /// KEY1 of the interface batch it came from.
    pub key: String,
    /// DIVI.
    pub division: String,
    /// VONO.
    pub number: u64,
    /// ACDT, YMD8.
    pub date: String,
    /// The lines, in the order of their numbers.
    pub lines: Vec<VoucherLine>,
}

/// A line of a voucher: debit is positive, credit negative.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoucherLine {
    /// AIT1 to AIT7, "" where nothing was given.
    pub accounts: [String; 7],
    /// CUCD.
    pub currency: String,
    /// CUAM, in the line's currency.
    pub amount: Decimal,
    /// ACAM, in the division's currency.
    pub recorded: Decimal,
    /// VTXT.
    pub text: String,
    /// Every other field, by M3's name.
    pub fields: Record,
}

impl SimulatedCloudSuite {
    /// The customer orders, in the order of their numbers.
    pub fn orders(&self) -> Vec<Order> {
        self.m3.orders.values().map(Order::from).collect()
    }

    /// The customer orders that were deleted, as they were then.
    pub fn deleted_orders(&self) -> Vec<Order> {
        self.m3.deleted_orders.iter().map(Order::from).collect()
    }

    /// The customer order whose customer's order number (CUOR) this is; the first, if it repeats.
    pub fn order_of(&self, reference: &str) -> Option<Order> {
        self.orders().into_iter().find(|order| order.reference == reference)
    }

    /// The batch purchase orders, in the order of their numbers; those in status 90 are purchase orders.
    pub fn purchase_orders(&self) -> Vec<PurchaseOrder> {
        self.m3.purchasing.batches.values().map(PurchaseOrder::from).collect()
    }

    /// The vouchers, in the order in which they were made.
    pub fn vouchers(&self) -> Vec<Voucher> {
        self.m3.journals.vouchers.iter().map(Voucher::from).collect()
    }

    /// The keys (KEY1) of the interface batches that are no vouchers, with what their last control found.
    pub fn open_journals(&self) -> Vec<(String, Vec<String>)> {
        let open = self.m3.journals.batches.values().filter(|batch| batch.voucher.is_none());
        open.map(|JournalBatch { key, faults, .. }| (key.clone(), faults.clone())).collect()
    }
}

impl From<&CustomerOrder> for Order {
    fn from(order: &CustomerOrder) -> Self {
        let content = &order.content;
        let line = |line: &crate::m3::OrderLine| OrderLine {
            number: line.number,
            status: line.status.clone(),
            item: text(&line.fields, "ITNO"),
            quantity: number(&line.fields, "ORQT"),
            price: number(&line.fields, "SAPR"),
            fields: line.fields.clone(),
        };
        let mut lines: Vec<OrderLine> = content.lines.iter().map(line).collect();
        lines.sort_by_key(|line| line.number);
        Self {
            number: order.number.clone(),
            temporary: order.temporary.clone(),
            customer: content.customer.clone(),
            reference: text(&content.head, "CUOR"),
            lowest: order.status.clone(),
            highest: order.highest.clone(),
            head: content.head.clone(),
            lines,
            addresses: content.addresses.clone(),
            texts: content.texts.iter().map(|row| text(row, "PARM")).collect(),
            charges: content.charges.iter().map(|row| (text(row, "CRID"), number(row, "CRAM"))).collect(),
        }
    }
}

impl From<&PurchaseBatch> for PurchaseOrder {
    fn from(batch: &PurchaseBatch) -> Self {
        let content = &batch.content;
        let lines = content.lines.iter().map(|line| PurchaseOrderLine {
            number: line.number,
            item: text(&line.fields, "ITNO"),
            quantity: number(&line.fields, "ORQA"),
            price: number(&line.fields, "PUPR"),
            accounts: accounts(&line.accounts),
            fields: line.fields.clone(),
        });
        Self {
            number: batch.number.clone(),
            reference: text(&content.head, "HREF"),
            supplier: text(&content.head, "SUNO"),
            status: batch.status.clone(),
            reason: batch.reason.as_ref().map(|reason| (reason.id.clone(), reason.text.clone())),
            head: content.head.clone(),
            lines: lines.collect(),
            texts: content.texts.clone(),
            addresses: content.addresses.clone(),
            charges: content.charges.clone(),
        }
    }
}

impl From<&Posted> for Voucher {
    fn from(voucher: &Posted) -> Self {
        let lines = voucher.lines.iter().map(|line| VoucherLine {
            accounts: accounts(&line.fields),
            currency: line.currency.clone(),
            amount: line.foreign,
            recorded: line.recorded,
            text: text(&line.fields, "VTXT"),
            fields: line.fields.clone(),
        });
        Self {
            key: voucher.key.clone(),
            division: voucher.division.clone(),
            number: voucher.number,
            date: voucher.date.clone(),
            lines: lines.collect(),
        }
    }
}

fn text(record: &Record, name: &str) -> String {
    field(record, name).to_owned()
}

fn number(record: &Record, name: &str) -> Decimal {
    Decimal::from_str(field(record, name).trim()).unwrap_or_default()
}

pub(crate) fn accounts(record: &Record) -> [String; 7] {
    ["AIT1", "AIT2", "AIT3", "AIT4", "AIT5", "AIT6", "AIT7"].map(|name| text(record, name))
}
