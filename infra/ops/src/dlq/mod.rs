//! The dead-letter queue: looking at it, and moving what it holds back to the queue of events.
//!
//! What is shown of a message is its attributes or, where SQS moved it and there are none, what its envelope says
//! outside the body and the order's id. **Architecture Invariant:** no personal data is shown.

mod json;
mod letter;
mod list;
mod redrive;
mod render;
mod sweep;

pub use json::dead_letters_json;
pub use letter::{Letter, Reason, Selection};
pub use list::{DeadLetters, list_dead_letters};
pub use redrive::{Redrive, Redriven, redrive};
pub use render::{render_dead_letters, render_progress, render_redriven};
