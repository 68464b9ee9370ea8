//! Erasing all that is stored of a tenant's shop: page by page, pass by pass, until a pass finds nothing.

use domain::{Kind, RecordKey, Status};
use jiff::Timestamp;
use ledger::{Listed, Listing};

use super::{Halt, erasing::Erasure};

/// How many records are listed at once.
const PAGE: usize = 100;

impl Erasure<'_> {
    /// Erases the records that were received until the request, and the shop's dead letters.
    pub(super) async fn shop(&mut self) -> Result<(), Halt> {
        loop {
            let waits = self.pass().await?;
            // A record may have changed its status while the pass went on.
            let found = std::mem::take(&mut self.progress.place).found;
            match waits {
                Some((until, why)) => return Err(Halt::Until(until, why)),
                None if !found => return self.dead_letters().await,
                None => self.in_time()?,
            }
        }
    }

    /// Goes on through the listings to their end. Until when a record is being worked on, if one is.
    async fn pass(&mut self) -> Result<Option<(Timestamp, &'static str)>, Halt> {
        let mut waits = None;
        while let Some(status) = Status::ALL.get(self.progress.place.status).copied() {
            let page = self.page(status).await?;
            for listed in &page {
                match self.listed(&listed.key).await {
                    Ok(found) => self.progress.place.found |= found,
                    // One that is being worked on does not keep the others.
                    Err(Halt::Until(until, why)) if self.in_time().is_ok() => {
                        self.progress.place.found = true;
                        waits = waits.max(Some((until, why)));
                    }
                    Err(halt) => return Err(halt),
                }
                // The next turn goes on here.
                self.progress.place.until = Some(listed.received_at);
            }
            let place = &mut self.progress.place;
            let last = page.last().filter(|_| page.len() >= PAGE);
            place.until = last.map(|last| last.received_at);
            place.status += usize::from(last.is_none());
        }
        Ok(waits)
    }

    /// The next records of a status. Where more than a page of them has the very time at which the page before ended,
    /// a larger page gets beyond them.
    async fn page(&self, status: Status) -> Result<Vec<Listed>, Halt> {
        let (tenant, place) = (&self.request().tenant, self.progress.place);
        let until = Some(place.until.map_or(self.until, |until| until.min(self.until)));
        let mut limit = PAGE;
        loop {
            let page = self.ledger().list(tenant, status, Listing { since: None, until, limit }).await?;
            let is_stuck = page.len() == limit && page.last().map(|last| last.received_at) == until;
            if !is_stuck {
                return Ok(page);
            }
            limit *= 2;
        }
    }

    async fn listed(&mut self, key: &RecordKey) -> Result<bool, Halt> {
        match key.kind {
            _ if key == self.request() || key.source != self.request().source => Ok(false),
            Kind::Customer => self.remove(key.clone()).await,
            _ => self.record(key.clone()).await,
        }
    }
}
