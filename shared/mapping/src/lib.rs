//! The tenant's mapping file, and the plan that it makes of an event.
//!
//! Pure: no I/O, no clock. A plan is either a document, a reason to do nothing, or everything that is wrong.

mod check;
mod file;
mod plan;
mod read;
mod schema;
mod split;

pub use file::*;
pub use plan::{
    Buyer, Plan, Skus, plan_company, plan_company_location, plan_customer, plan_fee, plan_journal,
    plan_order, plan_receipt, plan_refund, plan_return, plan_shipbob_order, plan_shipment,
};
pub use schema::schema;

/// The default mapping file: every key with its sentence. It is the manual.
pub const DEFAULT_FILE: &str = include_str!("default.toml");
