//! Infor CloudSuite, through the ION API Gateway.
//!
//! `ion` knows credentials, tokens and the gateway. Each product line is a folder of the same parts: `wire`
//! (the remote's types), `requests` (document to wire), `outcome` (answer to outcome, pure) and the calls in
//! `mod`. This crate knows no source, no table and no queue.

mod amendment;
mod call;
mod check;
mod check_goods;
pub mod ion;
pub mod m3;
mod product_line;

pub use amendment::{Amended, Amendment, Difference};
pub use call::CallError;
pub use check::{Buying, check, check_journal_entry, check_purchase_order};
pub use check_goods::{OverReceipt, check_goods_receipt, check_inventory_issue};
pub use domain::Company;
pub use product_line::{
    Abandoned, AccountStanding, Begun, Confirmation, Found, ItemFacts, Known, OrderLineStanding,
    OrderStanding, Outcome, Posting, ProductLine, Progress, Sought, Standing, Submitted, Wanted,
};
