//! The poster function: takes deliveries from the queue, makes documents of them, posts the documents to
//! CloudSuite and records what became of them.

mod amending;
mod buyers;
mod checking;
mod concluding;
mod customers;
mod ending;
mod from_shipbob;
mod from_shopify;
mod handler;
mod intake;
mod planning;
mod posting;
mod progress;
mod settle;
mod turn;

pub use ending::Ending;
pub use from_shipbob::Catalogue;
pub use from_shopify::Tally;
pub use handler::Poster;
