//! The arguments of the command line. Every sentence here is shown by `ops --help`.
#![expect(clippy::doc_markdown, reason = "the comments are the help text, where back ticks would be shown")]

mod dlq;
mod privacy;
mod reconcile;
mod replay;
pub(crate) mod shopify;

use std::{num::NonZeroU32, path::PathBuf, time::Duration};

use clap::{Args, Parser, Subcommand, ValueEnum};
use domain::{Source, TenantId};
use jiff::Timestamp;

pub(crate) use dlq::{Dlq, List, Redrive};
pub(crate) use privacy::{Exporting, Privacy, ShopStanding};
pub(crate) use reconcile::{Reconcile, Statement};
pub(crate) use replay::Replay;
pub(crate) use shopify::Shopify;

/// Look after ml-connector: send a delivery, trace a record, redrive and replay, keep the mapping file.
///
/// AWS is reached as any AWS tool reaches it: AWS_REGION, AWS_PROFILE, credentials, and AWS_ENDPOINT_URL for an
/// emulator.
#[derive(Debug, Parser)]
#[command(name = "ops", version, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) places: Places,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Where the installation is: outputs of the deployed stack.
#[derive(Debug, Args)]
#[command(next_help_heading = "Where the installation is")]
pub(crate) struct Places {
    /// Name of the table of records.
    #[arg(long, global = true, env = "RECORDS_TABLE", default_value = "", hide_default_value = true)]
    pub(crate) records_table: String,
    /// Name of the table of payloads.
    #[arg(long, global = true, env = "PAYLOADS_TABLE", default_value = "", hide_default_value = true)]
    pub(crate) payloads_table: String,
    /// Address of the HTTP API, without the path of a webhook.
    #[arg(long, global = true, env = "API_URL", default_value = "", hide_default_value = true)]
    pub(crate) api_url: String,
    /// What the names of the tenants' secrets begin with.
    #[arg(long, global = true, env = "SECRET_PREFIX", default_value = "", hide_default_value = true)]
    pub(crate) secret_prefix: String,
    /// Address of the queue of events.
    #[arg(long, global = true, env = "QUEUE_URL", default_value = "", hide_default_value = true)]
    pub(crate) queue_url: String,
    /// Address of the dead-letter queue.
    #[arg(long, global = true, env = "DLQ_URL", default_value = "", hide_default_value = true)]
    pub(crate) dlq_url: String,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Sign a file as the source does, post it to the webhook, and follow what becomes of it.
    ///
    /// The exit status is 0 once the record has settled, whatever it settled as, and 1 if the webhook refused the
    /// delivery or the record did not settle in time.
    Send(Send),
    /// Show a record with its trail.
    ///
    /// With --format json, one object with the keys `key`, `name`, `state`, `settled`, `reason`, `received_at`,
    /// `delivery`, `references` (`number`, `temporary`), `findings` (each `code`, `field`, `message`, `help`) and
    /// `trail` (each `at`, `event`, `detail`); times are RFC 3339 in UTC.
    Trail(Trail),
    /// Look at the dead-letter queue, and move messages back.
    #[command(subcommand)]
    Dlq(Dlq),
    /// Send what was archived of records down its way again, to be handled with today's mapping.
    ///
    /// The signed bytes are sent as they were last taken in; every guard of the record holds as for any delivery, so
    /// an order that CloudSuite has is not entered twice. A record that is being worked on just now is not replayed.
    /// The trail of each record says who replayed it.
    ///
    /// The exit status is 0 if every record was replayed, else 1. If one of the orders named is unknown, nothing is
    /// replayed.
    Replay(Replay),
    /// Say why a delivery's signature was not accepted.
    ///
    /// Give the body as it was received, byte by byte, and the header that came with it. The tenant's live secrets
    /// are read and never shown. The exit status is 0 if the signature fits.
    Explain(Explain),
    /// Compare a shop with the ledger, and look after its webhook subscriptions.
    #[command(subcommand)]
    Shopify(Shopify),
    /// Print a statement that ties a period at the source to CloudSuite.
    #[command(subcommand)]
    Reconcile(Reconcile),
    /// Answer what customers ask about their data.
    #[command(subcommand)]
    Privacy(Privacy),
    /// Say what a shop does not say itself.
    #[command(subcommand)]
    Shop(ShopStanding),
    /// Keep a tenant's mapping file.
    #[command(subcommand)]
    Mapping(Mapping),
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    #[command(flatten)]
    pub(crate) whose: Whose,
    /// The header X-Shopify-Hmac-Sha256 of the delivery; of ShipBob's, webhook-signature.
    #[arg(long, value_name = "HEADER")]
    pub(crate) signature: String,
    /// The header webhook-id of a delivery of ShipBob's.
    #[arg(
        long,
        value_name = "HEADER",
        default_value_if("source", "shopify", ""),
        required_if_eq("source", "shipbob")
    )]
    pub(crate) webhook_id: Option<String>,
    /// The header webhook-timestamp of a delivery of ShipBob's.
    #[arg(
        long,
        value_name = "HEADER",
        default_value_if("source", "shopify", ""),
        required_if_eq("source", "shipbob")
    )]
    pub(crate) webhook_timestamp: Option<String>,
    /// When a delivery of ShipBob's was received; now, if that is not said.
    #[arg(long, value_name = "TIME")]
    pub(crate) received_at: Option<Timestamp>,
    /// The header Content-Length of the delivery, if it is known.
    #[arg(long, value_name = "BYTES")]
    pub(crate) content_length: Option<usize>,
    /// The file with the body.
    pub(crate) file: PathBuf,
}

/// Whose records these are.
#[derive(Debug, Args)]
pub(crate) struct Whose {
    /// The tenant, as in the webhook's address.
    #[arg(long, env = "TENANT", default_value = "demo")]
    pub(crate) tenant: TenantId,
    /// The system that the order comes from.
    #[arg(long, default_value = "shopify")]
    pub(crate) source: Source,
}

#[derive(Debug, Args)]
pub(crate) struct Send {
    #[command(flatten)]
    pub(crate) whose: Whose,
    /// What happened, such as orders/create or order.shipped.
    #[arg(long)]
    pub(crate) topic: String,
    /// Id of the delivery; give that of an earlier one to send it again. A new one is drawn otherwise.
    #[arg(long)]
    pub(crate) webhook_id: Option<String>,
    /// How many seconds to follow the record; 0 to leave once the webhook has answered.
    #[arg(long, default_value = "180", value_parser = seconds)]
    pub(crate) follow: Duration,
    /// The file to send, byte by byte.
    pub(crate) file: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Trail {
    #[command(flatten)]
    pub(crate) whose: Whose,
    /// Text for people or JSON for scripts.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// The order's id, its name such as '#1001', a record's kind and id such as shipment/9001, or its whole key.
    pub(crate) order: String,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Format {
    /// Readable text.
    Text,
    /// One JSON object.
    Json,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Mapping {
    /// Check a mapping file and make it the tenant's active one; print its version.
    Push {
        /// The tenant, as in the webhook's address.
        #[arg(long, env = "TENANT")]
        tenant: TenantId,
        /// Who pushes it, for the record.
        #[arg(long, env = "USER", default_value = "unknown")]
        by: String,
        /// The mapping file (TOML).
        file: PathBuf,
    },
    /// Print the tenant's active mapping file; its version goes to standard error.
    Show {
        /// The tenant, as in the webhook's address.
        #[arg(long, env = "TENANT")]
        tenant: TenantId,
    },
}

fn rate(text: &str) -> Result<NonZeroU32, String> {
    let rate = text.parse().ok().filter(|rate: &NonZeroU32| rate.get() <= 100);
    rate.ok_or_else(|| "not a rate: a whole number from 1 to 100".to_owned())
}

/// A name that may stand in a trail.
fn name(text: &str) -> Result<String, String> {
    let name = text.trim();
    let fits = (1..=64).contains(&name.len()) && !name.chars().any(char::is_control);
    if fits { Ok(name.to_owned()) } else { Err("not a name: 1 to 64 bytes of visible text".to_owned()) }
}

fn seconds(text: &str) -> Result<Duration, std::num::ParseIntError> {
    text.parse().map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_arguments_fit_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn what_make_calls_is_understood() {
        let send =
            ["ops", "send", "--source", "shopify", "--tenant", "demo", "--topic", "orders/create", "a.json"];
        assert!(Cli::try_parse_from(send).is_ok());
        let trail = ["ops", "trail", "--source", "shopify", "--tenant", "demo", "--format", "json", "#1001"];
        let Command::Trail(trail) = Cli::try_parse_from(trail).unwrap().command else {
            panic!("not a trail")
        };
        assert!(matches!(trail.format, Format::Json) && trail.order == "#1001");
    }

    #[test]
    fn what_changes_something_asks_who_does_it_and_how_fast_within_bounds() {
        let refused = |words: &[&str]| {
            let words = ["ops"].iter().chain(words);
            Cli::try_parse_from(words).unwrap_err().to_string()
        };
        assert!(refused(&["dlq", "redrive"]).contains("--by <NAME>"));
        assert!(refused(&["replay", "--tenant", "demo", "1001"]).contains("--by <NAME>"));
        assert!(refused(&["dlq", "redrive", "--by", " "]).contains("not a name"));
        for rate in ["0", "101", "x"] {
            assert!(refused(&["dlq", "redrive", "--by", "jo", "--rate", rate]).contains("not a rate"));
        }
    }

    #[test]
    fn a_replay_is_of_named_orders_or_of_a_state() {
        let replay = |words: &str| {
            let words = format!("ops replay --tenant demo --by jo {words}");
            Cli::try_parse_from(words.split_whitespace()).is_ok()
        };
        assert!(replay("1001 1002 demo/shopify/order/3"));
        assert!(replay("--status in_doubt --since 2026-11-22T10:00:00Z --limit 5 --dry-run"));
        assert!(!replay(""));
        assert!(!replay("1001 --status failed"));
        assert!(!replay("1001 --since 2026-11-22T10:00:00Z"));
        assert!(!replay("--status confirmed"));
    }

    #[test]
    fn what_is_asked_of_shops_is_understood() {
        let asked = |words: &str| {
            let words = format!("ops shopify {words}");
            Cli::try_parse_from(words.split_whitespace()).is_ok()
        };
        assert!(asked("reconcile --tenant demo --dry-run"));
        assert!(asked("reconcile --tenant demo --since 2026-11-22T10:00:00Z --until 2026-11-22T11:00:00Z"));
        assert!(!asked("reconcile --tenant demo --until 2026-11-22T11:00:00Z"));
        assert!(asked("backfill --tenant demo --since 2026-11-01T00:00:00Z --until 2026-11-22T00:00:00Z"));
        assert!(!asked("backfill --tenant demo --since 2026-11-01T00:00:00Z"));
        assert!(asked("subscriptions --tenant demo --url https://hooks.example.com --repair"));
        assert!(asked("app-toml --tenant demo --url https://hooks.example.com"));
    }

    #[test]
    fn a_statement_is_of_days() {
        let asked = |words: &str| {
            let words = format!("ops reconcile shipbob --tenant demo {words}");
            Cli::try_parse_from(words.split_whitespace()).is_ok()
        };
        assert!(asked("--from 2026-11-01 --to 2026-11-30"));
        assert!(asked("--from 2026-11-01 --to 2026-11-30 --format json"));
        assert!(!asked("--from 2026-11-01"));
        assert!(!asked("--from 2026-11-31 --to 2026-12-01"));
    }

    #[test]
    fn what_shipbob_signs_is_asked_for() {
        let asked = |words: &str| {
            let words = format!("ops explain --signature v1,x {words} body.json");
            Cli::try_parse_from(words.split_whitespace()).map(drop).map_err(|error| error.to_string())
        };
        assert!(asked("").is_ok());
        assert!(asked("--source shipbob --webhook-id msg_1 --webhook-timestamp 1795341600").is_ok());
        assert!(asked("--source shipbob --webhook-id msg_1").unwrap_err().contains("--webhook-timestamp"));
    }

    #[test]
    fn a_tenant_that_cannot_be_one_is_refused_with_the_rule() {
        let error = Cli::try_parse_from(["ops", "trail", "--tenant", "Demo", "1"]).unwrap_err().to_string();
        assert!(error.contains("not a tenant id: 1 to 40 characters"), "{error}");
    }
}
