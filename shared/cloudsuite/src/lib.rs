//! Infor CloudSuite, through the ION API Gateway.
//!
//! `ion` knows credentials, tokens and the gateway. Each product line is a folder of the same parts: `wire`
//! (the remote's types), `requests` (document to wire), `outcome` (answer to outcome, pure) and the calls in
//! `mod`. This crate knows no source, no table and no queue.

mod call;
mod check;
pub mod ion;
pub mod m3;
mod product_line;

pub use call::CallError;
pub use check::{Buying, check};
pub use product_line::{
    Abandoned, Begun, Company, Confirmation, Found, Known, Outcome, Posting, ProductLine, Progress, Sought,
    Standing, Submitted, Wanted,
};
