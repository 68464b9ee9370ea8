//! The statement of a period, printed.

use std::{process::ExitCode, sync::Arc, time::Duration};

use ledger::DynamoDb;
use ops::Sources;
use platform::{Secrets, SystemClock};
use tenants::{ShipBobs, parse_credentials};
use tokio::time::Instant;

use super::{CommandError, exit_code, say};
use crate::{
    cli::{Format, Reconcile, Statement},
    installation::Installation,
};

/// How long one statement may take: ShipBob answers 150 requests a minute, and each receiving order takes one.
const LONGEST: Duration = Duration::from_secs(6 * 3_600);

pub(super) async fn reconcile(
    here: &Installation,
    Reconcile::Shipbob(wanted): Reconcile,
) -> Result<ExitCode, CommandError> {
    let Statement { tenant, from, to, format } = wanted;
    let ledger: Arc<DynamoDb> = Arc::new(here.ledger()?);
    let secrets = Secrets::new(Arc::new(here.secrets()), parse_credentials);
    let prefix = here.secret_prefix()?.to_owned();
    let found = ShipBobs::new(ledger.clone(), prefix, Arc::new(SystemClock)).shipbob(&tenant, &secrets).await;
    let no_access = || match &found.fault {
        Some(finding) => CommandError::NoShipBob(finding.to_string()),
        None => CommandError::NoShipBob(format!(
            "there is no secret shipbob-api/{tenant}: the runbook shows one of each kind"
        )),
    };
    let shipbob = found.api.clone().ok_or_else(no_access)?;
    let deadline = Instant::now() + LONGEST;
    let sources = Sources { tenant: &tenant, shipbob: &shipbob, ledger: &*ledger, deadline };
    let statement = ops::statement_of(&sources, from, to).await?;
    match format {
        Format::Text => say(ops::render_statement(&statement)),
        Format::Json => say(format_args!("{:#}\n", ops::statement_json(&statement))),
    }
    Ok(exit_code(statement.ties))
}
