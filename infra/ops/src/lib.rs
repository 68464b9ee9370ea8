//! What operators do: send a delivery as the source would, follow a record until it settles, show what became
//! of it, keep the mapping file. The command line is `main.rs`; the end-to-end tests use the same functions.
//!
//! This crate posts to our own webhook and reads the ledger. It never calls CloudSuite or the source, and no
//! function here prints: what is to be seen is returned.

mod deliver;
mod error;
mod find;
mod follow;
mod json;
mod mapping_file;
mod render;
mod shop;
#[cfg(test)]
mod test_record;

pub use deliver::{Answer, Delivery, deliver, record_key};
pub use error::OpsError;
pub use find::find;
pub use follow::follow;
pub use json::record_json;
pub use mapping_file::{check_mapping, push_mapping};
pub use render::{render_entry, render_record};
pub use shop::shop_of;
