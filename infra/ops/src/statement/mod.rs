//! The statement of a period: what ShipBob says that it shipped, received, took back and charged, tied object by object
//! to what CloudSuite has of it.
//!
//! What CloudSuite has is the ledger's own word: the movements that were confirmed, by item and lot or by currency.
//! [`compare`](compare::compare) is pure; [`read`] asks ShipBob and the ledger and changes nothing at either.

mod compare;
mod judge;
mod listed;
mod lists;
mod odd;
mod read;
#[cfg(test)]
mod read_world;
mod render;
mod times;

use std::collections::BTreeMap;

use domain::{Kind, SourceId, TenantId};
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Serialize;

pub use odd::{Oddity, What};
pub use read::{Sources, StatementError, statement_of};
pub use render::{render_statement, statement_json};

/// What a statement is of, in its order.
const KINDS: [Kind; 4] = [Kind::Shipment, Kind::Receipt, Kind::Return, Kind::Fee];

/// Units of goods, or amounts by currency: `units` or the currency's code, and how much. Nothing is of zero.
pub type Figures = BTreeMap<String, Decimal>;

/// A statement. Serialized, it is what `--format json` prints: its keys are stable, decimals are texts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Statement {
    /// Whose.
    pub tenant: TenantId,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// The time zones of the days, as the mapping file names them: each fulfilment centre has its own. Fees bear a day.
    pub time_zones: Vec<String>,
    /// The version of the mapping file that says what ShipBob's objects become.
    pub mapping: String,
    /// Whether CloudSuite has, confirmed, exactly what ShipBob has.
    pub ties: bool,
    /// Each kind that the mapping makes something of.
    pub sections: Vec<Section>,
    /// What is not as it should be, or is worth a look.
    pub odd: Vec<Oddity>,
    /// What could not be read, so that the statement is not whole.
    pub unread: Vec<String>,
}

/// Shipments, receipts, returns or fees.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Section {
    /// Which.
    pub kind: Kind,
    /// What CloudSuite should have, by what ShipBob has now.
    pub shipbob: Total,
    /// What CloudSuite took, confirmed or not.
    pub posted: Total,
    /// What CloudSuite really has.
    pub confirmed: Total,
    /// ShipBob's figures less the confirmed ones; nothing if they are the same.
    pub difference: Figures,
    /// Objects of which nothing is to be posted, by the reason.
    pub nothing_to_post: BTreeMap<String, u64>,
    /// Each object of which something is to be posted or was posted, by date and id.
    pub lines: Vec<Line>,
}

/// How many, and how much in all.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Total {
    /// How many objects.
    pub objects: u64,
    /// How much.
    pub figures: Figures,
}

/// One object.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line {
    /// ShipBob's id of it.
    pub id: SourceId,
    /// The day that it counts for; nothing where ShipBob does not say.
    pub date: Option<Date>,
    /// What CloudSuite should have.
    pub shipbob: Figures,
    /// What CloudSuite took, confirmed or not.
    pub posted: Figures,
    /// What CloudSuite really has.
    pub confirmed: Figures,
    /// The record's state; `unknown` where the ledger has none.
    pub state: &'static str,
    /// What it is in CloudSuite: message numbers of movements, the journal entry's number, the purchase order's.
    pub cloudsuite: Vec<String>,
    /// Whether CloudSuite really has what ShipBob has.
    pub ties: bool,
}
