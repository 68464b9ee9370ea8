//! Movements as M3 transactions. Pure.
//!
//! Field names and lengths as in M3's interface description (MMS850MI, MHS850MI).

use data_encoding::BASE32_NOPAD;
use domain::{GoodsLine, OrderLineNumber};
use rust_decimal::Decimal;

use super::{
    Engine, GoodsOptions,
    movement::{Movement, Way},
};
use crate::m3::{
    text::{cut, day, decimal},
    wire::Transaction,
};

/// The user-defined field of a line that holds its place in the movement and the movement's digest.
pub(super) const OURS: &str = "USD5";
/// How many characters of a digest are written: with a place of five digits, OURS holds them.
const DIGEST: usize = 8;
/// The places of an accounting string in a requisition.
const ACCOUNTS: [&str; 7] = ["ACC1", "ACC2", "ACC3", "ACC4", "ACC5", "ACC6", "ACC7"];

/// A field and its value.
type Field = (&'static str, String);

/// Everything that is written of a movement, without the message's number: one transaction for each line.
#[derive(Debug, Clone)]
pub(super) struct Lines {
    pub(super) engine: Engine,
    /// What is written, in digest.
    pub(super) digest: String,
    transactions: Vec<Transaction>,
}

impl Lines {
    pub(super) fn of(company: u16, movement: &Movement<'_>, options: &GoodsOptions) -> Self {
        let mut transactions: Vec<_> =
            movement.lines.iter().map(|line| line_of(company, movement, line, options)).collect();
        let digest = digest(&transactions);
        for (place, transaction) in (1_u32..).zip(&mut transactions) {
            transaction.record.insert(OURS, format!("{place} {digest}"));
        }
        Self { engine: movement.way.engine(), digest, transactions }
    }

    /// The first line, which begins the message: M3 gives its number.
    pub(super) fn first(&self) -> Option<Transaction> {
        self.transactions.first().cloned()
    }

    /// The lines after the first `present`, added to the message of this number.
    pub(super) fn after(&self, present: usize, number: &str) -> Vec<Transaction> {
        let mut missing = self.transactions.get(present..).unwrap_or_default().to_vec();
        for transaction in &mut missing {
            transaction.record.insert(self.engine.number_field(), number.to_owned());
        }
        missing
    }

    pub(super) fn count(&self) -> usize {
        self.transactions.len()
    }
}

/// The place of a line and the digest of its movement, as its field of ours says.
pub(super) fn read_ours(text: &str) -> Option<(u32, &str)> {
    let (place, digest) = text.split_once(' ')?;
    Some((place.parse().ok()?, digest))
}

fn digest(transactions: &[Transaction]) -> String {
    let mut hashing = ring::digest::Context::new(&ring::digest::SHA256);
    for transaction in transactions {
        hashing.update(transaction.name.as_bytes());
        for (field, value) in &transaction.record {
            for part in [field.as_bytes(), b"=", value.as_bytes(), b"\n"] {
                hashing.update(part);
            }
        }
    }
    let mut text = BASE32_NOPAD.encode(hashing.finish().as_ref());
    text.truncate(DIGEST);
    text
}

fn line_of(company: u16, movement: &Movement<'_>, line: &GoodsLine, options: &GoodsOptions) -> Transaction {
    let common = [
        ("CONO", company.to_string()),
        ("WHLO", movement.warehouse.to_owned()),
        ("E0PA", options.partner.clone()),
        ("GEDT", day(movement.date)),
        ("ITNO", line.item.clone()),
        ("BANO", line.lot.clone()),
        ("PMSN", movement.number.to_owned()),
        ("BREF", cut(movement.source_name, 20)),
        ("BRE2", cut(&line.source_id, 20)),
    ];
    let types = &options.message_types;
    let (name, message_type, own): (_, _, Vec<Field>) = match movement.way {
        Way::Issued => {
            ("AddAdjust", &types.adjustment, adjustment(movement, line, -line.quantity, &line.reason))
        }
        Way::Corrected(reason) => {
            ("AddAdjust", &types.adjustment, adjustment(movement, line, line.quantity, reason))
        }
        Way::Requisition => ("AddDO", &types.requisition, requisition(movement, line, options)),
        Way::Delivered(order) => {
            let mut own = vec![
                ("CUNO", order.customer.clone()),
                ("RIDN", order.number.clone()),
                ("PLSX", options.picking_list.clone()),
                ("QTYP", decimal(line.quantity)),
                ("RPDT", day(movement.date)),
            ];
            own.extend(line.order_line.into_iter().flat_map(order_line));
            ("AddCOPick", &types.delivery, own)
        }
        Way::Received(receipt) => {
            let mut own = vec![
                ("SUNO", receipt.supplier.clone()),
                ("SUTY", options.supplier_type.clone()),
                ("RIDN", receipt.purchase_order.clone()),
                ("QTY", decimal(line.quantity)),
                ("EXPI", line.expires.map(day).unwrap_or_default()),
                ("SUDO", cut(movement.source_name, 20)),
                ("RPDT", day(movement.date)),
            ];
            own.extend(line.order_line.into_iter().flat_map(order_line));
            ("AddPOReceipt", &types.receipt, own)
        }
    };
    let message_type = [("E065", message_type.clone())];
    let columns: &[_] = match movement.way.engine() {
        Engine::Stock => &["MSNR"],
        Engine::Orders => &["MSGN"],
    };
    Transaction::new(name, common.into_iter().chain(message_type).chain(own), columns)
}

/// The stock's difference. Our reference stands in the remark, for people.
fn adjustment(movement: &Movement<'_>, line: &GoodsLine, difference: Decimal, reason: &str) -> Vec<Field> {
    vec![
        ("QLQT", decimal(difference)),
        ("QLUN", line.unit.clone()),
        ("RSCD", reason.to_owned()),
        ("BREM", movement.reference.to_string()),
    ]
}

fn requisition(movement: &Movement<'_>, line: &GoodsLine, options: &GoodsOptions) -> Vec<Field> {
    let own = [
        ("E0PB", options.own_partner.clone()),
        ("TRTP", options.order_type.clone()),
        ("RESP", options.responsible.clone()),
        ("DLQT", decimal(line.quantity)),
        ("RSCD", line.reason.clone()),
        ("RPDT", day(movement.date)),
    ];
    let accounts = (1_u8..).zip(ACCOUNTS);
    let accounts = accounts.filter_map(|(place, field)| Some((field, line.accounts.get(&place)?.clone())));
    own.into_iter().chain(accounts).collect()
}

/// The line of the order; a suffix of nothing is left out.
fn order_line(number: OrderLineNumber) -> [Field; 2] {
    let suffix = if number.suffix == 0 { String::new() } else { number.suffix.to_string() };
    [("RIDL", number.line.to_string()), ("RIDX", suffix)]
}

/// Has M3 move the goods of a message.
pub(super) fn process(company: u16, engine: Engine, number: &str, options: &GoodsOptions) -> Transaction {
    let name = match engine {
        Engine::Stock => "PrcStkTran",
        Engine::Orders => "PrcWhsTran",
    };
    let flag = ("PRFL", options.process_flag.clone());
    Transaction::new(name, of_message(company, engine, number).into_iter().chain([flag]), &[])
}

/// Takes out a message that was not processed.
pub(super) fn delete(company: u16, engine: Engine, number: &str) -> Transaction {
    let name = match engine {
        Engine::Stock => "DeleteStkTran",
        Engine::Orders => "DeleteWhsTran",
    };
    Transaction::new(name, of_message(company, engine, number), &[])
}

/// Lists the messages of one external message number.
pub(super) fn messages(company: u16, external: &str, options: &GoodsOptions) -> Transaction {
    let fields =
        [("CONO", company.to_string()), ("E0PB", options.own_partner.clone()), ("PMSN", external.to_owned())];
    Transaction::new("LstMvxMsg", fields, &["MSGN", "STAT"])
}

/// Asks for the head of a message.
pub(super) fn head(company: u16, engine: Engine, number: &str) -> Transaction {
    let fields = of_message(company, engine, number);
    match engine {
        Engine::Stock => {
            Transaction::new("GetStkHead", fields, &["MSNR", "PMSN", "E0PA", "STAT", "STLO", "STHI"])
        }
        Engine::Orders => {
            Transaction::new("GetWhsHead", fields, &["MSGN", "PMSN", "E0PA", "STAT", "TRSL", "TRSH"])
        }
    }
}

/// Lists the lines of a message for an order, with all their columns: newer releases of M3 show a message id
/// (MSID, MSGD) that the published description does not know.
pub(super) fn order_lines(number: &str) -> Transaction {
    Transaction::new("LstWhsLine", [("MSGN", number.to_owned())], &[])
}

/// Asks for what M3 says of one line of a stock message.
pub(super) fn stock_line(company: u16, number: &str, place: u32) -> Transaction {
    let line = [("MSLN", place.to_string()), ("MSGS", "1".to_owned())];
    let fields = of_message(company, Engine::Stock, number).into_iter().chain(line);
    Transaction::new("GetStkIns", fields, &["MSLN", "STAT", "MSID"])
}

fn of_message(company: u16, engine: Engine, number: &str) -> [Field; 2] {
    [("CONO", company.to_string()), (engine.number_field(), number.to_owned())]
}
