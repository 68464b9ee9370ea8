//! The arguments about the dead-letter queue.

use std::num::NonZeroU32;

use clap::{Args, Subcommand};
use domain::{RecordKey, TenantId};
use ops::Selection;

use super::{Format, name, rate};

#[derive(Debug, Subcommand)]
pub(crate) enum Dlq {
    /// Show what is on the dead-letter queue: counts by reason, then one line a message.
    ///
    /// SQS has no listing: messages are received, shown and made visible again at once. Each look counts as a
    /// receive. Nothing else is changed, and nothing of an order is shown but its id.
    ///
    /// With --format json, one object with the keys `looked_at`, `about`, `reasons` (each reason with its count) and
    /// `messages` (each `tenant`, `record`, `reason`, `correlation`, `received`, `sent_at`); times are RFC 3339 in
    /// UTC.
    List(List),
    /// Move messages from the dead-letter queue back to the queue, to be handled with today's mapping.
    ///
    /// A message is sent before it is deleted, so this may be interrupted at any point and simply be started again:
    /// at worst a message is sent twice, which the guards of its record make harmless. What an interrupted run had
    /// looked at can be seen again five minutes later.
    ///
    /// What does not match is left and made visible again at the end. What comes to the dead-letter queue after the
    /// start is left. The trail of each record says who moved its message.
    ///
    /// The exit status is 0 if everything that matched was moved, else 1.
    Redrive(Redrive),
}

/// Which messages; all if nothing is given.
#[derive(Debug, Args)]
pub(crate) struct Which {
    /// Of this tenant.
    #[arg(long)]
    tenant: Option<TenantId>,
    /// About this record: its whole key, as in demo/shopify/order/1.
    #[arg(long, value_name = "KEY")]
    record: Option<RecordKey>,
    /// For a reason that begins like this, such as 'rejected: unknown_item' or 'moved by SQS'.
    #[arg(long, value_name = "PREFIX")]
    reason: Option<String>,
}

impl From<Which> for Selection {
    fn from(Which { tenant, record, reason }: Which) -> Self {
        Self { tenant, record, reason }
    }
}

#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    pub(crate) which: Which,
    /// Text for people or JSON for scripts.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// Look at so many messages at most.
    #[arg(long, default_value = "500")]
    pub(crate) most: usize,
}

#[derive(Debug, Args)]
pub(crate) struct Redrive {
    #[command(flatten)]
    pub(crate) which: Which,
    /// At most so many a second, 1 to 100.
    #[arg(long, value_name = "PER_SECOND", default_value = "5", value_parser = rate)]
    pub(crate) rate: NonZeroU32,
    /// At most so many messages; all if nothing is given.
    #[arg(long)]
    pub(crate) limit: Option<usize>,
    /// Say what would be moved and change nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Who moves them: it stands in the trails.
    #[arg(long, value_name = "NAME", value_parser = name)]
    pub(crate) by: String,
}
