//! The tenant's mapping file, and the plan that it makes of an event.
//!
//! Pure: no I/O, no clock. A plan is either documents, a reason to do nothing, or everything that is wrong.

mod address;
mod file;
mod order;

pub use file::{
    Cloudsuite, Customers, Discount, Discounts, Items, Mapping, Orders, ProductLineName, Shipping, TestOrders,
};
pub use order::{Buyer, Plan, plan_order};

/// The default mapping file: every key with its sentence. It is the manual.
pub const DEFAULT_FILE: &str = include_str!("default.toml");
