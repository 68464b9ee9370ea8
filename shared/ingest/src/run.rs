//! The run through the lists: page by page, bounded, its place kept wherever something was done.

use std::{collections::HashSet, time::Duration};

use domain::{Kind, SourceId, TenantId};
use ledger::{Ledger, LedgerError, Place};
use platform::{Clock, Queues};
use shipbob_api::{ApiError, Json, ShipBob};
use tokio::time::Instant;

use crate::{
    End, List, Reading, Report, Stop, Wanted, object,
    progress::{Progress, Stand},
    report::Part,
    send::{Sent, send},
};

/// The name of the progress.
const INGEST: &str = "ingest";
/// What must be left of a run's time for a page to be asked for.
const FOR_A_PAGE: Duration = Duration::from_secs(30);
/// What must be left of a run's time for some objects of a page to be worked on.
const FOR_A_PART: Duration = Duration::from_secs(10);
/// How many objects are worked on before the place is kept.
const AT_ONCE: usize = 50;
/// The same for receiving orders: each takes a request for its boxes, and all together 145 of them go in a minute.
const RECEIPTS_AT_ONCE: usize = 10;

/// A tenant's goods at ShipBob's.
#[derive(Clone, Copy)]
pub struct Warehouse<'a> {
    /// Whose they are.
    pub tenant: &'a TenantId,
    /// ShipBob's API for it.
    pub shipbob: &'a ShipBob,
    /// The records, and the place of the progress.
    pub ledger: &'a dyn Ledger,
    /// Where what is new goes.
    pub queues: &'a Queues,
    /// The clock.
    pub clock: &'a dyn Clock,
}

/// The bounds of one run.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// After how many listed objects no further page is asked for. A page has up to 250 objects, of fees 1,000.
    pub most_objects: u32,
    /// When it must be over. No page is asked for in the last 30 seconds before.
    pub deadline: Instant,
}

/// Reads every list that is wanted, from where the last run left it, and sends what is new. In a dry run nothing is
/// sent and nothing is kept: the report says what would be sent.
pub async fn ingest(warehouse: &Warehouse<'_>, wanted: &Wanted, limits: Limits, is_dry: bool) -> Report {
    let mut report = Report::new();
    match Place::read(warehouse.ledger, warehouse.tenant, INGEST.to_owned()).await {
        Ok((place, progress)) => {
            let place = (!is_dry).then_some(place);
            let progress: Progress = progress.unwrap_or_default();
            let (sent, fetched) = Default::default();
            let mut run = Run { warehouse, limits, place, progress, report, sent, fetched };
            let end = run.all(wanted).await;
            run.close(end, wanted).await
        }
        Err(error) => {
            report.end = End::Stopped(error.into());
            report
        }
    }
}

/// A run under way.
struct Run<'a> {
    warehouse: &'a Warehouse<'a>,
    limits: Limits,
    /// Where the progress is kept; nothing in a dry run.
    place: Option<Place<'a>>,
    progress: Progress,
    report: Report,
    sent: Sent,
    /// The receiving orders whose boxes were fetched.
    fetched: HashSet<SourceId>,
}

/// Why a list is left before its end.
enum Halt {
    /// The run is over.
    Run(End),
    /// ShipBob does not give this list; it may give others.
    List(ApiError),
}

impl From<ApiError> for Halt {
    fn from(error: ApiError) -> Self {
        match error {
            ApiError::Forbidden { .. }
            | ApiError::Refused { .. }
            | ApiError::Incomplete { .. }
            | ApiError::Unreadable { .. } => Self::List(error),
            _ => Self::Run(End::Stopped(error.into())),
        }
    }
}

impl From<Stop> for Halt {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Shipbob(error) => error.into(),
            stop => Self::Run(End::Stopped(stop)),
        }
    }
}

impl From<LedgerError> for Halt {
    fn from(error: LedgerError) -> Self {
        Stop::from(error).into()
    }
}

impl Run<'_> {
    /// Every list that is left of the round.
    async fn all(&mut self, wanted: &Wanted) -> End {
        self.progress.go_round(wanted);
        while let Some(list) = self.progress.left.front().copied() {
            let read = self.one(list, wanted).await;
            self.progress.left.pop_front();
            match read {
                Ok(()) => {}
                Err(Halt::List(error)) => self.report.unread.push((list, error)),
                Err(Halt::Run(end)) => {
                    // The others come first now, or a list that fills each run would keep them from being read.
                    self.progress.left.push_back(list);
                    return end;
                }
            }
        }
        End::Complete
    }

    /// One list, unless it is not time for it.
    async fn one(&mut self, list: List, wanted: &Wanted) -> Result<(), Halt> {
        let stand = self.progress.begin(list, wanted, self.warehouse.clock.now());
        let Some(mut stand) = stand else { return Ok(()) };
        let read = self.read(list, &mut stand).await;
        if matches!(read, Err(Halt::List(_))) {
            stand.begin_anew();
        }
        self.progress.lists.insert(list, stand);
        read
    }

    /// One list, from where it stands to its end.
    async fn read(&mut self, list: List, stand: &mut Stand) -> Result<(), Halt> {
        let mut pages = list.pages(self.warehouse.shipbob, stand.window)?;
        if let Some(bookmark) = &stand.page {
            pages = pages.from(bookmark);
        }
        loop {
            let is_enough = self.report.counts.listed() >= u64::from(self.limits.most_objects);
            if is_enough || self.is_over_in(FOR_A_PAGE) {
                return Err(Halt::Run(End::More));
            }
            let Some(page) = pages.next(self.limits.deadline).await? else { break };
            self.page(list, stand, page).await?;
            (stand.page, stand.after) = (pages.bookmark(), None);
            if stand.page.is_none() {
                break;
            }
        }
        stand.complete = true;
        Ok(())
    }

    /// What is left to do of a page, some objects at a time, in the order of their ids.
    async fn page(&mut self, list: List, stand: &mut Stand, page: Vec<Json>) -> Result<(), Halt> {
        let mut part = Part::default();
        let mut objects = object::by_id(list, page, &mut part);
        self.add(part, stand);
        objects.retain(|id, _| stand.after.as_ref().is_none_or(|after| id > after));
        let objects: Vec<_> = objects.into_iter().collect();
        let is_receipts = list.kind() == Kind::Receipt;
        for some in objects.chunks(if is_receipts { RECEIPTS_AT_ONCE } else { AT_ONCE }) {
            if self.is_over_in(FOR_A_PART) {
                return Err(Halt::Run(End::More));
            }
            let mut part = Part::default();
            let done = self.work_on(list, some, &mut part).await;
            let is_worth_keeping = part.counts.sent() > 0;
            self.add(part, stand);
            done?;
            stand.after = some.last().map(|(id, _)| id.clone());
            if is_worth_keeping {
                self.progress.lists.insert(list, stand.clone());
                self.keep().await?;
            }
        }
        Ok(())
    }

    /// Makes of these what the queue gets, and sends what is new.
    async fn work_on(&mut self, list: List, some: &[(SourceId, Json)], part: &mut Part) -> Result<(), Stop> {
        let Warehouse { tenant, shipbob, .. } = *self.warehouse;
        let mut objects = Vec::new();
        for (id, json) in some {
            match list.kind() {
                Kind::Order => objects.extend(object::order(tenant, id.clone(), json, part)),
                Kind::Receipt if self.fetched.contains(id) => part.counts.receipts.known += 1,
                Kind::Receipt => {
                    // Its id was a number when it was read.
                    let number = id.as_str().parse().unwrap_or_default();
                    let boxes = shipbob.boxes(number, self.limits.deadline).await?;
                    objects.push(object::receipt(tenant, id.clone(), json, boxes.as_deref()));
                    self.fetched.insert(id.clone());
                }
                _ => objects.push(object::plain(tenant, list, id.clone(), json)),
            }
        }
        let is_live = self.place.is_some();
        send(self.warehouse, objects, is_live, &mut self.sent, &mut self.progress.recent, part).await
    }

    fn add(&mut self, part: Part, stand: &mut Stand) {
        stand.counts += part.counts;
        self.report.add(part);
    }

    fn is_over_in(&self, time: Duration) -> bool {
        Instant::now() + time > self.limits.deadline
    }

    /// Keeps the progress as it stands.
    async fn keep(&mut self) -> Result<(), Halt> {
        let Some(place) = &mut self.place else { return Ok(()) };
        if place.keep(&self.progress).await? { Ok(()) } else { Err(Halt::Run(End::Overtaken)) }
    }

    /// Keeps what was done, unless another run is ahead, and reports.
    async fn close(mut self, end: End, wanted: &Wanted) -> Report {
        let is_overtaken = end == End::Overtaken;
        self.report.end = end;
        if !is_overtaken
            && let Err(Halt::Run(end)) = self.keep().await
            && !matches!(self.report.end, End::Stopped(_))
        {
            self.report.end = end;
        }
        for list in List::ALL.into_iter().filter(|list| list.is_wanted(wanted)) {
            let Some(stand) = self.progress.lists.get(&list) else { continue };
            let Stand { window, complete, counts, .. } = *stand;
            self.report.lists.push(Reading { list, window, complete, counts });
        }
        self.report
    }
}
