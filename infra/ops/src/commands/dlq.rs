//! The commands about the dead-letter queue.

use std::process::ExitCode;

use jiff::Timestamp;
use platform::SystemClock;

use super::{CommandError, exit_code, say};
use crate::{
    cli::{Dlq, Format, List, Redrive},
    installation::Installation,
};

pub(super) async fn look_after(here: &Installation, wanted: Dlq) -> Result<ExitCode, CommandError> {
    match wanted {
        Dlq::List(list) => show(here, list).await,
        Dlq::Redrive(redrive) => move_back(here, redrive).await,
    }
}

async fn show(here: &Installation, wanted: List) -> Result<ExitCode, CommandError> {
    let dead_letters = here.dead_letters()?;
    let selection = wanted.which.into();
    let shown = ops::list_dead_letters(&*dead_letters, &selection, wanted.most).await?;
    match wanted.format {
        Format::Text => say(ops::render_dead_letters(&shown, Timestamp::now())),
        Format::Json => say(format_args!("{:#}\n", ops::dead_letters_json(&shown))),
    }
    Ok(ExitCode::SUCCESS)
}

async fn move_back(here: &Installation, wanted: Redrive) -> Result<ExitCode, CommandError> {
    let (queues, ledger) = (here.queues()?, here.ledger()?);
    let Redrive { which, rate, limit, dry_run, by } = wanted;
    let wish = ops::Redrive { selection: which.into(), per_second: rate, limit, dry_run, by };
    let news = |redriven: &ops::Redriven| say(format_args!("{}\n", ops::render_progress(redriven)));
    let redriven = ops::redrive(&queues, &ledger, &SystemClock, &wish, news).await;
    say(ops::render_redriven(&redriven, &wish));
    Ok(exit_code(redriven.is_whole()))
}
