//! Purchase orders as M3 transactions. Pure.
//!
//! Field names and lengths as in M3's interface description (PPS370MI, PPS200MI). PPS370MI has no company field: the
//! envelope's holds.

use domain::{PurchaseLine, PurchaseOrder};

use crate::m3::{
    text::{account_fields, cut, day, decimal},
    wire::Transaction,
};

/// The field of a line that holds its number: ours, 1 for the document's first.
pub(super) const LINE_NUMBER: &str = "PNLI";

/// Begins an entry: M3 gives a message number, under which everything of it stands.
pub(super) fn start_entry(order: &PurchaseOrder) -> Transaction {
    Transaction::new("StartEntry", [("BAOR", order.batch_origin.clone())], &["MSGN"])
}

/// The head. M3 gives the order's number. HREF is our reference; M3 shows it nowhere again, so that it also begins
/// YRE1, with the name at the source behind it for people.
pub(super) fn head(order: &PurchaseOrder, message: &str) -> Transaction {
    Transaction::new(
        "AddHead",
        [
            ("MSGN", message.to_owned()),
            ("FACI", order.facility.clone()),
            ("WHLO", order.warehouse.clone()),
            ("SUNO", order.supplier.clone()),
            ("DWDT", day(order.delivery_date)),
            ("HREF", order.reference.to_string()),
            ("ORTY", order.order_type.clone()),
            ("PUDT", day(order.order_date)),
            ("CUCD", order.currency.to_string()),
            ("YRE1", cut(&format!("{} {}", order.reference, order.source_name), 36)),
        ],
        &["PUNO"],
    )
}

/// The lines after the first `present`, each followed by its accounting string: a line proves that everything of the
/// lines before it is there.
pub(super) fn lines(order: &PurchaseOrder, message: &str, number: &str, present: usize) -> Vec<Transaction> {
    let missing = (1..).zip(&order.lines).skip(present);
    let both = missing.flat_map(|(place, line)| {
        let accounts = (!line.accounts.is_empty()).then(|| account_string(message, number, place, line));
        std::iter::once(self::line(message, number, place, line)).chain(accounts)
    });
    both.collect()
}

fn line(message: &str, number: &str, place: u32, line: &PurchaseLine) -> Transaction {
    Transaction::new(
        "AddLine",
        [
            ("MSGN", message.to_owned()),
            ("PUNO", number.to_owned()),
            (LINE_NUMBER, place.to_string()),
            ("LREF", cut(&line.source_id, 20)),
            ("ITNO", line.item.clone()),
            ("ORQA", decimal(line.quantity)),
            ("PUUN", line.unit.clone()),
            ("PUPR", decimal(line.price.amount)),
            ("PPUN", line.unit.clone()),
            ("COCE", line.cost_centre.clone()),
        ],
        &["PUNO", "PNLI"],
    )
}

fn account_string(message: &str, number: &str, place: u32, line: &PurchaseLine) -> Transaction {
    let of_line =
        [("MSGN", message.to_owned()), ("PUNO", number.to_owned()), (LINE_NUMBER, place.to_string())];
    Transaction::new("AddAccString", of_line.into_iter().chain(account_fields(&line.accounts)), &[])
}

/// Ends an entry: M3 checks it and, if the batch origin says so (PPS090, auto level 2), makes an order of it.
pub(super) fn finish_entry(message: &str) -> Transaction {
    Transaction::new("FinishEntry", [("MSGN", message.to_owned())], &[])
}

/// Takes out an entry that is not finished.
pub(super) fn delete_entry(message: &str) -> Transaction {
    Transaction::new("DeleteEntry", [("MSGN", message.to_owned())], &[])
}

/// Asks for a batch purchase order.
pub(super) fn batch_head(number: &str) -> Transaction {
    of_number("GetBatchHead", number, &["PUNO", "MSGN", "STAT", "YRE1", "MSID", "MSGD"])
}

/// Asks for the lines of a batch purchase order.
pub(super) fn batch_lines(number: &str) -> Transaction {
    of_number("LstBatchLine", number, &["PNLI", "STAT", "MSID", "MSGD"])
}

/// Asks for a purchase order (PPS200MI).
pub(super) fn order_head(number: &str) -> Transaction {
    of_number("GetHead", number, &["PUNO", "YRE1", "NOLN"])
}

fn of_number(name: &'static str, number: &str, columns: &'static [&'static str]) -> Transaction {
    Transaction::new(name, [("PUNO", number.to_owned())], columns)
}
