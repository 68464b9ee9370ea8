//! ShipBob's part of the poster: which record a delivery is about, what it is to become, and what it unfolds into.

mod about;
mod catalogue;
mod planning;
mod short;
mod unfolding;

pub(crate) use about::about;
pub use catalogue::Catalogue;
pub(crate) use short::short_receipt;
