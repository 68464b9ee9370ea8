//! The poster function: takes deliveries from the queue, makes documents of them, posts the documents to
//! CloudSuite and records what became of them.

mod about;
mod amending;
mod buyers;
mod checking;
mod customers;
mod drift;
mod ending;
mod fetching;
mod handler;
mod intake;
mod planning;
mod posting;
mod progress;
mod requests;
mod settle;
mod turn;

pub use drift::Tally;
pub use ending::Ending;
pub use handler::Poster;
