//! The accounts of a run: what was accepted, what the queue took, what was sent to Infor and when. The oracle
//! compares them with what is there in the end.

use std::{
    collections::BTreeSet,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use platform::Envelope;

/// What happened that must be accounted for.
#[derive(Debug, Default)]
pub(crate) struct Accounts(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    accepted: BTreeSet<String>,
    sent: BTreeSet<String>,
    gateway: Vec<Duration>,
    tokens: Vec<Duration>,
}

impl Accounts {
    /// The webhook answered 200 to this delivery.
    pub(crate) fn accepted(&self, delivery: &str) {
        self.kept().accepted.insert(delivery.to_owned());
    }

    /// The queue of events took this message.
    pub(crate) fn sent(&self, message: &str) {
        if let Ok(envelope) = Envelope::from_message(message) {
            self.kept().sent.insert(envelope.delivery_id);
        }
    }

    /// A request went to the gateway, so long after the beginning.
    pub(crate) fn asked_gateway(&self, at: Duration) {
        self.kept().gateway.push(at);
    }

    /// A request went to the token endpoint, so long after the beginning.
    pub(crate) fn asked_token(&self, at: Duration) {
        self.kept().tokens.push(at);
    }

    /// The ids of the deliveries that were answered with 200.
    pub(crate) fn all_accepted(&self) -> BTreeSet<String> {
        self.kept().accepted.clone()
    }

    /// The ids of the deliveries that the queue took, whether the source was told so or not.
    pub(crate) fn all_sent(&self) -> BTreeSet<String> {
        self.kept().sent.clone()
    }

    /// When requests went to the gateway.
    pub(crate) fn gateway_times(&self) -> Vec<Duration> {
        self.kept().gateway.clone()
    }

    /// When requests went to the token endpoint.
    pub(crate) fn token_times(&self) -> Vec<Duration> {
        self.kept().tokens.clone()
    }

    /// A poisoned lock only means a panic elsewhere; an entry is never half made.
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
