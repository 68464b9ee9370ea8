//! The simulation is held to what is published, from outside: by requests alone.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails")]

mod bench;
mod binary;
mod catalogue;
mod confirm;
mod control;
mod customers;
mod faults;
mod goods_receipts;
mod https;
mod journals;
mod lists;
mod master_lists;
mod order_changes;
mod order_entry;
mod picks;
mod policies;
mod purchase_entry;
mod purchase_refusals;
mod refusals;
mod shapes;
mod stock;
mod stock_ledger;
mod stock_refusals;
mod stock_settings;
mod token;
