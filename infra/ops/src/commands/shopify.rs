//! The commands about shops: the same comparison as the poller's, with its progress shown.

use std::{process::ExitCode, sync::Arc, time::Duration};

use domain::TenantId;
use jiff::{SignedDuration, Timestamp};
use ledger::{DynamoDb, Ledger as _};
use mapping::Mapping;
use platform::{Queues, Secrets, SystemClock};
use reconcile::{
    End, Limits, Report, SETTLED_AFTER, Shop, backfill, check, dry_run, next_window, reaches_beyond_visible,
    reconcile, wanted,
};
use shopify_admin::{Admin, Window, shopify_app_toml};
use tenants::{Shops, installation::is_uninstalled, parse_credentials};
use tokio::time::Instant;

use super::{CommandError, exit_code, say};
use crate::{
    cli::{Shopify, shopify as args},
    installation::Installation,
};

/// How long one command may take.
const LONGEST: Duration = Duration::from_secs(24 * 3_600);

pub(super) async fn look_after(here: &Installation, command: Shopify) -> Result<ExitCode, CommandError> {
    match command {
        Shopify::Reconcile(wanted) => compare(here, wanted).await,
        Shopify::Backfill(args::Backfill { tenant, since, until, dry_run }) => {
            let window = Window { from: since, until };
            At::of(here, tenant).await?.window(window, dry_run).await
        }
        Shopify::Subscriptions(wanted) => subscriptions(here, wanted).await,
        Shopify::AppToml(args::AppToml { tenant, url }) => {
            say(shopify_app_toml(&wanted(&url, &tenant)));
            Ok(ExitCode::SUCCESS)
        }
    }
}

async fn compare(here: &Installation, given: args::Reconcile) -> Result<ExitCode, CommandError> {
    let at = At::of(here, given.tenant).await?;
    if let Some(from) = given.since {
        let settled = Timestamp::now().checked_sub(SETTLED_AFTER).unwrap_or(Timestamp::MIN);
        return at.window(Window { from, until: given.until.unwrap_or(settled) }, given.dry_run).await;
    }
    let overlap = at.overlap().await?;
    if given.dry_run {
        let window = next_window(&at.shop(), overlap).await?;
        return at.window(window, true).await;
    }
    let report = reconcile(&at.shop(), overlap, limits()).await;
    Ok(summary(&report))
}

async fn subscriptions(here: &Installation, given: args::Subscriptions) -> Result<ExitCode, CommandError> {
    let at = At::of(here, given.tenant).await?;
    let wanted = wanted(&given.url, &at.tenant);
    let found = check(&at.admin, &wanted, given.repair, Instant::now() + LONGEST).await;
    let found = found.map_err(CommandError::Shopify)?;
    for (topics, what) in [(&found.missing, "missing"), (&found.different, "different")] {
        for topic in topics {
            say(format_args!("{what}  {topic}\n"));
        }
    }
    for (topic, error) in &found.failed {
        say(format_args!("failed  {topic}  {error}\n"));
    }
    let (missing, different) = (found.missing.len(), found.different.len());
    say(format_args!(
        "{} as they should be, {missing} missing, {different} different, {} restored, {} of others\n",
        found.kept, found.restored, found.extra
    ));
    Ok(exit_code(missing + different == found.restored))
}

/// A tenant's shop and all that it is compared with.
struct At {
    tenant: TenantId,
    admin: Arc<Admin>,
    ledger: Arc<DynamoDb>,
    queues: Queues,
}

impl At {
    async fn of(here: &Installation, tenant: TenantId) -> Result<Self, CommandError> {
        let (ledger, queues) = (Arc::new(here.ledger()?), here.queues()?);
        let secrets = Secrets::new(Arc::new(here.secrets()), parse_credentials);
        if is_uninstalled(&*ledger, &tenant).await? {
            let why =
                format!("the app was removed; if it is back, say so: ops shop installed --tenant {tenant}");
            return Err(CommandError::NoShop(why));
        }
        let prefix = here.secret_prefix()?.to_owned();
        let shop = Shops::new(ledger.clone(), prefix, Arc::new(SystemClock)).shop(&tenant, &secrets).await;
        let no_access = || match &shop.fault {
            Some(finding) => CommandError::NoShop(finding.to_string()),
            None => CommandError::NoShop(format!(
                "there is no secret shopify-admin/{tenant}: the runbook shows one"
            )),
        };
        let admin = shop.admin.clone().ok_or_else(no_access)?;
        Ok(Self { tenant, admin, ledger, queues })
    }

    fn shop(&self) -> Shop<'_> {
        let Self { tenant, admin, ledger, queues } = self;
        Shop { tenant, admin, ledger: &**ledger, queues, clock: &SystemClock }
    }

    /// The overlap that the tenant's mapping file says; the default one without a file.
    async fn overlap(&self) -> Result<SignedDuration, CommandError> {
        let stored = self.ledger.mapping(&self.tenant).await?;
        let mapping = stored.and_then(|stored| Mapping::parse(&stored.text).ok()).unwrap_or_default();
        Ok(SignedDuration::from_mins(mapping.shopify.reconcile.overlap_minutes.into()))
    }

    async fn window(&self, window: Window, is_dry: bool) -> Result<ExitCode, CommandError> {
        say(format_args!("orders that changed from {} to {}\n", window.from, window.until));
        if reaches_beyond_visible(window, Timestamp::now()) {
            say(
                "note: without read_all_orders Shopify leaves out what is older than 60 days, and does not say so\n",
            );
        }
        let shown = |report: &Report| {
            let total = report.total;
            say(format_args!(
                "  {} listed, {} missing, {} outdated\n",
                total.listed, total.missing, total.outdated
            ));
        };
        let report = if is_dry {
            dry_run(&self.shop(), window, limits(), shown).await
        } else {
            backfill(&self.shop(), window, limits(), shown).await
        };
        Ok(summary(&report))
    }
}

fn limits() -> Limits {
    Limits { most_orders: u32::MAX, page_size: Limits::PAGE_SIZE, deadline: Instant::now() + LONGEST }
}

/// Says what a run came to.
fn summary(report: &Report) -> ExitCode {
    for order in &report.examples {
        let how = if order.outdated { "outdated" } else { "missing" };
        say(format_args!("{how}  {}  {}  changed {}\n", order.id, order.name, order.updated_at));
    }
    for finding in &report.findings {
        say(format_args!("failed  {finding}\n"));
    }
    let counts = report.total;
    say(format_args!(
        "{} listed, {} known, {} missing, {} outdated: {} sent, {} failed, {} gone\n",
        counts.listed, counts.known, counts.missing, counts.outdated, counts.sent, counts.failed, counts.gone
    ));
    match &report.end {
        End::Complete => {}
        End::More => say("not yet at the end: start it again\n"),
        End::Overtaken => say("another run is ahead with the same window: it does the rest\n"),
        End::Stopped(stop) => say(format_args!("ended early: {stop}\nstart it again to go on from there\n")),
    }
    exit_code(report.end == End::Complete && counts.failed == 0)
}
