//! What the source asks of the connector itself: personal data to be shown or erased, and the app's removal.
//!
//! **Architecture Invariant:** what was erased does not come back, and the proof of it holds no personal data. Each
//! step can be done again, and a request is done with only once nothing is left to do: after a crash the next
//! delivery goes on.

mod erasing;
mod letters;
mod progress;
mod shop;

use std::collections::BTreeSet;

use domain::{
    Delivery, Event as Told, Finding, FindingCode, Held, Kind, LeaseLost, Record, RecordKey, SourceId,
};
use jiff::{SignedDuration, Timestamp};
use ledger::{LedgerError, WriteError};
use platform::{
    QueueError,
    telemetry::{self, Metric},
};
use shopify::{CustomerRedact, DataRequest, Event, PrivacyCustomer, Topic};
use tenants::installation;

use self::erasing::Erasure;
use crate::{Ending, Poster};

/// By when a request for data is to be answered, counted from when it was accepted (Shopify documentation, "Privacy
/// law compliance": 30 days).
const ANSWERED_WITHIN: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How long a request that something stood in the way of waits.
const A_WHILE: SignedDuration = SignedDuration::from_secs(60);

/// Why a request is not done with yet.
#[derive(Debug)]
enum Halt {
    /// It goes on at this time, for this reason: the turn's time is over, or a record is being worked on.
    Until(Timestamp, &'static str),
    Ledger(LedgerError),
    Queue(QueueError),
}

impl From<LedgerError> for Halt {
    fn from(error: LedgerError) -> Self {
        Self::Ledger(error)
    }
}

impl From<QueueError> for Halt {
    fn from(error: QueueError) -> Self {
        Self::Queue(error)
    }
}

impl Poster {
    /// Does what the source asks of the connector itself, whether its tenant can be set up or not.
    pub(crate) async fn request(&self, held: &Held, delivery: &Delivery, bytes: &[u8]) -> Ending {
        match Topic::parse(&delivery.topic).map(|topic| shopify::parse(topic, bytes)) {
            Some(Ok(event)) => self.obey(held, delivery, event).await,
            Some(Err(error)) => self.reject(held, vec![error.finding()]).await,
            None => self.skip(held, "an unknown topic".to_owned()).await,
        }
    }

    /// Does what the source asks for by this delivery, and records it.
    async fn obey(&self, held: &Held, delivery: &Delivery, event: Event) -> Ending {
        let done = match event {
            Event::CustomersDataRequest(request) => self.show(held, delivery, &request).await,
            Event::CustomersRedact(request) => self.erase_customer(held, delivery, &request).await,
            Event::ShopRedact(_) => self.erase_shop(held, delivery).await,
            Event::AppUninstalled(_) => self.uninstalled(held, delivery).await,
            other => {
                let reason = format!("nothing is to be done for {:?}", other.subject());
                Ok(held.skipped(self.clock.now(), reason))
            }
        };
        match done {
            Ok(last) => self.record_request(last, Ending::Done).await,
            Err(halt) => self.halt(held, halt).await,
        }
    }

    /// Says how a delivery ends that must not be taken in, although its record is new here: its customer's or its
    /// shop's data was erased after it was accepted. To be asked once the record is held and before anything is
    /// archived.
    pub(crate) async fn refuse_erased(
        &self,
        held: &Held,
        delivery: &Delivery,
        bytes: &[u8],
    ) -> Option<Ending> {
        let topic = Topic::parse(&delivery.topic);
        let erases =
            matches!(topic, Some(Topic::CustomersRedact | Topic::ShopRedact | Topic::AppUninstalled));
        // What CloudSuite was given something for has a record that carries the mark itself.
        if erases || held.record.company.is_some() {
            return None;
        }
        let until = match self.erased_until(&held.record.key, delivery, topic, bytes).await {
            Ok(until) => until?,
            Err(error) => return Some(self.halt(held, error.into()).await),
        };
        if held.record.key.kind != Kind::Customer {
            let refused = held.refused_as_erased(self.clock.now(), until);
            return Some(self.record_request(refused, Ending::Done).await);
        }
        // A customer's record is the map from the e-mail address: it goes as if it had never been begun.
        Some(match self.ledger.remove(&held.record.key, held.record.version).await {
            Ok(()) => Ending::Done,
            Err(error) => Ending::again(error),
        })
    }

    /// Until when what a delivery is about was erased, if that is later than the delivery.
    async fn erased_until(
        &self,
        key: &RecordKey,
        delivery: &Delivery,
        topic: Option<Topic>,
        bytes: &[u8],
    ) -> Result<Option<Timestamp>, LedgerError> {
        let mut marks = vec![installation::installation(&*self.ledger, &key.tenant).await?.erased_until];
        if let Some(id) = topic.and_then(|topic| customer_of(topic, bytes)) {
            let customer = self.ledger.record(&of_kind(key, Kind::Customer, id.into())).await?;
            marks.push(customer.and_then(|record| record.erased_at));
        }
        let late = marks.into_iter().flatten().max();
        Ok(late.filter(|until| delivery.received_at <= *until))
    }

    /// A customer asks what is stored about them: a person exports it for the shop's owner.
    async fn show(
        &self,
        held: &Held,
        delivery: &Delivery,
        request: &DataRequest,
    ) -> Result<Result<Record, LeaseLost>, Halt> {
        let key = &held.record.key;
        progress::remember_request(&*self.ledger, &named_by(key, &request.customer), key).await?;
        let due = delivery.received_at.checked_add(ANSWERED_WITHIN).unwrap_or(Timestamp::MAX);
        telemetry::count(Metric::DataRequested, key.tenant.as_str(), 1);
        Ok(held.for_a_person(self.clock.now(), to_be_exported(key, due)))
    }

    /// The app was removed: nothing more is fetched.
    async fn uninstalled(&self, held: &Held, delivery: &Delivery) -> Result<Result<Record, LeaseLost>, Halt> {
        let key = &held.record.key;
        let at = delivery.received_at;
        let known = installation::mark_uninstalled(&*self.ledger, &key.tenant, at, key).await?;
        let detail = if known.is_uninstalled() {
            telemetry::count(Metric::AppUninstalled, key.tenant.as_str(), 1);
            format!(
                "nothing is fetched from the shop until `ops shop installed --tenant {}` says that it has the app",
                key.tenant
            )
        } else {
            "it came late: a person has said since that the shop has the app".to_owned()
        };
        Ok(held.obeyed(self.clock.now(), Told::Uninstalled, detail, None))
    }

    /// What is stored about a customer is erased: the orders named, what follows from them, and the map from the
    /// customer's e-mail address.
    async fn erase_customer(
        &self,
        held: &Held,
        delivery: &Delivery,
        request: &CustomerRedact,
    ) -> Result<Result<Record, LeaseLost>, Halt> {
        let mut erasure = Erasure::begin(self, held, delivery).await?;
        let done = erasure.customer(request).await;
        erasure.end(done).await
    }

    async fn erase_shop(&self, held: &Held, delivery: &Delivery) -> Result<Result<Record, LeaseLost>, Halt> {
        let (ledger, key, until) = (&*self.ledger, &held.record.key, delivery.received_at);
        // From here on nothing accepted until then is taken in, also of what was never heard of.
        installation::mark_erased(ledger, &key.tenant, until).await?;
        installation::mark_uninstalled(ledger, &key.tenant, until, key).await?;
        let mut erasure = Erasure::begin(self, held, delivery).await?;
        let done = erasure.shop().await;
        erasure.end(done).await
    }

    /// The request goes on later; what needs a person goes to one.
    async fn halt(&self, held: &Held, halt: Halt) -> Ending {
        let now = self.clock.now();
        let soon = now.checked_add(A_WHILE).unwrap_or(now);
        let (until, why) = match halt {
            Halt::Until(until, why) => (until, why.to_owned()),
            Halt::Queue(error) => (soon, error.to_string()),
            Halt::Ledger(error) if error.is_retryable() => (soon, error.to_string()),
            Halt::Ledger(error) => {
                tracing::error!(%error, record = %held.record.key, "a request needs a person");
                let findings = vec![in_the_way(&error)];
                let ending = Ending::rejected(&held.record.key, &findings);
                return self.record_request(held.rejected(now, findings), ending).await;
            }
        };
        let ending = Ending::at(until, now, &held.record.correlation, why.clone());
        self.record_request(held.waiting(now, until, why), ending).await
    }

    /// Writes the last change of the request's record. The ending holds only once the ledger has it.
    async fn record_request(&self, last: Result<Record, LeaseLost>, ending: Ending) -> Ending {
        match last {
            Ok(record) => match self.ledger.write(record).await {
                Ok(_) => ending,
                Err(error) => Ending::again(error),
            },
            Err(lost) => Ending::again(lost),
        }
    }
}

/// The customer that a delivery of these topics is about.
fn customer_of(topic: Topic, bytes: &[u8]) -> Option<u64> {
    match shopify::parse(topic, bytes).ok()? {
        Event::Customer { id, .. } => Some(id),
        Event::CustomersDataRequest(request) => request.customer.id,
        _ => None,
    }
}

/// The records that a request's customer may have: by e-mail address, by telephone number and by id.
fn named_by(key: &RecordKey, customer: &PrivacyCustomer) -> BTreeSet<RecordKey> {
    let said =
        |text: &domain::Private<String>| Some(text.expose().trim().to_owned()).filter(|t| !t.is_empty());
    let email = customer.email.as_ref().and_then(said).map(|email| SourceId::of_email(&email.to_lowercase()));
    let phone = customer.phone.as_ref().and_then(said).map(|phone| SourceId::of_phone(&phone));
    let ids = [email, phone, customer.id.map(SourceId::from)];
    ids.into_iter().flatten().map(|id| of_kind(key, Kind::Customer, id)).collect()
}

fn of_kind(key: &RecordKey, kind: Kind, id: SourceId) -> RecordKey {
    RecordKey { tenant: key.tenant.clone(), source: key.source, kind, id }
}

/// The error of a write that somebody else came before: it is tried another time.
fn written<T>(result: Result<T, WriteError>, now: Timestamp) -> Result<T, Halt> {
    result.map_err(|error| match error {
        WriteError::Ledger(error) => Halt::Ledger(error),
        WriteError::Conflict(_) => Halt::Until(now, "a record was written by somebody else meanwhile"),
    })
}

fn to_be_exported(key: &RecordKey, due: Timestamp) -> Finding {
    let message = format!("a customer asks what is stored about them: to be answered until {due:.0}");
    let help = format!(
        "ops privacy export --tenant {} --request {} --by NAME; give the file to the shop's owner",
        key.tenant, key.id
    );
    Finding::new(FindingCode::Request, "", message, help)
}

fn in_the_way(error: &LedgerError) -> Finding {
    let message = format!("the request cannot be obeyed: {error}");
    Finding::new(
        FindingCode::Request,
        "",
        message,
        "set that right, then redrive the message: it goes on by itself",
    )
}
