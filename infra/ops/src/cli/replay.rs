//! The arguments of a replay.

use std::num::NonZeroU32;

use clap::{Args, ValueEnum};
use domain::{Source, Status, TenantId};
use jiff::Timestamp;

use super::{name, rate};

#[derive(Debug, Args)]
pub(crate) struct Replay {
    /// The tenant, as in the webhook's address.
    #[arg(long, env = "TENANT")]
    pub(crate) tenant: TenantId,
    /// The system that the orders come from.
    #[arg(long, default_value = "shopify")]
    pub(crate) source: Source,
    /// The orders: ids, names such as '#1001', or whole keys of records.
    #[arg(required_unless_present = "status", conflicts_with = "status", value_name = "ORDER")]
    pub(crate) orders: Vec<String>,
    /// The newest records in this state, instead of orders by name.
    #[arg(long, value_enum)]
    pub(crate) status: Option<Unsettled>,
    /// Of these, those received at this time or later, such as 2026-11-22T10:00:00Z.
    #[arg(long, requires = "status", conflicts_with = "orders", value_name = "TIME")]
    pub(crate) since: Option<Timestamp>,
    /// Of these, those received at this time or earlier.
    #[arg(long, requires = "status", conflicts_with = "orders", value_name = "TIME")]
    pub(crate) until: Option<Timestamp>,
    /// Of these, at most so many.
    #[arg(long, requires = "status", conflicts_with = "orders", default_value = "100")]
    pub(crate) limit: usize,
    /// At most so many a second, 1 to 100.
    #[arg(long, value_name = "PER_SECOND", default_value = "5", value_parser = rate)]
    pub(crate) rate: NonZeroU32,
    /// Say what would be replayed and change nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Who replays them: it stands in the trails.
    #[arg(long, value_name = "NAME", value_parser = name)]
    pub(crate) by: String,
}

/// The states from which a replay leads on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum Unsettled {
    /// Findings: something was wrong with the order, the mapping or the master data.
    Rejected,
    /// CloudSuite took it and could not make an order of it.
    Failed,
    /// Nobody knows whether CloudSuite took the last write.
    InDoubt,
}

impl From<Unsettled> for Status {
    fn from(status: Unsettled) -> Self {
        match status {
            Unsettled::Rejected => Self::Rejected,
            Unsettled::Failed => Self::Failed,
            Unsettled::InDoubt => Self::InDoubt,
        }
    }
}
