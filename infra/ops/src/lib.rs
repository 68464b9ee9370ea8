//! What operators do: send a delivery as the source would, follow a record until it settles, show what became
//! of it, look at the dead-letter queue and move it back, replay records, keep the mapping file, tie a period's goods
//! and fees at the source to CloudSuite. The command line is `main.rs`; the end-to-end tests use the same functions.
//!
//! This crate posts to our own webhook and queues, reads the ledger, and writes there only who asked for what.
//! It never calls CloudSuite, the source only for [`statement_of`], and no function here prints: what is to be seen is returned.

mod deliver;
mod dlq;
mod error;
mod find;
mod follow;
mod json;
mod mapping_file;
mod pace;
mod privacy;
mod render;
mod replays;
mod sender;
mod shop_standing;
mod statement;
#[cfg(test)]
mod test_record;
#[cfg(test)]
mod test_world;

pub use deliver::{Answer, Delivery, deliver};
pub use dlq::{
    DeadLetters, Letter, Reason, Redrive, Redriven, Selection, dead_letters_json, list_dead_letters, redrive,
    render_dead_letters, render_progress, render_redriven,
};
pub use error::OpsError;
pub use find::find;
pub use follow::follow;
pub use json::record_json;
pub use mapping_file::{check_mapping, push_mapping};
pub use privacy::{Export, exported, gather};
pub use render::{render_entry, render_record};
pub use replays::{Replayed, Replaying, replay_all};
pub use sender::{Sender, endpoint_of, sender_of, shop_of};
pub use shop_standing::installed;
pub use statement::{
    Figures, Line, Oddity, Section, Sources, Statement, StatementError, Total, What, render_statement,
    statement_json, statement_of,
};
