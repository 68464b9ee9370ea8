//! The arguments of statements.

use clap::{Args, Subcommand};
use domain::TenantId;
use jiff::civil::Date;

use super::Format;

#[derive(Debug, Subcommand)]
pub(crate) enum Reconcile {
    /// Tie what ShipBob shipped, received, took back and charged in a period to what CloudSuite has of it.
    ///
    /// Each shipment, receiving order, return and fee stands with its CloudSuite numbers, with totals for each kind, and
    /// what is odd is listed with what to do. Days are those of each fulfilment centre's time zone in the mapping file;
    /// a receiving order counts for the day on which it was closed, a fee for its charge date. Nothing is changed.
    ///
    /// With --format json, one object with the keys `tenant`, `from`, `to`, `time_zones`, `mapping`, `ties`, `sections`
    /// (each `kind`, `shipbob`, `posted`, `confirmed`, `difference`, `nothing_to_post` and `lines`), `odd` (each `what`,
    /// `kind`, `id`, `findings`, `detail` and `help`) and `unread`; quantities and amounts are texts, by `units` or by
    /// currency.
    ///
    /// The exit status is 0 if everything ties and everything could be read, else 1.
    Shipbob(Statement),
}

#[derive(Debug, Args)]
pub(crate) struct Statement {
    /// The tenant, as in the webhook's address.
    #[arg(long, env = "TENANT")]
    pub(crate) tenant: TenantId,
    /// The first day, such as 2026-11-01.
    #[arg(long, value_name = "DATE")]
    pub(crate) from: Date,
    /// The last day, which is in it.
    #[arg(long, value_name = "DATE")]
    pub(crate) to: Date,
    /// Text for people or JSON for scripts.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}
