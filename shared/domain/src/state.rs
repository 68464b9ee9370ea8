//! The state of a record and what may follow what.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Finding;

/// How far the posting of a document has come. The order is the order of the steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Before the first write: a customer to create, or an order's head.
    Head,
    /// The head exists under a temporary number; what belongs below it is being written. The ledger is not told
    /// again before the confirmation, so a holder that vanished at this step may have confirmed the order.
    Lines,
    /// Everything is written; the answer to the confirmation was lost.
    Confirm,
    /// CloudSuite has the document, and it is being changed there.
    Amend,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

/// The state of a record. Each state but the first is entered by one atomic write with its trail entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum State {
    /// Claimed; nothing was sent.
    Received,
    /// Being written to CloudSuite. An expired lease in this state means in doubt, never free.
    Posting {
        /// The step that was about to begin.
        step: Step,
    },
    /// CloudSuite took it.
    Posted,
    /// It is really there.
    Confirmed,
    /// Nothing was to be done.
    Skipped {
        /// Why, in one word or sentence.
        reason: String,
    },
    /// It cannot be posted as it is.
    Rejected {
        /// Everything that is wrong with it.
        findings: Vec<Finding>,
    },
    /// Not yet, for a reason that passes by itself.
    Waiting {
        /// Not before this time.
        until: Timestamp,
        /// For what.
        why: String,
    },
    /// Nobody knows whether the write at this step arrived. CloudSuite is asked before anything else is written.
    InDoubt {
        /// Since when.
        since: Timestamp,
        /// Which write.
        step: Step,
    },
    /// CloudSuite took it and then could not make an order of it.
    Failed {
        /// What CloudSuite said.
        findings: Vec<Finding>,
    },
    /// CloudSuite has it otherwise than the source has it now, and only a person can change that there.
    NeedsReview {
        /// What differs.
        findings: Vec<Finding>,
    },
    /// It was in CloudSuite, and was cancelled there because the source cancelled it.
    Cancelled,
}

impl State {
    /// The status under which operators list the record.
    pub fn status(&self) -> Status {
        match self {
            Self::Received | Self::Posting { .. } | Self::Posted | Self::Waiting { .. } => Status::Open,
            Self::Confirmed => Status::Confirmed,
            Self::Skipped { .. } => Status::Skipped,
            Self::Rejected { .. } => Status::Rejected,
            Self::InDoubt { .. } => Status::InDoubt,
            Self::Failed { .. } => Status::Failed,
            Self::NeedsReview { .. } => Status::NeedsReview,
            Self::Cancelled => Status::Cancelled,
        }
    }

    /// One word for the state.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Posting { .. } => "posting",
            Self::Posted => "posted",
            Self::Confirmed => "confirmed",
            Self::Skipped { .. } => "skipped",
            Self::Rejected { .. } => "rejected",
            Self::Waiting { .. } => "waiting",
            Self::InDoubt { .. } => "in_doubt",
            Self::Failed { .. } => "failed",
            Self::NeedsReview { .. } => "needs_review",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether nothing more happens without a new delivery or a person.
    pub fn is_settled(&self) -> bool {
        !matches!(self.status(), Status::Open)
    }
}

/// The coarse status of a record: what operators list by. Fewer words than [`State`] on purpose: each
/// change of an indexed word costs two write units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// On its way.
    Open,
    /// Confirmed.
    Confirmed,
    /// Nothing was to be done.
    Skipped,
    /// Needs a person: findings.
    Rejected,
    /// Needs asking CloudSuite.
    InDoubt,
    /// Needs a person: CloudSuite refused it later.
    Failed,
    /// Needs a person: CloudSuite has it otherwise than the source.
    NeedsReview,
    /// Cancelled in CloudSuite.
    Cancelled,
}

impl Status {
    /// Every status.
    pub const ALL: [Self; 8] = [
        Self::Open,
        Self::Confirmed,
        Self::Skipped,
        Self::Rejected,
        Self::InDoubt,
        Self::Failed,
        Self::NeedsReview,
        Self::Cancelled,
    ];
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

/// CloudSuite's own numbers for what was posted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct References {
    /// The temporary number (M3: ORNO of the batch head), with whatever else the product line needs to go on from
    /// there: to everybody else it is one text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temporary: Option<String>,
    /// The final number: of the order (M3: ORNR) or of the customer (M3: CUNO).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
}
