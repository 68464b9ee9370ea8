//! The commands about personal data, and about a shop that has the app again.

use std::{
    fs::OpenOptions, io::Write as _, os::unix::fs::OpenOptionsExt as _, path::PathBuf, process::ExitCode,
};

use jiff::Timestamp;

use super::{CommandError, say};
use crate::{
    cli::{Exporting, ShopStanding},
    installation::Installation,
};

pub(super) async fn export(here: &Installation, wanted: Exporting) -> Result<ExitCode, CommandError> {
    let ledger = here.ledger()?;
    let export = ops::gather(&ledger, &wanted.tenant, &wanted.request).await?;
    let ops::Export { request, records, deliveries, left_out, .. } = &export;
    say(format_args!("{}: {records} records, {deliveries} deliveries, {left_out} left out\n", request.key));
    if *left_out > 0 {
        say("what was left out names another customer or cannot be read: look at it by hand\n");
    }
    if wanted.dry_run {
        return Ok(ExitCode::SUCCESS);
    }
    let usual = || PathBuf::from(format!("privacy-{}-{}.json", request.key.tenant, request.key.id));
    let path = wanted.out.unwrap_or_else(usual);
    // Never on top of something, and for nobody else to read.
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
    let text = format!("{:#}\n", export.json);
    let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|cause| CommandError::Output { path: path.clone(), cause })?;
    ops::exported(&ledger, &export, &wanted.by, Timestamp::now()).await?;
    say(format_args!("written to {}: give it to the shop's owner, then delete it\n", path.display()));
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn installed(here: &Installation, wanted: ShopStanding) -> Result<ExitCode, CommandError> {
    let ShopStanding::Installed { tenant, by } = wanted;
    match ops::installed(&here.ledger()?, &tenant, &by, Timestamp::now()).await? {
        Some(key) => say(format_args!("the shop of {tenant} has the app again; noted in {key}\n")),
        None => say(format_args!("the shop of {tenant} was not known to have lost the app\n")),
    }
    Ok(ExitCode::SUCCESS)
}
