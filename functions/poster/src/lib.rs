//! The poster function: takes deliveries from the queue, makes documents of them, posts the documents to
//! CloudSuite and records what became of them.

mod buyers;
mod ending;
mod handler;
mod intake;
mod posting;
mod progress;
mod requests;
mod settle;
mod turn;

pub use ending::Ending;
pub use handler::Poster;
