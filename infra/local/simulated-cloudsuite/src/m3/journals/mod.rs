//! GLS840MI and GLS200MI: batches of the general ledger's interface, and the vouchers they become. A batch is entered,
//! controlled, updated; in this order only.

mod amounts;
mod batch;
mod control;
mod update;
mod vouchers;

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use serde::Serialize;

use super::state::{M3, Pending};
use super::{Call, Outcome, not_simulated};
use crate::master::Record;

/// What the general ledger holds.
#[derive(Debug, Clone, Default)]
pub(crate) struct Journals {
    /// By KEY1.
    pub(crate) batches: BTreeMap<String, JournalBatch>,
    pub(crate) vouchers: Vec<Voucher>,
    /// The keys of the batches whose update is under way.
    pub(crate) pending: BTreeSet<String>,
}

/// How far a batch has come. GLS840's own status codes are not documented.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Stage {
    /// In entry, or changed since its control.
    Entered,
    /// Controlled and found at fault.
    Faulty,
    /// Controlled and sound.
    Controlled,
    /// On its way to a voucher.
    Updating,
    /// A voucher.
    Updated,
}

/// A batch of the interface (GLS840).
#[derive(Debug, Clone, Serialize)]
pub(crate) struct JournalBatch {
    /// KEY1.
    pub(crate) key: String,
    pub(crate) division: String,
    /// INTN.
    pub(crate) interface: String,
    pub(crate) description: String,
    pub(crate) stage: Stage,
    /// By LINE.
    pub(crate) lines: BTreeMap<u32, Record>,
    /// What the last control found.
    pub(crate) faults: Vec<String>,
    /// The number of its voucher.
    pub(crate) voucher: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pending: Option<Pending>,
}

/// A voucher of the general ledger.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Voucher {
    /// KEY1 of the batch it came from.
    pub(crate) key: String,
    pub(crate) division: String,
    /// YEA4.
    pub(crate) year: String,
    /// VSER.
    pub(crate) series: String,
    /// VONO.
    pub(crate) number: u64,
    /// JRNO.
    pub(crate) journal: u64,
    /// FNCN.
    pub(crate) function: String,
    /// ACDT, YMD8.
    pub(crate) date: String,
    pub(crate) lines: Vec<VoucherLine>,
}

/// A line of a voucher: debit is positive, credit negative.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct VoucherLine {
    pub(crate) currency: String,
    /// CUAM: in the line's currency.
    pub(crate) foreign: Decimal,
    /// ACAM: in the division's currency.
    pub(crate) recorded: Decimal,
    pub(crate) fields: Record,
}

pub(super) fn run(m3: &mut M3, call: &Call<'_>) -> Outcome {
    match (call.program, call.transaction) {
        ("GLS840MI", "AddBatchHead") => batch::add_head(m3, call),
        ("GLS840MI", "AddBatchLineFld") => batch::add_line_by_field(m3, call),
        ("GLS840MI", "AddBatchLine") => batch::add_line_as_text(m3, call),
        ("GLS840MI", "CtrlBatch") => control::control(m3, call),
        ("GLS840MI", "UpdBatch") => update::update(m3, call),
        ("GLS200MI", _) => vouchers::run(m3, call),
        _ => Err(not_simulated(call)),
    }
}
