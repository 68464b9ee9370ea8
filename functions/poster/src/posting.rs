//! The story of one tenant's part of a batch: buyers, look-up, check, customers, orders, outcomes.

use std::{sync::Arc, time::Duration};

use cloudsuite::{Buying, CallError, Outcome, Posting, Wanted, check};
use domain::{Document, Held};
use jiff::SignedDuration;
use ledger::keep;
use mapping::Buyer;
use platform::telemetry::{self, Metric};
use tokio::time::Instant;

use crate::{
    Ending, Poster,
    buyers::{self, Known, Missing},
    intake::Ready,
    progress::Records,
};

/// How long after posting an order is first looked for.
const FIRST_CHECK: SignedDuration = SignedDuration::from_secs(20);
/// How long after the start of an invocation writing may still begin: what is begun must be finished before
/// Lambda ends the function.
const LATEST_BEGIN: Duration = Duration::from_secs(60);
/// How long an order waits for its customer.
const CUSTOMER_WAIT: i64 = 60;

/// One order on its way, until its ending is known.
struct Entry {
    ready: Ready,
    known: Option<Known>,
    ending: Option<Ending>,
}

/// Posts orders of one tenant that were planned with one mapping version; one ending for each, in order.
pub(crate) async fn post(poster: &Poster, group: Vec<Ready>, started: Instant) -> Vec<Ending> {
    let entries = group.into_iter().map(|ready| Entry { ready, known: None, ending: None });
    let mut batch = Batch { poster, entries: entries.collect() };
    batch.recognise_buyers().await;
    batch.check().await;
    batch.stop_if_late(started).await;
    batch.bring_up_customers().await;
    batch.stop_if_late(started).await;
    batch.post_orders().await;
    // An order without an ending would be a fault of ours; its message must not leave the queue for it.
    let unhandled = || Ending::again("the order was not handled to its end");
    batch.entries.into_iter().map(|entry| entry.ending.unwrap_or_else(unhandled)).collect()
}

struct Batch<'a> {
    poster: &'a Poster,
    entries: Vec<Entry>,
}

impl Batch<'_> {
    /// The entries that go on.
    fn open(&mut self) -> impl Iterator<Item = &mut Entry> {
        self.entries.iter_mut().filter(|entry| entry.ending.is_none())
    }

    async fn recognise_buyers(&mut self) {
        let poster = self.poster;
        for entry in self.open() {
            // An order without a buyer has findings that say so.
            let Some(buyer) = &entry.ready.buyer else { continue };
            match buyers::known(poster, buyer).await {
                Ok(known) => entry.known = Some(known),
                Err(error) => entry.ending = Some(Ending::again(error)),
            }
        }
    }

    /// Looks up everything that the orders depend on, and rejects those that cannot be posted.
    async fn check(&mut self) {
        let mut wanted = Wanted::default();
        for entry in self.open() {
            want(&mut wanted, entry);
        }
        let Some(first) = self.open().next() else { return };
        let tenant = first.ready.tenant.clone();
        let known = tenant.line.look_up(&tenant.company(), &wanted).await;
        let poster = self.poster;
        for entry in self.open() {
            let number = number(entry).to_owned();
            entry.ready.order.customer = number;
            let mut findings = std::mem::take(&mut entry.ready.findings);
            entry.ending = match &known {
                Ok(known) => {
                    findings.extend(check(&entry.ready.order, customer(entry), known));
                    if findings.is_empty() {
                        continue;
                    }
                    Some(poster.reject(&entry.ready.held, findings).await)
                }
                Err(error) if findings.is_empty() => Some(not_posted(poster, &entry.ready.held, error).await),
                Err(_) => Some(poster.reject(&entry.ready.held, findings).await),
            };
        }
    }

    /// Puts everything off if there is too little time left to finish what would be begun.
    async fn stop_if_late(&mut self, started: Instant) {
        if started.elapsed() < LATEST_BEGIN {
            return;
        }
        let poster = self.poster;
        for entry in self.open() {
            entry.ending = Some(poster.put_off(&entry.ready.held, 1, "CloudSuite is slow").await);
        }
    }

    /// Creates or updates the customers that need it, and gives every order its customer's number.
    async fn bring_up_customers(&mut self) {
        let poster = self.poster;
        let going: Vec<_> = self.entries.iter().filter(|entry| entry.ending.is_none()).collect();
        let orders: Vec<_> = going
            .iter()
            .filter_map(|entry| entry.known.as_ref().map(|known| (&entry.ready, known)))
            .collect();
        let Some((first, _)) = orders.first() else { return };
        let tenant = first.tenant.clone();
        let results = buyers::bring_up(poster, &tenant, &orders).await;
        for entry in self.open() {
            let Some(Buyer::Customer { key, .. }) = &entry.ready.buyer else { continue };
            let held = &entry.ready.held;
            match results.get(key) {
                Some(Ok(number)) => entry.ready.order.customer.clone_from(number),
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

    /// Records that writing begins, posts all orders together, records what became of each.
    async fn post_orders(&mut self) {
        let poster = self.poster;
        for entry in self.open() {
            if let Err(ending) = begin(poster, &mut entry.ready).await {
                entry.ending = Some(ending);
            }
        }
        let going: Vec<_> = self.open().map(|entry| &entry.ready).collect();
        let Some(first) = going.first() else { return };
        let tenant = first.tenant.clone();
        let postings: Vec<_> = going.iter().map(|ready| posting(ready)).collect();
        let held = going.iter().map(|ready| ready.held.clone()).collect();
        let records = Records::new(poster.ledger.clone(), Arc::clone(&poster.clock), held);
        let outcomes = tenant.line.post(&tenant.company(), &postings, &records).await;
        let held = records.into_held();
        let mut results = held.iter().zip(outcomes);
        for entry in self.entries.iter_mut().filter(|entry| entry.ending.is_none()) {
            let Some((held, outcome)) = results.next() else { break };
            entry.ending = Some(finish(poster, held, outcome).await);
        }
    }
}

/// Adds what one order depends on.
fn want(wanted: &mut Wanted, entry: &Entry) {
    let order = &entry.ready.order;
    wanted.warehouses.insert(order.warehouse.clone());
    wanted.order_types.insert(order.order_type.clone());
    wanted.items.extend(order.lines.iter().map(|line| (order.warehouse.clone(), line.item.clone())));
    if !order.facility.is_empty() {
        wanted.facilities.insert(order.facility.clone());
    }
    match customer(entry) {
        Buying::New { template } => drop(wanted.templates.insert(template.to_owned())),
        Buying::Customer => drop(wanted.customers.insert(number(entry).to_owned())),
        Buying::Nobody => {}
    }
}

/// For whom the order is, as far as the check needs to know.
fn customer(entry: &Entry) -> Buying<'_> {
    match (&entry.ready.buyer, &entry.known) {
        (Some(Buyer::Customer { document, .. }), Some(Known::New)) => {
            Buying::New { template: &document.template }
        }
        (Some(_), Some(Known::Customer(_) | Known::Changed(_))) => Buying::Customer,
        _ => Buying::Nobody,
    }
}

/// The customer's number, if CloudSuite has the customer.
fn number(entry: &Entry) -> &str {
    entry.known.as_ref().and_then(Known::number).unwrap_or_default()
}

fn posting(ready: &Ready) -> Posting {
    let document = Document::SalesOrder(ready.order.clone());
    Posting { key: ready.held.record.key.clone(), document, existing: None, begun: None }
}

/// Records the plan and that writing begins at the head.
async fn begin(poster: &Poster, ready: &mut Ready) -> Result<(), Ending> {
    let version = ready.tenant.version.short();
    let fingerprint = buyers::fingerprint(&ready.order);
    let next = ready.held.posting(poster.clock.now(), &version, fingerprint).map_err(Ending::again)?;
    ready.held = keep(&*poster.ledger, next).await.map_err(Ending::again)?;
    Ok(())
}

/// Records what became of one order.
async fn finish(poster: &Poster, held: &Held, outcome: Outcome) -> Ending {
    let now = poster.clock.now();
    let key = &held.record.key;
    let (next, ending) = match outcome {
        Outcome::Posted(references) => {
            tracing::info!(record = %key, correlation = held.record.correlation, number = references.number, "posted");
            let next_check = now.checked_add(FIRST_CHECK).unwrap_or(now);
            (held.posted(now, references, next_check), Ending::Done)
        }
        Outcome::Rejected(findings) | Outcome::Failed(_, findings) => {
            return poster.reject(held, findings).await;
        }
        Outcome::Later(error) => return not_posted(poster, held, &error).await,
        Outcome::InDoubt(step, why) => {
            telemetry::count(Metric::InDoubt, key.tenant.as_str(), 1);
            let ending = Ending::Bury { record: Some(key.clone()), reason: format!("in doubt: {step}") };
            (held.in_doubt(now, step, why), ending)
        }
        Outcome::Abandoned => return Ending::again("the record could not be held"),
    };
    poster.conclude(next, ending).await
}

/// An order for which nothing was written: it waits if that may pass, else it is rejected.
async fn not_posted(poster: &Poster, held: &Held, error: &CallError) -> Ending {
    if error.is_passing() {
        let seconds = i64::try_from(error.wait().as_secs()).unwrap_or(CUSTOMER_WAIT);
        poster.put_off(held, seconds, &error.to_string()).await
    } else {
        poster.reject(held, vec![error.finding()]).await
    }
}
