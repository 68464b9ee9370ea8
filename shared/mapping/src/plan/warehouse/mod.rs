//! Plans of what ShipBob's warehouses do.

mod fee;
mod goods;
mod orders;
mod place;

use std::collections::BTreeMap;

pub use fee::plan_fee;
pub use goods::{plan_receipt, plan_return, plan_shipment};
pub use orders::plan_shipbob_order;

/// SKUs by the ids of ShipBob's inventory items, as its catalogue tells them.
pub type Skus = BTreeMap<u64, String>;
