//! The command that replays records.

use std::process::ExitCode;

use domain::{Record, RecordKey};
use ledger::{Ledger, Listing};
use ops::{Replayed, Replaying};
use platform::SystemClock;
use replay::ReplayError;

use super::{CommandError, exit_code, say};
use crate::{cli::Replay, installation::Installation};

pub(super) async fn replay(here: &Installation, wanted: Replay) -> Result<ExitCode, CommandError> {
    let (queues, ledger) = (here.queues()?, here.ledger()?);
    let keys = keys(&ledger, &wanted).await?;
    let wish = Replaying { per_second: wanted.rate, dry_run: wanted.dry_run, by: wanted.by };
    let word = if wish.dry_run { "would be replayed" } else { "replayed" };
    let tell = |key: &RecordKey, result: &Result<Record, ReplayError>| match result {
        Ok(record) => say(format_args!("{word}  {key}  it is {}\n", record.state.word())),
        Err(error) => say(format_args!("failed  {key}  {error}\n")),
    };
    let done = ops::replay_all(&queues, &ledger, &SystemClock, &keys, &wish, tell).await;
    let Replayed { replayed, failed, not_tried } = done;
    say(format_args!("{replayed} {word}, {failed} failed, {not_tried} not tried\n"));
    Ok(exit_code(failed + not_tried == 0))
}

/// The records that are meant, each once. An order that is unknown is an error, before anything was done.
async fn keys(ledger: &dyn Ledger, wanted: &Replay) -> Result<Vec<RecordKey>, CommandError> {
    let mut keys = Vec::new();
    for order in &wanted.orders {
        let key = ops::find(ledger, &wanted.tenant, wanted.source, order).await?.key;
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    if let Some(status) = wanted.status {
        let listing = Listing { since: wanted.since, until: wanted.until, limit: wanted.limit };
        let listed = ledger.list(&wanted.tenant, status.into(), listing).await?;
        keys.extend(listed.into_iter().map(|one| one.key).filter(|key| key.source == wanted.source));
    }
    Ok(keys)
}
