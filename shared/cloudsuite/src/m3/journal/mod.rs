//! Journal entries by the general ledger's batch interface (GLS840MI): head, lines by field, control, update.
//!
//! GLS840MI shows nothing that it has and takes nothing out. What makes an entry safe is its key: KEY1 is made of the
//! record's key, M3 takes it once, and a batch is posted once. So beginning an entry again is the question whether it
//! was begun: "exists already" is the answer, and lines that exist already are ours. Before the update is sent, the
//! ledger keeps `<KEY1>/<accounting date>`; from there on nothing but the update is sent again, and only if the
//! general ledger has no voucher with our reference (the voucher texts begin with it).
//!
//! UNCONFIRMED, and what is done about it:
//! - the record identity (INRI), the sign of amounts, the codes of debit and credit: [`JournalOptions`];
//! - that the interface (GLS850) takes over the voucher text and that `LstVouchersByDt` goes by the accounting date:
//!   where it does not, [`JournalProof::Key`] takes M3's acceptance of the update for the proof;
//! - the message ids of a key or a line that exists: M3's stock messages of that meaning end in 04, others are named
//!   by [`JournalOptions::exists`], and what is refused of our own key or line number is taken for it; whoever did not
//!   begin the batch stays in doubt;
//! - that M3 controls before it answers: if not, the update is refused, and sent again later.
//!
//! [`JournalOptions`]: super::JournalOptions
//! [`JournalOptions::exists`]: super::JournalOptions
//! [`JournalProof::Key`]: super::JournalProof::Key

mod entry;
mod proof;
mod requests;

pub(super) use self::{
    entry::Posting,
    proof::{confirm, find},
};

/// The batch interface of the general ledger.
const PROGRAM: &str = "GLS840MI";
/// The general ledger.
const LEDGER: &str = "GLS200MI";

#[cfg(test)]
mod tests;
