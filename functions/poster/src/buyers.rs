//! Buyers: which customer of CloudSuite an order is for, found by our own records, created or brought up to
//! date before the order.
//!
//! A buyer's record is keyed by a digest of the e-mail address (or by the source's id where there is none), so
//! the records are our map from e-mail to customer number.

use std::collections::BTreeMap;

use cloudsuite::{Abandoned, Company, Outcome, Posting, Progress};
use domain::{
    Claim, Customer, Decision, Delivery, Digest, Document, Finding, Held, RecordKey, References, State, Step,
};
use ledger::{Claimed, LedgerError, claim, keep};
use mapping::Buyer;
use platform::telemetry::{self, Metric};
use tenants::Tenant;

use crate::{
    Poster,
    intake::{LEASE, Ready},
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

/// Creates or updates the customers of a batch of orders in one request. The answer has, for each customer
/// key, the number or the reason why there is none.
pub(crate) async fn bring_up(
    poster: &Poster,
    tenant: &Tenant,
    orders: &[(&Ready, &Known)],
) -> BTreeMap<RecordKey, Result<String, Missing>> {
    let mut results = BTreeMap::new();
    let mut held = Vec::new();
    for (ready, known) in orders {
        let Some(Buyer::Customer { key, document }) = &ready.buyer else { continue };
        if results.contains_key(key)
            || held.iter().any(|(other, ..): &(Held, Posting)| other.record.key == *key)
        {
            continue;
        }
        match hold(poster, tenant, key, document, ready, known).await {
            Ok(ready) => held.push(ready),
            Err(result) => {
                results.insert(key.clone(), result);
            }
        }
    }
    let (held, postings): (Vec<_>, Vec<_>) = held.into_iter().unzip();
    let outcomes = post(tenant, &postings).await;
    for (held, outcome) in held.into_iter().zip(outcomes) {
        let key = held.record.key.clone();
        results.insert(key, record(poster, &held, outcome).await);
    }
    results
}

async fn post(tenant: &Tenant, postings: &[Posting]) -> Vec<Outcome> {
    let company: Company = tenant.company();
    tenant.line.post(&company, postings, &OneStep).await
}

/// Claims a customer's record and records that writing begins; or gives the result that needs no writing.
async fn hold(
    poster: &Poster,
    tenant: &Tenant,
    key: &RecordKey,
    document: &Customer,
    ready: &Ready,
    known: &Known,
) -> Result<(Held, Posting), Result<String, Missing>> {
    if let Known::Customer(number) = known {
        return Err(Ok(number.clone()));
    }
    let later = |why: String| Err(Missing::Later(why));
    let now = poster.clock.now();
    let fingerprint = fingerprint(document);
    let delivery = Delivery {
        id: ready.held.record.correlation.clone(),
        topic: "customer of an order".to_owned(),
        received_at: now,
        updated_at: None,
        body: fingerprint,
        name: String::new(),
    };
    let wish = Claim { key: key.clone(), delivery, lease: LEASE };
    let held = match claim(&*poster.ledger, &wish, now).await {
        Ok(Claimed::Held(held)) => held,
        Ok(Claimed::Refused { decision, record }) => {
            // Whoever holds the record brings the customer up to date; its number is good for the order.
            let number = known.number().map(str::to_owned).or(record.references.number);
            return Err(number.map_or_else(|| later(refusal(&decision)), Ok));
        }
        Err(error) => return Err(later(error.to_string())),
    };
    let held = held.posting(now, &tenant.version.short(), fingerprint);
    let held = held.map_err(|lost| later(lost.to_string()))?;
    let held = keep(&*poster.ledger, held).await.map_err(|error| later(error.to_string()))?;
    let existing = known.number().map(str::to_owned);
    let posting =
        Posting { key: key.clone(), document: Document::Customer(document.clone()), existing, begun: None };
    Ok((held, posting))
}

fn refusal(decision: &Decision) -> String {
    match decision {
        Decision::InDoubt(_) => "whether CloudSuite has the customer is in doubt".to_owned(),
        _ => "the customer is being created".to_owned(),
    }
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
            (held.in_doubt(now, step, why.clone()), Err(Missing::Later(why)))
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
struct OneStep;

#[async_trait::async_trait]
impl Progress for OneStep {
    async fn reached(&self, _index: usize, _step: Step, _references: References) -> Result<(), Abandoned> {
        Ok(())
    }
}
