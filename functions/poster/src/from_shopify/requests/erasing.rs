//! Erasing what is stored about something: its mark first, its payloads last, so that whatever ends the work in
//! between leaves enough to go on from.

use std::collections::BTreeSet;

use domain::{Delivery, Digest, Event as Told, Held, Kind, LeaseLost, Private, Record, RecordKey, SourceId};
use jiff::{SignedDuration, Timestamp};
use ledger::{Archived, Ledger};
use platform::Body;
use shopify::{CustomerRedact, Order, Topic};

use super::{
    Halt, named_by, of_kind,
    progress::{Progress, requests_of},
    written,
};
use crate::Poster;

/// How long one turn takes at most: the messages of the same batch wait for it.
const TURN: SignedDuration = SignedDuration::from_secs(20);

/// An erasure that is under way.
pub(super) struct Erasure<'a> {
    pub(super) poster: &'a Poster,
    held: &'a Held,
    /// What was accepted until then is erased: what came later was not meant.
    pub(super) until: Timestamp,
    /// Whether all of the shop is meant, and not one customer.
    pub(super) whole_shop: bool,
    /// When this turn is over.
    ends: Timestamp,
    pub(super) progress: Progress,
    /// What was to be erased: dead letters about it go too.
    pub(super) meant: BTreeSet<RecordKey>,
}

impl<'a> Erasure<'a> {
    /// Begins a turn of an erasure, where the one before left off.
    pub(super) async fn begin(poster: &'a Poster, held: &'a Held, delivery: &Delivery) -> Result<Self, Halt> {
        let until = delivery.received_at;
        let progress = Progress::of(&*poster.ledger, &held.record.key, until).await?;
        let ends = poster.clock.now().saturating_add(TURN).unwrap_or(Timestamp::MAX);
        let whole_shop = delivery.topic == Topic::ShopRedact.as_str();
        Ok(Self { poster, held, until, whole_shop, ends, progress, meant: BTreeSet::new() })
    }

    pub(super) fn ledger(&self) -> &'a dyn Ledger {
        &*self.poster.ledger
    }

    /// The record of the request.
    pub(super) fn request(&self) -> &'a RecordKey {
        &self.held.record.key
    }

    /// Ends the turn: with the proof if all is done, else with how far it came.
    pub(super) async fn end(self, done: Result<(), Halt>) -> Result<Result<Record, LeaseLost>, Halt> {
        let key = self.request();
        if let Err(halt) = done {
            // Without it the next turn counts less; what it has to erase is the same.
            if let Err(error) = self.progress.keep(self.ledger(), key).await {
                tracing::warn!(%error, record = %key, "what was erased in this turn stands in the records' trails only");
            }
            return Err(halt);
        }
        // The request names a person too.
        for payload in self.old_payloads(key).await?.0 {
            self.ledger().erase_payload(key, &payload.body).await?;
        }
        let proof = format!("done: {}", self.progress.tally);
        tracing::info!(record = %key, proof, "erased");
        Ok(self.held.obeyed(self.poster.clock.now(), Told::Erased, proof, Some(self.until)))
    }

    /// Whether there is time to go on; in between, the turn may be over.
    pub(super) fn in_time(&self) -> Result<(), Halt> {
        let now = self.poster.clock.now();
        if now < self.ends { Ok(()) } else { Err(Halt::Until(now, "there is more to erase")) }
    }

    /// Erases what is stored about a customer.
    pub(super) async fn customer(&mut self, request: &CustomerRedact) -> Result<(), Halt> {
        let key = self.request();
        for &order in &request.orders_to_redact {
            for kind in [Kind::Order, Kind::Journal] {
                self.record(of_kind(key, kind, order.into())).await?;
            }
        }
        let customers = named_by(key, &request.customer);
        for customer in &customers {
            self.buyer(customer.clone(), None).await?;
        }
        for earlier in requests_of(self.ledger(), &customers).await? {
            self.record(earlier).await?;
        }
        self.meant.insert(key.clone());
        self.dead_letters().await
    }

    /// Erases the payloads of a record. From its mark on nothing accepted before is taken in. Returns whether there
    /// was anything to do.
    pub(super) async fn record(&mut self, key: RecordKey) -> Result<bool, Halt> {
        self.in_time()?;
        let (old, newer) = self.old_payloads(&key).await?;
        let is_marked = self.mark(&key, &old, &newer).await?;
        let record = self.ledger().record(&key).await?;
        for payload in &old {
            Box::pin(self.what_follows(&key, &payload.body, record.as_ref())).await?;
            self.ledger().erase_payload(&key, &payload.body).await?;
            self.progress.tally.payloads += 1;
        }
        self.meant.insert(key);
        Ok(is_marked || !old.is_empty())
    }

    /// Marks a record, unless it is marked already: whether it was not.
    async fn mark(&mut self, key: &RecordKey, old: &[Archived], newer: &[Archived]) -> Result<bool, Halt> {
        let now = self.poster.clock.now();
        let detail = format!("{} payloads, for {}", old.len(), self.request());
        let next = match self.ledger().record(key).await? {
            None => Record::erased_unheard(key.clone(), self.until, now, detail),
            Some(record) => {
                free(&record, now)?;
                if record.is_erased_until(self.until) {
                    return Ok(false);
                }
                let has_newer = newer.iter().any(|payload| payload.body == record.body);
                if has_newer {
                    record.marked_erased(self.until, now, detail)
                } else {
                    record.erased(self.until, now, detail)
                }
            }
        };
        written(self.ledger().write(next).await, now)?;
        self.progress.tally.records += 1;
        Ok(true)
    }

    /// What a payload leads to is erased before the payload is: nothing else tells of it.
    async fn what_follows(
        &mut self,
        key: &RecordKey,
        body: &Digest,
        record: Option<&Record>,
    ) -> Result<(), Halt> {
        // Of a whole shop everything is listed anyway.
        if self.whole_shop || !matches!(key.kind, Kind::Order | Kind::Journal) {
            return Ok(());
        }
        let Some(payload) = self.ledger().payload(key, body).await? else { return Ok(()) };
        let bytes = Body::from_compressed(payload.compressed).bytes().unwrap_or_default();
        let Ok(order) = shopify::parse_order(&bytes) else { return Ok(()) };
        let company = record.and_then(|record| record.company.as_ref()).map(|company| company.number);
        for buyer in buyers(&order) {
            self.buyer(of_kind(key, Kind::Customer, buyer), company).await?;
        }
        for refund in &order.refunds {
            self.record(of_kind(key, Kind::Refund, refund.id.into())).await?;
        }
        Ok(())
    }

    /// Removes a buyer's record: in the general company, and in the one named.
    async fn buyer(&mut self, key: RecordKey, company: Option<u16>) -> Result<(), Halt> {
        if let Some(company) = company
            && let Ok(id) = format!("{}-c{company}", key.id).parse()
        {
            self.remove(RecordKey { id, ..key.clone() }).await?;
        }
        let is_numbered = key.id.as_str().bytes().all(|byte| byte.is_ascii_digit());
        if !is_numbered {
            return self.remove(key).await.map(drop);
        }
        // By its id a customer refuses what waits; the map from the e-mail address leaves nothing.
        let record = self.ledger().record(&key).await?;
        if record.is_some_and(|record| record.is_erased_until(self.until)) {
            self.meant.insert(key);
            return Ok(());
        }
        self.remove(key.clone()).await?;
        self.record(key).await.map(drop)
    }

    /// Removes a customer's record with its trail and its payloads; one with something newer loses the older only.
    /// Returns whether there was anything to do.
    pub(super) async fn remove(&mut self, key: RecordKey) -> Result<bool, Halt> {
        self.in_time()?;
        let now = self.poster.clock.now();
        let (old, newer) = self.old_payloads(&key).await?;
        let record = self.ledger().record(&key).await?;
        if let Some(record) = &record {
            free(record, now)?;
        }
        for payload in &old {
            self.ledger().erase_payload(&key, &payload.body).await?;
            self.progress.tally.payloads += 1;
        }
        if newer.is_empty() {
            // Also where there is none: an earlier turn may have left its trail.
            let version = record.as_ref().map_or(0, |record| record.version);
            written(self.ledger().remove(&key, version).await, now)?;
            self.progress.tally.customers += u64::from(record.is_some());
        }
        self.meant.insert(key);
        Ok(!old.is_empty() || (record.is_some() && newer.is_empty()))
    }

    /// What is archived of a record: what was accepted until the request, and what came later.
    async fn old_payloads(&self, key: &RecordKey) -> Result<(Vec<Archived>, Vec<Archived>), Halt> {
        let all = self.ledger().payloads(key).await?;
        Ok(all.into_iter().partition(|payload| payload.received_at <= self.until))
    }
}

/// Whoever works on a record may still archive something: it is erased once that ended.
fn free(record: &Record, now: Timestamp) -> Result<(), Halt> {
    match record.lease.filter(|lease| lease.until > now) {
        Some(lease) => Err(Halt::Until(lease.until, "a record is being worked on")),
        None => Ok(()),
    }
}

/// By what an order's buyer may be known.
fn buyers(order: &Order) -> BTreeSet<SourceId> {
    let customer = order.customer.as_ref();
    let said = |text: Option<&Private<String>>| {
        text.map(|text| text.expose().trim().to_owned()).filter(|text| !text.is_empty())
    };
    let emails =
        [order.email.as_ref(), order.contact_email.as_ref(), customer.and_then(|c| c.email.as_ref())];
    let phones = [order.phone.as_ref(), customer.and_then(|customer| customer.phone.as_ref())];
    let emails = emails.into_iter().filter_map(said).map(|email| SourceId::of_email(&email.to_lowercase()));
    let phones = phones.into_iter().filter_map(said).map(|phone| SourceId::of_phone(&phone));
    let id = customer.and_then(|customer| customer.id).map(SourceId::from);
    emails.chain(phones).chain(id).collect()
}
