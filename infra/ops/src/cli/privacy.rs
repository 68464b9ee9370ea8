//! The arguments about personal data, and about a shop that has the app or not.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use domain::TenantId;

use super::name;

#[derive(Debug, Subcommand)]
pub(crate) enum Privacy {
    /// Write all that is stored of a customer who asked for it into a file, for the shop's owner.
    ///
    /// The file holds the archived deliveries of the customer and of the orders that were asked for, with their
    /// records. It is readable by you alone and never overwritten. The trail of the request says who made it.
    Export(Exporting),
}

#[derive(Debug, Args)]
pub(crate) struct Exporting {
    /// The tenant, as in the webhook's address.
    #[arg(long, env = "TENANT")]
    pub(crate) tenant: TenantId,
    /// The request: its id as the record's finding names it, Shopify's number of it, or the record's whole key.
    #[arg(long, value_name = "ID")]
    pub(crate) request: String,
    /// The file to write; privacy-TENANT-ID.json if nothing is given.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Only say how much it would be.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Who exports it: it stands in the trail.
    #[arg(long, value_name = "NAME", value_parser = name)]
    pub(crate) by: String,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ShopStanding {
    /// The shop has the app again, after it was removed: what it lacks is fetched from now on.
    Installed {
        /// The tenant, as in the webhook's address.
        #[arg(long, env = "TENANT")]
        tenant: TenantId,
        /// Who says so: it stands in the trail.
        #[arg(long, value_name = "NAME", value_parser = name)]
        by: String,
    },
}
