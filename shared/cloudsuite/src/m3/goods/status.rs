//! What M3 says of a message: its status, and whether anything of it was moved. Pure.

use std::collections::BTreeSet;

use super::{Engine, GoodsOptions, requests};
use crate::m3::{
    outcome::{Nok, Reply},
    wire::Row,
};

/// How far a message, or a line of it, has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Its goods are moved.
    Moved,
    /// M3 could not move them.
    Failed,
    /// Nothing was moved yet.
    OnItsWay,
    /// No rule knows the status.
    Strange,
}

/// The stage that a status stands for. Below 90, nothing was posted (published for MHS850).
pub(super) fn stage(status: &str, options: &GoodsOptions) -> Stage {
    let is_one_of = |statuses: &[String]| statuses.iter().any(|one| one == status);
    if is_one_of(&options.done) {
        return Stage::Moved;
    }
    if is_one_of(&options.failed) {
        return Stage::Failed;
    }
    match status.parse::<u8>() {
        Ok(status) if status < 90 => Stage::OnItsWay,
        _ => Stage::Strange,
    }
}

/// One message that M3 lists under an external message number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Message {
    pub(super) engine: Engine,
    pub(super) number: String,
    pub(super) status: String,
}

/// The messages that M3 lists. The error says why it does not tell.
pub(super) fn listed(engine: Engine, reply: &Reply, options: &GoodsOptions) -> Result<Vec<Message>, String> {
    let rows = match reply {
        Reply::Done(rows) => rows,
        Reply::Nok(nok) if is_missing(nok, options) => return Ok(Vec::new()),
        Reply::Nok(nok) => return Err(format!("{} LstMvxMsg: {}", engine.program(), nok.name())),
        Reply::Failed(error) => return Err(error.to_string()),
    };
    let message = |row: &Row| {
        let number = row.required("MSGN").ok_or_else(|| "M3 lists a message without a number".to_owned())?;
        Ok(Message { engine, number: number.to_owned(), status: row.get("STAT").to_owned() })
    };
    rows.iter().map(message).collect()
}

pub(super) fn is_missing(nok: &Nok, options: &GoodsOptions) -> bool {
    nok.says_missing() || options.missing.contains(&nok.code)
}

/// Whether M3 has begun to process a message, by its head or one of its lines: some of its goods may be moved.
pub(super) fn was_worked_on(head: &Row, lines: &[Row], options: &GoodsOptions) -> bool {
    let is_over = |status: &str| matches!(stage(status, options), Stage::Moved | Stage::Failed);
    let of_head = ["STHI", "TRSH"].into_iter().filter_map(|field| head.required(field)).any(is_over);
    of_head || lines.iter().any(|line| is_over(line.get("STAT")) || line.required("MSID").is_some())
}

/// What stands in the lines of a message: their places, and the digest that all of them have. Nothing if they are
/// not what one posting wrote.
pub(super) fn read_lines(lines: &[Row]) -> Option<(BTreeSet<u32>, String)> {
    let ours: Option<Vec<_>> =
        lines.iter().map(|line| requests::read_ours(line.get(requests::OURS))).collect();
    let ours = ours?;
    let (_, digest) = *ours.first()?;
    let places: BTreeSet<u32> = ours.iter().map(|(place, _)| *place).collect();
    let is_one = places.len() == lines.len() && ours.iter().all(|(_, other)| *other == digest);
    is_one.then(|| (places, digest.to_owned()))
}
