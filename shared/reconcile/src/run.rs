//! The run through a window: page by page, bounded, its place kept after each page.

use std::time::Duration;

use domain::TenantId;
use ledger::{Ledger, Place};
use platform::{Clock, Queues};
use shopify_admin::{Admin, AdminError, Page};
use tokio::time::Instant;

use crate::{
    End, Report, Stop, compare::compare, index::Index, progress::Progress, report::PageReport, send::send,
};

/// What must be left of a run's time for a page to be begun.
const FOR_A_PAGE: Duration = Duration::from_secs(20);

/// A shop that is compared with the ledger.
#[derive(Clone, Copy)]
pub struct Shop<'a> {
    /// Whose shop it is.
    pub tenant: &'a TenantId,
    /// Its Admin API.
    pub admin: &'a Admin,
    /// The records, and the place of the progress.
    pub ledger: &'a dyn Ledger,
    /// Where what is missing goes.
    pub queues: &'a Queues,
    /// The clock.
    pub clock: &'a dyn Clock,
}

/// The bounds of one run.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How many orders it compares at most.
    pub most_orders: u32,
    /// Orders on a page (1 to 250). What is sent of a page is sent again if the run ends before its end.
    pub page_size: u32,
    /// When it must be over. No page is begun in the last 20 seconds before.
    pub deadline: Instant,
}

impl Limits {
    /// Orders on a page unless there is a reason for another number: a page of which everything is missing is
    /// fetched within a minute at the slowest rate that Shopify gives, and by the strictest reckoning of its costs
    /// (about 145 points for an order of five lines).
    pub const PAGE_SIZE: u32 = 50;
}

/// Whether what is missing is sent, and where the progress is kept.
pub(crate) enum Purpose<'a> {
    /// It is counted only; nothing is kept.
    Look,
    /// It is sent.
    Send(Place<'a>),
}

/// Runs from where the progress stands. After each page the report so far is shown.
pub(crate) async fn run(
    shop: &Shop<'_>,
    mut progress: Progress,
    mut purpose: Purpose<'_>,
    limits: Limits,
    mut shown: impl FnMut(&Report) + Send,
) -> Report {
    let mut report = Report::new(progress.window, progress.counts);
    let mut index = Index::of(progress.window);
    report.end = loop {
        let left = u64::from(limits.most_orders).saturating_sub(report.counts.listed);
        if left == 0 || Instant::now() + FOR_A_PAGE > limits.deadline {
            break End::More;
        }
        let size = limits.page_size.min(u32::try_from(left).unwrap_or(u32::MAX));
        let mut page = PageReport::default();
        let is_live = matches!(purpose, Purpose::Send(_));
        let turn = Turn { shop, is_live, size, deadline: limits.deadline };
        let done = turn.one_page(&mut progress, &mut index, &mut page).await;
        let counts = page.counts;
        report.add(page);
        if let Err(stop) = done {
            break End::Stopped(stop);
        }
        progress.counts += counts;
        report.total = progress.counts;
        if let Purpose::Send(place) = &mut purpose {
            match place.keep(&progress).await {
                Ok(true) => {}
                Ok(false) => break End::Overtaken,
                Err(error) => break End::Stopped(error.into()),
            }
        }
        shown(&report);
        if progress.complete {
            break End::Complete;
        }
    };
    report
}

/// What is done with one page.
struct Turn<'a> {
    shop: &'a Shop<'a>,
    /// Whether what is missing is sent.
    is_live: bool,
    size: u32,
    deadline: Instant,
}

impl Turn<'_> {
    /// Lists a page, compares it, sends what is missing, and moves the progress behind it.
    async fn one_page(
        &self,
        progress: &mut Progress,
        index: &mut Index,
        page: &mut PageReport,
    ) -> Result<(), Stop> {
        let Page { orders, cursor } = self.list(progress).await?;
        let wanted = compare(self.shop.ledger, self.shop.tenant, index, &orders, page).await?;
        if self.is_live {
            send(self.shop, &wanted, self.deadline, page).await?;
        }
        progress.complete = cursor.is_none();
        progress.cursor = cursor;
        Ok(())
    }

    /// The next page. A cursor that Shopify does not take any more must not hold everything up for good: then the
    /// window is begun anew, which enters nothing twice in CloudSuite.
    async fn list(&self, progress: &mut Progress) -> Result<Page, AdminError> {
        let (admin, window, size) = (self.shop.admin, progress.window, self.size);
        match admin.orders_updated(window, progress.cursor.as_deref(), size, self.deadline).await {
            Err(AdminError::Refused(why)) if progress.cursor.is_some() => {
                tracing::warn!(tenant = %self.shop.tenant, why, "the place in Shopify's list is refused");
                *progress = Progress::at_the_beginning_of(window);
                admin.orders_updated(window, None, size, self.deadline).await
            }
            page => page,
        }
    }
}
