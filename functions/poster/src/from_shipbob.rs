//! ShipBob's part of the poster: what a delivery is to become, and what it unfolds into.

mod catalogue;
mod planning;
mod short;
mod unfolding;

pub use catalogue::Catalogue;
pub(crate) use short::short_receipt;
