//! The poster function: takes deliveries from the queue, makes documents of them, posts the documents to
//! CloudSuite and records what became of them.

mod buyers;
mod drift;
mod ending;
mod handler;
mod intake;
mod posting;
mod progress;
mod settle;
mod turn;

pub use drift::Tally;
pub use ending::Ending;
pub use handler::Poster;
