//! Amending what CloudSuite has: what is to become of it, and what became of that.

use domain::{Document, RecordKey, References};

use crate::{Begun, CallError};

/// One document that CloudSuite has and that is to be brought to another content, or cancelled.
#[derive(Debug, Clone)]
pub struct Amendment {
    /// Its record.
    pub key: RecordKey,
    /// CloudSuite's numbers for it.
    pub references: References,
    /// What CloudSuite is to have.
    pub document: Document,
    /// What the source had when the document was last written, if that is known. What the source did not change
    /// since is then left as CloudSuite has it: a person may have changed it there.
    pub before: Option<Document>,
    /// It is to be cancelled; the document only says which one it is.
    pub cancel: bool,
}

/// What became of one amendment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Amended {
    /// CloudSuite has it so already.
    Unchanged,
    /// CloudSuite has it so now; what was changed, in words free of personal data.
    Done(Vec<String>),
    /// It is not in CloudSuite any more, or closed there.
    Cancelled,
    /// CloudSuite has it otherwise, and only a person can change that.
    NeedsReview(Vec<Difference>),
    /// CloudSuite made no order of it yet. Nothing was changed: post it with this, which is outdated.
    Anew(Begun),
    /// Nothing more was written than CloudSuite has answered; try again after the wait that the error names.
    Later(CallError),
    /// Nobody knows whether what was written arrived, or CloudSuite's answers do not tell: amend it again later.
    InDoubt(String),
    /// The lease was lost; nothing more was written.
    Abandoned,
}

/// One field in which CloudSuite differs from what it is to have.
///
/// **Architecture Invariant:** the value of a field that may be a person's is never given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Which field, as the document names it: `ship_to`, `line_items[2].quantity`.
    pub field: String,
    /// What CloudSuite has; nothing if it has none, or if the value may be a person's.
    pub has: Option<String>,
    /// What it is to have; nothing if it is to have none, or if the value may be a person's.
    pub wanted: Option<String>,
}
