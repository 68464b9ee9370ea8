//! What is to be delivered, and when. An attempt succeeds with 2xx in time; each failure is retried after the next of
//! the set steps, with the payload, the address and the ids of the first attempt, until the steps are used up.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::message::{Envelope, Signer, included};
use super::protected::{needs_approval, redact};
use super::records::{Attempt, DeliveryRecord, DeliveryState, Records};
use super::subscriptions::{Subscription, Subscriptions, topic_name};
use crate::random::{happens, uuid};
use crate::settings::{DeliverySettings, FailuresCounted, ProtectedData};
use crate::shop::{Message, id_of};

/// One attempt that is due: post this body with these headers to this address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Number of the delivery; the outcome is told by it.
    pub id: u64,
    /// Number of the subscription.
    pub subscription: u64,
    /// The topic as `orders/create`.
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

/// What a change published, and to whom by which rules.
#[derive(Debug)]
pub(crate) struct Published<'a> {
    pub(crate) messages: &'a [Message],
    pub(crate) subscriptions: &'a Subscriptions,
    pub(crate) signer: &'a Signer,
    pub(crate) protected: ProtectedData,
    pub(crate) settings: &'a DeliverySettings,
    pub(crate) now: Timestamp,
}

#[derive(Debug, Clone)]
struct Waiting {
    due: Timestamp,
    delivery: Delivery,
}

/// The state machine.
#[derive(Debug)]
pub(crate) struct Deliverer {
    waiting: Vec<Waiting>,
    under_way: BTreeMap<u64, Delivery>,
    records: Records,
    random: fastrand::Rng,
    next: u64,
}

impl Deliverer {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            waiting: Vec::new(),
            under_way: BTreeMap::new(),
            records: Records::default(),
            random: fastrand::Rng::with_seed(seed ^ 0xde_11),
            next: 1,
        }
    }

    /// Takes what one change published. All its deliveries share an event id; each has a webhook id of its own.
    pub(crate) fn publish(&mut self, published: &Published<'_>) {
        let event_id = uuid(&mut self.random);
        for message in published.messages {
            let topic = topic_name(&message.topic);
            if needs_approval(&topic) && !published.protected.approved {
                continue;
            }
            let mut payload = message.payload.clone();
            redact(&mut payload, published.protected);
            let plain = published.settings.plain_http_on_loopback;
            let reachable =
                |uri: &str| uri.starts_with("https://") || plain && uri.starts_with("http://127.0.0.1:");
            let deliverable = |one: &&Subscription| one.topic == topic && reachable(&one.uri);
            for subscription in published.subscriptions.all().filter(deliverable) {
                self.trigger(published, &message.topic, &payload, subscription, &event_id);
            }
        }
    }

    fn trigger(
        &mut self,
        published: &Published<'_>,
        topic: &str,
        payload: &Value,
        subscription: &Subscription,
        event_id: &str,
    ) {
        let webhook_id = uuid(&mut self.random);
        // Everything that the settings leave to chance is drawn in one order, whatever comes of it.
        let settings = published.settings;
        let lost = happens(&mut self.random, settings.lose_percent);
        let twice = happens(&mut self.random, settings.duplicate_percent);
        let body = included(payload, &subscription.include_fields).to_string().into_bytes();
        let envelope = Envelope {
            topic,
            webhook_id: &webhook_id,
            event_id,
            triggered_at: published.now,
            name: subscription.name.as_deref(),
        };
        let headers = published.signer.headers(&envelope, &body);
        for duplicate in [false, true].into_iter().take(1 + usize::from(twice)) {
            let due = published.now + self.held_back(settings);
            let delivery = Delivery {
                id: self.next,
                subscription: subscription.id,
                topic: topic.to_owned(),
                address: subscription.uri.clone(),
                headers: headers.clone(),
                body: body.clone(),
                attempt: 1,
            };
            self.next += 1;
            self.records.add(DeliveryRecord {
                id: delivery.id,
                subscription: subscription.id,
                topic: topic.to_owned(),
                object: id_of(payload),
                address: delivery.address.clone(),
                webhook_id: webhook_id.clone(),
                event_id: event_id.to_owned(),
                triggered_at: published.now,
                duplicate,
                state: if lost { DeliveryState::Lost } else { DeliveryState::Waiting },
                attempts: Vec::new(),
            });
            if !lost {
                self.waiting.push(Waiting { due, delivery });
            }
        }
    }

    fn held_back(&mut self, settings: &DeliverySettings) -> SignedDuration {
        let held = happens(&mut self.random, settings.reorder_percent) && settings.reorder_seconds > 0;
        let seconds = if held { self.random.u32(1..=settings.reorder_seconds) } else { 0 };
        SignedDuration::from_secs(i64::from(seconds))
    }

    /// Takes the attempts that are due, oldest first, as many as may be under way at once.
    pub(crate) fn take_due(&mut self, now: Timestamp, at_once: usize) -> Vec<Delivery> {
        self.waiting.sort_by_key(|waiting| (waiting.due, waiting.delivery.id));
        let due = self.waiting.iter().take_while(|waiting| waiting.due <= now).count();
        let free = at_once.saturating_sub(self.under_way.len());
        let taken: Vec<Delivery> =
            self.waiting.drain(..due.min(free)).map(|waiting| waiting.delivery).collect();
        for delivery in &taken {
            self.records.set(delivery.id, DeliveryState::UnderWay);
            self.under_way.insert(delivery.id, delivery.clone());
        }
        taken
    }

    /// When the next attempt is due, if one is waiting.
    pub(crate) fn next_due(&self) -> Option<Timestamp> {
        self.waiting.iter().map(|waiting| waiting.due).min()
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
        let Some(delivery) = self.under_way.remove(&id) else { return };
        let accepted = outcome.accepted(settings.budget_milliseconds);
        self.records.attempt(id, Attempt { at: now, status: outcome.status(), accepted });
        let in_a_row = subscriptions.note(delivery.subscription, accepted);
        if accepted {
            self.records.set(id, DeliveryState::Accepted);
            return;
        }
        let failures = match settings.failures_counted {
            FailuresCounted::OfSubscription => in_a_row,
            FailuresCounted::OfDelivery => delivery.attempt,
        };
        let subscription = delivery.subscription;
        self.retry(delivery, settings, now);
        if failures >= settings.removal_after && subscriptions.remove_failed(subscription) {
            self.drop_waiting(subscription);
        }
    }

    fn retry(&mut self, mut delivery: Delivery, settings: &DeliverySettings, now: Timestamp) {
        let step = usize::try_from(delivery.attempt - 1).ok();
        let Some(seconds) = step.and_then(|step| settings.retry_after_seconds.get(step)) else {
            self.records.set(delivery.id, DeliveryState::GivenUp);
            return;
        };
        delivery.attempt += 1;
        if settings.new_webhook_id_on_retry {
            let own = uuid(&mut self.random);
            let header = delivery.headers.iter_mut().find(|(name, _)| name == "X-Shopify-Webhook-Id");
            if let Some((_, value)) = header {
                *value = own;
            }
        }
        self.records.set(delivery.id, DeliveryState::Waiting);
        self.waiting.push(Waiting { due: now + SignedDuration::from_secs(i64::from(*seconds)), delivery });
    }

    /// Forgets what waits for a subscription that is gone.
    pub(crate) fn drop_waiting(&mut self, subscription: u64) {
        let of_it = |waiting: &Waiting| waiting.delivery.subscription == subscription;
        for waiting in self.waiting.iter().filter(|waiting| of_it(waiting)) {
            self.records.set(waiting.delivery.id, DeliveryState::Dropped);
        }
        self.waiting.retain(|waiting| !of_it(waiting));
    }

    /// What became of each delivery.
    pub(crate) fn records(&self) -> impl Iterator<Item = &DeliveryRecord> {
        self.records.all()
    }
}
