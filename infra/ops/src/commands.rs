//! What each command does, in the order in which the operator sees it.

mod dlq;
mod privacy;
mod reconcile;
mod replay;
mod shopify;

use std::{
    fmt::Display,
    io::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use ::shipbob::DeliveryHeaders;
use domain::Source;
use jiff::Timestamp;
use ledger::Ledger as _;
use ops::{Delivery, OpsError};

use crate::{
    cli::{Cli, Command, Explain, Format, Mapping, Privacy, Send, Trail},
    installation::{Installation, Unset},
};

/// How long the webhook may take to answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CommandError {
    #[error(transparent)]
    Ops(#[from] OpsError),
    #[error(transparent)]
    Unset(#[from] Unset),
    #[error("cannot read {path}: {cause}", path = .path.display())]
    File { path: PathBuf, cause: std::io::Error },
    #[error("cannot write {path}: {cause}; name another file with --out", path = .path.display())]
    Output { path: PathBuf, cause: std::io::Error },
    #[error("the mapping file {path} is not UTF-8: save it as such", path = .0.display())]
    NotText(PathBuf),
    #[error("the shop's Admin API cannot be used: {0}")]
    NoShop(String),
    #[error(transparent)]
    Shopify(shopify_admin::AdminError),
    #[error("ShipBob's API cannot be used: {0}")]
    NoShipBob(String),
    #[error(transparent)]
    Statement(#[from] ops::StatementError),
    #[error("cannot make an HTTP client: {0}")]
    Http(#[from] reqwest::Error),
}

impl From<platform::QueueError> for CommandError {
    fn from(error: platform::QueueError) -> Self {
        Self::Ops(error.into())
    }
}

impl From<ledger::LedgerError> for CommandError {
    fn from(error: ledger::LedgerError) -> Self {
        Self::Ops(error.into())
    }
}

/// Prints for the operator. Whoever closed the pipe (`| head`) wants no more: that is no fault.
fn say(text: impl Display) {
    let _ = std::io::stdout().write_all(text.to_string().as_bytes());
}

/// Does what the command line says.
pub(crate) async fn run(cli: Cli) -> Result<ExitCode, CommandError> {
    let here = Installation::at(cli.places).await;
    match cli.command {
        Command::Send(send) => send_file(&here, send).await,
        Command::Trail(trail) => show_trail(&here, trail).await,
        Command::Dlq(wanted) => dlq::look_after(&here, wanted).await,
        Command::Replay(wanted) => replay::replay(&here, wanted).await,
        Command::Shopify(wanted) => shopify::look_after(&here, wanted).await,
        Command::Reconcile(wanted) => reconcile::reconcile(&here, wanted).await,
        Command::Explain(wanted) => explain(&here, wanted).await,
        Command::Privacy(Privacy::Export(wanted)) => privacy::export(&here, wanted).await,
        Command::Shop(standing) => privacy::installed(&here, standing).await,
        Command::Mapping(mapping) => keep_mapping(&here, mapping).await,
    }
}

async fn send_file(here: &Installation, send: Send) -> Result<ExitCode, CommandError> {
    let body = read(&send.file)?;
    let (tenant, source) = (send.whose.tenant, send.whose.source);
    let ledger = here.ledger()?;
    let sender = ops::sender_of(&here.secrets(), here.secret_prefix()?, source, &tenant).await?;
    let key = identify::record_of(&tenant, source, &send.topic, &body);
    let before = ledger.record(&key).await?;
    let is_needed = match source {
        Source::Shopify => ::shopify::is_needed(&send.topic),
        Source::Shipbob => ::shipbob::is_needed(&send.topic),
    };
    let mut delivery = Delivery::new(send.topic, body, Timestamp::now());
    if let Some(id) = send.webhook_id {
        delivery.webhook_id = id;
    }
    say(format_args!("delivery {}\n", delivery.webhook_id));

    let http = reqwest::Client::builder().timeout(PATIENCE).build()?;
    let answer = ops::deliver(&http, here.api_url()?, &tenant, &sender, delivery).await?;
    say(format_args!("HTTP {}  {}\n", answer.status, answer.body));
    if !answer.is_accepted() {
        return Ok(ExitCode::FAILURE);
    }
    if !is_needed || send.follow.is_zero() {
        return Ok(ExitCode::SUCCESS);
    }

    say(format_args!("following {key} for at most {} s\n", send.follow.as_secs()));
    let on_entry = |entry: &domain::Entry| say(format_args!("  {}\n", ops::render_entry(entry)));
    let record = ops::follow(&ledger, &key, before.as_ref(), send.follow, on_entry).await?;
    // The trail was shown as it grew.
    say(ops::render_record(&record, &[]));
    Ok(ExitCode::SUCCESS)
}

async fn show_trail(here: &Installation, wanted: Trail) -> Result<ExitCode, CommandError> {
    let ledger = here.ledger()?;
    let record = ops::find(&ledger, &wanted.whose.tenant, wanted.whose.source, &wanted.order).await?;
    let trail = ledger.trail(&record).await?;
    match wanted.format {
        Format::Text => say(ops::render_record(&record, &trail)),
        Format::Json => say(format_args!("{:#}\n", ops::record_json(&record, &trail))),
    }
    Ok(ExitCode::SUCCESS)
}

async fn explain(here: &Installation, wanted: Explain) -> Result<ExitCode, CommandError> {
    let body = read(&wanted.file)?;
    let (tenant, secrets, prefix) = (&wanted.whose.tenant, here.secrets(), here.secret_prefix()?);
    let (word, sentence, fits) = match wanted.whose.source {
        Source::Shopify => {
            let shop = ops::shop_of(&secrets, prefix, tenant).await?;
            let known = ::shopify::Context { content_length: wanted.content_length };
            let cause = ::shopify::explain(&shop.client_secrets, &body, &wanted.signature, known);
            (cause.as_str(), cause.to_string(), cause == ::shopify::Cause::Fits)
        }
        Source::Shipbob => {
            let endpoint = ops::endpoint_of(&secrets, prefix, tenant).await?;
            let headers = DeliveryHeaders::Signed {
                id: wanted.webhook_id.unwrap_or_default(),
                timestamp: wanted.webhook_timestamp.unwrap_or_default(),
                signature: wanted.signature,
                topic: String::new(),
            };
            let received_at = wanted.received_at.unwrap_or_else(Timestamp::now);
            let cause = ::shipbob::explain(&endpoint.secrets, &headers, &body, received_at);
            (cause.as_str(), cause.to_string(), cause == ::shipbob::Cause::Fits)
        }
    };
    say(format_args!("{word}: {sentence}\n"));
    Ok(exit_code(fits))
}

async fn keep_mapping(here: &Installation, wanted: Mapping) -> Result<ExitCode, CommandError> {
    let ledger = here.ledger()?;
    match wanted {
        Mapping::Push { tenant, by, file } => {
            let text = String::from_utf8(read(&file)?).map_err(|_| CommandError::NotText(file))?;
            let version = ops::push_mapping(&ledger, &tenant, &text, &by, Timestamp::now()).await?;
            say(format_args!("{version}\n"));
        }
        Mapping::Show { tenant } => {
            let active = ledger.mapping(&tenant).await?;
            let active = active.ok_or_else(|| OpsError::NoMapping(tenant.to_string()))?;
            eprintln!("version {}", active.version);
            say(active.text);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Whether everything was done that was asked for.
fn exit_code(done: bool) -> ExitCode {
    if done { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn read(path: &Path) -> Result<Vec<u8>, CommandError> {
    std::fs::read(path).map_err(|cause| CommandError::File { path: path.to_owned(), cause })
}
