//! Buyers: which customer of CloudSuite an order is for, found by our own records, created or brought up to
//! date before the order.
//!
//! A buyer's record is keyed by a digest of the e-mail address (or by the source's id where there is none), so
//! the records are our map from e-mail to customer number.

use std::collections::BTreeMap;

use cloudsuite::{Abandoned, Found, Outcome, Posting, Progress};
use domain::{
    Claim, Company, Customer, Decision, Delivery, Digest, Document, Event, Finding, FindingCode, Held,
    LeaseLost, Record, RecordKey, References, State, Step, Written,
};
use jiff::Timestamp;
use ledger::{Claimed, LedgerError, claim, keep};
use mapping::Buyer;
use platform::telemetry::{self, Metric};
use tenants::Tenant;

use crate::{
    Poster,
    concluding::exhausted,
    progress::earliest_end,
    settle::{Going, sought},
    turn::Turn,
};

/// What is known of a buyer before anything is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Known {
    /// A customer of CloudSuite that needs nothing.
    Customer(String),
    /// A customer of CloudSuite whose data changed at the source.
    Changed(String),
    /// Not in CloudSuite yet.
    New,
}

impl Known {
    /// The customer's number, if CloudSuite has it.
    pub(crate) fn number(&self) -> Option<&str> {
        match self {
            Self::Customer(number) | Self::Changed(number) => Some(number),
            Self::New => None,
        }
    }
}

/// Why an order cannot go on without its customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Missing {
    /// CloudSuite refused the customer.
    Refused(Vec<Finding>),
    /// Not now: somebody else creates it, or something did not answer.
    Later(String),
}

/// Reads what is known of a buyer.
pub(crate) async fn known(poster: &Poster, buyer: &Buyer) -> Result<Known, LedgerError> {
    let (key, document) = match buyer {
        Buyer::Customer { key, document } => (key, document),
        Buyer::Fallback(number) => return Ok(Known::Customer(number.clone())),
        Buyer::Firm { keys } => return known_firm(poster, keys).await,
    };
    let Some(record) = poster.ledger.record(key).await? else { return Ok(Known::New) };
    Ok(match record.references.number {
        None => Known::New,
        // The fingerprint is recorded before the write: only a record that is done says that CloudSuite has it.
        Some(number)
            if record.state == State::Confirmed && record.fingerprint == Some(fingerprint(document)) =>
        {
            Known::Customer(number)
        }
        Some(number) => Known::Changed(number),
    })
}

/// The number that the merchant entered for a firm's location, else for the firm: the first that a record holds.
async fn known_firm(poster: &Poster, keys: &[RecordKey]) -> Result<Known, LedgerError> {
    for key in keys {
        let record = poster.ledger.record(key).await?;
        if let Some(number) = record.and_then(|record| record.references.number) {
            return Ok(Known::Customer(number));
        }
    }
    Ok(Known::New)
}

/// What is wrong with an order whose firm has no number.
pub(crate) fn unnumbered() -> Finding {
    let message = "the firm that orders has no customer number";
    let help = "enter M3's customer number as the external id of the company or its location in Shopify";
    Finding::new(FindingCode::UnknownCustomer, "company", message, help)
}

/// Creates or updates the customers of a batch of orders in one request. The answer has, for each customer
/// key, the number or the reason why there is none.
pub(crate) async fn bring_up(
    poster: &Poster,
    tenant: &Tenant,
    company: &Company,
    turn: Turn,
    orders: &[(&Going, &Known)],
) -> BTreeMap<RecordKey, Result<String, Missing>> {
    let mut results = BTreeMap::new();
    let mut held: Vec<Holding> = Vec::new();
    for (order, known) in orders {
        let Some(Buyer::Customer { key, document }) = &order.buyer else { continue };
        if results.contains_key(key) || held.iter().any(|other| other.held.record.key == *key) {
            continue;
        }
        let delivery = delivery(&order.held.record, document, poster);
        let wish = Claim { key: key.clone(), delivery, lease: turn.lease, quiet: poster.quiet, alone: true };
        match hold(poster, &wish, document, known).await {
            Ok(holding) => held.push(holding),
            Err(result) => {
                results.insert(key.clone(), result);
            }
        }
    }
    results.extend(write(poster, tenant, company, held).await);
    results
}

/// Writes customers whose records are held, in one request.
pub(crate) async fn write(
    poster: &Poster,
    tenant: &Tenant,
    company: &Company,
    held: Vec<Holding>,
) -> Results {
    let mut results = Results::new();
    let held = settle(poster, tenant, company, held, &mut results).await;
    let held = begin(poster, tenant, held, &mut results).await;
    let one_step = OneStep { until: earliest_end(held.iter().map(|(held, _)| held)) };
    let (held, postings): (Vec<_>, Vec<_>) = held.into_iter().unzip();
    let outcomes = tenant.line.post(company, &postings, &one_step).await;
    for (held, outcome) in held.into_iter().zip(outcomes) {
        let key = held.record.key.clone();
        results.insert(key, record(poster, &held, outcome).await);
    }
    results
}

/// The results so far, by customer key.
pub(crate) type Results = BTreeMap<RecordKey, Result<String, Missing>>;

/// A customer's record, held, with what CloudSuite is to know of the customer.
pub(crate) struct Holding {
    pub(crate) held: Held,
    pub(crate) document: Customer,
    /// The customer's number, if CloudSuite has the customer.
    pub(crate) number: Option<String>,
}

fn delivery(order: &Record, document: &Customer, poster: &Poster) -> Delivery {
    Delivery {
        id: order.correlation.clone(),
        topic: "customer of an order".to_owned(),
        received_at: poster.clock.now(),
        updated_at: None,
        triggered_at: None,
        body: fingerprint(document),
        name: String::new(),
        again: false,
    }
}

/// Claims a customer's record; or gives the result that needs no writing.
async fn hold(
    poster: &Poster,
    wish: &Claim,
    document: &Customer,
    known: &Known,
) -> Result<Holding, Result<String, Missing>> {
    if let Known::Customer(number) = known {
        return Err(Ok(number.clone()));
    }
    match claim(&*poster.ledger, wish, poster.clock.now()).await {
        Ok(Claimed::Held(held)) => {
            let number = known.number().map(str::to_owned).or(held.record.references.number.clone());
            Ok(Holding { held, document: document.clone(), number })
        }
        Ok(Claimed::Refused { decision: Decision::AlreadyPosted, record }) => {
            match keep(&*poster.ledger, record.taken(wish, poster.clock.now())).await {
                Ok(held) => {
                    let number = record.references.number;
                    Ok(Holding { held, document: document.clone(), number })
                }
                // Whoever came between brings the customer up to date; its number is good for the order.
                Err(_) => Err(record.references.number.ok_or_else(being_created)),
            }
        }
        Ok(Claimed::Refused { decision: Decision::Exhausted, record }) => {
            let finding = exhausted(record.attempts);
            let exhausted = record.exhausted(poster.clock.now(), finding.clone());
            let written = poster.ledger.write(exhausted).await;
            if let Some(number) = known.number() {
                return Err(Ok(number.to_owned()));
            }
            Err(Err(
                written.map_or_else(|e| Missing::Later(e.to_string()), |_| Missing::Refused(vec![finding]))
            ))
        }
        Ok(Claimed::Refused { record, .. }) => {
            // Whoever holds the record brings the customer up to date; its number is good for the order.
            let number = known.number().map(str::to_owned).or(record.references.number);
            Err(number.ok_or_else(being_created))
        }
        Err(error) => Err(Err(Missing::Later(error.to_string()))),
    }
}

fn being_created() -> Missing {
    Missing::Later("the customer is being created".to_owned())
}

/// Asks for the customers whose creation is in doubt: nobody else takes that up, because their orders come again.
/// One that has a number is simply written again.
async fn settle(
    poster: &Poster,
    tenant: &Tenant,
    company: &Company,
    held: Vec<Holding>,
    results: &mut Results,
) -> Vec<Holding> {
    let (doubtful, mut going): (Vec<_>, Vec<_>) =
        held.into_iter().partition(|one| one.held.must_ask() && one.number.is_none());
    if doubtful.is_empty() {
        return going;
    }
    let wanted: Vec<_> = doubtful.iter().map(|one| sought(&one.held)).collect();
    let found = tenant.line.find(company, &wanted).await;
    let answers: Vec<_> = match found {
        Ok(found) => found.into_iter().map(Ok).collect(),
        Err(error) => vec![Err(error); wanted.len()],
    };
    for (mut one, answer) in doubtful.into_iter().zip(answers) {
        let key = one.held.record.key.clone();
        let now = poster.clock.now();
        match answer {
            Ok(Found::Absent) => {
                one.held.found_absent(now);
                going.push(one);
            }
            Ok(Found::Taken(References { number: Some(number), .. })) => {
                one.held.note(now, Event::Found, number.clone());
                // Kept with the record, or a try that only had to wait would end in a second customer.
                one.held.record.references.number = Some(number.clone());
                one.number = Some(number);
                going.push(one);
            }
            Ok(other) => {
                let why = format!("whether CloudSuite has the customer is in doubt: {other:?}");
                let next = one.held.in_doubt(now, Step::Head, &why, None);
                results.insert(key, Err(put_off(poster, next, why).await));
            }
            Err(error) => {
                let next = one.held.waiting(now, now, error.to_string());
                results.insert(key, Err(put_off(poster, next, error.to_string()).await));
            }
        }
    }
    going
}

/// Records that writing begins.
async fn begin(
    poster: &Poster,
    tenant: &Tenant,
    held: Vec<Holding>,
    results: &mut Results,
) -> Vec<(Held, Posting)> {
    let mut begun = Vec::with_capacity(held.len());
    for Holding { held, document, number } in held {
        let fingerprint = fingerprint(&document);
        let key = held.record.key.clone();
        let document = Document::Customer(document);
        let written = Written {
            document: domain::DocumentKind::Customer,
            company: document.company(),
            fingerprint,
            customer: String::new(),
            lines: 0,
            movement: None,
        };
        let next = held.posting(poster.clock.now(), &tenant.version.short(), &written);
        let kept = match next {
            Ok(next) => keep(&*poster.ledger, next).await.map_err(|error| error.to_string()),
            Err(lost) => Err(lost.to_string()),
        };
        match kept {
            Ok(held) => {
                begun.push((held, Posting { key, document, existing: number, begun: None }));
            }
            Err(why) => drop(results.insert(key, Err(Missing::Later(why)))),
        }
    }
    begun
}

/// Writes a record that is not gone on with; the order waits.
async fn put_off(poster: &Poster, next: Result<Record, LeaseLost>, why: String) -> Missing {
    let written = match next {
        Ok(record) => poster.ledger.write(record).await.map(drop).map_err(|error| error.to_string()),
        Err(lost) => Err(lost.to_string()),
    };
    if let Err(error) = written {
        tracing::warn!(error, "a customer that has to wait stays held until its lease ends");
    }
    Missing::Later(why)
}

/// Records what became of a customer.
async fn record(poster: &Poster, held: &Held, outcome: Outcome) -> Result<String, Missing> {
    let now = poster.clock.now();
    let (next, result) = match outcome {
        Outcome::Posted(references) => {
            let number = references.number.clone().unwrap_or_default();
            (held.done(now, references), Ok(number))
        }
        // Its number is kept: once a person has released the customer, its orders go through.
        Outcome::Failed(references, findings) => {
            (held.done(now, references), Err(Missing::Refused(findings)))
        }
        Outcome::Rejected(findings) => {
            (held.rejected(now, findings.clone()), Err(Missing::Refused(findings)))
        }
        Outcome::Later(error) => {
            (held.waiting(now, now, error.to_string()), Err(Missing::Later(error.to_string())))
        }
        Outcome::InDoubt(step, why) => {
            telemetry::count(Metric::InDoubt, held.record.key.tenant.as_str(), 1);
            (held.in_doubt(now, step, why.clone(), None), Err(Missing::Later(why)))
        }
        Outcome::Abandoned => return Err(Missing::Later("the lease was lost".to_owned())),
    };
    let next = next.map_err(|lost| Missing::Later(lost.to_string()))?;
    match poster.ledger.write(next).await {
        Ok(_) => result,
        Err(error) => {
            // CloudSuite has the customer; its record will be in doubt, but this order need not wait for that.
            tracing::error!(%error, record = %held.record.key, "what became of a customer could not be recorded");
            result
        }
    }
}

/// Digest of the document as planned: what CloudSuite would see.
pub(crate) fn fingerprint<T: serde::Serialize>(document: &T) -> Digest {
    Digest::of(&serde_json::to_vec(document).unwrap_or_default())
}

/// A customer is one write: there is no step to tell in between.
struct OneStep {
    until: Timestamp,
}

#[async_trait::async_trait]
impl Progress for OneStep {
    async fn reached(&self, _index: usize, _step: Step, _references: References) -> Result<(), Abandoned> {
        Ok(())
    }

    fn until(&self) -> Timestamp {
        self.until
    }
}
