//! The story of one tenant's part of a batch: buyers, look-up, check, customers, documents, outcomes.

use std::sync::Arc;

use cloudsuite::{CallError, Known as MasterData, Outcome, OverReceipt, Posting, Wanted};
use domain::{Company, Document, Written};
use jiff::SignedDuration;
use ledger::keep;
use mapping::{Buyer, Over};
use platform::telemetry::{self, Metric};
use tenants::Tenant;

use crate::{
    Ending, Poster,
    buyers::{self, Known, Missing},
    checking::{judge, want},
    intake::Ready,
    progress::Records,
    settle::{Going, settle, taken_up_at},
    turn::Turn,
};

/// How long after posting an order is first looked for.
pub(crate) const FIRST_CHECK: SignedDuration = SignedDuration::from_secs(20);
/// How many seconds an order waits for what did not answer.
const A_WHILE: i64 = 60;
/// How many seconds an order waits for its customer.
pub(crate) const CUSTOMER_WAIT: i64 = 60;

/// One document on its way, until its ending is known.
pub(crate) struct Entry {
    pub(crate) going: Going,
    /// What is known of its buyer.
    pub(crate) known: Option<Known>,
    pub(crate) ending: Option<Ending>,
}

/// Posts documents of one company of a tenant that were planned with one mapping version; one ending for each, in
/// order.
pub(crate) async fn post(poster: &Poster, group: Vec<Ready>, turn: Turn) -> Vec<Ending> {
    let Some(first) = group.first() else { return Vec::new() };
    let (tenant, company) = (first.tenant.clone(), first.company());
    let mut going = Vec::new();
    let mut ended = Vec::new();
    for settled in settle(poster, group, turn).await {
        match settled {
            Ok(order) => {
                ended.push(None);
                going.push(Entry { going: order, known: None, ending: None });
            }
            Err(ending) => ended.push(Some(ending)),
        }
    }
    let mut batch = Batch { poster, tenant, company, turn, entries: going };
    batch.recognise_buyers().await;
    batch.check().await;
    batch.stop_if_late().await;
    batch.post_customers().await;
    batch.bring_up_customers().await;
    batch.stop_if_late().await;
    batch.amend_documents().await;
    batch.post_documents().await;
    // An order without an ending would be a fault of ours; its message must not leave the queue for it.
    let unhandled = || Ending::again("the order was not handled to its end");
    let mut posted = batch.entries.into_iter().map(|entry| entry.ending.unwrap_or_else(unhandled));
    ended.into_iter().map(|ending| ending.or_else(|| posted.next()).unwrap_or_else(unhandled)).collect()
}

pub(crate) struct Batch<'a> {
    pub(crate) poster: &'a Poster,
    pub(crate) tenant: Arc<Tenant>,
    pub(crate) company: Company,
    turn: Turn,
    pub(crate) entries: Vec<Entry>,
}

impl Batch<'_> {
    /// The entries that go on.
    pub(crate) fn open(&mut self) -> impl Iterator<Item = &mut Entry> {
        self.entries.iter_mut().filter(|entry| entry.ending.is_none())
    }

    async fn recognise_buyers(&mut self) {
        let poster = self.poster;
        for entry in self.open().filter(|entry| entry.going.amendment.is_none()) {
            // An order without a buyer has findings that say so.
            let Some(buyer) = &entry.going.buyer else { continue };
            match buyers::known(poster, buyer).await {
                Ok(Known::New) if matches!(buyer, Buyer::Firm { .. }) => {
                    entry.going.findings.push(buyers::unnumbered());
                }
                Ok(known) => entry.known = Some(known),
                // Let go of, so that a fault of ours is no attempt of the order's.
                Err(error) => {
                    let ending = poster.put_off(&entry.going.held, A_WHILE, &error.to_string()).await;
                    entry.ending = Some(ending);
                }
            }
        }
    }

    /// Looks up everything that the orders depend on, and rejects those that cannot be posted.
    async fn check(&mut self) {
        let mut wanted = Wanted::default();
        for entry in self.open().filter(|entry| !is_cancelled(entry)) {
            want(&mut wanted, entry);
        }
        if wanted == Wanted::default() {
            return self.refuse_unchecked().await;
        }
        let mut known = self.look_up(&wanted).await;
        if matches!(known, Err(CallError::NotSent(_))) && self.open().count() > 1 {
            return self.check_each().await;
        }
        let (poster, over) = (self.poster, self.over());
        for entry in self.open().filter(|entry| !is_cancelled(entry)) {
            judge(poster, entry, &mut known, over).await;
        }
    }

    /// The same where nothing is to be looked up: findings are findings all the same.
    async fn refuse_unchecked(&mut self) {
        let poster = self.poster;
        for entry in self.open().filter(|entry| !entry.going.findings.is_empty()) {
            judge(poster, entry, &mut Ok(MasterData::default()), OverReceipt::default()).await;
        }
    }

    /// The same, order by order: what M3 cannot answer may be for one of them, and the others need not wait for it.
    async fn check_each(&mut self) {
        for place in 0..self.entries.len() {
            if self.entries[place].ending.is_none() && !is_cancelled(&self.entries[place]) {
                let mut wanted = Wanted::default();
                want(&mut wanted, &self.entries[place]);
                let mut known = self.look_up(&wanted).await;
                let over = self.over();
                judge(self.poster, &mut self.entries[place], &mut known, over).await;
            }
        }
    }

    /// What the mapping says of goods beyond what was ordered.
    fn over(&self) -> OverReceipt {
        match self.tenant.mapping.shipbob.receipts.over {
            Over::Reject => OverReceipt::Refuse,
            Over::Receive => OverReceipt::Post,
        }
    }

    async fn look_up(&self, wanted: &Wanted) -> Result<MasterData, CallError> {
        self.turn.in_time(self.tenant.line.look_up(&self.company, wanted)).await
    }

    /// Puts everything off if there is too little time left to finish what would be begun.
    async fn stop_if_late(&mut self) {
        if !self.turn.is_late() {
            return;
        }
        let poster = self.poster;
        for entry in self.open() {
            entry.ending = Some(poster.put_off(&entry.going.held, 1, "CloudSuite is slow").await);
        }
    }

    /// Creates or updates the customers that need it, and gives every order its customer's number.
    async fn bring_up_customers(&mut self) {
        let poster = self.poster;
        let going: Vec<_> = self
            .entries
            .iter()
            .filter(|entry| entry.ending.is_none() && entry.going.amendment.is_none())
            .collect();
        let orders: Vec<_> = going
            .iter()
            .filter_map(|entry| entry.known.as_ref().map(|known| (&entry.going, known)))
            .collect();
        let results = buyers::bring_up(poster, &self.tenant, &self.company, self.turn, &orders).await;
        for entry in self.open().filter(|entry| entry.going.amendment.is_none()) {
            let Some(Buyer::Customer { key, .. }) = &entry.going.buyer else { continue };
            let held = &entry.going.held;
            match results.get(key) {
                Some(Ok(number)) => name_customer(&mut entry.going.document, number),
                Some(Err(Missing::Refused(findings))) => {
                    entry.ending = Some(poster.reject(held, findings.clone()).await);
                }
                Some(Err(Missing::Later(why))) => {
                    entry.ending = Some(poster.put_off(held, CUSTOMER_WAIT, why).await);
                }
                None => entry.ending = Some(Ending::again("the customer was not handled")),
            }
        }
    }

    /// Records that writing begins, posts all documents together, records what became of each.
    async fn post_documents(&mut self) {
        let (poster, tenant) = (self.poster, self.tenant.clone());
        for entry in self.open() {
            if let Err(ending) = begin(poster, &tenant, &mut entry.going).await {
                entry.ending = Some(ending);
            }
        }
        let going: Vec<_> = self.open().map(|entry| &entry.going).collect();
        if going.is_empty() {
            return;
        }
        let postings: Vec<_> = going.iter().map(|order| posting(order)).collect();
        let held = going.iter().map(|order| (order.held.clone(), written(order))).collect();
        let records = Records::new(poster.ledger.clone(), Arc::clone(&poster.clock), held);
        let outcomes = tenant.line.post(&self.company, &postings, &records).await;
        let held = records.into_held();
        let mut results = held.into_iter().zip(outcomes);
        for entry in self.open() {
            let Some((held, outcome)) = results.next() else { break };
            entry.going.held = held;
            entry.ending = Some(finish(poster, &mut entry.going, outcome).await);
        }
    }
}

/// What is cancelled depends on nothing.
fn is_cancelled(entry: &Entry) -> bool {
    entry.going.amendment.as_ref().is_some_and(|wish| wish.cancel)
}

fn name_customer(document: &mut Document, number: &str) {
    if let Document::SalesOrder(order) = document {
        number.clone_into(&mut order.customer);
    }
}

fn posting(going: &Going) -> Posting {
    let (key, document) = (going.held.record.key.clone(), going.document.clone());
    Posting { key, document, existing: None, begun: going.begun.clone() }
}

/// What CloudSuite is to get for a document.
pub(crate) fn written(going: &Going) -> Written {
    let document = &going.document;
    let customer = match document {
        Document::SalesOrder(order) => order.customer.clone(),
        _ => String::new(),
    };
    Written {
        document: document.kind(),
        company: document.company(),
        fingerprint: going.fingerprint,
        customer,
        lines: document.lines(),
        movement: document.movement(),
    }
}

/// Records the plan and that writing begins at the head. As long as CloudSuite has an outdated order, the record
/// goes on saying of which plan that one is: whoever finds it after a lost answer must not take it for this one.
async fn begin(poster: &Poster, tenant: &Tenant, going: &mut Going) -> Result<(), Ending> {
    let (now, version) = (poster.clock.now(), tenant.version.short());
    let is_outdated = going.begun.as_ref().is_some_and(|begun| begun.outdated);
    let before = going.held.record.written().filter(|_| is_outdated);
    let next = going.held.posting(now, &version, &before.unwrap_or_else(|| written(going)));
    going.held = keep(&*poster.ledger, next.map_err(Ending::again)?).await.map_err(Ending::again)?;
    Ok(())
}

/// Records what became of one document.
async fn finish(poster: &Poster, going: &mut Going, outcome: Outcome) -> Ending {
    let now = poster.clock.now();
    let follow_up = going.follow_up.take();
    let held = &going.held;
    let key = &held.record.key;
    let (next, ending) = match outcome {
        Outcome::Posted(references) => {
            tracing::info!(record = %key, correlation = held.record.correlation, number = references.number, "posted");
            if let Err(ending) = poster.follow_up(held, follow_up).await {
                return ending;
            }
            let next_check = now.checked_add(FIRST_CHECK).unwrap_or(now);
            (held.posted(now, references, next_check), Ending::Done)
        }
        Outcome::Rejected(findings) | Outcome::Failed(_, findings) => {
            return poster.reject(held, findings).await;
        }
        Outcome::Later(error) => return not_posted(poster, going, &error).await,
        Outcome::InDoubt(step, why) => {
            telemetry::count(Metric::InDoubt, key.tenant.as_str(), 1);
            // It comes again when CloudSuite can be asked for it.
            let until = now.checked_add(poster.quiet).unwrap_or(now);
            let ending = Ending::at(until, now, &held.record.correlation, format!("in doubt: {step}"));
            (held.in_doubt(now, step, why, Some(taken_up_at(poster, now))), ending)
        }
        Outcome::Abandoned => return Ending::again("the record could not be held"),
    };
    poster.conclude(next, ending).await
}

/// A document for which nothing was written: it waits if that may pass, else a person is told.
pub(crate) async fn not_posted(poster: &Poster, going: &Going, error: &CallError) -> Ending {
    let held = &going.held;
    if error.is_passing() {
        poster.put_off(held, wait_of(error), &error.to_string()).await
    } else if going.amendment.is_some() {
        poster.review(held, Some(going.fingerprint), vec![error.finding()]).await
    } else {
        poster.reject(held, vec![error.finding()]).await
    }
}

/// How many seconds to wait after a call that brought nothing.
pub(crate) fn wait_of(error: &CallError) -> i64 {
    i64::try_from(error.wait().as_secs()).unwrap_or(CUSTOMER_WAIT)
}
