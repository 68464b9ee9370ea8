//! The arguments of the commands about shops.

use clap::{Args, Subcommand};
use domain::TenantId;
use jiff::Timestamp;

#[derive(Debug, Subcommand)]
pub(crate) enum Shopify {
    /// Look for orders that changed and no delivery told of it, and send them down the way of a delivery.
    ///
    /// Without a window it goes on where the scheduled comparison ended. Every guard of the records holds, so an order
    /// that CloudSuite has is not entered twice. The exit status is 0 if everything was compared and sent.
    Reconcile(Reconcile),
    /// Compare a window of any length, with a line for each page. Interrupted, the same window goes on where it was.
    ///
    /// Shopify shows orders of the last 60 days only, and does not say what it leaves out, unless the app was granted
    /// read_all_orders.
    Backfill(Backfill),
    /// Say which webhook subscriptions made through the Admin API are missing, and with --repair make them.
    ///
    /// Not for a shop whose subscriptions stand in shopify.app.toml: they are not among those that the Admin API
    /// lists, and what is made beside them delivers everything twice.
    Subscriptions(Subscriptions),
    /// Print the subscriptions as a fragment of shopify.app.toml, which Shopify does not remove after failures.
    AppToml(AppToml),
}

#[derive(Debug, Args)]
pub(crate) struct Reconcile {
    /// The tenant, as in the webhook's address.
    #[arg(long, env = "TENANT")]
    pub(crate) tenant: TenantId,
    /// Compare from this time on.
    #[arg(long, value_name = "TIME")]
    pub(crate) since: Option<Timestamp>,
    /// Compare up to this time; ten minutes ago if it is not given.
    #[arg(long, value_name = "TIME", requires = "since")]
    pub(crate) until: Option<Timestamp>,
    /// Only count, and name up to 20 orders; send nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Backfill {
    /// The tenant, as in the webhook's address.
    #[arg(long, env = "TENANT")]
    pub(crate) tenant: TenantId,
    /// The first moment of the window.
    #[arg(long, value_name = "TIME")]
    pub(crate) since: Timestamp,
    /// The first moment after the window.
    #[arg(long, value_name = "TIME")]
    pub(crate) until: Timestamp,
    /// Only count, and name up to 20 orders; send nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Subscriptions {
    /// The tenant, as in the webhook's address.
    #[arg(long, env = "TENANT")]
    pub(crate) tenant: TenantId,
    /// Where Shopify is to deliver to, without the path of a webhook.
    #[arg(long)]
    pub(crate) url: String,
    /// Make or change what is not as it should be.
    #[arg(long)]
    pub(crate) repair: bool,
}

#[derive(Debug, Args)]
pub(crate) struct AppToml {
    /// The tenant, as in the webhook's address.
    #[arg(long, env = "TENANT")]
    pub(crate) tenant: TenantId,
    /// Where Shopify is to deliver to, without the path of a webhook.
    #[arg(long)]
    pub(crate) url: String,
}
