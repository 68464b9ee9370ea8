//! What is not as it should be, in words for people.

use domain::{Kind, SourceId};
use serde::Serialize;

/// What is odd about an object. The words are stable: scripts may rely on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// The ledger has no record of it.
    NotHeardOf,
    /// The mapping file makes no document of it.
    NotPlanned,
    /// It lacks master data of CloudSuite and is tried again by itself.
    Parked,
    /// It cannot be posted as it is.
    Rejected,
    /// CloudSuite took it and could not make anything of it.
    Failed,
    /// CloudSuite has it otherwise, and only a person can change that there.
    NeedsReview,
    /// Nobody knows whether CloudSuite has it.
    InDoubt,
    /// It waits for something that passes by itself.
    Waiting,
    /// It is on its way.
    UnderWay,
    /// CloudSuite took it and has not confirmed it yet.
    Unconfirmed,
    /// Quantities at ShipBob are not those that CloudSuite has.
    QuantitiesDiffer,
    /// The amount of a fee is not the one that was booked.
    AmountDiffers,
    /// The ledger has it, and ShipBob does not list it.
    NotListed,
    /// A receiving order was closed with less on the shelves than was announced. CloudSuite has what is on the shelves,
    /// so this does not keep a statement from tying.
    ShortReceipt,
}

impl What {
    /// Whether a statement with it still ties.
    pub(super) fn is_remark(self) -> bool {
        self == Self::ShortReceipt
    }

    /// The words for people.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::NotHeardOf => "not heard of",
            Self::NotPlanned => "not planned",
            Self::Parked => "parked",
            Self::Rejected => "rejected",
            Self::Failed => "failed",
            Self::NeedsReview => "needs review",
            Self::InDoubt => "in doubt",
            Self::Waiting => "waiting",
            Self::UnderWay => "under way",
            Self::Unconfirmed => "unconfirmed",
            Self::QuantitiesDiffer => "quantities differ",
            Self::AmountDiffers => "amount differs",
            Self::NotListed => "not listed by ShipBob",
            Self::ShortReceipt => "short receipt",
        }
    }
}

/// An object that is odd.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Oddity {
    /// What is odd.
    pub what: What,
    /// What kind of object it is.
    pub kind: Kind,
    /// ShipBob's id of it.
    pub id: SourceId,
    /// The codes of the findings, where the record has any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<String>,
    /// What exactly.
    pub detail: String,
    /// What to do about it.
    pub help: String,
}
