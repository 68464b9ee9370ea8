//! What is to be delivered, and when. An attempt succeeds with 2xx in time; each failure is retried after the next of
//! the set steps, with the body and the id of the first attempt and a timestamp of its own, until the steps are used up.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::records::{Attempt, DeliveryRecord, DeliveryState, Records};
use super::signer::sign;
use super::subscriptions::{Subscription, Subscriptions};
use super::{Message, Topic};
use crate::faults::{Faults, Mishap, WebhookFault};
use crate::random::{happens, letters};
use crate::settings::DeliverySettings;

/// One attempt that is due: post this body with these headers to this address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Number of the delivery; the outcome is told by it.
    pub id: u64,
    /// The topic by its dotted name.
    pub topic: String,
    /// Where to.
    pub address: String,
    /// Names and values, the signature among them.
    pub headers: Vec<(String, String)>,
    /// The signed bytes.
    pub body: Vec<u8>,
    /// 1 for the first attempt.
    pub attempt: u32,
}

impl Delivery {
    /// A header of the delivery by its name, without regard to case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// An answer came after so long, in real time.
    Answered {
        /// Its HTTP status; redirects are not followed.
        status: u16,
        /// Milliseconds until it came.
        milliseconds: u32,
    },
    /// No connection, no TLS, or no answer in time.
    NoAnswer,
}

impl Outcome {
    fn accepted(self, budget: u32) -> bool {
        matches!(self, Self::Answered { status: 200..=299, milliseconds } if milliseconds <= budget)
    }

    fn status(self) -> Option<u16> {
        match self {
            Self::Answered { status, .. } => Some(status),
            Self::NoAnswer => None,
        }
    }
}

/// A delivery that is not signed yet: each attempt gets a timestamp of its own.
#[derive(Debug, Clone)]
struct Unsigned {
    id: u64,
    subscription: u64,
    topic: Topic,
    address: String,
    secret: Option<String>,
    webhook_id: String,
    body: Vec<u8>,
    attempt: u32,
}

impl Unsigned {
    /// The headers of current deliveries (ShipBob, webhooks page), or those of a legacy one, which nothing signs.
    fn signed(&self, timestamp: i64) -> Delivery {
        let mut headers = vec![("content-type", "application/json".to_owned())];
        match &self.secret {
            Some(secret) => headers.extend([
                ("webhook-id", self.webhook_id.clone()),
                ("webhook-timestamp", timestamp.to_string()),
                (
                    "webhook-signature",
                    sign(secret, &self.webhook_id, timestamp, &self.body).unwrap_or_default(),
                ),
                ("x-webhook-topic", self.topic.name().to_owned()),
            ]),
            None => headers.extend([
                ("shipbob-topic", self.topic.legacy_name().unwrap_or_default().to_owned()),
                ("shipbob-subscription-id", self.subscription.to_string()),
            ]),
        }
        Delivery {
            id: self.id,
            topic: self.topic.name().to_owned(),
            address: self.address.clone(),
            headers: headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
            body: self.body.clone(),
            attempt: self.attempt,
        }
    }
}

/// The state machine.
#[derive(Debug)]
pub(crate) struct Deliverer {
    /// By when they are due, and by number.
    waiting: BTreeMap<(Timestamp, u64), Unsigned>,
    under_way: BTreeMap<u64, Unsigned>,
    records: Records,
    random: fastrand::Rng,
    last: u64,
}

impl Deliverer {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            waiting: BTreeMap::new(),
            under_way: BTreeMap::new(),
            records: Records::default(),
            random: fastrand::Rng::with_seed(seed ^ 0xde_11),
            last: 0,
        }
    }

    /// Takes a message for every subscription of its topic. Each gets it with an id of its own: two subscriptions of
    /// the same address are told twice, and nothing in the headers says so.
    pub(crate) fn publish(
        &mut self,
        message: &Message,
        subscriptions: &Subscriptions,
        settings: &DeliverySettings,
        faults: &mut Faults,
        now: Timestamp,
    ) {
        for subscription in subscriptions.of(message.topic) {
            let webhook_id = format!("msg_{}", letters(&mut self.random, 27));
            let fault = faults.of_webhook(message.topic.name());
            self.trigger(message, subscription, &webhook_id, settings, fault.as_ref(), now);
        }
    }

    fn trigger(
        &mut self,
        message: &Message,
        subscription: &Subscription,
        webhook_id: &str,
        settings: &DeliverySettings,
        fault: Option<&WebhookFault>,
        now: Timestamp,
    ) {
        let meets = |kind: Mishap| fault.is_some_and(|fault| fault.kind == kind);
        let late = fault.filter(|fault| fault.kind == Mishap::Late).map_or(0, |fault| fault.seconds);
        // Everything that the settings leave to chance is drawn in one order, whatever comes of it.
        let lost = happens(&mut self.random, settings.lose_percent) || meets(Mishap::Lost);
        let twice = happens(&mut self.random, settings.duplicate_percent) || meets(Mishap::Doubled);
        for duplicate in [false, true].into_iter().take(1 + usize::from(twice)) {
            let due = now + self.held_back(settings) + SignedDuration::from_secs(i64::from(late));
            self.last += 1;
            let id = self.last;
            self.records.add(DeliveryRecord {
                id,
                subscription: subscription.id,
                topic: message.topic.name().to_owned(),
                object: message.object.clone(),
                webhook_id: webhook_id.to_owned(),
                triggered_at: now,
                duplicate,
                state: if lost { DeliveryState::Lost } else { DeliveryState::Waiting },
                attempts: Vec::new(),
            });
            if lost {
                continue;
            }
            let unsigned = Unsigned {
                id,
                subscription: subscription.id,
                topic: message.topic,
                address: subscription.url.clone(),
                secret: subscription.secret.clone(),
                webhook_id: webhook_id.to_owned(),
                body: message.body.clone(),
                attempt: 1,
            };
            self.waiting.insert((due, id), unsigned);
        }
    }

    fn held_back(&mut self, settings: &DeliverySettings) -> SignedDuration {
        let held = happens(&mut self.random, settings.reorder_percent) && settings.reorder_seconds > 0;
        let seconds = if held { self.random.u32(1..=settings.reorder_seconds) } else { 0 };
        SignedDuration::from_secs(i64::from(seconds))
    }

    /// Takes the attempts that are due, oldest first, as many as may be under way at once. `timestamp` is the time of
    /// the attempt by the receiver's clock, in unix seconds.
    pub(crate) fn take_due(&mut self, now: Timestamp, at_once: usize, timestamp: i64) -> Vec<Delivery> {
        let mut taken = Vec::new();
        while self.under_way.len() < at_once {
            let Some(first) = self.waiting.first_entry().filter(|first| first.key().0 <= now) else { break };
            let unsigned = first.remove();
            self.records.set(unsigned.id, DeliveryState::UnderWay);
            taken.push(unsigned.signed(timestamp));
            self.under_way.insert(unsigned.id, unsigned);
        }
        taken
    }

    /// When the next attempt is due, if one is waiting.
    pub(crate) fn next_due(&self) -> Option<Timestamp> {
        self.waiting.keys().next().map(|(due, _)| *due)
    }

    /// Notes how an attempt ended: it is done, or tried again later, or given up.
    pub(crate) fn ended(
        &mut self,
        id: u64,
        outcome: Outcome,
        subscriptions: &mut Subscriptions,
        settings: &DeliverySettings,
        now: Timestamp,
    ) {
        let Some(unsigned) = self.under_way.remove(&id) else { return };
        let subscription = unsigned.subscription;
        let accepted = outcome.accepted(settings.budget_milliseconds);
        self.records.attempt(id, Attempt { at: now, status: outcome.status(), accepted });
        if accepted {
            self.records.set(id, DeliveryState::Accepted);
            subscriptions.succeeded(subscription);
            return;
        }
        self.retry(unsigned, settings, now);
        let gone = outcome.status() == Some(410);
        if subscriptions.failed(subscription, gone, settings.disabled_after_hours, now) {
            self.drop_waiting(subscription);
        }
    }

    fn retry(&mut self, mut unsigned: Unsigned, settings: &DeliverySettings, now: Timestamp) {
        let step = usize::try_from(unsigned.attempt - 1).ok();
        let Some(seconds) = step.and_then(|step| settings.retry_after_seconds.get(step)) else {
            self.records.set(unsigned.id, DeliveryState::GivenUp);
            return;
        };
        unsigned.attempt += 1;
        self.records.set(unsigned.id, DeliveryState::Waiting);
        let due = now + SignedDuration::from_secs(i64::from(*seconds));
        self.waiting.insert((due, unsigned.id), unsigned);
    }

    /// Forgets what waits for a subscription that is deleted or disabled.
    pub(crate) fn drop_waiting(&mut self, subscription: u64) {
        let records = &mut self.records;
        self.waiting.retain(|_, waiting| {
            if waiting.subscription == subscription {
                records.set(waiting.id, DeliveryState::Dropped);
            }
            waiting.subscription != subscription
        });
    }

    /// What became of each delivery.
    pub(crate) fn records(&self) -> impl Iterator<Item = &DeliveryRecord> {
        self.records.all()
    }
}
