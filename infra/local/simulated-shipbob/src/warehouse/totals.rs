//! ShipBob's own figures: what moved and what was billed, as it really was, whatever the API shows of it. A statement
//! of somebody else's books is right when it equals these.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::Serialize;

use super::Warehouse;
use super::values::Number;

/// Where, what, which lot.
type Key = (u64, u64, Option<String>);

#[derive(Debug, Clone, Copy, Default)]
struct Moved {
    shipped: u64,
    stowed: u64,
    restocked: u64,
}

/// Pieces of an item and lot that moved in a fulfilment centre.
#[derive(Debug, Serialize)]
pub(crate) struct Stock {
    fulfillment_center_id: u64,
    inventory_id: u64,
    lot: Option<String>,
    shipped: u64,
    stowed: u64,
    restocked: u64,
}

/// What was billed under one name in one currency.
#[derive(Debug, Serialize)]
pub(crate) struct Fee {
    currency_code: String,
    #[serde(rename = "transaction_fee")]
    name: String,
    count: u64,
    /// Without taxes; credits and refunds taken off.
    amount: Number,
    tax: Number,
}

#[derive(Debug, Serialize)]
pub(crate) struct Totals {
    stock: Vec<Stock>,
    fees: Vec<Fee>,
}

/// All of them, sorted.
pub(crate) fn totals(warehouse: &Warehouse) -> Totals {
    Totals { stock: stock(warehouse), fees: fees(warehouse) }
}

fn stock(warehouse: &Warehouse) -> Vec<Stock> {
    let mut moved = BTreeMap::<Key, Moved>::new();
    for shipment in warehouse.shipments.values() {
        for item in shipment.picked() {
            moved.entry((shipment.location.id, item.id, item.lot.clone())).or_default().shipped +=
                item.pieces;
        }
    }
    for order in warehouse.receiving.values() {
        for item in order.boxes.iter().flat_map(|one| &one.box_items) {
            let key = (order.fulfillment_center.id, item.inventory_id, item.lot_number.clone());
            moved.entry(key).or_default().stowed += item.stowed_quantity;
        }
    }
    for back in warehouse.returns.values().filter(|back| back.completed_date.is_some()) {
        for item in &back.inventory {
            let key = (back.fulfillment_center.id, item.id, item.lot_information.number.clone());
            let restocked = item.action_taken.iter().filter(|taken| taken.action == "Restock");
            moved.entry(key).or_default().restocked +=
                restocked.map(|taken| taken.quantity_processed).sum::<u64>();
        }
    }
    let any = |moved: &Moved| moved.shipped + moved.stowed + moved.restocked > 0;
    let rows = moved.into_iter().filter(|(_, moved)| any(moved));
    rows.map(|((fulfillment_center_id, inventory_id, lot), Moved { shipped, stowed, restocked })| Stock {
        fulfillment_center_id,
        inventory_id,
        lot,
        shipped,
        stowed,
        restocked,
    })
    .collect()
}

fn fees(warehouse: &Warehouse) -> Vec<Fee> {
    let mut fees = BTreeMap::<(&str, &str), (u64, Decimal, Decimal)>::new();
    for transaction in &warehouse.transactions {
        let sums = fees.entry((&transaction.currency_code, &transaction.transaction_fee)).or_default();
        sums.0 += 1;
        sums.1 += transaction.amount.0;
        sums.2 += transaction.taxes.iter().map(|tax| tax.tax_amount.0).sum::<Decimal>();
    }
    let rows = fees.into_iter();
    rows.map(|((currency_code, name), (count, amount, tax))| Fee {
        currency_code: currency_code.to_owned(),
        name: name.to_owned(),
        count,
        amount: Number(amount),
        tax: Number(tax),
    })
    .collect()
}
